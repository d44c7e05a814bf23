"""Is this row somebody who is here already? By ID number, else by name and household with birth date or relation.

A corrected number, one added to somebody without, or the 18-character form of an old one is the same person; namesakes
with numbers of their own stay apart (rules 3 and 14 of the roster corpus).
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from gridworker.app.roster_register import DoorKey, Register
from gridworker.domain.address import clean_building, clean_room, clean_unit
from gridworker.domain.identity import upgraded

if TYPE_CHECKING:
    from gridworker.record import Value
    from gridworker.sheets.people import Household, Resident, Roster


def door_key(person: "Resident") -> DoorKey | None:
    """The door of a row, or None where no door was read."""
    return key_of(person.household) if person.household else None


def key_of(home: "Household") -> DoorKey | None:
    """A door as the store will have it, so that the same ledger finds its doors again."""
    if not (home.building or home.room):
        return None
    return _cleaned(home.building, clean_building), _cleaned(home.unit, clean_unit), _cleaned(home.room, clean_room)


@lru_cache(maxsize=8192)
def _cleaned(part: str, clean: Callable[[str], str]) -> str:
    return clean(part) if part else ""


class Matcher:
    """Finds the resident a row is about. Nobody is matched twice."""

    def __init__(self, register: Register, roster: "Roster") -> None:
        self._register = register
        self._taken: set[int] = set()
        self._numbers = self._numbers_of(roster) if register.people else frozenset()

    def _numbers_of(self, roster: "Roster") -> frozenset[str]:
        """Every number of the ledger, and what is kept of it; needed where somebody is here."""
        numbers = {upgraded(person.id_number) for person in roster.residents if person.id_number}
        return frozenset(numbers | {self._register.keeping.hashed(number) for number in numbers})

    def find(self, person: "Resident") -> int | None:
        """The resident's id, or None for somebody new."""
        found = self._by_number(person) or self._by_name(person)
        if found is not None:
            self._taken.add(found)
        return found

    def _by_number(self, person: "Resident") -> int | None:
        if not person.id_number:
            return None
        found = self._register.numbered(person.id_number)
        return found if found not in self._taken else None

    def _by_name(self, person: "Resident") -> int | None:
        namesakes = self._register.by_name.get(person.name)
        key = door_key(person) if namesakes else None
        for id_ in namesakes or ():
            values = self._register.people[id_]
            if id_ in self._taken or not (self._lives_there(id_, key) if key else self._lived_so(person, id_, values)):
                continue
            if self._is_someone_else(person, values):
                continue
            if self._agrees(person, id_, values):
                return id_
        return None

    def _lives_there(self, resident: int, key: DoorKey) -> bool:
        lived = self._register.lived(resident)
        return lived is not None and self._register.homes[lived[0]].key == key

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

    def _agrees(self, person: "Resident", resident: int, values: "Mapping[str, Value]") -> bool:
        """Same birth date, or same relation where the dates do not speak against it."""
        born = values.get("birth_date")
        if person.birth_date and born:
            return person.birth_date == born or (bool(person.id_number) and self._same_relation(person, resident))
        return self._same_relation(person, resident) or not (
            person.id_number or values.get("id_number") or values.get("id_hash")
        )

    def _same_relation(self, person: "Resident", resident: int) -> bool:
        lived = self._register.lived(resident)
        return person.relation_code is not None and lived is not None and lived[1] == person.relation_code
