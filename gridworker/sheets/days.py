"""Days as ledgers write them: text after any habit, date cells, serial numbers, Chinese numerals, parts of a date."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from gridworker.domain.numerals import NUMERAL, chinese_number
from gridworker.sheets.cells import Cell, CellError, text_of

_EARLIEST = 1870
_EPOCH = date(1899, 12, 30)
"""Day 0 of spreadsheets. Their day 60, 29 February 1900, never was: days before it are one off, and nobody's here."""

_UNKNOWN = re.compile(r"[/\\\-—.?？0]*|无|不详|不明|未知|不清楚|暂无|未填|空|没有|待查|待补|NONE|NULL|NA|N/A")
_CHINESE_YEAR = re.compile(rf"([{NUMERAL}]{{4}}|[{NUMERAL}]{{2}})年(?:([{NUMERAL}]+)月(?:([{NUMERAL}]+)[日号]?)?)?")
_REMARK = re.compile(
    r"\((?!农|阴)[^()]*\)|(?<=[0-9日号月])(?:出)?生$|(?<=月)份(?:(?:出)?生)?$|^生于|^(?:约|大约|公元|公历|阳历|新历)"
)
_CLOCK = re.compile(r"[T ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?$|(?<=\d)T?00:00:00$")
_PARTED = re.compile(r"(\d{4}|\d{2})\D{1,2}(\d{1,2})(?:\D{1,2}(\d{1,2}))?\D?")
_YEAR = re.compile(r"(\d{4})年(?:出生)?")
_YEAR_LAST = re.compile(r"(\d{1,2})[/\-.](\d{1,2})[/\-.](\d{4})")
_REPUBLIC = re.compile(rf"(?:中华)?民国\s*(?P<year>元|1?[0-9]{{1,2}}(?![0-9])|[{NUMERAL}]+)\s*年?")
"""``民国25年3月5日``, ``民国二十五年``: its first year is 1912. The old and those born in Taiwan have such papers."""
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[A-Z]*"
_GAP = r"[\s,./-]*"
_DAY_IN_WORDS = r"(?P<day>\d{1,2})(?:ST|ND|RD|TH)?"
_ENGLISH = (
    re.compile(rf"{_DAY_IN_WORDS}{_GAP}{_MONTH}{_GAP}(?P<year>\d{{4}}|\d{{2}})"),
    re.compile(rf"{_MONTH}{_GAP}{_DAY_IN_WORDS}[\s,./-]+(?P<year>\d{{4}})"),
    re.compile(rf"(?P<year>\d{{4}}){_GAP}{_MONTH}{_GAP}{_DAY_IN_WORDS}"),
    re.compile(rf"{_MONTH}{_GAP}(?P<year>\d{{4}})"),
)
"""``26 Feb 1968``, ``26-Feb-68``, ``Feb 26, 1968``, ``1968-Feb-26``, ``Feb 1968``: days of English spreadsheets."""
_WEEKDAY = re.compile(r"(?:星期|周|礼拜)[一二三四五六日天]$|^[A-Z]+DAY,?\s*")
_PARTERS = re.compile(r"[年月日号./\\\-—–_,、，·\s]+")


class Day(NamedTuple):
    """A day as far as it is known: ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``.

    ``text`` is None where the cell says nothing, or nothing that can be read (then ``fault`` is set). ``readings`` are
    the days it may mean where there are several.
    """

    text: str | None
    readings: tuple[str, ...] = ()
    fault: bool = False

    def fits(self, day: str) -> bool:
        """Whether a full day is one this may mean."""
        return day.startswith(self.readings or (self.text or "?",))


_NOTHING = Day(None)
_FAULT = Day(None, fault=True)


def read_day(cell: Cell, today: date) -> Day:
    """The day a cell means. ``today`` decides what century a year of two digits is in."""
    if isinstance(cell, datetime):
        return Day(cell.date().isoformat())
    if isinstance(cell, date):
        return Day(cell.isoformat())
    if isinstance(cell, bool | time | timedelta | CellError):
        return _FAULT if isinstance(cell, bool | time | timedelta) else _NOTHING
    if isinstance(cell, int | float):
        return _number(float(cell), today)
    return _text(text_of(cell), today)


def _text(text: str, today: date) -> Day:
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    if _UNKNOWN.fullmatch(plain):
        return _NOTHING
    plain = _WEEKDAY.sub("", _CLOCK.sub("", _REMARK.sub("", plain)).strip()).strip()
    plain = _of_republic(plain) if "民国" in plain else plain
    in_words = _in_words(plain)
    if in_words:
        return _parts(in_words, today)
    if re.fullmatch(r"\d+(?:\.\d{1,2})?", plain) and "." not in plain[:4]:
        return _digits(plain, today)
    year = _YEAR.fullmatch(plain)
    if year:
        return _parts([year[1]], today)
    if not re.search(r"农|阴|闰", plain):
        found = _PARTED.fullmatch(_PARTERS.sub("-", plain))
        if found:
            return _parts([part for part in found.groups() if part], today)
        last = _YEAR_LAST.fullmatch(plain)
        if last:
            return _year_last(*map(int, last.groups()))
    return _FAULT


def _of_republic(plain: str) -> str:
    """The same with the year of the common era in digits, and the month and the day too."""
    found = _REPUBLIC.match(plain)
    if found is None:
        return plain
    year = "1" if found["year"] == "元" else chinese_number(found["year"]) or found["year"]
    behind = re.sub(f"[{NUMERAL}]+", lambda part: chinese_number(part[0]) or "", plain[found.end() :])
    return f"{1911 + int(year)}年{behind}"


def _in_words(plain: str) -> list[str]:
    """Year, month and day, as far as said, of a day written in Chinese numerals or with an English month."""
    chinese = _CHINESE_YEAR.fullmatch(plain)
    if chinese:
        return [chinese_number(part) or "" for part in chinese.groups() if part]
    english = next(filter(None, (form.fullmatch(plain) for form in _ENGLISH)), None)
    if not english:
        return []
    told = english.groupdict()
    return [part for part in (told["year"], str(_MONTHS.index(told["month"]) + 1), told.get("day")) if part]


def _digits(plain: str, today: date) -> Day:
    """Digits alone, perhaps with a dot: ``19900505``, ``199005``, ``680226``, ``1990.05``, the serial ``29284``."""
    whole, _, decimals = plain.partition(".")
    if decimals:
        return _year_and_month(whole, decimals, today) if len(whole) == 4 else _FAULT
    if len(whole) == 8:
        return _parts([whole[:4], whole[4:6], whole[6:]], today)
    if len(whole) == 6:
        return _six_digits(whole, today)
    return _number(float(whole), today) if len(whole) <= 5 else _FAULT


def _six_digits(whole: str, today: date) -> Day:
    """``199005`` is year and month, ``680226`` a day; ``200112`` may be either and is taken for the former."""
    day = _parts([whole[:2], whole[2:4], whole[4:]], today)
    if not _EARLIEST <= int(whole[:4]) <= today.year:
        return day
    month = _parts([whole[:4], whole[4:]], today)
    if month.text is None:
        return day
    return Day(month.text, (month.text, *day.readings)) if day.text and day.text <= today.isoformat() else month


def _year_and_month(year: str, month: str, today: date) -> Day:
    """``1985.1`` may have been ``1985.10`` before a spreadsheet took it for a number: then only the year is sure."""
    if month != "1":
        return _parts([year, month], today)
    return Day(year, (f"{year}-01", f"{year}-10")) if int(year) >= _EARLIEST else _FAULT


def _number(number: float, today: date) -> Day:
    """A number cell: a serial number, a day, a month or a year written as one number, or ``1985.05``."""
    if not 0 <= number < 100_000_000:
        return _FAULT
    whole = int(number)
    if _EARLIEST <= number < today.year + 50 and number != whole:
        return _year_and_month(str(whole), f"{number:.2f}".partition(".")[2].removesuffix("0"), today)
    if _EARLIEST <= whole <= today.year:
        return Day(str(whole))
    if whole < 100_000:
        return Day((_EPOCH + timedelta(days=whole)).isoformat()) if whole > 2 else _NOTHING
    return _digits(str(whole), today) if number == whole else _FAULT


def _parts(parts: list[str], today: date) -> Day:
    """Year, month and day as far as they are there; a month or day of 0 is not known."""
    numbers = [int(part) if part.isdecimal() else -1 for part in parts]
    year, rest = numbers[0], numbers[1:]
    short = len(parts[0]) == 2
    if short:
        year += 1900 if year > today.year % 100 else 2000
    while rest and rest[-1] == 0:
        rest.pop()
    try:
        day = date(year, *[*rest, 1, 1][:2]).isoformat()[: 4 + 3 * len(rest)]
    except ValueError:
        return _FAULT
    if year < _EARLIEST:
        return _FAULT
    return Day(day, (day, f"19{day[2:]}")) if short else Day(day)


def _year_last(first: int, second: int, year: int) -> Day:
    """``21/3/1962`` and ``3/21/1962`` are plain; ``3/4/1962`` may be either, so neither is taken."""
    readings = sorted(
        {
            f"{year}-{month:02}-{day:02}"
            for month, day in ((first, second), (second, first))
            if _is_day(year, month, day)
        }
    )
    if len(readings) == 1:
        return Day(readings[0])
    return Day(None, tuple(readings), fault=True)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        return date(year, month, day).year >= _EARLIEST
    except ValueError:
        return False
