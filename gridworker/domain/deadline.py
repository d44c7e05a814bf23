"""Deadlines of the first action, in clock time (domain.md 3.6): amber at 70 % of the limit, red after it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from types import MappingProxyType

_DAY = timedelta(hours=24)
FIRST_ACTION = MappingProxyType({
    "F1": timedelta(hours=2),
    "F2": _DAY,
    "F3": timedelta(minutes=30),
    "F4": _DAY,
})  # fmt: skip
"""By track; services and everything else have 24 hours until the working-day calendar exists."""

ON_SITE = MappingProxyType({"F2": timedelta(minutes=30)})
"""The shorter limit for who is there when it happens."""

AMBER_FROM = 0.7


class Light(Enum):
    """How a deadline stands."""

    FINE = "fine"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A limit that runs from ``start`` until it is ``met``. The clock never stops: a breach is recorded, not hidden."""

    start: datetime
    limit: timedelta
    met: datetime | None = None

    @property
    def due(self) -> datetime:
        """When the limit is up."""
        return self.start + self.limit

    def left(self, now: datetime) -> timedelta:
        """Time left, negative when late; once met, what was left then."""
        return self.due - (self.met or now)

    def used(self, now: datetime) -> float:
        """The part of the limit used: 0 at the start, 1 when it is up, more when late."""
        return max(0.0, ((self.met or now) - self.start) / self.limit)

    def light(self, now: datetime) -> Light:
        """Amber from 70 % on, red when the limit is over; met in time is always fine."""
        if self.left(now) < timedelta(0):
            return Light.RED
        return Light.AMBER if self.met is None and self.used(now) >= AMBER_FROM else Light.FINE


def first_action_limit(track: str | None, *, on_site: bool = False) -> timedelta:
    """How long the first action may take."""
    usual = FIRST_ACTION.get(track or "", _DAY)
    return ON_SITE.get(track or "", usual) if on_site else usual


def first_action(
    track: str | None, reported_at: datetime, responded_at: datetime | None = None, *, on_site: bool = False
) -> Deadline:
    """The deadline of an issue's first action."""
    return Deadline(reported_at, first_action_limit(track, on_site=on_site), responded_at)
