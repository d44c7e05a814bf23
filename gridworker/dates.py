"""Days and moments as they are stored: ``YYYY-MM-DD``, and ``YYYY-MM-DDTHH:MM:SSZ`` in UTC.

What a person types is brought into that form or refused. What comes from elsewhere is only looked at: a day that is
none, or lies ages away, would break whatever counts with it, so it is kept in the log and not shown.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime

from gridworker.errors import Problem

FIRST, LAST = "1870", "2200"
"""Years nobody's life or work lies outside of."""

_DAY, _MOMENT = "0000-00-00", "0000-00-00T00:00:00Z"
_KNOWN = 40_000
"""Days that are kept in mind at most, or as many more as come with the last: those of a century, in 3 MB."""
_known_days: set[str] = set()
"""Some that were looked at and are days."""

_SHAPE = str.maketrans("123456789", "000000000")
"""Makes of a day or a moment one of the two above."""


def are_days(texts: Iterable[str]) -> bool:
    """Whether all are days as stored, looked at together: a roster brings tens of thousands, and few that are new."""
    new = set(texts).difference(_known_days)
    are = _all_read(new, _DAY, date.fromisoformat)
    if are and len(_known_days) < _KNOWN:
        _known_days.update(new)
    return are


def are_moments(texts: Iterable[str]) -> bool:
    """Whether all are moments as stored."""
    return _all_read(set(texts), _MOMENT, datetime.fromisoformat)


def is_moment(text: str) -> bool:
    """Whether one text is: every save asks it of the row it puts in the audit. In a quarter of the time."""
    if len(text) != len(_MOMENT) or text.translate(_SHAPE) != _MOMENT or text < FIRST or text[:4] > LAST:
        return False
    try:
        return bool(datetime.fromisoformat(text))
    except ValueError:
        return False


def _all_read(found: set[str], shape: str, read: Callable[[str], object]) -> bool:
    if not found:
        return True
    if set(map(len, found)) != {len(shape)} or "".join(found).translate(_SHAPE) != shape * len(found):
        return False
    if min(found) < FIRST or max(found)[:4] > LAST:
        return False
    try:
        return all(map(read, found))  # each is true, or none and raises
    except ValueError:
        return False


def day(value: object) -> str:
    """A day as it is stored. Raises Problem."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return _in_range(value.isoformat())
    try:
        return _in_range(date.fromisoformat(str(value).strip()).isoformat())
    except ValueError:
        raise Problem("Write the date as year-month-day, like 2026-03-18.") from None


def moment(value: object) -> str:
    """A moment as it is stored. Raises Problem."""
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
    except ValueError:
        raise _no_moment() from None
    if found.tzinfo is None:
        raise _no_moment()
    try:
        plain = found.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    except OverflowError:  # at either end of what can be counted, where UTC lies in a year beyond
        raise _too_far() from None
    return f"{_in_range(plain.isoformat())}Z"


def _in_range(text: str) -> str:
    if not FIRST <= text[:4] <= LAST:
        raise _too_far()
    return text


def _no_moment() -> Problem:
    return Problem("Write day and time, like 2026-03-18 09:42+08:00.")


def _too_far() -> Problem:
    return Problem("The year lies too far away; check it.")
