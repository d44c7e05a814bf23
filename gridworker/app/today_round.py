"""Who is due and why: reads the few households that may be due and asks the rules about each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from gridworker.app.cases import RETURNS_WITHIN, Matters, case_of, matters_of, subject_of
from gridworker.domain.moments import local_day
from gridworker.domain.today_order import Entry, Place, Section, by_priority
from gridworker.domain.visit_due import Due, next_visit
from gridworker.domain.visit_policy import FIRST_VISIT_DAYS, POLICIES, TENANT, USUAL
from gridworker.store.queries import due as dues
from gridworker.store.queries import today as rows
from gridworker.store.queries.open_issues import unsettled

if TYPE_CHECKING:
    from gridworker.store.database import Connection

MOST = 200
"""Regular visits looked at closely, the most overdue first: nobody makes more in a week. The rest are counted."""


@dataclass
class Round:
    """Everything read for one look at Today."""

    today: date
    entries: list[Entry] = field(default_factory=list)
    """What is due up to the end of the week or tomorrow, most urgent first."""
    beyond: dict[Section, int] = field(default_factory=dict)
    """Households due that were only counted, by section."""
    houses: Mapping[int, rows.HouseRow] = field(default_factory=dict)
    calls: Mapping[int, Sequence[rows.CallRow]] = field(default_factory=dict)
    cares: Mapping[int, Sequence[rows.CareRow]] = field(default_factory=dict)
    matters: Matters = field(default_factory=Matters)
    visited: Sequence[tuple[date, int]] = ()

    @property
    def monday(self) -> date:
        """The first day of this week."""
        return self.today - timedelta(days=self.today.weekday())

    def subject(self, household: int, due: Due) -> int | None:
        """The resident a visit is for."""
        return subject_of(self.houses[household], due.reason, self.cares.get(household, ()))


def read_round(connection: "Connection", today: date, also: frozenset[int] = frozenset()) -> Round:
    """Who is due up to the end of the week, or tomorrow. ``also``: households wanted in any case (put off, parked)."""
    found = Round(today)
    until = max(found.monday + timedelta(days=6), today + timedelta(days=1))
    ahead = dues.Ahead(today, until, POLICIES)
    found.matters = matters_of(unsettled(connection, (today - RETURNS_WITHIN).isoformat()))
    plain = sorted((_plain_day(row), row.household) for row in dues.plain_due(connection, ahead))
    wanted = {household for _, household in plain[:MOST]} | dues.care_due(connection, ahead)
    wanted |= dues.agreed_by(connection, until) | _asked_by(found.matters, until) | also
    _count(found, [day for day, household in plain[MOST:] if household not in wanted])
    found.houses = rows.houses(connection, wanted)
    found.calls = rows.calls(connection, found.houses)
    found.cares = rows.cares(connection, found.houses, today)
    found.visited = dues.visited(connection, found.monday)
    found.entries = by_priority((entry for entry in _entries(found) if entry.due.on <= until), today)
    return found


def _asked_by(matters: Matters, until: date) -> set[int]:
    returns = {household for household, waiting in matters.returns.items() if any(due.on <= until for due in waiting)}
    return returns | set(matters.urgent)


def _entries(found: Round) -> list[Entry]:
    entries = []
    for household, house in found.houses.items():
        case = case_of(
            house,
            dues.made_on(household),
            found.calls.get(household, ()),
            found.cares.get(household, ()),
            found.matters,
        )
        due = next_visit(case, found.today)
        if due is not None:
            entries.append(Entry(household, due, Place(house.estate, house.building, house.unit, house.room)))
    return entries


def _count(found: Round, counted: Sequence[date]) -> None:
    """Put households that are only counted where they belong."""
    for day in counted:
        section = Section.OVERDUE if day < found.today else Section.TODAY if day == found.today else Section.EARLY
        found.beyond[section] = found.beyond.get(section, 0) + 1


def _plain_day(row: dues.Plain) -> date:
    """The day by the plain rule: so long after the last visit, or after it came on the books."""
    since = dues.made_on(row.household)
    if row.rented and row.visited_at is None:
        return since + timedelta(days=FIRST_VISIT_DAYS)
    policy = POLICIES[TENANT if row.rented else USUAL]
    last = local_day(row.visited_at) if row.visited_at else since
    return max(last, since) + timedelta(days=policy.interval_days)
