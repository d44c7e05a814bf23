"""Visits: one form a visit; the diary, the ledgers and the next date are all read from it."""

from collections.abc import Mapping
from typing import ClassVar

from sqlalchemy import Index

from gridworker.domain import codes_visit as codes
from gridworker.domain.codes_life import ROSTER_CHANGE
from gridworker.domain.links import clean_ids
from gridworker.errors import Problem
from gridworker.record import Kind, Privacy, Record, Type, Value, field
from gridworker.text import Label


class Visit(Record, table=True):
    """A visit or an attempt at one (domain.md 4.3). Any hour is good; no place is recorded but the household's.

    ``met`` is the ids of residents met, ``met_other`` who else; ``home_checks`` is marks like ``gas=ok power=problem``.
    ``visitor_id`` is who writes it down and answers for it, ``visitor_ids`` the colleagues who came along. A visit is
    to a household, or to a shop, whose grid then places it.
    """

    kind: ClassVar[Kind] = Kind(
        9, Label("Visit"), Label("Visits"), caption=("visit_no",), within=("household_id", "grid_id")
    )
    # The last visits of a household, and the visits of a week: answered by these indexes alone, without the notes.
    __table_args__ = (
        Index("ix_visit_calls", "household_id", "started_at", "outcome", "channel", "follow_up_on"),
        Index("ix_visit_days", "started_at", "outcome", "household_id"),
    )

    visit_no: str | None = field(1, Label("Visit number"), required=True, max_length=30, search=True)
    household_id: int | None = field(2, Label("Household"), Type.REF, ref="household")
    started_at: str | None = field(3, Label("Started at"), Type.MOMENT, required=True)
    ended_at: str | None = field(4, Label("Ended at"), Type.MOMENT)
    visitor_id: int | None = field(5, Label("Visitor"), Type.REF, ref="staff", required=True)
    accompany: str | None = field(6, Label("Came along"), privacy=Privacy.PERSONAL, max_length=100)
    channel: str | None = field(7, Label("How"), Type.CODE, required=True, codes=codes.CHANNEL)
    visit_kind: str | None = field(8, Label("Why"), Type.CODE, required=True, codes=codes.VISIT_KIND)
    outcome: str | None = field(9, Label("Outcome"), Type.CODE, required=True, codes=codes.OUTCOME)
    met: str | None = field(10, Label("Who was there"), max_length=400, check=clean_ids)
    met_other: str | None = field(11, Label("Who else was there"), privacy=Privacy.PERSONAL, max_length=100)
    topics: str | None = field(12, Label("Topics"), Type.CODES, codes=codes.TOPIC)
    resident_words: str | None = field(
        13, Label("In their own words"), Type.NOTE, privacy=Privacy.PERSONAL, search=True
    )
    situation_note: str | None = field(14, Label("Notes"), Type.NOTE, privacy=Privacy.PERSONAL, search=True)
    measures: str | None = field(15, Label("Measures"), Type.CODES, codes=codes.MEASURE)
    home_checks: str | None = field(16, Label("Checks"), Type.MARKS, codes=codes.CHECK_MARK)
    follow_up_on: str | None = field(17, Label("Next visit on"), Type.DAY)
    satisfaction: str | None = field(18, Label("Satisfaction"), Type.CODE, codes=codes.SATISFACTION)
    confirmed_by: str | None = field(19, Label("Confirmed by"), Type.CODE, codes=codes.CONFIRMED_BY)
    backdated_reason: str | None = field(20, Label("Why written down late"), max_length=200)
    visitor_ids: str | None = field(21, Label("Colleagues along"), max_length=400, check=clean_ids)
    merchant_id: int | None = field(22, Label("Shop"), Type.REF, ref="merchant", index=True)
    grid_id: int | None = field(23, Label("Grid of the shop"), Type.REF, ref="grid")
    roster_changes: str | None = field(24, Label("Changes in who lives there"), Type.CODES, codes=ROSTER_CHANGE)

    @classmethod
    def rules(cls, values: Mapping[str, Value]) -> dict[str, Problem]:
        """Somebody is visited; a visit ends after it began, and the next one comes after it."""
        faults: dict[str, Problem] = {}
        if {"household_id", "merchant_id"} <= values.keys() and not (values["household_id"] or values["merchant_id"]):
            faults["household_id"] = Problem("Say which household or shop was visited.")
        if values.get("merchant_id") and values.get("grid_id", 0) is None:
            faults["grid_id"] = Problem("Say which grid the shop is in.")
        started = str(values.get("started_at") or "")
        if started and values.get("ended_at") and str(values["ended_at"]) < started:
            faults["ended_at"] = Problem("The end lies before the start.")
        if started and values.get("follow_up_on") and str(values["follow_up_on"]) < started[:10]:
            faults["follow_up_on"] = Problem("The next visit lies before this one.")
        return faults
