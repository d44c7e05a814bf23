"""What a laptop may hold from earlier days, when nobody remembers what it was sent.

After a restore, of the office or of a laptop, the list of what a laptop holds is gone. What is deleted by now, or has
left its grids, is in no table that would tell; the log still says where it was, unless that was erased.
"""

from collections import defaultdict
from collections.abc import Collection, Container, Iterator

from gridworker import discover
from gridworker.record import Kind
from gridworker.store.log.clock import OFFICE, laptop_of
from gridworker.store.log.log import Cursor, Log
from gridworker.store.log.op import OpRow, What, unpack_create, unpack_edits
from gridworker.store.log.verdicts import Verdicts


def ever_in_scope(cursor: Cursor, grids: Collection[int], laptop: int) -> set[int]:
    """Records that were ever placed in some grids, shown today or not; what all hold; what the laptop made.

    Reads the whole log: for the rare case that nothing better is known. By what was refused, or is about a record that
    is not here, a laptop places nothing but what it made itself: nobody but itself says that it had the rest.
    """
    past = _Past(laptop, Verdicts(cursor).all_judged())
    for rows in Log(cursor).ops():
        for row in rows:
            past.read(row)
    past.believe(created(cursor, {about for about, _, _ in past.said}))
    return past.reached(grids)


def created(cursor: Cursor, records: Collection[int]) -> set[int]:
    """Those of some records whose creation is here: of others laptops say what they please, and nobody judged it."""
    return {clk for clk, row in Log(cursor).rows(records).items() if row.what == What.CREATE}


class _Past:
    """What the log says. ``judged`` are ops that count for nothing."""

    def __init__(self, laptop: int, judged: Container[int]) -> None:
        self.said: list[tuple[int, int, int]] = []
        """Edits as (record, one, another), to be believed where the record is here."""
        self._laptop, self._judged = laptop, judged
        self._known = {number: record.kind for number, record in discover.by_number().items()}
        self._along: dict[int, set[int]] = defaultdict(set)
        self._made, self._shared = set[int](), set[int]()

    def read(self, row: OpRow) -> None:
        """Take an op in."""
        kind = self._known.get(row.kind)
        if kind is None or kind.office_only:
            return
        if kind.everywhere:
            self._shared.add(row.record)  # kept apart: places nothing, see in_scope
            return
        if row.what == What.CREATE and laptop_of(row.clk) == self._laptop:
            self._made.add(row.record)
        for place, record in _links(kind, row):
            counts = row.clk not in self._judged
            if _is_own(row, record) or (counts and row.what == What.CREATE):
                self._along[place].add(record)
            elif counts:
                self.said.append((row.record, place, record))

    def believe(self, here: Container[int]) -> None:
        """Take in what was said of records that are here."""
        for about, place, record in self.said:
            if about in here:
                self._along[place].add(record)

    def reached(self, grids: Collection[int]) -> set[int]:
        """All that is placed in some grids in the end."""
        found = set(self._made)
        reached = [*grids, *found]
        while reached:
            more = self._along.pop(reached.pop(), set()) - found
            found |= more
            reached += more
        return found | self._shared


def _is_own(row: OpRow, record: int) -> bool:
    """Whether an op may place a record though it counts for nothing: it is the office's, or of one that made both."""
    return laptop_of(row.clk) in {OFFICE, laptop_of(record)}


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
