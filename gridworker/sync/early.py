"""Edits of a record that came before what creates it, or were written before: nobody could say then what kind it is of.

What they say places it is judged with the creation. Else a laptop could name anybody in an edit of a record that is
not there yet, said to be of a kind where that is a remark, and create a membership then: the next reply brought all of
them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import TypeAlias

from gridworker.store.clock import laptop_of
from gridworker.store.log import Cursor, Log
from gridworker.store.op import OpRow, What
from gridworker.store.reading import all_heads

Early: TypeAlias = Mapping[int, Sequence[OpRow]]
"""By record: the edits of it, with the kind that it is created as."""


def early_among(rows: Sequence[OpRow], before: Early) -> Early:
    """Those that came ``before``, and those among ops that create the record later: its id is the clk it has then."""
    made = _made(rows)
    if not made or len(made) == len(rows):
        return before
    earlier = (row for row in rows if row.clk < row.record and row.what != What.CREATE)
    return _by_record(chain(*before.values(), earlier), made)


def came_before(cursor: Cursor, laptop: int, rows: Sequence[OpRow], edited: Collection[int]) -> Early:
    """What a laptop said, and stands, of ``edited`` records that some ops create now. Nearly always there are none."""
    made = {record: kind for record, kind in _made(rows).items() if record in edited} if edited else {}
    if not made:
        return {}
    log = Log(cursor)
    clks = {clk for record, packed in log.heads(made).items() for clk in all_heads(record, packed)}
    own = (row for row in log.rows(clks).values() if laptop_of(row.clk) == laptop and row.what != What.CREATE)
    return _by_record(own, made)


def _made(rows: Iterable[OpRow]) -> dict[int, int]:
    return {row.record: row.kind for row in rows if row.what == What.CREATE}


def _by_record(rows: Iterable[OpRow], made: Mapping[int, int]) -> Early:
    found: dict[int, list[OpRow]] = defaultdict(list)
    for row in rows:
        if row.record in made:
            found[row.record].append(row._replace(kind=made[row.record]))
    return found
