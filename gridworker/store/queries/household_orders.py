"""What households are sorted by, one value each, of all that live here: read in one go for a snapshot of ids."""

from datetime import date
from typing import TYPE_CHECKING

from gridworker.store.queries.belonging import belongs

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def heads(connection: "Connection") -> dict[int, str]:
    """The names of heads; those named nowhere are left out."""
    rows = connection.exec_driver_sql(
        "SELECT h.id, coalesce(r.name, h.head_name) AS called FROM household h "
        "LEFT JOIN resident r ON r.id = h.head_id WHERE h.status IS NOT 'moved_out' AND called IS NOT NULL"
    )
    same: dict[str, str] = {}  # of hundreds of thousands many are called alike: each name is kept once
    return {row[0]: same.setdefault(row[1], row[1]) for row in rows}


def people(connection: "Connection", today: date) -> dict[int, int]:
    """How many live in each; those of whom nothing is known are left out."""
    rows = connection.exec_driver_sql(
        "SELECT h.id, coalesce(m.living, h.people_count) AS people FROM household h LEFT JOIN ("
        "SELECT o.household_id, count(*) AS living FROM household_member o "
        f"WHERE o.lives_here IS NOT 0 AND {belongs('o', '?')} GROUP BY o.household_id) m "
        "ON m.household_id = h.id WHERE h.status IS NOT 'moved_out' AND people > 0",
        (today.isoformat(),),
    )
    return {row[0]: row[1] for row in rows}


def cares(connection: "Connection", today: date) -> dict[int, str]:
    """The first care group in force of each household or of somebody in it; the others are left out."""
    rows = connection.exec_driver_sql(
        "SELECT coalesce(c.household_id, m.household_id) AS home, min(c.care_group) FROM care_membership c "
        "LEFT JOIN household_member m ON c.household_id IS NULL AND m.resident_id = c.resident_id "
        "AND m.valid_to IS NULL WHERE (c.end_on IS NULL OR c.end_on >= ?) AND home IS NOT NULL GROUP BY home",
        (today.isoformat(),),
    )
    return {row[0]: row[1] for row in rows}
