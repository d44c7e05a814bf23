"""The journal: one link per transaction, in the order things reached this store, each MACed over the one before.

It says what a transaction brought (undo, "what came with this bundle", the numbered stream to each laptop) and proves
to this device that nobody took a row out of its own file, put one in or changed one.
"""

import hashlib
import hmac
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain
from operator import sub
from types import MappingProxyType
from typing import NamedTuple

import msgpack

from gridworker.store.log.log import Columns, Cursor, Log
from gridworker.store.log.op import Author

GENESIS = b"\0" * 32
FEW = 25
"""Ops whose numbers are put side by side for their hash: in one go that takes a third of the time."""
SHORT = 1 << 12
"""Bytes of a link that are put together for its code, likewise."""
ENROL = "enrol"
"""The act that gives out a device kit."""


class Entry(NamedTuple):
    """What a new link records beside its ops. ``at`` is ms of clock.EPOCH; ``source`` the hash of a bundle."""

    act: str
    author: int
    at: int
    source: bytes | None = None
    undoes: int | None = None


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
        """The clks of its ops."""
        return unpack_clks(self.clks)

    @property
    def entry(self) -> Entry:
        """What it records beside its ops."""
        return Entry(self.act, self.author, self.at, self.source, self.undoes)


class Part(NamedTuple):
    """The ops of a transaction, or a lot of them: their clks, ascending, and a hash over them."""

    clks: Sequence[int]
    hash: bytes
    authors: frozenset[int]

    @staticmethod
    def of(ops: Columns, joined: bytes | None = None) -> "Part":
        """The part that some ops are, ascending by clk. ``joined``: their vals, where somebody has joined them."""
        if len(ops.clk) <= FEW:
            numbers = array("q", [*chain.from_iterable(ops[:5]), *map(len, ops.vals)])
            code = hashlib.sha256(numbers.tobytes() + (b"".join(ops.vals) if joined is None else joined))
            return Part(array("q", ops.clk), code.digest(), frozenset(ops.author))
        whole = hashlib.sha256(clks := array("q", ops.clk))
        for column in ops[1:5]:
            whole.update(clks if column == ops.clk else _packed(column))
        whole.update(array("q", map(len, ops.vals)))
        whole.update(b"".join(ops.vals) if joined is None else joined)
        return Part(clks, whole.digest(), frozenset(ops.author))


def _packed(column: Sequence[int]) -> "array[int]":
    """A column in 8 bytes a number. Most hold the same from end to end, which is told in a quarter of the time."""
    same = column.count(column[0]) == len(column) if column else True
    return array("q", column[:1]) * len(column) if same else array("q", column)


def pack_clks(parts: Iterable[Sequence[int]]) -> bytes:
    """Ascending clks, part by part, as differences."""
    packer = msgpack.Packer()
    packed = [packer.pack([*clks[:1], *map(sub, clks[1:], clks)]) for clks in parts]
    return b"".join((packer.pack_array_header(len(packed)), *packed))


def unpack_parts(packed: bytes) -> list[list[int]]:
    """What ``pack_clks`` packed."""
    return [list(accumulate(steps)) for steps in msgpack.unpackb(packed)]


def unpack_clks(packed: bytes) -> list[int]:
    """The clks of all parts, in the order they were taken in."""
    return list(chain.from_iterable(unpack_parts(packed)))


def undoing(cursor: Cursor, after: int) -> frozenset[int]:
    """The clks of the ops that undos on this device wrote since a link."""
    cursor.execute("SELECT clks FROM batch WHERE undoes IS NOT NULL AND no > ?", (after,))
    return frozenset(chain.from_iterable(unpack_clks(clks) for (clks,) in cursor.fetchall()))


class Journal:
    """Writes and checks the links. ``key`` is derived from the data key."""

    def __init__(self, cursor: Cursor, key: bytes, people: Mapping[int, Author] = MappingProxyType({})) -> None:
        self._cursor = cursor
        self._log = Log(cursor)
        self._key = key
        self._people = dict(people)
        """Authors by our number, as far as they are known."""

    def last(self) -> tuple[int, bytes]:
        """Number and MAC of the newest link, or (0, GENESIS)."""
        self._cursor.execute("SELECT no, mac FROM batch ORDER BY no DESC LIMIT 1")
        found = self._cursor.fetchone()
        return (found[0], found[1]) if found else (0, GENESIS)

    def add(self, entry: Entry, parts: Sequence[Part]) -> int:
        """Append a link for ``parts``. Returns its number."""
        return self.add_each([(entry, parts)]).start

    def add_each(self, links: Sequence[tuple[Entry, Sequence[Part]]]) -> range:
        """Append links, each over the one before it. Returns their numbers."""
        first, mac = self.last()
        rows = []
        for no, (entry, parts) in enumerate(links, first + 1):
            clks = pack_clks(part.clks for part in parts)
            mac = self.mac(mac, no, entry, clks, parts)
            rows.append((no, entry.act, entry.author, entry.at, entry.source, clks, entry.undoes, mac))
        self._cursor.executemany(
            "INSERT INTO batch (no, act, author, at, source, clks, undoes, mac) VALUES (?,?,?,?,?,?,?,?)", rows
        )
        return range(first + 1, first + 1 + len(links))

    def faults(self, after: int = 0) -> Iterator[int]:
        """Numbers of links above ``after`` that do not follow from the one before and from the ops in the log."""
        known = self.link(after) if after else None
        before, expected = known.mac if known else GENESIS, after + 1
        if after and not known:
            yield after
        for link in self.links(after):
            if link.no != expected or self.parts(link, before) is None:
                yield link.no
            before, expected = link.mac, link.no + 1

    def parts(self, link: Batch, before: bytes) -> list[Part] | None:
        """The parts of a link; None where its MAC is not the one over the link before and its ops in the log."""
        try:
            clks = unpack_parts(link.clks)
            parts = [Part.of(self._log.columns(part)) for part in clks]
            mac = self.mac(before, link.no, link.entry, link.clks, parts)
        except (ArithmeticError, TypeError, ValueError, msgpack.UnpackException):
            return None  # somebody put in what this program never writes
        follows = [list(part.clks) for part in parts] == clks and hmac.compare_digest(mac, link.mac)
        return parts if follows else None

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

    def acts_after(self, no: int) -> int:
        """How many links above a number are more than a note on record."""
        self._cursor.execute("SELECT count(*) FROM batch WHERE no > ? AND act NOT LIKE 'note:%'", (no,))
        return int(self._cursor.fetchone()[0])

    def last_act_of(self, who: int) -> Batch | None:
        """The newest local act of a person that can be undone: not undone yet, nor itself an undo, nor a note.

        A verdict is taken back by another one, and what a merge brought was written by others, be it from a bundle or
        in place of ops that had to be written anew; what left the grids went by itself. A kit that was given out is
        found: nothing before it is undone unasked.
        """
        self._cursor.execute(
            "SELECT no, act, author, at, source, clks, undoes, mac FROM batch "
            "WHERE source IS NULL AND undoes IS NULL AND act NOT LIKE 'note:%' "
            "AND act NOT IN ('verdict', 'merge', 'evict') AND author IN (SELECT no FROM author WHERE who = ?) "
            "AND no NOT IN (SELECT undoes FROM batch WHERE undoes IS NOT NULL) ORDER BY no DESC LIMIT 1",
            (who,),
        )
        found = self._cursor.fetchone()
        return Batch(*found) if found else None

    def merged_since(self, who: int, no: int) -> bool:
        """Whether a person merged a bundle after a link that stands: an undo passes it over."""
        self._cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM batch WHERE no > ? AND source IS NOT NULL AND act = 'merge' "
            "AND author IN (SELECT no FROM author WHERE who = ?) "
            "AND no NOT IN (SELECT undoes FROM batch WHERE undoes IS NOT NULL))",
            (no, who),
        )
        return bool(self._cursor.fetchone()[0])

    def erased_since(self, who: int, no: int) -> bool:
        """Whether a person erased something, or let go of it, after a link: an undo passes that over, it stands."""
        self._cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM batch WHERE no > ? AND source IS NULL "
            "AND act IN ('note:erase', 'note:retention') AND author IN (SELECT no FROM author WHERE who = ?))",
            (no, who),
        )
        return bool(self._cursor.fetchone()[0])

    def mac(self, before: bytes, no: int, entry: Entry, clks: bytes, parts: Sequence[Part]) -> bytes:
        """The code of a link over the code of the one before it."""
        numbers = sorted({entry.author}.union(*(part.authors for part in parts)))
        unknown = [number for number in numbers if number not in self._people]
        if unknown:
            self._people.update(self._log.author_numbers(unknown))
        authors = [(number, *self._people.get(number, ())) for number in numbers]
        link = msgpack.packb([no, *entry, clks, [part.hash for part in parts], authors])
        if len(link) < SHORT:
            return hmac.digest(self._key, before + link, "sha256")
        code = hmac.new(self._key, before, hashlib.sha256)
        code.update(link)  # may be megabytes: not put behind the other in a copy
        return code.digest()
