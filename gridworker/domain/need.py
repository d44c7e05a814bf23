"""Needs: what somebody asked for, collected, ranked in the open and met one by one (domain.md 1.8, 117)."""

from collections.abc import Mapping
from typing import ClassVar

from gridworker.domain.codes_issue import SEVERITY, SOURCE_CHANNEL
from gridworker.domain.codes_need import DECLINED, NEED_KIND, NEED_STATUS
from gridworker.errors import Problem
from gridworker.record import Kind, Privacy, Record, Type, Value, field
from gridworker.text import Label


class Need(Record, table=True):
    """A need of a household, or of a building or grid (domain.md 2.4). ``rank`` is its place among the household's."""

    kind: ClassVar[Kind] = Kind(
        33, Label("Need"), Label("Needs"), caption=("title",), within=("household_id", "building_id", "grid_id")
    )

    need_no: str | None = field(1, Label("Need number"), max_length=30)
    title: str | None = field(
        2, Label("What is needed"), privacy=Privacy.PERSONAL, required=True, max_length=50, search=True
    )
    need_kind: str | None = field(3, Label("What it is about"), Type.CODE, required=True, codes=NEED_KIND)
    urgency: str | None = field(4, Label("Urgency"), Type.CODE, codes=SEVERITY)
    status: str | None = field(5, Label("Status"), Type.CODE, required=True, codes=NEED_STATUS)
    raised_on: str | None = field(6, Label("Raised on"), Type.DAY, required=True)
    source_channel: str | None = field(7, Label("Came in by"), Type.CODE, codes=SOURCE_CHANNEL)
    people_affected: int | None = field(8, Label("People it helps"), Type.NUMBER)
    words: str | None = field(9, Label("In their own words"), Type.NOTE, privacy=Privacy.PERSONAL, search=True)
    household_id: int | None = field(10, Label("Household"), Type.REF, ref="household", index=True)
    building_id: int | None = field(11, Label("Building"), Type.REF, ref="building")
    grid_id: int | None = field(12, Label("Grid"), Type.REF, ref="grid")
    rank: int | None = field(13, Label("Place in the queue"), Type.NUMBER)
    owner_id: int | None = field(14, Label("Owner"), Type.REF, ref="staff")
    answer: str | None = field(15, Label("Answer"), Type.NOTE, privacy=Privacy.PERSONAL, search=True)
    published_on: str | None = field(16, Label("Published on"), Type.DAY)

    @classmethod
    def rules(cls, values: Mapping[str, Value]) -> dict[str, Problem]:
        """What is not done has a reason, which is its answer."""
        if values.get("status") == DECLINED and "answer" in values and not values["answer"]:
            return {"answer": Problem("Say why not; they are told.")}
        return {}
