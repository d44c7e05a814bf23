"""Today: whom to visit next and why, what waits for a first response, what was begun and not finished."""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any

from gridworker.app.drafts import Begun, Draft, Drafts
from gridworker.app.due.today_view import FIRST, ParkedView, Putting, TodayView, WaitingIssues
from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.app.issue.book import Book
from gridworker.app.session import Session
from gridworker.app.today.brief import Brief
from gridworker.app.today.due_book import DueBook
from gridworker.app.today.list import Listing
from gridworker.app.today.parts import ROWS, Parts, Wanted
from gridworker.app.today.round import Begun as BegunRound
from gridworker.app.today.round import (
    Round,
    begin_round,
    left_here,
    look_closely,
    looked_at,
    monday_of,
    rest_of_round,
)
from gridworker.app.today.urgent import Looking
from gridworker.app.today.waiting import waiting
from gridworker.app.words import days
from gridworker.domain.address import door_label
from gridworker.domain.moments import moment
from gridworker.errors import Problem
from gridworker.store.queries import due as dues
from gridworker.store.queries import households as home_rows
from gridworker.store.queries import today as rows
from gridworker.text import gettext, language

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection

VISIT, LATER = "visit:", "later:"
"""How drafts are named: a visit begun, a household put off. Both are this device's own and never travel."""

_CLOCK_MAY_LAG = timedelta(days=1)


class Today(Service):
    """Reading the day, and putting a household off.

    Putting off is a plan, not something that happened: nobody was called on, so no visit is recorded, and the day a
    visit was due stays what it was. It is kept on this device like a draft, until that day or the next visit.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._book, self._due, self._brief = session.shared(Book), session.shared(DueBook), session.shared(Brief)
        self._drafts = Drafts(session)
        self._reading = Lock()
        self._kept: tuple[tuple[Any, ...], TodayView] | None = None

    @needs(Action.READ, Matter.VISITS)
    def look_ahead(self) -> Callable[[], None]:
        """What reads the day while its page is still being made, to be run in another thread at once.

        The next ``view`` waits for it and has it, if nothing was written meanwhile; so has the next ``to_go``.
        """

        def work() -> None:
            with suppress(Problem):  # what stopped it stops the reading of the page too, or is over
                self.view(most=FIRST)

        return work

    @needs(Action.READ, Matter.VISITS)
    def keep_ahead(self) -> None:
        """Keep what asks for visits for the next start, in another thread while nobody asks."""
        with suppress(Problem):
            self._due.keep()
            also = frozenset(map(_household, (*self._drafts.all(VISIT), *self._drafts.all(LATER))))
            also = also.union(map(_household, self._drafts.of_others(VISIT)))
            self._brief.keep(lambda connection: also | left_here(connection), Looking(looked_at(FIRST), self._walk))

    @needs(Action.READ, Matter.VISITS)
    def view(self, *, by_route: bool = False, sharing: bool = False, most: int = ROWS) -> TodayView:
        """The day as it stands now. ``sharing``: somebody looks on, so surnames and doors only.

        ``most``: so many rows of each part, or more where they are known already.

        One reading serves all who ask until something is written: who asks meanwhile waits for it, and only the clocks
        are read again.
        """
        with self._reading:
            before, view = self._asked(), self._known(by_route, sharing, most)
            if view is not None:
                with self._session.store.db.read() as connection:
                    clocks = self._waiting(connection, sharing=sharing)
                return replace(view, waiting=clocks, clock_wrong=self._clock_is_wrong())
            view = self._read(by_route=by_route, sharing=sharing, most=most)
            self._kept = ((*before, by_route, sharing, most), view) if not self._session.read_only else None
            return view

    @property
    @needs(Action.MASKED, Matter.VISITS)
    def is_behind(self) -> bool:
        """Whether very much came, and it takes seconds to tell who is due now."""
        with self._session.store.db.read() as connection:
            return self._brief.before(connection, looked_at(FIRST)) is not None

    @needs(Action.READ, Matter.VISITS)
    def before(self, *, by_route: bool = False, sharing: bool = False, most: int = FIRST) -> TodayView | None:
        """The day by who was due before very much came, while ``view`` takes seconds; None where it takes none.

        What is said of each household is what the books say now; those that are due since are not among them.
        """
        with self._session.store.db.read() as connection:
            begun = self._brief.before(connection, looked_at(most))
        if begun is None:
            return None
        return replace(self._read(by_route=by_route, sharing=sharing, most=most, before=begun), is_before=True)

    @needs(Action.READ, Matter.VISITS)
    def to_go(self) -> int:
        """How many visits are due now: the number beside the page. Where nobody has read the day yet, it is read."""
        with self._reading:
            kept = self._kept
            if kept is not None and kept[0][: len(asked := self._asked())] == asked:  # in whatever order
                return kept[1].to_go
        return self.view().to_go

    def _asked(self) -> tuple[object, ...]:
        """What a reading holds for: while it stays the same, so does the day."""
        return self._session.store.db.writes, self._session.today(), language()

    def _known(self, *asked: int) -> TodayView | None:
        """What was read last, if it is still so: of this order, of who looks on, and with so many rows."""
        kept = self._kept
        found = kept is not None and kept[0][:-1] == (*self._asked(), *asked[:-1]) and kept[0][-1] >= asked[-1]
        return kept[1] if kept is not None and found else None

    def _walk(self, connection: "Connection") -> "Iterable[int] | None":
        """All households in walking order, where the list of households keeps it."""
        from gridworker.app.household.roll import Roll

        return self._session.shared(Roll).walked(connection)

    def _waiting(self, connection: "Connection", *, sharing: bool, before: bool = False) -> WaitingIssues:
        clocks = self._book.waiting_before(connection) if before else self._book.standings(connection).waiting
        return waiting(connection, self._session.now(), clocks, sharing=sharing)

    def _read(self, *, by_route: bool, sharing: bool, most: int, before: BegunRound | None = None) -> TodayView:
        today, clock_wrong = self._session.today(), self._clock_is_wrong()
        begun = {_household(draft): draft for draft in self._drafts.all(VISIT)}
        later = {_household(draft): draft for draft in self._drafts.all(LATER)}
        db = self._session.store.db

        def read_meanwhile(connection: "Connection") -> tuple[dict[date, int], WaitingIssues]:
            clocks = self._waiting(connection, sharing=sharing, before=before is not None)
            return dues.visited(connection, monday_of(today)), clocks

        with db.meanwhile(read_meanwhile) as meanwhile, db.read() as connection:
            if not rows.any_household(connection):
                return TodayView(today, days.long_day(today), "first", clock_wrong=clock_wrong, by_route=by_route)
            others = self._drafts.of_others(VISIT)
            parked = frozenset(begun) | {_household(one) for one in others}
            left, also, looking = left_here(connection), parked.union(later), Looking(looked_at(most), self._walk)
            begun_round = before or self._begun(connection, also | left, looking)
            begun_round.chosen.difference_update(left)
            found = rest_of_round(connection, begun_round, also - left, looking)
            found.visited, clocks = meanwhile()
            parts = Parts(found, Wanted(_put_off(later, found), frozenset(begun), by_route, sharing, most))
            look_closely(connection, found, {entry.household for entry in parts.shown()} - found.houses.keys())
            listing = Listing(parts, _people(connection, parts, parked))
            hero = listing.hero(_notes(connection, parts))
        week = listing.week()
        return TodayView(
            day=today,
            date_text=days.long_day(today),
            state="some" if hero else "done" if any(day.is_today and day.done for day in week) else "empty",
            hero=hero,
            sections=listing.sections(),
            week=week,
            waiting=clocks,
            tomorrow=parts.planned().get(today + timedelta(days=1), 0),
            parked=(
                *(self._parked(listing, id, draft) for id, draft in begun.items()),
                *(self._parked(listing, _household(one), one) for one in others),
            ),
            clock_wrong=clock_wrong,
            by_route=by_route,
        )

    def _begun(self, connection: "Connection", passed_over: Collection[int], looking: Looking) -> BegunRound:
        known = self._brief.begun(connection, passed_over, looking.most)
        return known or begin_round(connection, self._session.today(), self._due.asks(connection), passed_over, looking)

    @needs(Action.CHANGE, Matter.VISITS)
    def put_off(self, household: int, until: date | None = None) -> Putting:
        """Leave a household for another day; without one for the day after the one it stands on."""
        before = self._drafts.get(f"{LATER}{household}")
        day = until or max(_day(before) or self._session.today(), self._session.today()) + timedelta(days=1)
        self._drafts.keep(f"{LATER}{household}", {"until": day.isoformat()})
        text = gettext("Left for {day}.").format(day=days.full_day(day))
        return Putting(household, text, str(before.fields.get("until")) if before else None)

    @needs(Action.CHANGE, Matter.VISITS)
    def put_back(self, putting: Putting) -> None:
        """Undo putting off."""
        name = f"{LATER}{putting.household}"
        if putting.before:
            self._drafts.keep(name, {"until": putting.before})
        else:
            self._drafts.drop(name)

    def _parked(self, listing: Listing, household: int, draft: "Draft | Begun") -> ParkedView:
        when = days.near_moment(draft.kept_at, self._session.today())
        name, door = listing.name(household), listing.door(household)
        if not door:  # it has moved out since; what was begun can still be finished
            with self._session.store.db.read() as connection:
                home = home_rows.home(connection, household)
            door = door_label(home.building_name or "", home.unit, home.room) if home else ""
            name = gettext("Moved out") if home else gettext("No longer on the books")
        whose = draft.called if isinstance(draft, Begun) else ""
        return ParkedView(household, gettext("{name}·{door}·{when}").format(name=name, door=door, when=when), whose)

    def _clock_is_wrong(self) -> bool:
        """Whether the clock stands before what this store has seen already, or the office's reply said so."""
        from gridworker.app.exchange.clocks import Clocks
        from gridworker.store.log.clock import moment_of
        from gridworker.store.meta import Meta

        with self._session.store.cursor() as cursor:
            last = Meta(cursor).number("clock")
        return self._session.now() < moment_of(last) - _CLOCK_MAY_LAG or Clocks(self._session).own() is not None


def _household(draft: "Draft | Begun") -> int:
    return int(draft.name.partition(":")[2])


def _day(draft: Draft | None) -> date | None:
    return date.fromisoformat(str(draft.fields["until"])) if draft else None


def _put_off(later: Mapping[int, Draft], found: Round) -> dict[int, date]:
    """What still counts as put off: until its day, unless somebody called there since."""
    days_by_household = {}
    for household, draft in later.items():
        calls, day = found.calls.get(household, ()), _day(draft)
        if day is not None and day > found.today and not (calls and moment(calls[0].at) > draft.kept_at):
            days_by_household[household] = day
    return days_by_household


def _people(connection: "Connection", parts: Parts, begun: Iterable[int]) -> Mapping[int, rows.PersonRow]:
    """Everybody who is named on the page."""
    found = parts.round
    wanted = {found.subject(entry.household, entry.due) for entry in parts.shown()}
    wanted |= {found.houses[household].head for household in begun if household in found.houses}
    return rows.people(connection, {id for id in wanted if id is not None})


def _notes(connection: "Connection", parts: Parts) -> Mapping[int, str]:
    calls = parts.round.calls.get(parts.first.household, ()) if parts.first else ()
    return rows.last_notes(connection, [call.visit for call in calls[:1]])
