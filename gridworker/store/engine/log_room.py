"""Room for the write-ahead log, made before anybody waits for a save.

A save is durable once its pages are in that file and synced. Where the file grows by them, the file system has to write
down its new length with every sync, and much of what other programs have just written along with it: that takes twice
as long as the sync itself, and many times as long while the disk is busy. Blocks that were written once, if only with
zeros, need nothing but themselves. Reserving them is not enough: what was never written counts as new.

The engine takes zeros for what they are: no log. It writes over them from the beginning, and begins there again each
time all of the log is in the file.
"""

import os
from contextlib import suppress
from pathlib import Path

from gridworker.plainfile import NOT_WAITING, is_no_file
from gridworker.store.engine.checkpoint import PAGES
from gridworker.store.engine.checks import PAGE_SIZE
from gridworker.store.engine.filesafe import PRIVATE_FILE

_APPENDING = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0) | NOT_WAITING
_HEADER, _FRAME_HEADER = 32, 24
"""Bytes before all pages and before each (SQLite's file format, "The Write-Ahead Log")."""
ROOM = _HEADER + PAGES * (_FRAME_HEADER + PAGE_SIZE)
"""Bytes of as many pages as there are in the log before a commit has them brought in: some 4 MB."""


def make_log_room(log: Path, room: int) -> None:
    """Let the log be ``room`` bytes long, with zeros after what it has. Where that fails, saves are slower, no more.

    0 is no room: nothing is made. Nobody may write to the store meanwhile. The file may be open: the engine has its
    locks on the other two.
    """
    with suppress(OSError):
        if not room or is_no_file(log):
            return
        handle = os.open(log, _APPENDING, PRIVATE_FILE)
        try:
            missing = room - os.fstat(handle).st_size
            while missing > 0:
                missing -= os.write(handle, bytes(missing))
            os.fsync(handle)
        finally:
            os.close(handle)
