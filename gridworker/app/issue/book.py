"""How all issues stand, read once and brought up to what a connection sees; kept beside the books for the next start.

At an office of a million people tens of thousands of issues are open. To read and fold them takes a second, at every
start and after every save; what one save changes is told by the journal, and takes a few milliseconds.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from operator import attrgetter
from threading import Lock
from typing import TYPE_CHECKING, Any

import msgpack

from gridworker.app import kept
from gridworker.app.issue.case import CLOSED, WAITING
from gridworker.app.issue.issue_news import changed_since
from gridworker.app.issue.standing import VERSION, Columns, Standing, packed, standing_of
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


class Part:
    """The standings of one part of the list, what is first before the others; unpacked when somebody asks for them."""

    def __init__(
        self, came: Iterable[Standing], kept: Columns | None = None, gone: frozenset[int] = frozenset()
    ) -> None:
        self._came, self._kept, self._gone = list(came), kept, gone

    @cached_property
    def all(self) -> list[Standing]:
        """All of them."""
        kept = self._kept.all() if self._kept else []
        if not self._came and not self._gone:
            return kept  # it was in order
        return sorted([*(one for one in kept if one.issue not in self._gone), *self._came])

    @cached_property
    def issues(self) -> Sequence[int]:
        """The issues themselves, in that order."""
        return self.column("issue")

    def __len__(self) -> int:
        return len(self.issues)

    def column(self, name: str) -> Sequence[Any]:
        """A field of all of them, in that order."""
        if self._kept and not self._came and not self._gone and "all" not in vars(self):
            return self._kept.of(name)
        return list(map(attrgetter(name), self.all))

    def with_changed(self, changed: set[int], came: Iterable[Standing]) -> "Part":
        """The same with these in place of what some issues were."""
        if self._kept and "all" not in vars(self):
            came = [*(one for one in self._came if one.issue not in changed), *came]
            return Part(came, self._kept, self._gone | changed)
        return Part([*(one for one in self.all if one.issue not in changed), *came])

    def packed(self) -> list[bytes]:
        """What is kept of it."""
        return packed(self.all)


class Standings:
    """The issues as the books have them at a link: those surely closed with the step that closed each, all others.

    ``parts``: these, by their part of the list. Today shows one of them. ``tracks``: those of the surely closed, by
    issue, or as a text with a line for each of them in their order.
    """

    def __init__(self, settled: Mapping[int, int], parts: Mapping[str, Part], tracks: Mapping[int, str] | str) -> None:
        self.settled = settled
        self._parts, self._tracks = parts, tracks

    @classmethod
    def of(cls, settled: Mapping[int, int], others: Iterable[Standing], tracks: Mapping[int, str]) -> "Standings":
        """All of them as they were read."""
        return cls(settled, {part: Part(alike) for part, alike in _by_part(others).items()}, tracks)

    @cached_property
    def tracks(self) -> Mapping[int, str]:
        """The tracks of the surely closed ones, of those that have one."""
        if not isinstance(self._tracks, str):
            return self._tracks
        lines = self._tracks.split("\n") if self.settled else []
        return {issue: track for issue, track in zip(self.settled, lines, strict=True) if track}

    def settled_of(self, track: str | None) -> Mapping[int, int]:
        """The surely closed ones of a track; None is any."""
        if not track:
            return self.settled
        return {issue: step for issue, step in self.settled.items() if self.tracks.get(issue) == track}

    @property
    def open(self) -> Mapping[str, Part]:
        """Those something may still be done about, by their part of the list."""
        return {name: part for name, part in self._parts.items() if name != CLOSED}

    @property
    def waiting(self) -> Part:
        """Those nobody has acted on, the shortest time left first."""
        return self._parts.get(WAITING) or Part(())

    @property
    def closed(self) -> list[Standing]:
        """Those that only their fold finds closed."""
        return self._of(CLOSED)

    @property
    def others(self) -> list[Standing]:
        """All that are not surely closed."""
        return sorted(one for part in self._parts for one in self._of(part))

    @property
    def unsettled(self) -> Iterator[int]:
        """The issues that are not surely closed, in no order."""
        return chain.from_iterable(part.issues for part in self._parts.values())

    @property
    def count(self) -> int:
        """How many issues there are."""
        return len(self.settled) + sum(map(len, self._parts.values()))

    def with_changed(self, changed: set[int], now: "Standings") -> "Standings":
        """The same with what some issues are now in place of what they were."""
        settled = {issue: step for issue, step in self.settled.items() if issue not in changed}
        tracks = {issue: track for issue, track in self.tracks.items() if issue not in changed}
        came = _by_part(now.others)
        parts = {
            part: self._parts.get(part, Part(())).with_changed(changed, came.get(part, ()))
            for part in self._parts.keys() | came.keys()
        }
        return Standings({**settled, **now.settled}, parts, {**tracks, **now.tracks})

    def packed(self) -> bytes:
        """What is kept of it."""
        settled = array(ID, self.settled.keys()), array(ID, self.settled.values())
        parts = {name: part.packed() for name, part in self._parts.items()}
        tracks = "\n".join(self.tracks.get(issue, "") for issue in self.settled)
        body: bytes = msgpack.packb((*(one.tobytes() for one in settled), parts, tracks))
        return body

    @classmethod
    def unpacked(cls, body: bytes) -> "Standings":
        """What ``packed`` made."""
        issues, steps, parts, tracks = msgpack.unpackb(body)
        ids, closed = array(ID), array(ID)
        ids.frombytes(issues)
        closed.frombytes(steps)
        parted = {name: Part((), Columns(kept)) for name, kept in parts.items()}
        return cls(dict(zip(ids, closed, strict=True)), parted, tracks)

    def _of(self, part: str) -> list[Standing]:
        found = self._parts.get(part)
        return found.all if found else []


def _by_part(others: Iterable[Standing]) -> dict[str, list[Standing]]:
    found: dict[str, list[Standing]] = {}
    for one in others:
        found.setdefault(one.part, []).append(one)
    return found


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

    def waiting_before(self, connection: "Connection") -> Part:
        """Those nobody has acted on as they were known last, without waiting for who reads them anew."""
        known = self._known
        return (known or self.standings(connection)).waiting

    def keep(self) -> None:
        """Keep them beside the books, where there are many and much has come since they were kept."""
        with self._lock:
            known, link = self._known, self._link
            is_new = self._kept_at is None or link - self._kept_at > kept.LAG
        if known is None or not is_new or known.count < WORTH_KEEPING:
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
        return known.with_changed(changed, _of(connection, changed))


def _read(connection: "Connection") -> Standings:
    return _of(connection, None)


def _of(connection: "Connection", among: set[int] | None) -> Standings:
    settled = rows.surely_closed(connection, among)
    others = map(standing_of, rows.maybe_open(connection, settled, among))
    return Standings.of(settled, others, rows.tracks_of(connection, settled))
