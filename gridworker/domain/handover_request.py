"""Hand-over requests: a worker sees that a household moved out of the grid, and asks the office to hand it over."""

from typing import ClassVar

from gridworker.domain.codes_office import HANDOVER_STATE
from gridworker.record import Kind, Privacy, Record, Type, field
from gridworker.text import Label


class HandoverRequest(Record, table=True):
    """One request (sync.md 6). It stays with the grid that asked, so that the worker sees what came of it."""

    kind: ClassVar[Kind] = Kind(
        20,
        Label("Hand-over request"),
        Label("Hand-over requests"),
        caption=("asked_at",),
        within=("from_grid_id",),
    )

    household_id: int | None = field(1, Label("Household"), Type.REF, ref="household", required=True)
    state: str | None = field(2, Label("State"), Type.CODE, codes=HANDOVER_STATE, required=True)
    reason: str | None = field(3, Label("What happened"), Type.NOTE, privacy=Privacy.PERSONAL, required=True)
    to_grid_id: int | None = field(4, Label("To which grid"), Type.REF, ref="grid")
    to_address: str | None = field(5, Label("New address"), privacy=Privacy.PERSONAL)
    asked_at: str | None = field(6, Label("Asked at"), Type.MOMENT)
    asked_by: int | None = field(7, Label("Asked by"), Type.REF, ref="staff")
    answer: str | None = field(8, Label("The office's answer"), Type.NOTE, privacy=Privacy.PERSONAL)
    decided_at: str | None = field(9, Label("Decided at"), Type.MOMENT)
    decided_by: int | None = field(10, Label("Decided by"), Type.REF, ref="staff")
    from_grid_id: int | None = field(11, Label("From which grid"), Type.REF, ref="grid")
