"""One transaction of the one write path: log new ops, merge heads, read tables, refresh the index, close the link."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from gridworker import discover
from gridworker.record import Value
from gridworker.store.batch import Entry, Journal
from gridworker.store.heads import MISSING, Merger, Packed
from gridworker.store.log import Cursor, Log
from gridworker.store.op import OpRow, What
from gridworker.store.projection import Projection


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

    @property
    def count(self) -> int:
        """How many records were touched."""
        return sum(map(len, self.touched.values()))


NOTHING = Commit(0, MappingProxyType({}))


@dataclass
class Taken:
    """What merging a list of ops did, before the link is closed."""

    rows: list[OpRow]
    touched: Mapping[str, frozenset[int]]
    conflicts: int
    forks: list[OpRow] = field(default_factory=list)


def take_in(cursor: Cursor, rows: Sequence[OpRow]) -> Taken:
    """Log and merge ops, ours or foreign, and read the tables they change. Doubles are passed over.

    ``rows`` carry our author numbers; their ``vals`` have been checked.
    """
    log = Log(cursor)
    fresh, forks = _unknown(log, rows)
    log.append(fresh)
    merged, kinds = _merge(log, fresh)
    conflicts = _project(cursor, log, fresh, merged, kinds)
    return Taken(fresh, _touched(kinds), conflicts, forks)


def close_link(cursor: Cursor, key: bytes, entry: Entry, taken: Taken) -> Commit:
    """Write the journal's link for what was taken in."""
    no = Journal(cursor, key).add(entry, taken.rows)
    return Commit(no, taken.touched, taken.conflicts, len(taken.rows), tuple(taken.forks))


def _unknown(log: Log, rows: Sequence[OpRow]) -> tuple[list[OpRow], list[OpRow]]:
    """The ops that are not in the log, ascending, and those whose clk is there with another content."""
    known = log.rows(log.maybe_known(rows))
    fresh: dict[int, OpRow] = {}
    forks = []
    for row in rows:
        other = known.get(row.clk) or fresh.get(row.clk)
        if other is None:
            fresh[row.clk] = row
        elif (other.kind, other.record, other.what, other.vals) != (row.kind, row.record, row.what, row.vals):
            forks.append(row)
    return [fresh[clk] for clk in sorted(fresh)], forks


def _merge(log: Log, rows: Sequence[OpRow]) -> tuple[Merger, dict[int, int]]:
    created = {row.record for row in rows if row.what == What.CREATE}
    kinds = {row.record: row.kind for row in rows}
    awaited = log.awaited()
    heads = log.heads(kinds.keys() - created)
    orphans = _orphans(log, created, awaited)
    heads.update(orphans)
    merger = Merger(heads, awaited, log.has, (row.clk for row in rows))
    for row in rows:
        if row.what not in (What.ERASE, What.VERDICT):
            merger.take(row)
    log.change_awaited(merger.came, merger.new_awaited)
    edited = {row.record for row in rows if row.what != What.CREATE} | orphans.keys()
    log.save_heads(
        (record, kinds[record], _trim(record, merger.heads[record])) for record in edited if record in merger.heads
    )
    return merger, kinds


def _orphans(log: Log, created: set[int], awaited: set[tuple[int, int]]) -> dict[int, Packed]:
    """Heads of records whose edits came before their creation: only possible while something is awaited."""
    if not awaited or not created:
        return {}
    return {record: packed for record, packed in log.heads(created).items() if MISSING in packed}


def _trim(record: int, packed: Packed) -> Packed:
    return packed if MISSING in packed else {number: head for number, head in packed.items() if head != record}


def _project(cursor: Cursor, log: Log, rows: Sequence[OpRow], merged: Merger, kinds: Mapping[int, int]) -> int:
    projection = Projection(cursor)
    projection.insert(row for row in rows if row.what == What.CREATE and row.record not in merged.reread)
    several = {
        record
        for record, packed in merged.heads.items()
        if record not in merged.reread and 0 in packed and MISSING not in packed
    }
    reread = merged.reread | several
    simple = {
        record: values
        for record, values in merged.values.items()
        if values and record not in reread and MISSING not in merged.heads[record]
    }
    projection.update(simple, kinds, merged.heads)
    if not reread:
        return 0
    return projection.reread({record: (kinds[record], merged.heads[record]) for record in reread}, merged.awaited)


def _touched(kinds: Mapping[int, int]) -> Mapping[str, frozenset[int]]:
    by_kind: dict[str, set[int]] = defaultdict(set)
    known = discover.by_number()
    for record, number in kinds.items():
        if number in known:
            by_kind[known[number].kind.name].add(record)
    return MappingProxyType({name: frozenset(ids) for name, ids in by_kind.items()})


def changed_values(stored: Mapping[str, Value], wanted: Mapping[str, Value]) -> dict[str, Value]:
    """Those of the wanted values that differ from what is stored."""
    return {name: value for name, value in wanted.items() if stored.get(name) != value}
