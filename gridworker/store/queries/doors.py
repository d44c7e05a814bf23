"""What the door matrix shows of a building: its doors, and who lives behind them."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from gridworker.store.log.log import id_list
from gridworker.store.queries.belonging import belongs
from gridworker.store.queries.gathered import gathered

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class BuildingRow(NamedTuple):
    """A building as stored; ``grid`` is the name of its grid."""

    id: int
    estate: str | None
    name: str | None
    head: str | None
    floors: int | None
    grid: str | None


class DoorRow(NamedTuple):
    """A door and one household behind it; a door shared by several comes several times, an empty one once."""

    dwelling: int
    unit: str | None
    floor: int | None
    room: str | None
    usage: str | None
    vacancy: str | None
    household: int | None
    wish: str | None
    people: int


_BUILDINGS = (
    "SELECT b.id, b.estate_name, b.building_name, coalesce(s.name, b.head_name), b.floor_count, g.name "
    "FROM building b LEFT JOIN grid g ON g.id = b.grid_id LEFT JOIN staff s ON s.id = b.head_staff_id"
)


def buildings(connection: "Connection") -> list[BuildingRow]:
    """All buildings, in no order."""
    return [BuildingRow(*row) for row in gathered(connection, len(BuildingRow._fields), _BUILDINGS)]


def building(connection: "Connection", building: int) -> BuildingRow | None:
    """One building; None where it is not here."""
    row = connection.exec_driver_sql(f"{_BUILDINGS} WHERE b.id = ?", (building,)).first()
    return BuildingRow(*row) if row is not None else None


def numbers(connection: "Connection", building: int) -> dict[tuple[str | None, str], int]:
    """The doors of a building by unit and room, quick enough to be asked while somebody types."""
    rows = connection.exec_driver_sql(
        "SELECT unit_no, coalesce(room_no, ''), id FROM dwelling WHERE building_id = ?", (building,)
    )
    return {(unit, room): dwelling for unit, room, dwelling in rows}


def homes_by_building(connection: "Connection", households: Iterable[int]) -> dict[int, int]:
    """How many of some households live in each building."""
    rows = gathered(
        connection,
        2,
        "SELECT d.building_id, count(*) FROM json_each(?) w CROSS JOIN household h ON h.id = w.value "
        "CROSS JOIN dwelling d ON d.id = h.dwelling_id WHERE d.building_id IS NOT NULL GROUP BY 1",
        (id_list(households),),
    )
    return dict(rows)


def doors(connection: "Connection", building: int, today: date) -> list[DoorRow]:
    """The doors of a building with the households that live there now. ``people`` counts those who live in."""
    rows = connection.exec_driver_sql(
        "SELECT d.id, d.unit_no, d.floor, d.room_no, d.usage, d.vacancy, h.id, h.visit_wish, "
        "coalesce((SELECT nullif(count(*), 0) FROM household_member m WHERE m.household_id = h.id "
        f"AND m.lives_here IS NOT 0 AND {belongs()}), h.people_count, 0) "
        "FROM dwelling d LEFT JOIN household h ON h.dwelling_id = d.id AND h.status IS NOT 'moved_out' "
        "WHERE d.building_id = :building ORDER BY d.id, h.id",
        {"building": building, "today": today.isoformat()},
    )
    return [DoorRow(*row) for row in rows]
