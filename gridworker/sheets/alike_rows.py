"""Rows that are about one person, as far as they say: the very same again without a number, or a name twice at a door.

The very same row again is not taken in, like a number that stands twice; what says more or less is taken in, and a
person is asked to look. Namesakes of one household are told apart by a number, a birth date, a sex or a relation.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from gridworker.sheets.findings import Finding
from gridworker.sheets.people import Resident, Roster

_COVERED = re.compile(r"[*＊×某]|新生|婴|取名|命名")
"""Names that say too little: two of ``张**``, or twins who have none yet, are two people."""
_TELLING = ("sex", "birth_date", "id_number", "id_last4", "relation_code")
_LOOKED_AT, _SEXES = 20, 2
"""People of one name behind one door with whom another is compared; there are hardly more than two."""
_SAID = (*_TELLING, "phones", "tags", "note", "status", "residence", "change")


def sort_out_alike(roster: Roster) -> None:
    """Reject rows that say the very same of the very same person, and say which names stand twice at one door."""
    roster.findings += _elsewhere(roster.residents)
    twice = _twice(roster.residents)
    if not twice:
        return
    together: dict[tuple[int, str], list[Resident]] = defaultdict(list)
    for person in roster.residents:
        if _mark(person) in twice:
            together[id(person.household), person.name].append(person)
    told = [found for several in together.values() if len(several) > 1 for found in _told(several)]
    again = {(found.sheet, found.row, found.member) for found in told if found.rejects}
    roster.findings += told
    if again:
        left = [person for person in roster.residents if _place(person) not in again]
        roster.rejected += [person for person in roster.residents if _place(person) in again]
        roster.residents[:] = left


def _twice(people: list[Resident]) -> set[int]:
    """Marks of the names that stand twice behind one door, once without a number: marks take little room."""
    unnumbered = {
        _mark(person)
        for person in people
        if not person.id_number and person.household is not None and not _COVERED.search(person.name)
    }
    seen, twice = set[int](), set[int]()
    for person in people if unnumbered else ():
        mark = _mark(person)
        if mark in unnumbered:
            (twice if mark in seen else seen).add(mark)
    return twice


def _elsewhere(people: list[Resident]) -> Iterator[Finding]:
    """Who has the name and the birth date of somebody behind another door, and no number to tell them apart by."""
    unnumbered = {mark for person in people if not person.id_number and (mark := _born(person))}
    first: dict[int, Resident] = {}
    for person in people if unnumbered else ():
        mark = _born(person)
        if mark not in unnumbered:
            continue
        other = first.setdefault(mark, person)
        numbered = other.id_number and person.id_number
        sexes = {other.sex, person.sex} - {None}
        if other.household is not person.household and not numbered and len(sexes) < _SEXES:
            yield Finding(
                "name_elsewhere", *_place(person)[:2], values={"other": _row(other, person)}, member=person.member
            )


def _born(person: Resident) -> int:
    """A mark of a name with a full birth date of somebody who is here; 0 for all others."""
    born = person.birth_date or ""
    told = len(born) == len("YYYY-MM-DD") and person.status == "in_place" and not _COVERED.search(person.name)
    return hash((person.name, born)) if told else 0


def _row(other: Resident, person: Resident) -> str:
    return str(other.row) if other.sheet == person.sheet else f"{other.sheet} {other.row}"


def _mark(person: Resident) -> int:
    return hash((id(person.household), person.name))


def _told(several: list[Resident]) -> Iterator[Finding]:
    """What is to be said of people of one name behind one door, the first of them aside."""
    said: dict[tuple[object, ...], Resident] = {}
    for person in several:
        words = tuple(getattr(person, name) for name in _SAID)
        same = said.get(words) if not person.id_number else None
        other = same or next((one for one in islice(said.values(), _LOOKED_AT) if not _told_apart(one, person)), None)
        said.setdefault(words, person)
        if other is not None:
            kind = "row_again" if same else "name_again"
            yield Finding(kind, *_place(person)[:2], values={"other": _row(other, person)}, member=person.member)


def _told_apart(one: Resident, other: Resident) -> bool:
    """Whether something of which a person has one is said of both and differs."""
    said = ((getattr(one, name), getattr(other, name)) for name in _TELLING)
    return any(a and b and a != b and not (str(a).startswith(str(b)) or str(b).startswith(str(a))) for a, b in said)


def _place(person: Resident) -> tuple[str | None, int, int]:
    return person.sheet, person.row, person.member
