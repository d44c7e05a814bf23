"""What a bundle holds, in numbers people know: records by kind, and records that were there before and changed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import not_
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.store.log.clock import newest_of
from gridworker.store.log.journal import Journal
from gridworker.store.log.log import Columns, Cursor, Log
from gridworker.store.log.op import OpRow, What
from gridworker.store.streams import Exchange
from gridworker.sync.outgoing import Outgoing
from gridworker.sync.summary import Summary

if TYPE_CHECKING:
    from gridworker.store.intake.transaction import Commit

CHANGED = "changed"
"""Key of ``Summary.counts`` for records that were there before."""


def summary_of(outgoing: Outgoing) -> Summary:
    """What to remember of a bundle that goes out."""
    newest = newest_of([row.clk for row in outgoing.rows])
    return Summary(
        counts_of(outgoing.rows),
        len(outgoing.rows),
        outgoing.upto,
        tuple(newest.values()),
        outgoing.enter,
        outgoing.leave,
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """Ops to be taken in, and their counts: made before, for afterwards memory is at its highest."""

    rows: Sequence[OpRow]
    counts: Mapping[str, int]

    @staticmethod
    def of(rows: Sequence[OpRow]) -> "Counted":
        """Count them."""
        return Counted(rows, counts_of(rows))


def counts_of_new(cursor: Cursor, key: bytes, commit: "Commit", counted: Counted) -> Mapping[str, int]:
    """The same of what a transaction took in: without what was here before. ``key`` is that of the journal."""
    rows = counted.rows
    if commit.new > len(rows):  # all of them, and the note on record that they came
        return counted.counts
    link = Journal(cursor, key).link(commit.batch) if commit.new else None
    new = frozenset(link.op_clks) if link else frozenset()
    return counts_of(row for row in rows if row.clk in new)


def counts_of_unknown(cursor: Cursor, rows: Sequence[OpRow]) -> Mapping[str, int]:
    """The same of what is not taken in yet: without what is here, be it set aside. A bundle covers those before it."""
    log, clks = Log(cursor), sorted(row.clk for row in rows)
    here = log.present(log.maybe_known(clks)) | {op.clk for op in Exchange(cursor).aside_among(clks)}
    return counts_of(row for row in rows if row.clk not in here) if here else counts_of(rows)


def counts_of(rows: Iterable[OpRow]) -> dict[str, int]:
    """Records by kind: created ones under the kind's name, others counted once as changed; audit rows left out."""
    known = discover.by_number()
    ops = Columns.of(list(rows))
    quiet = {kind for kind in set(ops.kind) if kind in known and known[kind].kind.office_only}
    if quiet:
        told = [kind not in quiet for kind in ops.kind]
        ops = Columns._make(list(compress(column, told)) for column in ops)
    made = list(map(not_, ops.what)) if What.CREATE in ops.what else []
    numbers = Counter(compress(ops.kind, made))
    changed = len(set(ops.record).difference(compress(ops.record, made)))
    counts = {known[number].kind.name: count for number, count in numbers.items() if number in known}
    return counts | ({CHANGED: changed} if changed else {})
