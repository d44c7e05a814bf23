"""Somebody without a number to tell them by, behind another door than the books have: moved, or somebody else?

A name with its birth date that stands once in the books and once in the ledger is taken for one person who moved, and
a person is asked to look; a name alone is never taken for anybody, and is not doubled without a word either.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from gridworker.app.ledger.cells import SEX
from gridworker.app.roster.register import GONE, DoorKey, Register, is_behind
from gridworker.app.roster.values import FULL_DAY
from gridworker.domain.codes import HEAD

if TYPE_CHECKING:
    from gridworker.record import Value
    from gridworker.sheets.corrections import RowPlace
    from gridworker.sheets.people import Resident, Roster

_ONCE = frozenset({HEAD, "10", "11", "12"})
"""Relations of which a household has one: the head, and the spouse in three words."""


class Moves:
    """Compares namesakes of one ledger and of the books. ``numbers`` are those of the ledger, and what is kept of it.

    ``taken`` are the residents whom rows are about already; it grows while rows are matched.
    """

    def __init__(self, register: Register, roster: "Roster", numbers: Collection[str], taken: set[int]) -> None:
        self._register, self._numbers, self._taken = register, numbers, taken
        self._apart = roster.apart
        self._births: dict[str, list[str | None]] = defaultdict(list)
        """The birth dates of the rows of the ledger, by the names that the books know."""
        for person in roster.residents if register.by_name else ():
            if person.name in register.by_name:
                self._births[person.name].append(person.birth_date)
        self.presumed: set[int] = set()
        """Residents who were taken for people who moved."""
        self.declined: set[RowPlace] = set()
        """Rows that would be taken for one of them, but for a person who said that it is somebody else."""

    def of_row(self, person: "Resident", known: int | None) -> bool | None:
        """As ``Doubts.presumed`` has it."""
        if known is None:
            return False if (person.sheet, person.row, person.member) in self.declined else None
        return True if known in self.presumed else None

    def moved(self, person: "Resident") -> int | None:
        """The one resident of this name and birth date, who lives elsewhere; None where there may be two of them."""
        born = person.birth_date
        if not born or len(born) != FULL_DAY or person.status in GONE or person.household is None:
            return None
        there = [
            id_
            for id_ in self._register.by_name.get(person.name, ())
            if self._may_be_born(self._register.people[id_], born)
        ]
        here = [other for other in self._births.get(person.name, ()) if not other or born.startswith(other)]
        if len(there) != 1 or len(here) != 1 or there[0] in self._taken:
            return None
        values = self._register.people[there[0]]
        if values["birth_date"] != born or values["status"] == "deceased" or self._told_apart(person, values):
            return None
        if _phones_differ(person, values):  # a common name and day: a double that is asked about can be put right
            return None
        if (person.sheet, person.row, person.member) in self._apart:
            self.declined.add((person.sheet, person.row, person.member))
            return None
        self.presumed.add(there[0])
        return there[0]

    def namesake(self, person: "Resident") -> int | None:
        """The one resident of this name in the books, where nothing tells them from the one row of this name."""
        there = self._register.by_name.get(person.name, ())
        if len(there) != 1 or len(self._births.get(person.name, ())) != 1 or there[0] in self._taken:
            return None
        values = self._register.people[there[0]]
        born = person.birth_date or ""
        known = str(values.get("birth_date") or values.get("birth_year") or "")
        lived = self._register.lived(there[0])
        relations = {person.relation_code, lived[1] if lived else None} - {None}
        told_apart = (
            (born and known and not born.startswith(known) and not known.startswith(born))
            or _phones_differ(person, values)
            or len(relations) > 1
            or values["status"] in GONE
        )
        return None if told_apart or self._told_apart(person, values) else there[0]

    def behind_the_door(self, person: "Resident", key: DoorKey | None) -> bool:
        """Whether one of this name whom no row is about lives behind the door, and no number tells them apart."""
        for id_ in self._register.by_name.get(person.name, ()) if key else ():
            values, lived = self._register.people[id_], self._register.lived(id_)
            known = str(values.get("birth_date") or values.get("birth_year") or "")
            born = person.birth_date or known
            there = self._register.homes[lived[0]].key if lived else None
            if (
                key
                and id_ not in self._taken
                and is_behind(there, key, of_estate=False)
                and (not known or born.startswith(known) or known.startswith(born))
                and not self._told_apart(person, values)
            ):
                return True
        return False

    def renamed(self, person: "Resident", key: DoorKey | None) -> bool:
        """Whether somebody the ledger leaves out lives behind the door, and all but the name speaks for one person.

        That is one birth date, one phone, or what a household has once (its head, a spouse), or both years of birth
        with both relations; nothing may speak against it.
        """
        home = self._register.homes.get(self._register.by_door.get(key, 0)) if key else None
        return home is not None and any(
            self._is_left_out(id_) and self._alike_but_in_name(person, self._register.people[id_], relation)
            for id_, (_membership, relation) in home.members.items()
        )

    def _is_left_out(self, resident: int) -> bool:
        """Whether no row is about a resident so far, and none later can be by name."""
        values = self._register.people[resident]
        return resident not in self._taken and values["name"] not in self._births and values["status"] not in GONE

    def _alike_but_in_name(self, person: "Resident", values: "Mapping[str, Value]", relation: str | None) -> bool:
        born = str(values.get("birth_date") or values.get("birth_year") or "")
        said = person.birth_date or ""
        differ = born and said and not born.startswith(said) and not said.startswith(born)
        if differ or self._told_apart(person, values):
            return False
        phones = set(str(values.get("phones") or "").split())
        if len(born) == len(said) == FULL_DAY or phones.intersection(person.phones):
            return True
        one_place = relation is not None and relation == person.relation_code
        return one_place and (bool(born and said) or (relation in _ONCE and not _phones_differ(person, values)))

    def _told_apart(self, person: "Resident", values: "Mapping[str, Value]") -> bool:
        """Whether two numbers, a number that another row has, or the sexes tell them apart."""
        kept = str(values.get("id_number") or values.get("id_hash") or "")
        sex = SEX.get(str(values.get("sex") or ""))
        return bool(
            (kept and (person.id_number or kept in self._numbers)) or (sex and person.sex and sex != person.sex)
        )

    @staticmethod
    def _may_be_born(values: "Mapping[str, Value]", born: str) -> bool:
        known = str(values.get("birth_date") or values.get("birth_year") or "")
        return born.startswith(known)


def _phones_differ(person: "Resident", values: "Mapping[str, Value]") -> bool:
    phones = set(str(values.get("phones") or "").split())
    return bool(phones and person.phones and phones.isdisjoint(person.phones))
