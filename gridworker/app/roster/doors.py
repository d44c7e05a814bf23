"""The doors a ledger names that are not in the books yet: each is made once, with its building."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from gridworker.app.roster.register import UNKNOWN, DoorKey, Register
from gridworker.domain.address import floor_of
from gridworker.store.tables.changes import Change

if TYPE_CHECKING:
    from gridworker.app.roster.values import Checker
    from gridworker.record import Value
    from gridworker.store.tables.creations import NewRecords


class NewDoors:
    """Gives the dwelling behind a door, made where it is not here yet."""

    def __init__(
        self, register: Register, made: "tuple[NewRecords, list[Change]]", new_id: Callable[[], int], checker: "Checker"
    ) -> None:
        self._register, self._new_id = register, new_id
        self._new, self._changes = made
        self._check = checker.checked
        self._add = self._new.adder("dwelling", "room_no", "vacancy", "building_id", "unit_no", "floor")

    def dwelling(self, key: DoorKey, told: str) -> int:
        """The dwelling behind a door; ``told`` is the estate in the words of the ledger, for a building that is new."""
        known = self._register.dwellings.get(key)
        if known is not None:
            if known in self._register.vacant:
                self._register.vacant.discard(known)
                self._changes.append(Change("dwelling", known, {"vacancy": "occupied"}))
            return known
        id_ = self._register.dwellings[key] = self._new_id()
        building, unit, room, estate = key
        house, floor = self._building(building, estate, told), floor_of(room)
        if unit and floor:
            self._add(id_, room, "occupied", house, unit, int(floor))
            return id_
        values: dict[str, Value] = {"room_no": room or UNKNOWN, "vacancy": "occupied", "building_id": house}
        if unit:
            values["unit_no"] = unit
        if floor:
            values["floor"] = int(floor)
        self._new.add("dwelling", id_, values)
        return id_

    def _building(self, name: str, of: str, told: str) -> int:
        """The building of a number in the estate ``of``; a new one is in the estate that was told."""
        known = self._register.buildings.get((name, of))
        if known is not None:
            return known
        id_ = self._new_id()
        values = {"grid_id": self._register.grid, "building_name": name or UNKNOWN, "estate_name": told or None}
        self._new.add("building", id_, self._check("building", values))
        self._register.buildings[name, of] = id_
        return id_
