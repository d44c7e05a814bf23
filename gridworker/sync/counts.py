"""What a bundle holds, in numbers people know: records by kind, and records that were there before and changed."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from operator import not_
from typing import TYPE_CHECKING

from gridworker import discover
from gridworker.store.engine.database import raw_cursor
from gridworker.store.erasure.late import late_among
from gridworker.store.log.blanking import says_nothing
from gridworker.store.log.clock import newest_of
from gridworker.store.log.journal import Journal
from gridworker.store.log.log import Columns, Cursor, Log, ops_on
from gridworker.store.log.op import OpRow, What, unpack_create
from gridworker.store.meta import Identity, Meta
from gridworker.store.queries.erase_requests import ASKING
from gridworker.store.streams import BundleRow, Exchange
from gridworker.store.tables.changes import AUDIT
from gridworker.sync.as_before import as_before, half_told
from gridworker.sync.outgoing import Outgoing
from gridworker.sync.summary import Summary

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit

CHANGED = "changed"
"""Key of ``Summary.counts`` for records that were there before."""

_COMES_WITH = (("household_member", "resident"), ("issue_step", "issue"))
"""Parts that come with each whole: who is written down belongs somewhere, and what is reported has its first step.

Nobody counts them beside it. Of a part without a new whole, a later step or a move, there is one more to count.
"""


def summary_of(cursor: Cursor, outgoing: Outgoing) -> Summary:
    """What to remember of a bundle that goes out."""
    newest = newest_of([row.clk for row in outgoing.rows])
    is_laptop = not Identity.load(Meta(cursor)).is_office
    return Summary(
        counts_of(cursor, outgoing.rows, after_bundles=is_laptop),
        len(outgoing.rows),
        outgoing.upto,
        tuple(newest.values()),
        outgoing.enter,
        outgoing.leave,
        work=is_work(outgoing.rows),
        too_large=outgoing.too_large,
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """Ops to be taken in, and their counts: made before, for afterwards memory is at its highest."""

    rows: Sequence[OpRow]
    counts: Mapping[str, int]
    erased: int = 0
    """Records that were erased before, of which nothing came but edits that say no more than what was erased."""
    forgotten: int = 0
    """Records that are about somebody who was erased before."""

    @staticmethod
    def of(cursor: Cursor, rows: Sequence[OpRow]) -> "Counted":
        """Count them."""
        telling, erased = _without_silent(cursor, rows)
        return Counted(rows, _told(cursor, telling, after_bundles=False)[0], erased)

    @property
    def is_work(self) -> bool:
        """Whether any of it is what people wrote, though it may lead back to what was before."""
        return bool(self.counts) or is_work(self.rows)


def is_work(rows: Iterable[OpRow]) -> bool:
    """Whether any of these ops is what people wrote: such a bundle waits for a receipt and goes again if lost."""
    return any(True for _ in of_people(rows))


def of_people(rows: Iterable[OpRow]) -> Iterator[OpRow]:
    """Ops that are no audit rows, and those of the audit in which somebody asks the office to forget, or no longer."""
    known = discover.by_number()
    return (row for row in rows if row.kind not in known or not known[row.kind].kind.office_only or _asks(row))


def _asks(row: OpRow) -> bool:
    audit = discover.kinds()[AUDIT].kind
    if row.kind != audit.number or row.what != What.CREATE:
        return False
    try:
        return unpack_create(row.vals).get(audit.specs["action"].number) in ASKING
    except (ValueError, TypeError):  # somebody wrote into it: it says nothing, and keeps no other work from going
        return False


def counts_of_new(cursor: Cursor, key: bytes, commit: "Commit", counted: Counted) -> Counted:
    """The same of what a transaction took in: without what was here before. ``key`` is that of the journal."""
    rows = counted.rows
    if commit.new > len(rows):  # all of them, and the note on record that they came
        return counted
    link = Journal(cursor, key).link(commit.batch) if commit.new else None
    new = frozenset(link.op_clks) if link else frozenset()
    here = [row for row in rows if row.clk not in new]
    if not is_work(here):  # a bundle covers the audit rows of those before
        return counted
    return Counted.of(cursor, [row for row in rows if row.clk in new])


def counted_of_unknown(connection: "Connection", rows: Sequence[OpRow]) -> Counted:
    """The same of what is not taken in yet: without what is here, be it set aside. A bundle covers those before it."""
    cursor = raw_cursor(connection)
    log, clks = Log(cursor), sorted(row.clk for row in rows)
    here = log.present(log.maybe_known(clks)) | {op.clk for op in Exchange(cursor).aside_among(clks)}
    new = [row for row in rows if row.clk not in here] if here else rows
    late = late_among(connection, new)
    counted = Counted.of(cursor, [row for row in new if row.record not in late])
    gone = _told(cursor, [row for row in new if row.record in late], after_bundles=False)[0]
    return replace(counted, forgotten=sum(gone.values()))


def without_forgotten(
    cursor: Cursor, key: bytes, bundles: Iterable[BundleRow], gone: Collection[int]
) -> Iterator[BundleRow]:
    """Those of some bundles that came with ops on records that are ``gone`` with somebody forgotten, counted without.

    What they made is told apart, and what they only changed is a change of what is erased.
    """
    log = Log(cursor)
    ops = log.rows(ops_on(cursor, gone))
    for row in bundles:
        link = Journal(cursor, key).link(row.batch) if row.batch else None
        brought = [ops[clk] for clk in sorted(ops.keys() & set(link.op_clks))] if link else []
        if brought:
            counts, _, _ = _told(cursor, brought, after_bundles=False)
            before = Summary.parse(row.summary)
            left = {name: count - counts.get(name, 0) for name, count in before.counts.items()}
            summary = replace(
                before,
                counts={name: count for name, count in left.items() if count > 0},
                erased=before.erased + counts.pop(CHANGED, 0),
                forgotten=before.forgotten + sum(counts.values()),
            )
            yield row._replace(summary=summary.pack())


def counts_of(cursor: Cursor, rows: Iterable[OpRow], *, after_bundles: bool = False) -> dict[str, int]:
    """Records as people count them: created ones by the kind's name, others once as changed; audit rows left out.

    What was made and deleted again is nothing to count, nor what was changed and is as before, nor a part beside its
    whole. ``after_bundles``: but for what a bundle that went before may have brought the other side in between.
    """
    telling, _ = _without_silent(cursor, list(rows))
    return _told(cursor, telling, after_bundles=after_bundles)[0]


def waiting_of(cursor: Cursor, rows: Iterable[OpRow]) -> tuple[Mapping[str, int], int | None]:
    """What of a laptop's work the office has not confirmed, and the oldest op of what is counted; None of nothing."""
    telling, _ = _without_silent(cursor, list(rows))
    counts, ops, untold = _told(cursor, telling, after_bundles=True)
    clks = (clk for clk, record in zip(ops.clk, ops.record, strict=True) if record not in untold)
    return counts, min(clks, default=None) if counts else None


def _told(cursor: Cursor, rows: Sequence[OpRow], *, after_bundles: bool) -> tuple[dict[str, int], Columns, set[int]]:
    """The counts, the ops that are no audit rows, and the records of which there is nothing to count."""
    known = discover.by_number()
    ops = Columns.of(rows)
    quiet = {kind for kind in set(ops.kind) if kind in known and known[kind].kind.office_only}
    if quiet:
        told = [kind not in quiet for kind in ops.kind]
        ops = Columns._make(list(compress(column, told)) for column in ops)
    made = list(map(not_, ops.what)) if What.CREATE in ops.what else []
    numbers = Counter(compress(ops.kind, made))
    created = set(compress(ops.record, made))
    gone, led_back = _gone_again(ops, created), as_before(cursor, ops, created)
    half = half_told(cursor, ops, gone.keys() | led_back) if after_bundles else set()
    numbers.subtract(kind for record, kind in gone.items() if record not in half)
    counts = _without_parts({known[number].kind.name: count for number, count in numbers.items() if number in known})
    changed = _changed(ops, created | (led_back - half))
    return counts | ({CHANGED: changed} if changed else {}), ops, (gone.keys() | led_back) - half


def _without_silent(cursor: Cursor, rows: Sequence[OpRow]) -> tuple[Sequence[OpRow], int]:
    """These ops without the edits that had not seen an erasure of all they are about: they change nothing.

    And how many records there are of which nothing else is among them.
    """
    log = Log(cursor)
    if not log.count_erasures():
        return rows, 0
    edits = [row for row in rows if row.what == What.EDIT]
    erased = log.erasures({row.record for row in edits})
    silent = {row.clk: row.record for row in edits if row.record in erased and says_nothing(row, erased[row.record])}
    left = [row for row in rows if row.clk not in silent] if silent else rows
    return left, len(set(silent.values()) - {row.record for row in left}) if silent else 0


def _gone_again(ops: Columns, created: set[int]) -> dict[int, int]:
    """The records that were made here and are deleted at the end of these ops, which come in order, and their kinds."""
    gone: dict[int, int] = {}
    if What.DELETE in ops.what:
        for what, record, kind in zip(ops.what, ops.record, ops.kind, strict=True):
            if record in created and what == What.DELETE:
                gone[record] = kind
            elif what == What.RESTORE:
                gone.pop(record, None)
    return gone


def _without_parts(counts: dict[str, int]) -> dict[str, int]:
    for part, whole in _COMES_WITH:
        if part in counts:
            counts[part] -= min(counts[part], counts.get(whole, 0))
    return {name: count for name, count in counts.items() if count > 0}


def _changed(ops: Columns, left_out: set[int]) -> int:
    """How many that were there before: memberships only where no person and no household says what happened."""
    before = set(ops.record) - left_out
    members = discover.kinds()["household_member"].kind.number
    if before and members in ops.kind:
        told = set(compress(ops.record, map(members.__ne__, ops.kind))) - left_out
        return len(told or before)
    return len(before)
