"""On a laptop: what a reply says of records that come and go, and the removal of those that went.

reply that names an exit -> read-only -> all of ours is confirmed and backed up -> removed, not deleted
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from gridworker.store.departed import Departed, Entry, may_go
from gridworker.store.engine.database import raw_cursor
from gridworker.store.erasure.eviction import evict
from gridworker.store.log.log import Cursor, Log
from gridworker.store.log.op import OpRow, What
from gridworker.store.streams import kinds_of
from gridworker.store.tables.changes import Act

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.store import Store
    from gridworker.sync.format.header import Header

EVICT = "evict"
"""The act on record."""


class Moves(Protocol):
    """A reply, as far as it says what comes and goes. ``numbers`` are those of ``enter``, then of ``leave``."""

    @property
    def header(self) -> "Header":
        """Who wrote it, and how far it reaches."""

    @property
    def enter(self) -> tuple[int, ...]:
        """Records that come."""

    @property
    def leave(self) -> tuple[int, ...]:
        """Records that go."""

    @property
    def numbers(self) -> tuple[int, ...]:
        """Their stream numbers; none in a reply of an older program."""


def entries(moves: Moves) -> tuple[dict[int, Entry], dict[int, Entry]]:
    """What a reply says enters, and what leaves, each with its number."""
    peer, count = moves.header.sender, len(moves.enter)
    numbers = moves.numbers or (moves.header.upto,) * (count + len(moves.leave))
    entered = {record: Entry(peer, number) for record, number in zip(moves.enter, numbers, strict=False)}
    left = {record: Entry(peer, number) for record, number in zip(moves.leave, numbers[count:], strict=True)}
    return entered, left


def wanted(cursor: Cursor, rows: Sequence[OpRow], moves: Moves) -> Sequence[OpRow]:
    """The ops of a reply but those of records that are not here any more, or never were, and do not come with it.

    Erasures all the same: what was removed with its records may lie in the archive still, in outbox and backups.
    """
    departed = Departed(cursor)
    if not moves.leave and departed.is_empty():
        return rows
    named, (entered, left) = {row.record: row.kind for row in rows}, entries(moves)
    leaving = named.keys() & left.keys()
    here = kinds_of(cursor, leaving)  # of a copy that bears this number with something else the record is not here
    gone = {*departed.gone(named), *(record for record in leaving if here.get(record) != named[record])}
    before = departed.among(gone)
    gone.difference_update(
        [record for record in gone & entered.keys() if record not in before or entered[record] > before[record]]
    )
    return [row for row in rows if row.record not in gone or row.what == What.ERASE] if gone else rows


def take_moves(cursor: Cursor, moves: Moves, device: int, *, gap: bool, newest: bool) -> None:
    """Remember what came and went. Over a gap nothing leaves: the office tells it again from where we are.

    What is here does not leave by the word of a former life of the office (not ``newest``): the life after it told
    anew from the start all that this laptop holds and does not hold, and this may have come back with that.
    """
    departed, (entered, left) = Departed(cursor), entries(moves)
    departed.enter(entered)
    if left and not newest:
        left = {record: left[record] for record in left.keys() - kinds_of(cursor, left).keys()}
    if left and not gap:
        departed.leave(left, Log(cursor).newest().get(device, 0))


def let_go(store: "Store", who: int) -> "Commit | None":
    """Remove what left and is not needed here any more; None where there is nothing."""
    if store.identity.is_office:
        return None
    with store.cursor() as cursor:
        records = may_go(cursor, store.identity)
    if not records:
        return None

    def beside(connection: "Connection", _commit: "Commit") -> None:
        Departed(raw_cursor(connection)).evicted(records)

    return evict(store, records, Act(EVICT, who), beside)
