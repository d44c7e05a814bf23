"""The order of Today (ui/ux.md 4a): days overdue times the weight of the reason, ties by building."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple, TypeAlias

from gridworker.domain.address import natural_key
from gridworker.domain.visit_due import Due
from gridworker.domain.visit_regular import Regular

PlaceKey: TypeAlias = tuple[bool | tuple[tuple[int, int, str], ...], ...]


class Place(NamedTuple):
    """A door for sorting: estate, building, unit and room as stored."""

    estate: str | None = None
    building: str | None = None
    unit: str | None = None
    room: str | None = None

    @property
    def key(self) -> PlaceKey:
        """The order you would walk: estate, building, unit, then room, numbers as numbers; who has no door is last."""
        return self.building is None, *map(natural_key, self)


class Section(Enum):
    """The parts of the list."""

    OVERDUE = "overdue"
    TODAY = "today"
    EARLY = "early"
    LATER = "later"


class Entry(NamedTuple):
    """One household in the list."""

    household: int
    due: Due
    place: Place


def section_of(due: Due | Regular, today: date) -> Section:
    """Where a visit stands: overdue, today, this week (could be done early), later."""
    return Section.OVERDUE if due.overdue(today) else section_on(max(due.on, today), today)


def section_on(day: date, today: date) -> Section:
    """Where a visit stands that is due on a day and was not due before."""
    if day < today:
        return Section.OVERDUE
    if day == today:
        return Section.TODAY
    sunday = today + timedelta(days=6 - today.weekday())
    return Section.EARLY if day <= sunday else Section.LATER


def urgency(score: int, on: date, today: date) -> tuple[int, date]:
    """What is more urgent comes first; what is not due yet follows by day."""
    return -score, max(on, today)


def by_priority(entries: Iterable[Entry], today: date) -> list[Entry]:
    """Most urgent first; what is not due yet follows by day; ties in walking order."""
    ways = Ways()
    return sorted(
        entries, key=lambda entry: (*urgency(entry.due.score(today), entry.due.on, today), ways.of(entry.place),
                                    entry.household)
    )  # fmt: skip


def by_route(entries: Iterable[Entry]) -> list[Entry]:
    """In walking order."""
    ways = Ways()
    return sorted(entries, key=lambda entry: (ways.of(entry.place), entry.household))


class Ways(dict[str | None, tuple[tuple[int, int, str], ...]]):
    """What parts of doors are sorted by, each worked out once: thousands of doors share a hundred numbers."""

    def __missing__(self, part: str | None) -> tuple[tuple[int, int, str], ...]:
        self[part] = natural_key(part)
        return self[part]

    def of(self, place: Place) -> PlaceKey:
        """As ``Place.key``."""
        return place.building is None, *map(self.__getitem__, place)
