"""What the cells of a filled-in form say: codes by their words, days after any habit, numbers that are covered."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from gridworker.app.ledger.ledgers import Column
from gridworker.domain.masking import mask_in_text, mask_phone, numbers_covered
from gridworker.domain.moments import CHINA, local, written
from gridworker.domain.phones import read_phones
from gridworker.errors import Problem
from gridworker.record import CodeList, Type, clean_text
from gridworker.sheets.cells import Cell, CellError, squeezed, text_of
from gridworker.sheets.days import read_day
from gridworker.text import gettext, in_every_language

if TYPE_CHECKING:
    from collections.abc import Callable

    from gridworker.record import Value

_NOTHING = re.compile(r"[/\\\-—–]+|无|不详|未填|暂无|NONE|NULL|N/A")
_TYPED_BLANK = frozenset({Type.DAY, Type.MOMENT, Type.CODE, Type.CODES, Type.NUMBER, Type.REF, Type.PHONES})
"""Where a dash or 无 says that there is nothing; in a text it may be what somebody meant to say."""
_YEAR = re.compile(r"(?:19|20)\d\d年?")
_AT = re.compile(r"(.+?)[ T]+(\d{1,2})[:：](\d{2})(?:[:：]\d{2}(?:\.\d+)?)?")
_WORDS = re.compile(r"[、,，;；\n]+")
_COVERED = re.compile(
    r"(?<![0-9A-Za-z*])(?:[0-9]{3}\*{4}[0-9]{4}|[0-9]{3,4}-\*{4}[0-9]{4}|[0-9]{6}\*{5,8}[0-9]{3}[0-9Xx]|\*{4})"
    r"(?![0-9A-Za-z*])"
)
"""A number as an export covers it, in a text."""
_YES = frozenset({"是", "有", "√", "1", "Y", "YES", "TRUE"})
_NO = frozenset({"否", "无", "×", "0", "N", "NO", "FALSE"})


class Told(NamedTuple):
    """What a cell says: as a value, and as a text that is the same for the same value, covered as exports cover it.

    ``covered``: numbers in it are hidden, so it is no value to be kept as it is. ``fault`` is why it is no value.
    """

    value: "Value" = None
    text: str = ""
    covered: bool = False
    fault: Problem | None = None

    @property
    def blank(self) -> bool:
        """Whether it says nothing."""
        return not self.text and self.fault is None


BLANK = Told()


def told(column: Column, cell: Cell, today: date) -> Told:
    """What a cell of a column says. Never raises: what cannot be read says so."""
    if isinstance(cell, CellError):
        return Told(text=cell.code, fault=Problem("It shows {code} instead of a value.", code=cell.code))
    text = clean_text(text_of(cell), lines=True)
    if not text or (column.type in _TYPED_BLANK and _NOTHING.fullmatch(squeezed(text))):
        return BLANK
    try:
        return _READERS.get(column.type, _text)(column, cell, today)
    except Problem as fault:
        return Told(text=text, fault=fault)


def same_text(column: Column, value: "Value") -> str:
    """The text of a value that is here, as ``Told.text`` has it."""
    if value is None or value == "":
        return ""
    text = str(value)
    match column.type:
        case Type.PHONES:
            return " ".join(map(mask_phone, text.split()))
        case Type.MOMENT:
            return f"{local(text):%Y-%m-%d %H:%M}"
        case Type.CODE | Type.CODES | Type.DAY | Type.NUMBER | Type.FLAG:
            return text
        case _:
            return mask_in_text(clean_text(text, lines=column.type is Type.NOTE))


def uncovered(column: Column, text: str, known: str) -> str | None:
    """A text with the numbers that are covered in it as ``known`` has them; None where it has not all of them."""
    if column.type is Type.PHONES:
        whole = {mask_phone(number): number for number in known.split()}
        parts = [whole.get(part) if "*" in part else part for part in text.split()]
        return None if None in parts else " ".join(filter(None, parts))
    behind = numbers_covered(known)
    if not behind.keys() >= set(_COVERED.findall(text)):
        return None
    return _COVERED.sub(lambda found: behind[found[0]], text)


def _text(column: Column, cell: Cell, _today: date) -> Told:
    text = clean_text(text_of(cell), lines=column.type is Type.NOTE)
    return Told(text, mask_in_text(text), covered=_COVERED.search(text) is not None)


def _phones(_column: Column, cell: Cell, _today: date) -> Told:
    text = unicodedata.normalize("NFKC", clean_text(text_of(cell)))
    if "*" in text:
        return Told(text, " ".join(text.split()), covered=True)
    found = read_phones(text)
    if found.invalid or not found.valid:
        raise Problem("This is no phone number.")
    return Told(" ".join(found.valid), " ".join(map(mask_phone, found.valid)))


def _number(_column: Column, cell: Cell, _today: date) -> Told:
    text = unicodedata.normalize("NFKC", text_of(cell)).replace(",", "")
    if not re.fullmatch(r"[+-]?\d{1,15}", text):
        raise Problem("This must be a whole number.")
    return Told(int(text), str(int(text)))


def _flag(_column: Column, cell: Cell, _today: date) -> Told:
    word = squeezed(text_of(cell))
    yes, no = _YES | _said("Yes"), _NO | _said("No")
    if word not in yes | no:
        raise Problem("This must be yes or no.")
    return Told(int(word in yes), str(int(word in yes)))


def _day(_column: Column, cell: Cell, today: date) -> Told:
    day = _whole_day(cell, today)
    return Told(day, day)


def _moment(_column: Column, cell: Cell, today: date) -> Told:
    if isinstance(cell, datetime):
        at = cell.replace(tzinfo=CHINA)
    else:
        parts = _AT.fullmatch(unicodedata.normalize("NFKC", text_of(cell)))
        if parts is None:
            raise Problem("Write day and time, like 2026-03-18 09:42.")
        at = _at(_whole_day(parts[1], today), int(parts[2]), int(parts[3]))
    return Told(written(at), f"{at:%Y-%m-%d %H:%M}")


def _at(day: str, hour: int, minute: int) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(day), time(hour, minute), CHINA)
    except ValueError:
        raise Problem("Write day and time, like 2026-03-18 09:42.") from None


def _whole_day(cell: Cell, today: date) -> str:
    """A day with year, month and day. A year of two digits is one of this century: nothing here is older."""
    found = read_day(cell, today)
    text = found.text or ""
    if len(text) != len("YYYY-MM-DD") or _YEAR.fullmatch(text_of(cell)):
        raise Problem("Write the date as year-month-day, like 2026-03-18.")
    return f"20{text[2:]}" if found.readings else text


def _code(column: Column, cell: Cell, _today: date) -> Told:
    code = _code_of(column.codes, text_of(cell)) if column.codes else text_of(cell)
    return Told(code, code)


def _codes(column: Column, cell: Cell, _today: date) -> Told:
    words = [word for part in _WORDS.split(text_of(cell)) if (word := part.strip())]
    codes = " ".join(sorted({_code_of(column.codes, word) for word in words})) if column.codes else ""
    return Told(codes or None, codes)


def _code_of(codes: CodeList, text: str) -> str:
    found = _by_word(codes.name, tuple((code, label.message) for code, label in codes.labels.items()))
    code = found.get(squeezed(text))
    if code is None:
        shown = gettext(", ").join(map(codes.label, codes.first or codes.offered))
        raise Problem("“{text}” is not in the list. Choose one of: {words}.", text=mask_in_text(text), words=shown)
    return code


@cache
def _by_word(_name: str, labels: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """The codes of a list by their words in every language, else by themselves; a word of two codes is none."""
    found: dict[str, str | None] = {}
    for code, message in labels:
        for word in map(squeezed, in_every_language(message)):
            found[word] = code if found.get(word, code) == code else None
    plain = {squeezed(code): code for code, _ in labels}
    return MappingProxyType({word: code for word, code in (plain | found).items() if code is not None})


def _said(message: str) -> frozenset[str]:
    return frozenset(map(squeezed, in_every_language(message)))


_READERS: "Mapping[Type, Callable[[Column, Cell, date], Told]]" = MappingProxyType({
    Type.PHONES: _phones, Type.NUMBER: _number, Type.FLAG: _flag, Type.DAY: _day, Type.MOMENT: _moment,
    Type.CODE: _code, Type.CODES: _codes,
})  # fmt: skip
