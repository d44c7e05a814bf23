"""Ending a transaction that another thread has open: what was written of it is rolled back, and that thread hears so.

A lock must not wait for whoever writes very much: the keys would stay in memory, and what is half typed stands in line
behind it. Everything is written whole or not at all, so nothing is lost but the time; what was acknowledged stays.
"""

from collections.abc import Callable
from contextlib import suppress
from threading import Event, Lock, get_ident
from time import monotonic

import sqlcipher3.dbapi2 as driver

from gridworker.errors import StoreClosed

_PAUSE = 0.02
"""Seconds between two looks: where the writer is between two statements, the next one is met."""


class _Writing:
    """One transaction: whose it is, and whether it was broken off. There is one for every save, so it is small."""

    __slots__ = ("broken", "interrupt", "thread")

    def __init__(self, interrupt: Callable[[], object]) -> None:
        self.thread = get_ident()
        self.interrupt = interrupt
        self.broken = False


class BreakingOff:
    """For the one writer. ``interrupt`` stops the statement that is running on its connection.

    What is told as broken off is never committed, and who comes after it is not met in its stead.
    """

    def __init__(self, interrupt: Callable[[], object]) -> None:
        self._interrupt = interrupt
        self._writing: _Writing | None = None
        self._deciding = Lock()
        """Held while it is broken off, and while it goes past where it can be."""

    def begin(self, interrupt: Callable[[], object] | None = None) -> None:
        """This thread writes from now on; ``interrupt``: on a connection of its own."""
        self._writing = _Writing(interrupt or self._interrupt)

    def end(self) -> None:
        """It does no more."""
        with self._deciding:
            self._writing = None

    def go_past(self) -> None:
        """What is written is whole and can be broken off no more. Raises StoreClosed where it was."""
        with self._deciding:
            self.require_going_on()
            self._writing = None

    def break_off(self, patience: float) -> bool:
        """End what another thread writes and does not end within so many seconds. Whether that was needed."""
        writing, until = self._writing, monotonic() + patience
        if writing is None or writing.thread == get_ident():
            return False
        while self._writing is writing:
            if monotonic() >= until:
                self._break(writing)
            Event().wait(_PAUSE)
        return writing.broken

    def _break(self, writing: _Writing) -> None:
        with self._deciding:
            if self._writing is writing:
                writing.broken = True
                with suppress(driver.Error):  # it ended just now
                    writing.interrupt()

    def require_going_on(self) -> None:
        """Raises StoreClosed where what is written was broken off."""
        if self._writing is not None and self._writing.broken:
            raise StoreClosed("The data are locked. Unlock them and try again.")
