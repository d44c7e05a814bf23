"""What a reply of a former life told of records that were not there: it is no word of the office.

Replies told such before it was noticed, and laptops may have them still. Where the office that gets one back has the
record, what its laptop may not say of it is set aside, as it is where the laptop hands that in. Where it has not, that
is judged when the record comes (vouched.py).
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from gridworker.store.log.clock import OFFICE, laptop_of
from gridworker.store.log.log import Cursor, Log
from gridworker.store.log.op import Author, OpRow, What, only_office_writes
from gridworker.sync.judging.basis import basis_of
from gridworker.sync.judging.judge import OUT_OF_SCOPE, WRONG_KIND, names_far

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection


def told_unjudged(
    connection: "Connection", rows: Sequence[OpRow], authors: Sequence[Author], entering: Collection[int]
) -> list[tuple[OpRow, str]]:
    """The ops of a reply that nobody judged and that would not be taken in, with the reason. Nearly always none.

    Who enters goes whole: of what enters without its creation that was not there.
    """
    unmade = set(entering).difference(row.record for row in rows if row.what == What.CREATE)
    by_laptop: dict[int, list[OpRow]] = defaultdict(list)
    for row in rows if unmade else ():
        if row.record in unmade and laptop_of(row.clk) != OFFICE and not only_office_writes(row.what):
            by_laptop[laptop_of(row.clk)].append(row)
    aside = []
    for laptop, said in by_laptop.items():
        office = basis_of(connection, laptop, said, authors)
        for row in said:
            kind = office.kinds.get(row.record)
            if kind is not None and names_far(row, kind, office):
                aside.append((row, OUT_OF_SCOPE if row.kind == kind else WRONG_KIND))
    return aside


def of_their_kind(cursor: Cursor, rows: Sequence[OpRow]) -> tuple[list[OpRow], list[tuple[OpRow, str]]]:
    """Part from the ops of a reply those that are about a record of another kind here, with the reason.

    Of two records that copies of a laptop gave one number the office knew the other before it fell. That one may not
    have come yet: what was said of it waits for a person, for it would be read as said of this one.
    """
    edits = [row for row in rows if row.what != What.CREATE and not only_office_writes(row.what)]
    kinds = Log(cursor).kinds({row.record for row in edits})
    others = {row.clk for row in edits if kinds.get(row.record, row.kind) != row.kind}
    return [row for row in rows if row.clk not in others], [(row, WRONG_KIND) for row in rows if row.clk in others]
