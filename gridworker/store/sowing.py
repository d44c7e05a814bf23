"""New records of this device, into the log, the tables and the index.

The index takes in thousands of entries without Python's lock where one statement has all of them. Meanwhile another
thread makes ready what comes next: most of the time that the index takes is then not waited for.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from gridworker.store.creations import VERY_MANY, Creations, Lot, NewRecords
from gridworker.store.intake import Intake, Taken

if TYPE_CHECKING:
    from gridworker.store.log import Cursor
    from gridworker.store.search_born import AtOneGo, Planting

SOWN_LOT = 5_000
"""New records of this device at a time: an import may have taken much memory already."""

TOGETHER = 3
"""Lots whose entries are one part of the index: of more there would be less to do meanwhile, of fewer more parts."""


def sow(cursor: "Cursor", new: NewRecords, author: int, taken: Taken) -> None:
    """Log records that this device makes, and read the tables from them; ``taken`` has what is still to be indexed."""
    from gridworker.store import search_born  # words and pinyin: not before a store is written to

    sowing = _Sowing(cursor, taken, new, author)
    lots = list(new.lots(SOWN_LOT))
    planting = search_born.ahead(cursor, lots) if len(lots) > 1 and len(new) < VERY_MANY else None
    if planting is None:
        taken.to_index.born += [lot for lot in lots if sowing.take(lot.creations(author))]
    else:
        sowing.plant(planting, [lots[at : at + TOGETHER] for at in range(0, len(lots), TOGETHER)])


class _Ready(NamedTuple):
    """Some lots made ready to be written."""

    creations: Sequence[Creations]
    entries: "AtOneGo"


class _Sowing:
    """The new records of one act, and how many of them are made."""

    def __init__(self, cursor: "Cursor", taken: Taken, new: NewRecords, author: int) -> None:
        self._intake, self._to_index = Intake(cursor, taken), taken.to_index
        self._new, self._author = new, author
        self._made, self._all = 0, len(new)

    def take(self, creations: Creations) -> bool:
        """Log a lot and put it in the tables. False where somebody knew of it already."""
        self._new.reached(self._made, self._all)
        self._made += len(creations.ops.clk)
        return self._intake.sow(creations)

    def plant(self, planting: "Planting", groups: Sequence[Sequence[Lot]]) -> None:
        """Take lots, and write the entries of each group of them while the next group is made ready."""
        with ThreadPoolExecutor(1, thread_name_prefix="making ready") as pool:
            coming = pool.submit(self._made_ready, planting, groups[0])
            for group, following in zip_longest(groups, groups[1:], fillvalue=()):
                ready = coming.result()
                unknown = list(map(self.take, ready.creations))
                coming = pool.submit(self._made_ready, planting, following)
                if all(unknown):
                    planting.write_at_one_go(ready.entries)
                else:
                    self._leave(group)

    def _leave(self, lots: Sequence[Lot]) -> None:
        """Have lots indexed from the tables, with what moves with them: somebody knew of some of it."""
        for one in chain.from_iterable(lot.born() for lot in lots):
            self._to_index.named[one.kind.number].update(one.records)
            self._to_index.told[one.kind.number].update(one.records)

    def _made_ready(self, planting: "Planting", lots: Sequence[Lot]) -> _Ready:
        return _Ready([lot.creations(self._author) for lot in lots], planting.entries(lots).at_one_go())
