"""Who is due and why: reads the few households that may be due and asks the rules about each."""

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from gridworker.app.due.cases import RETURNS_WITHIN, Matters, case_of, matters_of, subject_of
from gridworker.app.long_sort import ID, in_parts
from gridworker.app.today.urgent import Looking, Visits, count_of, most_urgent
from gridworker.domain.moments import moment
from gridworker.domain.today_order import Entry, Place, Section, by_priority, section_on
from gridworker.domain.visit_due import Case, Due, all_visits, next_visit
from gridworker.domain.visit_policy import POLICIES
from gridworker.domain.visit_regular import (
    Called,
    Regular,
    first_of,
    regular_visits,
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

Asks: TypeAlias = dict[tuple[Regular, ...], "array[int]"]
"""Households by all that asks for a visit, whatever day it is: which of it is next, a day tells."""

BESIDE = 20
MOST = 100 + BESIDE
"""Regular visits of a section looked at closely, the most urgent first: a few more than the list has rows for. The rest
are counted."""

HALF_AS_MANY = 2
"""Of a few rows half as many more are enough."""

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
        return monday_of(self.today)

    def counted(self, *sections: Section) -> int:
        """How many households were only counted in some sections."""
        return sum(count for day, count in self.beyond.items() if section_on(day, self.today) in sections)

    def subject(self, household: int, due: Due) -> int | None:
        """The resident a visit is for."""
        return subject_of(self.houses[household], due.reason, self.cares.get(household, ()))


def looked_at(rows: int) -> int:
    """How many of a section are looked at closely for so many rows."""
    return rows + min(BESIDE, rows // HALF_AS_MANY)


class Elsewhere(NamedTuple):
    """What other threads read meanwhile, each on a connection of its own; either waits for it."""

    matters: Callable[[], Matters]
    usual: Callable[[], list[dues.Alike]]


class Begun(NamedTuple):
    """What a round begins with: who is looked at closely; how many others are due, by the day they are counted on."""

    today: date
    chosen: set[int]
    others: Counter[date]


def read_usual(connection: "Connection", ahead: dues.Ahead) -> list[dues.Alike]:
    """The households without care whose regular visit may be due."""
    return dues.plain_due(connection, ahead)


def read_matters(connection: "Connection", today: date, among: Collection[int] | None = None) -> Matters:
    """What issues ask of households, or of some."""
    return matters_of(pressing(connection, (today - RETURNS_WITHIN).isoformat(), among), listed=False)


def read_asks(connection: "Connection", ahead: dues.Ahead, elsewhere: Elsewhere | None = None) -> Asks:
    """What asks for a visit by then, of everybody. ``elsewhere``: what somebody reads meanwhile."""
    regular, others = _regular(dues.care_due(connection, ahead))
    others |= dues.agreed_by(connection, ahead.until)
    others |= _take_usual(elsewhere.usual() if elsewhere else read_usual(connection, ahead), regular)
    matters = elsewhere.matters() if elsewhere else read_matters(connection, ahead.today)
    asked = _asked_by(matters, ahead.until, others)
    before = {household: visits for visits, alike in regular.items() for household in alike if household in asked}
    found = {
        visits: array(ID, [household for household in alike if household not in others and household not in asked])
        for visits, alike in regular.items()
    }
    for household, visits in _with_asked(connection, before, asked, others).items():
        found.setdefault(visits, array(ID)).append(household)
    for household, visits in asks_of(connection, others, ahead.today, matters).items():
        found.setdefault(visits, array(ID)).append(household)
    return {visits: alike for visits, alike in found.items() if alike and is_by(visits, ahead.until)}


def is_by(visits: Collection[Regular], until: date) -> bool:
    """Whether one of them may be due by a day."""
    return any(visit.on <= until for visit in visits)


def asks_of(
    connection: "Connection", households: Iterable[int], today: date, matters: Matters
) -> dict[int, tuple[Regular, ...]]:
    """What asks for a visit of some households, as the rules have it; those where nothing does are left out."""
    found: dict[int, tuple[Regular, ...]] = {}
    for lot in in_parts(sorted(households), _LOT):
        for house, case in _cases(connection, lot, today, matters):
            if visits := {Regular(due.on, due.since, due.policy.weight) for due in all_visits(case)}:
                found[house.household] = tuple(sorted(visits))
    return found


def read_round(
    connection: "Connection",
    today: date,
    also: frozenset[int] = frozenset(),
    asks: Asks | None = None,
    looking: Looking | None = None,
) -> Round:
    """Who is due up to the end of the week, or tomorrow.

    ``also``: households wanted in any case (put off, parked), and looked at closely; ``asks``: what is known to ask for
    visits at least until then.
    """
    looking = looking or Looking(MOST)
    left = left_here(connection)
    asks = read_asks(connection, ahead_of(today)) if asks is None else asks
    return rest_of_round(connection, begin_round(connection, today, asks, also | left, looking), also - left, looking)


def left_here(connection: "Connection") -> frozenset[int]:
    """Who is only shown here: nobody may write a visit to them."""
    return Departed(raw_cursor(connection)).here()


def begin_round(
    connection: "Connection", today: date, asks: Asks, passed_over: Collection[int], looking: Looking
) -> Begun:
    """Who is looked at closely, and how many others are due; some are ``passed_over``."""
    until, regular, others = ahead_of(today).until, Visits(), Counter[date]()
    passed = frozenset(passed_over)
    for visits, alike in asks.items():
        visit = _first_of(visits, today)
        if visit.on <= until:
            regular.setdefault(visit, []).append(_without(alike, passed))
    chosen = most_urgent(connection, regular, today, looking)
    for visit, several in regular.items():
        if count := count_of(several) - len(chosen.get(visit, ())):
            others[_counts_on(visit, today)] += count
    return Begun(today, set().union(*chosen.values()), others)


_first_of = lru_cache(maxsize=8192)(first_of)
"""Remembered from one save to the next: of thousands that ask for visits it changes one or two."""


def _without(alike: "array[int]", passed_over: frozenset[int]) -> "array[int]":
    if not passed_over or passed_over.isdisjoint(alike):
        return alike
    return array(ID, [household for household in alike if household not in passed_over])


def rest_of_round(connection: "Connection", begun: Begun, also: Collection[int], looking: Looking) -> Round:
    """The same with what is known of those who are looked at closely, and of some households beside them."""
    today, found = begun.today, Round(begun.today, beyond=begun.others)
    wanted = begun.chosen.union(also)
    found.matters = looking.matters or read_matters(connection, today, wanted)
    due = (entry for lot in in_parts(sorted(wanted), _LOT) for entry in _entries(connection, found, lot))
    found.entries = by_priority((entry for entry in due if entry.due.on <= ahead_of(today).until), today)
    look_closely(connection, found, also)
    return found


def overdue_homes(connection: "Connection", asks: Asks, today: date) -> list[int]:
    """The households whose visit is overdue, as they lie in the file. ``asks``: what is known to ask for visits."""
    left = left_here(connection)
    late = (alike for visits, alike in asks.items() if first_of(visits, today).overdue(today))
    return sorted(household for alike in late for household in alike if household not in left)


def look_closely(connection: "Connection", found: Round, households: Iterable[int]) -> None:
    """Have the rows of these households at hand too: of the few that are put into words."""
    houses = rows.houses(connection, households)
    found.houses = {**found.houses, **houses}
    found.calls = {**found.calls, **rows.calls(connection, houses)}
    found.cares = {**found.cares, **rows.cares(connection, houses, found.today)}


def ahead_of(today: date, more: timedelta = timedelta(0)) -> dues.Ahead:
    """Up to the end of the week, or tomorrow, and so much more."""
    return dues.Ahead(today, max(monday_of(today) + timedelta(days=6), today + timedelta(days=1)) + more, POLICIES)


def monday_of(today: date) -> date:
    """The first day of the week."""
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
    connection: "Connection",
    before: Mapping[int, tuple[Regular, ...]],
    asked: Mapping[int, Asked],
    others: set[int],
) -> dict[int, tuple[Regular, ...]]:
    """All that asks for a visit of those that issues ask for; about whom the rules must be asked joins the ``others``.

    ``before``: what else asks.
    """
    found = {}
    since = {household: min(one.urgent) if one.urgent else None for household, one in asked.items()}
    for row in dues.called_on(connection, since):
        if not row.plain:
            others.add(row.household)
        elif visits := {*before.get(row.household, ()), *_visits_asked(asked[row.household], row)}:
            found[row.household] = tuple(sorted(visits))
    return found


def _visits_asked(asked: Asked, row: dues.CalledOn) -> list[Regular]:
    called, seen = Called(missed=_day(row.missed_on)), moment(row.at_the_door) if row.at_the_door else None
    unseen = (at for at in asked.urgent if seen is None or seen < at)
    return [*(return_visit(day, called) for day in asked.returns), *(urgent_visit(at, called) for at in unseen)]


def _cases(
    connection: "Connection", households: Sequence[int], today: date, matters: Matters
) -> "Iterator[tuple[rows.HouseRow, Case]]":
    houses = rows.houses(connection, households)
    calls, cares = rows.calls(connection, houses), rows.cares(connection, houses, today)
    for household, house in houses.items():
        made = dues.made_on(household)
        yield house, case_of(house, made, calls.get(household, ()), cares.get(household, ()), matters)


def _entries(connection: "Connection", found: Round, households: Sequence[int]) -> list[Entry]:
    entries = []
    for house, case in _cases(connection, households, found.today, found.matters):
        found.estates.add(house.estate)
        due = next_visit(case, found.today)
        if due is not None:
            entries.append(Entry(house.household, due, _place(house)))
    return entries


def _regular(cares: Iterable[dues.Cared]) -> tuple[dict[tuple[Regular, ...], list[int]], set[int]]:
    """What care alone asks for; and the households about which the rules must be asked."""
    regular: dict[tuple[Regular, ...], list[int]] = {}
    others = set[int]()
    for row in cares:
        if row.plain:
            asks = [(cadence, date.fromisoformat(since)) for cadence, since in row.asks]
            visits = tuple(sorted(set(regular_visits(asks, Called(missed=_day(row.missed_on))))))
            regular.setdefault(visits, []).extend(row.households)
        else:
            others.update(row.households)
    return regular, others


def _take_usual(usual: Iterable[dues.Alike], regular: dict[tuple[Regular, ...], list[int]]) -> set[int]:
    """Add the visits that follow from the rule for everybody; the households about which the rules must be asked."""
    others = set[int]()
    for row in usual:
        if row.plain:
            regular.setdefault((_usual(row),), []).extend(row.households)
        else:
            others.update(row.households)
    return others


def _counts_on(visit: Regular, today: date) -> date:
    """The day a visit is counted on: what is overdue on the day it was due first."""
    return visit.since if visit.overdue(today) else max(visit.on, today)


@lru_cache(maxsize=4096)
def _day(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None


def _place(house: rows.HouseRow) -> Place:
    return Place(house.estate, house.building, house.unit, house.room)


def _usual(row: dues.Alike) -> Regular:
    since = date.fromisoformat(row.since)
    return usual_visit(since, Called(since if row.visited else None, _day(row.missed_on)), rented=bool(row.rented))
