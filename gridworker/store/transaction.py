"""One transaction of the one write path: log new ops, merge heads, read tables, close the link."""

import gc
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import compress
from operator import not_
from types import MappingProxyType
from typing import TypeAlias, TypeVar

from gridworker import discover
from gridworker.store.batch import Entry, Journal, Part
from gridworker.store.heads import MISSING, Arrivals, Merger
from gridworker.store.layout import Table
from gridworker.store.log import Columns, Cursor, Log, Standing, chunks
from gridworker.store.op import Flat, OpRow, What, unpack_all
from gridworker.store.projection import Places, Projection

Progress: TypeAlias = Callable[[int, int], None]
"""Called with ops read so far and ops in all."""

LOT = 20_000
"""Ops merged at a time: enough that statements cost nothing, few enough that memory does not grow with a bundle."""

_KNOWN = frozenset(What)
_MERGED = frozenset({What.EDIT, What.DELETE, What.RESTORE, What.RESOLVE})


@dataclass(frozen=True, slots=True)
class Commit:
    """What a transaction touched; pages showing these records read them again."""

    batch: int
    touched: Mapping[str, frozenset[int]]
    conflicts: int = 0
    """Records the transaction left in conflict."""
    new: int = 0
    """Ops that were not here before."""
    forks: tuple[OpRow, ...] = ()
    """Ops whose clk is in the log with another content: a copied or restored device."""
    bad: tuple[OpRow, ...] = ()
    """Ops that were not taken in: they create a record under another's clk, or are of no known sort."""

    @property
    def count(self) -> int:
        """How many records were touched."""
        return sum(map(len, self.touched.values()))


NOTHING = Commit(0, MappingProxyType({}))


@dataclass
class Taken:
    """What merging ops did, before the link is closed."""

    parts: list[Part] = field(default_factory=list)
    touched: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Records by number of kind."""
    contested: set[int] = field(default_factory=set)
    """Records that may be in conflict."""
    forks: list[OpRow] = field(default_factory=list)
    bad: list[OpRow] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many ops were new."""
        return sum(len(part.clks) for part in self.parts)

    @property
    def newest(self) -> int:
        """The highest clk of the new ops, or 0."""
        return max((part.clks[-1] for part in self.parts), default=0)

    def by_name(self) -> Mapping[str, frozenset[int]]:
        """The touched records of kinds known here, by name of kind."""
        known = discover.by_number()
        return MappingProxyType(
            {known[number].kind.name: frozenset(ids) for number, ids in self.touched.items() if number in known}
        )


def take_in(
    cursor: Cursor, rows: Iterable[OpRow], authors: Sequence[int] | None = None, taken: Taken | None = None
) -> Taken:
    """Log and merge ops, ours or foreign, and read the tables they change. Doubles are passed over.

    ``vals`` have been checked. ``authors`` has our numbers where the rows carry indexes of a list. The ops are taken in
    lots, so that memory does not grow with them; a lot is a batch like any other. ``taken`` is what to go on from.
    """
    intake = _Intake(cursor, authors, taken or Taken())
    with collecting_paused():
        for lot in chunks(rows, LOT):
            intake.take(lot)
    return intake.taken


def close_link(cursor: Cursor, key: bytes, entry: Entry, taken: Taken) -> Commit:
    """Write the journal's link for what was taken in."""
    no = Journal(cursor, key).add(entry, taken.parts)
    left = Projection(cursor).in_conflict(taken.contested)
    return Commit(no, taken.by_name(), left, taken.count, tuple(taken.forks), tuple(taken.bad))


@contextmanager
def collecting_paused() -> Iterator[None]:
    """Keep the garbage collector from walking again and again what is only growing: it doubles the time of a merge."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Intake:
    """Takes in ops lot by lot."""

    def __init__(self, cursor: Cursor, authors: Sequence[int] | None, taken: Taken) -> None:
        self._log = Log(cursor)
        self._projection = Projection(cursor)
        self._authors = authors
        self.taken = taken

    def take(self, lot: list[OpRow]) -> None:
        """Log, merge and show one lot."""
        lot.sort()
        ops = Columns.of(self._new(lot))
        if ops.clk:
            if self._authors is not None:
                ops = ops._replace(author=[self._authors[index] for index in ops.author])
            self.taken.parts.append(Part.of(ops))
            self._log.append(ops)
            self._merge(ops)

    def _new(self, lot: Sequence[OpRow]) -> Sequence[OpRow]:
        """The ops of a lot that are to be logged."""
        clks = {row.clk for row in lot}
        known = self._log.rows(self._log.maybe_known(clks))
        if len(clks) == len(lot) and not known and all(map(_is_sound, lot)):
            return lot
        fresh: dict[int, OpRow] = {}
        for row in lot:
            other = known.get(row.clk) or fresh.get(row.clk)
            if not _is_sound(row):
                self.taken.bad.append(row)
            elif other is None:
                fresh[row.clk] = row
            elif (*other[:4], other.vals) != (*row[:4], row.vals):
                self.taken.forks.append(row)
        return list(fresh.values())

    def _merge(self, ops: Columns) -> None:
        created, edits, claimed = _sorted_out(ops)
        kinds = {record: number for number, rows in created.items() for record, _ in rows}
        awaited = self._log.awaited()
        late = awaited.keys() & kinds.keys()
        standing = self._standing({**claimed, **{record: kinds[record] for record in late}}, kinds.keys() - late)
        edited = claimed.keys() | {record for record in late if MISSING in standing.heads[record]}
        standing.kinds.update(kinds)
        merger = Merger(standing.heads, awaited, self._log.present)
        merger.take(Arrivals(ops.clk, kinds, edits))
        self._log.change_awaited(merger.came, merger.new_awaited)
        self._log.save_heads((record, standing.kinds.get(record, 0), merger.heads[record]) for record in sorted(edited))
        for number, rows in created.items():
            self._projection.insert(number, [row for row in rows if row[0] not in merger.reread])
        places = self._show(standing, merger)
        for record in kinds.keys() | claimed.keys() | merger.reread:
            self.taken.touched[places.kinds.get(record, 0)].add(record)

    def _standing(self, claimed: Mapping[int, int], fresh: Collection[int]) -> Standing:
        """Kinds and heads of the records that are edited. ``fresh`` are created by this lot and have no edits yet."""
        by_kind: dict[int, list[int]] = defaultdict(list)
        for record in sorted(claimed.keys() - fresh):
            by_kind[claimed[record]].append(record)
        tables = {number: Table.of(number) for number in by_kind}
        standing = self._log.standing(
            {number: (table.kind.name if table else None, by_kind[number]) for number, table in tables.items()}
        )
        standing.heads.update((record, {}) for record in claimed.keys() & fresh)
        return standing

    def _show(self, standing: Standing, merger: Merger) -> Places:
        """Write what is read from the heads that changed."""
        elsewhere = self._log.standing({0: (None, merger.reread - standing.heads.keys())})
        places = Places({**standing.kinds, **elsewhere.kinds}, {**merger.heads, **elsewhere.heads}, merger.awaited)
        here = {record for record, packed in places.heads.items() if MISSING not in packed}
        reread = merger.reread & here
        single = here - reread
        self._projection.update(_only(merger.values, single), places)
        self._projection.settle(_only(merger.contested, single), merger.told, places)
        self._projection.reread(reread, places)
        self.taken.contested |= reread | merger.contested.keys()
        return places


def _is_sound(row: OpRow) -> bool:
    """Whether an op is of a known sort, and creates what bears its clk or else something other."""
    return row.what in _KNOWN and (row.what == What.CREATE) == (row.clk == row.record)


def _sorted_out(
    ops: Columns,
) -> tuple[dict[int, list[tuple[int, Flat]]], list[tuple[int, int, Flat]], dict[int, int]]:
    """Creations by kind, edits, and by edited record the kind it is said to be of."""
    flats = unpack_all(ops.vals)
    created: dict[int, list[tuple[int, Flat]]] = defaultdict(list)
    for kind, record, flat in compress(zip(ops.kind, ops.record, flats, strict=True), map(not_, ops.what)):
        created[kind].append((record, flat))
    merged = [what in _MERGED for what in ops.what]
    edits = list(compress(zip(ops.clk, ops.record, flats, strict=True), merged))
    return created, edits, dict(compress(zip(ops.record, ops.kind, strict=True), merged))


_Fields = TypeVar("_Fields")


def _only(fields: Mapping[int, _Fields], records: Collection[int]) -> dict[int, _Fields]:
    return {record: found for record, found in fields.items() if record in records}
