"""Copying the file of a store as it lies, sealed pages and all, and checking the copy as it lies on its medium.

Opening every page and sealing it again, as the engine copies, takes ten times as long as copying the bytes. They may be
copied while nothing is written to the file: as long as somebody reads the file alone, with all of the write-ahead log
brought in, the engine keeps new pages in the log (see ``Database.lying_still``).

    write a lot -> sync it -> write the next one ...
                      `-> read it from the medium: every page against its code, and the codes against those that were
                          written (an old page that a lost write left there is whole too)

A hash over the codes of all pages stands for the file: a code says of its page all that a hash could, and is checked
anyway. To hash the bytes beside took a fifth of the time.

Lots are small, and each is on the medium before the next is written: what somebody saves meanwhile stands in line
behind one of them, not behind the whole store.
"""

import hashlib
import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, Self

from gridworker.plainfile import NOT_WAITING, open_plain
from gridworker.store.backup.manifest import file_hash
from gridworker.store.backup.medium import Medium
from gridworker.store.engine.database import PAGE_SIZE
from gridworker.store.engine.filesafe import PRIVATE_FILE, disk_problems
from gridworker.store.engine.pages import SALT, Pages, codes_in

PAGES_AT_ONCE = 256
BLOCK = PAGES_AT_ONCE * PAGE_SIZE
LOT = 16 * BLOCK
"""Bytes written between two syncs."""
BLOCKS_AHEAD = 4
"""Read back before they are checked."""
BY_CODES = "codes:"
"""Begins the hash of a store that is one over the codes of its pages."""
Step = Callable[[float], object]

_VERSIONS = slice(18, 20)
_ROLLBACK = b"\x01\x01"
"""In the header of a file: it is read and written without a write-ahead log beside it."""


class WrittenMeanwhile(Exception):
    """The file was written to while it was copied: what was copied is no state of it."""


def copied_hash(handle: int, target: Path, dek: bytes, step: Step, on_written: Callable[[], object]) -> str | None:
    """Copy the open store file ``handle`` to ``target``, durably, as one that opens with nothing beside it.

    Returns the hash of the copy as it was read back; None where a page of it is not whole, wherever that was met.
    Raises WrittenMeanwhile; ``step`` is told the share that is done, and what it raises ends it. ``on_written`` is
    called once all is on the medium, while the rest of it is still read back.
    """
    before = os.fstat(handle)
    os.lseek(handle, 0, os.SEEK_SET)
    first = _settled(_read(handle, PAGE_SIZE), dek)
    if first is None or before.st_size % PAGE_SIZE:
        return None
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | NOT_WAITING | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(target, flags, PRIVATE_FILE), "wb") as writing:  # goes on after a write that was cut short
        writing.write(first)
        with _ReadBack(target, dek, first[:SALT]) as back:
            codes, done, synced = hashlib.sha256(codes_in(1, first)), PAGE_SIZE, 0
            while block := _read(handle, BLOCK):
                writing.write(block)
                _begin_to_write(writing, done, len(block))
                codes.update(codes_in(done // PAGE_SIZE + 1, block))
                done += len(block)
                if done % LOT < BLOCK:
                    _bring_to_medium(writing, since=synced)
                    synced = done
                    back.read_to(done)
                step((done + back.at) / 2 / before.st_size)
            _bring_to_medium(writing, since=synced)
            os.fsync(writing.fileno())
            back.read_to(done)
            on_written()
            digest = back.hash(lambda: step((done + back.at) / 2 / before.st_size))
    after = os.fstat(handle)
    if (before.st_size, before.st_mtime_ns, done) != (after.st_size, after.st_mtime_ns, after.st_size):
        raise WrittenMeanwhile
    return digest if digest == _named(codes) else None


def checked_hash(path: Path, dek: bytes, step: Step) -> str | None:
    """The hash of a store file that nobody has open, from its medium; None where a page is not whole. Reads it once."""
    size = path.stat().st_size
    if size == 0 or size % PAGE_SIZE:
        return None
    with path.open("rb+") as file:
        salt = file.read(SALT)
        _bring_to_medium(file)
        os.fsync(file.fileno())
    with _ReadBack(path, dek, salt) as back:
        for end in (*range(LOT, size, LOT), size):
            back.read_to(end)
        return back.hash(lambda: step(back.at / size))


def _read(handle: int, size: int) -> bytes:
    """So many bytes of a file, fewer at its end alone: a share may give less than it is asked for, half a page too."""
    block = os.read(handle, size)
    while len(block) < size and (more := os.read(handle, size - len(block))):
        block += more
    return block


def _settled(first: bytes, dek: bytes) -> bytes | None:
    """The first page of a file that is written by way of a log, as that of one that needs none beside it.

    The engine would change no more, but first make a log, and need the whole file for it. None where it is not whole.
    """
    pages = Pages(dek, first[:SALT])
    clear = pages.opened(1, first)
    if clear is None:
        return None
    return pages.sealed(1, clear[: _VERSIONS.start] + _ROLLBACK + clear[_VERSIONS.stop :])


def _bring_to_medium(file: BinaryIO, *, since: int = 0) -> None:
    """Sync what was written, and where the system lets us ask for it, have it read from the medium afterwards.

    ``since``: what lies before was brought there earlier, and is being read.
    """
    file.flush()
    getattr(os, "fdatasync", os.fsync)(file.fileno())
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file.fileno(), since, 0, os.POSIX_FADV_DONTNEED)


def _begin_to_write(file: BinaryIO, at: int, length: int) -> None:
    """Have the system begin to write what was handed to it, and go on: not all of a lot at once when it is synced.

    It is asked to forget these pages; of those that are not on the medium it only begins to write them.
    """
    if hasattr(os, "posix_fadvise"):
        file.flush()
        os.posix_fadvise(file.fileno(), at, length, os.POSIX_FADV_DONTNEED)


def hash_as(known: str, path: Path) -> str:
    """The hash of a store file that nobody has open, made as ``known`` was. Its pages are not checked here."""
    if not known.startswith(BY_CODES):
        return file_hash(path)  # of a backup that was made before
    whole, at = hashlib.sha256(), 0
    with disk_problems(path), open_plain(path) as file:
        while block := file.read(BLOCK):
            whole.update(codes_in(at // PAGE_SIZE + 1, block))
            at += len(block)
    return _named(whole) if at % PAGE_SIZE == 0 else ""


def _named(whole: "hashlib._Hash") -> str:
    return f"{BY_CODES}{whole.hexdigest()}"


class _ReadBack:
    """Reads a file in a thread of its own, as far as it is told that it is on its medium.

    The codes of the pages are computed in one more, without Python's lock. Two of them take longer than one, and up to
    half as much again of the processor's time: each wants the lock back after every page, as does who saves meanwhile.
    """

    def __init__(self, path: Path, dek: bytes, salt: bytes) -> None:
        self._path = path
        self._pages = Pages(dek, salt)
        self._whole = hashlib.sha256()
        self._sound = True
        self._lots: deque[Future[None]] = deque()
        self.at = 0
        """How far it is."""

    def __enter__(self) -> Self:
        self._medium = Medium(self._path, BLOCK, BLOCKS_AHEAD + 2)  # those under way, and the one that is read
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="reading back")
        self._checking = ThreadPoolExecutor(1, thread_name_prefix="checking")
        return self

    def __exit__(self, *_: object) -> None:
        self._reading.shutdown(cancel_futures=True)
        self._checking.shutdown()
        self._medium.close()

    def read_to(self, end: int) -> None:
        """Read on up to ``end``, some time; lots end where pages do."""
        self._lots.append(self._reading.submit(self._read, end))

    def hash(self, step: Callable[[], object]) -> str | None:
        """Wait for it; None where a page is not whole, or the file is not as long as it ought to be."""
        while self._lots:
            self._lots.popleft().result()
            step()
        return _named(self._whole) if self._sound else None

    def _read(self, end: int) -> None:
        under_way = deque[Future[bytes | None]]()
        while self.at < end:
            block = self._medium.read(min(BLOCK, end - self.at))
            under_way.append(self._checking.submit(self._pages.checked_codes, self.at // PAGE_SIZE + 1, block))
            self.at += len(block)
            if len(under_way) > BLOCKS_AHEAD:
                self._take(under_way.popleft().result())
            if not block:
                self._sound = False
                break
        for one in under_way:
            self._take(one.result())

    def _take(self, codes: bytes | None) -> None:
        if codes is None:
            self._sound = False
        else:
            self._whole.update(codes)
