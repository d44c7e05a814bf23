"""Buildings: what a grid is made of, and what says which grid a door is in."""

from collections.abc import Mapping
from typing import ClassVar

from gridworker.domain import codes_place
from gridworker.domain.address import building_label, clean_building
from gridworker.domain.phones import clean_phones
from gridworker.domain.ranges import outside
from gridworker.errors import Problem
from gridworker.record import Kind, Privacy, Record, Type, Value, field
from gridworker.text import Label

RANGES = {"floor_count": (1, 200), "unit_count": (1, 200), "household_count": (0, 10_000)}
"""Beyond these somebody has mistyped."""


class Building(Record, table=True):
    """A building of one grid (domain.md 2.2). ``building_name`` is the number part: ``3`` of 3栋, or a block's name.

    ``head_name`` is a building head who is not on the staff; ``head_staff_id`` goes before it. The company that manages
    the house is named here until organisations are a kind of their own.
    """

    kind: ClassVar[Kind] = Kind(
        3, Label("Building"), Label("Buildings"), caption=("estate_name", "building_name"), within=("grid_id",)
    )

    grid_id: int | None = field(1, Label("Grid"), Type.REF, ref="grid", required=True)
    estate_name: str | None = field(2, Label("Estate"), max_length=50, search=True, index=True)
    building_name: str | None = field(
        3, Label("Building number"), required=True, max_length=30, search=True, check=clean_building
    )
    floor_count: int | None = field(4, Label("Number of floors"), Type.NUMBER)
    unit_count: int | None = field(5, Label("Number of units"), Type.NUMBER)
    household_count: int | None = field(6, Label("Number of households"), Type.NUMBER)
    building_type: str | None = field(7, Label("Building type"), Type.CODE, codes=codes_place.BUILDING_TYPE)
    has_elevator: int | None = field(8, Label("Has a lift"), Type.FLAG)
    head_name: str | None = field(9, Label("Building head"), privacy=Privacy.PERSONAL, max_length=50, search=True)
    remark: str | None = field(10, Label("Remark"), Type.NOTE)
    head_staff_id: int | None = field(11, Label("Building head on the staff"), Type.REF, ref="staff")
    property_company: str | None = field(12, Label("Property company"), max_length=60, search=True)
    property_phone: str | None = field(
        13, Label("Phone of the property company"), Type.PHONES, privacy=Privacy.PERSONAL, check=clean_phones
    )

    @classmethod
    def rules(cls, values: Mapping[str, Value]) -> dict[str, Problem]:
        """Numbers that can be."""
        return outside(values, RANGES)

    @classmethod
    def caption(cls, values: Mapping[str, Value]) -> str:
        """``师院南苑 3栋``."""
        label = building_label(str(values.get("building_name") or ""))
        return " ".join(filter(None, (str(values.get("estate_name") or ""), label)))
