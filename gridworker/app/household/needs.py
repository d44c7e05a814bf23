"""The needs of a household: raised, put in order, met one by one. Each act is one undo and one line of the timeline."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from gridworker.app.drafts import dropping
from gridworker.app.entry.entry_rules import standing
from gridworker.app.entry.numbers import number_for
from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.app.household.people import FormView
from gridworker.domain.codes_life import MOVED_OUT
from gridworker.domain.codes_need import COLLECTED
from gridworker.errors import NotFound, Problem
from gridworker.store.queries import needs as rows
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Change

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.record import Value
    from gridworker.store.intake.transaction import Commit

_NEW = ("title", "need_kind", "urgency", "source_channel", "people_affected", "words")
_KNOWN = (*_NEW, "status", "answer", "published_on")


def new_need(
    session: "Session", household: int, values: Mapping[str, object], beside: "Sequence[Change]" = ()
) -> Change:
    """A need as a change, the last in the queue of its household. Raises Invalid. ``beside``: of the same act."""
    with session.store.db.read() as connection:
        ranks = [row.rank or 0 for row in rows.needs(connection, household) if row.is_open]
    here = sum(change.kind == "need" for change in beside)
    made = {
        "household_id": household, "status": COLLECTED, "raised_on": session.today().isoformat(),
        "need_no": number_for(session, "need", beside), "rank": max(ranks, default=0) + 1 + here, **values,
    }  # fmt: skip
    return Change("need", session.new_id(), kind_named("need").checked(made), create=True)


class HouseholdNeeds(Service):
    """Reading forms of needs; raising, changing and ranking them."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    @needs(Action.READ, Matter.ISSUES)
    def form(self, household: int, need: int | None = None) -> FormView:
        """The form of a new need, or of one that is here. Raises NotFound."""
        specs = kind_named("need").kind.specs
        names = _NEW if need is None else _KNOWN
        values: Mapping[str, Value] = {"urgency": "S3", "source_channel": "visit"}
        if need is not None:
            values = self._need(household, need)
        return FormView(tuple(specs[name] for name in names), {name: values.get(name) for name in names})

    @needs(Action.CREATE, Matter.ISSUES)
    def raise_need(self, household: int, values: Mapping[str, object], *, finishes: str = "") -> "Commit":
        """Write a need down, the last in the queue. Raises Invalid. ``finishes`` is the draft it came from."""
        if (self._session.store.get("household", household) or {}).get("status") == MOVED_OUT:
            raise Problem("This household has moved out. If they are back, say so under “Life events”.")
        change = new_need(self._session, household, values)
        return self._session.write(
            [change], "create", dropping(finishes, self._session.who), kind="need", record=change.record
        )

    @needs(Action.CHANGE, Matter.ISSUES)
    def save(self, household: int, need: int, values: Mapping[str, object], *, finishes: str = "") -> "Commit":
        """Change what is known of a need. Raises Invalid, NotFound."""
        before = self._need(household, need)
        record = kind_named("need")
        checked = record.checked(values, partial=True)
        record.checked({**standing(record, before), **checked}, partial=True)
        change = Change("need", need, checked)
        return self._session.write([change], "edit", dropping(finishes, self._session.who), kind="need", record=need)

    @needs(Action.CHANGE, Matter.ISSUES)
    def move(self, household: int, need: int, by: int) -> "Commit | None":
        """Move a need up (-1) or down (1) among the open ones; None where it is at the end already. Raises NotFound."""
        self._need(household, need)
        with self._session.store.db.read() as connection:
            queue = [row for row in rows.needs(connection, household) if row.is_open]
        order = [row.id for row in queue]
        if need not in order:
            return None
        at = order.index(need)
        to = min(max(at + by, 0), len(order) - 1)
        if to == at:
            return None
        order.insert(to, order.pop(at))
        ranks = {row.id: row.rank for row in queue}
        changes = [Change("need", id_, {"rank": rank}) for rank, id_ in enumerate(order, start=1) if ranks[id_] != rank]
        return self._session.write(changes, "edit", kind="need", record=need)

    def _need(self, household: int, need: int) -> "dict[str, Value]":
        values = self._session.store.get("need", need)
        if values is None or values["household_id"] != household:
            raise NotFound("This record is not here.")
        return values
