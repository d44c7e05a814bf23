"""The history of a record: every op on it, found by following ``over`` from its heads.

Every op is a head or named in the ``over`` of a later one, so the walk reaches all of them by primary key; the log
needs no index by record, which would slow every merge.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gridworker import discover
from gridworker.record import ALIVE, Value
from gridworker.store.clock import device_of, moment_of
from gridworker.store.heads import Packed, heads_of
from gridworker.store.log import Cursor, Log, is_created
from gridworker.store.op import OpRow, What, unpack_create, unpack_edits


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field in one op: what it was, as its author saw it, and what it became."""

    field: str
    before: tuple[Value, ...]
    after: Value
    current: bool
    """Whether it is a head: the value shown, or one side of a conflict."""


@dataclass(frozen=True, slots=True)
class Event:
    """One op on a record."""

    clk: int
    at: datetime
    what: What
    who: int
    device: int
    changes: tuple[FieldChange, ...]


def history(cursor: Cursor, record: int) -> list[Event]:
    """All that happened to a record, newest first. Empty where the record is not here."""
    log = Log(cursor)
    packed = log.heads([record]).get(record)
    if packed is None:
        return []
    ops = reachable(log, {record: packed})
    authors = log.author_table()
    return [
        Event(
            row.clk,
            moment_of(row.clk),
            What(row.what),
            authors[row.author].who,
            device_of(row.clk),
            _changes(row, ops, packed),
        )
        for row in sorted(ops.values(), reverse=True)
    ]


def reachable(log: Log, heads: Mapping[int, Packed]) -> dict[int, OpRow]:
    """Every op on the records whose packed heads are given, as far as it is here."""
    ops: dict[int, OpRow] = {}
    wanted = {clk for record, packed in heads.items() for field in packed for clk in heads_of(packed, record, field)}
    wanted |= {record for record, packed in heads.items() if is_created(packed)}
    while wanted:
        found = log.rows(wanted)
        ops.update(found)
        edits = (unpack_edits(row.record, row.vals) for row in found.values() if row.what != What.CREATE)
        wanted = {clk for listed in edits for edit in listed for clk in edit.over} - ops.keys()
    return ops


def _changes(row: OpRow, ops: dict[int, OpRow], packed: Packed) -> tuple[FieldChange, ...]:
    if row.what == What.CREATE:
        return tuple(
            FieldChange(_name(row.kind, field), (), value, current=row.clk in heads_of(packed, row.record, field))
            for field, value in unpack_create(row.vals).items()
        )
    return tuple(
        FieldChange(
            _name(row.kind, edit.field),
            tuple(_value(ops[clk], edit.field) for clk in edit.over if clk in ops),
            edit.value,
            current=row.clk in heads_of(packed, row.record, edit.field),
        )
        for edit in unpack_edits(row.record, row.vals)
    )


def _value(row: OpRow, field: int) -> Value:
    if row.what == What.CREATE:
        return 1 if field == ALIVE else unpack_create(row.vals).get(field)
    return next((edit.value for edit in unpack_edits(row.record, row.vals) if edit.field == field), None)


def _name(kind: int, field: int) -> str:
    """The field's name; a number where a newer version wrote it."""
    if field == ALIVE:
        return "alive"
    record = discover.by_number().get(kind)
    spec = record.kind.numbered.get(field) if record else None
    return spec.name if spec else str(field)
