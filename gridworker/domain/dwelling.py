"""Dwellings: one door of a building."""

from collections.abc import Mapping
from typing import ClassVar

from gridworker.domain import codes_place
from gridworker.domain.address import clean_room, clean_unit
from gridworker.domain.phones import clean_phones
from gridworker.domain.ranges import outside
from gridworker.errors import Problem
from gridworker.record import Kind, Privacy, Record, Type, Value, field
from gridworker.text import Label

RANGES = {"floor": (-10, 200)}
"""Cellars below the ground, and no house is higher."""


class Dwelling(Record, table=True):
    """A door (domain.md 2.2). ``grid_id`` is given only where it lies in another grid than its building."""

    kind: ClassVar[Kind] = Kind(
        4,
        Label("Dwelling"),
        Label("Dwellings"),
        caption=("unit_no", "room_no"),
        within=("grid_id", "building_id"),
        brings=("building_id",),
    )

    building_id: int | None = field(1, Label("Building"), Type.REF, ref="building", required=True, index=True)
    unit_no: str | None = field(2, Label("Unit"), max_length=10, search=True, check=clean_unit)
    floor: int | None = field(3, Label("Floor"), Type.NUMBER)
    room_no: str | None = field(4, Label("Room"), required=True, max_length=20, search=True, check=clean_room)
    usage: str | None = field(5, Label("Used as"), Type.CODE, codes=codes_place.DWELLING_USAGE)
    grid_id: int | None = field(6, Label("Belongs to another grid"), Type.REF, ref="grid")
    hazard_note: str | None = field(7, Label("Known hazard"), Type.NOTE)
    vacancy: str | None = field(8, Label("Vacancy"), Type.CODE, codes=codes_place.VACANCY)
    owner_contact: str | None = field(
        9, Label("Phone of the owner"), Type.PHONES, privacy=Privacy.PERSONAL, check=clean_phones
    )

    @classmethod
    def rules(cls, values: Mapping[str, Value]) -> dict[str, Problem]:
        """Numbers that can be."""
        return outside(values, RANGES)

    @classmethod
    def caption(cls, values: Mapping[str, Value]) -> str:
        """``2-501``; the building is another record."""
        return "-".join(str(values[name]) for name in ("unit_no", "room_no") if values.get(name))
