"""How a kind's records lie in its table: its SQL, and rows made from decoded creations."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress
from operator import itemgetter
from typing import Any, NamedTuple

from gridworker import discover
from gridworker.errors import NotFound
from gridworker.record import ALIVE, Kind, Value
from gridworker.store.log.op import Flat, unpack_all
from gridworker.store.tables.fitting import fits, understands

_AT_ONCE = 4000
"""Creations that are decoded and written at a time: so few stay in the processor's cache, and what they took is used
again for the next instead of asked of the system for twenty thousand and given back."""

_FEW = 100
"""Rows that are written with all their columns: another statement for each few would cost more than it saves."""


class Newborn(NamedTuple):
    """Records of one kind that are created: their ids and the ``vals`` of their creations, side by side."""

    records: Sequence[int]
    vals: Sequence[bytes]

    @staticmethod
    def by_kind(kinds: Sequence[int], records: Sequence[int], vals: Sequence[bytes]) -> "dict[int, Newborn]":
        """Sort creations by kind."""
        if len(set(kinds)) == 1:
            return {kinds[0]: Newborn(records, vals)}
        sorted_out: dict[int, list[tuple[int, bytes]]] = defaultdict(list)
        for kind, record, packed in zip(kinds, records, vals, strict=True):
            sorted_out[kind].append((record, packed))
        return {kind: Newborn(*zip(*created, strict=True)) for kind, created in sorted_out.items()}

    def without(self, records: Collection[int]) -> "Newborn":
        """All but these."""
        if not records:
            return self
        left = [at for at, record in enumerate(self.records) if record not in records]
        return Newborn([self.records[at] for at in left], [self.vals[at] for at in left])

    def parts(self) -> "Iterator[Newborn]":
        """All of them, as many at a time as are written at a time."""
        for at in range(0, len(self.records), _AT_ONCE):
            yield Newborn(self.records[at : at + _AT_ONCE], self.vals[at : at + _AT_ONCE])


class Created(NamedTuple):
    """Rows for a table, and what they leave out: (record, field, clk, kind) as in ``pending``."""

    columns: tuple[str, ...]
    """What the rows hold after the id; all else is null."""
    rows: Iterable[tuple[Value, ...]]
    pending: Sequence[tuple[int, int, int, int]]


@dataclass(frozen=True, slots=True)
class Table:
    """A record table, made once from the declared fields. Names are quoted: a field may be called ``group``."""

    kind: Kind
    columns: tuple[str, ...]
    select: str
    """All columns after the id, up to WHERE."""
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
        return Table(
            kind,
            columns,
            f'SELECT {_names(columns)} FROM "{kind.name}"',
            insert(kind.name, columns),
            f'DELETE FROM "{kind.name}" WHERE id = ?',
        )

    def named(self, row: Sequence[Value]) -> tuple[int, dict[str, Value]]:
        """A selected row as its id and its values by field name."""
        record, *values = row
        return int(record or 0), dict(zip(self.columns, values, strict=True))

    def created(self, newborn: Newborn) -> Created:
        """The rows of new records."""
        records, flats = newborn.records, unpack_all(newborn.vals)
        if len(records) == 1:  # every save makes one, the row of the audit
            return self._one_by_one(records, flats)
        found = _columns(flats)
        if found is None:
            return self._mixed(records, flats)
        specs = [self.kind.numbered.get(number) for number in found]
        if not all(spec and fits(spec, column) for spec, column in zip(specs, found.values(), strict=True)):
            return self._one_by_one(records, flats)
        named = tuple(spec.name for spec in specs if spec)
        return Created(named, zip(records, *found.values(), strict=True), ())

    def _mixed(self, records: Sequence[int], flats: Sequence[Flat]) -> Created:
        """Rows of records that name different fields."""
        layouts = _Layouts(tuple(self.kind.numbered))
        rows = [layouts[flat[::2]]((*flat, None, record)) for record, flat in zip(records, flats, strict=True)]
        _, *columns = zip(*rows, strict=True)
        known = self.kind.numbered.keys() | {ALIVE}
        if all(map(fits, self.kind.specs.values(), columns)) and known >= {at for fields in layouts for at in fields}:
            return self._filled(records, columns) if len(records) > _FEW else Created(self.columns, rows, ())
        return self._one_by_one(records, flats)

    def _filled(self, records: Sequence[int], columns: Sequence[Sequence[Value]]) -> Created:
        """Rows without the columns that are null in all of them: to bind a null takes as long as a value."""
        named = [column.count(None) != len(column) for column in columns]
        filled = dict(compress(zip(self.columns, columns, strict=True), named))
        return Created(tuple(filled), zip(records, *filled.values(), strict=True), ())

    def _one_by_one(self, records: Sequence[int], flats: Sequence[Flat]) -> Created:
        """Rows of records that hold something this version does not understand."""
        rows, pending = [], []
        for record, flat in zip(records, flats, strict=True):
            values: dict[int, Value] = dict(zip(flat[::2], flat[1::2], strict=True))
            for number in values.keys() - {ALIVE}:
                if not understands(self.kind.numbered.get(number), values[number]):
                    pending.append((record, number, record, self.kind.number))
                    values[number] = None
            rows.append((record, *map(values.get, self.kind.numbered)))
        return Created(self.columns, rows, pending)


class _Layouts(dict[Flat, "itemgetter[Any]"]):
    """By the field numbers of a creation: how its cells are picked from its decoded ``vals`` and (None, id)."""

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__()
        self._numbers = numbers

    def __missing__(self, fields: Flat) -> "itemgetter[Any]":
        at = {number: 2 * place + 1 for place, number in enumerate(fields)}
        picked = itemgetter(-1, *(at.get(number, -2) for number in self._numbers))
        self[fields] = picked
        return picked


def _columns(flats: Sequence[Flat]) -> dict[int, Sequence[Value]] | None:
    """Values by field number, where all records name the same fields; a loop over rows takes twice as long."""
    if len(set(map(len, flats))) != 1:
        return None
    cells: list[tuple[Any, ...]] = list(zip(*flats, strict=True))
    if any(column.count(column[0]) != len(column) for column in cells[::2]):
        return None
    return {column[0]: values for column, values in zip(cells[::2], cells[1::2], strict=True)}


def created_rows(number: int, newborn: Newborn) -> Created:
    """The rows of new records of a kind; none, all pending, for a kind of a newer version."""
    table = Table.of(number)
    if table is None:
        return Created((), (), [(record, ALIVE, record, number) for record in newborn.records])
    return table.created(newborn) if newborn.records else Created((), (), ())


def table_named(name: str) -> Table:
    """The table of the kind of that name. Raises NotFound."""
    record = discover.kinds().get(name)
    table = Table.of(record.kind.number) if record else None
    if table is None:
        raise NotFound("There is no kind of record called {kind}.", kind=name)
    return table


@cache
def insert(table: str, columns: tuple[str, ...]) -> str:
    """The statement that writes a row with some columns, the others null; in place of one that is there."""
    return insert_new(table, columns).replace("INSERT", "INSERT OR REPLACE", 1)


@cache
def insert_new(table: str, columns: tuple[str, ...]) -> str:
    """The same for a row that is not there: the engine, which refuses one that is, looks for its place but once."""
    marks = ", ".join("?" * (len(columns) + 1))
    return f'INSERT INTO "{table}" ({_names(columns)}) VALUES ({marks})'


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in ("id", *columns))


@cache
def update(table: str, columns: tuple[str, ...]) -> str:
    """The statement that sets some columns of a row."""
    cells = ", ".join(f'"{name}" = ?' for name in columns)
    return f'UPDATE "{table}" SET {cells} WHERE id = ?'


@cache
def update_several(table: str, columns: tuple[str, ...], number: int) -> str:
    """The same for so many rows; one that is not there is passed over by it too."""
    cells = ", ".join(f'"{name}" = new.column{at}' for at, name in enumerate(columns, 1))
    row = f"({', '.join('?' * (len(columns) + 1))})"
    rows = ", ".join([row] * number)
    return f'UPDATE "{table}" SET {cells} FROM (VALUES {rows}) AS new WHERE id = new.column{len(columns) + 1}'
