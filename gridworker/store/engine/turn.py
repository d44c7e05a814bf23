"""Threads take turns at writing. Asking twice in one thread is a bug, not a wait for ever.

A class and no generator, like those of ``told.py`` and ``writer.py``: a ``with`` around each is entered and left for
every save, and by a generator that takes twenty times as long.
"""

from collections.abc import Callable
from threading import Lock, get_ident
from types import TracebackType


class Turn:
    """For whoever writes, in a ``with``. ``ended`` is called at its end, before others have their turn."""

    __slots__ = ("_ended", "_free", "_thread")

    def __init__(self, ended: Callable[[], object]) -> None:
        self._ended = ended
        self._free = Lock()
        self._thread: int | None = None

    @property
    def is_mine(self) -> bool:
        """Whether it is this thread's."""
        return self._thread == get_ident()

    def __enter__(self) -> None:
        """Wait for it."""
        if self.is_mine:
            raise RuntimeError("a write inside a write")
        self._free.acquire()
        self._thread = get_ident()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Let others have it."""
        self._thread = None
        try:
            self._ended()
        finally:
            self._free.release()
