"""The bytes of a store file that connections have open, and whether it is still the file its name stands for.

A folder that was put back from elsewhere, or removed, under an open store leaves the connections with a file that has
no name any more: what they write goes with them, and what is read by its name is another store. SQLite takes its locks
by device and inode, so these tell files apart wherever a store works at all. Some network shares make numbers up, and
others for the same file after a while: there the file that was opened is held, and one that is as long and as new as
that one, which still has a name, is taken for it.
"""

import os
from pathlib import Path

from gridworker.errors import StoreDamaged, StoreMissing, StoreProblem
from gridworker.plainfile import open_handle
from gridworker.store.engine.filesafe import (
    PRIVATE_FILE,
    disk_problems,
    is_other,
    make_folder,
    problem_of,
    refuse_other,
)
from gridworker.store.engine.machine import STEADY, volume_of


class FileBytes:
    """A handle to the file at ``path``, which is there by then; closed with the store and not before.

    Closing it earlier would drop SQLite's locks.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._name = path, str(path)
        self._handle: int | None = None
        with disk_problems(path):
            self._which = _which(path.stat())
        if volume_of(path.parent).kind not in STEADY:
            self._open()

    def require_same(self) -> None:
        """Raises StoreProblem where another file, or none, has its name by now."""
        try:
            found = os.stat(self._name)  # noqa: PTH116 - every save asks, and a path is made into a name each time
        except FileNotFoundError as fault:
            raise _replaced() from fault
        except OSError as fault:
            raise problem_of(fault, self._path) from fault
        which = _which(found)
        if which != self._which:
            with disk_problems(self._path):
                if not self._is_held(found):
                    raise _replaced()
            self._which = which

    def handle(self) -> int:
        """Open it once. Raises StoreProblem as ``require_same`` does."""
        self.require_same()
        return self._open() if self._handle is None else self._handle

    def close(self) -> None:
        """Let it go, with the last connection."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _open(self) -> int:
        with disk_problems(self._path):
            self._handle = open_handle(self._path)
        return self._handle

    def _is_held(self, found: os.stat_result) -> bool:
        """Whether what bears the name is the file that is held, under another number."""
        if self._handle is None or volume_of(self._path.parent).kind in STEADY:
            return False
        held = os.fstat(self._handle)
        alike = (held.st_dev, held.st_size, held.st_mtime_ns) == (found.st_dev, found.st_size, found.st_mtime_ns)
        return alike and held.st_nlink > 0


def _replaced() -> StoreProblem:
    return StoreProblem(
        "The store file was replaced or removed while it was open here, so nothing more is saved. Close the program, "
        "and see which folder is the right one before going on."
    )


def _which(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def require_file(path: Path, least: int) -> None:
    """Raises StoreMissing, and StoreDamaged for one of fewer bytes than any store has."""
    if not path.exists():
        raise StoreMissing("There is no store in this folder. Choose another folder, or set one up first.")
    refuse_no_store(path)
    if path.stat().st_size < least:  # SQLite would take what is left for an empty store
        raise StoreDamaged(
            "The store file is cut off: almost nothing is left of it. Keep it as it is, and put back the newest backup."
        )


def refuse_no_store(path: Path) -> None:
    """Raise StoreProblem where something else has the name of a store; nothing is raised where nothing has it."""
    if is_other(path):
        raise StoreProblem(
            "“{name}” is a folder here, a pipe or a device, and no store. Move it out of the data folder, then put the "
            "newest backup back.",
            name=path.name,
        )
    refuse_other_logs(path)


def refuse_other_logs(path: Path) -> None:
    """Raise StoreProblem where something else has the name of a log of a store: the engine would wait for a pipe."""
    for tail in ("-journal", "-wal", "-shm"):
        refuse_other(path.with_name(f"{path.name}{tail}"))


def make_file(path: Path) -> None:
    """An empty file that only this user may read; -wal and -shm take their rights from it."""
    if path.exists() and path.stat().st_size > 0:
        raise StoreMissing("There is a store in this folder already. Choose another folder.")
    make_folder(path.parent)
    with disk_problems(path):
        path.touch(PRIVATE_FILE)
        path.chmod(PRIVATE_FILE)
