"""What the list of households and one household's file show."""

import json
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from gridworker.store.log.log import id_list
from gridworker.store.queries.belonging import belongs
from gridworker.store.queries.gathered import gathered, gathered_text

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class PlaceRow(NamedTuple):
    """A household by its door, for putting households in order."""

    household: int
    estate: str | None
    building: str | None
    unit: str | None
    room: str | None


class BlockRow(NamedTuple):
    """A building, for putting buildings in order."""

    id: int
    estate: str | None
    label: str | None


class HomeRow(NamedTuple):
    """A household and its door as the file heads it."""

    household: int
    household_no: str | None
    wish: str | None
    status: str
    status_date: str | None
    arrangement: str | None
    phone: str | None
    preference: str | None
    remark: str | None
    access_need: str | None
    dwelling: int | None
    usage: str | None
    floor: int | None
    unit: str | None
    room: str | None
    building: int | None
    building_name: str | None
    estate: str | None
    grid: int | None
    grid_name: str | None
    head: int | None


class MemberRow(NamedTuple):
    """One person of a household; ``lives_here`` None is yes."""

    membership: int
    resident: int
    relation: str | None
    lives_here: int | None
    valid_to: str | None
    name: str
    sex: str | None
    birth_date: str | None
    birth_year: int | None
    phones: str | None
    id_number: str | None
    id_last4: str | None
    tags: str | None
    status: str | None


_PLACES = (
    "SELECT h.id, b.estate_name, b.building_name, d.unit_no, d.room_no FROM household h "
    "LEFT JOIN dwelling d ON d.id = h.dwelling_id LEFT JOIN building b ON b.id = d.building_id "
    "WHERE h.status IS NOT 'moved_out'"
)


def places(connection: "Connection", households: Iterable[int]) -> list[PlaceRow]:
    """Some households that live here, in no order."""
    wanted = f"{_PLACES} AND h.id IN (SELECT value FROM json_each(?))"
    return [PlaceRow(*row) for row in gathered(connection, len(PlaceRow._fields), wanted, (id_list(households),))]


def places_in(connection: "Connection", blocks: Iterable[int]) -> list[PlaceRow]:
    """The households of some buildings, in no order."""
    statement = (
        "SELECT h.id, b.estate_name, b.building_name, d.unit_no, d.room_no FROM json_each(?) w "
        "CROSS JOIN building b ON b.id = w.value CROSS JOIN dwelling d ON d.building_id = b.id "
        "CROSS JOIN household h ON h.dwelling_id = d.id WHERE h.status IS NOT 'moved_out'"
    )
    return [PlaceRow(*row) for row in gathered(connection, len(PlaceRow._fields), statement, (id_list(blocks),))]


def places_nowhere(connection: "Connection") -> list[PlaceRow]:
    """The households that have no door, or one in no building, in no order."""
    rows = gathered(connection, len(PlaceRow._fields), f"{_PLACES} AND b.id IS NULL")
    return [PlaceRow(*row) for row in rows]


OLDEST, NEWEST = (
    f"SELECT id FROM household WHERE status IS NOT 'moved_out' AND id {past} :last ORDER BY id {way} LIMIT :limit"
    for past, way in ((">", "ASC"), ("<", "DESC"))
)


def aged(connection: "Connection", last: int | None, limit: int, *, oldest_first: bool) -> list[int]:
    """The households behind ``last`` by the age of their files, read by their key; None begins."""
    begin = -1 if oldest_first else (1 << 63) - 1
    values = {"last": begin if last is None else last, "limit": limit}
    return [row[0] for row in connection.exec_driver_sql(OLDEST if oldest_first else NEWEST, values)]


def blocks_text(connection: "Connection") -> str:
    """All buildings, in no order: a text that is the same as long as they are, for ``blocks_of``."""
    return gathered_text(connection, 3, "SELECT id, estate_name, building_name FROM building")


def blocks_of(text: str) -> list[BlockRow]:
    """The buildings of such a text."""
    return list(map(BlockRow._make, json.loads(text)))


def neighbours(connection: "Connection", building: int) -> list[PlaceRow]:
    """Households that live in one building, in no order."""
    rows = connection.exec_driver_sql(
        "SELECT h.id, b.estate_name, b.building_name, d.unit_no, d.room_no FROM dwelling d "
        "JOIN household h ON h.dwelling_id = d.id AND h.status IS NOT 'moved_out' "
        "JOIN building b ON b.id = d.building_id "
        "WHERE d.building_id = ?",
        (building,),
    )
    return [PlaceRow(*row) for row in rows]


def several_estates(connection: "Connection") -> bool:
    """Whether doors need the name of their estate to be told apart; an index knows the first and the last of them."""
    found = connection.exec_driver_sql(
        "SELECT (SELECT min(estate_name) FROM building WHERE estate_name > ''), "
        "(SELECT max(estate_name) FROM building), "
        "EXISTS (SELECT 1 FROM building WHERE estate_name IS NULL OR estate_name = '')"
    )
    first, last, some_without = found.one()
    return first is not None and (first != last or bool(some_without))


VISITED_OF_SOME = (
    "SELECT household, met_at FROM last_call WHERE met_at IS NOT NULL AND household IN (SELECT value FROM json_each(?))"
)


def visited_at(connection: "Connection") -> dict[int, str]:
    """When each household was last visited, attempts left out."""
    rows = connection.exec_driver_sql("SELECT household, met_at FROM last_call WHERE met_at IS NOT NULL")
    return {row[0]: row[1] for row in rows}


def visited_of_some(connection: "Connection", among: Iterable[int]) -> dict[int, str]:
    """The same of some households."""
    return {row[0]: row[1] for row in gathered(connection, 2, VISITED_OF_SOME, (id_list(among),))}


PEOPLE = (
    "SELECT w.value, coalesce((SELECT nullif(count(*), 0) FROM household_member m WHERE m.household_id = w.value "
    f"AND m.lives_here IS NOT 0 AND {belongs()}), (SELECT h.people_count FROM household h WHERE h.id = w.value), 0) "
    "FROM json_each(:wanted) w"
)
"""The household itself is looked up only where nobody is on the books: of thousands that takes as long as counting.
None are left out here: the engine would count all of them twice."""


def people_counts(connection: "Connection", households: Iterable[int], today: date) -> dict[int, int]:
    """How many live in each household; the number told to the door where nobody is on the books."""
    rows = gathered(connection, 2, PEOPLE, {"wanted": id_list(households), "today": today.isoformat()})
    return {household: count for household, count in rows if count > 0}


def home(connection: "Connection", household: int) -> HomeRow | None:
    """One household, living here or moved out; None where it is not there."""
    row = connection.exec_driver_sql(
        "SELECT h.id, h.household_no, h.visit_wish, coalesce(h.status, 'active'), h.status_date, "
        "h.living_arrangement, h.contact_phone, "
        "h.contact_preference, h.remark, h.access_need, d.id, d.usage, d.floor, d.unit_no, d.room_no, b.id, "
        "b.building_name, b.estate_name, coalesce(d.grid_id, b.grid_id), g.name, h.head_id FROM household h "
        "LEFT JOIN dwelling d ON d.id = h.dwelling_id LEFT JOIN building b ON b.id = d.building_id "
        "LEFT JOIN grid g ON g.id = coalesce(d.grid_id, b.grid_id) WHERE h.id = ?",
        (household,),
    ).first()
    return HomeRow(*row) if row else None


def members(connection: "Connection", household: int) -> list[MemberRow]:
    """Everybody who belongs or belonged to a household: the head first, then in the order they came."""
    rows = connection.exec_driver_sql(
        "SELECT m.id, r.id, m.relation, m.lives_here, m.valid_to, coalesce(r.name, ''), r.sex, r.birth_date, "
        "r.birth_year, r.phones, r.id_number, r.id_last4, r.tags, r.status "
        "FROM household_member m JOIN resident r ON r.id = m.resident_id "
        "LEFT JOIN household h ON h.id = m.household_id WHERE m.household_id = ? "
        "ORDER BY r.id IS NOT h.head_id, m.relation IS NOT '02', m.id",
        (household,),
    )
    return [MemberRow(*row) for row in rows]


def behind(connection: "Connection", dwelling: int | None, household: int) -> list[tuple[int, str]]:
    """The other households that live behind a door, and what their heads are called; None is no door."""
    rows = connection.exec_driver_sql(
        "SELECT h.id, coalesce(r.name, h.head_name, '') FROM household h LEFT JOIN resident r ON r.id = h.head_id "
        "WHERE h.dwelling_id = ? AND h.status IS NOT 'moved_out' AND h.id <> ? ORDER BY h.id",
        (dwelling, household),
    )
    return [(id_, name) for id_, name in rows]


def consents(connection: "Connection", household: int, residents: Iterable[int]) -> list[dict[str, object]]:
    """Consents of a household and its people, as ``consent_rules`` takes them, with their ids."""
    names = (
        "id",
        "resident_id",
        "household_id",
        "purpose",
        "scope",
        "method",
        "given_on",
        "expires_on",
        "withdrawn_on",
    )
    rows = connection.exec_driver_sql(
        f"SELECT {', '.join(names)} FROM consent WHERE household_id = ? "
        "OR resident_id IN (SELECT value FROM json_each(?))",
        (household, id_list(residents)),
    )
    return [dict(zip(names, row, strict=True)) for row in rows]


def care_ids(connection: "Connection", household: int, residents: Iterable[int]) -> list[int]:
    """Care memberships, over or not, of a household and its people."""
    rows = connection.exec_driver_sql(
        "SELECT id FROM care_membership WHERE household_id = ? OR resident_id IN (SELECT value FROM json_each(?))",
        (household, id_list(residents)),
    )
    return [row[0] for row in rows]


def grid_workers(connection: "Connection", grid: int) -> list[str]:
    """The names of those whose laptops have a grid."""
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT s.name FROM device_grid g JOIN device d ON d.id = g.device_id JOIN staff s "
        "ON s.id = d.staff_id WHERE g.grid_id = ? AND d.state = 'active' ORDER BY s.name",
        (grid,),
    )
    return [row[0] for row in rows]
