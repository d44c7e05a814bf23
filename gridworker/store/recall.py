"""What a restored office may have lost, and how far each laptop has given it back (sync.md 5).

Two tables beside those of streams.py, on a cursor of the caller's transaction.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from gridworker.store.batch import unpack_parts
from gridworker.store.clock import device_of
from gridworker.store.log import Cursor

PATIENCE = 5
"""Bundles of a laptop that may bring nothing of what it was asked for: some were on their way before it heard of it."""


class Asked(NamedTuple):
    """Of ``peer``, the replies it had from the office's life ``device``: back up to ``n``, there up to ``upto``.

    ``upto`` is None where the laptop has not said; ``backed_up`` is the ``n`` that a verified backup holds. ``idle``
    counts its bundles since it was asked, and since the last one that brought any of it.
    """

    peer: int
    device: int
    n: int
    upto: int | None = None
    backed_up: int = 0
    idle: int = 0

    @property
    def is_open(self) -> bool:
        """Whether something may still come back."""
        return self.upto is None or self.n < self.upto

    @property
    def is_waited_for(self) -> bool:
        """Whether that is to be waited for: not where a laptop was asked often enough and gives nothing."""
        return self.is_open and self.idle < PATIENCE

    def heard(self, before: int, upto: int | None, *, was_asked: bool) -> "Asked":
        """After a bundle of the laptop: ``before`` is the ``n`` before it, ``upto`` how far it says it can give."""
        told = self._replace(upto=self.upto if upto is None else upto)
        if self.n > before or (self.upto is None and upto is not None):
            return told._replace(idle=0)
        return told._replace(idle=self.idle + 1) if was_asked and told.is_waited_for else told


_COLUMNS = ", ".join(Asked._fields)


class Recall:
    """The tables ``lost`` and ``asked``."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor

    def lost(self) -> dict[int, int]:
        """By former life of the office: the number above which its replies may hold what is not here."""
        self._cursor.execute("SELECT device, n FROM lost ORDER BY device")
        return dict(self._cursor.fetchall())

    def add_lost(self, device: int, n: int) -> None:
        """Remember a life that ended."""
        self._cursor.execute("INSERT OR IGNORE INTO lost VALUES (?,?)", (device, n))

    def asked(self, peer: int) -> list[Asked]:
        """What a laptop is asked for, one entry a life; those it has never heard of too."""
        self._cursor.execute(f"SELECT {_COLUMNS} FROM asked WHERE peer = ?", (peer,))
        known = {row[1]: Asked(*row) for row in self._cursor.fetchall()}
        return [known.get(device, Asked(peer, device, n, None, n)) for device, n in self.lost().items()]

    def all(self) -> list[Asked]:
        """All entries that were written, in a store of an older version too: without how often nothing came."""
        self._cursor.execute("SELECT peer, device, n, upto, backed_up FROM asked ORDER BY peer, device")
        return [Asked(*row) for row in self._cursor.fetchall()]

    def save(self, asked: Iterable[Asked]) -> None:
        """Write entries."""
        self._cursor.executemany("INSERT OR REPLACE INTO asked VALUES (?,?,?,?,?,?)", list(asked))

    def spare(self, peer: int) -> None:
        """A laptop that begins with this life has nothing of former ones."""
        self.save(Asked(peer, device, n, n, n) for device, n in self.lost().items())

    def cover(self, covered: Iterable[Asked]) -> None:
        """A backup was verified in which these entries stand."""
        self._cursor.executemany(
            "UPDATE asked SET backed_up = max(backed_up, ?) WHERE peer = ? AND device = ?",
            [(asked.n, asked.peer, asked.device) for asked in covered],
        )


def last_numbers(cursor: Cursor, lives: Collection[int]) -> dict[int, int]:
    """The newest journal number that this office wrote in each of some lives (its device numbers); 0 in none.

    A life that left nothing here may have branched off anywhere: after a copy older than the one this store came from
    was put back, and before a newer one was. Its numbers say nothing about ours.

    The last op of a link is its audit row, written by whoever wrote the link. Lives go up along the journal.
    """
    found = dict.fromkeys(lives, 0)
    left, before = set(lives), None
    while left:
        cursor.execute("SELECT no, clks FROM batch WHERE ?1 IS NULL OR no < ?1 ORDER BY no DESC LIMIT 100", (before,))
        links = cursor.fetchall()
        if not links:
            break
        for no, clks in links:
            before, parts = no, unpack_parts(clks)
            life = device_of(parts[-1][-1]) if parts and parts[-1] else None
            if life in left:
                found[life] = no
                left.discard(life)
    return found
