"""The register as an import compares with it: the doors of a grid, who lives behind them, and every ID number."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from gridworker.store.log.log import id_list

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class DoorRow(NamedTuple):
    """A dwelling of a grid."""

    id: int
    building: int
    building_name: str
    unit: str | None
    room: str
    estate: str | None
    vacant: bool


class HomeRow(NamedTuple):
    """A household; ``dwelling`` None where no door is known."""

    id: int
    dwelling: int | None
    head: int | None
    head_name: str | None
    remark: str | None
    phone: str | None
    gone: bool
    """Whether it has moved out."""


class MemberRow(NamedTuple):
    """Somebody who lives in a household now."""

    id: int
    household: int
    resident: int
    relation: str | None


def buildings(connection: "Connection", grid: int) -> dict[tuple[str, str], int]:
    """Ids of the buildings of a grid by their number and estate, newest first; of two alike the older one."""
    rows = connection.exec_driver_sql(
        "SELECT building_name, coalesce(estate_name, ''), id FROM building WHERE grid_id = ? ORDER BY id DESC", (grid,)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def doors(connection: "Connection", grid: int | None) -> list[DoorRow]:
    """The dwellings of a grid, or of all."""
    rows = connection.exec_driver_sql(
        "SELECT d.id, b.id, b.building_name, d.unit_no, d.room_no, b.estate_name, d.vacancy IS 'vacant' "
        "FROM dwelling d "
        "JOIN building b ON b.id = d.building_id WHERE ?1 IS NULL OR coalesce(d.grid_id, b.grid_id) = ?1 ORDER BY d.id",
        (grid,),
    )
    return [DoorRow(*row) for row in rows]


def homes(connection: "Connection", *, gone: bool = False) -> list[HomeRow]:
    """All households that live here; those too that have moved out, where they are asked for."""
    rows = connection.exec_driver_sql(
        "SELECT id, dwelling_id, head_id, head_name, remark, contact_phone, status IS 'moved_out' FROM household "
        "WHERE ? OR status IS NOT 'moved_out' ORDER BY id",
        (gone,),
    )
    return [HomeRow(*row) for row in rows]


def members(connection: "Connection") -> list[MemberRow]:
    """All memberships that are not over."""
    rows = connection.exec_driver_sql(
        "SELECT id, household_id, resident_id, relation FROM household_member WHERE valid_to IS NULL ORDER BY id"
    )
    return [MemberRow(*row) for row in rows]


def id_numbers(connection: "Connection") -> list[tuple[int, str]]:
    """(resident, ID number) of everybody who has one."""
    rows = connection.exec_driver_sql("SELECT id, id_number FROM resident WHERE id_number IS NOT NULL ORDER BY id")
    return [(row[0], row[1]) for row in rows]


def id_hashes(connection: "Connection") -> list[tuple[int, str]]:
    """(resident, keyed hash of the ID number) of everybody whose number is not kept in full."""
    rows = connection.exec_driver_sql("SELECT id, id_hash FROM resident WHERE id_hash IS NOT NULL ORDER BY id")
    return [(row[0], row[1]) for row in rows]


def former(connection: "Connection") -> dict[int, MemberRow]:
    """The last membership of everybody who is a member of no household any more, by resident."""
    rows = connection.exec_driver_sql(
        "SELECT id, household_id, resident_id, relation FROM household_member m WHERE valid_to IS NOT NULL AND NOT "
        "EXISTS (SELECT 1 FROM household_member n WHERE n.resident_id = m.resident_id AND n.valid_to IS NULL) "
        "ORDER BY valid_to, id"
    )
    return {row[2]: MemberRow(*row) for row in rows}


def loose(connection: "Connection") -> list[int]:
    """Residents who were never a member of any household."""
    rows = connection.exec_driver_sql(
        "SELECT id FROM resident r WHERE NOT EXISTS (SELECT 1 FROM household_member m WHERE m.resident_id = r.id)"
    )
    return [row[0] for row in rows]


def door_of(connection: "Connection", household: int) -> tuple[str | None, tuple[str, str | None, str | None]] | None:
    """The grid of a household, and its building, unit and room; None where it has no door."""
    row = connection.exec_driver_sql(
        "SELECT g.name, b.building_name, d.unit_no, d.room_no FROM household h JOIN dwelling d ON d.id = h.dwelling_id "
        "JOIN building b ON b.id = d.building_id LEFT JOIN grid g ON g.id = coalesce(d.grid_id, b.grid_id) "
        "WHERE h.id = ?",
        (household,),
    ).first()
    return (row[0], (row[1], row[2], row[3])) if row else None


def care_groups(connection: "Connection", residents: Iterable[int], today: date) -> dict[tuple[int, str], int]:
    """The care memberships that are not over on a day, by resident and care group."""
    rows = connection.exec_driver_sql(
        "SELECT resident_id, care_group, id FROM care_membership "
        "WHERE (end_on IS NULL OR end_on >= ?) AND resident_id IN (SELECT value FROM json_each(?))",
        (today.isoformat(), id_list(residents)),
    )
    return {(row[0], row[1]): row[2] for row in rows}
