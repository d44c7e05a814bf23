"""Care files that are off the books and are still named by an emergency contact: it was written where nobody had heard.

When two people or households are made one, of two care files for the same need one goes and hands its contacts on. A
contact that a laptop writes meanwhile names the one that went, and would be in no file.
"""

from typing import TYPE_CHECKING, NamedTuple

from gridworker.domain.care_membership import CareMembership
from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.log import Log
from gridworker.store.tables.reading import all_heads, read

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from gridworker.record import Value
    from gridworker.store.log.log import Cursor


class GoneCare(NamedTuple):
    """One of them: of whom it was, and for what."""

    id: int
    resident: int | None
    household: int | None
    about: "tuple[Value, Value]"
    """The group, and how somebody lives."""


def astray(connection: "Connection") -> list[GoneCare]:
    """All that a contact names; not those that were never heard of, or that an erasure emptied."""
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT k.care_id FROM care_contact k "
        "WHERE NOT EXISTS (SELECT 1 FROM care_membership c WHERE c.id = k.care_id) ORDER BY k.care_id"
    )
    found = (_as_it_was(raw_cursor(connection), row[0]) for row in rows.all() if row[0] is not None)
    return [one for one in found if one is not None]


def same_care(connection: "Connection", kind: str, of: int, gone: GoneCare) -> int:
    """The care file of a person or household for the same need, one in force first; 0 for none."""
    group, living = gone.about
    rows = connection.exec_driver_sql(
        f"SELECT id FROM care_membership WHERE {kind}_id = ? AND care_group = ? AND living_arrangement IS ? "
        "ORDER BY end_on IS NOT NULL, id LIMIT 1",
        (of, group, living),
    )
    return next((row[0] for row in rows), 0)


def _as_it_was(cursor: "Cursor", care: int) -> GoneCare | None:
    log = Log(cursor)
    packed = log.heads([care]).get(care)
    if packed is None or log.kinds([care]).get(care) != CareMembership.kind.number:
        return None
    said = read(care, packed, log.rows(all_heads(care, packed)), CareMembership.kind).row
    resident, household = said["resident_id"], said["household_id"]
    return GoneCare(
        care,
        resident if isinstance(resident, int) else None,
        household if isinstance(household, int) else None,
        (said["care_group"], said["living_arrangement"]),
    )
