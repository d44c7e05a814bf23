"""What acts on a household have to know: its people, its door, who else is there, what care is in force."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from gridworker.store.log.log import id_list
from gridworker.store.queries.belonging import belongs
from gridworker.store.queries.needs import needs

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class HouseRow(NamedTuple):
    """A household and its door. ``others``: how many more households live behind it."""

    household: int
    head: int | None
    dwelling: int | None
    status: str | None
    others: int


class BelongsRow(NamedTuple):
    """A membership that is not over. ``elsewhere``: how many more of this person's are not.

    ``dead``: somebody wrote of the person that they died, and of the membership nothing.
    """

    membership: int
    resident: int
    name: str
    relation: str | None
    sex: str | None
    since: str | None
    elsewhere: int
    dead: int


def house(connection: "Connection", household: int) -> HouseRow | None:
    """One household; None where it is not here."""
    row = connection.exec_driver_sql(
        "SELECT h.id, h.head_id, h.dwelling_id, coalesce(h.status, 'active'), (SELECT count(*) FROM household o "
        "WHERE o.dwelling_id = h.dwelling_id AND o.status IS NOT 'moved_out' AND o.id <> h.id) "
        "FROM household h WHERE h.id = ?",
        (household,),
    ).first()
    return HouseRow(*row) if row else None


def belonging(connection: "Connection", household: int, today: date) -> list[BelongsRow]:
    """Who belongs to a household today, the head first."""
    rows = connection.exec_driver_sql(
        "SELECT m.id, r.id, coalesce(r.name, ''), m.relation, r.sex, m.valid_from, "
        f"(SELECT count(*) FROM household_member o WHERE o.resident_id = r.id AND {belongs('o')} "
        "AND o.household_id <> m.household_id), r.status IS 'deceased' "
        "FROM household_member m JOIN resident r ON r.id = m.resident_id "
        f"LEFT JOIN household h ON h.id = m.household_id WHERE m.household_id = :household AND {belongs()} "
        "ORDER BY r.id IS NOT h.head_id, m.relation IS NOT '02', m.id",
        {"household": household, "today": today.isoformat()},
    )
    return [BelongsRow(*row) for row in rows]


def cares_in_force(connection: "Connection", residents: Iterable[int], day: str) -> dict[int, list[tuple[int, str]]]:
    """Care memberships of people that are not over on a day, each with its first day, by resident."""
    rows = connection.exec_driver_sql(
        "SELECT c.resident_id, c.id, coalesce(c.start_on, '') FROM json_each(:wanted) w CROSS JOIN care_membership c "
        "ON c.resident_id = w.value WHERE c.end_on IS NULL OR c.end_on > :day",
        {"wanted": id_list(residents), "day": day},
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for resident, care, start in rows:
        found.setdefault(resident, []).append((care, start))
    return found


def of_household(connection: "Connection", household: int, day: str) -> tuple[list[tuple[int, str]], list[int]]:
    """Care of a household as a whole that is not over on a day, each with its first day; and what it asks for still."""
    cares = connection.exec_driver_sql(
        "SELECT id, coalesce(start_on, '') FROM care_membership WHERE household_id = ? "
        "AND (end_on IS NULL OR end_on > ?) ORDER BY id",
        (household, day),
    )
    return [tuple(row) for row in cares], [need.id for need in needs(connection, household) if need.is_open]


class FormerRow(NamedTuple):
    """Somebody who moved out of a household and belongs nowhere now, as they were a member last."""

    resident: int
    name: str
    relation: str | None
    sex: str | None


def former(connection: "Connection", household: int, today: date) -> list[FormerRow]:
    """Who moved out of a household and may come back, the last to leave first."""
    rows = connection.exec_driver_sql(
        "SELECT r.id, coalesce(r.name, ''), m.relation, r.sex FROM household_member m "
        f"JOIN resident r ON r.id = m.resident_id WHERE m.household_id = :household AND NOT {belongs()} "
        "AND coalesce(m.left_by, 'moved_out') = 'moved_out' AND coalesce(r.status, '') <> 'deceased' AND NOT EXISTS "
        "(SELECT 1 FROM household_member o WHERE o.resident_id = r.id "
        f"AND {belongs('o')}) ORDER BY m.valid_to DESC, m.id DESC",
        {"household": household, "today": today.isoformat()},
    )
    return list({row[0]: FormerRow(*row) for row in reversed(rows.fetchall())}.values())[::-1]


def emptied_on(connection: "Connection", household: int, today: date) -> str:
    """The day the last of a household left it, where nobody belongs to it any more; '' else."""
    row = connection.exec_driver_sql(
        f"SELECT max(m.valid_to), sum({belongs()}) FROM household_member m WHERE m.household_id = :household",
        {"household": household, "today": today.isoformat()},
    ).one()
    return str(row[0]) if row[0] and not row[1] else ""


def homes_of(connection: "Connection", resident: int, today: date) -> list[int]:
    """The households somebody belongs to."""
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT m.household_id FROM household_member m WHERE m.resident_id = ? "
        f"AND {belongs(today='?')} ORDER BY m.household_id",
        (resident, today.isoformat()),
    )
    return [row[0] for row in rows]


class OtherHome(NamedTuple):
    """A membership of somebody in another household, with its head and its door.

    ``estate`` only where it is another than that of the household it is asked for.
    """

    resident: int
    membership: int
    household: int
    head: str
    estate: str | None
    building: str | None
    unit: str | None
    room: str | None


def other_homes(connection: "Connection", memberships: Iterable[int]) -> list[OtherHome]:
    """Where else the people of some memberships belong or belonged, in the order they came there."""
    rows = connection.exec_driver_sql(
        "SELECT m.resident_id, o.id, o.household_id, coalesce(r.name, ''), "
        "CASE WHEN b.estate_name IS NOT mb.estate_name THEN b.estate_name END, b.building_name, d.unit_no, d.room_no "
        "FROM json_each(?) w CROSS JOIN household_member m ON m.id = w.value JOIN household_member o "
        "ON o.resident_id = m.resident_id AND o.household_id <> m.household_id "
        "JOIN household h ON h.id = o.household_id LEFT JOIN resident r ON r.id = h.head_id "
        "LEFT JOIN dwelling d ON d.id = h.dwelling_id LEFT JOIN building b ON b.id = d.building_id "
        "LEFT JOIN household mh ON mh.id = m.household_id LEFT JOIN dwelling md ON md.id = mh.dwelling_id "
        "LEFT JOIN building mb ON mb.id = md.building_id ORDER BY o.id",
        (id_list(memberships),),
    )
    return [OtherHome(*row) for row in rows]


def grid_of_dwelling(connection: "Connection", dwelling: int) -> int | None:
    """The grid a door is in; None where the door is not here or in none."""
    row = connection.exec_driver_sql(
        "SELECT coalesce(d.grid_id, b.grid_id) FROM dwelling d LEFT JOIN building b ON b.id = d.building_id "
        "WHERE d.id = ?",
        (dwelling,),
    ).first()
    return row[0] if row else None


def grid_of_household(connection: "Connection", household: int) -> int | None:
    """The grid the door of a household is in; None where it has none here."""
    row = connection.exec_driver_sql("SELECT dwelling_id FROM household WHERE id = ?", (household,)).first()
    return grid_of_dwelling(connection, row[0]) if row and row[0] is not None else None


class DoorRow(NamedTuple):
    """A door by its parts, and who is head behind it."""

    dwelling: int
    estate: str | None
    building: str | None
    unit: str | None
    room: str | None
    heads: str | None


def doors(connection: "Connection", dwellings: Iterable[int]) -> list[DoorRow]:
    """Doors and who lives behind them."""
    rows = connection.exec_driver_sql(
        "SELECT d.id, b.estate_name, b.building_name, d.unit_no, d.room_no, "
        "(SELECT group_concat(coalesce(r.name, ''), '、') FROM household h LEFT JOIN resident r ON r.id = h.head_id "
        "WHERE h.dwelling_id = d.id AND h.status IS NOT 'moved_out') FROM json_each(?) w CROSS JOIN dwelling d "
        "ON d.id = w.value LEFT JOIN building b ON b.id = d.building_id",
        (id_list(dwellings),),
    )
    return [DoorRow(*row) for row in rows]


def homes(connection: "Connection", households: Iterable[int]) -> list[tuple[int, DoorRow]]:
    """Households by their doors, with the head of each."""
    rows = connection.exec_driver_sql(
        "SELECT h.id, coalesce(d.id, 0), b.estate_name, b.building_name, d.unit_no, d.room_no, r.name "
        "FROM json_each(?) w CROSS JOIN household h ON h.id = w.value LEFT JOIN dwelling d ON d.id = h.dwelling_id "
        "LEFT JOIN building b ON b.id = d.building_id LEFT JOIN resident r ON r.id = h.head_id "
        "WHERE h.status IS NOT 'moved_out'",
        (id_list(households),),
    )
    return [(row[0], DoorRow(*row[1:])) for row in rows]


def dwelling_of(connection: "Connection", households: Iterable[int]) -> list[int]:
    """The doors of households."""
    rows = connection.exec_driver_sql(
        "SELECT dwelling_id FROM household WHERE id IN (SELECT value FROM json_each(?)) AND dwelling_id IS NOT NULL",
        (id_list(households),),
    )
    return [row[0] for row in rows]
