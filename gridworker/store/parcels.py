"""Which files are to go to whom, how far they have gone, and what the other side wants to hear of.

All functions run on a cursor of the caller's transaction; the rules are in ``sync/files/attaching.py``.
"""

from collections.abc import Iterable
from typing import NamedTuple

from gridworker.store.log.log import Cursor

OFFICE_PEER = 0
"""The office, as a laptop calls it here: through all of its lives."""

OPEN, CONFIRMED, COVERED = range(3)
"""A file the other side lacks; has whole; has in a verified backup too."""


class Parcel(NamedTuple):
    """A file on its way: the other side has it up to ``acked``; ``sent`` is how far bundles carried it since."""

    peer: int
    hash: bytes
    acked: int = 0
    sent: int = 0
    state: int = OPEN


class Parcels:
    """What goes to one peer."""

    def __init__(self, cursor: Cursor, peer: int) -> None:
        self._cursor = cursor
        self._peer = peer

    def all(self) -> dict[bytes, Parcel]:
        """Every file that goes, or went, to it."""
        self._cursor.execute(f"SELECT {', '.join(Parcel._fields)} FROM parcel WHERE peer = ?", (self._peer,))
        return {row[1]: Parcel(*row) for row in self._cursor.fetchall()}

    def unconfirmed(self) -> list[Parcel]:
        """The files it lacks, as far as is known."""
        return [parcel for parcel in self.all().values() if parcel.state == OPEN]

    def any_open(self) -> bool:
        """Whether there is any file it lacks."""
        self._cursor.execute("SELECT 1 FROM parcel WHERE peer = ? AND state = ? LIMIT 1", (self._peer, OPEN))
        return self._cursor.fetchone() is not None

    def add(self, hash_: bytes) -> None:
        """A new file is to go; one that is known to be there is not sent again."""
        self._cursor.execute("INSERT OR IGNORE INTO parcel VALUES (?,?,0,0,?)", (self._peer, hash_, OPEN))

    def save(self, parcels: Iterable[Parcel]) -> None:
        """Write how far files are."""
        self._cursor.executemany("INSERT OR REPLACE INTO parcel VALUES (?,?,?,?,?)", list(parcels))

    def carry(self, sent: Iterable[tuple[bytes, int]]) -> None:
        """A bundle was packed that carries files as far as this."""
        self._cursor.executemany(
            "UPDATE parcel SET sent = ? WHERE peer = ? AND hash = ?",
            [(upto, self._peer, hash_) for hash_, upto in sent],
        )

    def replace(self, parcels: Iterable[Parcel]) -> None:
        """Make it just these: the peer has said what it lacks."""
        self._cursor.execute("DELETE FROM parcel WHERE peer = ?", (self._peer,))
        self.save(parcels)

    def inquiries(self) -> list[bytes]:
        """Files it wants to hear of: it has them, and may let them go once they are safe here."""
        self._cursor.execute("SELECT hash FROM inquiry WHERE peer = ? ORDER BY hash", (self._peer,))
        return [row[0] for row in self._cursor.fetchall()]

    def inquire(self, hashes: Iterable[bytes]) -> None:
        """It has said anew of which it wants to hear."""
        self._cursor.execute("DELETE FROM inquiry WHERE peer = ?", (self._peer,))
        self._cursor.executemany("INSERT OR IGNORE INTO inquiry VALUES (?,?)", [(self._peer, one) for one in hashes])


def all_inquired(cursor: Cursor) -> set[bytes]:
    """Files that any peer wants to hear of: nobody was told yet that they are safe here."""
    cursor.execute("SELECT DISTINCT hash FROM inquiry")
    return {row[0] for row in cursor.fetchall()}


def holders(cursor: Cursor, hash_: bytes) -> list[int]:
    """At the office: the laptops that have a file, as they said last."""
    cursor.execute("SELECT peer FROM inquiry WHERE hash = ? ORDER BY peer", (hash_,))
    return [row[0] for row in cursor.fetchall()]
