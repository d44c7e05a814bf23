"""Taking ops in, lot by lot: log what is new, merge heads, write what is read from them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import chain, compress, islice
from operator import eq, itemgetter, not_
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from gridworker import discover
from gridworker.record import ALIVE
from gridworker.store.intake.copies import Copies
from gridworker.store.joined import hear
from gridworker.store.log import unread
from gridworker.store.log.blanking import Erased, blanked, fields_of
from gridworker.store.log.derive import derived_for
from gridworker.store.log.heads import MISSING, Arrivals, Awaited, Merger
from gridworker.store.log.ids import AscendingIds
from gridworker.store.log.journal import Part
from gridworker.store.log.log import Columns, Cursor, Log, Standing
from gridworker.store.log.op import Flat, OpRow, What, unpack_all, unpack_joined
from gridworker.store.log.verdicts import Verdicts
from gridworker.store.tables.layout import Newborn, Table
from gridworker.store.tables.projection import Places, Projection

if TYPE_CHECKING:
    from gridworker.store.tables.creations import Lot

_MERGED = frozenset(map(int, (What.EDIT, What.DELETE, What.RESTORE, What.RESOLVE, What.ERASE)))


ByKind: TypeAlias = dict[int, set[int]]
"""Records by number of kind."""


def _none() -> ByKind:
    return defaultdict(set)


@dataclass
class Touched:
    """Records whose change the search index has to follow."""

    made: dict[int, AscendingIds] = field(default_factory=lambda: defaultdict(AscendingIds))
    """They are new: kept once, for there may be a hundred thousand. Some may be in both of the next instead."""
    named: ByKind = field(default_factory=_none)
    """The names, numbers or places of these changed."""
    told: ByKind = field(default_factory=_none)
    """The free text of these changed."""
    born: "list[Lot]" = field(default_factory=list)
    """Records that this device made, lot by lot: their entries are made from the values at hand."""
    erased: bool = False
    """Values were erased: nothing of them may be left in old parts of the index."""

    def add(self, other: "Touched") -> None:
        """Add what another transaction touched."""
        self.born += other.born
        self.erased |= other.erased
        for mine, new in ((self.named, other.named), (self.told, other.told)):
            for number, records in new.items():
                mine[number] |= records
        for number, made in other.made.items():
            self.make(number, list(made))

    def make(self, number: int, records: Sequence[int]) -> bool:
        """Note new records of a kind, ascending. Whether they follow those that are noted: else they are as changed."""
        follow = self.made[number].extend(records)
        if not follow:
            self.named[number].update(records)
            self.told[number].update(records)
        return follow

    def to_name(self) -> Mapping[int, Set[int]]:
        """Records whose names have to be indexed."""
        return joined(self.made, self.named)

    def to_tell(self) -> Mapping[int, Set[int]]:
        """Records whose free text has to be indexed."""
        return joined(self.made, self.told)


@dataclass
class Taken:
    """What taking ops in did, before the link is closed."""

    parts: list[Part] = field(default_factory=list)
    altered: ByKind = field(default_factory=_none)
    """Records that were touched, beside those that the search index takes as new and those that this device made."""
    sown: dict[int, AscendingIds] = field(default_factory=lambda: defaultdict(AscendingIds))
    """Records that this device made, by number of kind."""
    to_index: Touched = field(default_factory=Touched)
    contested: set[int] = field(default_factory=set)
    """Records that may be in conflict."""
    forks: list[OpRow] = field(default_factory=list)
    bad: list[OpRow] = field(default_factory=list)
    erased: set[int] = field(default_factory=set)
    """Records with an erasure that were erased, or of which anything came."""

    @property
    def touched(self) -> Mapping[int, Set[int]]:
        """All records that were, by number of kind."""
        return joined(joined(self.to_index.made, self.altered), self.sown)

    def make(self, number: int, records: Sequence[int]) -> None:
        """Note new records of a kind, ascending, that were made elsewhere."""
        if not self.to_index.make(number, records):
            self.altered[number].update(records)

    def sow(self, number: int, records: Sequence[int]) -> None:
        """Note new records of a kind, ascending, that this device made."""
        if not self.sown[number].extend(records):
            self.altered[number].update(records)

    @property
    def count(self) -> int:
        """How many ops were new."""
        return sum(len(part.clks) for part in self.parts)

    @property
    def newest(self) -> int:
        """The highest clk of the new ops, or 0."""
        return max((part.clks[-1] for part in self.parts), default=0)


def joined(some: Mapping[int, Set[int]], others: Mapping[int, Set[int]]) -> Mapping[int, Set[int]]:
    """The records of both, and of a kind that is in one alone the very set: read it only."""
    if not (some and others):
        return some or others
    both = some.keys() & others.keys()
    return {**some, **others, **{number: some[number] | others[number] for number in both}}


def by_name(records: Mapping[int, Set[int]]) -> Mapping[str, Set[int]]:
    """Records of kinds known here, by name of kind."""
    known = discover.by_number()
    return MappingProxyType({known[number].kind.name: ids for number, ids in records.items() if number in known})


class _Lot(NamedTuple):
    """Ops that are new here, sorted out."""

    clks: Sequence[int]
    created: dict[int, Newborn]
    """By kind."""
    edits: Iterable[tuple[int, int, Flat]]
    """(clk, record, decoded vals), once."""
    claimed: dict[int, int]
    """The kind that an edited record is said to be of."""

    @staticmethod
    def of(ops: Columns, joined: bytes) -> "_Lot":
        """Sort ops out. ``joined``: their vals, one after the other."""
        whats = set(ops.what)
        if whats == {What.CREATE}:
            return _Lot(ops.clk, Newborn.by_kind(ops.kind, ops.record, ops.vals), (), {})
        if whats <= _MERGED:
            edits = zip(ops.clk, ops.record, unpack_joined(joined, len(ops.vals)), strict=True)
            return _Lot(ops.clk, {}, edits, dict(zip(ops.record, ops.kind, strict=True)))
        merged = [what in _MERGED for what in ops.what]
        created = list(compress(zip(ops.kind, ops.record, ops.vals, strict=True), map(not_, ops.what)))
        places = list(compress(zip(ops.clk, ops.record, ops.kind, strict=True), merged))
        flats = unpack_all(list(compress(ops.vals, merged)))
        return _Lot(
            ops.clk,
            Newborn.by_kind(*zip(*created, strict=True)) if created else {},
            [(clk, record, flat) for (clk, record, _), flat in zip(places, flats, strict=True)],
            {record: kind for _, record, kind in places},
        )

    def records(self) -> Iterator[int]:
        """The records that are edited or created."""
        return chain(self.claimed, *(newborn.records for newborn in self.created.values()))

    def kinds(self) -> dict[int, int]:
        """The kinds of the records that are created."""
        return {record: number for number, newborn in self.created.items() for record in newborn.records}


class Intake:
    """Takes ops in on the cursor of an open transaction."""

    def __init__(self, cursor: Cursor, taken: Taken, known: Standing | None = None) -> None:
        from gridworker.store.search import search  # words and pinyin: not before a store is written to

        self._cursor = cursor
        self._log = Log(cursor)
        self._projection = Projection(cursor)
        self._verdicts = Verdicts(cursor)
        self._watched = search.watched()
        self._told = search.told()
        self._taken = taken
        self._known = known
        """Of the first lot alone: what comes after it may find them changed."""

    def take(self, rows: list[OpRow], authors: Sequence[int] | None = None) -> None:
        """Log, merge and show a lot. ``authors`` has our numbers where the rows carry indexes of a list."""
        rows.sort(key=itemgetter(0))
        ops = Columns.of(rows)
        erased = self._erased(ops, rows)
        if erased:
            rows = [blanked(row, erased[row.record]) if row.record in erased else row for row in rows]
            ops = Columns.of(rows)
            self._taken.erased.update(erased)
        known = self._log.rows(self._log.maybe_known(ops.clk))
        if known or not _is_plain(ops):
            ops = Columns.of(self._new(rows, known))
        if not ops.clk:
            return
        if authors is not None:
            ops = ops._replace(author=list(map(authors.__getitem__, ops.author)))
        joined = b"".join(ops.vals)
        self._taken.parts.append(Part.of(ops, joined))
        self._log.append(ops)
        unread.keep(self._cursor, ops)
        hear(self._cursor, ops)
        met = self._verdicts.meet(ops)
        if met is not None:
            ops = Columns._make(list(compress(column, [clk not in met.ruled for clk in ops.clk])) for column in ops)
            joined = b"".join(ops.vals)
        if ops.clk:
            self._merge(_Lot.of(ops, joined))
        if met is not None and met.records:
            self.read_anew(met.records)
        self._known = None

    def sow(self, lot: "Lot", author: int) -> None:
        """Log and show records that this device made; nobody can know of them yet, or they go the way of all others."""
        new = lot.creations(author)
        if self._is_known(new.ops) or not all(one.understood() for one in new.born):
            self.take(list(new.rows()))
            return
        self._taken.parts.append(Part.of(new.ops))
        self._log.append(new.ops)
        for one in new.born:
            self._projection.plant(one.kind.name, one.records, one.columns)
            self._taken.sow(one.kind.number, one.records)
        self._taken.to_index.born.append(lot)

    def _is_known(self, ops: Columns) -> bool:
        """Whether something here names one of these ops or records, or is one of them: never, but in a copied store."""
        awaited = self._log.awaited()
        named = {*awaited, *(record for record, _ in chain.from_iterable(awaited.values()))}
        return bool(
            not _is_plain(ops)  # else the clk of each is its record, too
            or self._log.rows(self._log.maybe_known(ops.clk))
            or (named and not named.isdisjoint(ops.clk))
            or self._log.erasures(ops.record)
            or self._verdicts.about(ops.record)
        )

    def _erased(self, ops: Columns, rows: Sequence[OpRow]) -> Mapping[int, Erased]:
        """The erasures of the records of a lot, those that come with it among them."""
        if What.ERASE in ops.what:
            come = [row for row in rows if row.what == What.ERASE and row.clk != row.record]
            self._log.add_erasures((row.record, field, row.clk) for row in come for field in fields_of(row))
        return self._log.erasures(ops.record)

    def _new(self, rows: Sequence[OpRow], known: Mapping[int, OpRow]) -> Sequence[OpRow]:
        """The ops of a lot that are to be logged: neither doubles nor forks nor such as cannot be."""
        fresh: dict[int, OpRow] = {}
        copies = Copies(self._cursor, rows)
        for row in rows:
            other = known.get(row.clk) or fresh.get(row.clk)
            if not _is_plain(Columns.of([row])):
                self._taken.bad.append(row)
            elif other is None:
                fresh[row.clk] = row
            elif not copies.are_one(other, row):
                self._taken.forks.append(row)
        return list(fresh.values())

    def _merge(self, lot: _Lot) -> None:
        awaited = self._log.awaited_around(lot.clks, lot.records())
        if lot.claimed or awaited:
            self._merge_edits(lot, awaited)
        else:
            for number, newborn in lot.created.items():
                self._projection.insert(number, newborn)
        for number, newborn in lot.created.items():
            self._taken.make(number, newborn.records)

    def _merge_edits(self, lot: _Lot, awaited: Awaited) -> None:
        kinds = lot.kinds()
        late = {record: kinds[record] for record in awaited if record in kinds}
        standing = self._standing({**lot.claimed, **late}, kinds.keys() - late.keys())
        plain = [record for record in late if record not in lot.claimed and MISSING not in standing.heads[record]]
        standing.kinds.update(kinds)
        merger = Merger(standing.heads, awaited, self._log.present)
        merger.take(Arrivals(lot.clks, kinds, lot.edits))
        self._log.change_awaited(merger.came, merger.new_awaited)
        self._log.save_heads(standing, plain)
        for number, newborn in lot.created.items():
            self._projection.insert(number, newborn.without(merger.reread))
        self._show(standing, merger)

    def _standing(self, claimed: Mapping[int, int], fresh: Collection[int]) -> Standing:
        """Kinds and heads of the records that are edited. ``fresh`` are created by this lot and have no edits yet."""
        wanted = claimed.keys() - fresh if fresh else claimed.keys()
        if self._known is not None and self._known.heads.keys() >= wanted:
            return self._known.only(wanted, claimed.keys() & fresh)
        records = sorted(wanted)
        kinds = list(map(claimed.__getitem__, records))
        tables = {number: Table.of(number) for number in set(kinds)}
        standing = self._log.standing(
            {
                number: (table.kind.name if table else None, compress(records, map(number.__eq__, kinds)))
                for number, table in tables.items()
            }
        )
        standing.heads.update((record, {}) for record in fresh if record in claimed)
        return standing

    def _show(self, standing: Standing, merger: Merger) -> None:
        """Write what is read from the heads that changed."""
        elsewhere = merger.reread - standing.heads.keys()
        if elsewhere:
            found = self._log.standing({0: (None, elsewhere)})
            standing.kinds.update(found.kinds)
            standing.heads.update(found.heads)
            merger.absent.update(record for record in elsewhere if MISSING in found.heads.get(record, {MISSING: 1}))
        places = Places(standing.kinds, standing.heads, merger.awaited)
        reread = merger.reread - merger.absent
        shown = self._projection.show(merger, places, reread | merger.absent)
        self._projection.reread(reread, places)
        self._taken.contested |= reread | merger.contested.keys()
        for (number, fields), records in shown.items():
            self._touch(number, fields, records)
        for record in reread:
            self._touch(standing.kinds.get(record, 0), (ALIVE,), (record,))

    def read_anew(self, said: Mapping[int, int]) -> None:
        """Read records by the definition of their heads: a verdict says what of their ops counts.

        ``said``: the kind each is said to be of, to take its row out of the table where its creation counts no more.
        """
        found = {one.record: one for one in derived_for(self._cursor, said)}
        kinds = self._log.kinds(said)
        packed = {record: one.packed for record, one in found.items()}
        awaited = {place for one in found.values() for place in one.awaited}
        self._log.replace_heads(said, Standing({r: one.kind for r, one in found.items()}, packed), awaited)
        places = Places(kinds, {record: packed.get(record, {}) for record in kinds}, self._log.awaited())
        self._projection.reread(kinds, places)
        gone = {record: kind for record, kind in said.items() if record not in kinds}
        self._projection.remove(gone)
        self._taken.contested |= said.keys()
        for record, kind in {**gone, **kinds}.items():
            self._touch(kind, (ALIVE,), (record,))

    def _touch(self, number: int, fields: Collection[int], records: Iterable[int]) -> None:
        """Note which records of a kind changed in these fields."""
        self._taken.altered[number].update(records)
        touched = self._taken.to_index
        for watched, found in ((self._watched, touched.named), (self._told, touched.told)):
            if not watched.get(number, frozenset()).isdisjoint(fields):
                found[number].update(records)


def _is_plain(ops: Columns) -> bool:
    """Whether no op is there twice, and those that create a record bear its id alone."""
    if any(map(eq, ops.clk, islice(ops.clk, 1, None))):  # ascending
        return False
    if ops.record is ops.clk:  # very many that this device makes
        return not any(ops.what)
    return list(map(eq, ops.clk, ops.record)) == list(map(not_, ops.what))
