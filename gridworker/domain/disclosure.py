"""What the committee makes public: the item, how often, where, until when (居务公开, domain.md 1.7, R11)."""

from collections.abc import Mapping
from typing import ClassVar

from gridworker.domain.codes_registers import DISCLOSURE_CLASS, DISCLOSURE_PERIOD, PUBLIC_PLACE
from gridworker.errors import Problem
from gridworker.record import Kind, Record, Type, Value, field
from gridworker.text import Label


class Disclosure(Record, table=True):
    """One item of the catalogue. It is public: nobody is named in it."""

    kind: ClassVar[Kind] = Kind(
        39, Label("Item made public"), Label("What is made public"), caption=("item",), everywhere=True
    )

    item: str | None = field(1, Label("Item"), required=True, max_length=100, told=True)
    item_class: str | None = field(2, Label("Class"), Type.CODE, required=True, codes=DISCLOSURE_CLASS)
    period: str | None = field(3, Label("How often made public"), Type.CODE, codes=DISCLOSURE_PERIOD)
    basis: str | None = field(4, Label("By what rule"), max_length=100, told=True)
    approved_by: int | None = field(5, Label("Approved by"), Type.REF, ref="staff")
    posted_on: str | None = field(6, Label("Put up on"), Type.DAY)
    removed_on: str | None = field(7, Label("Taken down on"), Type.DAY)
    channel: str | None = field(8, Label("Where"), Type.CODE, codes=PUBLIC_PLACE)
    feedback: str | None = field(9, Label("What people said"), Type.NOTE, told=True)

    @classmethod
    def rules(cls, values: Mapping[str, Value]) -> dict[str, Problem]:
        """It is taken down after it was put up."""
        up, down = values.get("posted_on"), values.get("removed_on")
        if up and down and str(down) < str(up):
            return {"removed_on": Problem("The end lies before the start.")}
        return {}
