"""Numbers for people to quote: each holds the laptop's number, so no two laptops give the same (domain.md 2.1)."""

from collections.abc import Iterable
from datetime import date


def household_number(device: int, taken: Iterable[str]) -> str:
    """``H07-0012``: the next one this laptop has not given."""
    return _next(f"H{device:02d}-", taken, 4)


def visit_number(device: int, day: date, taken: Iterable[str]) -> str:
    """``V07-260318-02``: the second visit of the day on laptop 7."""
    return _next(f"V{device:02d}-{day:%y%m%d}-", taken, 2)


def issue_number(device: int, day: date, taken: Iterable[str]) -> str:
    """``S07-260318-01``: the first issue of the day on laptop 7."""
    return _next(f"S{device:02d}-{day:%y%m%d}-", taken, 2)


def need_number(device: int, day: date, taken: Iterable[str]) -> str:
    """``N07-260318-01``: the first need of the day on laptop 7."""
    return _next(f"N{device:02d}-{day:%y%m%d}-", taken, 2)


def _next(prefix: str, taken: Iterable[str], width: int) -> str:
    tails = (number.removeprefix(prefix) for number in taken if number.startswith(prefix))
    highest = max((int(tail) for tail in tails if tail.isdigit()), default=0)
    return f"{prefix}{highest + 1:0{width}d}"
