"""What issues say, read once for whoever types, and brought up to what a connection sees.

One more character asks for nothing but what is in memory already. What a save changes is told by the journal: the words
of a few issues are read again, not those of the tens of thousands that are open at an office of a million people.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

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
    from gridworker.app.session import Session
    from gridworker.store.engine.database import Connection

KEPT = 100_000
"""Issues whose words are kept: many times as many as an office has open. More are read again."""

MOST = 1_000
"""The words of more issues are not brought up one by one: all are read anew."""

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
        at = self._whole.find(typed)
        while at >= 0:
            number = bisect_right(self._begins, at) - 1
            yield self._issues[number]
            at = self._whole.find(typed, self._begins[number + 1])

    def __iter__(self) -> Iterator[tuple[int, str]]:
        for number, issue in enumerate(self._issues):
            yield issue, self._whole[self._begins[number] : self._begins[number + 1] - len(_END)]


class Words:
    """What issues say, to be looked through: their title, place, number, and who reported them, by issue."""

    def __init__(self, issues: Iterable[tuple[rows.IssueRow, int | None]], told: Told) -> None:
        said = {row.id: _said(row, who, told) for row, who in issues}
        self._take(said)

    def _take(self, said: Mapping[int, Said]) -> None:
        self._said = _Text((issue, text) for issue, (text, _) in said.items())
        self._initials = _Text((issue, text) for issue, (_, text) in said.items())
        self._again: dict[int, Said | None] = {}
        self.is_kept = len(said) <= KEPT

    def having(self, text: str) -> set[int]:
        """The issues whose words or their pinyin initials hold what was typed, spaces and case passed over."""
        typed = _folded(text)
        found = set(self._said.having(typed))
        if typed.isascii():
            found.update(self._initials.having(typed))
        if self._again:
            found -= self._again.keys()
            found.update(issue for issue, said in self._again.items() if said and _holds(said, typed))
        return found

    def with_changed(
        self, changed: Collection[int], issues: Iterable[tuple[rows.IssueRow, int | None]], told: Told
    ) -> "Words":
        """The same with what some issues say now in place of what they did."""
        said = {row.id: _said(row, who, told) for row, who in issues}
        again = {**self._again, **dict.fromkeys(changed), **said}
        found: Words = Words.__new__(Words)
        if len(again) > MOST:
            both = zip(self._said, self._initials, strict=True)
            before: dict[int, Said] = {issue: (one, other) for (issue, one), (_, other) in both if issue not in again}
            found._take({**before, **{issue: one for issue, one in again.items() if one}})
        else:
            found._said, found._initials, found._again, found.is_kept = self._said, self._initials, again, self.is_kept
        return found


@dataclass(frozen=True)
class _Kept:
    """Words, and what they hold for: who is told them, and the link of the journal with its code."""

    asked: object
    link: int
    mac: bytes
    words: Words


Read = Callable[..., Iterator[tuple[rows.IssueRow, int | None]]]


class WordBook:
    """What issues say; each who asks has it as their own connection sees the books.

    What the surely closed say is kept apart: they may be many more than those something is still to be done about.
    """

    def __init__(self, _session: "Session") -> None:
        self._lock = Lock()
        self._kept: dict[bool, _Kept] = {}

    def saying(self, connection: "Connection", settled: Mapping[int, int], told: Told, typed: str) -> set[int]:
        """The issues that say what was typed. ``settled``: the surely closed ones, as this connection sees them."""
        with self._lock:
            books = [self._words(connection, settled, told, closed=closed) for closed in (False, True)]
        return set[int]().union(*(words.having(typed) for words in books))

    def look_ahead(self, connection: "Connection", settled: Mapping[int, int], told: Told) -> None:
        """Have at hand what they say."""
        with self._lock:
            for closed in (False, True):
                self._words(connection, settled, told, closed=closed)

    def _words(self, connection: "Connection", settled: Mapping[int, int], told: Told, *, closed: bool) -> Words:
        asked, newest, kept = (told, language()), news.newest(connection), self._kept.get(closed)
        read: Read = rows.closed_in_words if closed else rows.maybe_open_in_words
        if kept is not None and (kept.asked, kept.link) == (asked, newest):
            return kept.words
        found = None
        if kept is not None and kept.asked == asked and kept.link < newest:
            found = _brought_up(connection, kept, partial(read, connection, settled), told)
        if found is None:
            found = Words(read(connection, settled), told)
        if found.is_kept and (kept is None or kept.link <= newest):
            mac = WorkedOut(connection).link_code(newest) or b""
            self._kept[closed] = _Kept(asked, newest, mac, found)
        return found


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
