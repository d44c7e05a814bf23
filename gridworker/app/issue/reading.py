"""What issues say, read once for whoever types, and brought up to what a connection sees.

One more character asks for nothing but what is in memory already. What a save changes is told by the journal: the words
of a few issues are read again, not those of the tens of thousands that are open at an office of a million people.

To read all of these takes two seconds. It is done lot by lot, the newest first, and whoever types the first character
meanwhile is answered from the lots that are there.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Event, Lock
from typing import TYPE_CHECKING, NamedTuple

from gridworker.app.issue.issue_news import said_otherwise_since
from gridworker.app.issue.list import Told, reporter
from gridworker.app.issue.words import place_of, title_of
from gridworker.app.long_sort import ID
from gridworker.store.queries import issues as rows
from gridworker.store.queries import news
from gridworker.store.search.pinyin import initials
from gridworker.store.worked_out import WorkedOut
from gridworker.text import language

if TYPE_CHECKING:
    from gridworker.app.issue.book import Standings
    from gridworker.app.session import Session
    from gridworker.store.engine.database import Connection

KEPT = 100_000
"""Issues whose words are kept: many times as many as an office has open. More are read again."""

MOST = 1_000
"""The words of more issues are not brought up one by one: all are read anew."""

FIRST, LOT = 60, 500
"""So many are read while somebody waits for them, and so many at once while nobody does."""

_COURTESY = 1.0
"""Seconds at most that reading ahead waits for who asks."""

_END = "\n"
"""Between the parts of what an issue says, and between issues: nothing that is typed goes on in the next."""

Said = tuple[str, str]
"""What an issue says, a line for each part, and the pinyin initials of that."""


class _Text:
    """What many issues say, in one text: looked through at once, and little more in memory than its letters."""

    def __init__(self, said: Iterable[tuple[int, str]]) -> None:
        self._issues, self._begins = array(ID), array(ID)
        parts, at = list[str](), 0
        for issue, text in said:
            self._issues.append(issue)
            self._begins.append(at)
            parts.append(text)
            at += len(text) + len(_END)
        self._whole = _END.join(parts)
        self._begins.append(at)

    def having(self, typed: str) -> Iterator[int]:
        """The issues that say this."""
        number, at = 0, self._whole.find(typed)
        while at >= 0:
            if at >= self._begins[number + 1]:  # of what nearly all say it is in the very next one
                number = bisect_right(self._begins, at, number + 1) - 1
            yield self._issues[number]
            number += 1
            at = self._whole.find(typed, self._begins[number])

    def __iter__(self) -> Iterator[tuple[int, str]]:
        for number, issue in enumerate(self._issues):
            yield issue, self._whole[self._begins[number] : self._begins[number + 1] - len(_END)]


class _Lot:
    """What some issues say, and the pinyin initials of it."""

    def __init__(self, said: Mapping[int, Said]) -> None:
        self.said = _Text((issue, text) for issue, (text, _) in said.items())
        self.initials = _Text((issue, text) for issue, (_, text) in said.items())

    @classmethod
    def read(cls, issues: Iterable[tuple[rows.IssueRow, int | None]], told: Told) -> "_Lot":
        """What they say, as rows of them are read."""
        return cls({row.id: _said(row, who, told) for row, who in issues})

    def having(self, typed: str) -> Iterator[int]:
        """The issues that say this, or have these initials; some of them twice."""
        yield from self.said.having(typed)
        if typed.isascii():
            yield from self.initials.having(typed)

    def __iter__(self) -> Iterator[tuple[int, Said]]:
        for (issue, said), (_, letters) in zip(self.said, self.initials, strict=True):
            yield issue, (said, letters)


class Words:
    """What issues say, to be looked through: their title, place, number, and who reported them, by issue."""

    def __init__(self, issues: Iterable[tuple[rows.IssueRow, int | None]], told: Told) -> None:
        self._lots: tuple[_Lot, ...] = (_Lot.read(issues, told),)
        self._again: dict[int, Said | None] = {}

    def having(self, text: str) -> set[int]:
        """The issues whose words or their pinyin initials hold what was typed, spaces and case passed over."""
        typed = _folded(text)
        found = {issue for lot in self._lots for issue in lot.having(typed)}
        if self._again:
            found -= self._again.keys()
            found.update(issue for issue, said in self._again.items() if said and _holds(said, typed))
        return found

    def with_changed(
        self, changed: Collection[int], issues: Iterable[tuple[rows.IssueRow, int | None]], told: Told
    ) -> "Words":
        """The same with what some issues say now in place of what they did."""
        said = {row.id: _said(row, who, told) for row, who in issues}
        return self._of(self._lots, {**self._again, **dict.fromkeys(changed), **said})

    def with_lot(self, lot: _Lot) -> "Words":
        """The same with others that were read for the first time; what these say since goes before that."""
        return self._of((*self._lots, lot), self._again)

    def in_one(self) -> "Words":
        """The same, where much came since, as if it had been read at once."""
        if len(self._again) <= MOST:
            return self
        before = {issue: said for lot in self._lots for issue, said in lot if issue not in self._again}
        return self._of((_Lot({**before, **{issue: one for issue, one in self._again.items() if one}}),), {})

    @staticmethod
    def _of(lots: tuple[_Lot, ...], again: dict[int, Said | None]) -> "Words":
        found: Words = Words.__new__(Words)
        found._lots, found._again = lots, again
        return found


class SoFar(NamedTuple):
    """The issues that say something, of as many as were looked through; the newest were first."""

    found: set[int]
    looked: int
    of: int


@dataclass(frozen=True)
class _Kept:
    """Words, and what they hold for: who is told them, and the link of the journal with its code.

    ``left``: the issues that are still to be read, ascending, of ``of``. ``begun`` is the same as long as they go on
    from one reading.
    """

    asked: object
    link: int
    mac: bytes
    words: Words
    left: "array[int]"
    of: int
    begun: object = field(default_factory=object)

    @property
    def is_kept(self) -> bool:
        """Whether they are so few that they stay in memory."""
        return self.of <= KEPT

    def with_lot(self, lot: _Lot, count: int) -> "_Kept":
        """The same with the newest of those that were left."""
        found = replace(self, words=self.words.with_lot(lot), left=self.left[:-count])
        return found if found.left else replace(found, words=found.words.in_one())


Read = Callable[..., Iterator[tuple[rows.IssueRow, int | None]]]


class WordBook:
    """What issues say; each who asks has it as their own connection sees the books.

    What the surely closed say is kept apart: they may be many more than those something is still to be done about.
    """

    def __init__(self, _session: "Session") -> None:
        self._lock, self._reading = Lock(), Lock()
        self._kept: dict[bool, _Kept] = {}
        self._asking, self._nobody_asks = 0, Event()
        self._nobody_asks.set()

    def saying(self, connection: "Connection", known: "Standings", told: Told, typed: str) -> set[int]:
        """The issues that say what was typed. ``known``: how all stand, as this connection sees them."""
        books = [self._whole(connection, known, told, closed=closed) for closed in (False, True)]
        return set[int]().union(*(words.having(typed) for words in books))

    def so_far(self, connection: "Connection", known: "Standings", told: Told, typed: str) -> SoFar:
        """The same of those that were read by now: at least the newest, a page of them. Nobody waits for the others."""
        with self._lock:
            books = [self._begun(connection, known, told, closed=closed) for closed in (False, True)]
        found = set[int]().union(*(one.words.having(typed) for one in books))
        of = sum(one.of for one in books)
        return SoFar(found, of - sum(len(one.left) for one in books), of)

    def look_ahead(self, connection: "Connection", known: "Standings", told: Told) -> None:
        """Have at hand what they say."""
        for closed in (False, True):
            self._whole(connection, known, told, closed=closed)

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Somebody waits for an answer: who reads ahead waits after the lot he is at."""
        with self._lock:
            self._asking += 1
            self._nobody_asks.clear()
        try:
            yield
        finally:
            with self._lock:
                self._asking -= 1
                if not self._asking:
                    self._nobody_asks.set()

    def _whole(self, connection: "Connection", known: "Standings", told: Told, *, closed: bool) -> Words:
        """All of the words, read on from those that are there."""
        with self._reading:
            with self._lock:
                kept = self._begun(connection, known, told, closed=closed)
            while kept.left:
                self._nobody_asks.wait(_COURTESY)
                ids = kept.left[-LOT:]
                lot = _Lot.read(_reader(closed=closed)(connection, known.settled, ids), told)
                with self._lock:
                    self._take(lot, kept, closed=closed)
                kept = kept.with_lot(lot, len(ids))
            return kept.words

    def _take(self, lot: _Lot, kept: _Kept, *, closed: bool) -> None:
        """Keep what was read. Somebody who sees more may have brought up meanwhile what was there before it."""
        now = self._kept.get(closed)
        if now is not None and now.begun is kept.begun and len(now.left) == len(kept.left):
            self._kept[closed] = now.with_lot(lot, min(LOT, len(now.left)))

    def _begun(self, connection: "Connection", known: "Standings", told: Told, *, closed: bool) -> _Kept:
        """What is there of the words as this connection sees them; where nothing is, the newest are read."""
        asked, newest, kept = (told, language()), news.newest(connection), self._kept.get(closed)
        if kept is not None and (kept.asked, kept.link) == (asked, newest):
            return kept
        found: _Kept | None = None
        read = partial(_reader(closed=closed), connection, known.settled)
        if kept is not None and kept.asked == asked and kept.link < newest:
            words = _brought_up(connection, kept, read, told)
            if words is not None:
                found = replace(kept, words=words if kept.left else words.in_one())
        if found is None:
            ids = array(ID, sorted(known.settled if closed else known.unsettled))
            found = _Kept(asked, newest, b"", Words(read(ids[-FIRST:]), told), ids[:-FIRST], len(ids))
        found = replace(found, link=newest, mac=WorkedOut(connection).link_code(newest) or b"")
        if found.is_kept and (kept is None or kept.link <= newest):
            self._kept[closed] = found
        return found


def _reader(*, closed: bool) -> Read:
    return rows.closed_in_words if closed else rows.maybe_open_in_words


def _brought_up(connection: "Connection", kept: _Kept, read: Read, told: Told) -> Words | None:
    """The words with what came since; None where that is not known, or too much, or the journal was written anew."""
    if (WorkedOut(connection).link_code(kept.link) or b"") != kept.mac:
        return None
    changed = said_otherwise_since(connection, kept.link)
    if changed is None or len(changed) > MOST:
        return None
    return kept.words.with_changed(changed, read(changed), told) if changed else kept.words


def _holds(said: Said, typed: str) -> bool:
    return typed in said[0] or (typed.isascii() and typed in said[1])


def _folded(text: str) -> str:
    return "".join(text.casefold().split())


def _said(row: rows.IssueRow, who: int | None, told: Told) -> Said:
    parts = _parts(row, who, told)
    return _END.join(map(_folded, parts)), _END.join(initials(part).casefold() for part in parts)


def _parts(row: rows.IssueRow, who: int | None, told: Told) -> tuple[str, ...]:
    title, place = title_of(row, sharing=told.sharing), place_of(row, sharing=told.sharing)
    return title, place, row.issue_no or "", reporter(row, who, told)
