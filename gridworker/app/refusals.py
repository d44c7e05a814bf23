"""What a person may not do to single records that others rest on: asked when they act, never when changes meet."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gridworker.app.called import computer_called
from gridworker.errors import Invalid, Problem
from gridworker.record import Value
from gridworker.store import records
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.record import Record
    from gridworker.store.store import Store

DEVICE, NUMBER = "device", "number"
HOLD_OTHERS = frozenset({"community", "grid"})
"""Kinds on which all else stands: without them what is in them has no place, and no laptop."""


def refuse_rested_on(store: "Store", record: "type[Record]", id_: int, values: Mapping[str, Value]) -> None:
    """Raise Problem where a grid or the community that others are in, or a device that is out, is to be deleted."""
    name, number = record.caption(values), values.get(NUMBER)
    if record.kind.name == DEVICE and isinstance(number, int) and _is_out(store, number):
        raise Problem(
            "“{name}” stays: this computer is in use, or was given a kit. Take it out of use instead, on the page "
            "Devices and people or with gridworker device retire.",
            name=name or computer_called(number),
        )
    if record.kind.name in HOLD_OTHERS and (found := _resting(store, record.kind.name, id_)):
        raise Problem("“{name}” stays: there is something in it yet ({what}).", name=name, what=found)


def refuse_second_number(
    store: "Store", record: "type[Record]", values: Mapping[str, Value], before: Mapping[str, Value]
) -> None:
    """Raise Invalid where a device is to have the number of another one: bundles and replies go by it."""
    number = values.get(NUMBER)
    if record.kind.name != DEVICE or number is None or number == before.get(NUMBER):
        return
    with store.db.read() as connection:
        taken = records.page(connection, DEVICE, limit=1, where={NUMBER: number})
    if taken:
        fault = Problem("There is a device with the number {number} already.", number=number)
        raise Invalid({NUMBER: fault}, {NUMBER: record.kind.specs[NUMBER].label})


def _is_out(store: "Store", number: int) -> bool:
    """Whether a computer of that number is this one, or has a kit or keys: it may be working, and hand in."""
    from gridworker.store.streams import Exchange

    with store.cursor() as cursor:
        tables = Exchange(cursor)
        kit, keys = tables.kit(number), any(key.laptop == number for key in tables.pinned())
    return number == store.identity.laptop or kit is not None or keys


def _resting(store: "Store", kind: str, id_: int) -> str:
    """What is in it, kind by kind, in words; empty where nothing is."""
    from gridworker.store.resting import counted

    with store.cursor() as cursor:
        found = counted(cursor, kind, id_)
    return gettext(", ").join(f"{records.kind_named(name).kind.plural} {count}" for name, count in found.items())
