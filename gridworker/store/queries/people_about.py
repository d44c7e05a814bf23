"""Which people some records are about: themselves, by their memberships, their household, their door."""

from collections.abc import Mapping, Set
from typing import TYPE_CHECKING

from gridworker.store.engine.database import raw_cursor
from gridworker.store.history import histories
from gridworker.store.log.log import id_list

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_MEMBERS = "SELECT m.resident_id FROM household_member m WHERE m.household_id IN (SELECT value FROM json_each(?))"
_BEHIND = (
    "SELECT m.resident_id FROM json_each(?) w CROSS JOIN household h ON h.dwelling_id = w.value "
    "CROSS JOIN household_member m ON m.household_id = h.id"
)


def people_about(connection: "Connection", records: Mapping[str, Set[int]]) -> set[int]:
    """By kind of record residents, memberships, households and dwellings.

    Of a membership whoever it was ever of: it may be gone, or be another's since.
    """
    cursor = raw_cursor(connection)
    found = set(records.get("resident", ()))
    told = histories(cursor, records.get("household_member", ()))
    changes = (change for events in told.values() for event in events for change in event.changes)
    found.update(change.after for change in changes if change.field == "resident_id" and isinstance(change.after, int))
    for kind, select in (("household", _MEMBERS), ("dwelling", _BEHIND)):
        if records.get(kind):
            cursor.execute(select, (id_list(records[kind]),))
            found.update(row[0] for row in cursor.fetchall() if row[0] is not None)
    return found
