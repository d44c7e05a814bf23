"""Households: the list with its filter, what a door shows of one, and the whole file."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from gridworker.app.drafts import Drafts
from gridworker.app.due.outlook import Outlook, in_brief, outlook, people_words, with_heads
from gridworker.app.estates import Estates
from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.app.household.file import read_file
from gridworker.app.household.filter import EVERYBODY, Choice, HouseholdFilter, choices, narrowed
from gridworker.app.household.first import Looking, first_page
from gridworker.app.household.home import Home
from gridworker.app.household.opened import OPENED, last_opened
from gridworker.app.household.order import CARE, DOOR, SOME, Order, Walking, in_door_order, ordered
from gridworker.app.household.roll import Roll, everything
from gridworker.app.household.view import FileView, HomeView, HouseholdRow
from gridworker.app.session import Session
from gridworker.app.words import days
from gridworker.domain.address import door_label
from gridworker.errors import NotFound, Problem
from gridworker.store.engine.connection import scanning
from gridworker.store.queries import households as rows
from gridworker.store.search import search
from gridworker.text import gettext

if TYPE_CHECKING:
    from array import array

    from gridworker.app.household.export import HouseholdLedger
    from gridworker.app.household.paper import HouseholdPaper
    from gridworker.store.engine.database import Connection
    from gridworker.store.intake.transaction import Progress

_KEPT = 12


class Households(Service):
    """Reading households. What changes them is in ``people`` and ``visits``."""

    def __init__(self, session: Session, roll: Roll | None = None) -> None:
        self._session = session
        self._roll = roll or Roll(session)
        self._ahead = Lock()

    @needs(Action.MASKED, Matter.PEOPLE)
    def choices(self) -> dict[str, tuple[Choice, ...]]:
        """What the list can be narrowed to, by the name of the filter."""
        return choices(self._session)

    @needs(Action.MASKED, Matter.PEOPLE)
    def ids(
        self,
        query: str = "",
        order: str = DOOR,
        narrowing: HouseholdFilter = EVERYBODY,
        *,
        down: bool = False,
        told: Callable[[], object] = int,
    ) -> "array[int]":
        """A snapshot of who lives here, filtered by name, pinyin or door and what is chosen, in order.

        ``down`` turns the order round; among equals it is by door, and who has no value is last either way. ``told`` is
        called again and again: what it raises, where nobody waits any more, ends the reading.
        """
        asked, typed = Order(self._allowed(order), down), bool(query.strip())
        everybody = not typed and not narrowing.building
        with self._session.store.db.read() as connection:
            known = self._roll.whole(connection, asked, narrowing) if everybody else None
            if known is not None:
                return known
            with nullcontext() if typed else scanning(connection):
                wanted = narrowed(self._session, connection, narrowing, known=self._roll.left)
                if typed:
                    wanted = search.homes(connection, query, wanted, told)
                many = wanted is None or len(wanted) > SOME
                doors = self._roll.whole(connection, Order()) if many else None
                found = ordered(connection, wanted, asked, self._session.today(), Walking(doors, told))
                if wanted is None:
                    self._roll.keep(connection, asked, found)
                return found

    @needs(Action.MASKED, Matter.PEOPLE)
    def first(
        self, limit: int, order: str = DOOR, narrowing: HouseholdFilter = EVERYBODY, *, down: bool = False
    ) -> tuple[int, ...]:
        """The first ones: what a list shows while all are put in order; none where that takes as long as all."""
        asked = Order(self._allowed(order), down)
        with self._session.store.db.read() as connection:
            known = self._roll.first(connection, limit, asked, narrowing)
            if known is not None:
                return known
            return first_page(Looking(self._session, connection, limit, asked, narrowing, self._roll.left))

    @needs(Action.MASKED, Matter.PEOPLE)
    def likeliest(self, query: str, limit: int, order: str = DOOR, *, down: bool = False) -> tuple[int, ...]:
        """Some of those a text leaves, in order, where it leaves very many: what a list shows until all are known.

        None where all are known as soon.
        """
        asked = Order(self._allowed(order), down)
        with self._session.store.db.read() as connection:
            some = search.likeliest(connection, query, limit)
            return tuple(ordered(connection, some, asked, self._session.today())) if some else ()

    @needs(Action.MASKED, Matter.PEOPLE)
    def look_ahead(self) -> Callable[..., None]:
        """What reads all orders and filters in another thread while nobody asks, so that whoever does has any at once.

        At a million people it takes sixteen seconds of a processor, at 100,000 a tenth of that; what is known stays,
        also for the next start, where it is known at once.
        It tells after each of them how far it is; what that raises stops it.
        """

        def work(told: "Progress | None" = None) -> None:
            if not self._ahead.acquire(blocking=False):
                return  # somebody is at it
            try:
                with suppress(Problem):  # what stopped it stops the reading of the page too, or is over
                    wanted = everything()
                    for number, what in enumerate(wanted, start=1):
                        with self._session.store.db.read() as connection, scanning(connection):
                            if not self._roll.is_kept(connection, what):
                                self._roll.read(connection, what)
                                self._roll.keep_beside(connection, what)
                        if told is not None:
                            told(number / len(wanted))
                    with self._session.store.db.read() as connection, scanning(connection):
                        self._roll.look_at_days(connection)
            finally:
                self._ahead.release()

        return work

    def _allowed(self, order: str) -> str:
        return DOOR if order == CARE and not self.may(Action.READ, Matter.CARE) else order

    @needs(Action.READ, Matter.PEOPLE)
    def rows(self, ids: Sequence[int], *, sharing: bool = False) -> list[HouseholdRow]:
        """What the list shows of some households, in the order given; those gone meanwhile are left out."""
        today = self._session.today()
        with self._session.store.db.read() as connection:
            known = with_heads(connection, in_brief(connection, ids, today, sharing=sharing))
            people = rows.people_counts(connection, known.houses, today)
            several = self._session.shared(Estates).several(connection)
        return [
            _row(known, household, people.get(household, 0), several=several)
            for household in ids
            if household in known.houses
        ]

    @property
    @needs(Action.READ, Matter.PEOPLE)
    def ledger(self) -> "HouseholdLedger":
        """Chosen households to a file or on paper."""
        from gridworker.app.household.export import HouseholdLedger

        return HouseholdLedger(self._session)

    @property
    @needs(Action.READ, Matter.PEOPLE)
    def paper(self) -> "HouseholdPaper":
        """One household's file on paper."""
        from gridworker.app.household.paper import HouseholdPaper

        return HouseholdPaper(self._session, self.file)

    @needs(Action.READ, Matter.PEOPLE)
    def brief(self, household: int, *, sharing: bool = False) -> HomeView:
        """What the side panel shows of a household. Raises NotFound."""
        with self._session.store.db.read() as connection:
            row = _home(connection, household)
            known = outlook(connection, [household], self._session.today(), sharing=sharing)
            return Home(row, rows.members(connection, household), known).view(connection)

    @needs(Action.READ, Matter.PEOPLE)
    def file(self, household: int, *, sharing: bool = False) -> FileView:
        """The file of a household. Raises NotFound."""
        with self._session.store.db.read() as connection:
            row = _home(connection, household)
            view = read_file(self._session, connection, row, sharing=sharing)
            near = rows.neighbours(connection, row.building) if row.building is not None else []
        near_by = [place.household for place in in_door_order(near)]
        if household not in near_by:
            return view
        at = near_by.index(household)
        after = near_by[at + 1] if at + 1 < len(near_by) else None
        return replace(view, before=near_by[at - 1] if at else None, after=after)

    @needs(Action.MASKED, Matter.PEOPLE)
    def opened(self, household: int) -> None:
        """Remember on this device that a file was opened, for the search box."""
        if self._session.read_only:
            return
        ids = [household, *(id_ for id_ in self.last_opened() if id_ != household)]
        Drafts(self._session).keep(OPENED, {"ids": ids[:_KEPT]})

    @needs(Action.MASKED, Matter.PEOPLE)
    def last_opened(self) -> list[int]:
        """The files last opened on this device, newest first."""
        with self._session.store.db.read() as connection:
            return last_opened(self._session, connection)


def _home(connection: "Connection", household: int) -> rows.HomeRow:
    row = rows.home(connection, household)
    if row is None:
        raise NotFound("This household is no longer here.")
    return row


def _row(known: Outlook, household: int, people: int, *, several: bool) -> HouseholdRow:
    house = known.houses[household]
    door = door_label(house.building or "", house.unit, house.room)
    return HouseholdRow(
        household,
        known.name(household) or gettext("No name yet"),
        gettext(" · ").join(filter(None, (house.estate if several else "", door))),
        people_words(people),
        tuple(known.cares_of(household)),
        days.ago(known.last(household), known.today),
        known.next_sign(household),
    )
