"""What the encrypted engine's errors mean for the person at the keyboard. What is in no table here is a bug."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from gridworker.errors import DiskFull, StoreBusy, StoreDamaged, StoreProblem
from gridworker.store.engine.diskspace import free_bytes
from gridworker.store.engine.filesafe import full

_BUSY, _LOCKED, _READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB = 5, 6, 8, 10, 11, 13, 14, 26
_PRIMARY = 0xFF
_NO_ROOM = 256 * 1024
"""An I/O error with less than this left is a full disk: not every call of the engine says so itself."""


def problem_of(error: BaseException, folder: Path) -> StoreProblem | None:
    """The sentence for an error of the driver, wrapped by SQLAlchemy or not; None where it is a bug."""
    code = getattr(getattr(error, "orig", error), "sqlite_errorcode", None)
    if code is None:
        return None
    primary = code & _PRIMARY
    if primary in {_IOERR, _CANTOPEN} and _no_room(folder):
        primary = _FULL
    make = _PROBLEMS.get(primary)
    return make() if make else None


def copying_problem(error: BaseException, folder: Path) -> StoreProblem:
    """The same for a copy that was being written to ``folder``: mostly it is not the data that met the fault.

    What copies pages names its errors by their words alone.
    """
    if isinstance(problem_of(error, folder), DiskFull) or "full" in str(error) or _no_room(folder):
        return full()
    if "malformed" in str(error) or "not a database" in str(error):
        return damaged()
    return StoreProblem(
        "The backup could not be written. The data themselves are untouched. Check the disk and its room, then try "
        "again, or choose another place."
    )


def _no_room(folder: Path) -> bool:
    try:
        return free_bytes(folder) < _NO_ROOM
    except OSError:
        return False


def _busy() -> StoreProblem:
    return StoreBusy(
        "The data are being written by another window or program. Nothing was changed. Try again in a moment."
    )


def _read_only() -> StoreProblem:
    return StoreProblem(
        "The data folder is read-only. Nothing was changed. Make it writable, or choose another folder."
    )


def _cannot_open() -> StoreProblem:
    return StoreProblem("The store file cannot be opened. Check that the disk is there and the folder may be used.")


def _disk_error() -> StoreProblem:
    return StoreDamaged(
        "The disk reported an error while the data were read or written. This step was not saved. Copy the data "
        "folder to another disk, then check it."
    )


def damaged() -> StoreProblem:
    """The sentence for a store in which something stands that was never written."""
    return StoreDamaged("The store file is damaged. Keep it as it is, and put back the newest backup.")


def _not_a_store() -> StoreProblem:
    return StoreDamaged(
        "The store file does not fit its keys, or its beginning is damaged. Keep both files, and put back the newest "
        "backup."
    )


_PROBLEMS: Mapping[int, Callable[[], StoreProblem]] = MappingProxyType({
    _BUSY: _busy, _LOCKED: _busy, _READONLY: _read_only, _IOERR: _disk_error, _CORRUPT: damaged, _FULL: full,
    _CANTOPEN: _cannot_open, _NOTADB: _not_a_store,
})  # fmt: skip
