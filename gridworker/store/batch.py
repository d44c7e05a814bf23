"""The journal: one link per transaction, in the order things reached this store, each MACed over the one before.

It says what a transaction brought (undo, "what came with this bundle", the numbered stream to each laptop) and proves
to this device that nobody took a row out of its own file, put one in or changed one.
"""

import hashlib
import hmac
from array import array
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgpack

from gridworker.store.log import Cursor, Log
from gridworker.store.op import OpRow

GENESIS = b"\0" * 32


class Batch(NamedTuple):
    """One link of the journal."""

    no: int
    act: str
    author: int
    at: int
    source: bytes | None
    clks: bytes
    undoes: int | None
    mac: bytes

    @property
    def op_clks(self) -> list[int]:
        """The clks of its ops, ascending."""
        return unpack_clks(self.clks)


class Entry(NamedTuple):
    """What a new link records beside its ops. ``at`` is ms of clock.EPOCH; ``source`` the hash of a bundle."""

    act: str
    author: int
    at: int
    source: bytes | None = None
    undoes: int | None = None


def pack_clks(clks: Sequence[int]) -> bytes:
    """Ascending clks as differences."""
    return msgpack.packb([clk - before for before, clk in zip([0, *clks], clks, strict=False)])


def unpack_clks(packed: bytes) -> list[int]:
    """What ``pack_clks`` packed."""
    clks, last = [], 0
    for step in msgpack.unpackb(packed):
        last += step
        clks.append(last)
    return clks


def digest(rows: Sequence[OpRow]) -> bytes:
    """A hash over ops in the order given; the lengths of the packed values are part of it."""
    columns = [array("q", column) for column in zip(*(row[:5] for row in rows), strict=True)] if rows else []
    lengths = array("q", [len(row.vals) for row in rows])
    whole = hashlib.sha256()
    for column in (*columns, lengths):
        whole.update(column.tobytes())
    whole.update(b"".join(row.vals for row in rows))
    return whole.digest()


class Journal:
    """Writes and checks the links. ``key`` is derived from the data key."""

    def __init__(self, cursor: Cursor, key: bytes) -> None:
        self._cursor = cursor
        self._key = key

    def last(self) -> tuple[int, bytes]:
        """Number and MAC of the newest link, or (0, GENESIS)."""
        self._cursor.execute("SELECT no, mac FROM batch ORDER BY no DESC LIMIT 1")
        found = self._cursor.fetchone()
        return (found[0], found[1]) if found else (0, GENESIS)

    def add(self, entry: Entry, rows: Sequence[OpRow]) -> int:
        """Append a link for ``rows`` (ascending clks). Returns its number."""
        no, before = self.last()
        clks = pack_clks([row.clk for row in rows])
        mac = self._mac(before, no + 1, entry, clks, digest(rows))
        self._cursor.execute(
            "INSERT INTO batch (no, act, author, at, source, clks, undoes, mac) VALUES (?,?,?,?,?,?,?,?)",
            (no + 1, entry.act, entry.author, entry.at, entry.source, clks, entry.undoes, mac),
        )
        return no + 1

    def faults(self) -> Iterator[int]:
        """Numbers of links that do not follow from the one before and from the ops in the log."""
        log = Log(self._cursor)
        before, expected = GENESIS, 1
        for link in list(self.links()):
            clks = link.op_clks
            found = log.rows(clks)
            entry = Entry(link.act, link.author, link.at, link.source, link.undoes)
            rows = [found[clk] for clk in clks if clk in found]
            mac = self._mac(before, expected, entry, link.clks, digest(rows))
            if link.no != expected or len(rows) != len(clks) or not hmac.compare_digest(mac, link.mac):
                yield link.no
            before, expected = link.mac, link.no + 1

    def links(self, after: int = 0) -> Iterator[Batch]:
        """The links above a number, oldest first."""
        self._cursor.execute(
            "SELECT no, act, author, at, source, clks, undoes, mac FROM batch WHERE no > ? ORDER BY no", (after,)
        )
        yield from (Batch(*row) for row in self._cursor.fetchall())

    def link(self, no: int) -> Batch | None:
        """One link."""
        self._cursor.execute("SELECT no, act, author, at, source, clks, undoes, mac FROM batch WHERE no = ?", (no,))
        found = self._cursor.fetchone()
        return Batch(*found) if found else None

    def last_act_of(self, who: int) -> Batch | None:
        """The newest local act of a person that is not undone, nor itself an undo, nor a mere note in the audit."""
        self._cursor.execute(
            "SELECT no, act, author, at, source, clks, undoes, mac FROM batch "
            "WHERE source IS NULL AND undoes IS NULL AND act NOT LIKE 'note:%' "
            "AND author IN (SELECT no FROM author WHERE who = ?) "
            "AND no NOT IN (SELECT undoes FROM batch WHERE undoes IS NOT NULL) ORDER BY no DESC LIMIT 1",
            (who,),
        )
        found = self._cursor.fetchone()
        return Batch(*found) if found else None

    def _mac(self, before: bytes, no: int, entry: Entry, clks: bytes, ops: bytes) -> bytes:
        link = msgpack.packb([no, *entry, clks, ops])
        return hmac.new(self._key, before + link, hashlib.sha256).digest()
