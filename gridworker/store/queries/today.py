"""What Today shows of a household: its door, its last visits, the care in force, who lives there."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from gridworker.domain.today_order import Place
from gridworker.store.log.log import id_list
from gridworker.store.queries.belonging import belongs
from gridworker.store.queries.gathered import gathered
from gridworker.store.queries.made import made_on

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CALLS = 6
"""Visits and attempts read of a household, newest first: four in a row say whether the next is at the door."""


_BEGUN = f"coalesce(c.start_on, {made_on('c')})"
_DOOR = "b.estate_name, b.building_name, d.unit_no, d.room_no"
_AT_HOME = "household h LEFT JOIN dwelling d ON d.id = h.dwelling_id LEFT JOIN building b ON b.id = d.building_id"
_HERE = "h.status IS NOT 'moved_out' AND h.id IN (SELECT value FROM json_each(?))"


class HouseRow(NamedTuple):
    """A household and its door. ``head`` is a resident: the head, else whoever stands for it.

    ``cadence`` is how often it arranged to be called on, where it did; ``named`` a head who is nobody on the books.
    """

    household: int
    wish: str | None
    rented: bool
    estate: str | None
    building: str | None
    unit: str | None
    room: str | None
    cadence: str | None
    head: int | None
    named: str | None = None


class CallRow(NamedTuple):
    """A visit or an attempt as stored."""

    household: int
    visit: int
    at: str
    outcome: str
    channel: str
    follow_up_on: str | None


class CareRow(NamedTuple):
    """A care membership in force, and the resident it is for, if it is for one."""

    household: int
    cadence: str | None
    group: str
    start_on: str
    arrangement: str | None
    resident: int | None


class PersonRow(NamedTuple):
    """What a list shows of a resident."""

    name: str
    birth_date: str | None
    birth_year: int | None
    status: str | None


def houses(connection: "Connection", households: Iterable[int]) -> dict[int, HouseRow]:
    """Households that live here, with their doors, by id."""
    rows = gathered(
        connection,
        len(HouseRow._fields),
        f"SELECT h.id, h.visit_wish, d.usage IS 'rented', {_DOOR}, h.visit_policy, "
        "coalesce(h.head_id, (SELECT m.resident_id FROM household_member m WHERE m.household_id = h.id "
        "AND m.valid_to IS NULL ORDER BY m.relation = '02' DESC, m.id LIMIT 1)), h.head_name "
        f"FROM {_AT_HOME} WHERE {_HERE}",
        (id_list(households),),
    )
    return {row[0]: HouseRow(row[0], row[1], bool(row[2]), *row[3:]) for row in rows}


def doors(connection: "Connection", households: Iterable[int]) -> dict[int, Place]:
    """The doors of households that live here: of thousands, without looking for who stands for each."""
    rows = gathered(
        connection,
        5,
        f"SELECT h.id, {_DOOR} FROM {_AT_HOME} WHERE {_HERE}",
        (id_list(households),),
    )
    return {household: Place(*door) for household, *door in rows}


def calls(connection: "Connection", households: Iterable[int]) -> dict[int, list[CallRow]]:
    """The last visits and attempts of households, newest first; those never called on are left out.

    One text a household: with a row for each visit, fetching takes ten times as long as finding them.
    """
    rows = gathered(
        connection,
        2,
        "SELECT w.value, (SELECT group_concat(id || ' ' || started_at || ' ' || coalesce(outcome, '') || ' ' || "
        "coalesce(channel, '') || ' ' || coalesce(follow_up_on, ''), ';') FROM (SELECT id, started_at, outcome, "
        "channel, follow_up_on FROM visit v WHERE v.household_id = w.value AND v.started_at IS NOT NULL "
        "ORDER BY v.started_at DESC, v.id DESC LIMIT ?)) FROM json_each(?) w",
        (CALLS, id_list(households)),
    )
    found = {row[0]: [_call(row[0], text) for text in row[1].split(";")] for row in rows if row[1]}
    for several in found.values():
        several.sort(key=_age, reverse=True)
    return found


def last_calls(connection: "Connection", households: Iterable[int]) -> dict[int, list[CallRow]]:
    """The last visit or attempt of households and, where that met nobody, the last that satisfies the schedule.

    Newest first, read from a short row a household: their days, and the one agreed, are all that says when the next is
    due unless something urgent waits. Which visits they are and by which channel is not read.
    """
    rows = gathered(
        connection,
        5,
        "SELECT household, at, effective IS 1, follow_up_on, met_at FROM last_call WHERE at IS NOT NULL "
        "AND household IN (SELECT value FROM json_each(?))",
        (id_list(households),),
    )
    found: dict[int, list[CallRow]] = {}
    for home, at, effective, follow_up_on, met_at in rows:
        found[home] = [CallRow(home, 0, at, "met_person" if effective else "nobody_home", "door", follow_up_on)]
        if met_at and not effective:
            found[home].append(CallRow(home, 0, met_at, "met_person", "door", None))
    return found


def _call(household: int, text: str) -> CallRow:
    visit, at, outcome, channel, follow_up_on = text.split(" ")
    return CallRow(household, int(visit), at, outcome, channel, follow_up_on or None)


def _age(call: CallRow) -> tuple[str, int]:
    return call.at, call.visit


def cares(connection: "Connection", households: Iterable[int], today: date) -> dict[int, list[CareRow]]:
    """The care memberships in force of households, by id."""
    wanted, day = id_list(households), today.isoformat()
    rows = gathered(
        connection,
        6,
        f"SELECT c.household_id, c.cadence, c.care_group, {_BEGUN}, c.living_arrangement, c.resident_id "
        "FROM json_each(:wanted) w CROSS JOIN care_membership c ON c.household_id = w.value "
        "WHERE c.end_on IS NULL OR c.end_on >= :day UNION ALL "
        f"SELECT m.household_id, c.cadence, c.care_group, {_BEGUN}, c.living_arrangement, c.resident_id "
        "FROM json_each(:wanted) w CROSS JOIN household_member m ON m.household_id = w.value "
        "CROSS JOIN care_membership c ON c.resident_id = m.resident_id AND c.household_id IS NULL "
        f"WHERE {belongs(today=':day')} AND (c.end_on IS NULL OR c.end_on >= :day)",
        {"wanted": wanted, "day": day},
    )
    found: dict[int, list[CareRow]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(CareRow(*row))
    return found


def people(connection: "Connection", residents: Iterable[int]) -> dict[int, PersonRow]:
    """Names, births and status of residents, by id."""
    rows = gathered(
        connection,
        5,
        "SELECT id, name, birth_date, birth_year, status FROM resident WHERE id IN (SELECT value FROM json_each(?))",
        (id_list(residents),),
    )
    return {row[0]: PersonRow(row[1] or "", row[2], row[3], row[4]) for row in rows}


def last_notes(connection: "Connection", visits: Iterable[int]) -> dict[int, str]:
    """What was written on visits, by id; those without a note are left out."""
    rows = connection.exec_driver_sql(
        "SELECT id, situation_note FROM visit WHERE situation_note IS NOT NULL "
        "AND id IN (SELECT value FROM json_each(?))",
        (id_list(visits),),
    )
    return {row[0]: row[1] for row in rows.all()}


def any_household(connection: "Connection") -> bool:
    """Whether there is anybody on the books."""
    return connection.exec_driver_sql("SELECT 1 FROM household LIMIT 1").first() is not None


def buildings(connection: "Connection", ids: Iterable[int]) -> dict[int, str]:
    """The numbers of buildings, by id."""
    rows = connection.exec_driver_sql(
        "SELECT id, building_name FROM building WHERE id IN (SELECT value FROM json_each(?))", (id_list(ids),)
    )
    return {row[0]: row[1] or "" for row in rows.all()}
