"""Today as plain values: what the page shows, in the current language, masked where somebody looks on."""

from dataclasses import dataclass
from datetime import date

FIRST = 12
"""Rows of each part that fill a screen: those are shown before the others are read."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A word beside a name. ``kind``: overdue, due, later, draft, or the code of a reason (care, return, urgent, ...).

    An urgent reason that is not overdue is ``urgent-today`` or ``urgent-ahead``: nobody waits in vain yet.
    ``group`` says which care (``C3-2``: group and living arrangement), so that it can have its own icon.
    """

    kind: str
    text: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class TodayRow:
    """One household to call on. ``about`` is the age, ``ago`` how long since the last visit."""

    household: int
    name: str
    about: str
    door: str
    signs: tuple[Sign, ...]
    ago: str
    day: date
    overdue: int = 0
    draft: bool = False


@dataclass(frozen=True, slots=True)
class SectionView:
    """One part of the list. ``code``: overdue, today, early, later. ``count`` may be more than the rows shown."""

    code: str
    title: str
    aside: str
    rows: tuple[TodayRow, ...]
    count: int


@dataclass(frozen=True, slots=True)
class HeroView:
    """The next household, and what was written last time."""

    row: TodayRow
    note: str


@dataclass(frozen=True, slots=True)
class DayView:
    """One day of the week: visits made, planned, overdue."""

    day: date
    name: str
    done: int = 0
    planned: int = 0
    overdue: int = 0
    is_today: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class WaitingView:
    """An issue nobody has acted on yet. ``left`` counts down from ``whole`` seconds and on below zero."""

    issue: int
    track: str
    title: str
    about: str
    left: int
    whole: int


@dataclass(frozen=True, slots=True)
class WaitingIssues:
    """The issues nobody has acted on yet: how many, how many of them late, and those that are shown.

    ``first`` have the least time left; ``running`` is the first whose time is not up, or None.
    """

    count: int = 0
    late: int = 0
    first: tuple[WaitingView, ...] = ()
    running: WaitingView | None = None


@dataclass(frozen=True, slots=True)
class ParkedView:
    """A visit begun and not finished. ``whose`` is the colleague who began it; empty for one's own."""

    household: int
    text: str
    whose: str = ""


@dataclass(frozen=True, slots=True)
class TodayView:
    """Everything on the page. ``state``: some, empty, done, first (nobody on the books yet)."""

    day: date
    date_text: str
    state: str
    hero: HeroView | None = None
    sections: tuple[SectionView, ...] = ()
    week: tuple[DayView, ...] = ()
    waiting: WaitingIssues = WaitingIssues()
    parked: tuple[ParkedView, ...] = ()
    tomorrow: int = 0
    clock_wrong: bool = False
    by_route: bool = False
    is_before: bool = False
    """It was told by who was due before very much came: who else is, and the counts, are still being worked out."""

    @property
    def visited_today(self) -> int:
        """How many households were visited today."""
        return sum(day.done for day in self.week if day.is_today)

    @property
    def to_go(self) -> int:
        """How many visits are due now."""
        return sum(day.planned + day.overdue for day in self.week if day.is_today)

    @property
    def week_done(self) -> int:
        """How many visits were made this week."""
        return sum(day.done for day in self.week)

    @property
    def week_all(self) -> int:
        """How many visits this week has, made and to come."""
        return self.week_done + sum(day.planned + day.overdue for day in self.week)


@dataclass(frozen=True, slots=True)
class Putting:
    """What putting a household off did: the sentence to show, and the day before, for undo."""

    household: int
    text: str
    before: str | None = None
