"""Who wishes to be forgotten and has no answer yet: rows of the audit, found by an index of just these.

A row names a record, nothing else. An erasure is an answer; else a row that names the one it answers in ``detail``, for
clocks differ, and of two rows from two computers the numbers do not tell which was written in sight of the other.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from gridworker import discover
from gridworker.domain.audit_event import ABOUT_FORGETTING
from gridworker.store.concerned import Concerned, is_personal
from gridworker.store.engine.database import raw_cursor
from gridworker.store.joined import is_left, joined
from gridworker.store.log.clock import OFFICE, laptop_of
from gridworker.store.log.log import Cursor, Log
from gridworker.store.queries.referring import living

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

REQUEST, DECLINED, WITHDRAWN = "erase_request", "erase_declined", "erase_withdrawn"
ASKING = frozenset({REQUEST, WITHDRAWN})
ANSWERS = frozenset({DECLINED, WITHDRAWN})
"""The acts: somebody asks, the office keeps what is known of them, whoever asked takes it back."""
BY_ITSELF = "joined"
"""What a request says (``detail``) that the office made by itself, about who is one with somebody erased."""

_ROWS = (
    "SELECT id, at, staff_id, action, record_kind, record, detail FROM audit_event "
    f"INDEXED BY ix_audit_event_forgetting WHERE {ABOUT_FORGETTING} ORDER BY id"
)


class Request(NamedTuple):
    """A row that asks, and whom it is about by now: who was asked for may be one with another."""

    id: int
    at: str
    staff: int | None
    by_itself: bool
    about: Concerned


def unanswered(connection: "Connection") -> list[Request]:
    """All that wait, the oldest first. Costs what was ever asked."""
    return _waiting(raw_cursor(connection), connection, _requests(connection)[0])


def is_known(connection: "Connection", kind: str, record: int) -> bool:
    """Whether a record of a kind ever was here, be it deleted since."""
    number = discover.kinds()[kind].kind.number
    return Log(raw_cursor(connection)).kinds([record]).get(record) == number


def may_be_erased(connection: "Connection", kind: str, record: int) -> bool:
    """Whether an erasure finds a record of a kind: it asks the same."""
    number = discover.kinds()[kind].kind.number
    return Log(raw_cursor(connection)).standing({number: (kind, [record])}).kinds.get(record) == number


def to_be_asked(connection: "Connection") -> list[Concerned]:
    """Who is here, not erased, and one with somebody of whom nothing is left, where nobody was asked about that yet.

    An office that was put back to before it made one of two may have erased one before it heard of its act again.
    """
    cursor = raw_cursor(connection)
    if not Log(cursor).count_erasures():
        return []
    into = joined(cursor)
    erased = Log(cursor).erasures({record for _, record in into})
    gone = [one for one in into if one[1] in erased and is_personal(one[0]) and not is_left(cursor, *one)]
    found = dict.fromkeys(_now(Concerned(*one), into) for one in gone)
    if not found:
        return []
    waiting, by_itself = _requests(connection)
    told = {one.about for one in waiting} | by_itself
    left = [one for one in found if one not in told]
    here = _living(connection, left)
    whole = Log(cursor).erasures({one.record for one in left})
    return [one for one in left if one in here and not _is_erased(one, whole.get(one.record, {}))]


def homes(connection: "Connection", concerned: Iterable[Concerned]) -> dict[Concerned, list[int]]:
    """The households in whose files somebody or something is, the one they live in first."""
    return {one: list(dict.fromkeys(_homes(connection, one))) for one in concerned}


def _requests(connection: "Connection") -> tuple[list[Request], set[Concerned]]:
    """Those that nobody answered in words, and whom the office ever asked about by itself."""
    rows = connection.exec_driver_sql(_ROWS).all()
    asked = [row for row in rows if row[3] == REQUEST and row[5] and _may_be_erased(row[4] or "")]
    if not asked:
        return [], set()
    answered = {int(row[6]) for row in rows if row[3] in ANSWERS and _is_answer(row[3], row[0], row[6] or "")}
    into = joined(raw_cursor(connection))
    requests = [
        Request(id_, at or "", staff, detail == BY_ITSELF, _now(Concerned(kind, record), into))
        for id_, at, staff, _, kind, record, detail in asked
    ]
    by_itself = {one.about for one in requests if one.by_itself}
    return [one for one in requests if one.id not in answered], by_itself


def _is_answer(action: str, answer: int, named: str) -> bool:
    """Whether a row is one by who may give it: the office declines, the computer that asked takes back."""
    if not named.isdecimal():
        return False
    by, of = laptop_of(answer), laptop_of(int(named))
    return by == OFFICE if action == DECLINED else by == of


def _may_be_erased(kind: str) -> bool:
    return kind in discover.kinds() and is_personal(kind) and not discover.kinds()[kind].kind.everywhere


def _now(one: Concerned, into: Mapping[tuple[str, int], int]) -> Concerned:
    """Whom somebody is one with by now, also by way of others."""
    way = {one.record}
    while (keep := into.get(one, 0)) and keep not in way:
        way.add(keep)
        one = Concerned(one.kind, keep)
    return one


def _waiting(cursor: Cursor, connection: "Connection", requests: Collection[Request]) -> list[Request]:
    """Those of some of which something is left that the erasures since have not taken."""
    if not requests:
        return []
    here = _living(connection, {one.about for one in requests})
    erased = Log(cursor).erasures({one.about.record for one in requests})
    kinds = Log(cursor).kinds({one.about.record for one in requests if one.about not in here})

    def waits(one: Request) -> bool:
        if one.about in here:
            since = {at: clks for at, clks in erased.get(one.about.record, {}).items() if max(clks) > one.id}
            return not _is_erased(one.about, since)
        number = discover.kinds()[one.about.kind].kind.number
        return kinds.get(one.about.record) == number and is_left(cursor, *one.about)

    return [one for one in requests if waits(one)]


def _living(connection: "Connection", concerned: Iterable[Concerned]) -> set[Concerned]:
    by_kind: dict[str, set[int]] = defaultdict(set)
    for one in concerned:
        by_kind[one.kind].add(one.record)
    return {Concerned(kind, one) for kind, records in by_kind.items() for one in living(connection, kind, records)}


def _is_erased(one: Concerned, fields: Collection[int]) -> bool:
    return set(fields) >= discover.kinds()[one.kind].kind.numbered.keys()


def _homes(connection: "Connection", one: Concerned) -> list[int]:
    if one.kind == "household":
        return [one.record]
    if one.kind == "resident":
        found = connection.exec_driver_sql(
            "SELECT m.household_id FROM household_member m JOIN household h ON h.id = m.household_id "
            "WHERE m.resident_id = ? ORDER BY m.valid_to IS NOT NULL, m.id DESC",
            (one.record,),
        )
        return [household for (household,) in found]
    specs = discover.kinds()[one.kind].kind.specs
    for name, kind in (("household_id", "household"), ("resident_id", "resident")):
        if name in specs:
            row = connection.exec_driver_sql(f'SELECT "{name}" FROM "{one.kind}" WHERE id = ?', (one.record,)).first()
            if row and row[0]:
                return _homes(connection, Concerned(kind, row[0]))
    return []
