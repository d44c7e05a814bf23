"""Prefetch: the next bundles are read and opened in another thread while those before them are being merged.

Merging mostly waits for SQLite, which releases the GIL; opening is mostly decryption. Large bundles are opened one at a
time, small ones many in a row: to hand one of them from thread to thread costs more than to open it.

A prefetched bundle sees the store as it was before the whole lot. One that cannot be opened yet, since an earlier
bundle of the lot brings its sender's key, is opened again in its turn; no error is lost or raised early.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from gridworker.errors import BundleProblem, Problem, StoreClosed
from gridworker.sync.files.files import load_bundle

if TYPE_CHECKING:
    from gridworker.sync.format.bundle import Bundle

SMALL = 1 << 14
"""Bytes of a bundle that is opened in a row with others."""
ROW, ROW_THINGS = 100, 20_000
"""Small bundles that are opened in a row, and what they may hold: a kilobyte can become a hundred thousand ops. Twice
as many would have the merge wait twice as long for the first row."""


class Loaded(NamedTuple):
    """The bytes of a file, and the bundle in it where it could be opened already."""

    data: bytes
    bundle: "Bundle | None"


Read: TypeAlias = "Callable[[bytes], Bundle]"
"""Opens and checks a bundle."""

Reading: TypeAlias = Callable[[], AbstractContextManager[Read]]
"""What is asked of the store to open bundles, is asked once for all that are opened within it."""

_Row: TypeAlias = Sequence[Path]
"""Files that follow each other: small ones, or a large one alone."""


class _Opened(NamedTuple):
    """What was opened of a row, in ``files``; what could not be read is told in its turn. All others are ``left``."""

    files: deque[Loaded | Path]
    left: _Row


class Opening:
    """Opens files in their order, in the thread of ``pool``."""

    def __init__(self, paths: Sequence[Path], reading: "Reading", pool: ThreadPoolExecutor) -> None:
        self._rows = _in_rows(paths)
        self._reading = reading
        self._pool = pool
        self._loaded: deque[Loaded | Path] = deque()
        self._coming = self._begin(())

    def take(self) -> Loaded:
        """The next file. Raises what reading it raises."""
        if not self._loaded:
            self._next()
        one = self._loaded.popleft()
        if isinstance(one, Loaded):
            return one
        with self._reading() as read:
            return _loaded(one, read)

    def ready(self) -> list[Loaded]:
        """Those that come next and lie open; they are taken by ``skip``."""
        if not self._loaded:
            self._next()
        return [one for one in takewhile(lambda one: isinstance(one, Loaded), self._loaded) if isinstance(one, Loaded)]

    def skip(self, number: int) -> None:
        """Take so many of those that are ready."""
        for _ in range(number):
            self._loaded.popleft()

    def _next(self) -> None:
        """Wait for the row that is coming, and have one more opened before its turn: of several all would take memory.

        What is left of a row goes before all others.
        """
        if self._coming is not None:
            self._loaded, left = self._coming.result()
            self._coming = self._begin(left)

    def _begin(self, left: _Row) -> "Future[_Opened] | None":
        row = left or next(self._rows, ())
        return self._pool.submit(self._open, row) if row else None

    def _open(self, row: _Row) -> _Opened:
        """Open files of a row, until they hold many things.

        Where the store is being closed, whoever merges opens them: a write that is under way goes on to its end.
        """
        files, things = deque[Loaded | Path](), 0
        try:
            with self._reading() as read:
                for path in row:
                    if things >= ROW_THINGS:
                        break
                    one = _loaded_or_left(path, read)
                    things += _things_in(one.bundle) if isinstance(one, Loaded) and one.bundle else 0
                    files.append(one)
        except StoreClosed:
            files.extend(row[len(files) :])
        return _Opened(files, row[len(files) :])


@contextmanager
def prefetching(paths: Sequence[Path], reading: "Reading") -> Iterator[Opening]:
    """What gives the files in the order of ``paths``."""
    with ThreadPoolExecutor(1, thread_name_prefix="opening") as pool:
        try:
            yield Opening(paths, reading, pool)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _loaded(path: Path, read: "Read") -> Loaded:
    data = load_bundle(path)
    try:
        return Loaded(data, read(data))
    except BundleProblem:
        return Loaded(data, None)


def _loaded_or_left(path: Path, read: "Read") -> Loaded | Path:
    try:
        return _loaded(path, read)
    except Problem:  # it is told in its turn
        return path


def _things_in(bundle: "Bundle") -> int:
    scope = bundle.scope
    return bundle.header.ops + (len(scope.enter) + len(scope.leave) if scope else 0)


def _in_rows(paths: Sequence[Path]) -> Iterator[_Row]:
    """Large files one by one, small ones in rows."""
    row: list[Path] = []
    for path in paths:
        small = _is_small(path)
        if row and (len(row) == ROW or not small):
            yield row
            row = []
        if small:
            row.append(path)
        else:
            yield [path]
    if row:
        yield row


def _is_small(path: Path) -> bool:
    with suppress(OSError):
        return path.stat().st_size < SMALL
    return True
