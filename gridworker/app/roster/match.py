"""Is this row somebody who is here already? By ID number, else by name and household with birth date or relation.

A corrected number, one added to somebody without, or the 18-character form of an old one is the same person; namesakes
with numbers of their own stay apart (rules 3 and 14 of the roster corpus).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from gridworker.app.ledger.cells import SEX
from gridworker.app.roster.moves import Moves
from gridworker.app.roster.register import DoorKey, Register, is_behind
from gridworker.domain.address import clean_building, clean_room, clean_unit
from gridworker.domain.identity import upgraded

if TYPE_CHECKING:
    from gridworker.app.roster.estates import Estates
    from gridworker.record import Value
    from gridworker.sheets.people import Household, Resident, Roster


_LOOSE = frozenset({"80", "97", "99", "L1", "L2"})
"""Relations that several people of a household may have."""


def key_of(home: "Household", estates: "Estates") -> DoorKey | None:
    """A door as the store will have it, so that the same ledger finds its doors again."""
    if not (home.building or home.room):
        return None
    building = _cleaned(home.building, clean_building)
    estate = estates.of(building, home.estate)
    return building, _cleaned(home.unit, clean_unit), _cleaned(home.room, clean_room), estate


@lru_cache(maxsize=8192)
def _cleaned(part: str, clean: Callable[[str], str]) -> str:
    return clean(part) if part else ""


class Matcher:
    """Finds the resident a row is about. Nobody is matched twice."""

    def __init__(self, register: Register, roster: "Roster") -> None:
        self._register = register
        self._taken: set[int] = set()
        self._numbers = self._numbers_of(roster) if register.people else frozenset()
        self.mistaken = frozenset(self._mistaken(roster.residents)) if register.people else frozenset()
        """Residents here with a number that is another's by the ledger, in which they stand behind their door."""
        self.moves = Moves(register, roster, self._numbers, self._taken)

    def _numbers_of(self, roster: "Roster") -> frozenset[str]:
        """Every number of the ledger, and what is kept of it; needed where somebody is here."""
        numbers = {upgraded(person.id_number) for person in roster.residents if person.id_number}
        return frozenset(numbers | {self._register.keeping.hashed(number) for number in numbers})

    def _mistaken(self, people: "Sequence[Resident]") -> Iterator[int]:
        held: dict[str, list[int]] = {}
        for person in people:
            here = self._register.numbered(person.id_number) if person.id_number else None
            if here is not None and (name := str(self._register.people[here]["name"])) != person.name:
                held.setdefault(name, []).append(here)
        for person in people if held else ():
            key = key_of(person.household, self._register.estates) if person.household else None
            for here in held.get(person.name, ()):
                number = person.id_number
                if (
                    key
                    and self._lives_there(here, key, person)
                    and not (number and self._register.numbered(number) == here)
                ):
                    yield here

    def find(self, person: "Resident") -> int | None:
        """The resident's id, or None for somebody new."""
        if not self._register.people:
            return None
        found = self._by_number(person) or self._by_name(person) or self.moves.moved(person)
        if found is not None:
            self._taken.add(found)
        return found

    def _by_number(self, person: "Resident") -> int | None:
        if not person.id_number:
            return None
        found = self._register.numbered(person.id_number)
        if found in self.mistaken and self._register.people[found]["name"] != person.name:
            return None
        return found if found not in self._taken else None

    def _by_name(self, person: "Resident") -> int | None:
        """Of the namesakes the one of whom most agrees: father and son may have one name and one door."""
        namesakes = self._register.by_name.get(person.name)
        key = key_of(person.household, self._register.estates) if namesakes and person.household else None
        best, agreed = None, 0
        for id_ in namesakes or ():
            values = self._register.people[id_]
            if id_ in self._taken or not (
                self._lives_there(id_, key, person) if key else self._lived_so(person, id_, values)
            ):
                continue
            if id_ not in self.mistaken and self._is_someone_else(person, values):
                continue
            agrees = self._agreement(person, id_, values)
            if agrees > agreed:
                best, agreed = id_, agrees
        return best

    def _lives_there(self, resident: int, key: DoorKey, person: "Resident") -> bool:
        lived, home = self._register.lived(resident), person.household
        told = bool(home and home.estate)
        return lived is not None and is_behind(self._register.homes[lived[0]].key, key, of_estate=told)

    def _lived_so(self, person: "Resident", resident: int, values: "Mapping[str, Value]") -> bool:
        """Where a row names no door, or an error stands in its place: birth date or phone have to tell.

        So does an address nobody could read, and the head of a household without any; who never had a household is
        told by the name alone.
        """
        if person.birth_date and person.birth_date == values.get("birth_date"):
            return True
        if set(str(values.get("phones") or "").split()).intersection(person.phones):
            return True
        lived, home = self._register.lived(resident), person.household
        there = self._register.homes[lived[0]] if lived else None
        if there is None or home is None:
            return there is None and home is None
        if there.key is not None:
            return False
        if home.address:
            return there.remark == home.address
        return bool(home.head) and self._register.head_of(there) == home.head

    def _is_someone_else(self, person: "Resident", values: "Mapping[str, Value]") -> bool:
        """A namesake whose own number stands in the ledger too."""
        number, hashed = values.get("id_number"), values.get("id_hash")
        kept = upgraded(str(number)) if number else str(hashed or "")
        return bool(kept and person.id_number and kept in self._numbers)

    def _agreement(self, person: "Resident", resident: int, values: "Mapping[str, Value]") -> int:
        """How much speaks for one person: birth date, then relation; 0 where too little does, or one speaks against it.

        A birth date that differs is a corrected one where the relation is one that a household has once or by name. A
        row that tells neither is about the namesake who lives there, unless two numbers or the sexes differ.
        """
        fits = _births(person, values)
        relation = self._relations(person, resident)
        if resident in self.mistaken:  # birth date and sex came with the number
            return 0 if relation is False else 2
        if fits is True:
            return 4 if relation else 3
        if relation:
            return 0 if fits is False and person.relation_code in _LOOSE else 2
        if fits is False:
            return 0
        numbered = bool(person.id_number), bool(values.get("id_number") or values.get("id_hash"))
        told_apart = all(numbered) or (any(numbered) and relation is False)
        return 0 if told_apart or _sexes_differ(person, values) else 1

    def _relations(self, person: "Resident", resident: int) -> bool | None:
        """Whether the relation to the head is the same; None where one side does not tell."""
        lived = self._register.lived(resident)
        if person.relation_code is None or lived is None or lived[1] is None:
            return None
        return lived[1] == person.relation_code


def _births(person: "Resident", values: "Mapping[str, Value]") -> bool | None:
    """Whether the birth dates are one, as far as both are known; None where one side does not tell."""
    here = str(values.get("birth_date") or values.get("birth_year") or "")
    said = person.birth_date or ""
    if not here or not said:
        return None
    return here.startswith(said) or said.startswith(here)


def _sexes_differ(person: "Resident", values: "Mapping[str, Value]") -> bool:
    here = SEX.get(str(values.get("sex") or ""))
    return bool(here and person.sex and here != person.sex)
