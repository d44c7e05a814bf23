"""Readings that are under way, so that they can be ended: a lock must not wait for a long statement of another thread.

As long as one runs, its connection is open and holds the key. What is read is lost for nobody: it is read again. What
is written is never met here: it has a connection of its own, and an end of its own (breaking_off.py).
"""

from contextlib import suppress
from threading import Event, get_ident
from time import monotonic

import sqlcipher3.dbapi2 as driver

from gridworker.errors import StoreClosed
from gridworker.looking import is_looking

_PAUSE = 0.01
"""Seconds between two looks: where a reading is between two statements, the next one is met."""


class Reading:
    """One reading: on which connection, in which thread, and whether it only looks."""

    __slots__ = ("connection", "looks", "thread", "writes")

    def __init__(self, connection: driver.Connection, *, writes: bool) -> None:
        self.connection = connection
        self.thread = get_ident()
        self.looks = is_looking()
        self.writes = writes


class Readings:
    """Of one store, in all threads."""

    def __init__(self) -> None:
        self._under_way: set[Reading] = set()
        self._looks_end = self._all_end = False

    def begin(self, connection: driver.Connection, *, writes: bool = False) -> Reading:
        """One is under way from now on. ``writes``: its thread is in a write, which goes on to its end.

        Raises StoreClosed where it is to be begun no more.
        """
        reading = Reading(connection, writes=writes)
        self._under_way.add(reading)  # first: whoever ends them now meets it, or it sees that
        try:
            if not writes:
                self.require_going_on()
        except StoreClosed:
            self.end(reading)
            raise
        return reading

    def end(self, reading: Reading) -> None:
        """It is no more."""
        self._under_way.discard(reading)

    def require_going_on(self) -> None:
        """Raises StoreClosed where what is read here was ended, or comes after that."""
        if self._all_end or (self._looks_end and is_looking()):
            raise StoreClosed("The data are locked. Unlock them and try again.")

    def stop(self, patience: float, *, looks: bool = False) -> bool:
        """End what other threads read, and let none of it begin; ``looks``: only what looks.

        Returns whether nothing of it is left: what does something else than reading is waited for so many seconds.
        """
        self._looks_end, self._all_end = True, self._all_end or not looks
        until = monotonic() + patience
        while met := self._met(looks=looks):
            for reading in met:
                with suppress(driver.Error):  # it was closed just now
                    reading.connection.interrupt()
            if monotonic() >= until:
                return False
            Event().wait(_PAUSE)
        return True

    def _met(self, *, looks: bool) -> list[Reading]:
        own = get_ident()
        return [
            reading
            for reading in tuple(self._under_way)
            if reading.thread != own and not reading.writes and (reading.looks or not looks)
        ]
