"""What happens to households and their people, as plain deeds: each act gives all it writes, for one undo.

Birth, death, moving in and out, a move, splitting off, joining, another head, tenants sharing a dwelling. The rules:

* a membership is over on the day it ends (``household_member.is_over``), also one that began that very day: that
  somebody was here stays on the books, and with it on every laptop that holds them;
* who leaves as head leaves the household to another head, and everybody's relation is told anew;
* a household has one head: who comes into one that has none leads it, who comes into another does not;
* nobody leaves before they came; who died is a member nowhere any more, leads nobody and goes nowhere;
* a household that nobody is left of has moved out, and its door is vacant unless others live behind it too; care of
  those who moved out is over, and what the household asked for is not for now, with the reason;
* nothing is written of what was known before: whoever left stays on the books of both households.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from gridworker.domain.codes import HEAD
from gridworker.domain.codes_life import DIED, JOINED, MOVED_IN, MOVED_OUT, SPLIT_OFF
from gridworker.domain.codes_need import DECLINED
from gridworker.domain.codes_place import RENTED
from gridworker.errors import Problem
from gridworker.record import Value
from gridworker.text import gettext

SHARED_FLAT = "6"
"""The living arrangement of tenants (LA of domain.md 2.5)."""


class Deed(NamedTuple):
    """One record as an act wants it: a new one, some of its fields, or its end."""

    kind: str
    record: int
    values: Mapping[str, Value] = MappingProxyType({})
    create: bool = False
    alive: bool | None = None


Cares: TypeAlias = tuple[tuple[int, str], ...]
"""Care memberships in force, each with its first day."""


class Member(NamedTuple):
    """Who belongs to a household. ``elsewhere``: belongs to another one too. ``dead``: died, as far as is known."""

    membership: int
    resident: int
    relation: str | None = None
    since: str | None = None
    elsewhere: bool = False
    cares: Cares = ()
    dead: bool = False


@dataclass(frozen=True, slots=True)
class House:
    """A household as acts see it. ``alone``: nobody else lives behind its door."""

    id: int
    members: tuple[Member, ...]
    head: int | None = None
    dwelling: int | None = None
    alone: bool = True
    cares: Cares = ()
    """Of the household as a whole."""
    needs: tuple[int, ...] = ()
    """Those nothing has come of yet."""

    @property
    def led(self) -> bool:
        """Whether one who belongs to it, and lives, is its head."""
        return self.head in {one.resident for one in self.without(())}

    def without(self, residents: Collection[int]) -> tuple[Member, ...]:
        """Who stays when these leave: nobody who died."""
        return tuple(one for one in self.members if one.resident not in residents and not one.dead)

    def those(self, residents: Collection[int]) -> tuple[Member, ...]:
        """These members. Raises Problem where nobody is named or somebody does not belong."""
        found = tuple(one for one in self.members if one.resident in residents)
        if not found or len(found) != len(set(residents)):
            raise Problem("Say who it is about.")
        return found

    def living(self, residents: Collection[int]) -> tuple[Member, ...]:
        """These members. Raises Problem as above, and where one of them died."""
        found = self.those(residents)
        if any(one.dead for one in found):
            raise Problem("One of them died. Say so first, by the act of its own.")
        return found


class Left(NamedTuple):
    """What those who stay agree on: their head, and what everybody is to it, by resident."""

    head: int | None = None
    relations: Mapping[int, str | None] = MappingProxyType({})


class Start(NamedTuple):
    """Where people begin to belong: the household, its door, the day; and what mints ids for their memberships."""

    household: int
    dwelling: int | None
    day: str
    new_id: Callable[[], int]


def day_that_came(day: str, today: date) -> str:
    """A day on which something happened. Raises Problem where it is still to come."""
    if day > today.isoformat():
        raise Problem("This day is still to come.")
    return day


def after_birth(day: str, person: Mapping[str, Value]) -> None:
    """Raise Problem where a day lies before somebody was born, as far as that is known."""
    born = str(person.get("birth_date") or person.get("birth_year") or "")
    if day[: len(born)] < born:
        raise Problem("This lies before they were born.")


def lead(house: House, left: Left) -> list[Deed]:
    """Another head of the household. Raises Problem where nobody in it is named."""
    if left.head not in {one.resident for one in house.without(())}:
        raise Problem("Say who is head of the household now.")
    return _led(house, house.members, left)


def leave(house: House, residents: Collection[int], day: str, why: str, left: Left) -> list[Deed]:
    """Some people, or all, die or move out. Raises Problem where the others need a head."""
    deeds: list[Deed] = []
    for one in house.those(residents):
        deeds.append(_ended(one, day, why))
        if why == DIED or not one.elsewhere:
            status = "deceased" if why == DIED else MOVED_OUT
            deeds += [Deed("resident", one.resident, {"status": status, "status_date": day}), *_over(one.cares, day)]
    return [*deeds, *_stay(house, residents, day, left), *_closed(house, residents, day)]


def emptied(house: House, day: str) -> list[Deed]:
    """A household whose people all left, one by one or by a ledger, has moved out. Raises Problem while one is here."""
    if house.without(()):
        raise Problem("Somebody still lives here.")
    return [*_stay(house, (), day, Left()), *_closed(house, (), day)]


def left_alone(house: House, residents: Collection[int], day: str, why: str) -> list[Deed]:
    """They leave a household that had no head before, and has none then."""
    return [_ended(one, day, why) for one in house.those(residents)]


def unwritten(house: House, resident: int, left: Left) -> list[Deed]:
    """Somebody was written down by mistake and was never here. Raises Problem where the others need a head."""
    (one,) = house.those([resident])
    gone = [Deed("household_member", one.membership, alive=False), Deed("resident", resident, alive=False)]
    if house.without([resident]):
        return [*gone, *_stay(house, [resident], "", left)]
    return [*gone, Deed("household", house.id, {"head_id": None})]


def back(house: House, returned: Sequence[Member], start: Start, left: Left) -> list[Deed]:
    """People who moved out live here again. ``returned``: as they were members before. Raises Problem without a head.

    A household that had moved out lives behind its door again.
    """
    if not returned:
        raise Problem("Say who it is about.")
    deeds: list[Deed] = []
    chosen = left.head if len(returned) > 1 or house.led else returned[0].resident
    if not house.led and chosen not in {one.resident for one in returned}:
        raise Problem("Say who is head of the household now.")
    for one in returned:
        relation = HEAD if one.resident == chosen and not house.led else _not_head(one.relation)
        deeds.append(_belongs(start, one.resident, relation, MOVED_IN))
        deeds.append(Deed("resident", one.resident, {"status": "in_place", "status_date": start.day}))
    if not house.led:
        deeds.append(Deed("household", house.id, {"head_id": chosen}))
    if not house.members:
        deeds.append(Deed("household", house.id, {"status": "active", "status_date": start.day}))
        if house.dwelling is not None:
            deeds.append(Deed("dwelling", house.dwelling, {"vacancy": "occupied"}))
    return deeds


def _not_head(relation: str | None) -> str | None:
    return None if relation == HEAD else relation


def _over(cares: Cares, day: str) -> list[Deed]:
    """Care that ends on a day, not before it began."""
    return [Deed("care_membership", care, {"end_on": max(day, start)}) for care, start in cares]


def _closed(house: House, residents: Collection[int], day: str) -> list[Deed]:
    """What is over with a household that nobody is left of: its care, and what it asked for."""
    if house.without(residents):
        return []
    told = {"status": DECLINED, "answer": gettext("The household moved out.")}
    return [*_over(house.cares, day), *(Deed("need", need, told) for need in house.needs)]


def move(house: House, dwelling: int, day: str) -> list[Deed]:
    """The whole household moves to another door. Raises Problem where that is its own."""
    if dwelling == house.dwelling:
        raise Problem("They live behind this door already.")
    deeds = [
        Deed("household", house.id, {"dwelling_id": dwelling, "status": "active", "status_date": day}),
        Deed("dwelling", dwelling, {"vacancy": "occupied"}),
    ]
    return [*deeds, *_vacant(house)]


def goers_of_split(house: House, residents: Collection[int]) -> tuple[Member, ...]:
    """Who goes. Raises Problem where one of them died, or everybody goes."""
    goers = house.living(residents)
    if not house.without(residents):
        raise Problem("Somebody has to stay. A whole household moves to another door.")
    return goers


def split(house: House, residents: Collection[int], start: Start, staying: Left, going: Left) -> list[Deed]:
    """Some of a household make one of their own, behind any door. Raises Problem where everybody goes."""
    goers = goers_of_split(house, residents)
    if going.head not in residents:
        raise Problem("Say who is head of the household now.")
    begun = {"dwelling_id": start.dwelling, "head_id": going.head, "status": "active", "status_date": start.day}
    deeds = [Deed("household", start.household, begun, create=True)]
    if start.dwelling is not None and start.dwelling != house.dwelling:
        deeds.append(Deed("dwelling", start.dwelling, {"vacancy": "occupied"}))
    for one in goers:
        relation = HEAD if one.resident == going.head else going.relations.get(one.resident)
        deeds += [_ended(one, start.day, SPLIT_OFF), _belongs(start, one.resident, relation, SPLIT_OFF)]
    return [*deeds, *_stay(house, residents, start.day, staying)]


def join(house: House, residents: Collection[int], other: House, start: Start, left: Left) -> list[Deed]:
    """Some people, or all, go to another household that is here already. ``left.relations`` names the goers too.

    Where all go, what they asked for and the care of their household go along. Raises Problem where it would have two
    heads, or none.
    """
    goers = house.living(residents)
    head = head_there(house, goers, other, left)
    deeds: list[Deed] = []
    for one in goers:
        relation = HEAD if one.resident == head else left.relations.get(one.resident)
        deeds += [_ended(one, start.day, JOINED), _belongs(start, one.resident, relation, JOINED)]
    if head is not None:
        deeds.append(Deed("household", other.id, {"head_id": head}))
    if not house.without(residents):
        along = [*(("care_membership", care) for care, _ in house.cares), *(("need", need) for need in house.needs)]
        deeds += [Deed(kind, record, {"household_id": other.id}) for kind, record in along]
    return [*deeds, *_stay(house, residents, start.day, left)]


def head_there(house: House, goers: Sequence[Member], other: House, left: Left) -> int | None:
    """Who of those who come leads the household they go to, None for nobody. Raises Problem where they cannot go.

    One who is said to, else of a household of nobody the first of them.
    """
    if other.id == house.id:
        raise Problem("They belong to this household already.")
    if {one.resident for one in goers} & {one.resident for one in other.members}:
        raise Problem("They belong to that household already.")
    said = [one.resident for one in goers if left.relations.get(one.resident) == HEAD]
    if len(said) > 1 or (said and other.led):
        raise Problem("A household has one head. Choose another head there first.")
    if said or other.led or other.members:
        return said[0] if said else None
    return house.head if house.head in {one.resident for one in goers} else goers[0].resident


def share(start: Start, resident: int, values: Mapping[str, Value], *, rented: bool) -> list[Deed]:
    """Tenants move in behind a door, beside whoever lives there: a household of their own."""
    shared = {"dwelling_id": start.dwelling, "head_id": resident, "status": "active", "status_date": start.day}
    deeds = [
        Deed("resident", resident, values, create=True),
        Deed("household", start.household, {**shared, "living_arrangement": SHARED_FLAT}, create=True),
        _belongs(start, resident, HEAD, MOVED_IN),
    ]
    door = {"vacancy": "occupied", **({"usage": RENTED} if rented else {})}
    return [*deeds, *([Deed("dwelling", start.dwelling, door)] if start.dwelling is not None else [])]


def _belongs(start: Start, resident: int, relation: str | None, how: str) -> Deed:
    """A membership that begins."""
    values: dict[str, Value] = {
        "household_id": start.household, "resident_id": resident, "relation": relation, "lives_here": 1,
        "valid_from": start.day, "came_by": how,
    }  # fmt: skip
    return Deed("household_member", start.new_id(), values, create=True)


def lived_here(house: House, residents: Collection[int], day: str) -> None:
    """Raise Problem where somebody came to the household only after that day."""
    late = max((one.since for one in house.members if one.resident in residents and one.since), default="")
    if day < late:
        raise Problem("They came to this household on {day}; nobody leaves before that.", day=late)


def _ended(one: Member, day: str, why: str) -> Deed:
    return Deed("household_member", one.membership, {"valid_to": max(day, one.since or day), "left_by": why})


def _stay(house: House, residents: Collection[int], day: str, left: Left) -> list[Deed]:
    """What becomes of the household that people left."""
    staying = house.without(residents)
    if not staying:
        closed = {"status": MOVED_OUT, "status_date": day}
        dead = [_ended(one, day, DIED) for one in house.members if one.dead and one.resident not in residents]
        return [Deed("household", house.id, closed), *dead, *_vacant(house)]
    if house.head in {one.resident for one in staying}:
        return []
    chosen = left if len(staying) > 1 else left._replace(head=staying[0].resident)
    if chosen.head not in {one.resident for one in staying}:
        raise Problem("Say who is head of the household now.")
    return _led(house, staying, chosen)


def _led(house: House, members: Sequence[Member], left: Left) -> list[Deed]:
    deeds = [Deed("household", house.id, {"head_id": left.head})]
    for one in members:
        relation = HEAD if one.resident == left.head else left.relations.get(one.resident, one.relation)
        if relation != one.relation:
            deeds.append(Deed("household_member", one.membership, {"relation": relation}))
    return deeds


def _vacant(house: House) -> list[Deed]:
    if house.dwelling is None or not house.alone:
        return []
    return [Deed("dwelling", house.dwelling, {"vacancy": "vacant"})]
