"""Very many ID numbers, checked by their parts: a ledger brings tens of thousands, of few divisions and days.

What is good here is good by ``id_fault`` too. What is not may still be an old number, or one that has to be put into
plain form first: nothing is said of it here.
"""

from datetime import date
from functools import lru_cache

from gridworker.domain.identity import CHECK, EARLIEST

_DIGITS = 17
_WEIGHTS = tuple(1 << (_DIGITS - at) for at in range(_DIGITS))
"""2 ** 17 for the first digit, 2 for the last before the check character (identity.check_digit)."""


class NumberParts:
    """Tells good numbers of 18 characters in plain form. It lives for one file, as what it remembers of people."""

    def __init__(self, today: date) -> None:
        self._divisions = _Divisions()
        self._days = _Days(today)

    def day_of(self, number: str) -> str:
        """The day of birth that a good number states, ``YYYY-MM-DD``; empty for any other text."""
        try:
            added, day = self._days[number[6:14]]
            total = self._divisions[number[:6]] + added + _ORDERS[number[14:17]]
        except KeyError:
            return ""
        return day if CHECK[total % 11] == number[_DIGITS:] else ""


class _Divisions(dict[str, int]):
    """By the six digits of a division: what they add to the sum."""

    def __missing__(self, digits: str) -> int:
        if len(digits) != 6 or not _is_plain(digits):
            raise KeyError
        found = self[digits] = _weighed(digits, 0)
        return found


class _Days(dict[str, tuple[int, str]]):
    """By the eight digits of a day of birth: what they add to the sum, and the day."""

    def __init__(self, today: date) -> None:
        super().__init__()
        self._today = today

    def __missing__(self, digits: str) -> tuple[int, str]:
        if len(digits) != 8 or not _is_plain(digits):
            raise KeyError
        try:
            day = date.fromisoformat(digits)
        except ValueError:
            raise KeyError from None
        if not EARLIEST <= day <= self._today:
            raise KeyError
        found = self[digits] = _weighed(digits[:4], 6) + _weighed(digits[4:], 10), day.isoformat()
        return found


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isdigit()


@lru_cache(maxsize=4096)
def _weighed(digits: str, first: int) -> int:
    """The sum of digits, the first of them in place ``first``, each with its weight."""
    return sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS[first:], strict=False))


_ORDERS = {f"{number:03}": _weighed(f"{number:03}", 14) for number in range(1000)}
"""What the three digits before the check character add."""
