"""Grids: a community is cut into grids of 300-500 households, one worker each."""

from collections.abc import Mapping
from typing import ClassVar

from gridworker.domain.codes_place import GRID_KIND
from gridworker.domain.ranges import outside
from gridworker.errors import Problem
from gridworker.record import Kind, Record, Type, Value, field
from gridworker.text import Label

RANGES = {"planned_household_count": (0, 100_000)}
"""Beyond this somebody has mistyped."""


class Grid(Record, table=True):
    """A grid of one community (domain.md 2.2). One that was merged into another stays as another name for it."""

    kind: ClassVar[Kind] = Kind(2, Label("Grid"), Label("Grids"), caption=("name",), everywhere=True)

    name: str | None = field(1, Label("Name"), required=True, max_length=50, search=True)
    community_id: int | None = field(2, Label("Community"), Type.REF, ref="community")
    code: str | None = field(3, Label("Grid code"), max_length=20)
    boundary_note: str | None = field(4, Label("Boundary"), Type.NOTE)
    planned_household_count: int | None = field(5, Label("Planned households"), Type.NUMBER)
    public_contact: str | None = field(6, Label("Public contact"), max_length=50)
    merged_into: int | None = field(7, Label("Merged into"), Type.REF, ref="grid")
    grid_kind: str | None = field(8, Label("Kind of grid"), Type.CODE, codes=GRID_KIND)

    @classmethod
    def rules(cls, values: Mapping[str, Value]) -> dict[str, Problem]:
        """Numbers that can be."""
        return outside(values, RANGES)
