"""Rows of cards: a label beside each value, in a cell of its own or in one cell with it (``姓名：潘一``)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from gridworker.domain.address import parse_door
from gridworker.domain.names import may_be_name
from gridworker.sheets.cards import LABELLED
from gridworker.sheets.cells import Cell, squeezed, text_of
from gridworker.sheets.doortext import building_named, unit_said
from gridworker.sheets.meanings import header_key, is_about_others, meaning_of
from gridworker.sheets.relations import read_relation
from gridworker.sheets.words import Field

WIDTH, _LONGEST, _LABEL = 60, 400, 24
"""So many columns have labels, of so many characters at most; and a cell with a label and a value has so many."""
_OPEN = frozenset({Field.RELATION, Field.TAGS, Field.RESIDENCE, Field.NOTE, Field.CHANGE})
"""Beside these, a word that may be a label is a value."""
_THEIRS = frozenset({Field.NAME, Field.ID_NUMBER, Field.SEX, Field.BIRTH, Field.PHONE, Field.RELATION})
VALUES = frozenset({Field.HEAD, Field.TAG, Field.SENSITIVE})
"""``户主``, ``低保`` are values as often as labels."""
_PLACES = frozenset({Field.BUILDING, Field.UNIT, Field.ROOM, Field.ADDRESS})
_NAME = re.compile("[\u4e00-\u9fff·]{2,12}|[A-Za-z][A-Za-z .'-]{2,40}")
_DIGITS = re.compile("[0-9]{7}|[0-9]{4}[-./年][0-9]")
_ROLE, _DIGIT = re.compile("(?:人|员|长|亲|配偶|子女|姓名)$"), re.compile("[0-9]")
_BOX = re.compile("[□☐☑✓✔√■◼]")
_TICKED = re.compile("[☑✓✔√■◼]")
_FEW = 2


class Pair(NamedTuple):
    """A label and the value beside it."""

    label: str
    field: Field
    value: Cell
    column: int = -1
    """Where the label stands, -1 for one in a cell with its value."""


class CardRow(NamedTuple):
    """The pairs of a row, and how many of its labels have no value."""

    pairs: list[Pair]
    blank: int

    @property
    def fits(self) -> list[Pair]:
        """Those whose values are plainly of somebody."""
        return [pair for pair in self.pairs if fits(pair)]

    @property
    def is_words(self) -> bool:
        """Whether all values may be labels themselves, as in a header: ``室 | 户主``, ``人员类别 | 备注``."""
        return not self.fits and all(_field(text_of(pair.value)) is not None for pair in self.pairs)


def are_cards(rows: Iterable[Sequence[Cell]]) -> bool:
    """Whether there are values of somebody in rows, so that they are no header: two of them, or one in digits."""
    found = [pair for row in rows for pair in card_row(row).fits]
    return len(found) >= _FEW or any(_DIGITS.search(text_of(pair.value)) for pair in found)


def card_row(row: Sequence[Cell], ends: Mapping[int, int] | None = None) -> CardRow:
    """Labels with their values in a row. ``ends`` are the last columns of merged cells, by the first.

    What is about others is left out: behind a guardian or a contact number, sex and phone are theirs.
    """
    found: list[Pair] = []
    blank, column, theirs = 0, 0, False
    while column < min(len(row), WIDTH):
        at, cell = column, row[column]
        column += 1
        if not isinstance(cell, str) or not cell or len(cell) > _LONGEST:
            continue
        inside = _inside(cell)
        if inside:
            found += inside
            continue
        label = text_of(cell).rstrip(":：")
        told = _field(label)
        if told is None:
            continue
        beside = (ends or {}).get(at, at) + 1
        value = row[beside] if beside < len(row) else ""
        alone = value == "" or _is_label(value, told)
        theirs = theirs or _is_role(label, value, alone=alone)
        if alone:
            blank += 1
            continue
        if not (theirs and told in _THEIRS):
            found.append(Pair(label, told, _chosen(value), at))
        column = beside + 1
    return CardRow(found, blank)


def _is_role(label: str, value: Cell, *, alone: bool) -> bool:
    """Whether a label names somebody else, of whom the labels behind it are; not a phone or the grid of theirs."""
    if not is_about_others(header_key(label)):
        return False
    return is_name(value) or (_ROLE.search(label) is not None and (alone or not _DIGIT.search(text_of(value))))


def labels_of(row: Sequence[Cell]) -> dict[str, tuple[int, Field]]:
    """The cells of a row that are labels: where each stands and what it says."""
    texts = ((at, text_of(cell).rstrip(":：")) for at, cell in enumerate(row[:WIDTH]) if isinstance(cell, str))
    told = ((at, text, _field(text)) for at, text in texts if text and len(text) <= _LABEL)
    return {text: (at, field) for at, text, field in told if field is not None and field not in VALUES}


def _inside(cell: str) -> list[Pair]:
    """The pairs in one cell."""
    if ":" not in cell and "：" not in cell:
        return []
    told = [(label, value) for label, value in LABELLED.findall(text_of(cell)) if value]
    return [Pair(label, field, _chosen(value)) for label, value in told if (field := _field(label))]


def _field(label: str) -> Field | None:
    """What a label says; None for what is none: a door, a number."""
    key = header_key(label)
    if re.search("[0-9]{2}", key) or building_named(key) or unit_said(key) or parse_door(key):
        return None
    meaning = meaning_of(key)
    return meaning.field if meaning else None


def _is_label(cell: Cell, beside: Field) -> bool:
    if not isinstance(cell, str):
        return False
    told = _field(text_of(cell).rstrip(":："))
    if beside is Field.RELATION:
        return told is not None and read_relation(text_of(cell)).word is None
    if beside is Field.IGNORED and told is Field.IGNORED:
        return False  # 所属网格 beside 第三网格
    return told is not None and told not in (VALUES | _OPEN if beside in _OPEN else VALUES)


def is_name(cell: Cell) -> bool:
    """Whether what stands beside a label for a name is one."""
    text = " ".join(text_of(cell).split())
    plain = squeezed(text)
    return _NAME.fullmatch(text if text.isascii() else plain) is not None and (plain.isascii() or may_be_name(plain))


def fits(pair: Pair) -> bool:
    """Whether a value is plainly one of what its label says."""
    plain = squeezed(text_of(pair.value))
    if pair.field in {Field.NAME, Field.HEAD}:
        return is_name(pair.value)
    if pair.field is Field.SEX:
        return plain in {"男", "女"}
    if pair.field is Field.RELATION:
        return read_relation(plain).word is not None
    if pair.field in _PLACES and (building_named(plain) or unit_said(plain) or parse_door(plain)):
        return True
    return pair.field not in {Field.IGNORED, Field.SENSITIVE, Field.SERIAL} and _DIGITS.search(plain) is not None


def _chosen(value: Cell) -> Cell:
    """Of words with boxes before or behind them those whose box is ticked: ``☑男 □女``, ``男√ 女□``."""
    text = text_of(value)
    if not isinstance(value, str) or len(_BOX.findall(text)) < _FEW:
        return value
    box, word = f"({_BOX.pattern})", "([^□☐☑✓✔√■◼\\s]+)"
    form = rf"{box}\s*{word}" if _BOX.match(text) else rf"{word}\s*{box}"
    found = [sorted(pair, key=lambda part: _BOX.match(part) is None) for pair in re.findall(form, text)]
    return "、".join(words for mark, words in found if _TICKED.match(mark))
