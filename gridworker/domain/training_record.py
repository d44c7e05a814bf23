"""Training of staff: a cadre has seven days a year at least (domain.md 1.6, 89)."""

from collections.abc import Mapping
from typing import ClassVar

from gridworker.domain.codes_registers import TRAINING_MODE
from gridworker.errors import Problem
from gridworker.record import Kind, Record, Type, Value, field
from gridworker.text import Label


class TrainingRecord(Record, table=True):
    """One training of one person."""

    kind: ClassVar[Kind] = Kind(37, Label("Training"), Label("Training"), caption=("topic",), everywhere=True)

    staff_id: int | None = field(1, Label("Who was trained"), Type.REF, required=True, ref="staff")
    topic: str | None = field(2, Label("Subject"), required=True, max_length=100, told=True)
    mode: str | None = field(3, Label("Form of training"), Type.CODE, codes=TRAINING_MODE)
    start_on: str | None = field(4, Label("Begins on"), Type.DAY, required=True)
    end_on: str | None = field(5, Label("Ends on"), Type.DAY)
    days: int | None = field(6, Label("Days"), Type.NUMBER, required=True)
    organiser: str | None = field(7, Label("Held by"), max_length=60, told=True)
    certificate: str | None = field(8, Label("Certificate"), max_length=60, told=True)

    @classmethod
    def rules(cls, values: Mapping[str, Value]) -> dict[str, Problem]:
        """It ends after it began, and lasts a day at least."""
        start, end, days = (values.get(name) for name in ("start_on", "end_on", "days"))
        if start and end and str(end) < str(start):
            return {"end_on": Problem("The end lies before the start.")}
        if isinstance(days, int) and not 1 <= days <= 366:
            return {"days": Problem("Between {least} and {most}.", least=1, most=366)}
        return {}
