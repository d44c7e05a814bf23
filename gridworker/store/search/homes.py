"""The households that a text leaves of a list: every one, within what the list is narrowed to already.

The search box shows the likeliest few. A list that leaves somebody out says that they are not here, so nothing is cut
off. By people, doors and what was written on either: whom a number belongs to is asked in the search box, where that
goes on record.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from gridworker.store.engine.database import reading_cursor
from gridworker.store.log.log import Cursor, chunks
from gridworker.store.search.both import by_sound, door_of, is_one_of, noted
from gridworker.store.search.doors import door_terms, doors
from gridworker.store.search.hits import LIST, Asked, either
from gridworker.store.search.names import EXACT, any_fit, best_match, fitting, surely_fit
from gridworker.store.search.people import people
from gridworker.store.search.pinyin import is_han
from gridworker.store.search.query import LONGEST, DoorQuery, Pattern, Query, read, sounding
from gridworker.store.search.split import Cut, cuts
from gridworker.store.search.terms import plain
from gridworker.store.search.words import having

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

ALL = 1 << 31
"""More entries than there are."""

MANY = 300
"""Entries that are too many to look at each before a first page is shown."""

BESIDE = 200
"""People of a name whose notes are looked through for the words beside it."""

_MEMBERS = f"SELECT resident_id FROM household_member WHERE household_id IN {LIST}"
_BELONG = f"SELECT resident_id, household_id, valid_to FROM household_member WHERE resident_id IN {LIST}"
_NAMES = f"SELECT id, name FROM resident WHERE id IN {LIST}"
_HEADS = f"SELECT id, head_name FROM household WHERE id IN {LIST} AND head_id IS NULL"
"""Those that go by a head whom a ledger names and who is no resident."""
_DOORS = """
    SELECT h.id, b.estate_name, b.building_name, d.unit_no, d.room_no
    FROM json_each(?) w CROSS JOIN household h ON {at} = w.value
    CROSS JOIN dwelling d ON d.id = h.dwelling_id CROSS JOIN building b ON b.id = d.building_id"""
_BEHIND, _OF_HOMES = _DOORS.format(at="h.dwelling_id"), _DOORS.format(at="h.id")

_LOT = 5_000
"""People looked at together: the window has its turns between them, and memory does not grow with how many fit."""


def homes(
    connection: "Connection", query: str, among: AbstractSet[int] | None = None, told: Callable[[], object] = int
) -> set[int]:
    """The households with somebody whose name fits, behind a door or in an estate that fits, or with the words noted.

    Who moved away or died is found where they last lived. ``among``: the only ones that count. A name that nobody has
    is looked for by its sound. ``told`` is called again and again: what it raises ends the search.
    """
    typed, listed = read(query), _Listed(reading_cursor(connection), among, told)
    tried = cuts(query)
    found = (
        listed.called(typed.patterns)
        | listed.behind((*typed.doors, *_estate(query)))
        | listed.told(typed)
        | listed.together(tried)
    )
    return found or listed.called(sounding(typed).patterns) | listed.together(listed.by_sound(tried))


def likeliest(connection: "Connection", query: str, limit: int) -> set[int]:
    """Some of them where very many names or doors fit; none else, for then all are known as soon."""
    typed = replace(read(query), tail="")
    asked = Asked(reading_cursor(connection), typed, limit, None, shown=False)
    terms = [any_fit(typed.patterns)] * bool(typed.patterns) + list(map(door_terms, typed.doors))
    if not terms or len(asked.entries(either(terms), MANY)) < MANY:
        return set()
    return {hit.household_id for hit in (*doors(asked), *people(asked)) if hit.household_id}


class _Listed:
    """A list that is narrowed by a text."""

    def __init__(self, cursor: Cursor, among: AbstractSet[int] | None, told: Callable[[], object]) -> None:
        self._asked = Asked(cursor, Query(), BESIDE, None, shown=False)
        self._among = among
        self._told = told

    def called(self, patterns: Sequence[Pattern], *, whole: bool = False) -> set[int]:
        """The homes of people whose name fits; ``whole``: whose name it is."""
        if not patterns:
            return set()
        entries = self._asked.entries(fitting(patterns, EXACT) if whole else any_fit(patterns), ALL)
        sure, found = surely_fit(patterns) and not whole, set[int]()
        for lot in chunks(self._who_count(entries), _LOT):  # a single letter begins half of all names
            living, led = self._homes_of(lot), self._led(lot)
            if sure:
                found.update(*living.values(), led)
            else:
                fit = partial(_fits, tuple(patterns), whole=whole)
                found.update(*(living[one] for one, name in self._asked.rows(_NAMES, living) if fit(name)))
                found.update(one for one, name in self._asked.rows(_HEADS, led) if fit(name))
        return found

    def _who_count(self, entries: Collection[int]) -> Collection[int]:
        """Entries that may count, ascending. Of few homes who is there is asked first."""
        if self._among is None or len(self._among) >= len(entries):
            return entries
        members = (person for (person,) in self._asked.rows(_MEMBERS, self._among))
        return sorted({*self._among, *members}.intersection(entries))

    def _led(self, entries: Collection[int]) -> set[int]:
        """The homes among them that go by a head whom a ledger names."""
        return self._kept(home for home, _ in self._asked.rows(_HEADS, entries))

    def behind(self, wanted: Sequence[DoorQuery]) -> set[int]:
        """Those behind doors that fit."""
        if not wanted:
            return set()
        entries = self._asked.entries(either(map(door_terms, wanted)), ALL)
        return self._kept(self._fitting(_BEHIND, entries, wanted))

    def told(self, typed: Query) -> set[int]:
        """Those with the words in their own notes, or in those of somebody who lives there."""
        records = self._asked.told(typed.words, ALL) if typed.words else []
        own = {
            kind: {record for (record,) in self._asked.rows(f"SELECT id FROM {kind} WHERE id IN {LIST}", records)}
            for kind in ("household", "resident")
        }
        having_them = set(having(replace(self._asked, query=typed), records, own))
        living = self._homes_of(sorted(having_them & own["resident"]))
        return self._kept(having_them & own["household"]).union(*living.values())

    def together(self, tried: Iterable[Cut]) -> set[int]:
        """Those of which both halves of a text are true; where no door is meant, by the words noted of the people."""
        return set(chain.from_iterable(map(self._together, tried)))

    def by_sound(self, tried: Sequence[Cut]) -> Iterator[Cut]:
        """The cuts of a text with their names by sound."""
        return by_sound(self._asked, tried)

    def _together(self, cut: Cut) -> set[int]:
        wanted = [*cut.beside.doors, *_short(cut.beside.short)]
        there = self._called_behind(cut, wanted) if wanted else set()
        if there or not cut.beside.words:
            return there
        hits = noted(self._asked, cut)
        return self._kept(hit.household_id for hit in hits if hit.kind == "resident" and hit.household_id)

    def _called_behind(self, cut: Cut, wanted: Sequence[DoorQuery]) -> set[int]:
        """Those of a name behind some doors, beginning with the side that has fewer entries."""
        doors = self._asked.entries(either(map(door_terms, wanted)), ALL)
        if len(doors) <= len(self._asked.entries(any_fit(cut.name.patterns), len(doors))):
            behind = self._kept(self._fitting(_BEHIND, doors, wanted))
            there = _Listed(self._asked.cursor, behind, self._told)
            return there.called(cut.name.patterns, whole=cut.whole_name)
        called = self.called(cut.name.patterns, whole=cut.whole_name)
        return set(self._fitting(_OF_HOMES, called, wanted))

    def _fitting(self, select: str, records: Collection[int], wanted: Collection[DoorQuery]) -> Iterator[int]:
        self._told()
        if not (records and wanted):
            return
        for home, estate, *door in self._asked.rows(select, records):
            if is_one_of(wanted, estate or "", door_of(*door)):
                yield home

    def _kept(self, found: Iterable[int]) -> set[int]:
        return {home for home in found if self._among is None or home in self._among}

    def _homes_of(self, people: Collection[int]) -> dict[int, set[int]]:
        """Where people live, or last lived, as far as it counts."""
        self._told()
        now, last = defaultdict[int, set[int]](set), dict[int, tuple[str, int]]()
        for person, home, until in self._asked.rows(_BELONG, people):
            if until is None:
                now[person].add(home)
            else:
                last[person] = max(last.get(person, ("", 0)), (until, home))
        for person, (_, home) in last.items():
            if person not in now:
                now[person].add(home)
        if self._among is None:
            return dict(now)
        kept = ((person, self._kept(at)) for person, at in now.items())
        return {person: at for person, at in kept if at}


def _estate(typed: str) -> Iterator[DoorQuery]:
    """The doors of an estate, of which at least two characters were typed and nothing else."""
    text = plain(typed[:LONGEST]).strip()
    if len(text) > 1 and all(map(is_han, text)):
        yield DoorQuery(estate=text)


def _short(digits: str) -> list[DoorQuery]:
    """What few digits beside a name may be of its door: the building, or the beginning of the room."""
    return [DoorQuery(building=digits)] * bool(digits) + [DoorQuery(room=digits)] * (len(digits) > 1)


def _fits(patterns: tuple[Pattern, ...], name: str | None, *, whole: bool) -> bool:
    match = best_match(name or "", patterns)
    return match is not None and (match.fit.how == EXACT or not whole)
