"""Whose households those records are that the journal brought (``news.py``)."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from gridworker.store.log.log import id_list
from gridworker.store.queries.gathered import gathered

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def owners(
    connection: "Connection", kind: str, records: Collection[int], *, person: bool
) -> dict[int, tuple[int | None, int | None]]:
    """The household and the person that records of a kind name; those not there are left out."""
    other = "resident_id" if person else "NULL"
    rows = connection.exec_driver_sql(
        f'SELECT id, household_id, {other} FROM "{kind}" WHERE id IN (SELECT value FROM json_each(?))',
        (id_list(records),),
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def lived_in(connection: "Connection", people: Collection[int]) -> dict[int, set[int]]:
    """The households that people belong to or belonged to, by person."""
    rows = connection.exec_driver_sql(
        "SELECT resident_id, household_id FROM household_member WHERE household_id IS NOT NULL "
        "AND resident_id IN (SELECT value FROM json_each(?))",
        (id_list(people),),
    )
    found: dict[int, set[int]] = {}
    for person, home in rows:
        found.setdefault(person, set()).add(home)
    return found


def led_by(connection: "Connection", people: Collection[int]) -> set[int]:
    """The households of which one of these is the head."""
    statement = "SELECT id FROM household WHERE head_id IN (SELECT value FROM json_each(?))"
    return {row[0] for row in connection.exec_driver_sql(statement, (id_list(people),))}


def behind(connection: "Connection", doors: Collection[int], blocks: Collection[int], limit: int) -> set[int]:
    """The households behind some doors and in some buildings: so many at most."""
    rows = connection.exec_driver_sql(
        "SELECT h.id FROM json_each(?1) w CROSS JOIN household h ON h.dwelling_id = w.value UNION ALL "
        "SELECT h.id FROM json_each(?2) w CROSS JOIN dwelling d ON d.building_id = w.value "
        "CROSS JOIN household h ON h.dwelling_id = d.id LIMIT ?3",
        (id_list(doors), id_list(blocks), limit),
    )
    return {row[0] for row in rows}


def nowhere(connection: "Connection", among: Collection[int]) -> set[int]:
    """Those of some households that have no door, or one in no building."""
    rows = connection.exec_driver_sql(
        "SELECT w.value FROM json_each(?) w LEFT JOIN household h ON h.id = w.value LEFT JOIN dwelling d "
        "ON d.id = h.dwelling_id LEFT JOIN building b ON b.id = d.building_id WHERE b.id IS NULL",
        (id_list(among),),
    )
    return {row[0] for row in rows}


COMING = (
    "WITH told(kind, last, day, home, person) AS ("
    "SELECT 'household_member', 0, valid_to, household_id, NULL FROM household_member "
    "WHERE valid_to > :day AND valid_to <= :until UNION ALL "
    "SELECT 'care_membership', 0, start_on, household_id, resident_id FROM care_membership "
    "WHERE start_on > :day AND start_on <= :until UNION ALL "
    "SELECT 'care_membership', 1, end_on, household_id, resident_id FROM care_membership "
    "WHERE end_on >= :day AND end_on < :until UNION ALL "
    "SELECT 'consent', 0, given_on, household_id, resident_id FROM consent "
    "WHERE given_on > :day AND given_on <= :until UNION ALL "
    "SELECT 'consent', 0, withdrawn_on, household_id, resident_id FROM consent "
    "WHERE withdrawn_on > :day AND withdrawn_on <= :until UNION ALL "
    "SELECT 'consent', 1, expires_on, household_id, resident_id FROM consent "
    "WHERE expires_on >= :day AND expires_on < :until) "
    "SELECT kind, last, day, home FROM told WHERE home IS NOT NULL UNION "
    "SELECT t.kind, t.last, t.day, m.household_id FROM told t CROSS JOIN household_member m "
    "ON m.resident_id = t.person WHERE m.household_id IS NOT NULL"
)
"""What a day does by itself, until another day: to which kind, whether a day is the last one or the first that is new.
"""


def coming(connection: "Connection", day: date, until: date) -> list[tuple[str, bool, str, int]]:
    """The households whose care, consent or people are others from some day on, though nothing is written."""
    found = gathered(connection, 4, COMING, {"day": day.isoformat(), "until": until.isoformat()})
    return [(kind, bool(last), at, home) for kind, last, at, home in found]
