"""Small files that a power cut or a full disk leaves whole: written beside, synced, renamed, folder synced.

The store itself is SQLite's; this is for the key slots, the start mark, bundles and exports.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from errno import EACCES, EDQUOT, EFBIG, EINVAL, EISDIR, ENAMETOOLONG, ENOENT, ENOSPC, ENOTDIR, ENOTSUP, EPERM, EROFS
from functools import partial
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from threading import Event
from typing import BinaryIO

from gridworker.errors import DiskFull, StoreProblem
from gridworker.plainfile import NotAFile, is_no_file, open_folder

_WINDOWS = os.name == "nt"

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700

PART = ".part"
CUT = 1 << 24
"""Bytes of a large file that are let go at a time."""
REPLACE_TRIES = 40
REPLACE_PAUSE = 0.05
"""Windows: an antivirus program holds a fresh file open for a moment; two seconds of patience, then the truth."""


def write_durably(path: Path, data: bytes, *, mode: int = PRIVATE_FILE, sync_name: bool = True) -> None:
    """Put ``data`` at ``path`` so that after any interruption the old or the new content is there, never a mixture.

    When this returns the content is on the disk, and its name too, but where ``sync_name`` leaves that to the caller,
    who syncs the folder once for many. Raises DiskFull or StoreProblem; the old content is then untouched.
    """
    _put_durably(path, partial(_write_all, data), mode, sync_name=sync_name)


def stream_durably(
    path: Path, write: Callable[[BinaryIO], object], *, mode: int = PRIVATE_FILE, sync_name: bool = True
) -> None:
    """The same of what is written bit by bit: ``write`` is called with the file."""

    def stream(handle: int) -> None:
        with os.fdopen(handle, "wb", closefd=False) as file:
            write(file)

    _put_durably(path, stream, mode, sync_name=sync_name)


def _put_durably(path: Path, write: Callable[[int], object], mode: int, *, sync_name: bool) -> None:
    with disk_problems(path):
        _require_place(path)
        part = path.with_name(f"{path.name}{PART}")
        try:
            _write_synced(part, write, mode)
            _replace(part, path)
        except BaseException:
            with suppress(OSError):
                part.unlink()
            raise
        if sync_name:
            fsync_folder(path.parent)


@contextmanager
def written_together() -> Iterator[Callable[[Path, bytes | Callable[[], object]], None]]:
    """Files that belong together and to what the block does: where anything goes wrong, none of them is left.

    What is given is called with a path, and with what to put there or what puts it there. A file that stood under one
    of the names before is not brought back.
    """
    written: list[Path] = []

    def write(path: Path, given: bytes | Callable[[], object]) -> None:
        with disk_problems(path):
            is_new = not path.exists()
        if callable(given):
            given()
        else:
            write_durably(path, given)
        if is_new:
            written.append(path)

    try:
        yield write
    except BaseException:
        for path in written:
            with suppress(OSError):
                path.unlink()
        raise


def fsync_folder(folder: Path) -> None:
    """Make the names in a folder durable. Where the system has no such thing (Windows, some sticks): nothing."""
    if _WINDOWS:
        return
    handle = open_folder(folder)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in {EINVAL, ENOTSUP}:
            raise
    finally:
        os.close(handle)


def put_in_place(made: Path, place: Path) -> None:
    """Put a file of another folder at ``place``, in the stead of what is there. Once more, and nothing happens.

    It keeps its old name until the caller, who has synced the folder of ``place``, removes that. The names of two
    folders reach the disk apart: a file that is moved may be in neither after a power cut. Where a file can have but
    one name (FAT) it is moved.
    """
    if is_in_place(made, place):
        return
    part = names_of_moved(place)[1]
    part.unlink(missing_ok=True)
    try:
        os.link(made, part)
    except OSError:
        part = made
    _replace(part, place)


def names_of_moved(place: Path) -> tuple[Path, Path]:
    """The names that a file put in a place may have there: a kill may leave it with the one under which it waits."""
    return place, place.with_name(f"{place.name}{PART}")


def is_in_place(made: Path, place: Path) -> bool:
    """Whether that was done."""
    return not made.exists() or (place.exists() and place.samefile(made))


def clear_parts(folder: Path) -> None:
    """Remove what a kill left of files that were being written there, before anybody writes there again.

    What is written anew under another name would leave it for good, and what somebody has to be forgotten of is in it.
    """
    for part in folder.glob(f"*{PART}"):
        with suppress(OSError):  # the next start tries again
            part.unlink()


def cut_away(path: Path) -> None:
    """Give back the room of a large file, a little at a time, before it is removed. Its content is gone then.

    Where all of it goes at once, every sync on that disk waits meanwhile, and with it what somebody saves: 125-144 ms
    for 1.7 GB on a disk that is told what is free, 12-31 ms so. A file that has another name too is left as it is, and
    what goes wrong is for whoever removes it.
    """
    with suppress(OSError):
        status = path.lstat()
        if not S_ISREG(status.st_mode) or status.st_nlink > 1 or status.st_size <= CUT:
            return
        _cut(path, range(status.st_size - CUT, 0, -CUT))


def _cut(path: Path, sizes: Iterable[int]) -> None:
    with path.open("rb+") as file:
        for size in sizes:
            file.truncate(size)
            os.fsync(file.fileno())


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, that only this user can look into."""
    with disk_problems(folder):
        if folder.is_dir():
            return
        if folder.exists():
            raise StoreProblem("“{name}” is no folder. Nothing was changed. Name a folder.", name=str(folder))
        missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
        for parent in reversed(missing):
            parent.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
            fsync_folder(parent.parent)


def is_other(path: Path) -> bool:
    """Whether something has the name of a file that is none: a folder, a pipe or a device. Raises StoreProblem."""
    with disk_problems(path):
        return path.is_dir() or is_no_file(path)


def refuse_other(path: Path) -> None:
    """Raise StoreProblem where something stands that is no file, in a place of the data folder where one belongs."""
    if is_other(path):
        raise StoreProblem(
            "“{name}” in the data folder is no file but a folder, a pipe or a device. Nothing was changed. Move it out "
            "of the data folder, then try again.",
            name=path.name,
        )


def refuse_no_folder(path: Path) -> None:
    """Raise StoreProblem where something stands that is no folder, in a place of the data folder where one belongs."""
    with disk_problems(path):
        stands = path.exists() and not path.is_dir()
    if stands:
        raise StoreProblem(
            "“{name}” in the data folder is no folder. Nothing was changed. Move it out of the data folder, then try "
            "again.",
            name=path.name,
        )


def clear_folder(folder: Path) -> None:
    """Remove a folder of the data folder and all in it, as far as that goes; where there is none, nothing.

    Raises StoreProblem where something else has its name: removing folders begins with opening one, and whoever opens
    a pipe waits for ever.
    """
    refuse_no_folder(folder)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def disk_problems(path: Path) -> Iterator[None]:
    """Turn the system's errors about a file into the sentences a person can act on."""
    try:
        yield
    except OSError as error:
        raise problem_of(error, path) from error


def problem_of(error: OSError, path: Path) -> StoreProblem:
    """What to tell the user about an error of the system met at ``path``."""
    if error.errno in {ENOSPC, EDQUOT}:
        return full()
    if isinstance(error, NotAFile):
        return StoreProblem(
            "“{name}” is no file but a pipe or a device. Nothing was changed. Move it away, or name a file.",
            name=path.name,
        )
    if error.errno == EFBIG:
        return StoreProblem(
            "“{name}” grows larger than this disk allows for one file (4 GB on many sticks). Nothing was changed. "
            "Take another disk, or one that is formatted as exFAT.",
            name=path.name,
        )
    if error.errno == EISDIR:
        return StoreProblem("“{name}” is a folder. Nothing was changed. Name a file.", name=path.name or str(path))
    if error.errno == ENAMETOOLONG:
        return StoreProblem("The name “{name}” is too long. Nothing was changed.", name=f"{path.name[:40]}…")
    if error.errno in {EACCES, EPERM, EROFS}:
        return StoreProblem(
            "“{name}” may not be read or written by this user, or the disk is read-only. Nothing was changed.",
            name=path.name,
        )
    if error.errno in {ENOENT, ENOTDIR} and not path.parent.is_dir():
        return StoreProblem("There is no folder for “{name}”. Nothing was changed. Choose another one.", name=path.name)
    return StoreProblem(
        "The disk reported an error at “{name}”. Nothing was changed. Check the disk and the cable, then try again.",
        name=path.name,
    )


def full() -> DiskFull:
    """The sentence for a disk without room."""
    return DiskFull("The disk is full, so nothing was changed: make some room, then try again.")


def _require_place(path: Path) -> None:
    """Raise OSError where something else than a file is there: renaming over it would put a file in its place."""
    if not path.name:
        raise IsADirectoryError(EISDIR, "a folder", str(path))
    try:
        found = path.stat().st_mode
    except FileNotFoundError:
        return
    if S_ISDIR(found):
        raise IsADirectoryError(EISDIR, "a folder", str(path))
    if not S_ISREG(found):
        raise NotAFile(EPERM, "a device", str(path))


def _write_synced(part: Path, write: Callable[[int], object], mode: int) -> None:
    """``write`` is called with the file's handle: each call of the system is one more turn among threads for Python."""
    handle = _begin(part, mode)
    try:
        write(handle)
        os.fsync(handle)
    finally:
        os.close(handle)


def _begin(part: Path, mode: int) -> int:
    """A handle to a new file, in place of one that a kill left."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        return os.open(part, flags, mode)
    except FileExistsError:
        part.unlink()
        return os.open(part, flags, mode)


def _write_all(data: bytes, handle: int) -> None:
    left = memoryview(data)
    while left:  # a disk takes as much as it has room for, and says that it is full the next time
        left = left[os.write(handle, left) :]


def _replace(part: Path, path: Path) -> None:
    for _ in range(REPLACE_TRIES - 1):
        try:
            part.replace(path)
        except PermissionError:
            if not _WINDOWS:
                raise
            Event().wait(REPLACE_PAUSE)
        else:
            return
    part.replace(path)
