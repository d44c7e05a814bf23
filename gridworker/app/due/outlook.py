"""When some households are called on next and why: what lists, doors and files show beside a name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from gridworker.app.due.cases import RETURNS_WITHIN, Matters, case_of, last_visit, matters_of
from gridworker.app.due.today_view import Sign
from gridworker.app.words import days
from gridworker.domain.codes_care import care_label
from gridworker.domain.masking import share_name
from gridworker.domain.moments import local_day, moment
from gridworker.domain.visit_due import EFFECTIVE, Due, Reason, next_visit
from gridworker.domain.visit_policy import POLICIES
from gridworker.domain.visit_regular import Called, Regular, regular_visit, usual_visit
from gridworker.store.departed import Departed
from gridworker.store.engine.database import raw_cursor
from gridworker.store.queries import due as dues
from gridworker.store.queries import open_issues
from gridworker.store.queries import today as rows
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection
    from gridworker.store.queries.open_issues import IssueFile

FRESH, RECENT = 7, 30
"""Days since the last visit up to which a door is coloured as fresh, as recent (ui/ux.md 4b)."""


@dataclass
class Outlook:
    """What is known of some households, and the rules asked about them."""

    today: date
    houses: Mapping[int, rows.HouseRow] = field(default_factory=dict)
    calls: Mapping[int, Sequence[rows.CallRow]] = field(default_factory=dict)
    cares: Mapping[int, Sequence[rows.CareRow]] = field(default_factory=dict)
    people: Mapping[int, rows.PersonRow] = field(default_factory=dict)
    matters: Matters = field(default_factory=Matters)
    sharing: bool = False
    left: frozenset[int] = frozenset()
    """Records that have left this laptop's grids: only shown, until they are removed."""

    def __post_init__(self) -> None:
        self.due = cache(self._due)
        self.last = cache(self._last)

    def _due(self, household: int) -> Due | None:
        house = self.houses.get(household)
        if house is None:
            return None
        case = case_of(
            house, dues.made_on(household), self.calls.get(household, ()), self.cares.get(household, ()), self.matters
        )
        return next_visit(case, self.today)

    def _soon(self, household: int) -> Due | Regular | None:
        """When the next visit is: the same day as ``due`` has it, the short way where nothing special speaks of it."""
        house, calls = self.houses.get(household), self.calls.get(household, ())
        if house is None or self._is_special(house, calls):
            return self.due(household)
        made, last, missed = dues.made_on(household), self.last(household), None
        if calls and calls[0].outcome not in EFFECTIVE:
            visit = last_visit(calls, EFFECTIVE)
            missed = local_day(calls[0].at) if visit is None or moment(visit.at) < moment(calls[0].at) else None
        asked = [(care.cadence, date.fromisoformat(care.start_on)) for care in self.cares.get(household, ())]
        asked += [(house.cadence, made)] if house.cadence else []
        if asked and not (house.rented and last is None):
            return regular_visit(asked, Called(last, missed), self.today)
        return self.due(household) if asked else usual_visit(made, Called(last, missed), rented=house.rented)

    def _is_special(self, house: rows.HouseRow, calls: Sequence[rows.CallRow]) -> bool:
        """Whether more speaks of a visit than how often each care, or the rule for everybody, asks for one, or less."""
        home = house.household
        agreed = bool(calls and calls[0].follow_up_on)
        return agreed or house.wish == "not_wanted" or home in self.matters.returns or home in self.matters.urgent

    def overdue(self, household: int) -> int:
        """Days the next visit is overdue; 0 where it is not."""
        due = None if household in self.left else self._soon(household)
        return due.overdue(self.today) if due else 0

    def _last(self, household: int) -> date | None:
        """The day of the last visit, attempts left out."""
        call = last_visit(self.calls.get(household, ()), EFFECTIVE)
        return local_day(call.at) if call else None

    def person(self, household: int) -> rows.PersonRow | None:
        """The head of a household."""
        house = self.houses.get(household)
        return self.people.get(house.head) if house and house.head is not None else None

    def name(self, household: int) -> str:
        """The head's name, surname and stars where somebody looks on; '' where nobody is named.

        A head whom a ledger only names stands for the household where nobody of it is on the books.
        """
        person, house = self.person(household), self.houses.get(household)
        return self.called(person.name if person else (house and house.named) or "")

    def called(self, name: str) -> str:
        """A name as it may be shown."""
        return share_name(name) if self.sharing and name else name

    def open_issues(self, household: int) -> int:
        """How many issues of a household are open."""
        return sum(one.issue.household == household and one.status.state.is_open for one in self.matters.issues)

    def cares_of(self, household: int) -> list[Sign]:
        """The care in force as signs, one for each group; nothing where somebody looks on."""
        if self.sharing:
            return []
        return list(dict.fromkeys(map(care_sign, self.cares.get(household, ()))))

    def overdue_sign(self, household: int) -> Sign | None:
        """``2 d overdue``, ``today``, or that it has left this laptop's grids; None for later."""
        if household in self.left:
            return Sign("left", gettext("Left this grid"))
        due = self._soon(household)
        if due is None or due.on > self.today:
            return None
        late = due.overdue(self.today)
        return (
            Sign("overdue", gettext("{count} d overdue").format(count=late))
            if late
            else Sign("due", gettext("Due today"))
        )

    def next_sign(self, household: int) -> Sign | None:
        """The same, and the day of a visit that is still ahead."""
        due = self._soon(household)
        ahead = due is not None and due.on > self.today and household not in self.left
        return Sign("usual", days.short_day(due.on, self.today)) if due and ahead else self.overdue_sign(household)

    def reason_words(self, reason: Reason) -> str:
        """Why the next visit is on its day; nothing personal where somebody looks on."""
        return gettext("By the visit plan") if self.sharing else gettext("For “{reason}”").format(reason=reason)


def care_sign(care: rows.CareRow) -> Sign:
    """``Lives alone (65+) · Weekly``."""
    label = care_label(care.group, care.arrangement)
    word = POLICIES.get(care.cadence or "V2", POLICIES["V2"]).word
    text = gettext("{group} · {cadence}").format(group=label, cadence=word)
    return Sign("care", text, "-".join(filter(None, (care.group, care.arrangement))))


FEW = 200
"""Households whose issues are read one by one; for more, all that are unsettled are read at once."""


def outlook(connection: "Connection", households: Iterable[int], today: date, *, sharing: bool = False) -> Outlook:
    """Read what is known of some households."""
    wanted = list(households)
    houses = rows.houses(connection, wanted)
    return Outlook(
        today,
        houses,
        rows.calls(connection, wanted),  # who moved out is due for no visit, and was called on before
        rows.cares(connection, houses, today),
        _heads(connection, houses),
        matters_of(_issues(connection, houses, today)),
        sharing,
        Departed(raw_cursor(connection)).here(),
    )


def in_brief(connection: "Connection", households: Iterable[int], today: date, *, sharing: bool = False) -> Outlook:
    """The same for lists, without heads: what signs and the day of the last visit follow from, and no more of calls."""
    wanted = list(households)
    houses = rows.houses(connection, wanted)
    matters = matters_of(_issues(connection, houses, today))
    calls = _last_calls(connection, wanted, matters)
    cares, left = rows.cares(connection, houses, today), Departed(raw_cursor(connection)).here()
    return Outlook(today, houses, calls, cares, matters=matters, sharing=sharing, left=left)


def with_heads(connection: "Connection", known: Outlook) -> Outlook:
    """What is known in brief, and who the heads are."""
    return replace(known, people=_heads(connection, known.houses))


def _heads(connection: "Connection", houses: Mapping[int, rows.HouseRow]) -> dict[int, rows.PersonRow]:
    return rows.people(connection, {house.head for house in houses.values() if house.head is not None})


def _last_calls(connection: "Connection", wanted: Iterable[int], matters: Matters) -> dict[int, list[rows.CallRow]]:
    """The last calls; where something urgent waits, which ones were at the door counts too."""
    found = rows.last_calls(connection, wanted)
    return found | rows.calls(connection, matters.urgent) if matters.urgent else found


def _issues(connection: "Connection", houses: Mapping[int, object], today: date) -> "list[IssueFile]":
    if len(houses) <= FEW:
        return open_issues.of_households(connection, houses)
    return open_issues.unsettled(connection, (today - RETURNS_WITHIN).isoformat())


def people_words(count: int) -> str:
    """``1 person``, ``3 people``; '' for none."""
    return ngettext("{count} person", "{count} people", count).format(count=count) if count else ""


def recency(last: date | None, today: date) -> str:
    """The fill of a door by its last visit."""
    if last is None:
        return "r1"
    gone = (today - last).days
    return "r3" if gone <= FRESH else "r2" if gone <= RECENT else "r1"
