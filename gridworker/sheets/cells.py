"""Cells as they stand in a spreadsheet, with the type the spreadsheet gave them.

The type matters: an ID number in a number cell has lost its last digits, a date cell is no text. Blank cells are "".
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

_LEFTOVER = re.compile(
    "_x000D_|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_ERROR = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA|N/D)|Err:5\d\d", re.IGNORECASE
)
_TEXT_OF_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
_FORMULA = re.compile("[\\s\u200b-\u200f\u2060\ufeff'\"]*[=+\\-@＝＋－＠﹢﹣﹦﹫]|[\t\r\n]")
_PLAIN_NUMBER = re.compile(r"0|[1-9][0-9]{0,10}")
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_RETYPED = re.compile(
    rf"(?=.*\d)[\d\s.,:;/\\()%‰$¥€£'+\-–—eEtTzZ年月日号时分秒上下午aApPmM]+|[\d\s.,/\-]*(?:{_MONTH})[a-z]*[\d\s.,/\-]*"
    r"|true|false",
    re.IGNORECASE,
)
"""What one or another spreadsheet takes for a number, a sum of money, a part of 100, a day, a time or a truth value."""
_ERROR_STARTS = frozenset("#Ee")
_SPACES = re.compile(r"\s+")
_SURROGATES = re.compile("[\ud800-\udfff]")
EXACT = 10**15
"""Numbers below it are exact in a spreadsheet, which keeps 15 digits."""


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell that shows an error: ``#N/A``, ``#REF!``. It is never a value."""

    code: str


Cell: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | CellError


def is_error(cell: Cell) -> bool:
    """Whether a cell shows an error, as an error or as the text of one (what is left of it in a CSV file)."""
    if isinstance(cell, str):
        return cell[:1] in _ERROR_STARTS and _ERROR.fullmatch(cell.strip()) is not None
    return isinstance(cell, CellError)


def text_of(cell: Cell) -> str:
    """What a person reads in a cell, without invisible characters: ``101.0`` is ``101``, an error nothing."""
    if isinstance(cell, str):
        return cell if not cell or cell.isalnum() else "" if is_error(cell) else bare(cell)
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT else repr(cell)
    if isinstance(cell, CellError | timedelta):
        return ""
    if isinstance(cell, int):
        return str(cell)
    return cell.isoformat(*([" "] if isinstance(cell, datetime) else []))


def bare(text: str) -> str:
    """``text`` without what spreadsheets leave around it: ``_x000D_``, zero-width and control characters, ``="..."``.

    Line breaks stay.
    """
    if not text.isprintable() or "_x000D_" in text:
        text = _LEFTOVER.sub("", _SURROGATES.sub("\ufffd", text))
    text = text.strip()
    if not text.startswith("="):
        return text
    formula = _TEXT_OF_FORMULA.fullmatch(text)
    return formula[1].strip() if formula else text


def unescaped(text: str) -> str:
    """``text`` without the ``'`` that an export puts before what a spreadsheet would not leave as it is."""
    if text[:1] != "'":
        return text
    rest = text[1:]
    return rest if is_retyped(rest) or _PLAIN_NUMBER.fullmatch(rest) else text


def is_retyped(text: str) -> bool:
    """Whether a spreadsheet that opens a CSV file would make something else of a text: a formula, a number, a day.

    Plain numbers of up to eleven digits stay what they are; a ``'`` in front belongs to what stands behind it.
    """
    if _PLAIN_NUMBER.fullmatch(text):
        return False
    bare = unicodedata.normalize("NFKC", text).strip().lstrip("'")
    return _FORMULA.match(text) is not None or _RETYPED.fullmatch(bare) is not None


def word_set(*texts: str) -> frozenset[str]:
    """The words of texts in which spaces part them: how vocabularies are written down here."""
    return frozenset(word for text in texts for word in text.split())


def squeezed(text: str) -> str:
    """``text`` half-width, in capitals and without any space: what words are compared by."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).upper()
