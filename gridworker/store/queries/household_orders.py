"""What households are sorted by, one value each, of all that live here: read in one go for a snapshot of ids."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from gridworker.store.queries.belonging import belongs

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_LOT = 2_000
"""Rows taken from the engine at once, where they are many."""

_PEOPLE = (
    "SELECT h.id, coalesce(m.living, h.people_count) AS people FROM household h LEFT JOIN ("
    "SELECT o.household_id, count(*) AS living FROM household_member o "
    f"WHERE o.lives_here IS NOT 0 AND {belongs('o', '?')} GROUP BY o.household_id) m "
    "ON m.household_id = h.id WHERE h.status IS NOT 'moved_out' AND people > 0"
)
_CARES = (
    "SELECT coalesce(c.household_id, m.household_id) AS home, min(c.care_group) FROM care_membership c "
    "LEFT JOIN household_member m ON c.household_id IS NULL AND m.resident_id = c.resident_id "
    f"AND {belongs(today='?1')} WHERE (c.end_on IS NULL OR c.end_on >= ?1) AND home IS NOT NULL GROUP BY home"
)


def heads(connection: "Connection") -> dict[int, str]:
    """The names of heads; those named nowhere are left out."""
    same: dict[str, str] = {}  # of hundreds of thousands many are called alike: each name is kept once
    return {home: same.setdefault(name, name) for home, name in called(connection)}


def called(connection: "Connection") -> Iterator[tuple[int, str]]:
    """The same, one by one."""
    return _pairs(
        connection,
        "SELECT h.id, coalesce(r.name, h.head_name) AS called FROM household h "
        "LEFT JOIN resident r ON r.id = h.head_id WHERE h.status IS NOT 'moved_out' AND called IS NOT NULL",
    )


def visited(connection: "Connection") -> Iterator[tuple[int, str]]:
    """When each was last visited, attempts left out, the longest ago first."""
    return _pairs(connection, "SELECT household, met_at FROM last_call WHERE met_at IS NOT NULL ORDER BY met_at")


def people(connection: "Connection", today: date) -> dict[int, int]:
    """How many live in each; those of whom nothing is known are left out."""
    return dict(living(connection, today))


def living(connection: "Connection", today: date) -> Iterator[tuple[int, int]]:
    """The same, one by one."""
    return _pairs(connection, _PEOPLE, today)


def cares(connection: "Connection", today: date) -> dict[int, str]:
    """The first care group in force of each household or of somebody in it; the others are left out."""
    return dict(cared(connection, today))


def cared(connection: "Connection", today: date) -> Iterator[tuple[int, str]]:
    """The same, one by one."""
    return _pairs(connection, _CARES, today)


def _pairs(connection: "Connection", statement: str, today: date | None = None) -> Iterator[tuple[int, Any]]:
    rows = connection.exec_driver_sql(statement, (today.isoformat(),) if today else ())
    for lot in rows.partitions(_LOT):
        yield from ((row[0], row[1]) for row in lot)
