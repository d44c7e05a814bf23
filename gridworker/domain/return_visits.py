"""When an issue that is resolved is asked about again (domain.md 4.2)."""

from collections.abc import Sequence
from datetime import date, timedelta
from types import MappingProxyType

RETURN_DAYS = MappingProxyType({"F2": (7, 30, 90), "F3": (7,)})
"""Days after it was resolved, by track: a mediated dispute three times, a hazard is looked at again after a week."""

USUAL_RETURN = (3,)


def return_dates(track: str | None, resolved_on: date) -> tuple[date, ...]:
    """All return visits an issue asks for."""
    return tuple(resolved_on + timedelta(days=days) for days in RETURN_DAYS.get(track or "", USUAL_RETURN))


def next_return(
    track: str | None, resolved_on: date, returned_on: Sequence[date] = (), planned_on: date | None = None
) -> date | None:
    """The next return visit, or None when all are done.

    Each visit with an answer stands for one of the dates; a planned date comes before the rule until the visit is made.
    """
    if planned_on is not None and all(day < planned_on for day in returned_on):
        return planned_on
    dates = return_dates(track, resolved_on)
    return dates[len(returned_on)] if len(returned_on) < len(dates) else None
