"""Copies of the bundles that go in together, written to the disk while they are merged.

A disk takes its time over every file it is asked to make durable, and merging needs none of it. So the copies are
handed to threads of their own; ``settle`` waits for all of them and syncs their names, and only then may the
transaction that took the bundles in end: nothing counts as taken in whose copy is not on the disk.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path

from gridworker.errors import DiskFull
from gridworker.store.engine.filesafe import disk_problems, fsync_folder, make_folder
from gridworker.sync.files.files import save_bundle

WRITERS = 4
"""A disk syncs a few files at once in little more than the time of one."""


class Archiving:
    """Copies on their way into one folder."""

    def __init__(self, folder: Path, pool: ThreadPoolExecutor) -> None:
        self._folder = folder
        self._pool = pool
        self._copies: dict[Path, Future[None]] = {}
        """Those that were not there before."""

    @contextmanager
    def put(self, name: str, data: bytes) -> Iterator[None]:
        """Write a copy; whether it got there ``settle`` says. It is gone again where the block is left by an exception.

        One of this name that was there before stays.
        """
        path = self._folder / name
        there = path.exists()
        written = self._pool.submit(_copy, path, data)
        if there:
            written.result()
        else:
            self._copies[path] = written
        try:
            yield
        except BaseException:
            self._remove({path} & self._copies.keys())
            raise

    def settle(self) -> None:
        """Wait until all copies and their names are on the disk. Raises DiskFull, StoreProblem."""
        for written in self._copies.values():
            written.result()
        if self._copies:
            with disk_problems(self._folder):
                fsync_folder(self._folder)

    def remove(self) -> None:
        """Take the copies away: nothing was taken in."""
        self._remove(list(self._copies))

    def _remove(self, paths: Iterable[Path]) -> None:
        for path in paths:
            wait([self._copies.pop(path)])
            with suppress(OSError):
                path.unlink()


def _copy(path: Path, data: bytes) -> None:
    """Raises DiskFull in the words of a merge: what it says of a bundle that is being packed is not so here."""
    try:
        save_bundle(path, data, private=True, sync_name=False)
    except DiskFull as fault:
        raise DiskFull("The disk is full, so nothing was changed: make some room, then try again.") from fault


@contextmanager
def archiving(folder: Path) -> Iterator[Archiving]:
    """Within it copies are written; where it is left by an exception, those that are new are removed."""
    make_folder(folder)
    with ThreadPoolExecutor(WRITERS, thread_name_prefix="archive") as pool:
        copies = Archiving(folder, pool)
        try:
            yield copies
        except BaseException:
            copies.remove()
            raise
