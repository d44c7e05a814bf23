"""One transaction of the one write path: log new ops, merge heads, read tables, close the link."""

import gc
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from types import MappingProxyType, TracebackType
from typing import TypeAlias

from gridworker.store.intake.intake import Intake, Taken, by_name
from gridworker.store.log.journal import Entry, Journal
from gridworker.store.log.log import Cursor, Standing, chunks
from gridworker.store.log.op import Author, OpRow
from gridworker.store.tables.creations import NewRecords
from gridworker.store.tables.projection import Projection

Progress: TypeAlias = Callable[[float], object]
"""Told the share of all that is done, 0 to 1."""

LOT = 20_000
"""Ops merged at a time: enough that statements cost nothing, few enough that memory does not grow with a bundle."""

SOWN_LOT = 5_000
"""New records of this device at a time: an import may have taken much memory already."""


@dataclass(frozen=True, slots=True)
class Commit:
    """What a transaction touched; pages showing these records read them again."""

    batch: int
    touched: Mapping[str, Set[int]]
    conflicts: int = 0
    """Records the transaction left in conflict."""
    new: int = 0
    """Ops that were not here before."""
    forks: tuple[OpRow, ...] = ()
    """Ops whose clk is in the log with another content: a copied or restored device."""
    bad: tuple[OpRow, ...] = ()
    """Ops that were not taken in: they create a record under another's clk, or are of no known sort."""
    erased: frozenset[int] = frozenset()
    """Records with an erasure that were erased, or of which anything came."""

    @property
    def count(self) -> int:
        """How many records were touched."""
        return sum(map(len, self.touched.values()))

    def beside(self, other: "Commit") -> "Commit":
        """It, with the records that another transaction touched that goes with it."""
        kinds = self.touched.keys() | other.touched.keys()
        nothing: Set[int] = frozenset()
        touched = {kind: self.touched.get(kind, nothing) | other.touched.get(kind, nothing) for kind in kinds}
        return replace(self, touched=MappingProxyType(touched))


NOTHING = Commit(0, MappingProxyType({}))


def take_in(
    cursor: Cursor,
    rows: Iterable[OpRow],
    authors: Sequence[int] | None = None,
    taken: Taken | None = None,
    known: Standing | None = None,
) -> Taken:
    """Log and merge ops, ours or foreign, and read the tables they change. Doubles are passed over.

    ``vals`` have been checked. ``authors`` has our numbers where the rows carry indexes of a list. The ops are taken in
    lots, so that memory does not grow with them; a lot is a batch like any other. ``taken`` is what to go on from;
    ``known`` what was read in this transaction of the records they edit, if nothing was written since.
    """
    taken = taken or Taken()
    intake = Intake(cursor, taken, known)
    for lot in chunks(rows, LOT):
        intake.take(lot, authors)
    return taken


def sow(cursor: Cursor, new: NewRecords, author: int, taken: Taken) -> None:
    """Log records that this device makes, and read the tables from them."""
    intake = Intake(cursor, taken)
    for lot in new.lots(SOWN_LOT):
        intake.sow(lot, author)


def close_link(
    cursor: Cursor, key: bytes, entry: Entry, taken: Taken, people: Mapping[int, Author] = MappingProxyType({})
) -> Commit:
    """Write the journal's link for what was taken in. ``people``: the authors by our number, as far as it is known."""
    no = Journal(cursor, key, people).add(entry, taken.parts)
    left = Projection(cursor).in_conflict(taken.contested) if taken.contested else 0
    return Commit(
        no, by_name(taken.touched), left, taken.count, tuple(taken.forks), tuple(taken.bad), frozenset(taken.erased)
    )


class CollectingPaused:
    """See ``collecting_paused``."""

    __slots__ = ("_was",)

    def __enter__(self) -> None:
        """Pause it."""
        self._was = gc.isenabled()
        gc.disable()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Let it go on, where it was."""
        if self._was:
            gc.freeze()
            gc.unfreeze()
            gc.enable()


def collecting_paused() -> CollectingPaused:
    """Keep the garbage collector from walking again and again what is only growing: it doubles the time of a merge.

    What has grown by then is put with the old objects: as young ones all of them would be walked at once.
    """
    return CollectingPaused()
