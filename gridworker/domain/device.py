"""Devices: the laptops an office has enrolled, by their number."""

from typing import ClassVar

from gridworker.domain import codes_office as codes
from gridworker.record import Kind, Record, Type, field
from gridworker.text import Label


class Device(Record, table=True):
    """A laptop (sync.md 1). Its number is never given again; the office itself is number 0."""

    kind: ClassVar[Kind] = Kind(14, Label("Device"), Label("Devices"), caption=("label",), everywhere=True)

    number: int | None = field(1, Label("Device number"), Type.NUMBER, required=True)
    label: str | None = field(2, Label("Name"), max_length=50)
    staff_id: int | None = field(3, Label("Used by"), Type.REF, ref="staff")
    state: str | None = field(4, Label("State"), Type.CODE, required=True, codes=codes.DEVICE_STATE)
    issued_on: str | None = field(5, Label("Issued on"), Type.DAY)
