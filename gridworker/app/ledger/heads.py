"""Which of our own ledgers a sheet is a form of: told by its headers, in every language and in a superior's words."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from gridworker.app.ledger.layout import preset_layout
from gridworker.app.ledger.ledgers import Column, ledger_named, ledgers
from gridworker.domain.codes_export import LEDGER
from gridworker.errors import Problem, RosterProblem
from gridworker.sheets.cells import Cell, text_of
from gridworker.sheets.meanings import header_key
from gridworker.text import Label, in_every_language

if TYPE_CHECKING:
    from gridworker.record import Value

Words: TypeAlias = "Mapping[str, Mapping[str, str]]"
"""By ledger: the columns by the keys of their headers."""

PEOPLE = frozenset({"residents", "households"})
"""Ledgers that list people: those are read as any list of residents is."""

_ROWS = 40
_AT_LEAST, _IN_FULL = 3, 4
"""So many columns tell a form that has all that is needed, and so many one whose headers are all ours."""
_BRACKETS = re.compile(r"\([^()]*\)")


_ELSEWHERE = Label(
    "This is our own ledger “{ledger}”: it lists no residents. Take it in on the page where rosters are imported, or "
    "with gridworker roster import."
)
_HISTORY = Label(
    "This is our own ledger “{ledger}”. Visits, issues, disputes and needs have a history of their own: they are "
    "written in the window, not taken in from a sheet."
)


@dataclass(frozen=True, slots=True)
class Head:
    """The header of a form. Rows and columns count from 0; None is a column that is none of the ledger's."""

    ledger: str
    row: int
    columns: tuple[Column | None, ...]
    headers: tuple[str, ...]

    def named(self) -> "Iterator[tuple[Column, str]]":
        """The columns that are the ledger's, each with its header."""
        pairs = zip(self.columns, self.headers, strict=True)
        return ((column, header) for column, header in pairs if column is not None)

    def place(self, name: str) -> int | None:
        """Where a column of the ledger stands."""
        return next((at for at, column in enumerate(self.columns) if column and column.name == name), None)


class OtherLedger(RosterProblem):
    """A ledger of our own that lists no residents; ``ledger`` is its name."""

    def __init__(self, ledger: str) -> None:
        self.ledger = ledger
        told = _ELSEWHERE if self.taken_in else _HISTORY
        super().__init__("file_corrupt", told.message, ledger=LEDGER.label(ledger))

    @property
    def taken_in(self) -> bool:
        """Whether a form of it is taken in."""
        return bool(ledger_named(self.ledger).told_by)


def head_of(rows: Sequence[Sequence[Cell]], words: Words) -> Head | None:
    """The header of one of our ledgers in the first rows of a sheet; None where it is none, or one of people."""
    found = [head for at, row in enumerate(rows[:_ROWS]) for head in _heads(at, row, words)]
    return max(found, key=_worth, default=None)


def other_form(words: Words, rows: Sequence[Sequence[Cell]]) -> OtherLedger | None:
    """Whether a sheet is a form of a ledger that lists no people."""
    head = head_of(rows, words)
    return OtherLedger(head.ledger) if head else None


@cache
def usual_words() -> Words:
    """The headers of our own forms and exports, in every language."""
    return MappingProxyType({name: _words(ledger.columns) for name, ledger in ledgers().items()})


def words_with(presets: "Iterable[Mapping[str, Value]]") -> Words:
    """The same with the headers that presets give them; one that cannot be read says nothing."""
    found = {name: dict(words) for name, words in usual_words().items()}
    for preset in presets:
        try:
            layout = preset_layout(preset)
        except Problem:
            continue
        for shown in layout.shown:
            if shown.column is not None and shown.header:
                found[layout.ledger.name].setdefault(header_key(shown.header), shown.column.name)
    return found


def _words(columns: Iterable[Column]) -> dict[str, str]:
    told = {header_key(text): one.name for one in columns for text in sorted(in_every_language(one.label.message))}
    return {_BRACKETS.sub("", key): name for key, name in told.items()} | told


def _heads(at: int, row: Sequence[Cell], words: Words) -> Iterable[Head]:
    texts = tuple(text_of(cell) if isinstance(cell, str) else "" for cell in row)
    keys = [header_key(text) for text in texts]
    filled = {key for key in keys if key}
    if len(filled) < _AT_LEAST:
        return
    people = max(len(filled & words[name].keys()) for name in PEOPLE)
    for name in words.keys() - PEOPLE:
        head = Head(name, at, _columns(name, keys, words[name]), texts)
        if _is_form(head, filled, words[name]) and len(filled & words[name].keys()) > people:
            yield head


def _columns(ledger: str, keys: Sequence[str], words: Mapping[str, str]) -> tuple[Column | None, ...]:
    """What each column is; a header that comes twice is that of the first."""
    met: set[str] = set()
    found: list[Column | None] = []
    for key in keys:
        name = words.get(key, "")
        found.append(ledger_named(ledger).column(name) if name and name not in met else None)
        met.add(name)
    return tuple(found)


def _is_form(head: Head, filled: set[str], words: Mapping[str, str]) -> bool:
    names = {column.name for column in head.columns if column}
    needed = {column.name for column in ledger_named(head.ledger).columns if column.required}
    whole = bool(needed) and needed <= names and len(names) >= _AT_LEAST
    return whole or (filled <= words.keys() and len(names) >= _IN_FULL)


def _worth(head: Head) -> tuple[int, int, int, str]:
    """More columns, then more of what is needed, then the higher row."""
    names = [column for column in head.columns if column]
    return len(names), sum(column.required for column in names), -head.row, head.ledger
