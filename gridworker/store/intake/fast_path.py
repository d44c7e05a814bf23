"""The fast path for nearly every save: a small act of this device whose ops replace exactly the current heads.

``Intake.take`` is the general path. It is made for bundles, whose ops may name anything, arrive twice and conflict. An
op that was just made from the current heads, in this very transaction, can do none of that: it is logged and put into
its table at once, in a third of the time. The result is the same as by the general path
(tests/store/intake/test_fast_path.py). Anything out of the ordinary is refused before anything is written, and the
caller takes the general path.
"""

from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import msgpack

from gridworker.record import ALIVE, Spec, Value
from gridworker.store.intake.intake import Taken
from gridworker.store.log.heads import MISSING, STRIDE, Packed
from gridworker.store.log.journal import Part
from gridworker.store.log.log import Columns, Cursor, Log, Standing
from gridworker.store.log.op import Flat, OpRow, What
from gridworker.store.tables.fitting import understands
from gridworker.store.tables.layout import Table, update

MOST = 25
"""Ops of an act that counts as small."""

_CREATE, _EDIT = int(What.CREATE), int(What.EDIT)


class _Row(NamedTuple):
    """An op and what it says, read for its table: the fields, their values, and the heads as they are after it."""

    op: OpRow
    table: Table
    specs: Sequence[Spec]
    values: Sequence[Value]
    packed: Packed | None
    """None of a creation."""


def take_fast(cursor: Cursor, rows: Sequence[OpRow], standing: Standing | None) -> Taken | None:
    """Log and show the ops of a small act of this device; None, and nothing written, where that is not for here to do.

    ``standing`` is that of the records they edit, read in this transaction.
    """
    if not 0 < len(rows) <= MOST or _is_met(cursor, rows):
        return None
    rows = sorted(rows)
    read = list(_read(rows, standing or Standing({}, {})))
    if len(read) < len(rows):
        return None
    ops, log = Columns.of(rows), Log(cursor)
    log.append(ops)
    _show(cursor, read)
    heads = {row.op.record: row.packed for row in read if row.packed is not None}
    if heads:
        log.save_heads(Standing({row.op.record: row.op.kind for row in read}, heads))
    taken = Taken([Part.of(ops)])
    _note(taken, read)
    return taken


def _is_met(cursor: Cursor, rows: Sequence[OpRow]) -> bool:
    """Whether any of it was heard of before, or two of the ops are one or about one record."""
    clks, records = {row.clk for row in rows}, {row.record for row in rows}
    if len(clks) < len(rows) or len(records) < len(rows):
        return True
    cursor.execute(_met(len(rows)), (*clks, *records))
    return bool(cursor.fetchone()[0])


@cache
def _met(count: int) -> str:
    """Whether one of so many ops is here, judged or waited for, or anything about their records is not settled.

    Each is looked up by itself: a list of them, be it of two, is put into a table of its own first, which takes longer
    than all that is looked up.
    """
    by_clk = ("op WHERE clk = ?{}", "ruling WHERE clk = ?{}", "awaited WHERE clk = ?{}")
    by_record = (
        "erased WHERE record = ?{}", "pending WHERE record = ?{}", "awaited WHERE record = ?{} AND clk <> record",
    )  # fmt: skip
    places = [
        place.format(first + at)
        for first, several in ((1, by_clk), (1 + count, by_record))
        for place in several
        for at in range(count)
    ]
    return f"SELECT {' OR '.join(f'EXISTS (SELECT 1 FROM {place})' for place in places)}"


def _read(rows: Sequence[OpRow], standing: Standing) -> Iterator[_Row]:
    """The ops one by one, up to the first that is out of the ordinary."""
    for op in rows:
        table, flat = Table.of(op.kind), msgpack.unpackb(op.vals, use_list=False)
        read = None
        if table and op.what == _CREATE and op.clk == op.record:
            read = _creation(op, table, flat)
        elif table and op.what == _EDIT:
            read = _edit(op, table, flat, standing)
        if read is None:
            return
        yield read


def _creation(op: OpRow, table: Table, flat: Flat) -> _Row | None:
    return _understood(op, table, flat[::2], flat[1::2], None)


def _edit(op: OpRow, table: Table, flat: Flat, standing: Standing) -> _Row | None:
    """An edit of fields of a record that is here, each with one head, which is the one that is replaced."""
    packed = standing.heads.get(op.record)
    if packed is None or standing.kinds.get(op.record) != op.kind or MISSING in packed or ALIVE in packed:
        return None
    fields = flat[::STRIDE]
    if any(packed.get(field, 0) != over for field, over in zip(fields, flat[2::STRIDE], strict=True)):
        return None  # 0 in both: the creating op; several heads stand in a list, and equal none that an op names
    return _understood(op, table, fields, flat[1::STRIDE], {**packed, **dict.fromkeys(fields, op.clk)})


def _understood(
    op: OpRow, table: Table, fields: Sequence[int], values: Sequence[Value], packed: Packed | None
) -> _Row | None:
    numbered = table.kind.numbered
    specs = [numbered[field] for field in fields if field in numbered]
    if len(specs) < len(fields) or not all(map(understands, specs, values)):
        return None
    return _Row(op, table, specs, values, packed)


def _show(cursor: Cursor, rows: Collection[_Row]) -> None:
    for row in rows:
        if row.packed is None:
            named = {spec.name: value for spec, value in zip(row.specs, row.values, strict=True)}
            cursor.execute(row.table.insert, (row.op.record, *map(named.get, row.table.columns)))
        else:
            columns = tuple(spec.name for spec in row.specs)
            cursor.execute(update(row.table.kind.name, columns), (*row.values, row.op.record))


def _note(taken: Taken, rows: Collection[_Row]) -> None:
    """Which records the search index has to follow, and which pages to read again."""
    from gridworker.store.search import search  # words and pinyin: not before a store is written to

    followed = ((search.watched(), taken.to_index.named), (search.told(), taken.to_index.told))
    for row in rows:
        number, record = row.op.kind, row.op.record
        if row.packed is None:
            taken.make(number, [record])
            continue
        taken.altered[number].add(record)
        fields = {spec.number for spec in row.specs}
        for watched, touched in followed:
            if not watched.get(number, frozenset()).isdisjoint(fields):
                touched[number].add(record)
