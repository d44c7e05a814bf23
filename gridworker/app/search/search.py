"""Finding anyone and anything from one box: hits in words, what was opened last, who is next."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from gridworker.app.due.outlook import Outlook, in_brief, with_heads
from gridworker.app.due.today_view import FIRST, Sign
from gridworker.app.estates import Estates
from gridworker.app.gate import Action, Matter, Service, needs
from gridworker.app.household.opened import last_opened
from gridworker.app.search.view import HitView, PartView, SearchView
from gridworker.app.session import Session
from gridworker.app.words import days
from gridworker.domain.address import door_label
from gridworker.domain.codes import RESIDENT_STATUS
from gridworker.domain.identity import age_on
from gridworker.domain.rights import matter_of
from gridworker.store.queries.life import grid_of_household
from gridworker.store.queries.today import people as people_rows
from gridworker.store.records import kind_named
from gridworker.store.search import search
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.today.today import Today
    from gridworker.store.engine.database import Connection
    from gridworker.store.search.search import Hit

LIMIT = 20
_OPENED, _NEXT = 5, 3
_PEOPLE = frozenset({"resident", "household"})
_PLACES = frozenset({"dwelling", "building"})
_GONE = frozenset(RESIDENT_STATUS.labels) - {"in_place"}
_FIRST_SOUNDS = frozenset({"zh", "ch", "sh"})
"""Of two letters."""
_OPENED_AT: Mapping[str, str] = MappingProxyType({
    "issue": "issues", **dict.fromkeys(("visit", "need", "household", "resident"), "household"),
    **dict.fromkeys(_PLACES, "buildings"),
})  # fmt: skip
"""The page that shows records of a kind; the others stand in their register."""


class Search(Service):
    """The search box. A hit may be opened or, where somebody lives there, visited."""

    def __init__(self, session: Session, today: Callable[[], "Today"]) -> None:
        self._session, self._today = session, today

    @needs(Action.READ, Matter.PEOPLE)
    def find(self, query: str, *, sharing: bool = False) -> SearchView:
        """What a text may mean, the likeliest first; on a text without anything, what ``start`` shows.

        On a laptop the grid of the file that was opened last comes first: whoever has several works in one at a time.
        """
        if not query.strip():
            return self.start(sharing=sharing)
        shown = self._shown(sharing=sharing)
        with self._session.store.db.read() as connection:
            at_work = [] if self._session.is_office else last_opened(self._session, connection)[:1]
            grid = grid_of_household(connection, at_work[0]) if at_work else None
            hits = search.find(connection, query, limit=LIMIT, grid=grid, shows=shown)
            homes = {hit.household_id for hit in hits if hit.household_id}
            today = self._session.today()
            known = in_brief(connection, homes, today, sharing=sharing) if homes else Outlook(today, sharing=sharing)
            told = _Told(connection, known, hits, several=self._session.shared(Estates).several(connection))
            parts = tuple(told.parts())
        by_number = any(hit.why.field in search.NUMBERS for hit in hits)
        return SearchView(query, parts, by_number, _how(hits))

    @needs(Action.READ, Matter.PEOPLE)
    def start(self, *, sharing: bool = False) -> SearchView:
        """Before anything is typed: the files last opened and the next visits."""
        with self._session.store.db.read() as connection:
            opened = last_opened(self._session, connection)[:_OPENED]
        rounds = not self._session.is_office and self.may(Action.MASKED, Matter.VISITS)  # duty officers make none
        told = rounds and not self._today().is_behind  # nobody waits seconds before typing, nor is shown who was next
        view = self._today().view(sharing=sharing, most=FIRST) if told else None
        heroes = [view.hero.row] if view and view.hero else []
        coming = [*heroes, *(row for part in view.sections for row in part.rows)] if view else []
        upcoming = [row.household for row in coming[:_NEXT]]
        with self._session.store.db.read() as connection:
            brief = in_brief(connection, [*opened, *upcoming], self._session.today(), sharing=sharing)
            known = with_heads(connection, brief)
            hits = partial(_home_hits, known, several=self._session.shared(Estates).several(connection))
        parts = (
            PartView(gettext("Last opened"), tuple(hits(opened))),
            PartView(gettext("Next visits"), tuple(hits(upcoming))),
        )
        return SearchView("", tuple(part for part in parts if part.hits))

    @needs(Action.SEARCH, Matter.PEOPLE)
    def noted(self) -> None:
        """Put on record that somebody was looked up by the end of a number; the number itself is not kept."""
        self._session.note("search", detail="number")

    def _shown(self, *, sharing: bool) -> "Callable[[Hit], bool]":
        """Whether a hit may be shown; most people see all of them."""
        if not sharing and self._may_look_up() and all(self.may(Action.READ, matter) for matter in _matters()):
            return search.any_hit
        return partial(self._shows, sharing=sharing)

    def _shows(self, hit: "Hit", *, sharing: bool) -> bool:
        if hit.why.field in search.NUMBERS and not self._may_look_up():
            return False
        if sharing:
            return hit.kind in _PLACES or _is_home(hit)
        return self.may(Action.READ, self.matter(hit.kind))

    def _may_look_up(self) -> bool:
        """Whether people are found by a number: not by who may not, nor where it could not be put on record."""
        return not self._session.read_only and self.may(Action.SEARCH, Matter.PEOPLE)


class _Told:
    """Hits in words."""

    def __init__(self, connection: "Connection", known: Outlook, hits: "Sequence[Hit]", *, several: bool) -> None:
        self._known, self._hits, self._several = known, hits, several
        residents = [hit.id for hit in hits if hit.kind == "resident"]
        self._people = people_rows(connection, residents) if residents else {}

    def parts(self) -> Iterator[PartView]:
        """A building that was typed, people, doors, what is open there, then registers and notes with the words."""
        meant = _meant(self._hits)
        homes = tuple(self._home(hit) for hit in self._hits if _is_home(hit))
        places = tuple(self._place(hit) for hit in self._hits if hit.kind in _PLACES and hit not in meant)
        found = tuple(self._words(hit, "issues") for hit in self._hits if hit.kind == "issue")
        entries = tuple(self._entry(hit) for hit in self._hits if _page(hit) == "records")
        issues = (*found, *self._open(homes, {hit.id for hit in found}))
        notes = tuple(
            self._words(hit, "household") for hit in self._hits if _page(hit) == "household" and not _is_home(hit)
        )
        titles = (
            gettext("Buildings"), gettext("Households"), gettext("Doors"), gettext("Issues"), gettext("Records"),
            gettext("Written down"),
        )  # fmt: skip
        buildings = tuple(map(self._place, meant))
        for title, hits in zip(titles, (buildings, homes, places, issues, entries, notes), strict=True):
            if hits:
                yield PartView(title, hits)

    def _open(self, homes: Sequence[HitView], known: set[int]) -> Iterator[HitView]:
        """What is open at the household of whoever fits a name best."""
        if not homes or homes[0].kind != "resident" or self._known.sharing:
            return
        best = next(filter(_is_home, self._hits))
        about = gettext(" · ").join(filter(None, (homes[0].title, self._door(best))))
        for issue, status, _ in self._known.matters.issues:
            if issue.household == homes[0].target and status.state.is_open and issue.id not in known:
                right = str(status.state.label)
                yield HitView("issue", issue.id, issue.called, about, right=right, page="issues", target=issue.id)

    def _home(self, hit: "Hit") -> HitView:
        household, known = hit.household_id, self._known
        by_door = hit.why.field == "door"
        shown = by_door and hit.place.door == hit.why.text  # as what it was found by
        about = [self._age(hit), self._estate(hit) if shown else self._door(hit)]
        if known.sharing:
            view = HitView(hit.kind, hit.id, known.called(hit.caption), self._door(hit))
            return _at(household, view, visited=self._is_visited(household))
        named = hit.why.field == "name"
        spelled = hit.why.field == "pinyin"
        reading = hit.reading if named and hit.reading else hit.why.text if spelled or by_door else ""
        number = hit.why.field in search.NUMBERS
        last = days.ago(known.last(household), known.today) if household in known.houses and household else ""
        return HitView(
            hit.kind,
            hit.id,
            hit.caption,
            gettext(" · ").join(filter(None, about)),
            gettext("number ends in {digits}").format(digits=hit.why.text) if number else reading,
            hit.why.spans if spelled or by_door else (),
            self._gone(hit) or tuple(self._signs(household)),
            last,
            household if self._is_visited(household) else None,
            "household" if household else "",
            household,
        )

    def _is_visited(self, household: int | None) -> bool:
        """Whether somebody is to be called on there: nobody has moved out, nor has it left this laptop."""
        return household in self._known.houses and household not in self._known.left

    def _gone(self, hit: "Hit") -> tuple[Sign, ...]:
        """That somebody died or moved out; what their household needs is nothing to say beside their name then."""
        person = self._people.get(hit.id) if hit.kind == "resident" else None
        status = person.status if person else None
        return (Sign("gone", RESIDENT_STATUS.label(status)),) if status and status in _GONE else ()

    def _age(self, hit: "Hit") -> str:
        person = self._people.get(hit.id) if hit.kind == "resident" else None
        age = age_on(self._known.today, person.birth_date, person.birth_year) if person else None
        return gettext("{age} y").format(age=age) if age is not None else ""

    def _door(self, hit: "Hit") -> str:
        """The door, with its estate where there are several."""
        return _with_estate(hit.place.door, self._estate(hit))

    def _estate(self, hit: "Hit") -> str:
        return hit.place.estate if self._several else ""

    def _signs(self, household: int | None) -> Iterator[Sign]:
        if household not in self._known.houses or household is None:
            return
        yield from self._known.cares_of(household)[:1]
        sign = self._known.overdue_sign(household)
        if sign:
            yield sign

    def _place(self, hit: "Hit") -> HitView:
        empty = gettext("Nobody recorded") if hit.kind == "dwelling" else ""
        words = gettext(" · ").join(filter(None, (hit.place.estate, empty)))
        return HitView(hit.kind, hit.id, hit.caption, words, page="buildings", target=(hit.kind, hit.id))

    def _words(self, hit: "Hit", page: str) -> HitView:
        """Where a word was written down, with the words around it."""
        place = gettext(" · ").join(filter(None, (hit.place.head, self._door(hit))))
        household = hit.household_id
        target: object = hit.id if page == "issues" else household
        title, about = (hit.caption, place) if hit.caption else (place, "")
        if hit.kind in {"visit", "household"} and place:  # nobody knows them by their numbers
            title, about = place, hit.caption
        return HitView(
            hit.kind,
            hit.id,
            title,
            about,
            hit.why.text if hit.why.text != title else "",
            hit.why.spans if hit.why.text != title else (),
            household=household if self._is_visited(household) else None,
            page=page if target is not None else "",
            target=target,
        )

    def _entry(self, hit: "Hit") -> HitView:
        """An entry of a register, with what it is and of whom; nobody is visited for it."""
        about = filter(None, (str(kind_named(hit.kind).kind.title), hit.place.head, self._door(hit)))
        target, told = (hit.kind, hit.id), hit.why.text != hit.caption
        view = HitView(hit.kind, hit.id, hit.caption, gettext(" · ").join(about), page="records", target=target)
        return replace(view, reading=hit.why.text, spans=hit.why.spans) if told else view


@cache
def _matters() -> frozenset[Matter]:
    """The classes of what is searched; nobody's audit is among it."""
    return frozenset(matter_of(kind) for kind, *_ in search.searched())


def _page(hit: "Hit") -> str:
    return _OPENED_AT.get(hit.kind, "records")


def _home_hits(known: Outlook, households: Iterable[int], *, several: bool) -> Iterator[HitView]:
    for household in households:
        house = known.houses.get(household)
        if house is None:
            continue
        label = door_label(house.building or "", house.unit, house.room)
        door = _with_estate(label, house.estate if several else "")
        sign = known.overdue_sign(household)
        signs = (*known.cares_of(household)[:1], *([sign] if sign and not known.sharing else []))
        right = "" if known.sharing else days.ago(known.last(household), known.today)
        name = known.name(household) or door
        yield _at(household, HitView("household", household, name, door, signs=signs, right=right))


def _with_estate(door: str, estate: str | None) -> str:
    return gettext(" · ").join(filter(None, (estate, door)))


def _at(household: int | None, view: HitView, *, visited: bool = True) -> HitView:
    """A hit that can be opened and, where they still live there, visited."""
    return replace(
        view, household=household if visited else None, page="household" if household else "", target=household
    )


def _meant(hits: "Sequence[Hit]") -> list["Hit"]:
    """The buildings that were typed, where nothing fits better: what Enter opens."""
    found = [hit for hit in hits if hit.kind == "building" and hit.why.field == "building_name"]
    return found if hits and hits[0] in found else []


def _is_home(hit: "Hit") -> bool:
    """Whether people were found by name, number or door; what is written about them is found by its words."""
    return hit.kind in _PEOPLE and hit.why.field in {"name", "pinyin", "door", *search.NUMBERS}


def _how(hits: "Sequence[Hit]") -> str:
    """What the typed text was taken for."""
    field = hits[0].why.field if hits else ""
    if field == "pinyin" and _by_initials(hits[0]):
        return gettext("Initials")
    return {
        "pinyin": gettext("Pinyin"),
        "door": gettext("Door"),
        "building_name": gettext("Building"),
        **dict.fromkeys(search.NUMBERS, gettext("End of a number")),
    }.get(field, "")


def _by_initials(hit: "Hit") -> bool:
    """Whether no more than the first sound of any character was typed."""
    return all(hit.why.text[start:end] in _FIRST_SOUNDS or end - start == 1 for start, end in hit.why.spans)
