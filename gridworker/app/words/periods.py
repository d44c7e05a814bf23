"""Stretches of time that offices report by: this month and the last, this year and the last."""

from datetime import date, timedelta
from typing import NamedTuple

from gridworker.text import gettext


class Period(NamedTuple):
    """A stretch of days, both ends in it; None is open."""

    name: str
    label: str
    since: date | None = None
    until: date | None = None


def periods(today: date) -> list[Period]:
    """What can be picked; the first is all of it."""
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    before = month - timedelta(days=1)
    last_year = year - timedelta(days=1)
    return [
        Period("", gettext("From the beginning")),
        Period("month", gettext("This month"), month, today),
        Period("before", gettext("Last month"), before.replace(day=1), before),
        Period("year", gettext("This year"), year, today),
        Period("last_year", gettext("Last year"), last_year.replace(month=1, day=1), last_year),
    ]
