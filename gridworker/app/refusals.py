"""What a person may not do to single records that others rest on: asked when they act, never when changes meet."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gridworker.errors import Problem
from gridworker.record import Value
from gridworker.store import records
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.record import Record
    from gridworker.store.store import Store

HOLD_OTHERS = frozenset({"grid", "building", "dwelling", "household"})
"""Kinds in which others lie: without it they have no place, no laptop, and are in no list."""

PERSON = "resident"


def refuse_rested_on(session: "Session", record: "type[Record]", id_: int, values: Mapping[str, Value]) -> None:
    """Raise Problem where a place or a household that has something in it is to be deleted, or one of its people.

    Who moves out or dies is written down on the page of the household; nothing is deleted by that.
    """
    kind = record.kind
    if kind.name in HOLD_OTHERS and (found := _resting(session.store, kind.name, id_)):
        name = record.caption(values) or str(kind.title)
        raise Problem("“{name}” stays: there is something in it yet ({what}).", name=name, what=found)
    if kind.name == PERSON and (count := _homes(session, id_)):
        what = f"{records.kind_named('household').kind.plural} {count}"
        raise Problem(
            "This person stays: they belong to a household yet ({what}). Write down there that they moved out or died.",
            what=what,
        )


def _homes(session: "Session", resident: int) -> int:
    """To how many households somebody belongs."""
    from gridworker.store.queries.person import homes

    with session.store.db.read() as connection:
        return len(homes(connection, resident, session.today()))


def _resting(store: "Store", kind: str, id_: int) -> str:
    """What is in it, kind by kind, in words; empty where nothing is."""
    from gridworker.store.resting import counted

    with store.cursor() as cursor:
        found = counted(cursor, kind, id_)
    return gettext(", ").join(f"{records.kind_named(name).kind.plural} {count}" for name, count in found.items())
