"""The open score of a need: why it stands where it stands in the queue (domain.md 3.7).

3 x urgency (0-3) + 2 x log2(people) + 2 x in care (0-1) + repeats (at most 5) + months waiting (at most 6). What it
would cost is not written down, so its class is 0. A person may rank otherwise.
"""

from math import log2

DAYS_A_MONTH = 30
_URGENCY = {"S1": 3, "S2": 2, "S3": 1}
_MOST_REPEATS, _MOST_MONTHS = 5, 6


def need_score(urgency: str, people: int, homes: int, months: int, *, cared: bool) -> float:
    """The score to one decimal. ``homes``: households that raised it; each beyond the first is a repeat."""
    repeats = min(max(homes - 1, 0), _MOST_REPEATS)
    score = 3 * _URGENCY.get(urgency, 0) + 2 * log2(max(people, 1)) + 2 * cared + repeats + min(months, _MOST_MONTHS)
    return round(score, 1)
