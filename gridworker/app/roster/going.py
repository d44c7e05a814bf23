"""Who died, moved out or came back by the word of a ledger (rule 14 of the roster corpus)."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gridworker.app.roster.register import GONE, DoorKey, Register, is_behind
from gridworker.domain.codes_life import DIED, MOVED_OUT
from gridworker.store.tables.changes import Change

if TYPE_CHECKING:
    from gridworker.record import Value
    from gridworker.sheets.people import Resident


_BACK = re.compile("回迁|迁回|搬回|返回|返乡|再次?迁入|重新(?:迁入|入住)|恢复在住")
"""``迁入`` alone stays in a ledger for years, also after they left."""


def comes_back(person: "Resident") -> bool:
    """Whether a column of changes says in words that somebody came back: no ledger only goes on listing them so."""
    return person.status not in GONE and _BACK.search(person.change or "") is not None


class Goings:
    """Compares what ledger and register say of somebody's being here. ``day`` is that of the import."""

    def __init__(self, register: Register, day: str) -> None:
        self._register, self._day = register, day

    def stands(self, person: "Resident", known: int, key: DoorKey | None) -> bool:
        """Whether somebody who is gone by the register stays so, whatever the row says. ``key`` is the row's door.

        A ledger that goes on listing who has left, or has a blank where it said so before, brings nobody back; another
        door does, and so does the word that they came back. The dead stay dead, and who had moved out may have died.
        """
        before = self._register.people[known]["status"]
        if before not in GONE:
            return False
        if before == "deceased" or person.status == before:
            return True
        if comes_back(person):
            return False
        lived, home = self._register.lived(known), person.household
        there = self._register.homes[lived[0]].key if lived else None
        same_door = key is None or is_behind(there, key, of_estate=bool(home and home.estate))
        return person.status not in GONE and same_door

    def day(self, person: "Resident") -> str:
        """The day somebody went: that of the ledger, else that of the import."""
        return person.gone_on or self._day

    def leave(self, person: "Resident", known: int) -> Iterator[Change]:
        """Who goes belongs to no household any more, and of the dead no care goes on."""
        home = self._register.homes.get(self._register.home_of.get(known, 0))
        if home is not None:
            yield Change("household_member", home.members[known][0], self.ended(person))
        for (resident, _group), care in self._register.cares.items() if person.status == "deceased" else ():
            if resident == known and care:
                yield Change("care_membership", care, {"end_on": self.day(person)})

    def ended(self, person: "Resident") -> "dict[str, Value]":
        """What ends a membership of somebody who is gone; nothing for who is here."""
        if person.status not in GONE:
            return {}
        return {"valid_to": self.day(person), "left_by": DIED if person.status == "deceased" else MOVED_OUT}
