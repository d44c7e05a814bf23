"""Compressed blocks of values: a sheaf (table ``sheaf``) holds the ``vals`` of up to 256 creations that came in bulk.

Every op has its row in ``op``. For a creation in a sheaf, that row holds an integer in place of its ``vals``: the
number of the sheaf times ``SHEAF``, plus the position in it. Read ``vals`` of ``op`` only through ``SELECT`` and
``fetch_ops``, which resolve it; so hashes, codes and bundles know nothing of sheaves. Why: the values of a hundred
thousand new residents, one row each, take as many pages as the residents themselves, each encrypted and written twice;
in sheaves they take a sixth.

What is taken out of the log, or blanked, leaves its sheaf at once (``take_out``); numbers of sheaves are never reused.
An op whose place is empty reads as ``LOST``, which no op can say: like anything else changed behind the program's back,
it does not match the journal.

``vals`` of a sheaf is a zstd frame, with its content size, around a msgpack array of the ops' ``vals``, in the order of
their clks, empty where one was taken out.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeAlias, TypeGuard

import msgpack

from gridworker.store.engine.cursor import Cursor
from gridworker.store.log.op import OpRow, as_ops

SHEAF = 256
"""Creations in one: of more a single one would take long to be read."""

FEWEST = SHEAF
"""Creations at once that are bound: fewer are hardly worth it."""

LARGEST = 4096
"""Bytes of values that an op in a sheaf has at most: who reads one op never has to open more than a megabyte."""

LEVEL = 1

LOST = b"\xc1"
"""Of all bytes the one that msgpack never begins with."""

PLACED = "typeof(vals) = 'integer'"
"""Of rows of ``op``: those that have a place in a sheaf for their values."""

SELECT = f"SELECT clk, kind, record, what, author, CASE WHEN {PLACED} THEN vals ELSE CAST(vals AS BLOB) END FROM op"
"""To be gone on with, and its rows to be fetched by ``fetch_ops``.

Read as bytes: what somebody with the key made a text of would stop the driver, and with it every bundle. It is judged
like any other op that is not what was written.
"""

_FRAME = b"\x28\xb5\x2f\xfd"
"""What a zstd frame begins with."""

_ADD = "INSERT INTO sheaf (no, vals) VALUES (?,?)"
_MOST = SHEAF * (LARGEST + 8)

Held: TypeAlias = "Sequence[bytes] | range"
"""What stands in ``op``: the values of ops, or their places."""


def fetch_ops(cursor: Cursor) -> list[OpRow]:
    """The ops that a statement beginning with ``SELECT`` found and that were not fetched yet."""
    rows = cursor.fetchall()
    vals = [row[-1] for row in rows]
    opened = Sheaves(cursor).opened(vals)
    if opened is vals:
        return list(as_ops(rows))
    return list(as_ops((*row[:-1], said) for row, said in zip(rows, opened, strict=True)))


class Sheaves:
    """The table of sheaves on one cursor."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor

    @contextmanager
    def binding(self, vals: Sequence[bytes]) -> Iterator[Held]:
        """What is to stand in ``op`` for the values of creations, ascending: where these are many, places.

        The sheaves are made by another thread, without Python's lock, while the block writes that, and are there after
        it.
        """
        if len(vals) < FEWEST or max(map(len, vals)) > LARGEST:
            yield vals
            return
        self._cursor.execute("SELECT coalesce(max(no), 0) + 1 FROM sheaf")
        first: int = self._cursor.fetchone()[0]
        with ThreadPoolExecutor(1, thread_name_prefix="binding") as pool:
            bound = pool.submit(_bound, vals)
            yield range(first * SHEAF, first * SHEAF + len(vals))
            self._cursor.executemany(_ADD, enumerate(bound.result(), first))

    def opened(self, held: Sequence[bytes | int]) -> Sequence[bytes]:
        """The values of ops by what stands in ``op`` for them; the same where no place is among it."""
        if int not in set(map(type, held)):
            return held  # type: ignore[return-value]  # all are bytes
        opened: list[bytes] = list(held)  # type: ignore[arg-type]  # the places follow
        within: dict[int, list[int]] = defaultdict(list)
        for at, place in enumerate(held):
            if isinstance(place, int):
                within[place // SHEAF].append(at)
        for no, ats in within.items():  # one at a time: they may be of the whole log
            sheaf = self._sheaf(no)
            for at in ats:
                which = int(held[at]) % SHEAF
                opened[at] = sheaf[which] if which < len(sheaf) else LOST
        return opened

    def take_out(self, clks: Collection[int]) -> None:
        """Leave nothing of some ops, which get other values or go, in the sheaves their values stand in."""
        self._cursor.execute(
            f"SELECT vals FROM op WHERE {PLACED} AND clk IN (SELECT value FROM json_each(?))", (json.dumps([*clks]),)
        )
        within: dict[int, set[int]] = defaultdict(set)
        for (place,) in self._cursor.fetchall():
            within[place // SHEAF].add(place % SHEAF)
        for no, gone in within.items():
            left = [b"" if at in gone else said for at, said in enumerate(self._sheaf(no))]
            self._cursor.execute("UPDATE sheaf SET vals = ? WHERE no = ?", (_packed(left), no))
            if not any(left):  # the last one stays, or its number would be given again
                self._cursor.execute("DELETE FROM sheaf WHERE no = ? AND no < (SELECT max(no) FROM sheaf)", (no,))

    def has_strays(self) -> bool:
        """Whether there are other values in the sheaves than of as many ops as have a place in them."""
        self._cursor.execute(f"SELECT count(*) FROM op WHERE {PLACED}")
        placed: int = self._cursor.fetchone()[0]
        return placed != sum(len(list(filter(None, self._sheaf(no)))) for no in self._numbers())

    def with_any(self, words: Sequence[bytes]) -> list[int]:
        """The numbers of the sheaves in which one of some words stands, be it where one op ends."""
        return [no for no in self._numbers() if _has_any(_decompressed(self._stored(no)), words)]

    def _numbers(self) -> list[int]:
        self._cursor.execute("SELECT no FROM sheaf")
        return [no for (no,) in self._cursor.fetchall()]

    def _sheaf(self, no: int) -> list[bytes]:
        return unbound(self._stored(no))

    def _stored(self, no: int) -> bytes:
        self._cursor.execute("SELECT CAST(vals AS BLOB) FROM sheaf WHERE no = ?", (no,))
        found = self._cursor.fetchone()
        return found[0] if found else b""


def _bound(vals: Sequence[bytes]) -> list[bytes]:
    return [_packed(vals[at : at + SHEAF]) for at in range(0, len(vals), SHEAF)]


def _packed(vals: Sequence[bytes]) -> bytes:
    import zstandard  # not before very much is written or read

    return zstandard.ZstdCompressor(level=LEVEL).compress(msgpack.packb(vals))


def is_bound(cell: object) -> TypeGuard[bytes]:
    """Whether something found in a row looks like a sheaf."""
    return isinstance(cell, bytes) and cell.startswith(_FRAME)


def unbound(packed: bytes) -> list[bytes]:
    """The values in a sheaf; none where it is none of ours."""
    try:
        found = msgpack.unpackb(_decompressed(packed))
    except (ValueError, TypeError, msgpack.UnpackException):
        return []
    sound = isinstance(found, list) and set(map(type, found)) <= {bytes}
    return found if sound else []


def _decompressed(packed: bytes) -> bytes:
    """What is in a frame of ours; nothing where it is none."""
    import zstandard

    try:
        if not 0 <= zstandard.frame_content_size(packed) <= _MOST:
            return b""
        return zstandard.ZstdDecompressor().decompress(packed, allow_extra_data=False)
    except zstandard.ZstdError:
        return b""


def _has_any(text: bytes, words: Sequence[bytes]) -> bool:
    return any(word in text for word in words)
