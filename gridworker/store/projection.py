"""The record tables as a reading of the log: rows, conflicts and what this version does not understand."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import compress
from operator import not_

from gridworker.record import ALIVE, Value
from gridworker.store.heads import Awaited, Packed, heads_of
from gridworker.store.layout import Table, created_rows, update
from gridworker.store.log import Cursor, Log, chunks, id_list
from gridworker.store.op import Flat, OpRow, value_of
from gridworker.store.reading import all_heads, fits, read, read_field, understands


class Places:
    """Where the records of a batch stand after it: their kinds, their packed heads, and what they wait for."""

    def __init__(self, kinds: Mapping[int, int], heads: Mapping[int, Packed], awaited: Awaited) -> None:
        self.kinds = kinds
        self.heads = heads
        self._waiting = set().union(*awaited.values())
        self._owners = {record for record, _ in self._waiting}

    def waits(self, record: int, number: int) -> int:
        """Whether an op that is missing may settle a field; of a deletion, any that is missing on the record."""
        return int((record, number) in self._waiting or (number == ALIVE and record in self._owners))


class Projection:
    """Writes record tables, conflicts and what is pending. The only code that does."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._log = Log(cursor)
        self._pending: list[tuple[int, int, int, int]] = []
        self._conflicts: list[tuple[int, int, int, int]] = []

    def insert(self, number: int, records: Sequence[tuple[int, Flat]]) -> None:
        """Rows for new records of one kind that have no edits: (id, decoded vals), ascending."""
        table = Table.of(number)
        created = created_rows(number, records)
        if table:
            self._cursor.executemany(table.insert, created.rows)
        self._pending += created.pending
        self._save()

    def update(self, values: Mapping[int, Mapping[int, Value]], places: Places) -> None:
        """Set single fields, by record and number, each of which has one head, an op that is new."""
        groups: dict[tuple[int, tuple[int, ...]], list[tuple[Value, ...]]] = defaultdict(list)
        for record in sorted(values):
            changed = values[record]
            if changed:
                groups[places.kinds[record], tuple(changed)].append((*changed.values(), record))
        self._forget_pending(values)
        for (number, fields), rows in groups.items():
            table = Table.of(number)
            if table:
                self._update(table, fields, rows, places.heads)
        self._save()

    def settle(
        self, contested: Mapping[int, Collection[int]], told: Mapping[tuple[int, int], Value], places: Places
    ) -> None:
        """Set single fields read from all their heads. ``told`` has values by (clk, field) that need no look-up."""
        heads = {
            (record, number): heads_of(places.heads[record], record, number)
            for record, numbers in contested.items()
            for number in numbers
        }
        ops = self._log.rows({clk for (_, number), clks in heads.items() for clk in clks if (clk, number) not in told})
        self._cursor.executemany("DELETE FROM conflict WHERE record = ? AND field = ?", list(heads))
        self._forget_pending(contested)
        for (record, number), clks in heads.items():
            values = [
                told[clk, number] if clk not in ops else value_of(ops[clk].what, record, ops[clk].vals, number)
                for clk in clks
            ]
            self._settle(record, number, dict(zip(clks, values, strict=True)), places)
        self._save()

    def reread(self, records: Collection[int], places: Places) -> None:
        """Write rows anew from their heads."""
        for part in chunks(sorted(records)):
            for name in ("conflict", "pending"):
                self._cursor.execute(
                    f"DELETE FROM {name} WHERE record IN (SELECT value FROM json_each(?))", (id_list(part),)
                )
            ops = self._log.rows({clk for record in part for clk in all_heads(record, places.heads[record])})
            for record in part:
                self._reread(record, places, ops)
            self._save()

    def in_conflict(self, records: Collection[int]) -> int:
        """How many of these records are in conflict."""
        if not records:
            return 0
        self._cursor.execute(
            "SELECT count(DISTINCT record) FROM conflict WHERE record IN (SELECT value FROM json_each(?))",
            (id_list(records),),
        )
        count: int = self._cursor.fetchone()[0]
        return count

    def _update(
        self, table: Table, numbers: Sequence[int], rows: Sequence[tuple[Value, ...]], heads: Mapping[int, Packed]
    ) -> None:
        *columns, records = zip(*rows, strict=True)
        named = []
        for number, column in zip(numbers, columns, strict=True):
            spec = table.kind.numbered.get(number)
            if spec is not None and fits(spec, column):
                named.append((spec.name, column))
                continue
            clear = [understands(spec, value) for value in column]
            self._pending += (
                (record, number, heads_of(heads[record], record, number)[0], table.kind.number)
                for record in compress(records, map(not_, clear))
            )
            if spec is not None:
                shown = zip(column, clear, strict=True)
                named.append((spec.name, tuple(value if is_clear else None for value, is_clear in shown)))
        if named:
            names, cells = zip(*named, strict=True)
            self._cursor.executemany(update(table.kind.name, names), zip(*cells, records, strict=True))

    def _settle(self, record: int, number: int, values: Mapping[int, Value], places: Places) -> None:
        kind = places.kinds[record]
        table = Table.of(kind)
        spec = table.kind.numbered.get(number) if table else None
        found = read_field(spec, list(values.values()))
        if table and spec:
            self._cursor.execute(update(table.kind.name, (spec.name,)), (found.shown, record))
        if table:
            self._pending += ((record, number, clk, kind) for clk in compress(values, map(not_, found.understood)))
        if found.differ:
            self._conflicts.append((record, number, kind, places.waits(record, number)))

    def _reread(self, record: int, places: Places, ops: Mapping[int, OpRow]) -> None:
        number = places.kinds[record]
        table = Table.of(number)
        reading = read(record, places.heads[record], ops, table.kind if table else None)
        self._pending += ((record, at, clk, number) for at, clk in reading.not_understood)
        self._conflicts += ((record, at, number, places.waits(record, at)) for at in reading.conflicts)
        if table and reading.alive:
            self._cursor.execute(table.insert, (record, *reading.row.values()))
        elif table:
            self._cursor.execute(table.delete, (record,))

    def _forget_pending(self, changed: Mapping[int, Collection[int]]) -> None:
        """Drop what was pending on fields that are read anew; nearly always there is nothing."""
        self._cursor.execute("SELECT DISTINCT record, field FROM pending WHERE field <> ?", (ALIVE,))
        gone = [place for place in self._cursor.fetchall() if place[1] in changed.get(place[0], ())]
        self._cursor.executemany("DELETE FROM pending WHERE record = ? AND field = ?", gone)

    def _save(self) -> None:
        self._cursor.executemany("INSERT INTO pending (record, field, clk, kind) VALUES (?,?,?,?)", self._pending)
        self._cursor.executemany(
            "INSERT INTO conflict (record, field, kind, waiting) VALUES (?,?,?,?)", self._conflicts
        )
        self._pending.clear()
        self._conflicts.clear()
