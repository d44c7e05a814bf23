"""How a kind's records lie in its table: its SQL, and rows made from decoded creations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

from gridworker import discover
from gridworker.errors import NotFound
from gridworker.record import ALIVE, Kind, Value
from gridworker.store.op import Flat
from gridworker.store.reading import fits, understands


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
        names = ", ".join(f'"{name}"' for name in ("id", *kind.specs))
        marks = ", ".join("?" * (len(kind.specs) + 1))
        return Table(
            kind,
            tuple(kind.specs),
            f'SELECT {names} FROM "{kind.name}"',
            f'INSERT OR REPLACE INTO "{kind.name}" ({names}) VALUES ({marks})',
            f'DELETE FROM "{kind.name}" WHERE id = ?',
        )

    def named(self, row: Sequence[Value]) -> tuple[int, dict[str, Value]]:
        """A selected row as its id and its values by field name."""
        record, *values = row
        return int(record or 0), dict(zip(self.columns, values, strict=True))

    def created(self, records: Sequence[tuple[int, Flat]]) -> "Created":
        """The rows of new records: (id, decoded vals)."""
        numbers = tuple(self.kind.numbered)
        layouts = _Layouts(numbers)
        rows: list[tuple[Value, ...]] = [layouts[flat[::2]]((*flat, None, record)) for record, flat in records]
        _, *columns = zip(*rows, strict=True)
        if all(map(fits, self.kind.specs.values(), columns)) and {ALIVE, *numbers}.issuperset(chain(*layouts)):
            return Created(rows, [])
        values = [(record, dict(zip(flat[::2], flat[1::2], strict=True))) for record, flat in records]
        pending = [
            (record, number, record, self.kind.number)
            for record, fields in values
            for number, value in fields.items()
            if number != ALIVE and not understands(self.kind.numbered.get(number), value)
        ]
        unclear = {place[:2] for place in pending}
        return Created(
            [
                (record, *(None if (record, number) in unclear else fields.get(number) for number in numbers))
                for record, fields in values
            ],
            pending,
        )


def table_named(name: str) -> Table:
    """The table of the kind of that name. Raises NotFound."""
    record = discover.kinds().get(name)
    table = Table.of(record.kind.number) if record else None
    if table is None:
        raise NotFound("There is no kind of record called {kind}.", kind=name)
    return table


class Created(NamedTuple):
    """Rows for a table, and what they leave out: (record, field, clk, kind) as in ``pending``."""

    rows: Sequence[tuple[Value, ...]]
    pending: Sequence[tuple[int, int, int, int]]


def created_rows(number: int, records: Sequence[tuple[int, Flat]]) -> Created:
    """The rows of new records of a kind, (id, decoded vals); none, all pending, for a kind of a newer version."""
    table = Table.of(number)
    if table is None:
        return Created((), [(record, ALIVE, record, number) for record, _ in records])
    return table.created(records) if records else Created((), ())


@cache
def update(table: str, columns: tuple[str, ...]) -> str:
    """The statement that sets some columns of a row."""
    cells = ", ".join(f'"{name}" = ?' for name in columns)
    return f'UPDATE "{table}" SET {cells} WHERE id = ?'


class _Layouts(dict[Flat, "itemgetter[Any]"]):
    """By the field numbers of a creation: how its cells are picked from its decoded ``vals`` and (None, id)."""

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__()
        self._numbers = numbers

    def __missing__(self, fields: Flat) -> "itemgetter[Any]":
        at: Mapping[int, int] = {number: 2 * place + 1 for place, number in enumerate(fields)}
        picked = itemgetter(-1, *(at.get(number, -2) for number in self._numbers))
        self[fields] = picked
        return picked
