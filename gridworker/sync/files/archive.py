"""Copies of the bundles that go in together, written to the disk while they are merged.

A disk takes its time over every file it is asked to make durable, and merging needs none of it. So the copies are
handed to threads of their own; ``settle`` waits for all of them and syncs their names, and only then may the
transaction that took the bundles in end: nothing counts as taken in whose copy is not on the disk.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from gridworker.errors import DiskFull
from gridworker.store.engine.filesafe import disk_problems, fsync_folder, make_folder
from gridworker.store.log.log import chunks
from gridworker.sync.files.files import save_bundle

WRITERS = 4
"""A disk syncs a few files at once in little more than the time of one."""

AT_ONCE = 5
"""Copies that a thread is given at once: to wake it for each takes as much of the processor as to write it."""


class _Put(NamedTuple):
    """Copies on their way, and those of them that were not there before."""

    new: Sequence[Path]
    written: list[Future[None]]

    def settle(self) -> None:
        for written in self.written:
            written.result()

    def remove(self) -> None:
        wait(self.written)
        for path in self.new:
            with suppress(OSError):
                path.unlink()


class Archiving:
    """Copies on their way into one folder."""

    def __init__(self, folder: Path, pool: ThreadPoolExecutor) -> None:
        self._folder = folder
        self._pool = pool
        self._under_way: list[_Put] = []

    @contextmanager
    def put(self, files: Mapping[str, bytes]) -> Iterator[None]:
        """Write copies; whether they got there ``settle`` says. They go again where an exception leaves the block.

        One of its name that was there before stays.
        """
        copies = {self._folder / name: data for name, data in files.items()}
        put = _Put([path for path in copies if not path.exists()], [])
        self._under_way.append(put)
        try:
            for part in chunks(copies.items(), AT_ONCE):
                put.written.append(self._pool.submit(_copy, part))
            yield
        except BaseException:
            self._under_way.remove(put)
            put.remove()
            raise

    def settle(self) -> None:
        """Wait until all copies and their names are on the disk. Raises DiskFull, StoreProblem."""
        for put in self._under_way:
            put.settle()
        if any(put.new for put in self._under_way):
            with disk_problems(self._folder):
                fsync_folder(self._folder)

    def remove(self) -> None:
        """Take the copies away: nothing was taken in."""
        for put in self._under_way:
            put.remove()


def _copy(files: Sequence[tuple[Path, bytes]]) -> None:
    """Raises DiskFull in the words of a merge: what it says of a bundle that is being packed is not so here."""
    try:
        for path, data in files:
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
