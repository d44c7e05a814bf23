"""Agency requests: what the community does at an office for somebody, by when, and what it came to (domain.md 5.3)."""

from collections.abc import Mapping
from typing import ClassVar

from gridworker.domain.codes_registers import CHARGE
from gridworker.domain.codes_visit import SATISFACTION
from gridworker.errors import Problem
from gridworker.record import Kind, Privacy, Record, Type, Value, field
from gridworker.text import Label


class ServiceRequest(Record, table=True):
    """One request of a household (domain.md 2.4). ``materials`` names papers taken in; no copy of one is kept here."""

    kind: ClassVar[Kind] = Kind(
        34, Label("Agency request"), Label("Agency requests"), caption=("request_no", "item"),
        within=("household_id", "grid_id"),
    )  # fmt: skip

    request_no: str | None = field(1, Label("Number"), max_length=30, told=True)
    requested_on: str | None = field(2, Label("Asked for on"), Type.DAY, required=True)
    item: str | None = field(
        3, Label("What is done for them"), privacy=Privacy.PERSONAL, required=True, max_length=60, told=True
    )
    household_id: int | None = field(4, Label("Household"), Type.REF, ref="household", index=True)
    materials: str | None = field(5, Label("Papers taken in"), privacy=Privacy.PERSONAL, told=True)
    promised_on: str | None = field(6, Label("Promised by"), Type.DAY)
    finished_on: str | None = field(7, Label("Done on"), Type.DAY)
    charge: str | None = field(8, Label("Fee"), Type.CODE, codes=CHARGE)
    fee_note: str | None = field(9, Label("About the fee"), max_length=60, told=True)
    received_by: str | None = field(10, Label("Received by"), privacy=Privacy.PERSONAL, max_length=50, told=True)
    returned_on: str | None = field(11, Label("Return visit on"), Type.DAY)
    satisfaction: str | None = field(12, Label("Satisfaction"), Type.CODE, codes=SATISFACTION)
    owner_id: int | None = field(13, Label("Owner"), Type.REF, ref="staff")
    grid_id: int | None = field(14, Label("Grid"), Type.REF, ref="grid")

    @classmethod
    def rules(cls, values: Mapping[str, Value]) -> dict[str, Problem]:
        """Nothing is promised or done before it was asked for."""
        asked = str(values.get("requested_on") or "")
        early = [name for name in ("promised_on", "finished_on") if asked and str(values.get(name) or asked) < asked]
        return {name: Problem("This lies before the day it was asked for.") for name in early}
