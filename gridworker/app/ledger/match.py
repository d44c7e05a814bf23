"""Which row of a form is about which entry that is here: all it says is the same, or what tells entries apart is.

An entry is that of one row at most. Nothing is guessed: where several entries may be meant, the row is not taken in.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from gridworker.app.ledger.ledgers import Ledger
from gridworker.errors import Problem

if TYPE_CHECKING:
    from gridworker.record import Value

Texts = Mapping[str, str]
"""What stands in an entry, by column, as reading.py writes it."""


@dataclass(frozen=True, slots=True)
class Known:
    """An entry that is here: its id, its fields, and what its ledger says of it."""

    id: int
    values: "Mapping[str, Value]"
    row: "Mapping[str, Value]"
    texts: Texts


@dataclass(slots=True)
class Pairs:
    """By place of the row: the entry it is about, or why it cannot be told. ``doubts``: rows much like another."""

    known: dict[int, Known] = field(default_factory=dict)
    faults: dict[int, Problem] = field(default_factory=dict)
    doubts: dict[int, int] = field(default_factory=dict)


def paired(ledger: Ledger, rows: Sequence[Texts], numbers: Sequence[int], known: Iterable[Known]) -> Pairs:
    """Pair rows with entries. ``numbers`` are those of the rows as the user sees them."""
    return _Pairing(ledger, rows, numbers, list(known)).run()


class _Pairing:
    def __init__(self, ledger: Ledger, rows: Sequence[Texts], numbers: Sequence[int], known: list[Known]) -> None:
        self._ledger, self._rows, self._numbers = ledger, rows, numbers
        self._free = {one.id: one for one in known}
        self._said: dict[int, int] = {}
        """The row that each entry is of, by id."""
        self.pairs = Pairs()

    def run(self) -> Pairs:
        for columns in dict.fromkeys(map(tuple, self._rows)):
            places = [at for at, row in enumerate(self._rows) if tuple(row) == columns]
            self._by(places, partial(_of, columns), whole=True)
        self._by_number()
        self._by_what_tells()
        self._twice()
        return self.pairs

    def _by(self, places: Iterable[int], key: Callable[[Texts], Hashable | None], *, whole: bool = False) -> None:
        """Pair the rows whose key is that of an entry that no row has yet."""
        index: dict[Hashable, list[Known]] = defaultdict(list)
        for one in self._free.values():
            index[key(one.texts)].append(one)
        for at in places:
            wanted = key(self._rows[at])
            found = [one for one in index[wanted] if one.id in self._free] if wanted is not None else []
            found = found[:1] if whole else [one for one in found if self._agrees(at, one)]
            if len(found) == 1:
                self._pair(at, found[0])
            elif found:
                self.pairs.faults[at] = Problem("More than one entry here may be meant. Change it in the window.")

    def _pair(self, at: int, one: Known) -> None:
        self.pairs.known[at] = one
        self._said[one.id] = at
        del self._free[one.id]

    def _left(self) -> list[int]:
        return [at for at in range(len(self._rows)) if at not in self.pairs.known and at not in self.pairs.faults]

    def _number(self, texts: Texts) -> str | None:
        return texts.get(self._ledger.number) or None

    def _by_number(self) -> None:
        self._by(self._left(), self._number)
        taken = {self._number(self._rows[at]): at for at in reversed(list(self.pairs.known))}
        for at in self._left():
            number = self._number(self._rows[at])
            if number and taken.setdefault(number, at) != at:
                self._refuse_second(at, taken[number])

    def _by_what_tells(self) -> None:
        """By the columns that tell entries apart, as far as the form has them; it has all those that are needed."""
        needed = {one.name for one in self._ledger.columns if one.required}.intersection(self._ledger.told_by)
        by_columns: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for at in self._left():
            row = self._rows[at]
            if all(row.get(name) for name in needed):
                by_columns[tuple(name for name in self._ledger.told_by if name in row)].append(at)
        for columns, places in by_columns.items():
            self._by(places, partial(_of, columns))

    def _agrees(self, at: int, one: Known) -> bool:
        """Whether the numbers of a row and an entry do not say that they are two."""
        mine, other = self._number(self._rows[at]), self._number(one.texts)
        return mine is None or other is None or mine == other

    def _twice(self) -> None:
        """Of new rows that say the same the second is one too many; of those told by the same, somebody looks."""
        whole: dict[Hashable, int] = {tuple(self._rows[at].items()): at for at in reversed(list(self.pairs.known))}
        alike: dict[Hashable, int] = {}
        for at in self._left():
            row = self._rows[at]
            first = whole.setdefault(tuple(row.items()), at)
            if first != at:
                self._refuse_second(at, first)
                continue
            told = tuple(row.get(name, "") for name in self._ledger.told_by)
            if alike.setdefault(told, at) != at:
                self.pairs.doubts[at] = self._numbers[alike[told]]

    def _refuse_second(self, at: int, first: int) -> None:
        self.pairs.faults[at] = Problem("Row {other} is about the same; one of the two is too many.",
                                        other=self._numbers[first])  # fmt: skip


def _of(columns: tuple[str, ...], texts: Texts) -> Hashable:
    return tuple(texts.get(name, "") for name in columns)
