"""What of a row that can be taken in a person should look at: whether it is really somebody new, or really this one."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from gridworker.app.roster.going import comes_back
from gridworker.app.roster.match import key_of
from gridworker.app.roster.register import GONE, Register
from gridworker.domain.retention import STANDS_FOR
from gridworker.text import gettext

_FORGOTTEN = STANDS_FOR["resident"]

if TYPE_CHECKING:
    from gridworker.app.roster.moves import Moves
    from gridworker.record import Value
    from gridworker.sheets.people import Resident


class Doubts:
    """Sentences without names: they are shown in share mode too."""

    def __init__(self, register: Register, moves: "Moves | None") -> None:
        self._register, self._moves = register, moves
        homes = (register.homes.get(register.home_of.get(one, 0)) for one in register.by_name.get(_FORGOTTEN, ()))
        self._forgotten = {home.key for home in homes if home is not None and home.key is not None}
        """Doors behind which somebody lives of whom nothing is kept: they said no."""

    def about(self, person: "Resident", known: int | None) -> tuple[str, ...]:
        """What is to be said of a row that was found to be a resident, or somebody new."""
        if known is None:
            if not self._register.people or self.presumed(person, known) is False:
                return ()
            return tuple(self._of_new(person))
        told = self._of_known(person, self._register.people[known])
        return (*self._of_moved(known), *self._of_number(person, known), *told)

    def presumed(self, person: "Resident", known: int | None) -> bool | None:
        """Whether a row was taken for somebody who moved; False where a person said otherwise, None for all others."""
        return self._moves.of_row(person, known) if self._moves is not None else None

    def _of_moved(self, known: int) -> Iterator[str]:
        if self._moves is not None and known in self._moves.presumed:
            said = gettext(
                "The books have the one person of this name and birth date elsewhere: {door}. Did they move?"
            )
            yield said.format(door=self._register.door_of(known) or gettext("no door"))

    def _of_number(self, person: "Resident", known: int) -> Iterator[str]:
        holder = self._register.numbered(person.id_number) if person.id_number else None
        if holder not in {None, known}:
            yield gettext("The books have this ID number with somebody else. Whose is it?")

    def _of_new(self, person: "Resident") -> Iterator[str]:
        if self._forgotten and person.household and key_of(person.household, self._register.estates) in self._forgotten:
            yield gettext("Behind this door somebody is only counted: they said no. If it is them, take their row out.")
        for id_ in self._register.by_name.get(person.name, ()):
            values = self._register.people[id_]
            if not self._may_be(person, values):
                continue
            door = self._register.door_of(id_)
            said = gettext("Somebody of this name and birth date or phone is here already: {door}. Is it one person?")
            yield said.format(door=door or gettext("no door"))
            return
        key = key_of(person.household, self._register.estates) if person.household else None
        if self._moves is not None and self._moves.behind_the_door(person, key):
            yield gettext("The books have somebody of this name behind this door already. Is it one person?")
            return
        other = self._moves.namesake(person) if self._moves is not None else None
        if other is not None:
            said = gettext("The one person of this name in the books lives elsewhere: {door}. Is it one person?")
            yield said.format(door=self._register.door_of(other) or gettext("no door"))
        elif self._moves is not None and self._moves.renamed(person, key):
            yield gettext(
                "Behind this door the books have somebody of another name whom the ledger leaves out, and little else "
                "tells them apart. Is it one person?"
            )

    @staticmethod
    def _may_be(person: "Resident", values: "Mapping[str, Value]") -> bool:
        """Namesakes who each have a number of their own are two people."""
        if person.id_number and (values.get("id_number") or values.get("id_hash")):
            return False
        phones = set(str(values.get("phones") or "").split())
        return bool(
            (person.birth_date and person.birth_date == values.get("birth_date")) or phones.intersection(person.phones)
        )

    @staticmethod
    def _of_known(person: "Resident", values: "Mapping[str, Value]") -> Iterator[str]:
        if values["name"] != person.name:
            yield gettext("The ID number is that of somebody with another name here. Is it one person?")
        here = str(values.get("birth_date") or "")
        if here and person.birth_date and not here.startswith(person.birth_date) and not person.id_number:
            yield gettext(
                "The books have another birth date for this name and relation behind this door. Is it one person?"
            )
        is_back = values["status"] == "moved_out" and comes_back(person)
        if values["status"] in GONE and person.status not in GONE and not is_back:
            yield gettext("Moved out or deceased by the books, and in the ledger all the same. Which is right?")
