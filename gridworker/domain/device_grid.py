"""Which device may hold which grid: one record per grid, so that two changes of scope never collide."""

from typing import ClassVar

from gridworker.record import Kind, Record, Type, field
from gridworker.text import Label


class DeviceGrid(Record, table=True):
    """One grid in the scope of one device (sync.md 3 and 6: a set is one record per member)."""

    kind: ClassVar[Kind] = Kind(
        15, Label("Grid of a laptop"), Label("Grids of laptops"), caption=("device_id", "grid_id"), everywhere=True
    )

    device_id: int | None = field(1, Label("Laptop"), Type.REF, ref="device", required=True)
    grid_id: int | None = field(2, Label("Grid"), Type.REF, ref="grid", required=True)
