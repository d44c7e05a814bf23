"""Numbers for people to quote: each holds the laptop's number, so no two laptops give the same (domain.md 2.1).

``V07-260318-02`` is the second visit written down on laptop 7 on 18 March 2026; households, issues and needs likewise.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

NUMBERED: Mapping[str, tuple[str, str]] = MappingProxyType({
    "household": ("household_no", "H"),
    "visit": ("visit_no", "V"),
    "issue": ("issue_no", "S"),
    "need": ("need_no", "N"),
    "service_request": ("request_no", "D"),
})  # fmt: skip
"""By kind: the field that holds the number, and the letter it begins with."""


def next_number(kind: str, device: int, day: date, taken: Iterable[str]) -> str:
    """The next number of a kind that this laptop has not given on a day; ``taken`` are those given."""
    prefix = f"{NUMBERED[kind][1]}{device:02d}-{day:%y%m%d}-"
    tails = (number.removeprefix(prefix) for number in taken if number.startswith(prefix))
    highest = max((int(tail) for tail in tails if tail.isdigit()), default=0)
    return f"{prefix}{highest + 1:02d}"
