"""What issues say, read once for whoever types: one more character asks for nothing but what is in memory already.

It is read again after any write.
"""

from collections.abc import Iterable
from functools import cached_property

from gridworker.app.issue.list import Told, reporter
from gridworker.app.issue.words import place_of, title_of
from gridworker.store.queries import issues as rows
from gridworker.store.search.pinyin import initials

KEPT = 10_000
"""Issues whose words are kept: several times as many as an office has open. More are read again."""


class Words:
    """What issues say, to be looked through: their title, place, number, and who reported them, by issue."""

    def __init__(self, issues: Iterable[tuple[rows.IssueRow, int | None]], told: Told) -> None:
        self._parts = {row.id: _parts(row, who, told) for row, who in issues}
        self.is_kept = len(self._parts) <= KEPT

    def having(self, text: str) -> set[int]:
        """The issues whose words or their pinyin initials hold what was typed, spaces and case passed over."""
        typed = _folded(text)
        found = {issue for issue, said in self._said.items() if typed in said}
        if typed.isascii():
            found.update(issue for issue, said in self._initials.items() if typed in said)
        return found

    @cached_property
    def _said(self) -> dict[int, str]:
        return {issue: "\n".join(map(_folded, parts)) for issue, parts in self._parts.items()}

    @cached_property
    def _initials(self) -> dict[int, str]:
        """One part to a line: nothing that is typed goes on in the next."""
        return {issue: "\n".join(initials(part).casefold() for part in parts) for issue, parts in self._parts.items()}


def _folded(text: str) -> str:
    return "".join(text.casefold().split())


def _parts(row: rows.IssueRow, who: int | None, told: Told) -> tuple[str, ...]:
    title, place = title_of(row, sharing=told.sharing), place_of(row, sharing=told.sharing)
    return title, place, row.issue_no or "", reporter(row, who, told)
