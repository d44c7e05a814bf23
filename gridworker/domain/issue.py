"""Issues: a matter somebody raised, from the first word of it to the return visit."""

from collections.abc import Mapping
from typing import ClassVar

from sqlalchemy import Index, text

from gridworker.domain import codes_issue as codes
from gridworker.domain.codes_dispute import SUBCATEGORY
from gridworker.domain.ranges import outside
from gridworker.errors import Problem
from gridworker.record import Kind, Privacy, Record, Type, Value, field
from gridworker.text import Label

MOST_EXTENDED = 60
"""Working days an issue may be extended by in all; a ceiling against slips of the pen, and no rule of an office."""

RANGES = {"people_count": (0, 10_000)}
"""Beyond this somebody has mistyped."""


class Issue(Record, table=True):
    """An issue (domain.md 2.4). It has no status: that is the fold of its steps (``domain/issue_flow.py``).

    How it was solved is said by the step that solved it.
    ``track`` empty: none of the four firsts. ``on_site`` is said by who reports a dispute from where it happens: the
    first-action limit is shorter then. ``accept_due_at`` and ``due_at`` are what the office promised: no rule sets them
    before there is a calendar of working days; ``extended_days`` is how much longer it allowed.
    """

    kind: ClassVar[Kind] = Kind(
        10, Label("Issue"), Label("Issues"), caption=("title",), within=("household_id", "building_id", "grid_id")
    )

    # Few happen at no door, but somewhere in a building: they are looked for among all.
    __table_args__ = (Index("ix_issue_at_building", "building_id", sqlite_where=text("building_id IS NOT NULL")),)

    issue_no: str | None = field(1, Label("Issue number"), max_length=30, search=True)
    title: str | None = field(2, Label("Title"), privacy=Privacy.PERSONAL, required=True, max_length=50, search=True)
    category: str | None = field(3, Label("Category"), Type.CODE, required=True, codes=codes.CATEGORY)
    subcategory: str | None = field(4, Label("Subcategory"), Type.CODE, codes=SUBCATEGORY)
    track: str | None = field(5, Label("First-response track"), Type.CODE, codes=codes.TRACK)
    severity: str | None = field(6, Label("Urgency"), Type.CODE, required=True, codes=codes.SEVERITY)
    scale: str | None = field(7, Label("Scale"), Type.CODE, codes=codes.SCALE)
    early_sign: int | None = field(8, Label("Early sign"), Type.FLAG)
    source_channel: str | None = field(9, Label("Came in by"), Type.CODE, codes=codes.SOURCE_CHANNEL)
    reported_at: str | None = field(10, Label("Reported at"), Type.MOMENT, required=True)
    occurred_at: str | None = field(11, Label("Happened at"), Type.MOMENT)
    place_text: str | None = field(12, Label("Place"), privacy=Privacy.PERSONAL, max_length=100, search=True)
    grid_id: int | None = field(13, Label("Grid"), Type.REF, ref="grid")
    building_id: int | None = field(14, Label("Building"), Type.REF, ref="building")
    household_id: int | None = field(15, Label("Household"), Type.REF, ref="household", index=True)
    visit_id: int | None = field(16, Label("Found on visit"), Type.REF, ref="visit")
    people_count: int | None = field(17, Label("People concerned"), Type.NUMBER)
    summary: str | None = field(18, Label("What happened"), Type.NOTE, privacy=Privacy.PERSONAL, search=True)
    words: str | None = field(19, Label("In their own words"), Type.NOTE, privacy=Privacy.PERSONAL, search=True)
    owner_id: int | None = field(20, Label("Owner"), Type.REF, ref="staff")
    visibility: str | None = field(21, Label("Who may see it"), Type.CODE, codes=codes.VISIBILITY)
    on_site: int | None = field(22, Label("Reported from the spot"), Type.FLAG)
    merchant_id: int | None = field(23, Label("Shop"), Type.REF, ref="merchant", index=True)
    co_orgs: str | None = field(24, Label("Bodies that help"), Type.CODES, codes=codes.CO_ORG)
    accept_due_at: str | None = field(25, Label("To be accepted by"), Type.MOMENT)
    due_at: str | None = field(26, Label("To be solved by"), Type.MOMENT)
    extended_days: int | None = field(27, Label("Working days more"), Type.NUMBER)

    @classmethod
    def rules(cls, values: Mapping[str, Value]) -> dict[str, Problem]:
        """What was promised comes after the report, in its order; a matter of a shop says where the shop is."""
        faults: dict[str, Problem] = {}
        reported, accepted = values.get("reported_at"), values.get("accept_due_at")
        for name, before in (("accept_due_at", reported), ("due_at", accepted or reported)):
            if before and values.get(name) and str(values[name]) < str(before):
                faults[name] = Problem("This time lies before the one it should follow.")
        faults |= outside(values, RANGES)
        extended = values.get("extended_days")
        if isinstance(extended, int) and not 0 <= extended <= MOST_EXTENDED:
            faults["extended_days"] = Problem("Between 0 and {count} days.", count=MOST_EXTENDED)
        if values.get("merchant_id") and not any(values.get(name, 0) is not None for name in cls.kind.within):
            faults["grid_id"] = Problem("Say which building or grid the shop is in.")
        return faults
