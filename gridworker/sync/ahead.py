"""Opening the next bundles while one is being merged.

Merging waits for the engine most of the time, which works without Python's lock; opening waits for the ciphers. What is
read ahead sees the store as it was before the lot: a bundle that could not be opened so, because one before it in the
lot brings its sender's key, is simply opened again in its turn.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gridworker.errors import BundleProblem
from gridworker.sync.files import load_bundle

if TYPE_CHECKING:
    from gridworker.sync.bundle import Bundle

AHEAD = 2
"""Bundles opened before their turn: more would only take memory."""
SMALL = 1 << 14
"""Bytes of a bundle that is opened in its turn: to hand a smaller one from thread to thread takes longer than that."""


class Loaded(NamedTuple):
    """The bytes of a file, and the bundle in it where it could be opened already."""

    data: bytes
    bundle: "Bundle | None"


@contextmanager
def reading_ahead(paths: Sequence[Path], read: "Callable[[bytes], Bundle]") -> Iterator[Callable[[], Loaded]]:
    """What gives the files one after the other, in the order of ``paths``; it raises what reading the file raises."""

    def load(path: Path) -> Loaded:
        data = load_bundle(path)
        try:
            return Loaded(data, read(data))
        except BundleProblem:
            return Loaded(data, None)

    left, begun = iter(paths), deque[Future[Loaded] | Path]()
    with ThreadPoolExecutor(1, thread_name_prefix="opening") as pool:

        def begin_next() -> None:
            path = next(left, None)
            if path is not None:
                begun.append(path if _is_small(path) else pool.submit(load, path))

        def take() -> Loaded:
            begin_next()
            first = begun.popleft()
            return Loaded(load_bundle(first), None) if isinstance(first, Path) else first.result()

        for _ in range(AHEAD):
            begin_next()
        try:
            yield take
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _is_small(path: Path) -> bool:
    with suppress(OSError):
        return path.stat().st_size < SMALL
    return True
