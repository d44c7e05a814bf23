"""The readings against the log: heads, what is awaited, record tables, conflicts, what is pending."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from gridworker import discover
from gridworker.record import MAX_INTEGER, Value
from gridworker.store.log import unread
from gridworker.store.log.corrected import Corrections
from gridworker.store.log.derive import derived
from gridworker.store.log.heads import Awaited, Packed
from gridworker.store.log.log import Columns, Cursor, Log, chunks, unpack_heads
from gridworker.store.log.op import UNREAD, OpRow, What
from gridworker.store.log.verdicts import Verdicts
from gridworker.store.tables import last_calls
from gridworker.store.tables.layout import Newborn, Table, created_rows
from gridworker.store.tables.projection import Places
from gridworker.store.tables.reading import all_heads, read

_FIRST, _LAST = -MAX_INTEGER - 1, MAX_INTEGER


def differing(reading: Cursor, cursor: Cursor) -> Iterator[int]:
    """Records whose readings are not what the log gives. ``reading`` and ``cursor`` see the same state."""
    yield from Verdicts(cursor).faults()
    yield from _heads(reading, cursor)
    yield from _rows(reading, cursor)
    yield from last_calls.differing(cursor)
    yield from unread.differing(cursor)


def _heads(reading: Cursor, cursor: Cursor) -> Iterator[int]:
    low = _FIRST
    awaited: set[tuple[int, int, int]] = set()
    for lot in chain(chunks(derived(reading, Log(cursor))), [[]]):
        high = lot[-1].record if lot else _LAST
        stored = _stored_heads(cursor, low, high)
        yield from _unequal(stored, {one.record: (one.kind, one.packed) for one in lot})
        awaited.update(place for one in lot for place in one.awaited)
        if high == _LAST:  # there is no id above it
            break
        low = high + 1
    cursor.execute("SELECT clk, record, field FROM awaited")
    yield from {record for _, record, _ in awaited.symmetric_difference(cursor.fetchall())}


def _rows(reading: Cursor, cursor: Cursor) -> Iterator[int]:
    log = Log(cursor)
    around = _Around(log.awaited(), Corrections.of(cursor))
    low = _FIRST
    for rows in chain(Log(reading).ops(), [[]]):
        high = rows[-1].clk if rows else _LAST
        between = (low, high)
        heads = {record: packed for record, (_, packed) in _stored_heads(cursor, low, high).items()}
        judged = Verdicts(cursor).judged(row.clk for row in rows)
        counting = [row for row in rows if row.clk not in judged]
        expected = _Expected(log, heads, counting, around)
        for table in filter(None, map(Table.of, discover.by_number())):
            cursor.execute(f"{table.select} WHERE id BETWEEN ? AND ?", between)
            yield from _unequal({row[0]: row for row in cursor.fetchall()}, expected.tables[table.kind.number])
        for name, listed in (("conflict", expected.conflicts), ("pending", expected.pending)):
            columns = "record, field, kind, waiting" if name == "conflict" else "record, field, clk, kind"
            cursor.execute(
                f"SELECT {columns} FROM {name} WHERE record BETWEEN ? AND ? AND field > ?", (*between, UNREAD)
            )
            yield from {row[0] for row in set(cursor.fetchall()) ^ listed}
        if high == _LAST:  # there is no id above it
            break
        low = high + 1


class _Around(NamedTuple):
    """What readings depend on beside the ops on their record."""

    awaited: Awaited
    clocks: Corrections


class _Expected:
    """What the readings of the records created by some ops have to be."""

    def __init__(self, log: Log, heads: Mapping[int, Packed], rows: Sequence[OpRow], around: _Around) -> None:
        self.tables: dict[int, dict[int, tuple[Value, ...]]] = defaultdict(dict)
        self.conflicts: set[tuple[int, ...]] = set()
        self.pending: set[tuple[int, ...]] = set()
        created = {row.record: row for row in rows if row.what == What.CREATE}
        self._clocks = around.clocks
        plain = [row for record, row in created.items() if record not in heads]
        self._add_plain(plain)
        edited = {record: heads[record] for record in created if record in heads}
        ops = log.rows({clk for record, packed in edited.items() for clk in all_heads(record, packed)})
        places = Places({record: row.kind for record, row in created.items()}, edited, around.awaited)
        for record, packed in edited.items():
            if all_heads(record, packed) <= ops.keys():  # else its heads are wrong, which is found without this
                self._add_edited(record, places, ops)

    def _add_plain(self, rows: Sequence[OpRow]) -> None:
        if not rows:
            return
        ops = Columns.of(rows)
        for number, newborn in Newborn.by_kind(ops.kind, ops.record, ops.vals).items():
            made = created_rows(number, newborn)
            table = Table.of(number)
            self.pending.update(made.pending)
            if table is not None:
                whole = self.tables[number]
                for record, *values in made.rows:
                    cells = dict(zip(made.columns, values, strict=True))
                    whole[int(record or 0)] = (record, *map(cells.get, table.columns))

    def _add_edited(self, record: int, places: Places, ops: Mapping[int, OpRow]) -> None:
        number = places.kinds[record]
        table = Table.of(number)
        reading = read(record, places.heads[record], ops, table.kind if table else None, self._clocks)
        if table and reading.alive:
            self.tables[number][record] = (record, *reading.row.values())
        self.conflicts.update((record, at, number, places.waits(record, at)) for at in reading.conflicts)
        self.pending.update((record, at, clk, number) for at, clk in reading.not_understood)


def _stored_heads(cursor: Cursor, low: int, high: int) -> dict[int, tuple[int, Packed]]:
    cursor.execute("SELECT record, kind, k FROM head WHERE record BETWEEN ? AND ?", (low, high))
    return {record: (kind, unpack_heads(k)) for record, kind, k in cursor.fetchall()}


def _unequal(stored: Mapping[int, object], expected: Mapping[int, object]) -> Iterator[int]:
    """Keys under which the two differ."""
    yield from (key for key in stored.keys() | expected.keys() if stored.get(key) != expected.get(key))
