"""Work that only looks: nobody misses what it would have found, so the lock ends it wherever it is.

It is told by the context it runs in, for whoever reads the store is far below whoever knows what it is read for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_LOOKS: ContextVar[bool] = ContextVar("looks", default=False)


@contextmanager
def looking() -> Iterator[None]:
    """For a block that only looks."""
    before = _LOOKS.set(True)
    try:
        yield
    finally:
        _LOOKS.reset(before)


def is_looking() -> bool:
    """Whether what runs here only looks."""
    return _LOOKS.get()
