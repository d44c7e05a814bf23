"""Prefetch: the next bundles are read and opened while the current one is being merged.

Merging mostly waits for SQLite, which releases the GIL; opening is mostly decryption. So large bundles are opened in a
pool. Small ones are opened in the calling thread, many in a row: handing one to another thread costs more than opening
it, and a row of equal work uses the processor's caches better.

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

from gridworker.errors import BundleProblem, Problem
from gridworker.sync.files.files import load_bundle

if TYPE_CHECKING:
    from gridworker.sync.format.bundle import Bundle

AHEAD = 2
"""Large bundles, or rows of small ones, begun before their turn: more would only take memory."""
SMALL = 1 << 14
"""Bytes of a bundle that is opened in this thread."""
ROW, ROW_THINGS = 200, 20_000
"""Small bundles that are opened in a row, and what they may hold: a kilobyte can become a hundred thousand ops."""


class Loaded(NamedTuple):
    """The bytes of a file, and the bundle in it where it could be opened already."""

    data: bytes
    bundle: "Bundle | None"


Read: TypeAlias = "Callable[[bytes], Bundle]"
"""Opens and checks a bundle."""

Reading: TypeAlias = Callable[[], AbstractContextManager[Read]]
"""What is asked of the store to open bundles, is asked once for all that are opened within it."""

_Row: TypeAlias = deque[Path]
"""Small files that follow each other."""


class Opening:
    """Opens files in their order, large ones in the thread of ``pool``."""

    def __init__(self, paths: Sequence[Path], reading: "Reading", pool: ThreadPoolExecutor) -> None:
        self._left = _in_rows(paths)
        self._reading = reading
        self._pool = pool
        self._begun: deque[Future[Loaded] | _Row] = deque()
        self._loaded: deque[Loaded | Path] = deque()

    def begin_next(self) -> None:
        """Have one more opened before its turn."""
        one = next(self._left, None)
        if one is not None:
            self._begun.append(self._pool.submit(self._load, one) if isinstance(one, Path) else one)

    def take(self) -> Loaded:
        """The next file. Raises what reading it raises."""
        if not self._loaded:
            first = self._next()
            if isinstance(first, Future):
                return first.result()
            self._load_row(first)
        one = self._loaded.popleft()
        return self._load(one) if isinstance(one, Path) else one

    def ready(self) -> list[Loaded]:
        """The small ones that come next and lie open; they are taken by ``skip``."""
        if not self._loaded and self._begun and isinstance(self._begun[0], deque):
            row = self._begun[0]
            self._next()
            self._load_row(row)
        return [one for one in takewhile(lambda one: isinstance(one, Loaded), self._loaded) if isinstance(one, Loaded)]

    def skip(self, number: int) -> None:
        """Take so many of those that are ready."""
        for _ in range(number):
            self._loaded.popleft()

    def _next(self) -> "Future[Loaded] | _Row":
        if len(self._begun) <= AHEAD:  # a row that was not opened to its end counts once
            self.begin_next()
        return self._begun.popleft()

    def _load(self, path: Path) -> Loaded:
        with self._reading() as read:
            return _loaded(path, read)

    def _load_row(self, row: _Row) -> None:
        """Open small ones until there are many things; those that are left go before all others."""
        things = 0
        with self._reading() as read:
            while row and things < ROW_THINGS:
                one = _loaded_small(row.popleft(), read)
                things += _things_in(one.bundle) if isinstance(one, Loaded) and one.bundle else 0
                self._loaded.append(one)
        if row:
            self._begun.appendleft(row)


@contextmanager
def prefetching(paths: Sequence[Path], reading: "Reading") -> Iterator[Opening]:
    """What gives the files in the order of ``paths``."""
    with ThreadPoolExecutor(1, thread_name_prefix="opening") as pool:
        opening = Opening(paths, reading, pool)
        for _ in range(AHEAD):
            opening.begin_next()
        try:
            yield opening
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _loaded(path: Path, read: "Read") -> Loaded:
    data = load_bundle(path)
    try:
        return Loaded(data, read(data))
    except BundleProblem:
        return Loaded(data, None)


def _loaded_small(path: Path, read: "Read") -> Loaded | Path:
    try:
        return _loaded(path, read)
    except Problem:  # it is told in its turn
        return path


def _things_in(bundle: "Bundle") -> int:
    scope = bundle.scope
    return bundle.header.ops + (len(scope.enter) + len(scope.leave) if scope else 0)


def _in_rows(paths: Sequence[Path]) -> Iterator[Path | _Row]:
    """Large files one by one, small ones in rows."""
    row: _Row = deque()
    for path in paths:
        small = _is_small(path)
        if row and (len(row) == ROW or not small):
            yield row
            row = deque()
        if small:
            row.append(path)
        else:
            yield path
    if row:
        yield row


def _is_small(path: Path) -> bool:
    with suppress(OSError):
        return path.stat().st_size < SMALL
    return True
