"""The office's word outlives an office that is put back (sync.md 4, 5).

Verdicts are ops: they come back with the replies that told them. The list of what is set aside does not, and laptops
hand in once more what the office has ruled on. Nobody has to rule on that again; and what was to wait is on the list.
"""

from gridworker.store.log.log import Cursor, Log
from gridworker.store.log.verdicts import Ruling, Verdicts
from gridworker.store.recall import Recall
from gridworker.store.streams import Aside, Exchange
from gridworker.store.waiting import Waiting
from gridworker.sync.judging.accepting import NOT_ITS_OWN
from gridworker.sync.judging.judge import ON_REFUSED, Judged


def as_ruled(judged: Judged, cursor: Cursor) -> Judged:
    """Take in what would be set aside and was ruled on: by that it counts, or counts for nothing."""
    asked = [row.clk for row, reason in judged.aside if reason not in NOT_ITS_OWN]
    if not asked or not Recall(cursor).lost():
        return judged
    standing = Verdicts(cursor).standing(asked)
    ruled = {clk for clk, verdict in standing.items() if verdict.ruling is not Ruling.WAITING}
    ruled -= {op.clk for op in Exchange(cursor).aside_among(ruled)}  # a word that is known here has been heeded
    if not ruled:
        return judged
    out = [(row, reason) for row, reason in judged.aside if row.clk not in ruled or reason in NOT_ITS_OWN]
    taken = [row for row, reason in judged.aside if row.clk in ruled and reason not in NOT_ITS_OWN]
    return Judged(sorted([*judged.good, *taken]), out)


def list_what_waits(cursor: Cursor, source: bytes) -> None:
    """Put on the list what came back and is to wait, beside a bundle; nothing but where the office was put back."""
    if not Recall(cursor).lost():
        return
    waits = [clk for clk, one in Verdicts(cursor).standing(_unlisted(cursor)).items() if one.ruling is Ruling.WAITING]
    if not waits:
        return
    rows, authors = Log(cursor).rows(waits).values(), Log(cursor).author_table()
    Waiting(cursor).wait_again([Aside(*row[:4], *authors[row.author], row.vals, ON_REFUSED, source) for row in rows])


def _unlisted(cursor: Cursor) -> list[int]:
    cursor.execute("SELECT clk FROM judged WHERE clk IN (SELECT clk FROM op) AND clk NOT IN (SELECT clk FROM aside)")
    return [row[0] for row in cursor.fetchall()]
