"""How all issues stand, read once and brought up to what a connection sees; kept beside the books for the next start.

At an office of a million people tens of thousands of issues are open. To read and fold them takes a second, at every
start and after every save; what one save changes is told by the journal, and takes a few milliseconds.
"""

from array import array
from collections.abc import Iterable, Mapping
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

import msgpack

from gridworker.app import kept
from gridworker.app.issue.case import CLOSED, WAITING
from gridworker.app.issue.issue_news import changed_since
from gridworker.app.issue.standing import VERSION, Standing, packed, standing_of, unpacked
from gridworker.app.long_sort import ID
from gridworker.app.session import Session
from gridworker.store.queries import issues as rows
from gridworker.store.queries import news
from gridworker.store.worked_out import WorkedOut

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection

WORTH_KEEPING = 1_000
"""Fewer issues are read in some hundredths of a second, and nothing is kept beside the books."""

_NAME = "issues"


class Standings:
    """The issues as the books have them at a link: those surely closed with the step that closed each, all others."""

    def __init__(self, settled: Mapping[int, int], others: Iterable[Standing]) -> None:
        self.settled = settled
        self.others = sorted(others)

    @cached_property
    def open(self) -> list[Standing]:
        """Those something may still be done about, what is first within each part first."""
        return [one for one in self.others if one.part != CLOSED]

    @cached_property
    def waiting(self) -> list[Standing]:
        """Those nobody has acted on, the shortest time left first."""
        return [one for one in self.others if one.part == WAITING]

    @cached_property
    def closed(self) -> list[Standing]:
        """Those that only their fold finds closed."""
        return [one for one in self.others if one.part == CLOSED]

    def without(self, issues: set[int]) -> "Standings":
        """All but some."""
        settled = {issue: step for issue, step in self.settled.items() if issue not in issues}
        return Standings(settled, (one for one in self.others if one.issue not in issues))

    def packed(self) -> bytes:
        """What is kept of it."""
        settled = array(ID, self.settled.keys()), array(ID, self.settled.values())
        body: bytes = msgpack.packb((*(one.tobytes() for one in settled), packed(self.others)))
        return body

    @classmethod
    def unpacked(cls, body: bytes) -> "Standings":
        """What ``packed`` made."""
        issues, steps, others = msgpack.unpackb(body)
        ids, closed = array(ID), array(ID)
        ids.frombytes(issues)
        closed.frombytes(steps)
        return cls(dict(zip(ids, closed, strict=True)), unpacked(others))


class Book:
    """The standings of a store; each who asks has them as their own connection sees the books."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lock = Lock()
        self._known: Standings | None = None
        self._link, self._mac = -1, b""
        self._kept_at: int | None = None

    def standings(self, connection: "Connection") -> Standings:
        """How all issues stand now."""
        newest = news.newest(connection)
        with self._lock:
            if self._known is not None and newest < self._link:  # somebody who sees more has brought it up to that
                return _read(connection)
            if self._known is None:
                self._take_up(connection)
            known = self._known
            if known is not None and self._link < newest:
                known = self._brought_up(connection, known)
            self._known = known = known or _read(connection)
            self._link, self._mac = newest, WorkedOut(connection).link_code(newest) or b""
            return known

    def keep(self) -> None:
        """Keep them beside the books, where there are many and much has come since they were kept."""
        with self._lock:
            known, link = self._known, self._link
            is_new = self._kept_at is None or link - self._kept_at > kept.LAG
        if known is None or not is_new or len(known.others) + len(known.settled) < WORTH_KEEPING:
            return
        if kept.keep(self._session, _NAME, VERSION, kept.Kept(link, known.packed())):
            with self._lock:
                self._kept_at = link

    def _take_up(self, connection: "Connection") -> None:
        """What is kept beside the books."""
        found = kept.read_kept(connection, _NAME, VERSION)
        if found is not None:
            self._known, self._link, self._kept_at = Standings.unpacked(found.body), found.link, found.link
            self._mac = WorkedOut(connection).link_code(found.link) or b""

    def _brought_up(self, connection: "Connection", known: Standings) -> Standings | None:
        """The same with what came since; None where that is not known, or the journal was written anew."""
        if (WorkedOut(connection).link_code(self._link) or b"") != self._mac:
            return None
        changed = changed_since(connection, self._link)
        if not changed:
            return None if changed is None else known
        closed = rows.surely_closed(connection, changed)
        rest, files = known.without(changed), rows.maybe_open(connection, closed, changed)
        return Standings({**rest.settled, **closed}, [*rest.others, *map(standing_of, files)])


def _read(connection: "Connection") -> Standings:
    settled = rows.surely_closed(connection)
    return Standings(settled, map(standing_of, rows.maybe_open(connection, settled)))
