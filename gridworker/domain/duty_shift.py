"""The duty roster: who keeps the office on which day, whether they came, what there was (domain.md 1.3, 32)."""

from typing import ClassVar

from gridworker.domain.codes_registers import SHIFT
from gridworker.record import Kind, Record, Type, field
from gridworker.text import Label


class DutyShift(Record, table=True):
    """One shift of one person. Every device has it, so that a worker sees their own."""

    kind: ClassVar[Kind] = Kind(36, Label("Shift"), Label("Duty roster"), caption=("day", "slot"), everywhere=True)

    day: str | None = field(1, Label("Day"), Type.DAY, required=True)
    slot: str | None = field(2, Label("Shift"), Type.CODE, required=True, codes=SHIFT)
    staff_id: int | None = field(3, Label("On duty"), Type.REF, required=True, ref="staff")
    swap_of: int | None = field(4, Label("In place of"), Type.REF, ref="staff")
    checked_in_at: str | None = field(5, Label("Signed in at"), Type.MOMENT)
    visitor_count: int | None = field(6, Label("People who came"), Type.NUMBER)
    matters: str | None = field(7, Label("What there was"), Type.NOTE, told=True)
    handover: str | None = field(8, Label("Passed on to the next"), Type.NOTE, told=True)
