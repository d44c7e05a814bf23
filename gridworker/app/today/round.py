"""Who is due and why: reads the few households that may be due and asks the rules about each."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from heapq import nsmallest
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from gridworker.app.due.cases import RETURNS_WITHIN, Matters, case_of, matters_of, subject_of
from gridworker.app.long_sort import in_parts
from gridworker.domain.moments import moment
from gridworker.domain.today_order import Entry, Place, Section, Ways, by_priority, section_of, section_on, urgency
from gridworker.domain.visit_due import Due, next_visit
from gridworker.domain.visit_policy import POLICIES
from gridworker.domain.visit_regular import (
    Called,
    Regular,
    first_of,
    regular_visit,
    return_visit,
    urgent_visit,
    usual_visit,
)
from gridworker.store.departed import Departed
from gridworker.store.engine.database import raw_cursor
from gridworker.store.queries import due as dues
from gridworker.store.queries import today as rows
from gridworker.store.queries.open_issues import pressing

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection

Visits: TypeAlias = dict[Regular, list[int]]
"""Households by their visit: tens of thousands share a few hundred, and the rules are asked about each of those."""

MOST = 120
"""Regular visits of a section looked at closely, the most urgent first: a few more than the list has rows for. The rest
are counted."""

_LOT = 1_000
"""So many households are at hand at once while the rules are asked: memory does not grow with those that are due."""


class Asked(NamedTuple):
    """What issues ask of a household: the days of return visits, and when urgent ones were reported."""

    returns: list[date]
    urgent: list[datetime]


@dataclass
class Round:
    """Everything read for one look at Today."""

    today: date
    entries: list[Entry] = field(default_factory=list)
    """What is due up to the end of the week or tomorrow, most urgent first."""
    beyond: Counter[date] = field(default_factory=Counter)
    """Households that were only counted, by the day they are due."""
    estates: set[str | None] = field(default_factory=set)
    """Where all of these live."""
    houses: Mapping[int, rows.HouseRow] = field(default_factory=dict)
    """Of those that are shown, like their calls and cares: see ``look_closely``."""
    calls: Mapping[int, Sequence[rows.CallRow]] = field(default_factory=dict)
    cares: Mapping[int, Sequence[rows.CareRow]] = field(default_factory=dict)
    matters: Matters = field(default_factory=Matters)
    visited: Mapping[date, int] = field(default_factory=dict)
    """How many households were visited, by day of this week."""

    @property
    def monday(self) -> date:
        """The first day of this week."""
        return _monday(self.today)

    def counted(self, *sections: Section) -> int:
        """How many households were only counted in some sections."""
        return sum(count for day, count in self.beyond.items() if section_on(day, self.today) in sections)

    def subject(self, household: int, due: Due) -> int | None:
        """The resident a visit is for."""
        return subject_of(self.houses[household], due.reason, self.cares.get(household, ()))


class Beside(NamedTuple):
    """What can be read beside the households: what issues ask of them, and who was visited since Monday."""

    matters: Matters
    visited: Mapping[date, int]


class Elsewhere(NamedTuple):
    """What other threads read meanwhile, each on a connection of its own; either waits for it."""

    beside: Callable[[], Beside]
    usual: Callable[[], list[dues.Alike]]


def read_usual(connection: "Connection", today: date) -> list[dues.Alike]:
    """The households without care whose regular visit may be due."""
    return dues.plain_due(connection, _ahead(today))


def read_beside(connection: "Connection", today: date) -> Beside:
    """What issues ask of households, and the visits of this week."""
    matters = matters_of(pressing(connection, (today - RETURNS_WITHIN).isoformat()), listed=False)
    return Beside(matters, dues.visited(connection, _monday(today)))


def read_round(
    connection: "Connection",
    today: date,
    also: frozenset[int] = frozenset(),
    elsewhere: Elsewhere | None = None,
) -> Round:
    """Who is due up to the end of the week, or tomorrow.

    ``also``: households wanted in any case (put off, parked), and looked at closely; ``elsewhere``: what somebody reads
    meanwhile.
    """
    found = Round(today)
    ahead = _ahead(today)
    until = ahead.until
    regular, others = _regular(dues.care_due(connection, ahead), today)
    wanted = dues.agreed_by(connection, until) | also
    left = Departed(raw_cursor(connection)).here()  # only shown here: nobody may write a visit to them
    usual = elsewhere.usual() if elsewhere else read_usual(connection, today)
    wanted |= _take_usual(usual, regular)
    found.matters, found.visited = elsewhere.beside() if elsewhere else read_beside(connection, today)
    wanted = (wanted | others) - left
    regular, asking = _with_asked(connection, regular, _asked_by(found.matters, until, wanted | left), today)
    wanted |= asking
    passed_over = wanted | left
    regular = {
        visit: [household for household in alike if household not in passed_over]
        for visit, alike in regular.items()
        if visit.on <= until
    }
    wanted |= _most_urgent(connection, regular, today)
    for visit, alike in regular.items():
        if count := sum(household not in wanted for household in alike):
            found.beyond[_counts_on(visit, today)] += count
    due = (entry for lot in in_parts(sorted(wanted), _LOT) for entry in _entries(connection, found, lot))
    found.entries = by_priority((entry for entry in due if entry.due.on <= until), today)
    look_closely(connection, found, also - left)
    return found


def look_closely(connection: "Connection", found: Round, households: Iterable[int]) -> None:
    """Have the rows of these households at hand too: of the few that are put into words."""
    houses = rows.houses(connection, households)
    found.houses = {**found.houses, **houses}
    found.calls = {**found.calls, **rows.calls(connection, houses)}
    found.cares = {**found.cares, **rows.cares(connection, houses, found.today)}


def _ahead(today: date) -> dues.Ahead:
    """Up to the end of the week, or tomorrow."""
    return dues.Ahead(today, max(_monday(today) + timedelta(days=6), today + timedelta(days=1)), POLICIES)


def _monday(today: date) -> date:
    return today - timedelta(days=today.weekday())


def _asked_by(matters: Matters, until: date, known: set[int]) -> dict[int, Asked]:
    """What issues ask by then of households, those known already left out."""
    asked = {household: Asked([], urgent) for household, urgent in matters.urgent.items() if household not in known}
    for household, several in matters.returns.items():
        days = [due.on for due in several if due.on <= until]
        if days and household not in known:
            asked[household] = Asked(days, matters.urgent.get(household, []))
    return asked


def _with_asked(
    connection: "Connection", regular: Visits, asked: Mapping[int, Asked], today: date
) -> tuple[Visits, set[int]]:
    """The visits where those come in that issues ask for; and the households about which the rules must be asked."""
    before = {household: visit for visit, alike in regular.items() for household in alike if household in asked}
    found = {visit: [household for household in alike if household not in asked] for visit, alike in regular.items()}
    others = set[int]()
    since = {household: min(one.urgent) if one.urgent else None for household, one in asked.items()}
    for row in dues.called_on(connection, since):
        visits = _visits_asked(asked[row.household], row)
        if row.household in before:
            visits.append(before[row.household])
        if not row.plain:
            others.add(row.household)
        elif visits:
            found.setdefault(first_of(visits, today), []).append(row.household)
    return found, others


def _visits_asked(asked: Asked, row: dues.CalledOn) -> list[Regular]:
    called, seen = Called(missed=_day(row.missed_on)), moment(row.at_the_door) if row.at_the_door else None
    unseen = (at for at in asked.urgent if seen is None or seen < at)
    return [*(return_visit(day, called) for day in asked.returns), *(urgent_visit(at, called) for at in unseen)]


def _entries(connection: "Connection", found: Round, households: Sequence[int]) -> list[Entry]:
    houses = rows.houses(connection, households)
    calls, cares = rows.calls(connection, houses), rows.cares(connection, houses, found.today)
    found.estates |= {house.estate for house in houses.values()}
    entries = []
    for household, house in houses.items():
        case = case_of(
            house, dues.made_on(household), calls.get(household, ()), cares.get(household, ()), found.matters
        )
        due = next_visit(case, found.today)
        if due is not None:
            entries.append(Entry(household, due, _place(house)))
    return entries


def _regular(cares: Iterable[dues.Cared], today: date) -> tuple[Visits, set[int]]:
    """The visits that follow from care alone; and the households about which the rules must be asked."""
    regular: Visits = {}
    others = set[int]()
    for row in cares:
        if row.plain:
            asks = [(cadence, date.fromisoformat(since)) for cadence, since in row.asks]
            visit = regular_visit(asks, Called(missed=_day(row.missed_on)), today)
            regular.setdefault(visit, []).extend(row.households)
        else:
            others.update(row.households)
    return regular, others


def _take_usual(usual: Iterable[dues.Alike], regular: Visits) -> set[int]:
    """Add the visits that follow from the rule for everybody; the households about which the rules must be asked."""
    others = set[int]()
    for row in usual:
        if row.plain:
            regular.setdefault(_usual(row), []).extend(row.households)
        else:
            others.update(row.households)
    return others


def _counts_on(visit: Regular, today: date) -> date:
    """The day a visit is counted on: what is overdue on the day it was due first."""
    return visit.since if visit.overdue(today) else max(visit.on, today)


@lru_cache(maxsize=4096)
def _day(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None


def _most_urgent(connection: "Connection", regular: Visits, today: date) -> set[int]:
    """The first of each section. Only where the cut falls among equals the order of their doors decides."""
    sections: dict[Section, dict[tuple[int, date], list[int]]] = {}
    for visit, alike in regular.items():
        rank = urgency(visit.score(today), visit.on, today)
        sections.setdefault(section_of(visit, today), {}).setdefault(rank, []).extend(alike)
    chosen: set[int] = set()
    ways = Ways()
    for ranks in sections.values():
        left = MOST
        for _, equals in sorted(ranks.items()):
            if len(equals) > left:
                doors = rows.doors(connection, equals)
                equals = nsmallest(left, doors, key=lambda household: (ways.of(doors[household]), household))
            chosen.update(equals)
            left -= len(equals)
            if not left:
                break
    return chosen


def _place(house: rows.HouseRow) -> Place:
    return Place(house.estate, house.building, house.unit, house.room)


def _usual(row: dues.Alike) -> Regular:
    since = date.fromisoformat(row.since)
    return usual_visit(since, Called(since if row.visited else None, _day(row.missed_on)), rented=bool(row.rented))
