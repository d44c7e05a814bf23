"""Merges the ops of several bundles as one batch; for ``sync/bundle_batch``.

The fixed cost of an act is paid once for all bundles. Each still gets its own link in the journal and its own audit
row, equal to what it would have got alone. For that no record may be named by two of the bundles, and no op may be
known here or erased: the caller checks the first, ``merge_batch`` raises RuntimeError for the second.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain

from gridworker.store.intake.audit_row import Done, audit_row
from gridworker.store.intake.intake import Taken, by_name
from gridworker.store.intake.transaction import Commit, take_in
from gridworker.store.log.journal import Entry, Journal, Part
from gridworker.store.log.log import Columns, Cursor, Standing
from gridworker.store.log.op import OpRow, as_ops
from gridworker.store.tables.changes import Act
from gridworker.store.tables.projection import Projection


@dataclass(frozen=True, slots=True)
class Bundled:
    """The ops of one bundle, ascending, with our numbers for their authors; and the act and the link they come with."""

    ops: Columns
    act: Act
    entry: Entry

    @staticmethod
    def of(rows: Iterable[OpRow], numbers: Sequence[int], act: Act, entry: Entry) -> "Bundled":
        """With ``author`` of the rows as an index into ``numbers``."""
        ops = Columns.of(sorted(rows))
        return Bundled(ops._replace(author=list(map(numbers.__getitem__, ops.author))), act, entry)

    @property
    def rows(self) -> Iterator[OpRow]:
        """The ops one by one."""
        return as_ops(zip(*self.ops, strict=True))

    def touched(self, by_all: Mapping[int, Set[int]]) -> dict[int, Set[int]]:
        """Its records among those that all of them touched, by number of kind."""
        own = set(self.ops.record)
        found = {number: records & own for number, records in by_all.items()}
        return {number: records for number, records in found.items() if records}


def merge_batch(
    cursor: Cursor, bundled: Sequence[Bundled], known: Standing, tick: Callable[[int], int]
) -> tuple[Taken, list[OpRow]]:
    """Log and merge what is new here, and an audit row for each. ``tick`` gives a clk above the one it is given.

    Returns what was taken in, and the audit rows.
    """
    taken = take_in(cursor, list(chain.from_iterable(one.rows for one in bundled)), known=known)
    if taken.count != sum(len(one.ops.clk) for one in bundled) or taken.erased:
        raise RuntimeError("what is here already, or erased, cannot be merged in a batch")
    newest, by_all = taken.newest, taken.touched
    audits = [
        audit_row(tick(newest), one.entry.author, one.act, Done.of(len(one.ops.clk), one.touched(by_all)))
        for one in bundled
    ]
    take_in(cursor, audits, taken=taken)
    return taken, audits


def close_batch(
    cursor: Cursor, key: bytes, bundled: Sequence[Bundled], audits: Sequence[OpRow], taken: Taken
) -> list[Commit]:
    """Write the links of the journal, one for each.

    A record that no bundle is about may be touched where an op of it named one of theirs: the last commit tells of it.
    """
    parts = [[Part.of(one.ops), Part.of(Columns.of([audit]))] for one, audit in zip(bundled, audits, strict=True)]
    links = [(one.entry, of_one) for one, of_one in zip(bundled, parts, strict=True)]
    left = Projection(cursor).conflicting(taken.contested)
    by_all = {kind: frozenset(records) for kind, records in taken.touched.items()}
    commits = []
    others = {record for records in by_all.values() for record in records}.union(taken.contested)
    others.difference_update((audit.record for audit in audits), *(one.ops.record for one in bundled))
    for no, one, audit in zip(Journal(cursor, key).add_each(links), bundled, audits, strict=True):
        about = {*one.ops.record, audit.record} | (others if one is bundled[-1] else set())
        touched = {kind: found for kind, records in by_all.items() if (found := about & records)}
        commits.append(Commit(no, by_name(touched), len(left & about), len(one.ops.clk) + 1))
    return commits
