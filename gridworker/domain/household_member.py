"""Membership: which resident belongs to which household, as what, from when to when."""

from collections.abc import Mapping
from typing import ClassVar

from sqlalchemy import Index

from gridworker.domain import codes, codes_life
from gridworker.errors import Problem
from gridworker.record import Kind, Privacy, Record, Type, Value, field
from gridworker.text import Label


def is_over(valid_to: str | None, today: str) -> bool:
    """Whether a membership has ended: over on the day it ends, as nobody is counted where they left this morning.

    Days in ISO form, as they are stored; queries say the same by ``store.queries.belonging.belongs``.
    """
    return valid_to is not None and valid_to <= today


class HouseholdMember(Record, table=True):
    """One resident in one household (domain.md 2.3), from one day to another, on which it is over: ``is_over``."""

    kind: ClassVar[Kind] = Kind(
        7, Label("Member"), Label("Members"), caption=("relation",), within=("household_id",), brings=("resident_id",)
    )

    # Where people live, and who lives there, is asked of thousands at once: answered by these indexes alone.
    __table_args__ = (
        Index("ix_household_member_home", "resident_id", "household_id", "valid_to"),
        Index("ix_household_member_people", "household_id", "resident_id", "valid_to", "lives_here"),
    )

    household_id: int | None = field(1, Label("Household"), Type.REF, ref="household", required=True)
    resident_id: int | None = field(2, Label("Resident"), Type.REF, ref="resident", required=True)
    relation: str | None = field(
        3, Label("Relation to head"), Type.CODE, privacy=Privacy.PERSONAL, codes=codes.RELATION
    )
    lives_here: int | None = field(4, Label("Lives with them"), Type.FLAG)
    valid_from: str | None = field(5, Label("Starts on"), Type.DAY)
    valid_to: str | None = field(6, Label("Ends on"), Type.DAY)
    came_by: str | None = field(7, Label("Came by"), Type.CODE, codes=codes_life.CAME_BY)
    left_by: str | None = field(8, Label("Left by"), Type.CODE, codes=codes_life.LEFT_BY)

    @classmethod
    def rules(cls, values: Mapping[str, Value]) -> dict[str, Problem]:
        """A membership ends after it began."""
        start, end = values.get("valid_from"), values.get("valid_to")
        if start and end and str(end) < str(start):
            return {"valid_to": Problem("The end lies before the start.")}
        return {}

    @classmethod
    def caption(cls, values: Mapping[str, Value]) -> str:
        """The relation in words."""
        return codes.RELATION.label(str(values.get("relation") or "80"))
