"""The guard against a laptop that deletes by the hundred (sync.md 3): a slip, a fault, or somebody in a temper.

More deletions since the office last confirmed anything than ``FEW``, or than one in a hundred of what the laptop
holds, wait for a clerk's word. A bundle covers everything since the last receipt, so they are counted in it. What the
office itself deletes is never guarded.
"""

from operator import itemgetter

from gridworker.store.log.log import Cursor, Log
from gridworker.store.log.op import OpRow, What
from gridworker.store.streams import Exchange
from gridworker.sync.judging.judge import MANY_DELETIONS, Judged

FEW = 50
SHARE = 100

_WHAT = OpRow._fields.index("what")


def guarded(judged: Judged, cursor: Cursor, laptop: int) -> Judged:
    """Set deletions aside where they are too many; those that were taken in before stay."""
    if What.DELETE not in map(itemgetter(_WHAT), judged.good):
        return judged
    created = {row.record for row in judged.good if row.what == What.CREATE}
    deletions = {row.clk for row in judged.good if row.what == What.DELETE and row.record not in created}
    if len(deletions) <= FEW or len(deletions) <= max(FEW, len(Exchange(cursor).held(laptop)) // SHARE):
        return judged
    new = deletions - Log(cursor).rows(deletions).keys()
    return Judged(
        [row for row in judged.good if row.clk not in new],
        [*judged.aside, *((row, MANY_DELETIONS) for row in judged.good if row.clk in new)],
    )
