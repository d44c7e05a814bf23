"""Every page of a store file against its code, a lot at a time, so that whoever waits for its end need not wait long.

The engine has a check of its own for that, in one piece: it listens to nobody until the last page, and a lock in the
meantime would wait for it, with the keys in memory.
"""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

from gridworker.plainfile import open_handle
from gridworker.store.engine.checks import PAGE_SIZE, Still
from gridworker.store.engine.pages import SALT, Pages

AT_ONCE = 64
"""Pages between two looks whether anybody still wants it: a millisecond or two."""
NAMED = 100
"""Faults that are named at most, as the engine does."""


def bad_pages(path: Path, handle: int, dek: bytes, still: Still) -> list[str]:
    """What is wrong with the pages of the store file at ``path``, in the engine's words.

    ``handle`` is open to it; nobody writes to it meanwhile. Raises what ``still`` raises, and OSError.
    """
    with _reader(path, handle) as reader:
        return list(islice(_faults(reader, dek, still), NAMED))


def _faults(reader: "_Reader", dek: bytes, still: Still) -> Iterator[str]:
    pages, at = Pages(dek, reader.read(0, SALT)), 0
    while block := reader.read(at, AT_ONCE * PAGE_SIZE):
        if still is not None:
            still()
        whole = len(block) - len(block) % PAGE_SIZE
        first = at // PAGE_SIZE + 1
        if pages.checked_codes(first, block[:whole]) is None:
            yield from (f"HMAC verification failed for page {number}" for number in pages.damaged(first, block[:whole]))
        if whole < len(block):
            yield f"page {first + whole // PAGE_SIZE} has an invalid size of {len(block) - whole} bytes"
        at += len(block)


class _Reader:
    """Reads a file at a place. The handle is others' too, so where the system lets us its own place stays as it is."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def read(self, at: int, size: int) -> bytes:
        """So many bytes, fewer at the end alone: a share may give less than it is asked for."""
        block = self._some(at, size)
        while 0 < len(block) < size and (more := self._some(at + len(block), size - len(block))):
            block += more
        return block

    def _some(self, at: int, size: int) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(self._handle, size, at)
        os.lseek(self._handle, at, os.SEEK_SET)
        return os.read(self._handle, size)

    def close(self) -> None:
        """Let go of a handle of one's own."""
        os.close(self._handle)


@contextmanager
def _reader(path: Path, handle: int) -> Iterator[_Reader]:
    """On Windows by a handle of its own, which has its own place, and to close it drops no locks there."""
    if hasattr(os, "pread"):
        yield _Reader(handle)
        return
    with closing(_Reader(open_handle(path))) as own:
        yield own
