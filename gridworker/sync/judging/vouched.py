"""Records that come in on the office's own word, and what laptops had said of them before they were here.

What comes back to an office that was restored, or is accepted by it, is not judged. But an edit that came before could
not be judged either: nobody knew then what it is about. So it is judged now, by what is known without it, and where it
would not have been taken in it waits for the office's word by itself.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from gridworker.store.engine.database import raw_cursor
from gridworker.store.log.clock import OFFICE, laptop_of
from gridworker.store.log.log import Cursor, chunks, id_list
from gridworker.store.log.op import Author, OpRow, What
from gridworker.store.log.verdicts import Ruling, Verdict
from gridworker.store.streams import Aside
from gridworker.sync.judging.basis import basis_of
from gridworker.sync.judging.early import came_before
from gridworker.sync.judging.judge import OUT_OF_SCOPE, names_far

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from gridworker.store.store import Store


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Edits that wait for the office's word from now on, each with its author."""

    said: Sequence[tuple[OpRow, Author]] = ()

    def asides(self, source: bytes) -> list[Aside]:
        """As they wait; ``source`` is the bundle that has shown it."""
        return [
            Aside(row.clk, row.kind, row.record, row.what, *author, row.vals, OUT_OF_SCOPE, source)
            for row, author in self.said
        ]

    def verdicts(self, store: "Store", author: int) -> list[OpRow]:
        """The ops by which they count for nothing; ``author`` is the office's among those of the ops beside them."""
        return [
            Verdict(store.new_id(), row.clk, row.record, row.kind, Ruling.WAITING).row(author) for row, _ in self.said
        ]


NOTHING = Withdrawn()


def withdrawn_by(connection: "Connection", rows: Sequence[OpRow]) -> Withdrawn:
    """What has to wait, of all that laptops had said of records that some ops create. Nearly always there is nothing.

    Asked before the ops are taken in: once they are, what was said has brought along whom it names.
    """
    made = {row.record: row for row in rows if row.what == What.CREATE and laptop_of(row.record) != OFFICE}
    by_laptop: dict[int, list[OpRow]] = defaultdict(list)
    for record in _edited_before(raw_cursor(connection), made) if made else ():
        by_laptop[laptop_of(record)].append(made[record])
    said: list[tuple[OpRow, Author]] = []
    brought = {row.clk for row in rows} if by_laptop else set()
    for laptop, creations in by_laptop.items():
        records = {row.record for row in creations}
        early, authors = came_before(raw_cursor(connection), laptop, creations, records, 0)
        ops = [row for row in chain.from_iterable(early.values()) if row.clk not in brought]
        office = basis_of(connection, laptop, ops, authors)
        said += [(row, authors[row.author]) for row in ops if names_far(row, made[row.record].kind, office)]
    return Withdrawn(said)


def _edited_before(cursor: Cursor, records: Sequence[int] | dict[int, OpRow]) -> list[int]:
    """Those of some records that have edits and are not here."""
    found: list[int] = []
    for part in chunks(sorted(records)):
        cursor.execute(
            "SELECT record FROM head WHERE kind = 0 AND record IN (SELECT value FROM json_each(?))", (id_list(part),)
        )
        found += [row[0] for row in cursor.fetchall()]
    return found
