"""How Today is parted: overdue, today, early in the week, left for later; or one walk, in the order of the doors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from gridworker.app.today.round import Round
from gridworker.domain.today_order import Entry, Section, by_route, section_of

OVERDUE, TODAY, EARLY, LATER, ROUTE = "overdue", "today", "early", "later", "route"
ORDER = (ROUTE, OVERDUE, TODAY, EARLY, LATER)
NOW = (ROUTE, OVERDUE, TODAY)
"""The parts with what is due."""

ROWS = 100
"""Rows of a part; a longer list helps nobody, and the count says how many there are."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the list is to be: what was put off until when, what has a draft, the order, whether somebody looks on."""

    put_off: Mapping[int, date] = field(default_factory=dict)
    begun: frozenset[int] = frozenset()
    by_route: bool = False
    sharing: bool = False
    rows: int = ROWS


class Parts:
    """The entries of a round by part, each in its order. The first of what is due is the next visit."""

    def __init__(self, found: Round, wanted: Wanted) -> None:
        self.round = found
        self.wanted = wanted
        parts: dict[str, list[Entry]] = {}
        for entry in found.entries:
            parts.setdefault(self._part(entry), []).append(entry)
        if wanted.by_route:
            parts = {code: by_route(entries) for code, entries in parts.items()}
        self.entries = {code: parts[code] for code in ORDER if code in parts}
        self.first = next((self.entries[code][0] for code in NOW if code in self.entries), None)

    def day(self, entry: Entry) -> date:
        """The day an entry stands on in this list."""
        return self.wanted.put_off.get(entry.household, max(entry.due.on, self.round.today))

    def rest(self, code: str) -> list[Entry]:
        """The entries of a part without the next visit."""
        return [entry for entry in self.entries.get(code, ()) if entry is not self.first]

    def codes(self) -> list[str]:
        """The parts there are in this order of the list."""
        return [ROUTE, EARLY, LATER] if self.wanted.by_route else [OVERDUE, TODAY, EARLY, LATER]

    def shown(self) -> list[Entry]:
        """The entries that are shown as rows, and the next visit."""
        rows = [entry for code in self.entries for entry in self.rest(code)[: self.wanted.rows]]
        return [self.first, *rows] if self.first else rows

    def count(self, code: str) -> int:
        """How many households a part has, without the next visit; with those only counted."""
        sections = {ROUTE: (Section.OVERDUE, Section.TODAY), EARLY: (Section.EARLY, Section.LATER), LATER: ()}.get(code)
        counted = sections if sections is not None else (Section(code),)
        return len(self.rest(code)) + self.round.counted(*counted)

    def overdue(self) -> int:
        """How many are overdue and not put off."""
        today = self.round.today
        late = (entry.due.overdue(today) > 0 for code in NOW for entry in self.entries.get(code, ()))
        return sum(late) + self.round.counted(Section.OVERDUE)

    def planned(self) -> dict[date, int]:
        """How many are planned by day; what is overdue now is counted apart."""
        today = self.round.today
        days = {today: 0, **{day: count for day, count in self.round.beyond.items() if day >= today}}
        for code, entries in self.entries.items():
            for entry in entries:
                if code not in NOW or not entry.due.overdue(today):
                    day = self.day(entry)
                    days[day] = days.get(day, 0) + 1
        return days

    def to_go(self) -> int:
        """How many are due now: overdue, and those of today."""
        return self.overdue() + self.planned()[self.round.today]

    def visited(self, day: date) -> int:
        """How many households were visited on a day of this week."""
        return self.round.visited.get(day, 0)

    def _part(self, entry: Entry) -> str:
        if entry.household in self.wanted.put_off:
            return LATER
        section = section_of(entry.due, self.round.today)
        if section in {Section.EARLY, Section.LATER}:
            return EARLY
        return ROUTE if self.wanted.by_route else section.value
