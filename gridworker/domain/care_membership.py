"""Care: a named need, who looks after it, and when it is looked at again."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import ClassVar

from sqlalchemy import Index

from gridworker.domain import codes, codes_care
from gridworker.errors import Problem
from gridworker.record import Kind, Privacy, Record, Type, Value, field
from gridworker.text import Label

REVIEW_WITHIN = timedelta(days=184)
"""A care membership is reviewed within six months (domain.md 2.3)."""


class CareMembership(Record, table=True):
    """A resident or household in a care group (domain.md 2.3, 7.3, decisions 1 and 4). Over when ``end_on`` is past.

    ``cadence`` is the visit policy it asks for (V1 to V3); ``living_arrangement`` tells C3 apart: alone or a couple.
    """

    kind: ClassVar[Kind] = Kind(
        12,
        Label("Care membership"),
        Label("Care memberships"),
        caption=("care_group", "start_on"),
        within=("household_id", "resident_id"),
    )

    # What care asks for is asked of all of it at once: answered by this index alone, without the reasons beside it.
    __table_args__ = (
        Index(
            "ix_care_membership_asks", "household_id", "resident_id", "cadence", "start_on", "end_on", "care_group",
            "living_arrangement",
        ),
        # The list of households begins with those of one group.
        Index("ix_care_membership_group", "care_group", "end_on", "household_id", "resident_id"),
    )  # fmt: skip

    resident_id: int | None = field(1, Label("Resident"), Type.REF, ref="resident", index=True)
    household_id: int | None = field(2, Label("Household"), Type.REF, ref="household")
    care_group: str | None = field(
        3, Label("Care group"), Type.CODE, privacy=Privacy.PERSONAL, required=True, codes=codes_care.CARE_GROUP
    )
    living_arrangement: str | None = field(
        4, Label("Living arrangement"), Type.CODE, privacy=Privacy.PERSONAL, codes=codes.LIVING_ARRANGEMENT
    )
    basis: str | None = field(5, Label("Basis"), Type.CODE, required=True, codes=codes_care.CARE_BASIS)
    reason_note: str | None = field(6, Label("Reason"), privacy=Privacy.SENSITIVE, max_length=200)
    start_on: str | None = field(7, Label("Starts on"), Type.DAY, required=True)
    review_on: str | None = field(8, Label("Review on"), Type.DAY, required=True)
    end_on: str | None = field(9, Label("Ends on"), Type.DAY)
    owner_id: int | None = field(10, Label("Looked after by"), Type.REF, ref="staff")
    cadence: str | None = field(11, Label("How often"), Type.CODE, codes=codes_care.CADENCE)
    priority_services: str | None = field(
        12, Label("Priority services"), Type.CODES, privacy=Privacy.PERSONAL, codes=codes_care.PRIORITY_SERVICE
    )

    @classmethod
    def rules(cls, values: Mapping[str, Value]) -> dict[str, Problem]:
        """Somebody is cared for, the review is within six months, the end after the start."""
        faults: dict[str, Problem] = {}
        if {"resident_id", "household_id"} <= values.keys() and not (values["resident_id"] or values["household_id"]):
            faults["resident_id"] = Problem("Say who the care is for.")
        start, review, end = (values.get(name) for name in ("start_on", "review_on", "end_on"))
        if start and end and str(end) < str(start):
            faults["end_on"] = Problem("The end lies before the start.")
        if start and review and str(review) < str(start):
            faults["review_on"] = Problem("The review lies before the start.")
        elif start and review and date.fromisoformat(str(review)) - date.fromisoformat(str(start)) > REVIEW_WITHIN:
            faults["review_on"] = Problem("Look at it again within six months.")
        return faults

    @classmethod
    def caption(cls, values: Mapping[str, Value]) -> str:
        """The group in words; living alone has a word of its own."""
        arrangement = values.get("living_arrangement")
        return str(codes_care.care_label(str(values.get("care_group")), str(arrangement) if arrangement else None))
