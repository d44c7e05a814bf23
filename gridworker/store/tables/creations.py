"""New records of an act of this device, side by side: a ledger brings tens of thousands, made of few sets of fields.

What is done op by op with creations that come from elsewhere (decoded, compared, read into rows) is done here for a
whole column: the values are at hand, and nobody else can know of these records yet.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, repeat
from operator import lt
from typing import Any, NamedTuple, TypeAlias

import msgpack

from gridworker.record import Kind, Value
from gridworker.store.log.log import Columns
from gridworker.store.log.op import CreatePacker, OpRow, What
from gridworker.store.tables.changes import Change
from gridworker.store.tables.fitting import fits
from gridworker.store.tables.layout import table_named

_Cells: TypeAlias = "list[Value] | array[int]"
"""The values of one field. References stand in 8 bytes each: as an int of Python's each would take 32 more."""

_Named: TypeAlias = tuple[str, tuple[str, ...]]
"""A kind and the fields that some records of it name."""

MANY = 5_000
"""New records in one act that are written to more pages than one waits for to be brought into the file."""
VERY_MANY = 100_000
"""New records in one act of which less is kept in memory meanwhile."""
_TOGETHER = 1000
"""Records that are put beside the others in one go: row by row it would take five times as long."""


class Born(NamedTuple):
    """New records of one kind, ascending, and what they hold by name of field; what is not in it is null."""

    kind: Kind
    records: Sequence[int]
    columns: Mapping[str, Sequence[Value]]

    def understood(self) -> bool:
        """Whether this version may put all of it in the table."""
        return all(fits(self.kind.specs[name], column) for name, column in self.columns.items())

    def column(self, name: str) -> Sequence[Value]:
        """The values of a field, record by record."""
        return self.columns[name] if name in self.columns else (None,) * len(self.records)


class Creations(NamedTuple):
    """A lot of them: their ops, ascending, and the records by kind."""

    ops: Columns
    born: Sequence[Born]

    def rows(self) -> Iterator[OpRow]:
        """The ops one by one, for the way that all others take."""
        return map(OpRow._make, zip(*self.ops, strict=True))


@dataclass(frozen=True, slots=True)
class Alike:
    """Records of one kind that name the same fields, and what they hold, field by field."""

    kind: Kind
    names: tuple[str, ...]
    records: "array[int]"
    cells: tuple[_Cells, ...]

    @property
    def columns(self) -> Mapping[str, Sequence[Value]]:
        """What they hold by name of field."""
        return dict(zip(self.names, self.cells, strict=True))

    def values(self) -> Iterator[dict[str, Value]]:
        """The values of each record."""
        rows: Iterable[tuple[Value, ...]] = zip(*self.cells, strict=True) if self.cells else ((),) * len(self.records)
        return (dict(zip(self.names, row, strict=True)) for row in rows)

    def between(self, first: int, last: int) -> "Alike":
        """Those with an id from ``first`` to ``last``; they have to be ascending."""
        part = slice(bisect_left(self.records, first), bisect_right(self.records, last))
        return Alike(self.kind, self.names, self.records[part], tuple(column[part] for column in self.cells))

    def packed(self) -> Iterator[bytes]:
        """What ``pack_create`` makes of each: field and value in turn, in the order of field numbers."""
        if not self.names or any(map(_has_blank, self.cells)):
            return map(CreatePacker(self.kind).pack, self.values())
        numbers = {self.kind.specs[name].number: column for name, column in self.columns.items()}
        flats = zip(*chain.from_iterable((repeat(at), numbers[at]) for at in sorted(numbers)), strict=False)
        return map(msgpack.Packer().pack, flats)


@dataclass(frozen=True, slots=True)
class Lot:
    """Some new records: those of ``groups``, which are ascending, with an id from ``first`` to ``last``.

    What they hold is put together whenever it is asked for, where there are very many: to keep it as well would take
    as much again. Of fewer it is ``kept``, by kind.
    """

    groups: Sequence[Alike]
    first: int
    last: int
    kept: dict[str, Born] | None = None

    def parts(self, *kinds: str) -> list[Alike]:
        """Its records by the fields they name: those of some kinds, or all."""
        wanted = (group for group in self.groups if not kinds or group.kind.name in kinds)
        return [part for part in (group.between(self.first, self.last) for group in wanted) if part.records]

    def records(self, kind: str) -> Sequence[int]:
        """The ids of its records of a kind, ascending."""
        if self.kept is not None:
            return next((one.records for one in self.born(kind)), ())
        return sorted(chain.from_iterable(part.records for part in self.parts(kind)))

    def born(self, *kinds: str) -> list[Born]:
        """Its records by kind: those of some kinds, or all."""
        if self.kept is None:
            return self._born(*kinds)
        if not self.kept:
            self.kept.update((one.kind.name, one) for one in self._born())
        return [one for name, one in self.kept.items() if not kinds or name in kinds]

    def _born(self, *kinds: str) -> list[Born]:
        by_kind: dict[str, list[Alike]] = defaultdict(list)
        for part in self.parts(*kinds):
            by_kind[part.kind.name].append(part)
        return list(map(_born, by_kind.values()))

    def creations(self, author: int) -> Creations:
        """How they are logged, and what they hold."""
        parts = self.parts()
        clks = list(chain.from_iterable(part.records for part in parts))
        kinds = list(chain.from_iterable(repeat(part.kind.number, len(part.records)) for part in parts))
        vals = list(chain.from_iterable(part.packed() for part in parts))
        order = sorted(range(len(clks)), key=clks.__getitem__)  # a third of the time that it takes to sort rows
        clks, kinds, vals = [clks[at] for at in order], [kinds[at] for at in order], [vals[at] for at in order]
        ops = Columns(clks, kinds, clks, [int(What.CREATE)] * len(clks), [author] * len(clks), vals)
        return Creations(ops, self.born())


class NewRecords:
    """Records to be made, side by side: a change for each of them would take four times the room."""

    def __init__(self) -> None:
        self._groups: dict[_Named, Alike] = {}
        self._waiting: dict[_Named, list[tuple[Any, ...]]] = {}
        """Records with their values, added one by one, to be put beside the others many at a time."""
        self.reached: Callable[[int, int], object] = lambda _made, _all: None
        """Told while they are made how many are, and of how many; what it raises ends the transaction."""

    @staticmethod
    def of(changes: Iterable[Change]) -> "NewRecords":
        """Those that some changes make."""
        new = NewRecords()
        for change in changes:
            new.add(change.kind, change.record, change.values)
        return new

    def add(self, kind: str, record: int, values: Mapping[str, Value]) -> None:
        """Add a record by its id and its values, which have been checked."""
        key = kind, tuple(values)
        waiting = self._waiting.get(key)
        if waiting is None:
            waiting = self._waiting[key] = self._begun(key)
        waiting.append((record, *values.values()))
        if len(waiting) == _TOGETHER:
            self._put(key, waiting)

    def adder(self, kind: str, *names: str) -> Callable[..., None]:
        """What adds records that name these fields, by id and values in this order: quicker than ``add``."""
        key = kind, names
        waiting = self._waiting.setdefault(key, self._begun(key))

        def add(*record: Value) -> None:
            waiting.append(record)
            if len(waiting) == _TOGETHER:
                self._put(key, waiting)

        return add

    def extend(self, kind: str, records: Sequence[int], columns: Mapping[str, Sequence[Value]]) -> None:
        """Add records that name the same fields, by their ids and, field by field, their values."""
        key = kind, tuple(columns)
        self._put(key, self._waiting.setdefault(key, self._begun(key)))
        self._extend(key, records, list(columns.values()))

    def _begun(self, key: "_Named") -> list[tuple[Any, ...]]:
        """See to it that there is a group for records of a kind that name these fields."""
        if key not in self._groups:
            kind = table_named(key[0]).kind
            cells = tuple(array("q") if kind.specs[name].ref else list[Value]() for name in key[1])
            self._groups[key] = Alike(kind, key[1], array("q"), cells)
        return []

    def _put(self, key: "_Named", waiting: list[tuple[Any, ...]]) -> None:
        if waiting:
            records, *columns = zip(*waiting, strict=True)
            self._extend(key, records, columns)
            waiting.clear()

    def _extend(self, key: "_Named", records: Sequence[int], columns: Sequence[Sequence[Value]]) -> None:
        group = self._groups[key]
        pairs = list(zip(group.cells, columns, strict=True))
        if any(isinstance(cells, array) and _has_blank(column) for cells, column in pairs):
            group = self._groups[key] = replace(group, cells=tuple(map(list[Value], group.cells)))
        group.records.extend(records)
        for cells, column in zip(group.cells, columns, strict=True):
            cells.extend(column)  # type: ignore[arg-type]  # a reference that is not null is an int

    def __len__(self) -> int:
        """How many there are."""
        return sum(len(group.records) for group in self.groups())

    def groups(self) -> Sequence[Alike]:
        """The records by kind and by the fields they name."""
        for key, waiting in self._waiting.items():
            self._put(key, waiting)
        return list(self._groups.values())

    def changes(self) -> Iterator[Change]:
        """The changes that would make them, one after the other."""
        for group in self.groups():
            for record, values in zip(group.records, group.values(), strict=True):
                yield Change(group.kind.name, record, values, create=True)

    def names(self, kind: str, field: str) -> bool:
        """Whether a field of a kind is named by any."""
        return any(kind == of and field in named for of, named in self._groups)

    def lots(self, size: int) -> Iterator[Lot]:
        """All of them, ascending by id whatever the order they were added in, so many at a time."""
        groups = list(map(_ascending, self.groups()))
        records = sorted(chain.from_iterable(group.records for group in groups))
        for start in range(0, len(records), size):
            self.reached(start, len(records))
            kept: dict[str, Born] | None = {} if len(records) < VERY_MANY else None
            yield Lot(groups, records[start], records[min(start + size, len(records)) - 1], kept)


def _has_blank(column: Sequence[Value]) -> bool:
    """Whether any value is null; what stands in 8 bytes each never is."""
    return not isinstance(column, array) and None in column


def _ascending(group: Alike) -> Alike:
    if all(map(lt, group.records, islice(group.records, 1, None))):
        return group
    order = sorted(range(len(group.records)), key=group.records.__getitem__)
    records = array("q", map(group.records.__getitem__, order))
    return Alike(group.kind, group.names, records, tuple([column[at] for at in order] for column in group.cells))


def _born(groups: Sequence[Alike]) -> Born:
    """The records of one kind, whatever fields they name."""
    if len(groups) == 1:
        return Born(groups[0].kind, groups[0].records, groups[0].columns)
    named = {name for group in groups for name in group.names}
    names = [name for name in groups[0].kind.specs if name in named]
    rows = sorted(
        chain.from_iterable(
            zip(group.records, *(group.columns.get(name, repeat(None)) for name in names), strict=False)
            for group in groups
        )
    )
    records, *columns = zip(*rows, strict=True)
    return Born(groups[0].kind, records, dict(zip(names, columns, strict=True)))
