"""Finding by two things at once: a name, and the door, the end of a number or words beside it.

The index has an entry for each record, and a door, a person and a note are three: they are put together here. Each
step reads a set that is bounded, from the side that is smaller: everybody behind the doors where these are few, else
those of the name, of the grids the buildings are in first. What comes out is compared in the records, so that nothing
is shown of which only one half is true.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from typing import Any

from gridworker.store.search.doors import building_terms, door_terms, fits
from gridworker.store.search.hits import LIST, Asked, Hit, either, phone_end, quoted
from gridworker.store.search.names import EXACT, any_fit, best_match, fitting, why
from gridworker.store.search.people import COMPARED, LIVING, Found, ended, ending, gather, hits
from gridworker.store.search.query import DoorQuery, sounding
from gridworker.store.search.split import Cut, cuts
from gridworker.store.search.terms import TAIL, grid_term, pairs, plain
from gridworker.store.search.words import among, having

BEHIND = 100
"""Doors behind which everybody is looked at; of more, those of the name are."""

NAMED = 100
"""People of the name who are looked at: all of the commonest whole names among two hundred and fifty thousand. For each
three pages of the file are read."""

GRIDS = 128
"""Grids the buildings of a number may be in, for the people there to be looked at first."""

NUMBERED = 300
"""Entries with the end of a number that are looked at."""

TOLD = 400
"""Notes with the words that are looked through for those of the people, the newest; where there are more, the texts are
read, which are hardly as many."""

WRITTEN = 400
"""Visits, issues and needs of the people that are looked for among those notes, the newest of each kind."""

HOMES = 40
"""People of the name whose homes are looked at for words."""

_LIVES = """
    SELECT r.id, r.name, r.status, r.phones, r.id_number, r.id_last4,
        h.id, h.contact_phone, b.estate_name, b.building_name, d.unit_no, d.room_no, coalesce(d.grid_id, b.grid_id)
    FROM json_each(?) w"""

_WHERE = """
    LEFT JOIN household h ON h.id = m.household_id LEFT JOIN dwelling d ON d.id = h.dwelling_id
    LEFT JOIN building b ON b.id = d.building_id"""

BY_DOOR = f"""{_LIVES} CROSS JOIN household h ON h.dwelling_id = w.value
    CROSS JOIN household_member m ON m.household_id = h.id AND m.valid_to IS NULL
    CROSS JOIN resident r ON r.id = m.resident_id
    LEFT JOIN dwelling d ON d.id = h.dwelling_id LEFT JOIN building b ON b.id = d.building_id"""

BY_HOUSEHOLD = f"""{_LIVES} CROSS JOIN household_member m ON m.household_id = w.value AND m.valid_to IS NULL
    CROSS JOIN resident r ON r.id = m.resident_id{_WHERE}"""

BY_PERSON = f"""{_LIVES} CROSS JOIN resident r ON r.id = w.value
    LEFT JOIN household_member m ON m.resident_id = r.id AND m.valid_to IS NULL{_WHERE}"""

OF_HOMES = {
    kind: f"SELECT id FROM {kind} WHERE household_id IN {LIST} ORDER BY id DESC LIMIT {WRITTEN}"
    for kind in ("visit", "issue", "need")
}
"""What was written down about households."""

OF_ISSUES = f"SELECT id FROM issue_step WHERE issue_id IN {LIST} ORDER BY id DESC LIMIT {WRITTEN}"
"""The steps of issues; their parties have no index, and are found by their names."""


_DOOR_OF = """
    FROM json_each(?) w CROSS JOIN household_member m ON m.resident_id = w.value AND m.valid_to IS NULL
    CROSS JOIN household h ON h.id = m.household_id CROSS JOIN dwelling d ON d.id = h.dwelling_id"""

ROOM_OF = f"SELECT w.value, NULL, NULL, d.unit_no, d.room_no{_DOOR_OF}"
"""Behind which door people live, without its building: of two hundred few are asked for more than that."""

DOOR_OF = f"""
    SELECT w.value, b.estate_name, b.building_name, d.unit_no, d.room_no{_DOOR_OF}
    LEFT JOIN building b ON b.id = d.building_id"""


class _Person:
    """Somebody at a home, with what both halves of a text are compared with."""

    __slots__ = ("contact", "door", "estate", "grid", "household", "id", "name", "numbers", "phones", "status")

    def __init__(self, row: Sequence[Any]) -> None:
        self.id, name, status, phones, number, last4, self.household, contact, estate, *door, self.grid = row
        self.name, self.status, self.phones = name or "", status or "", phones or ""
        self.numbers = (number or "", last4 or "")
        self.contact, self.estate, self.door = contact or "", estate or "", door_of(*door)

    def behind(self, doors: Iterable[DoorQuery]) -> bool:
        """Whether one of the doors is theirs."""
        return is_one_of(doors, self.estate, self.door)


def is_one_of(doors: Iterable[DoorQuery], estate: str, door: tuple[str, str, str]) -> bool:
    """Whether one of the doors that were typed is this one."""
    return any(fits(asked, door) and (not asked.estate or _is_named(estate, asked.estate)) for asked in doors)


def _is_named(estate: str, typed: str) -> bool:
    return all(pair in plain(estate) for pair in pairs(plain(typed)))


@dataclass(slots=True)
class _Notes:
    """What is known of the notes with some words: the newest of them, and of older ones those read and those told.

    ``asked``: the people they were looked for already; most of those who sound alike are written alike.
    """

    newest: list[int] | None = None
    read: set[int] = field(default_factory=set)
    told: set[int] = field(default_factory=set)
    asked: set[int] = field(default_factory=set)


def both(asked: Asked, typed: str) -> list[Hit]:
    """What two things in a text name together: people, then what was written down about them; most texts name one.

    Where nobody of the name has the other half, whoever sounds so is looked for: 陳桂芳 3-1, by whichever characters.
    """
    tried = cuts(typed)
    notes = defaultdict[str, _Notes](_Notes)
    found = [hit for cut in tried for hit in _together(asked, cut, notes)]
    return found or [hit for cut in by_sound(asked, tried) for hit in _together(asked, cut, notes)]


def by_sound(asked: Asked, tried: Iterable[Cut]) -> Iterator[Cut]:
    """The cuts with their names by sound; a single character only where nobody has it in a name.

    Where one of them cuts off somebody's whole name, that is the name, and not what stands beside it.
    """
    several = [cut for cut in tried if any(part.han for part in cut.name.patterns[0])]
    whole = [cut for cut in several if len(several) > 1 and asked.entries(fitting(cut.name.patterns, EXACT), 1)]
    for cut in whole or several:
        said = sounding(cut.name, least=1)
        if any(len(pattern) > 1 for pattern in said.patterns) or (
            said.patterns and not asked.entries(any_fit(cut.name.patterns), 1)
        ):
            yield cut._replace(name=said)


def _together(asked: Asked, cut: Cut, notes: Mapping[str, _Notes]) -> list[Hit]:
    """``notes``: those with some words, by these, for a name by its sound stands beside the same ones."""
    beside = cut.beside
    behind = _at_doors(asked, cut) if beside.doors else ()
    found = {one.id: one for one in chain(behind, _numbered(asked, cut) if beside.tail else ())}
    if not found and beside.short:
        found = {one.id: one for one in _shortly(asked, cut)}
    if found or not beside.words:
        return _people(asked, found.values())
    return _noted(asked, cut, notes[quoted(*beside.words)])


def noted(asked: Asked, cut: Cut) -> list[Hit]:
    """The people of a name about whom the words beside it were written down, and where."""
    return _noted(asked, cut, _Notes())


def _people(asked: Asked, found: Iterable[Found]) -> list[Hit]:
    return hits(asked, sorted(found, key=lambda one: one.order)[: asked.limit])


def _fitting(asked: Asked, cut: Cut, people: Iterable[_Person]) -> Iterator[tuple[_Person, Found]]:
    """Those of the name, said so."""
    for person in people:
        match = best_match(person.name, cut.name.patterns)
        if match and (match.fit.how == EXACT or not cut.whole_name):
            near = asked.grid is not None and person.grid == asked.grid
            order = (not near, match.fit.how, person.status != LIVING, *match.fit[1:], person.name, person.id)
            yield person, Found(person.id, person.name, partial(why, person.name, match), order, match.fit.how)


def _at_doors(asked: Asked, cut: Cut) -> list[Found]:
    """People of the name behind the doors."""
    doors = cut.beside.doors
    behind = asked.entries(either(map(door_terms, doors)), BEHIND)
    people: Iterable[_Person] = _read(asked, BY_DOOR, behind)
    if len(behind) == BEHIND:
        people = _read(asked, BY_PERSON, _living_there(asked, doors, _called_near(asked, cut)))
    # A door is compared sooner than a name is laid out, and few have the door.
    return [found for _, found in _fitting(asked, cut, (person for person in people if person.behind(doors)))]


def _living_there(asked: Asked, doors: Sequence[DoorQuery], people: Iterable[int]) -> list[int]:
    """Those of some people who live behind one of the doors."""
    select = DOOR_OF if any(door.building or door.estate for door in doors) else ROOM_OF
    rows = asked.rows(select, people)
    there = [person for person, estate, *door in rows if is_one_of(doors, estate or "", door_of(*door))]
    return list(dict.fromkeys(there))


def door_of(building: str | None, unit: str | None, room: str | None) -> tuple[str, str, str]:
    """A door as it is compared, whatever of it is known."""
    return building or "", unit or "", room or ""


def _called_near(asked: Asked, cut: Cut) -> list[int]:
    """People of the name: of the grids the buildings are in, then from anywhere."""
    named = [door for door in cut.beside.doors if door.building]
    blocks = asked.entries(building_terms(named), GRIDS) if len(named) == len(cut.beside.doors) else []
    grids = {grid for (grid,) in asked.rows(f"SELECT grid_id FROM building WHERE id IN {LIST}", blocks) if grid}
    where = f"({either(quoted(grid_term(grid)) for grid in sorted(grids))}) AND " if grids else ""
    return list(dict.fromkeys((*(_called(asked, cut, where, NAMED) if grids else ()), *_called(asked, cut, "", NAMED))))


def _called(asked: Asked, cut: Cut, where: str, most: int) -> list[int]:
    """People of the name, the best fits if there are many."""
    patterns = cut.name.patterns
    if cut.whole_name:
        return asked.entries(f"{where}({fitting(patterns, EXACT)})", most)
    return list(gather(replace(asked, query=cut.name, limit=most // COMPARED, shown=True), where, most))


def _numbered(asked: Asked, cut: Cut) -> list[Found]:
    """People of the name whose own number, or that of their household, ends in the digits."""
    tail = cut.beside.tail
    ends = either((phone_end(tail), quoted(f"d{tail[-TAIL:]}")))
    own = asked.entries(f"({any_fit(cut.name.patterns)}) AND ({ends})", NUMBERED)
    homes = asked.entries(phone_end(tail), NUMBERED)
    people = chain(_read(asked, BY_PERSON, own), _read(asked, BY_HOUSEHOLD, homes))
    ending_so = (person for person in people if _field(person, tail))
    return [
        replace(found, why=partial(ended, _field(person, tail), tail))
        for person, found in _fitting(asked, cut, ending_so)
    ]


def _shortly(asked: Asked, cut: Cut) -> Iterator[Found]:
    """People of the name in a building of few digits or a room that begins so, then those whose number ends so."""
    digits = cut.beside.short
    doors = [DoorQuery(building=digits), *([DoorQuery(room=digits)] if len(digits) > 1 else [])]
    called = _called(asked, cut, "", NAMED)
    if len(digits) == 1:  # no end of a number, so nobody need be read whose building is another one
        called = _living_there(asked, doors, called)
    people = _read(asked, BY_PERSON, called)
    # As with doors: digits are compared sooner than a name is laid out.
    for person, found in _fitting(asked, cut, (one for one in people if one.behind(doors) or _ends(one, digits))):
        if person.behind(doors):
            yield replace(found, order=(False, *found.order))
        else:
            yield replace(found, order=(True, *found.order), why=partial(ended, _ends(person, digits), digits))


def _ends(person: _Person, digits: str) -> str:
    """The field with a number that ends in a few digits; one alone ends a tenth of all."""
    return _field(person, digits) if len(digits) > 1 else ""


def _field(person: _Person, tail: str) -> str:
    """The field with the number: who may not look people up by one is not shown who has it."""
    contact = "contact_phone" if ending(tail, person.contact, ()) else ""
    return ending(tail, person.phones, person.numbers) or contact


def _noted(asked: Asked, cut: Cut, notes: _Notes) -> list[Hit]:
    """People of the name about whom the words were written down, and where."""
    called = [person for person in _called(asked, cut, "", HOMES) if person not in notes.asked]
    named = list(_fitting(asked, cut, _read(asked, BY_PERSON, called))) if called else []
    if not named:
        return []
    notes.asked.update(person.id for person, _ in named)
    homes = {person.household for person, _ in named if isinstance(person.household, int)}
    about = {"resident": {person.id for person, _ in named}, "household": homes, **_written_about(asked, homes)}
    told = replace(asked, query=cut.beside)
    written = among(told, _told(told, about, notes))
    at = {hit.place.household_id for hit in written} | {hit.id for hit in written if hit.kind == "resident"}
    people = {found.id: found for person, found in named if person.household in at - {None} or person.id in at}
    return [*_people(asked, people.values()), *(hit for hit in written if hit.kind != "resident")]


def _written_about(asked: Asked, homes: Iterable[int]) -> dict[str, set[int]]:
    """What was written down about households, by kind."""
    found = {kind: {record for (record,) in asked.rows(select, homes)} for kind, select in OF_HOMES.items()}
    return {**found, "issue_step": {record for (record,) in asked.rows(OF_ISSUES, found["issue"])}}


def _told(asked: Asked, about: Mapping[str, set[int]], notes: _Notes) -> list[int]:
    """Those records that have the words, the newest first.

    Older ones are few, and are read: to ask the index about each would take twenty times as long.
    """
    if notes.newest is None:
        notes.newest = asked.told(asked.query.words, TOLD)
    every = set[int]().union(*about.values())
    found = [record for record in notes.newest if record in every]
    if len(notes.newest) < TOLD:
        return found
    older = sorted((record for record in every if record < notes.newest[-1]), reverse=True)[:WRITTEN]
    unread = [record for record in older if record not in notes.read]
    notes.read.update(unread)
    notes.told.update(having(asked, unread, about))
    return [*found, *(record for record in older if record in notes.told)]


def _read(asked: Asked, select: str, records: Iterable[int]) -> Iterator[_Person]:
    return map(_Person, asked.rows(select, records))
