"""What a person may not do to single records that others rest on: asked when they act, never when changes meet."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gridworker.errors import Problem
from gridworker.record import Value
from gridworker.store import records
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.record import Record
    from gridworker.store.store import Store

HOLD_OTHERS = frozenset({"grid"})
"""Kinds on which all else stands: without them what is in them has no place, and no laptop."""


def refuse_rested_on(store: "Store", record: "type[Record]", id_: int, values: Mapping[str, Value]) -> None:
    """Raise Problem where a grid that others are in is to be deleted."""
    name = record.caption(values)
    if record.kind.name in HOLD_OTHERS and (found := _resting(store, record.kind.name, id_)):
        raise Problem("“{name}” stays: there is something in it yet ({what}).", name=name, what=found)


def _resting(store: "Store", kind: str, id_: int) -> str:
    """What is in it, kind by kind, in words; empty where nothing is."""
    from gridworker.store.resting import counted

    with store.cursor() as cursor:
        found = counted(cursor, kind, id_)
    return gettext(", ").join(f"{records.kind_named(name).kind.plural} {count}" for name, count in found.items())
