"""One writer to a data folder, held by the kernel: after a kill, a crash or a power cut nobody holds it.

Who is writing is told from inside the encrypted store; the lock file is empty.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from errno import ENOSYS
from typing import TYPE_CHECKING

from gridworker.errors import StoreBusy, StoreProblem
from gridworker.plainfile import open_folder
from gridworker.store.engine.file_bytes import refuse_no_store
from gridworker.store.engine.filesafe import PRIVATE_FILE, disk_problems, make_folder, problem_of, refuse_other
from gridworker.store.engine.machine import volume_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from filelock import BaseFileLock

    from gridworker.paths import Folder


class WriterLock:
    """The right to write to the store of a folder, as long as this object is kept and has not been released.

    ``also`` are other names its file may have: while it moves it has two (filesafe.put_in_place).
    """

    def __init__(self, folder: Folder, also: Iterable[Path] = ()) -> None:
        self._folder = folder
        self._also = also
        self._lock: BaseFileLock | None = None
        self._held_folder: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object is the writer."""
        return self._lock is not None

    def acquire(self) -> bool:
        """Become the writer, without waiting. False where another process, or another window of this one, is.

        Raises StoreProblem where the lock could not keep a second writer out: the store is reached by several names
        or lies on a disk of the network or a stick.
        """
        if self._lock is not None:
            return True
        import filelock

        refuse_place(self._folder, self._also)
        make_folder(self._folder.root)
        # Not the fallback to a lock by existence: it would outlive a kill and keep everybody out.
        lock = filelock.FileLock(self._folder.lock, mode=PRIVATE_FILE, thread_local=False, fallback_to_soft=False)
        try:
            lock.acquire(blocking=False)
        except filelock.Timeout:
            return False
        except OSError as error:
            raise _unfit() if error.errno == ENOSYS else problem_of(error, self._folder.lock) from error
        if not self._hold_folder():
            lock.release()
            return False
        self._lock = lock
        return True

    def _hold_folder(self) -> bool:
        """Hold the folder itself too. False where another one does.

        Somebody may clear the file of the lock away while it is held: the next one would be another file, and free.
        Windows lets nobody do that; where a folder cannot be locked the file has to do.
        """
        if os.name == "nt":
            return True
        import fcntl

        with disk_problems(self._folder.root):
            handle = open_folder(self._folder.root)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            return not isinstance(error, BlockingIOError)
        self._held_folder = handle
        return True

    def release(self, *, without_trace: bool = False) -> None:
        """Let another one write; ``without_trace``: no store came about here, so the file of the lock goes too.

        It goes while it is held: who waits for this very file then sees that, and takes the next one.
        """
        if self._lock is not None:
            if without_trace:
                with suppress(OSError):
                    self._folder.lock.unlink()
            if self._held_folder is not None:
                os.close(self._held_folder)
                self._held_folder = None
            self._lock.release()
            self._lock = None


@contextmanager
def writing(folder: Folder, *also: Path) -> Iterator[None]:
    """Be the writer for a while. Raises StoreBusy where somebody else is, StoreProblem like ``acquire``."""
    lock = WriterLock(folder, also)
    if not lock.acquire():
        raise StoreBusy("The data are open in another window. Close it, and try again.")
    try:
        yield
    finally:
        lock.release()


def refuse_backup(folder: Folder) -> None:
    """Raise StoreProblem for a backup: what is written into it takes from it that it is one."""
    if folder.manifest.exists():
        raise StoreProblem(
            "This folder is a backup, and it would be none any more once somebody worked in it. Put it back into an "
            "empty folder, and open that."
        )


def refuse_place(folder: Folder, also: Iterable[Path] = ()) -> None:
    """Raise StoreProblem for a backup, one store under two names, or a disk that is not made for it."""
    refuse_backup(folder)
    for path in folder.beside:
        refuse_other(path)
    database = folder.database
    with disk_problems(database):
        refuse_no_store(database)  # a folder has several names by its nature
        names = 1 + sum(path.exists() and path.samefile(database) for path in also if database.exists())
        if database.is_symlink() or (database.exists() and database.stat().st_nlink > names):
            raise StoreProblem(
                "The store file has a second name (a link), so two programs could write to it at once. Copy the data "
                "folder to a place of its own and open it there."
            )
    nearest = next(place for place in (folder.root, *folder.root.resolve().parents) if place.exists())
    if not volume_of(nearest).fit:
        raise _unfit()


def _unfit() -> StoreProblem:
    return StoreProblem(
        "The data folder is on a stick or a network disk, where data are easily lost. Choose a folder on a disk of "
        "this computer."
    )
