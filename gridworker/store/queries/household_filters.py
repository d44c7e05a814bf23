"""Which households a filter of the list leaves: by building, by care, not visited lately, with something missing."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from gridworker.domain.address import building_label

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_BELONG = "m.household_id = h.id AND (m.valid_to IS NULL OR m.valid_to >= :today)"

MISSING: Mapping[str, str] = MappingProxyType({
    "people": f"NOT EXISTS (SELECT 1 FROM household_member m WHERE {_BELONG})",
    "head": f"h.head_id IS NULL AND EXISTS (SELECT 1 FROM household_member m WHERE {_BELONG})",
    "phone": "h.contact_phone IS NULL AND NOT EXISTS (SELECT 1 FROM household_member m JOIN resident r "
             f"ON r.id = m.resident_id WHERE {_BELONG} AND r.phones IS NOT NULL)",
    "birth": "EXISTS (SELECT 1 FROM household_member m JOIN resident r ON r.id = m.resident_id "
             f"WHERE {_BELONG} AND r.birth_date IS NULL AND r.birth_year IS NULL AND r.id_number IS NULL)",
    "consent": "h.id NOT IN (SELECT c.household_id FROM consent c WHERE c.household_id IS NOT NULL AND {given} "
               "UNION SELECT m.household_id FROM consent c JOIN household_member m ON m.resident_id = c.resident_id "
               "WHERE {given})".replace("{given}", "c.given_on <= :today AND (c.expires_on IS NULL OR "
               "c.expires_on >= :today) AND (c.withdrawn_on IS NULL OR c.withdrawn_on > :today)"),
    "door": "h.dwelling_id IS NULL",
})  # fmt: skip
"""What may be missing, and how a household is asked for it."""


def in_building(connection: "Connection", building: int) -> set[int]:
    """The households of a building."""
    rows = connection.exec_driver_sql(
        "SELECT h.id FROM dwelling d JOIN household h ON h.dwelling_id = d.id WHERE d.building_id = ?", (building,)
    )
    return {row[0] for row in rows}


def in_care(connection: "Connection", group: str, today: date) -> set[int]:
    """The households in a care group, themselves or one of their people; '' for any group."""
    rows = connection.exec_driver_sql(
        "WITH wanted AS (SELECT household_id, resident_id FROM care_membership WHERE (:group = '' OR "
        "care_group = :group) AND start_on <= :today AND (end_on IS NULL OR end_on >= :today)) "
        "SELECT household_id FROM wanted WHERE household_id IS NOT NULL UNION SELECT m.household_id FROM wanted w "
        "JOIN household_member m ON m.resident_id = w.resident_id AND (m.valid_to IS NULL OR m.valid_to >= :today)",
        {"group": group, "today": today.isoformat()},
    )
    return {row[0] for row in rows}


def not_visited_since(connection: "Connection", moment: str) -> set[int]:
    """The households not visited since a moment; an attempt is no visit."""
    rows = connection.exec_driver_sql(
        "SELECT h.id FROM household h LEFT JOIN last_call l ON l.household = h.id "
        "WHERE h.status = 'active' AND (l.met_at IS NULL OR l.met_at < ?)",
        (moment,),
    )
    return {row[0] for row in rows}


def missing(connection: "Connection", what: str, today: date) -> set[int]:
    """The households that lack something."""
    rows = connection.exec_driver_sql(
        f"SELECT h.id FROM household h WHERE h.status = 'active' AND {MISSING[what]}", {"today": today.isoformat()}
    )
    return {row[0] for row in rows}


def buildings(connection: "Connection") -> list[tuple[int, str | None, str]]:
    """Buildings by id, estate and label."""
    rows = connection.exec_driver_sql("SELECT id, estate_name, building_name FROM building")
    return [(row[0], row[1], building_label(row[2] or "")) for row in rows]
