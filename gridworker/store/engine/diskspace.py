"""Room on the disk: a ballast that is let go when the disk is full, and the question before something large.

With the ballast gone a full disk still has room to save what is being typed and to close in order.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from gridworker.errors import DiskFull
from gridworker.store.engine.filesafe import PRIVATE_FILE, disk_problems

MEGABYTE = 1024 * 1024
BALLAST = 64 * MEGABYTE
ROOM_FOR_BALLAST = 4
"""The ballast is set aside only where this many times its size is free: on a small disk it would be the problem."""


class Ballast:
    """Room set aside in a file without meaning."""

    def __init__(self, path: Path, size: int = BALLAST) -> None:
        self._path = path
        self._size = size

    def ensure(self) -> bool:
        """Set the room aside if it is not and there is plenty. Returns whether it is set aside; never raises."""
        with suppress(OSError):
            if self._path.exists() and self._path.stat().st_size == self._size:
                return True
            if free_bytes(self._path.parent) >= ROOM_FOR_BALLAST * self._size:
                _reserve(self._path, self._size)
                return True
        return False

    def release(self) -> bool:
        """Let the room go. Returns whether there was any; never raises."""
        with suppress(OSError):
            self._path.unlink()
            return True
        return False


def free_bytes(folder: Path) -> int:
    """Room left for this user where ``folder`` is."""
    return shutil.disk_usage(folder).free


def require_room(folder: Path, needed: int) -> None:
    """Raise DiskFull before something large is begun that will not fit. ``needed`` in bytes."""
    with disk_problems(folder):
        free = free_bytes(folder)
    if free < needed:
        raise DiskFull(
            "This needs {needed} MB and the disk has {free} MB left, so nothing was changed: make some room, then try "
            "again.",
            needed=-(-needed // MEGABYTE),
            free=free // MEGABYTE,
        )


def _reserve(path: Path, size: int) -> None:
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), PRIVATE_FILE)
    try:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(handle, 0, size)
        else:
            _fill(handle, size)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)


def _fill(handle: int, size: int) -> None:
    """Random bytes: a file system that compresses would set nothing aside for zeros."""
    block = os.urandom(min(size, MEGABYTE))
    for start in range(0, size, MEGABYTE):
        os.write(handle, block[: size - start])
