"""Which households a filter of the list leaves: by building, care and last visit, with something missing or wrong."""

from collections.abc import Collection, Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from gridworker.domain.codes import HEAD
from gridworker.domain.resident import BORN_BY_NUMBER, DOUBTED, LOOKED_AT_SINCE, NUMBER_DIFFERS, WITHOUT_BIRTH
from gridworker.store.log.log import id_list
from gridworker.store.queries.belonging import belongs
from gridworker.store.queries.gathered import gathered_ids

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_BELONG = f"m.household_id = h.id AND {belongs()}"

_HEADS = (
    "(SELECT count(DISTINCT m.resident_id) FROM household_member m "
    f"WHERE {_BELONG} AND (m.relation = '{HEAD}' OR m.resident_id = h.head_id))"
)
_ODD = f"birth_date > :today OR {BORN_BY_NUMBER} > replace(:today, '-', '') OR {NUMBER_DIFFERS}"
"""A person whose ID number says another day of birth or another sex, or who is still to be born."""

_HOMES = "CROSS JOIN household_member m ON m.resident_id = r.id"

_PLACE = (
    "dwelling d JOIN building b ON b.id = d.building_id JOIN grid g ON g.id = coalesce(d.grid_id, b.grid_id)"
)  # fmt: skip
"""Doors that lead somewhere: their building is here, and the grid they are in."""

_GIVEN = (
    "c.given_on <= :today AND (c.expires_on IS NULL OR c.expires_on >= :today) "
    "AND (c.withdrawn_on IS NULL OR c.withdrawn_on > :today)"
)
"""A consent that counts: ``consent_rules.in_force`` over columns."""

MISSING: Mapping[str, str] = MappingProxyType({
    "people": f"NOT EXISTS (SELECT 1 FROM household_member m WHERE {_BELONG})",
    "emptied": f"NOT EXISTS (SELECT 1 FROM household_member m WHERE {_BELONG}) "
               "AND EXISTS (SELECT 1 FROM household_member m WHERE m.household_id = h.id)",
    "head": f"NOT EXISTS (SELECT 1 FROM household_member m WHERE {_BELONG} AND m.resident_id = h.head_id) "
            f"AND EXISTS (SELECT 1 FROM household_member m WHERE {_BELONG}) AND NOT EXISTS (SELECT 1 FROM "
            f"household_member m WHERE {_BELONG} AND m.relation = '{HEAD}' AND m.resident_id IS NOT NULL)",
    "one_head": "h.id IN (SELECT m.household_id FROM household_member m NOT INDEXED CROSS JOIN household o "
                f"ON o.id = m.household_id WHERE m.relation = '{HEAD}' AND m.resident_id IS NOT o.head_id "
                f"AND {belongs()}) AND {_HEADS} > 1",
    "phone": "h.contact_phone IS NULL AND NOT EXISTS (SELECT 1 FROM household_member m JOIN resident r "
             f"ON r.id = m.resident_id WHERE {_BELONG} AND r.phones IS NOT NULL)",
    "identity": f"h.id IN (SELECT m.household_id FROM resident r {_HOMES} "
                f"WHERE ({DOUBTED}) AND ({_ODD}) AND {belongs()})",
    "birth": f"h.id IN (SELECT m.household_id FROM resident r {_HOMES} WHERE {WITHOUT_BIRTH} AND {belongs()})",
    "consent": f"h.id NOT IN (SELECT c.household_id FROM consent c WHERE c.household_id IS NOT NULL AND {_GIVEN} "
               "UNION SELECT m.household_id FROM consent c JOIN household_member m ON m.resident_id = c.resident_id "
               f"WHERE {_GIVEN})",
    "door": f"NOT EXISTS (SELECT 1 FROM {_PLACE} WHERE d.id = h.dwelling_id)",
    "number": "h.id IN (SELECT id FROM (SELECT o.id, count(*) OVER (PARTITION BY o.household_no, "
              f"coalesce(g.merged_into, g.id)) AS times FROM {_PLACE} JOIN household o ON o.dwelling_id = d.id "
              "WHERE o.household_no IS NOT NULL) WHERE times > 1)",
})  # fmt: skip
"""What may be missing or look wrong, and how all households are asked for it: from what is rare, where an index has it.
"""


MISSING_OF_SOME: Mapping[str, str] = MappingProxyType({
    **MISSING,
    "one_head": f"{_HEADS} > 1",
    "identity": "EXISTS (SELECT 1 FROM household_member m JOIN resident r ON r.id = m.resident_id "
                f"WHERE {_BELONG} AND ({_ODD}))",
    "birth": "EXISTS (SELECT 1 FROM household_member m JOIN resident r ON r.id = m.resident_id "
             f"WHERE {_BELONG} AND {WITHOUT_BIRTH})",
    "consent": f"NOT EXISTS (SELECT 1 FROM consent c WHERE c.household_id = h.id AND {_GIVEN}) "
               "AND NOT EXISTS (SELECT 1 FROM household_member m JOIN consent c ON c.resident_id = m.resident_id "
               f"WHERE m.household_id = h.id AND {_GIVEN})",
})  # fmt: skip
"""The same, asked of each of some households: what is read in one go is so for all of them only."""

AMONG = "h.id IN (SELECT value FROM json_each(:among))"

_IN_FORCE = (
    "(:group = '' OR c.care_group = :group) AND c.start_on <= :today AND (c.end_on IS NULL OR c.end_on >= :today)"
)

CARED_FOR = (
    f"SELECT h.id FROM household h WHERE {AMONG} AND ("
    f"EXISTS (SELECT 1 FROM care_membership c WHERE c.household_id = h.id AND {_IN_FORCE}) OR "
    "EXISTS (SELECT 1 FROM household_member m CROSS JOIN care_membership c ON c.resident_id = m.resident_id "
    f"WHERE {_BELONG} AND {_IN_FORCE}))"
)
"""Those of some households that are in care."""

_CARED = (
    "WITH wanted AS (SELECT household_id, resident_id FROM care_membership WHERE {group}start_on <= :today "
    "AND (end_on IS NULL OR end_on >= :today)) "
    "SELECT household_id FROM wanted WHERE household_id IS NOT NULL UNION SELECT m.household_id FROM wanted w "
    f"CROSS JOIN household_member m ON m.resident_id = w.resident_id AND {belongs()}"
)
IN_CARE, IN_GROUP = _CARED.format(group=""), _CARED.format(group="care_group = :group AND ")
"""All that are in care, or in one group: one text for both would not use the index over groups."""

UNVISITED = (
    "SELECT h.id FROM household h LEFT JOIN last_call l ON l.household = h.id "
    "WHERE h.status IS NOT 'moved_out' AND (l.met_at IS NULL OR l.met_at < :moment)"
)


VISITED = (
    "SELECT household FROM last_call WHERE met_at IS NOT NULL AND household IN (SELECT value FROM json_each(:among))"
)


def in_building(connection: "Connection", building: int) -> set[int]:
    """The households of a building."""
    statement = "SELECT h.id FROM dwelling d JOIN household h ON h.dwelling_id = d.id WHERE d.building_id = ?"
    return gathered_ids(connection, statement, (building,))


def cared_for(connection: "Connection", group: str, today: date, among: Collection[int]) -> set[int]:
    """Those of some households that are in a care group, themselves or one of their people; '' for any group."""
    values = {"group": group, "today": today.isoformat(), "among": id_list(among)}
    return gathered_ids(connection, CARED_FOR, values)


def in_care(connection: "Connection", group: str, today: date) -> set[int]:
    """The households in a care group, themselves or one of their people; '' for any group."""
    statement = IN_GROUP if group else IN_CARE
    return gathered_ids(connection, statement, {"group": group, "today": today.isoformat()})


def not_visited_since(connection: "Connection", moment: str, among: Collection[int] | None = None) -> set[int]:
    """The households, or those of some, not visited since a moment; an attempt is no visit."""
    return _asked(connection, UNVISITED, {"moment": moment}, among)


def missing(connection: "Connection", what: str, today: date, among: Collection[int] | None = None) -> set[int]:
    """The households, or those of some, that lack something or in which something looks wrong."""
    indexed = what != "identity" or today.isoformat() >= LOOKED_AT_SINCE
    asked = MISSING[what] if among is None and indexed else MISSING_OF_SOME[what]
    statement = f"SELECT h.id FROM household h WHERE h.status IS NOT 'moved_out' AND {asked}"
    return _asked(connection, statement, {"today": today.isoformat()}, among)


def visited(connection: "Connection", among: Collection[int]) -> set[int]:
    """Those of some households that were ever visited; an attempt is no visit."""
    return gathered_ids(connection, VISITED, {"among": id_list(among)})


def _asked(
    connection: "Connection", statement: str, values: Mapping[str, object], among: Collection[int] | None
) -> set[int]:
    if among is not None:
        statement, values = f"{statement} AND {AMONG}", {**values, "among": id_list(among)}
    return gathered_ids(connection, statement, values)
