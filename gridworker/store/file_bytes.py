"""The bytes of a store file that connections have open, and whether it is still the file its name stands for.

A folder that was put back from elsewhere, or removed, under an open store leaves the connections with a file that has
no name any more: what they write goes with them, and what is read by its name is another store. SQLite takes its locks
by device and inode, so these tell files apart wherever a store works at all.
"""

import os
from pathlib import Path

from gridworker.errors import StoreProblem
from gridworker.store.filesafe import disk_problems


class FileBytes:
    """A handle to the file at ``path``, which is there by then; closed with the store and not before.

    Closing it earlier would drop SQLite's locks.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None
        with disk_problems(path):
            self._which = _which(path.stat())

    def require_same(self) -> None:
        """Raises StoreProblem where another file, or none, has its name by now."""
        with disk_problems(self._path):
            try:
                found = _which(self._path.stat())
            except FileNotFoundError as fault:
                raise _replaced() from fault
        if found != self._which:
            raise _replaced()

    def handle(self) -> int:
        """Open it once. Raises StoreProblem as ``require_same`` does."""
        self.require_same()
        if self._handle is None:
            with disk_problems(self._path):
                self._handle = os.open(self._path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        return self._handle

    def close(self) -> None:
        """Let it go, with the last connection."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _replaced() -> StoreProblem:
    return StoreProblem(
        "The store file was replaced or removed while it was open here, so nothing more is saved. Close the program, "
        "and see which folder is the right one before going on."
    )


def _which(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino
