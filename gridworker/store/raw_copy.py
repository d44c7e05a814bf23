"""Copying the file of a store as it lies, sealed pages and all, and checking the copy as it lies on its medium.

Opening every page and sealing it again, as the engine copies, takes ten times as long as copying the bytes. They may be
copied while nothing is written to the file: as long as somebody reads the file alone, with all of the write-ahead log
brought in, the engine keeps new pages in the log (see ``Database.lying_still``).
"""

import hashlib
import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from gridworker.store.database import PAGE_SIZE
from gridworker.store.filesafe import PRIVATE_FILE
from gridworker.store.pages import SALT, Pages

PAGES_AT_ONCE = 256
BLOCK = PAGES_AT_ONCE * PAGE_SIZE
CHECKERS = 2
Step = Callable[[float], object]


def copy_bytes(handle: int, target: Path, step: Step) -> bool:
    """Copy the open file ``handle`` to ``target``. False where it was written to meanwhile: then it is no copy."""
    before = os.fstat(handle)
    os.lseek(handle, 0, os.SEEK_SET)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    with os.fdopen(
        os.open(target, flags, PRIVATE_FILE), "wb"
    ) as writing:  # buffered: it goes on after a write that was cut short
        done = 0
        while block := os.read(handle, BLOCK):
            writing.write(block)
            done += len(block)
            step(done / max(before.st_size, 1))
    after = os.fstat(handle)
    return (before.st_size, before.st_mtime_ns, done) == (after.st_size, after.st_mtime_ns, after.st_size)


def checked_hash(path: Path, dek: bytes, step: Step) -> str | None:
    """SHA-256 of a store file that nobody has open; None where a page of it is not whole. Reads the file once.

    The codes of the pages are computed by two threads beside the hash of the whole, without Python's lock.
    """
    whole, sound = hashlib.sha256(), True
    size = path.stat().st_size
    if size == 0 or size % PAGE_SIZE:
        return None
    with path.open("rb") as file, ThreadPoolExecutor(CHECKERS, thread_name_prefix="checking") as checking:
        pages = Pages(dek, file.read(SALT))
        file.seek(0)
        under_way: deque[Future[bool]] = deque()
        for first in range(1, size // PAGE_SIZE + 1, PAGES_AT_ONCE):
            block = file.read(PAGES_AT_ONCE * PAGE_SIZE)
            under_way.append(checking.submit(pages.are_whole, first, block))
            whole.update(block)
            if len(under_way) > 2 * CHECKERS:
                sound &= under_way.popleft().result()
            step(file.tell() / size)
        sound &= all(one.result() for one in under_way)
    return whole.hexdigest() if sound else None
