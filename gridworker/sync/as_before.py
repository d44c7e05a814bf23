"""Records that ops changed and led back: what was done and undone before it was handed over.

Only what the other side can have in no other way counts as that: nobody else wrote into the field meanwhile, and no
bundle that went took the change along without the way back.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import TypeAlias

from gridworker.record import Value
from gridworker.store.log.clock import device_of
from gridworker.store.log.heads import heads_of
from gridworker.store.log.log import Columns, Cursor, Log
from gridworker.store.log.op import Flat, Over, What, overs, unpack_all, value_of
from gridworker.store.streams import Exchange
from gridworker.sync.summary import Summary

_TURNS = frozenset({What.EDIT, What.DELETE, What.RESTORE, What.RESOLVE})
"""Edits, and what takes them back."""

LOT = 1000
"""Records that are looked into at a time: all of a large bundle would need much memory at once."""

_Fields: TypeAlias = dict[int, tuple[Over, Value, list[int]]]
"""Of a record, by field: what its first op here replaced, the value its last one gives, and the clks of all."""


def as_before(cursor: Cursor, ops: Columns, created: set[int]) -> set[int]:
    """Those records, none of the created ones, whose fields all have in the end what they had before these ops.

    Both ends know by their logs what a field had. Where that is not here any more, or was several values, it changed;
    and where another stands in it now, it leads back to nothing.
    """
    turned = _turned(ops, created)
    led_back = set[int]()
    while lot := dict(islice(turned, LOT)):
        led_back |= _led_back(cursor, lot)
    return led_back


def _led_back(cursor: Cursor, turned: Mapping[int, _Fields]) -> set[int]:
    replaced = {clk for fields in turned.values() for over, _, _ in fields.values() for clk in over}
    rows = Log(cursor).rows(replaced)

    def had(record: int, field: int, over: Over, value: Value) -> bool:
        row = rows.get(over[0]) if len(over) == 1 else None
        return row is not None and row.record == record and value_of(row.what, record, row.vals, field) == value

    back = {
        record: fields
        for record, fields in turned.items()
        if all(had(record, field, over, value) for field, (over, value, _) in fields.items())
    }
    heads = Log(cursor).heads(back) if back else {}
    return {
        record
        for record, fields in back.items()
        if record in heads
        and all(
            {*over, *clks}.issuperset(heads_of(heads[record], record, field))
            for field, (over, _, clks) in fields.items()
        )
    }


def half_told(cursor: Cursor, ops: Columns, records: set[int]) -> set[int]:
    """Those records of which a bundle that went from here took but a part of these ops along.

    It may have arrived and its receipt be lost: then the other side has what was taken back since.
    """
    if not records:
        return set()
    went = [
        {device_of(clk): clk for clk in marks}
        for marks in {Summary.parse(row.summary).marks for row in Exchange(cursor).bundles(outgoing=True)}
        if max(marks, default=0) >= ops.clk[0]  # nearly always all that went is confirmed
    ]
    by_record = defaultdict[int, list[int]](list)
    for clk, record in zip(ops.clk, ops.record, strict=True) if went else ():
        if record in records:
            by_record[record].append(clk)
    return {record for record, clks in by_record.items() if any(_is_part(clks, marks) for marks in went)}


def _is_part(clks: Sequence[int], marks: Mapping[int, int]) -> bool:
    return 0 < sum(clk <= marks.get(device_of(clk), 0) for clk in clks) < len(clks)


def _turned(ops: Columns, created: set[int]) -> Iterator[tuple[int, _Fields]]:
    """Records of which each field was written twice here at least: once is never there and back."""
    often = {record for record, count in Counter(ops.record).items() if count > 1} - created
    told = sorted((at for at, record in enumerate(ops.record) if record in often), key=ops.record.__getitem__)
    for record, group in groupby(told, ops.record.__getitem__):
        places = list(group)
        flats = unpack_all([ops.vals[at] for at in places])
        fields = _ends(record, [(ops.clk[at], ops.what[at], flat) for at, flat in zip(places, flats, strict=True)])
        if fields and all(len(clks) > 1 for _, _, clks in fields.values()):
            yield record, fields


def _ends(record: int, rows: Sequence[tuple[int, int, Flat]]) -> _Fields:
    """What the ops of a record lead from and to; nothing where they do not follow one upon the other."""
    fields: _Fields = {}
    here = {clk for clk, _, _ in rows}
    for clk, what, flat in rows:
        if what not in _TURNS:
            return {}
        for at in range(0, len(flat) - 2, 3):
            field, value, over = flat[at], flat[at + 1], overs(record, flat[at + 2])
            first, _, clks = fields.get(field, (over, None, []))
            if clks and not (clks[-1] in over and here.issuperset(over)):
                return {}
            clks.append(clk)
            fields[field] = first, value, clks
    return fields
