"""Records that ops changed and led back: what was done and undone before it was handed over."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from gridworker.record import Value
from gridworker.store.log.log import Columns, Cursor, Log
from gridworker.store.log.op import Over, What, unpack_edits, value_of

_TURNS = frozenset({What.EDIT, What.DELETE, What.RESTORE, What.RESOLVE})
"""Edits, and what takes them back."""

_Fields: TypeAlias = dict[int, tuple[Over, Value, int]]
"""Of a record, by field: what its first op here replaced, the value its last one gives, and how many there are."""


def as_before(cursor: Cursor, ops: Columns, created: set[int]) -> set[int]:
    """Those records, none of the created ones, whose fields all have in the end what they had before these ops.

    Both ends know by their logs what a field had. Where that is not here any more, or was several values, it changed.
    """
    turned = dict(_turned(ops, created))
    overs = {clk for fields in turned.values() for over, _, _ in fields.values() for clk in over}
    rows = Log(cursor).rows(overs) if overs else {}

    def had(record: int, field: int, over: Over, value: Value) -> bool:
        row = rows.get(over[0]) if len(over) == 1 else None
        return row is not None and row.record == record and value_of(row.what, record, row.vals, field) == value

    return {
        record
        for record, fields in turned.items()
        if all(had(record, field, over, value) for field, (over, value, _) in fields.items())
    }


def _turned(ops: Columns, created: set[int]) -> Iterator[tuple[int, _Fields]]:
    """Records of which each field was written twice here at least: once is never there and back."""
    often = {record for record, count in Counter(ops.record).items() if count > 1} - created
    by_record: dict[int, list[tuple[int, int, bytes]]] = {record: [] for record in often}
    for clk, record, what, vals in zip(ops.clk, ops.record, ops.what, ops.vals, strict=True) if often else ():
        if record in by_record:
            by_record[record].append((clk, what, vals))
    for record, rows in by_record.items():
        fields = _ends(record, rows)
        if fields and all(count > 1 for _, _, count in fields.values()):
            yield record, fields


def _ends(record: int, rows: Sequence[tuple[int, int, bytes]]) -> _Fields:
    """What the ops of a record lead from and to; nothing where one of them replaces what somebody else wrote."""
    fields: _Fields = {}
    here = {clk for clk, _, _ in rows}
    for _, what, vals in rows:
        if what not in _TURNS:
            return {}
        for edit in unpack_edits(record, vals):
            over, _, count = fields.get(edit.field, (edit.over, None, 0))
            if count and not here.issuperset(edit.over):
                return {}
            fields[edit.field] = over, edit.value, count + 1
    return fields
