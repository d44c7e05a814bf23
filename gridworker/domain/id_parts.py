"""Very many ID numbers, checked by their parts: a ledger brings tens of thousands, of few divisions and days.

What is good here is good by ``id_fault`` too. What is not may still be an old number, or one that has to be put into
plain form first: nothing is said of it here.
"""

from calendar import isleap
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache

from gridworker.domain.identity import CHECK, EARLIEST

_DIGITS = 17
_WEIGHTS = tuple(1 << (_DIGITS - at) for at in range(_DIGITS))
"""2 ** 17 for the first digit, 2 for the last before the check character (identity.check_digit)."""


class NumberParts:
    """Tells good numbers of 18 characters in plain form. It lives for one file, as what it remembers of people."""

    def __init__(self, today: date) -> None:
        self._begun = _Begun(today)

    def day_of(self, number: str) -> str:
        """The day of birth that a good number states, ``YYYY-MM-DD``; empty for any other text."""
        return self.days_of((number,))[0]

    def days_of(self, cells: Sequence[object]) -> list[str]:
        """``day_of`` each of some cells; empty for one that is no text."""
        found: list[str] = []
        begun, weights, orders = self._begun, _DAYS, _ORDERS
        check, add = CHECK, found.append
        for number in cells:
            day = ""
            if type(number) is str:
                try:
                    before, stated = begun[number[:10]]
                    of_day = number[10:14]
                    written = stated[of_day]
                    total = before + weights[of_day] + orders[number[14:_DIGITS]]
                except KeyError:
                    pass
                else:
                    day = written if check[total % 11] == number[_DIGITS:] else ""
            add(day)
        return found


class _Begun(dict[str, tuple[int, Mapping[str, str]]]):
    """By a division and a year: what they add to the sum, and the days of that year by the digits of month and day."""

    def __init__(self, today: date) -> None:
        super().__init__()
        self._divisions, self._years = _Divisions(), _Years(today)

    def __missing__(self, digits: str) -> tuple[int, Mapping[str, str]]:
        of_year, days = self._years[digits[6:]]
        found = self[digits] = self._divisions[digits[:6]] + of_year, days
        return found


class _Divisions(dict[str, int]):
    """By the six digits of a division: what they add to the sum."""

    def __missing__(self, digits: str) -> int:
        if len(digits) != 6 or not _is_plain(digits):
            raise KeyError
        found = self[digits] = _weighed(digits, 0)
        return found


class _Years(dict[str, tuple[int, Mapping[str, str]]]):
    """By the four digits of a year: what they add to the sum, and by those of month and day the day both state."""

    def __init__(self, today: date) -> None:
        super().__init__()
        self._first, self._last = EARLIEST.isoformat(), today.isoformat()

    def __missing__(self, digits: str) -> tuple[int, Mapping[str, str]]:
        if len(digits) != 4 or not _is_plain(digits):
            raise KeyError
        days = _LEAP_YEAR if isleap(int(digits)) else _COMMON_YEAR
        stated = {of_day: digits + rest for of_day, rest in days.items()}
        whole = self._first <= f"{digits}-01-01" and f"{digits}-12-31" <= self._last  # all but the first and the last
        good = stated if whole else {at: day for at, day in stated.items() if self._first <= day <= self._last}
        found = self[digits] = _weighed(digits, 6), good
        return found


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isdigit()


@lru_cache(maxsize=4096)
def _weighed(digits: str, first: int) -> int:
    """The sum of digits, the first of them in place ``first``, each with its weight."""
    return sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS[first:], strict=False))


_ORDERS = {f"{number:03}": _weighed(f"{number:03}", 14) for number in range(1000)}
"""What the three digits before the check character add."""
_LEAP_YEAR = {f"{day:%m%d}": f"{day:-%m-%d}" for day in (date(2000, 1, 1) + timedelta(days) for days in range(366))}
"""By the four digits of month and day: how a day goes on behind its year."""
_COMMON_YEAR = {digits: rest for digits, rest in _LEAP_YEAR.items() if digits != "0229"}
_DAYS = {digits: _weighed(digits, 10) for digits in _LEAP_YEAR}
"""By the same: what they add to the sum."""
