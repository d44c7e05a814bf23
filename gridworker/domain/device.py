"""Devices: the laptops an office has enrolled, by their number."""

from collections.abc import Mapping
from typing import ClassVar

from gridworker.domain import codes_office as codes
from gridworker.domain.ranges import outside
from gridworker.errors import Problem
from gridworker.record import Kind, Record, Type, Value, field
from gridworker.text import Label

RANGES = {"number": (0, 1023)}
"""Ten bits of every id are for it (sync.md 1)."""


class Device(Record, table=True):
    """A laptop (sync.md 1). Its number is never given again; the office itself is number 0."""

    kind: ClassVar[Kind] = Kind(14, Label("Laptop"), Label("Laptops"), caption=("label",), everywhere=True)

    number: int | None = field(1, Label("Laptop number"), Type.NUMBER, required=True)
    label: str | None = field(2, Label("Name"), max_length=50)
    staff_id: int | None = field(3, Label("Used by"), Type.REF, ref="staff")
    state: str | None = field(4, Label("State"), Type.CODE, required=True, codes=codes.DEVICE_STATE)
    issued_on: str | None = field(5, Label("Issued on"), Type.DAY)

    @classmethod
    def rules(cls, values: Mapping[str, Value]) -> dict[str, Problem]:
        """A number that a bundle has room for."""
        return outside(values, RANGES)
