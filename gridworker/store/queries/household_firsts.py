"""How the list of households begins in each of its orders: read by indexes, as far as it is asked for."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import TYPE_CHECKING

from gridworker.domain.visit_due import EFFECTIVE
from gridworker.store.log.log import id_list
from gridworker.store.queries.belonging import belongs
from gridworker.store.queries.gathered import gathered

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

VISITS, MOST_VISITS = 300, 4_800
"""Visits that are read at once; and where as many began in one moment, as those that a ledger brings."""

_OUTCOMES = ", ".join(f"'{outcome}'" for outcome in sorted(EFFECTIVE))
NEWEST_VISITS = (
    "SELECT started_at, household_id FROM visit WHERE started_at < :before "
    f"AND outcome IN ({_OUTCOMES}) ORDER BY started_at DESC LIMIT :limit"
)

HOMES_IN = (
    "SELECT h.id FROM json_each(?) w CROSS JOIN dwelling d ON d.building_id = w.value "
    "CROSS JOIN household h ON h.dwelling_id = d.id"
)

_HEAD = "h.id, coalesce(r.name, h.head_name) AS called FROM json_each(:among) w CROSS JOIN household h"
_CALLED = "LEFT JOIN resident r ON r.id = h.head_id WHERE h.status IS NOT 'moved_out' AND called IS NOT NULL"
HEADS = f"SELECT {_HEAD} ON h.head_id = w.value {_CALLED} UNION ALL SELECT {_HEAD} ON h.id = w.value {_CALLED}"

_IN_FORCE = "(c.end_on IS NULL OR c.end_on >= :today)"
GROUPS = {
    False: f"SELECT min(c.care_group) FROM care_membership c WHERE c.care_group > :last AND {_IN_FORCE}",
    True: f"SELECT max(c.care_group) FROM care_membership c WHERE c.care_group < :last AND {_IN_FORCE}",
}
"""The next care group that anybody is in; turned round or not."""

IN_GROUP = (
    "SELECT DISTINCT coalesce(c.household_id, m.household_id) AS home FROM care_membership c "
    f"LEFT JOIN household_member m ON c.household_id IS NULL AND m.resident_id = c.resident_id AND {belongs()} "
    f"WHERE c.care_group = :group AND {_IN_FORCE} AND home IS NOT NULL LIMIT :limit"
)
SIZE = (
    f"SELECT count(*) FROM (SELECT 1 FROM care_membership c WHERE c.care_group = :group AND {_IN_FORCE} LIMIT :limit)"
)
CARES = (
    "SELECT home, min(care_group) FROM (SELECT w.value AS home, c.care_group FROM json_each(:among) w "
    f"CROSS JOIN care_membership c ON c.household_id = w.value WHERE {_IN_FORCE} UNION ALL "
    "SELECT w.value, c.care_group FROM json_each(:among) w CROSS JOIN household_member m "
    f"ON m.household_id = w.value AND {belongs()} CROSS JOIN care_membership c "
    f"ON c.resident_id = m.resident_id AND c.household_id IS NULL WHERE {_IN_FORCE}) GROUP BY home"
)

MOST = (
    "SELECT m.household_id, count(*) AS people FROM household_member m WHERE m.household_id IS NOT NULL "
    f"AND {belongs()} GROUP BY m.household_id ORDER BY people DESC LIMIT :limit",
    "SELECT id, people_count AS people FROM household WHERE people_count > 0 ORDER BY people DESC LIMIT :limit",
)
"""Who may have most people: by those on the books, who live there or not, and by the number told to the door.

Each household is looked at, in the engine and in an index where there are many; only the first come out.
"""

MAY_BE = (
    "SELECT w.value FROM json_each(:among) w WHERE (SELECT count(*) FROM household_member m "
    f"WHERE m.household_id = w.value AND {belongs()}) >= :count OR EXISTS (SELECT 1 FROM household h "
    "INDEXED BY ix_household_told WHERE h.people_count > 0 AND h.people_count = :count AND h.id = w.value)"
)
"""Those of some households that may have so many people, as ``MOST`` counts them: from indexes alone."""

_FIRST, _LAST = "", "\U0010ffff"


def homes_in(connection: "Connection", blocks: Collection[int]) -> list[int]:
    """The households of some buildings, whoever moved out among them: read from indexes alone."""
    return [row[0] for row in gathered(connection, 1, HOMES_IN, (id_list(blocks),))]


def heads(connection: "Connection", among: Collection[int]) -> dict[int, str]:
    """What the heads are called of those households that are some records, or are led by them."""
    return {row[0]: row[1] for row in gathered(connection, 2, HEADS, {"among": id_list(among)})}


def visited(connection: "Connection", before: str = "") -> Iterator[list[tuple[str, int]]]:
    """When which households were visited, the last visit (before a moment) first; those of one moment come together.

    Ends early where more visits began in one moment than are ever read at once.
    """
    before, limit = before or _LAST, VISITS
    while True:
        rows = connection.exec_driver_sql(NEWEST_VISITS, {"before": before, "limit": limit}).all()
        open_end = rows[-1][0] if len(rows) == limit else None  # others may have begun in that moment
        whole = [row for row in rows if row[0] != open_end]
        if whole:
            yield [(row[0], row[1]) for row in whole if row[1] is not None]
            before, limit = whole[-1][0], VISITS
        elif rows and limit < MOST_VISITS:
            limit *= 4
        else:
            return


def most_people(connection: "Connection", today: date, limit: int) -> tuple[set[int], int]:
    """Households that may have most people, and the number than which no others have more; 0 where there are none."""
    found, most = set[int](), 0
    for statement in MOST:
        rows = gathered(connection, 2, statement, {"today": today.isoformat(), "limit": limit})
        found.update(row[0] for row in rows)
        most = max(most, rows[-1][1]) if len(rows) == limit else most
    return found, most


def may_be_so_many(connection: "Connection", count: int, today: date, among: Collection[int]) -> list[int]:
    """Those of some households that may have so many people: none too few, and soon told."""
    values = {"among": id_list(among), "count": count, "today": today.isoformat()}
    return [row[0] for row in gathered(connection, 1, MAY_BE, values)]


def care_groups(connection: "Connection", today: date, *, down: bool) -> Iterator[str]:
    """The care groups that anybody is in, in order."""
    last: str | None = _LAST if down else _FIRST
    while last is not None:
        last = connection.exec_driver_sql(GROUPS[down], {"last": last, "today": today.isoformat()}).scalar_one()
        if last is not None:
            yield last


def group_size(connection: "Connection", group: str, today: date, limit: int) -> int:
    """How many are in a care group: so many at most."""
    values = {"group": group, "today": today.isoformat(), "limit": limit}
    return int(connection.exec_driver_sql(SIZE, values).scalar_one())


def in_group(connection: "Connection", group: str, today: date, limit: int) -> set[int]:
    """The households in a care group, themselves or one of their people: so many at most."""
    values = {"group": group, "today": today.isoformat(), "limit": limit}
    return {row[0] for row in gathered(connection, 1, IN_GROUP, values)}


def cares(connection: "Connection", among: Collection[int], today: date) -> dict[int, str]:
    """The first care group of some households, as ``household_orders.cares`` has it of all."""
    values = {"among": id_list(among), "today": today.isoformat()}
    return {row[0]: row[1] for row in gathered(connection, 2, CARES, values)}
