"""The doors of a new building: units x floors x doors on a floor, with the exceptions a person names.

Rooms are numbered as on the door: the floor and two digits (501, 1102). Floors may be passed over, as many buildings
have no 4th, 13th or 14th. Single doors are named as they are spoken of: ``2-501``, or ``501`` where there is one unit.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from gridworker.domain.address import clean_room, clean_unit, floor_of, natural_key
from gridworker.errors import Problem

MOST_UNITS, MOST_FLOORS, MOST_ON_A_FLOOR, MOST = 40, 120, 60, 4000
"""Beyond these somebody has mistyped."""

LONGEST_UNIT, LONGEST_ROOM = 10, 20
"""Characters of a unit and of a room, as a dwelling keeps them."""

_BETWEEN = re.compile(r"[\s,，、;；]+")


class PlannedDoor(NamedTuple):
    """One door to be made. ``unit`` is None where the building has none."""

    unit: str | None
    floor: int | None
    room: str

    @property
    def label(self) -> str:
        """``2-501``; without units the room."""
        return "-".join(filter(None, (self.unit, self.room)))


@dataclass(frozen=True, slots=True)
class DoorPlan:
    """What a building looks like. ``units`` 0: no units; ``skipped``, ``without``, ``besides`` as they were typed."""

    units: int
    floors: int
    on_a_floor: int
    skipped: str = ""
    without: str = ""
    besides: str = ""


def doors_of(plan: DoorPlan) -> tuple[PlannedDoor, ...]:
    """All doors, unit by unit from the ground. Raises PlanFault naming the field that cannot be."""
    _within("units", plan.units, 0, MOST_UNITS)
    _within("floors", plan.floors, 1, MOST_FLOORS)
    _within("on_a_floor", plan.on_a_floor, 1, MOST_ON_A_FLOOR)
    made = {(door.unit, door.room): door for door in _regular(plan, set(_floors(plan.skipped)))}
    for key in named_doors("without", _units(plan), plan.without):
        if made.pop(key, None) is None:
            raise PlanFault("without", Problem("{door} is none of these doors.", door="-".join(filter(None, key))))
    for unit, room in named_doors("besides", _units(plan), plan.besides):
        made[unit, room] = door_at(unit, room)
    if not 0 < len(made) <= MOST:
        raise PlanFault("on_a_floor", Problem("That makes {count} doors; count again.", count=len(made)))
    return tuple(sorted(made.values(), key=lambda door: (natural_key(door.unit), natural_key(door.room))))


class PlanFault(Exception):
    """A number or a door that cannot be. ``field`` is where it was typed."""

    def __init__(self, field: str, problem: Problem) -> None:
        super().__init__(field)
        self.field, self.problem = field, problem


def _regular(plan: DoorPlan, skipped: set[int]) -> Iterator[PlannedDoor]:
    for unit in _units(plan):
        for floor in range(1, plan.floors + 1):
            if floor not in skipped:
                for number in range(1, plan.on_a_floor + 1):
                    yield PlannedDoor(unit, floor, f"{floor}{number:02}")


def _units(plan: DoorPlan) -> list[str | None]:
    return [str(unit) for unit in range(1, plan.units + 1)] or [None]


def _within(field: str, number: int, least: int, most: int) -> None:
    if not least <= number <= most:
        raise PlanFault(field, Problem("A number from {least} to {most}.", least=least, most=most))


def _floors(text: str) -> Iterator[int]:
    for word in filter(None, _BETWEEN.split(text)):
        if not (word.isascii() and word.isdigit()):
            raise PlanFault("skipped", Problem("Write floors as numbers, like 4 13 14."))
        yield int(word)


def named_doors(field: str, units: Collection[str | None], text: str) -> Iterator[tuple[str | None, str]]:
    """The doors a text names, by unit and room; ``units`` are those the building has. Raises PlanFault.

    A door without its unit (``501``) is meant where there is but one, or some doors are in none.
    """
    alone = None if None in units or not units else next(iter(units)) if len(units) == 1 else ""
    for word in filter(None, _BETWEEN.split(text)):
        unit, dash, room = word.rpartition("-")
        if (dash and set(units) == {None}) or (not dash and alone == ""):
            raise PlanFault(field, Problem("Write doors like 2-501; without units like 501."))
        if len(unit) > LONGEST_UNIT or len(room) > LONGEST_ROOM:
            raise PlanFault(field, Problem("This is no number of a door."))
        try:
            yield (clean_unit(unit) if dash else alone), clean_room(room)
        except Problem as problem:
            raise PlanFault(field, problem) from None


def door_at(unit: str | None, room: str) -> PlannedDoor:
    """A door by its unit and room, on the floor its number tells."""
    floor = floor_of(room)
    return PlannedDoor(unit, int(floor) if floor.isdigit() else None, room)
