"""The record tables as a reading of the log: rows, conflicts and what this version does not understand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from gridworker import discover
from gridworker.record import ALIVE, Kind, Spec, Value
from gridworker.store.heads import MISSING, Packed, heads_of
from gridworker.store.log import Cursor, Log, id_list
from gridworker.store.op import Edit, OpRow, What, unpack_create, unpack_edits, unpack_seen


@dataclass(frozen=True, slots=True)
class Table:
    """A record table: its SQL, made once from the declared fields."""

    kind: Kind
    columns: tuple[str, ...]
    insert: str
    delete: str

    @staticmethod
    @cache
    def of(number: int) -> "Table | None":
        """The table of a kind, or None for a kind of a newer version."""
        record = discover.by_number().get(number)
        if record is None:
            return None
        kind = record.kind
        columns = tuple(kind.specs)
        names = ", ".join(("id", *columns))
        marks = ", ".join("?" * (len(columns) + 1))
        return Table(
            kind, columns, f"INSERT OR REPLACE INTO {kind.name} ({names}) VALUES ({marks})",
            f"DELETE FROM {kind.name} WHERE id = ?",
        )  # fmt: skip


@cache
def _update(table: str, columns: tuple[str, ...]) -> str:
    return f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in columns)} WHERE id = ?"


@dataclass
class Reading:
    """What reading one record from its heads found."""

    row: dict[str, Value] | None
    """Values by field name, or None where the record is dead or its creation has not come."""
    conflicts: list[int] = field(default_factory=list)
    """Fields with several heads of different value; ALIVE where a deletion met an edit it had not seen."""
    not_understood: list[tuple[int, int]] = field(default_factory=list)
    """(clk, field) of values this version cannot show."""
    heads: frozenset[int] = frozenset()


class Projection:
    """Writes record tables. The only code that does."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._log = Log(cursor)

    def insert(self, rows: Iterable[OpRow]) -> None:
        """Rows for creations that have no edits yet."""
        by_kind: dict[int, list[OpRow]] = defaultdict(list)
        for row in rows:
            by_kind[row.kind].append(row)
        for number, created in by_kind.items():
            table = Table.of(number)
            if table is None:
                self._pend((row.clk, ALIVE, number) for row in created)
            else:
                self._insert_rows(table, created)

    def _insert_rows(self, table: Table, created: Sequence[OpRow]) -> None:
        specs = table.kind.numbered
        at = {number: place for place, number in enumerate(specs, start=1)}
        width = len(table.columns) + 1
        rows, pending = [], []
        for row in created:
            cells: list[Value] = [None] * width
            cells[0] = row.record
            for number, value in unpack_create(row.vals).items():
                spec = specs.get(number)
                if spec is not None and spec.understands(value):
                    cells[at[number]] = value
                elif number != ALIVE:
                    pending.append((row.clk, number, row.kind))
            rows.append(cells)
        self._cursor.executemany(table.insert, rows)
        self._pend(pending)

    def update(
        self, values: Mapping[int, Mapping[int, Value]], kinds: Mapping[int, int], heads: Mapping[int, Packed]
    ) -> None:
        """Set single fields, by record and field number. ``kinds`` has the kind of each record."""
        groups: dict[tuple[str, tuple[str, ...]], list[list[Value]]] = defaultdict(list)
        pending = []
        for record, changed in values.items():
            table = Table.of(kinds[record])
            specs = table.kind.numbered if table else {}
            cells: dict[str, Value] = {}
            for number, value in changed.items():
                spec = specs.get(number)
                if spec is None or not spec.understands(value):
                    clk = heads[record][number]
                    pending.append((clk, number, kinds[record]))
                    value = None  # noqa: PLW2901 - a value of a newer version is not shown in part
                if spec is not None:
                    cells[spec.name] = value
            if table and cells:
                groups[table.kind.name, tuple(cells)].append([*cells.values(), record])
        for (name, columns), rows in groups.items():
            self._cursor.executemany(_update(name, columns), rows)
        self._pend(pending)

    def reread(self, records: Mapping[int, tuple[int, Packed]], awaited: set[tuple[int, int]]) -> int:
        """Write rows anew from their heads, by record: (kind, heads). Returns how many are in conflict."""
        created = {record: place for record, place in records.items() if MISSING not in place[1]}
        ops = self._log.rows({clk for record, (_, packed) in created.items() for clk in _all_heads(record, packed)})
        stale = id_list(records)
        self._cursor.execute("DELETE FROM conflict WHERE record IN (SELECT value FROM json_each(?))", (stale,))
        conflicts, pending = [], []
        for record, (number, packed) in created.items():
            table = Table.of(number)
            reading = read(record, packed, ops, table.kind if table else None)
            pending += [(clk, at, number) for clk, at in reading.not_understood]
            waits = int(_waits(record, reading, ops, awaited))
            conflicts += [(record, at, number, waits) for at in reading.conflicts]
            if table is not None:
                self._write(table, record, reading.row)
        self._cursor.executemany("INSERT INTO conflict (record, field, kind, waiting) VALUES (?,?,?,?)", conflicts)
        self._pend(pending)
        return len({record for record, *_ in conflicts})

    def _write(self, table: Table, record: int, row: Mapping[str, Value] | None) -> None:
        if row is None:
            self._cursor.execute(table.delete, (record,))
        else:
            self._cursor.execute(table.insert, (record, *(row[name] for name in table.columns)))

    def _pend(self, pending: Iterable[tuple[int | list[int], int, int]]) -> None:
        rows = list(pending)
        if rows:
            self._cursor.executemany("INSERT OR IGNORE INTO pending (clk, field, kind) VALUES (?,?,?)", rows)


def _all_heads(record: int, packed: Packed) -> set[int]:
    clks = {record}
    for number in packed:
        clks.update(heads_of(packed, record, number))
    return clks


def _waits(record: int, reading: Reading, ops: Mapping[int, OpRow], awaited: set[tuple[int, int]]) -> bool:
    """Whether a head of a field in conflict names an op that has not come: then it may settle by itself."""
    if not awaited or not reading.conflicts:
        return False
    named = {
        (clk, edit.field)
        for head in reading.heads
        if head in ops and ops[head].what != What.CREATE
        for edit in unpack_edits(record, ops[head].vals)
        if edit.field in reading.conflicts
        for clk in edit.over
    }
    return not named.isdisjoint(awaited)


def read(record: int, packed: Packed, ops: Mapping[int, OpRow], kind: Kind | None) -> Reading:
    """Read one record from its heads. ``ops`` must hold the creating op and all heads; ``kind`` None is unknown here."""
    edits: dict[int, dict[int, Edit]] = {}
    clks = _all_heads(record, packed)
    for clk in clks:
        if clk != record and clk in ops:
            edits[clk] = {edit.field: edit for edit in unpack_edits(record, ops[clk].vals)}
    created = unpack_create(ops[record].vals)
    reading = Reading({}, heads=frozenset(clks))

    def value(clk: int, number: int) -> Value:
        if clk == record:
            return 1 if number == ALIVE else created.get(number)
        return edits[clk][number].value if clk in edits and number in edits[clk] else None

    row: dict[str, Value] = {}
    specs: Mapping[int, Spec] = kind.numbered if kind else {}
    numbers = set(specs) | set(packed) | set(created)
    for number in sorted(numbers - {ALIVE}):
        heads = heads_of(packed, record, number)
        values = {clk: value(clk, number) for clk in heads}
        if len(set(map(_typed, values.values()))) > 1:
            reading.conflicts.append(number)
        spec = specs.get(number)
        shown = [clk for clk in heads if spec is not None and spec.understands(values[clk])]
        reading.not_understood += [(clk, number) for clk in heads if clk not in shown]
        if spec is not None:
            row[spec.name] = values[shown[-1]] if shown else None
    alive = _read_alive(record, packed, ops, reading)
    reading.row = row if alive else None
    return reading


def _typed(value: Value) -> tuple[str, Value]:
    return type(value).__name__, value


def _read_alive(record: int, packed: Packed, ops: Mapping[int, OpRow], reading: Reading) -> bool:
    heads = heads_of(packed, record, ALIVE)
    dead = [clk for clk in heads if clk != record and _deletes(record, ops.get(clk))]
    if not dead:
        return True
    if len(dead) < len(heads):
        reading.conflicts.append(ALIVE)
        return True
    seen = frozenset({record}).union(*(unpack_seen(ops[clk].vals) for clk in dead))
    others = {clk for number in packed if number not in (ALIVE, MISSING) for clk in heads_of(packed, record, number)}
    if others - seen:
        reading.conflicts.append(ALIVE)
        return True
    return False


def _deletes(record: int, row: OpRow | None) -> bool:
    return row is not None and any(edit.field == ALIVE and edit.value == 0 for edit in unpack_edits(record, row.vals))
