"""What happens to households and their people, as plain deeds: each act gives all it writes, for one undo.

Birth, death, moving in and out, a move, splitting off, joining, another head, tenants sharing a dwelling. The rules:

* a membership that ends lasts until the day before; one that began that very day was none and goes (who died that day
  had one all the same);
* who leaves as head leaves the household to another head, and everybody's relation is told anew;
* a household that nobody is left of has moved out, and its door is vacant unless others live behind it too;
* nothing is written of what was known before: whoever left stays on the books of both households.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple

from gridworker.domain.codes import HEAD
from gridworker.domain.codes_life import DIED, JOINED, MOVED_IN, MOVED_OUT, SPLIT_OFF
from gridworker.domain.codes_place import RENTED
from gridworker.errors import Problem
from gridworker.record import Value

SHARED_FLAT = "6"
"""The living arrangement of tenants (LA of domain.md 2.5)."""


class Deed(NamedTuple):
    """One record as an act wants it: a new one, some of its fields, or its end."""

    kind: str
    record: int
    values: Mapping[str, Value] = MappingProxyType({})
    create: bool = False
    alive: bool | None = None


class Member(NamedTuple):
    """Who belongs to a household. ``elsewhere``: belongs to another one too."""

    membership: int
    resident: int
    relation: str | None = None
    since: str | None = None
    elsewhere: bool = False
    cares: tuple[tuple[int, str], ...] = ()
    """Care memberships in force, each with its first day."""


@dataclass(frozen=True, slots=True)
class House:
    """A household as acts see it. ``alone``: nobody else lives behind its door."""

    id: int
    members: tuple[Member, ...]
    head: int | None = None
    dwelling: int | None = None
    alone: bool = True

    def without(self, residents: Collection[int]) -> tuple[Member, ...]:
        """Who stays when these leave."""
        return tuple(one for one in self.members if one.resident not in residents)

    def those(self, residents: Collection[int]) -> tuple[Member, ...]:
        """These members. Raises Problem where nobody is named or somebody does not belong."""
        found = tuple(one for one in self.members if one.resident in residents)
        if not found or len(found) != len(set(residents)):
            raise Problem("Say who it is about.")
        return found


class Left(NamedTuple):
    """What those who stay agree on: their head, and what everybody is to it, by resident."""

    head: int | None = None
    relations: Mapping[int, str | None] = MappingProxyType({})


def day_that_came(day: str, today: date) -> str:
    """A day on which something happened. Raises Problem where it is still to come."""
    if day > today.isoformat():
        raise Problem("This day is still to come.")
    return day


def lead(house: House, left: Left) -> list[Deed]:
    """Another head of the household. Raises Problem where nobody in it is named."""
    if left.head not in {one.resident for one in house.members}:
        raise Problem("Say who is head of the household now.")
    return _led(house, house.members, left)


def leave(house: House, residents: Collection[int], day: str, why: str, left: Left) -> list[Deed]:
    """Some people, or all, die or move out. Raises Problem where the others need a head."""
    deeds: list[Deed] = []
    for one in house.those(residents):
        deeds.append(_ended(one, day, why))
        if why == DIED:
            deeds.append(Deed("resident", one.resident, {"status": "deceased", "status_date": day}))
            deeds += [Deed("care_membership", care, {"end_on": max(day, start)}) for care, start in one.cares]
        elif not one.elsewhere:
            deeds.append(Deed("resident", one.resident, {"status": MOVED_OUT, "status_date": day}))
    return [*deeds, *_stay(house, residents, day, left)]


def move(house: House, dwelling: int, day: str) -> list[Deed]:
    """The whole household moves to another door. Raises Problem where that is its own."""
    if dwelling == house.dwelling:
        raise Problem("They live behind this door already.")
    deeds = [
        Deed("household", house.id, {"dwelling_id": dwelling, "status": "active", "status_date": day}),
        Deed("dwelling", dwelling, {"vacancy": "occupied"}),
    ]
    return [*deeds, *_vacant(house)]


class Start(NamedTuple):
    """Where people begin to belong: the household, its door, the day; and what mints ids for their memberships."""

    household: int
    dwelling: int | None
    day: str
    new_id: Callable[[], int]


def split(house: House, residents: Collection[int], start: Start, staying: Left, going: Left) -> list[Deed]:
    """Some of a household make one of their own, behind any door. Raises Problem where everybody goes."""
    goers = house.those(residents)
    if not house.without(residents):
        raise Problem("Somebody has to stay. A whole household moves to another door.")
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


def join(house: House, residents: Collection[int], start: Start, left: Left) -> list[Deed]:
    """Some people, or all, go to another household that is here already. ``left.relations`` names the goers too."""
    if start.household == house.id:
        raise Problem("They belong to this household already.")
    deeds: list[Deed] = []
    for one in house.those(residents):
        relation = left.relations.get(one.resident)
        deeds += [_ended(one, start.day, JOINED), _belongs(start, one.resident, relation, JOINED)]
    return [*deeds, *_stay(house, residents, start.day, left)]


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


def _ended(one: Member, day: str, why: str) -> Deed:
    last = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    if one.since is not None and one.since > last:
        if why != DIED:
            return Deed("household_member", one.membership, alive=False)
        last = max(one.since, day)
    return Deed("household_member", one.membership, {"valid_to": last, "left_by": why})


def _stay(house: House, residents: Collection[int], day: str, left: Left) -> list[Deed]:
    """What becomes of the household that people left."""
    staying = house.without(residents)
    if not staying:
        closed = {"status": MOVED_OUT, "status_date": day}
        return [Deed("household", house.id, closed), *_vacant(house)]
    if house.head is not None and house.head not in residents:
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
