"""Edits of a record that came before what creates it, or were written before: nobody could say then what kind it is of.

What they say places it is judged with the creation. Else a laptop could name anybody in an edit of a record that is
not there yet, said to be of a kind where that is a remark, and create a membership then: the next reply brought all of
them. What was superseded since counts as well: it comes back where a verdict takes away what replaced it.
"""

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from itertools import chain
from typing import TypeAlias

from gridworker.store.log.clock import laptop_of
from gridworker.store.log.log import Cursor, Log, ops_on
from gridworker.store.log.op import Author, OpRow, What
from gridworker.store.log.verdicts import Verdicts

Early: TypeAlias = Mapping[int, Sequence[OpRow]]
"""By record: the edits of it."""


def early_among(rows: Sequence[OpRow], before: Early, here: Container[int]) -> Early:
    """Those that came ``before``, and those among ops that create the record later: its id is the clk it has then.

    Of records that are ``here`` nothing comes too early to be judged by itself, though ops create them once more.
    """
    made = {record for record in _made(rows) if record not in here}
    if not made or len(made) == len(rows):
        return before
    earlier = (row for row in rows if row.clk < row.record and row.what != What.CREATE)
    return _by_record(chain(*before.values(), earlier), made)


def came_before(
    cursor: Cursor, laptop: int, rows: Sequence[OpRow], edited: Collection[int], authors: int
) -> tuple[Early, tuple[Author, ...]]:
    """What a laptop said of ``edited`` records that some ops create now. Nearly always there is nothing.

    Each op is judged by what its own author had taken in: beside the ``authors`` of the ops there are those that are
    returned.

    By a look at the whole log: a walk from the heads would miss edits that replace each other in a circle, and one of
    them comes to light where a verdict takes the other away.
    """
    made = _made(rows).intersection(edited) if edited else set()
    if not made:
        return {}, ()
    clks = [clk for clk in ops_on(cursor, made) if laptop_of(clk) == laptop]  # of a chain as long as you like, too
    judged, log = Verdicts(cursor).judged(clks), Log(cursor)
    own = [row for clk, row in log.rows(clks).items() if clk not in judged and row.what != What.CREATE]
    known = log.author_numbers({row.author for row in own})
    places = {number: authors + at for at, number in enumerate(known)}
    return _by_record((row._replace(author=places[row.author]) for row in own), made), tuple(known.values())


def _made(rows: Iterable[OpRow]) -> set[int]:
    return {row.record for row in rows if row.what == What.CREATE}


def _by_record(rows: Iterable[OpRow], made: Collection[int]) -> Early:
    found: dict[int, list[OpRow]] = defaultdict(list)
    for row in rows:
        if row.record in made:
            found[row.record].append(row)
    return found
