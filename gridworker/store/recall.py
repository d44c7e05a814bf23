"""What a restored office may have lost, and how far each life of each laptop has given it back (sync.md 5).

By life, for copies of a laptop at work beside each other had different replies: what one gave back says nothing of what
another can. Two that nobody noticed share a life: where its bundles are no one chain, what it gave back is forgotten.

Two tables beside those of streams.py, on a cursor of the caller's transaction.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from gridworker.store.engine.cursor import has_table
from gridworker.store.log.clock import device_of
from gridworker.store.log.journal import unpack_parts
from gridworker.store.log.log import Cursor

PATIENCE = 5
"""Bundles of a laptop that may bring nothing of what it was asked for: some were on their way before it heard of it."""


class Asked(NamedTuple):
    """Of a laptop's ``life``, the replies it had from the office's ``device``: back up to ``n``, there up to ``upto``.

    ``upto`` is None where the laptop has not said; ``backed_up`` is the ``n`` that a verified backup holds. ``idle``
    counts its bundles since it was asked, and since the last one that brought any of it.
    """

    life: int
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
        if self.n > before:
            return told._replace(idle=0)
        return told._replace(idle=self.idle + 1) if was_asked and told.is_waited_for else told


_COLUMNS = ", ".join(Asked._fields)


class Recall:
    """The tables ``lost`` and ``given_back``."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor

    def lost(self) -> dict[int, int]:
        """By former life of the office: the number above which its replies may hold what is not here."""
        self._cursor.execute("SELECT device, n FROM lost ORDER BY device")
        return dict(self._cursor.fetchall())

    def add_lost(self, device: int, n: int) -> None:
        """Remember a life that ended."""
        self._cursor.execute("INSERT OR IGNORE INTO lost VALUES (?,?)", (device, n))

    def asked(self, life: int) -> list[Asked]:
        """What a life of a laptop is asked for, one entry a life of the office; those it has never heard of too."""
        self._cursor.execute(f"SELECT {_COLUMNS} FROM given_back WHERE life = ?", (life,))
        known = {row[1]: Asked(*row) for row in self._cursor.fetchall()}
        return [known.get(device, Asked(life, device, n, None, n)) for device, n in self.lost().items()]

    def forget(self, life: int) -> None:
        """What a life gave back may be another's who shares it: ask again for all, though not with new patience."""
        self._cursor.execute(
            "UPDATE given_back SET upto = NULL, n = (SELECT n FROM lost WHERE lost.device = given_back.device) "
            "WHERE life = ? AND device IN (SELECT device FROM lost)",
            (life,),
        )

    def all(self) -> list[Asked]:
        """All entries that were written; none in a store of an older version, which is backed up before it has them."""
        if not has_table(self._cursor, "given_back"):
            return []
        self._cursor.execute("SELECT life, device, n, upto, backed_up FROM given_back ORDER BY life, device")
        return [Asked(*row) for row in self._cursor.fetchall()]

    def save(self, asked: Iterable[Asked]) -> None:
        """Write entries."""
        self._cursor.executemany("INSERT OR REPLACE INTO given_back VALUES (?,?,?,?,?,?)", list(asked))

    def spare(self, life: int) -> None:
        """A laptop that begins with this life of the office has nothing of former ones."""
        self.save(Asked(life, device, n, n, n) for device, n in self.lost().items())

    def cover(self, covered: Iterable[Asked]) -> None:
        """A backup was verified in which these entries stand."""
        self._cursor.executemany(
            "UPDATE given_back SET backed_up = max(backed_up, ?) WHERE life = ? AND device = ?",
            [(asked.n, asked.life, asked.device) for asked in covered],
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
