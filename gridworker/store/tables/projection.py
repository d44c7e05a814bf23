"""The record tables as a reading of the log: rows, conflicts and what this version does not understand."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property, partial
from itertools import compress, repeat
from operator import not_
from typing import Any, TypeAlias

from sqlcipher3.dbapi2 import IntegrityError

from gridworker.record import ALIVE, Spec, Value
from gridworker.store.engine.rows import MANY, TOGETHER, change_rows, insert_columns, insert_rows
from gridworker.store.log.corrected import NO_CORRECTIONS, Corrections
from gridworker.store.log.heads import Awaited, Merger, Packed, heads_of
from gridworker.store.log.log import CHUNK, Cursor, Log, chunks, id_list
from gridworker.store.log.op import UNREAD, OpRow, value_of
from gridworker.store.tables.fitting import fits, understands
from gridworker.store.tables.layout import Newborn, Table, created_rows, insert, insert_new, update, update_several
from gridworker.store.tables.reading import all_heads, in_order, read, read_field


class Places:
    """Where the records of a batch stand after it: their kinds, their packed heads, and what they wait for."""

    def __init__(self, kinds: Mapping[int, int], heads: Mapping[int, Packed], awaited: Awaited) -> None:
        self.kinds = kinds
        self.heads = heads
        self._awaited = awaited

    @cached_property
    def _waiting(self) -> set[tuple[int, int]]:
        return set().union(*self._awaited.values())

    @cached_property
    def _owners(self) -> set[int]:
        return {record for record, _ in self._waiting}

    def waits(self, record: int, number: int) -> int:
        """Whether an op that is missing may settle a field; of a deletion, any that is missing on the record."""
        return int((record, number) in self._waiting or (number == ALIVE and record in self._owners))


Shown: TypeAlias = Mapping[tuple[int, tuple[int, ...]], Sequence[int]]
"""Records by kind and the fields that were set."""

Rows: TypeAlias = Sequence[tuple[Any, ...]]
"""The values of these fields, and the record."""


class Projection:
    """Writes record tables, conflicts and what is pending. The only code that does."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._log = Log(cursor)
        self._pending: list[tuple[int, int, int, int]] = []
        self._conflicts: list[tuple[int, int, int, int]] = []

    def insert(self, number: int, newborn: Newborn) -> None:
        """Rows for new records of one kind that have no edits."""
        table = Table.of(number)
        for part in newborn.parts():
            created = created_rows(number, part)
            if table:
                self._add(table.kind.name, created.columns, partial(self._put, list(created.rows)))
            self._pending += created.pending
        self._save()

    def plant(self, kind: str, records: Sequence[int], columns: Mapping[str, Sequence[Value]]) -> None:
        """Rows for new records of one kind from their columns, all of which are understood."""
        self._add(kind, tuple(columns), partial(self._put_columns, (records, *columns.values())))

    def _add(self, kind: str, columns: tuple[str, ...], put: Callable[[str], None]) -> None:
        """Rows of new records, each of which nearly always is: to replace what is there takes a fifth more time."""
        try:
            put(insert_new(kind, columns))
        except IntegrityError:  # one was there already
            put(insert(kind, columns))

    def _put(self, rows: Rows, statement: str) -> None:
        """Run a statement for all rows: one by one where they are few, for each kind and its columns has its own.

        A connection keeps only so many of them compiled, and a merge of a small bundle goes round most.
        """
        if len(rows) < MANY:
            self._cursor.executemany(statement, rows)
        else:
            insert_rows(self._cursor, statement, rows)

    def _put_columns(self, columns: Sequence[Sequence[Value]], statement: str) -> None:
        """The same for rows whose values stand side by side."""
        if len(columns[0]) < MANY:
            self._cursor.executemany(statement, zip(*columns, strict=True))
        else:
            insert_columns(self._cursor, statement, columns)

    def show(self, merged: Merger, places: Places, others: Collection[int]) -> Shown:
        """Set the single fields that a merge changed, but those of ``others``."""
        contested = {
            (record, number): heads_of(places.heads[record], record, number)
            for record, numbers in merged.contested.items()
            if record not in others
            for number in numbers
        }
        self._forget(contested, merged.values)
        self._settle(contested, merged, places)
        groups: dict[tuple[int, tuple[int, ...]], list[tuple[Any, ...]]] = defaultdict(list)
        kinds = places.kinds
        for record, changed in merged.values.items():
            if changed and record not in others:
                groups[kinds[record], tuple(changed)].append((*changed.values(), record))
        odd = _not_understood(groups)
        for (kind, numbers), rows in groups.items():
            table = Table.of(kind)
            if table and odd.isdisjoint(zip(repeat(kind), numbers)):
                self._update(table, [table.kind.numbered[number] for number in numbers], rows)
            elif table:
                self._update_in_part(table, numbers, rows, places.heads)
        self._save()
        return {changed: [row[-1] for row in rows] for changed, rows in groups.items()}

    def reread(self, records: Collection[int], places: Places) -> None:
        """Write rows anew from their heads."""
        for part in chunks(sorted(records)):
            self._clear(part)
            ops = self._log.rows({clk for record in part for clk in all_heads(record, places.heads[record])})
            clocks = self._clocks(
                clks for record in part for clks in places.heads[record].values() if isinstance(clks, list)
            )
            for record in part:
                self._reread(record, places, ops, clocks)
            self._save()

    def remove(self, records: Mapping[int, int]) -> None:
        """Take out what is shown of records, by the kind each is said to be of, that are not created here any more."""
        self._clear(records)
        for record, number in records.items():
            table = Table.of(number)
            if table:
                self._cursor.execute(table.delete, (record,))

    def _clear(self, records: Collection[int]) -> None:
        """Drop what is read from the heads of records; ops that no version before read stay named (unread.py)."""
        for name in ("conflict", "pending"):
            self._cursor.execute(
                f"DELETE FROM {name} WHERE record IN (SELECT value FROM json_each(?)) AND field > ?",
                (id_list(records), UNREAD),
            )

    def in_conflict(self, records: Collection[int]) -> int:
        """How many of these records have a conflict that a person can settle: one that waits may settle by itself."""
        count = 0
        if len(records) > CHUNK:  # somebody who makes up records brings more than there are conflicts
            self._cursor.execute("SELECT DISTINCT record FROM conflict WHERE waiting = 0 LIMIT ?", (len(records) + 1,))
            found = {row[0] for row in self._cursor.fetchall()}
            if len(found) <= len(records):
                return len(found.intersection(records))
        for part in chunks(records):
            self._cursor.execute(
                "SELECT count(DISTINCT record) FROM conflict WHERE waiting = 0 "
                "AND record IN (SELECT value FROM json_each(?))",
                (id_list(part),),
            )
            count += self._cursor.fetchone()[0]
        return count

    def conflicting(self, records: Collection[int]) -> set[int]:
        """Which of these records have such a conflict; of few records."""
        self._cursor.execute(
            "SELECT DISTINCT record FROM conflict WHERE waiting = 0 AND record IN (SELECT value FROM json_each(?))",
            (id_list(records),),
        )
        return {row[0] for row in self._cursor.fetchall()}

    def _settle(self, contested: Mapping[tuple[int, int], Sequence[int]], merged: Merger, places: Places) -> None:
        """Read fields from all their heads; what is to be shown goes to the values that have one head."""
        clocks = self._clocks(contested.values())
        told = merged.told
        ops = self._log.rows(
            {clk for (_, number), clks in contested.items() for clk in clks if (clk, number) not in told}
        )
        for (record, number), heads in contested.items():
            kind = places.kinds[record]
            clks = in_order(kind, clocks).ordered(heads)
            values = [
                told[clk, number] if clk not in ops else value_of(ops[clk].what, record, ops[clk].vals, number)
                for clk in clks
            ]
            table = Table.of(kind)
            spec = table.kind.numbered.get(number) if table else None
            found = read_field(spec, values)
            if spec:
                merged.values[record][number] = found.shown
            if table:
                self._pending += ((record, number, clk, kind) for clk in compress(clks, map(not_, found.understood)))
            if found.differ:
                self._conflicts.append((record, number, kind, places.waits(record, number)))

    def _clocks(self, heads: Iterable[Sequence[int]]) -> Corrections:
        """The corrections of clocks, where there is anything to choose."""
        return Corrections.of(self._cursor) if any(len(clks) > 1 for clks in heads) else NO_CORRECTIONS

    def _update(self, table: Table, specs: Sequence[Spec], rows: Rows) -> None:
        if specs:
            name, columns = table.kind.name, tuple(spec.name for spec in specs)
            change_rows(self._cursor, update(name, columns), update_several(name, columns, TOGETHER), rows)

    def _update_in_part(self, table: Table, numbers: Sequence[int], rows: Rows, heads: Mapping[int, Packed]) -> None:
        """Set what this version understands, and null in place of all else, which is kept as pending."""
        *columns, records = zip(*rows, strict=True)
        specs = [table.kind.numbered.get(number) for number in numbers]
        for number, spec, column in zip(numbers, specs, columns, strict=True):
            clear = [understands(spec, value) for value in column]
            self._pending += (
                (record, number, heads_of(heads[record], record, number)[0], table.kind.number)
                for record in compress(records, map(not_, clear))
            )
        kept = [(at, spec) for at, spec in enumerate(specs) if spec is not None]
        rows = [(*(row[at] if spec.understands(row[at]) else None for at, spec in kept), row[-1]) for row in rows]
        self._update(table, [spec for _, spec in kept], rows)

    def _reread(self, record: int, places: Places, ops: Mapping[int, OpRow], clocks: Corrections) -> None:
        number = places.kinds[record]
        table = Table.of(number)
        reading = read(record, places.heads[record], ops, table.kind if table else None, clocks)
        self._pending += ((record, at, clk, number) for at, clk in reading.not_understood)
        self._conflicts += ((record, at, number, places.waits(record, at)) for at in reading.conflicts)
        if table and reading.alive:
            self._cursor.execute(table.insert, (record, *reading.row.values()))
        elif table:
            self._cursor.execute(table.delete, (record,))

    def _forget(self, contested: Collection[tuple[int, int]], values: Mapping[int, Collection[int]]) -> None:
        """Drop conflicts and what was pending on fields that are read anew. Nearly always nothing is pending."""
        if contested:
            self._cursor.executemany("DELETE FROM conflict WHERE record = ? AND field = ?", contested)
        self._cursor.execute("SELECT 1 FROM pending LIMIT 1")
        if self._cursor.fetchone() is None:
            return
        for part in chunks(values):
            self._cursor.execute(
                "SELECT DISTINCT record, field FROM pending "
                "WHERE record IN (SELECT value FROM json_each(?)) AND field > ?",
                (id_list(part), ALIVE),
            )
            found = self._cursor.fetchall()
            gone = [place for place in found if place in contested or place[1] in values[place[0]]]
            self._cursor.executemany("DELETE FROM pending WHERE record = ? AND field = ?", gone)

    def _save(self) -> None:
        for statement, rows in (
            ("INSERT INTO pending (record, field, clk, kind) VALUES (?,?,?,?)", self._pending),
            ("INSERT INTO conflict (record, field, kind, waiting) VALUES (?,?,?,?)", self._conflicts),
        ):
            if rows:  # nearly always there are none
                self._cursor.executemany(statement, rows)
                rows.clear()


def _not_understood(groups: Mapping[tuple[int, tuple[int, ...]], Rows]) -> set[tuple[int, int]]:
    """Fields, by kind and number, with a value that this version does not understand: asked of each field but once."""
    columns: dict[tuple[int, int], list[Value]] = defaultdict(list)
    for (kind, numbers), rows in groups.items():
        *cells, _ = zip(*rows, strict=True)
        for number, values in zip(numbers, cells, strict=True):
            columns[kind, number] += values
    return {place for place, column in columns.items() if not _all_understood(*place, column)}


def _all_understood(kind: int, number: int, column: Collection[Value]) -> bool:
    table = Table.of(kind)
    spec = table.kind.numbered.get(number) if table else None
    return spec is not None and fits(spec, column)
