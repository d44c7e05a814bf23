"""What a bundle holds, in numbers people know: records by kind, and records that were there before and changed."""

from collections import Counter
from collections.abc import Iterable

from gridworker import discover
from gridworker.store.clock import device_of
from gridworker.store.op import OpRow, What
from gridworker.sync.outgoing import Outgoing
from gridworker.sync.summary import Summary

CHANGED = "changed"
"""Key of ``Summary.counts`` for records that were there before."""


def summary_of(outgoing: Outgoing) -> Summary:
    """What to remember of a bundle that goes out."""
    newest: dict[int, int] = {}
    for row in outgoing.rows:
        newest[device_of(row.clk)] = max(newest.get(device_of(row.clk), 0), row.clk)
    return Summary(
        counts_of(outgoing.rows),
        len(outgoing.rows),
        outgoing.upto,
        tuple(newest.values()),
        outgoing.enter,
        outgoing.leave,
    )


def counts_of(rows: Iterable[OpRow]) -> dict[str, int]:
    """Records by kind: created ones under the kind's name, others counted once as changed; audit rows left out."""
    known = discover.by_number()
    quiet = {number for number, record in known.items() if record.kind.office_only}
    told = [(kind, record, what) for _, kind, record, what, *_ in rows if kind not in quiet]
    created = [(kind, record) for kind, record, what in told if what == What.CREATE]
    counts = Counter(known[kind].kind.name for kind, _ in created if kind in known)
    changed = len({record for _, record, _ in told}.difference(record for _, record in created))
    return dict(counts) | ({CHANGED: changed} if changed else {})
