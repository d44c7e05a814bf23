"""What stands in fields of a record, to be written anew when all that ever stood there is erased.

So that what is shown stays and only what it replaced goes: an edit that names the erasure keeps its value. A conflict
stays one: each side is written anew. Of a record that is not shown nothing is kept, for to write on it would bring it
back.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from gridworker.errors import Problem
from gridworker.record import Kind, Spec, Value
from gridworker.store.log.corrected import Corrections
from gridworker.store.log.heads import heads_of
from gridworker.store.log.log import Cursor, Log
from gridworker.store.log.op import value_of
from gridworker.store.tables.changes import Side, Sides, each_once


class Staying(NamedTuple):
    """Values by name of field where there is one, sides by number where there are several."""

    values: Mapping[str, Value]
    again: Mapping[int, Sides]


def staying(cursor: Cursor, kind: Kind, record: int, names: Iterable[str], instead_of: Mapping[str, str]) -> Staying:
    """What stands in some fields, with some words replaced by others, the longest first."""
    values: dict[str, Value] = {}
    again: dict[int, Sides] = {}
    if is_shown(cursor, kind, record):
        for spec in map(kind.specs.__getitem__, names):
            found = [_replaced(value, instead_of) for value in _values(cursor, record, spec)]
            sides = each_once(found)
            if len(sides) == 1:
                values[spec.name] = sides[0]
            elif sides:
                again[spec.number] = tuple(map(Side, sides))
    return Staying(values, again)


def mark_of(text: str) -> str:
    """What a text is known again by, without saying what it is."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def require_unchanged(cursor: Cursor, kind: Kind, record: int, was: Mapping[str, str]) -> None:
    """Raises Problem where something else stands there by now than what somebody looked at, by its mark."""
    for name, mark in was.items():
        cursor.execute(f'SELECT "{kind.specs[name].name}" FROM "{kind.name}" WHERE id = ?', (record,))
        found = cursor.fetchone()
        if found is None or mark_of(str(found[0] or "")) != mark:
            raise Problem(
                "“{kind}, {field}” was changed in the meantime. Look at it once more.",
                kind=kind.title, field=kind.specs[name].label,
            )  # fmt: skip


def is_shown(cursor: Cursor, kind: Kind, record: int) -> bool:
    """Whether a record is here and not deleted."""
    cursor.execute(f'SELECT 1 FROM "{kind.name}" WHERE id = ?', (record,))
    return cursor.fetchone() is not None


def _values(cursor: Cursor, record: int, spec: Spec) -> list[Value]:
    """The values of a field's heads, the one to show last."""
    log, clocks = Log(cursor), Corrections.of(cursor)
    heads: Collection[int] = heads_of(log.heads([record]).get(record, {}), record, spec.number)
    rows = sorted(log.rows(heads).values(), key=lambda row: (clocks.ms(row.clk), row.clk))
    return [value_of(row.what, record, row.vals, spec.number) for row in rows]


def _replaced(value: Value, instead_of: Mapping[str, str]) -> Value:
    if isinstance(value, str):
        for word in sorted(instead_of, key=len, reverse=True):
            value = value.replace(word, instead_of[word])
    return value
