"""What a laptop may hold from earlier days, when nobody remembers what it was sent.

After a restore, of the office or of a laptop, the list of what a laptop holds is gone. What is deleted by now, or has
left its grids, is in no table that would tell; the log still says where it was.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator

from gridworker import discover
from gridworker.record import Kind
from gridworker.store.log.clock import laptop_of
from gridworker.store.log.log import Cursor, Log
from gridworker.store.log.op import OpRow, What, unpack_create, unpack_edits


def ever_in_scope(cursor: Cursor, grids: Collection[int], laptop: int) -> set[int]:
    """Records that were ever placed in some grids, shown today or not; what all hold; what the laptop made.

    Reads the whole log: for the rare case that nothing better is known.
    """
    known = {number: record.kind for number, record in discover.by_number().items()}
    along: dict[int, set[int]] = defaultdict(set)
    found, shared = set[int](), set[int]()
    for rows in Log(cursor).ops():
        for row in rows:
            kind = known.get(row.kind)
            if kind is None or kind.office_only:
                continue
            if kind.everywhere:
                shared.add(row.record)  # kept apart: places nothing, see in_scope
                continue
            if row.what == What.CREATE and laptop_of(row.clk) == laptop:
                found.add(row.record)
            for place, record in _links(kind, row):
                along[place].add(record)
    reached = [*grids, *found]
    while reached:
        here = along.pop(reached.pop(), set()) - found
        found |= here
        reached += here
    return found | shared


def _links(kind: Kind, row: OpRow) -> Iterator[tuple[int, int]]:
    """(one, another): where the first is in scope the second is too, by what an op says."""
    for name in (*kind.within, *kind.brings):
        value = _values(row).get(kind.specs[name].number)
        if isinstance(value, int):
            yield (value, row.record) if name in kind.within else (row.record, value)


def _values(row: OpRow) -> dict[int, object]:
    if row.what == What.CREATE:
        return dict(unpack_create(row.vals))
    return {edit.field: edit.value for edit in unpack_edits(row.record, row.vals)}
