"""The audit log newest first, by filters and a keyset: quick at any length, for an id tells when it was written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, NamedTuple

from gridworker.domain.audit_event import BY_AN_OFFICE
from gridworker.store.log.clock import INCARNATION_BITS, OFFICE
from gridworker.store.log.log import id_list
from gridworker.store.queries.gathered import gathered_ids

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_NEWEST = (1 << 63) - 1
_SELECT = "SELECT id, at, staff_id, device, action, record_kind, record, count, purpose, detail FROM audit_event"
_OF_OFFICE = f" INDEXED BY ix_audit_event_of_office WHERE {BY_AN_OFFICE}"
TAIL = 10**8
"""The last digits of a record's number, below this, name it too: people read and type them, 18 they do not."""


class AuditRow(NamedTuple):
    """One row as stored."""

    id: int
    at: str
    staff: int | None
    device: int | None
    action: str | None
    kind: str | None
    record: int | None
    many: int | None
    purpose: str | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: of a person, a laptop (0 is the office), some actions, the days from one to another, about a record.

    Empty is all. A record is named by its number, or by the last digits of it (TAIL).
    """

    staff: int | None = None
    laptop: int | None = None
    actions: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    record: int | None = None


EVERY = Wanted()


def rows(
    connection: "Connection", wanted: Wanted, zone: timezone, before: int | None = None, limit: int = 100
) -> list[AuditRow]:
    """The next rows, newest first, older than the one with the id ``before``. Days are days of ``zone``."""
    where, values = _where(wanted, zone)
    found = connection.exec_driver_sql(
        f"{_SELECT}{_among(wanted)} AND id < ?{where} ORDER BY id DESC LIMIT ?",
        (_NEWEST if before is None else before, *values, limit),
    )
    return [AuditRow(*row) for row in found]


def ids(connection: "Connection", wanted: Wanted, zone: timezone) -> list[int]:
    """All of these rows by their ids, newest first."""
    where, values = _where(wanted, zone)
    return sorted(gathered_ids(connection, f"SELECT id FROM audit_event{_among(wanted)}{where}", values), reverse=True)


def of_ids(
    connection: "Connection", ids: Iterable[int], wanted: Wanted = EVERY, zone: timezone = UTC
) -> list[AuditRow]:
    """Some rows, newest first, as far as they are ``wanted``."""
    where, values = _where(wanted, zone)
    found = connection.exec_driver_sql(
        f"{_SELECT} WHERE id IN (SELECT value FROM json_each(?)){where} ORDER BY id DESC", (id_list(ids), *values)
    )
    return [AuditRow(*row) for row in found]


def _among(wanted: Wanted) -> str:
    """Of the office alone an index has the ids. Its entries are few, and its laptops' rows many."""
    return _OF_OFFICE if wanted.laptop == OFFICE else " WHERE 1"


def _where(wanted: Wanted, zone: timezone) -> tuple[str, list[object]]:
    pairs = list(_conditions(wanted, zone))
    return "".join(f" AND {condition}" for condition, _ in pairs), [value for _, value in pairs]


def _conditions(wanted: Wanted, zone: timezone) -> Iterator[tuple[str, object]]:
    if wanted.staff is not None:
        yield "staff_id IS ?", wanted.staff
    if wanted.laptop is not None:
        yield f"device >> {INCARNATION_BITS} = ?", wanted.laptop
    if wanted.record is not None:
        yield ("record = ?" if wanted.record >= TAIL else f"record % {TAIL} = ?"), wanted.record
    if wanted.actions:
        marks = [action for action in wanted.actions if action.isidentifier()]
        yield "action IN (SELECT value FROM json_each(?))", "[" + ",".join(f'"{one}"' for one in marks) + "]"
    if wanted.since is not None:
        yield "at >= ?", _stamp(wanted.since, zone)
    if wanted.until is not None:
        yield "at < ?", _stamp(wanted.until + timedelta(days=1), zone)


def people(connection: "Connection") -> list[int]:
    """Everybody of whom there are rows."""
    return [id_ for (id_,) in connection.exec_driver_sql("SELECT DISTINCT staff_id FROM audit_event") if id_]


def captions(connection: "Connection", residents: set[int], households: set[int]) -> dict[int, str]:
    """What the people and households of some rows are called, of those that are still here."""
    named = connection.exec_driver_sql(
        "SELECT id, name FROM resident WHERE id IN (SELECT value FROM json_each(?))", (id_list(residents),)
    )
    heads = connection.exec_driver_sql(
        "SELECT h.id, coalesce(r.name, h.head_name) FROM household h LEFT JOIN resident r ON r.id = h.head_id "
        "WHERE h.id IN (SELECT value FROM json_each(?))",
        (id_list(households),),
    )
    return {id_: name for id_, name in (*named, *heads) if name}


def devices(connection: "Connection") -> dict[int, tuple[int, str]]:
    """All computers: their number, and what each is called or ''."""
    found = connection.exec_driver_sql("SELECT id, number, label FROM device")
    return {id_: (number, label or "") for id_, number, label in found}


def _stamp(day: date, zone: timezone) -> str:
    return datetime.combine(day, time(), zone).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
