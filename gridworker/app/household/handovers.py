"""Handing a household over to another grid: a worker asks, the office moves it or says why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gridworker.app.drafts import dropping
from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.app.household.life import HouseholdLife
from gridworker.app.session import Session
from gridworker.domain.codes_office import HANDOVER_DECLINED, HANDOVER_DONE, HANDOVER_STATE, HANDOVER_WAITING
from gridworker.errors import Denied, Invalid, NotFound, Problem
from gridworker.record import Value
from gridworker.store import records
from gridworker.store.departed import refuse_departed
from gridworker.store.engine.database import raw_cursor
from gridworker.store.queries import households as rows
from gridworker.store.tables.changes import Change

if TYPE_CHECKING:
    from gridworker.record import Spec
    from gridworker.store.intake.transaction import Commit

KIND = "handover_request"
ASKED = ("reason", "to_grid_id", "to_address")
"""What a worker fills in."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it stands."""

    id: int
    household: int
    state: str
    reason: str
    address: str
    answer: str
    asked_at: str
    asked_by: str

    @property
    def waits(self) -> bool:
        """Whether the office has not answered yet."""
        return self.state == HANDOVER_WAITING


def state_words(state: str) -> str:
    """How a request stands, as people say it."""
    return HANDOVER_STATE.label(state)


class Handovers(Service):
    """Requests, on both ends."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @free("fields of a form")
    def asking(self) -> "list[Spec]":
        """The fields of the form a worker fills in."""
        return [records.kind_named(KIND).kind.specs[name] for name in ASKED]

    @free("fields of a form")
    def deciding(self) -> "list[Spec]":
        """The fields of the form the office fills in: where the household lives now, and the answer."""
        return [
            records.kind_named("household").kind.specs["dwelling_id"],
            records.kind_named(KIND).kind.specs["answer"],
        ]

    @needs(Action.READ, Matter.HANDOVERS)
    def of(self, household: int) -> Request | None:
        """The newest request about a household."""
        return max(self._requests({"household_id": household}), key=lambda one: one.id, default=None)

    @needs(Action.READ, Matter.HANDOVERS)
    def waiting(self) -> list[Request]:
        """Those that wait for the office, the oldest first."""
        return self._requests({"state": HANDOVER_WAITING})

    @needs(Action.READ, Matter.HANDOVERS)
    def all(self) -> list[Request]:
        """All that were asked, the newest first."""
        return sorted(self._requests({}), key=lambda one: -one.id)

    @needs(Action.CREATE, Matter.HANDOVERS)
    def ask(self, household: int, values: Mapping[str, object], *, finishes: str = "") -> "Commit":
        """Ask the office to hand a household over. Raises Invalid, NotFound, Problem where that waits already.

        Problem too, as for all writing, where it has left this laptop's grids: the office would set that aside.
        ``finishes`` is the draft it came from, here and below.
        """
        with self._session.store.db.read() as connection:
            home = rows.home(connection, household)
            if home is None:
                raise NotFound("This household is no longer here.")
            refuse_departed(raw_cursor(connection), [Change("household", household, {})])
        before = self.of(household)
        if before is not None and before.waits:
            raise Problem("This was asked already; the office has not answered yet.")
        checked = records.kind_named(KIND).checked({
            **values, "household_id": household, "from_grid_id": home.grid, "state": HANDOVER_WAITING,
            "asked_at": self._session.stamp(), "asked_by": self._session.who,
        })  # fmt: skip
        change = Change(KIND, self._session.new_id(), checked, create=True)
        return self._session.write([change], "create", dropping(finishes, self._session.who))

    @needs(Action.DECIDE, Matter.HANDOVERS)
    def complete(self, request: int, dwelling: int, answer: str = "", *, finishes: str = "") -> "Commit":
        """The office moves the household to a dwelling and says so: one act. Raises Denied, NotFound, Problem."""
        found = self._to_decide(request)
        if self._session.store.get("dwelling", dwelling) is None:
            raise NotFound("There is no record {id} of kind “{kind}” here.", id=dwelling, kind="dwelling")
        moved = HouseholdLife(self._session).moved(found.household, dwelling)
        decided = self._decision(request, HANDOVER_DONE, answer)
        return self._session.write([*moved, decided], "edit", dropping(finishes, self._session.who))

    @needs(Action.DECIDE, Matter.HANDOVERS)
    def decline(self, request: int, answer: object, *, finishes: str = "") -> "Commit":
        """The office says why not. Raises Denied, Invalid where that is no text or empty, NotFound, Problem."""
        self._to_decide(request)
        declined = self._decision(request, HANDOVER_DECLINED, answer)
        if not declined.values["answer"]:
            specs = records.kind_named(KIND).kind.specs
            raise Invalid({"answer": Problem("This is needed.")}, {"answer": specs["answer"].label})
        return self._session.write([declined], "edit", dropping(finishes, self._session.who))

    def _decision(self, request: int, state: str, answer: object) -> Change:
        checked = records.kind_named(KIND).checked(
            {"state": state, "answer": answer, "decided_at": self._session.stamp(), "decided_by": self._session.who},
            partial=True,
        )
        return Change(KIND, request, checked)

    def _to_decide(self, request: int) -> Request:
        if not self._session.is_office:
            raise Denied("Only the office does this.")
        found = next((one for one in self.waiting() if one.id == request), None)
        if found is not None:
            return found
        if self._session.store.get(KIND, request) is None:
            title = records.kind_named(KIND).kind.title
            raise NotFound("There is no record {id} of kind “{kind}” here.", id=request, kind=title)
        raise NotFound("This request waits no longer.")

    def _requests(self, where: Mapping[str, Value]) -> list[Request]:
        with self._session.store.db.read() as connection:
            found = records.page(connection, KIND, limit=10_000, where=where)
            asked = {int(str(values["asked_by"] or 0)) for _, values in found}
            staff = records.get_many(connection, "staff", asked)
        return [_request(id_, values, staff) for id_, values in found]


def _request(id_: int, values: Mapping[str, Value], staff: Mapping[int, Mapping[str, Value]]) -> Request:
    asker = staff.get(int(str(values["asked_by"] or 0)), {})
    state, reason, address, answer, asked_at = (
        str(values[name] or "") for name in ("state", "reason", "to_address", "answer", "asked_at")
    )
    household = int(str(values["household_id"] or 0))
    return Request(id_, household, state, reason, address, answer, asked_at, str(asker.get("name") or ""))
