"""By what records are named where a ledger refers to them: people by name, households by number, doors as called."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from gridworker.domain.address import door_label

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class Named(NamedTuple):
    """One record: what it is written as, what else it goes by, and in which grid it lies, where it lies in one."""

    id: int
    called: str
    also: tuple[str, ...] = ()
    grid: int | None = None
    past: bool = False
    """Not at work any more, moved out: meant only where nobody else is."""


def named(connection: "Connection", kind: str) -> list[Named]:
    """All records of a kind that ledgers refer to, in the order of their ids."""
    return _READERS[kind](connection)


def _staff(connection: "Connection") -> list[Named]:
    rows = connection.exec_driver_sql("SELECT id, name, active FROM staff ORDER BY id")
    return [Named(row[0], row[1] or "", past=row[2] == 0) for row in rows]


def _grids(connection: "Connection") -> list[Named]:
    rows = connection.exec_driver_sql("SELECT id, name, code FROM grid ORDER BY id")
    return [Named(row[0], row[1] or "", _said(row[2]), row[0]) for row in rows]


def _households(connection: "Connection") -> list[Named]:
    rows = connection.exec_driver_sql(
        "SELECT h.id, h.household_no, coalesce(k.name, h.head_name), coalesce(d.grid_id, b.grid_id), h.status "
        "FROM household h LEFT JOIN dwelling d ON d.id = h.dwelling_id LEFT JOIN building b ON b.id = d.building_id "
        "LEFT JOIN resident k ON k.id = h.head_id ORDER BY h.id"
    )
    return [Named(row[0], row[1] or "", _said(row[2]), row[3], row[4] == "moved_out") for row in rows]


def _buildings(connection: "Connection") -> list[Named]:
    rows = connection.exec_driver_sql("SELECT id, estate_name, building_name, grid_id FROM building ORDER BY id")
    return [_place(row[0], row[1], door_label(row[2], None, None), row[3]) for row in rows if row[2]]


def _dwellings(connection: "Connection") -> list[Named]:
    rows = connection.exec_driver_sql(
        "SELECT d.id, b.estate_name, b.building_name, d.unit_no, d.room_no, coalesce(d.grid_id, b.grid_id) "
        "FROM dwelling d JOIN building b ON b.id = d.building_id ORDER BY d.id"
    )
    return [_place(row[0], row[1], door_label(*row[2:5]), row[5]) for row in rows if row[2] and row[4]]


def _place(id_: int, estate: str | None, label: str, grid: int | None) -> Named:
    return Named(id_, f"{estate} {label}" if estate else label, (label,) if estate else (), grid)


def _said(*texts: str | None) -> tuple[str, ...]:
    return tuple(filter(None, texts))


_READERS: "Mapping[str, Callable[[Connection], list[Named]]]" = MappingProxyType({
    "staff": _staff, "grid": _grids, "household": _households, "building": _buildings, "dwelling": _dwellings,
})  # fmt: skip
