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

PLACES = frozenset({"grid", "building", "dwelling"})
"""Kinds in which others lie: without it they have no place, no laptop, and are in no list."""


def refuse_rested_on(store: "Store", record: "type[Record]", id_: int, values: Mapping[str, Value]) -> None:
    """Raise Problem where a place that has something in it is to be deleted.

    A household or a person may go, and what refers to them is a finding (sync.md 3): ``resting_words`` counts it.
    """
    if record.kind.name in PLACES and (found := resting_words(store, record.kind.name, id_)):
        name = record.caption(values) or str(record.kind.title)
        raise Problem("“{name}” stays: there is something in it yet ({what}).", name=name, what=found)


def resting_words(store: "Store", kind: str, id_: int) -> str:
    """What refers to a record, kind by kind, in words; empty where nothing does."""
    from gridworker.store.still_referenced import counted

    with store.cursor() as cursor:
        found = counted(cursor, kind, id_)
    return gettext(", ").join(f"{records.kind_named(name).kind.plural} {count}" for name, count in found.items())
