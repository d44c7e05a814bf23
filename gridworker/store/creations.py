"""New records of an act of this device, side by side: a ledger brings tens of thousands, made of few sets of fields.

What is done op by op with creations that come from elsewhere (decoded, compared, read into rows) is done here for a
whole column: the values are at hand, and nobody else can know of these records yet.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import msgpack

from gridworker.record import Kind, Value
from gridworker.store.layout import table_named
from gridworker.store.log import Columns
from gridworker.store.op import CreatePacker, OpRow, What
from gridworker.store.reading import fits

if TYPE_CHECKING:
    from gridworker.store.changes import Change

_Op: TypeAlias = tuple[int, int, bytes]
"""The clk, the kind and the vals of a creation."""


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

    @staticmethod
    def of(changes: "Iterable[Change]", author: int) -> "Creations":
        """The creations that some changes are."""
        groups = _alike(changes)
        ops = sorted(chain.from_iterable(group.ops() for group in groups))
        clks, kinds, vals = zip(*ops, strict=True) if ops else ((), (), ())
        columns = Columns(clks, kinds, clks, (int(What.CREATE),) * len(clks), (author,) * len(clks), vals)
        by_kind: dict[str, list[_Alike]] = defaultdict(list)
        for group in groups:
            by_kind[group.kind.name].append(group)
        return Creations(columns, list(map(_born, by_kind.values())))

    def rows(self) -> Iterator[OpRow]:
        """The ops one by one, for the way that all others take."""
        return map(OpRow._make, zip(*self.ops, strict=True))


@dataclass(slots=True)
class _Alike:
    """Records of one kind that name the same fields."""

    kind: Kind
    names: tuple[str, ...]
    records: list[int] = field(default_factory=list)
    values: list[Mapping[str, Value]] = field(default_factory=list)
    columns: Mapping[str, Sequence[Value]] = field(default_factory=dict)

    def ops(self) -> Iterator[_Op]:
        """Their creating ops."""
        return zip(self.records, repeat(self.kind.number), self._packed(), strict=False)

    def _packed(self) -> Iterator[bytes]:
        """What ``pack_create`` makes of each: field and value in turn, in the order of field numbers."""
        if not self.names or any(None in column for column in self.columns.values()):
            return map(CreatePacker(self.kind).pack, self.values)
        numbers = {self.kind.specs[name].number: column for name, column in self.columns.items()}
        flats = zip(*chain.from_iterable((repeat(at), numbers[at]) for at in sorted(numbers)), strict=False)
        return map(msgpack.Packer().pack, flats)


def _alike(changes: "Iterable[Change]") -> list[_Alike]:
    groups: dict[tuple[str, tuple[str, ...]], _Alike] = {}
    for change in changes:
        key = change.kind, tuple(change.values)
        group = groups.get(key)
        if group is None:
            group = groups[key] = _Alike(table_named(change.kind).kind, key[1])
        group.records.append(change.record)
        group.values.append(change.values)
    for group in groups.values():
        columns = zip(*(values.values() for values in group.values), strict=True)
        group.columns = dict(zip(group.names, columns, strict=True))
    return list(groups.values())


def _born(groups: Sequence[_Alike]) -> Born:
    """The records of one kind, whatever fields they name."""
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
