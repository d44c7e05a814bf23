"""Households: who lives behind a door, and how they wish to be called on."""

from collections.abc import Mapping
from typing import ClassVar

from sqlalchemy import Index, text

from gridworker.domain import codes
from gridworker.domain.codes_care import CADENCE
from gridworker.domain.names import clean_name
from gridworker.domain.phones import clean_phones
from gridworker.domain.ranges import outside
from gridworker.errors import Problem
from gridworker.record import Kind, Privacy, Record, Type, Value, field
from gridworker.text import Label

RANGES = {"people_count": (0, 50)}
"""Beyond this somebody has mistyped."""


class Household(Record, table=True):
    """A household (domain.md 2.3). Several may share a dwelling; the last and the next visit are derived.

    ``head_name`` is a head a ledger names who is no resident here; ``head_id`` goes before it. ``people_count`` is what
    is known of a household that agreed to no more than its door and a number; people on the books go before it.
    ``visit_policy`` is a cadence of its own beside what care asks for: the strictest wins (domain.md 4.2).
    ``party_plaque`` is set only where they agreed to show one at the door (domain.md 1.6, 97).
    """

    kind: ClassVar[Kind] = Kind(
        5, Label("Household"), Label("Households"), caption=("household_no",), within=("dwelling_id",)
    )

    # Few have a cadence of their own or a number told to the door, and they are looked for among all.
    __table_args__ = (
        Index("ix_household_policy", "visit_policy", sqlite_where=text("visit_policy IS NOT NULL")),
        Index("ix_household_told", "people_count", sqlite_where=text("people_count > 0")),
    )

    household_no: str | None = field(1, Label("Household number"), max_length=30, search=True)
    dwelling_id: int | None = field(2, Label("Dwelling"), Type.REF, ref="dwelling", index=True)
    head_id: int | None = field(3, Label("Head of household"), Type.REF, ref="resident", index=True)
    residence_status: str | None = field(4, Label("Residence"), Type.CODE, codes=codes.RESIDENCE_STATUS)
    living_arrangement: str | None = field(
        5, Label("Living arrangement"), Type.CODE, privacy=Privacy.PERSONAL, codes=codes.LIVING_ARRANGEMENT
    )
    contact_phone: str | None = field(
        6, Label("Contact phone"), Type.PHONES, privacy=Privacy.PERSONAL, search=True, check=clean_phones
    )
    contact_preference: str | None = field(7, Label("Best time to call"), max_length=100)
    visit_wish: str | None = field(8, Label("Wish about visits"), Type.CODE, codes=codes.VISIT_WISH)
    access_need: str | None = field(9, Label("Access need"), privacy=Privacy.PERSONAL, max_length=100)
    status: str | None = field(10, Label("Status"), Type.CODE, required=True, codes=codes.HOUSEHOLD_STATUS)
    status_date: str | None = field(11, Label("Status date"), Type.DAY)
    remark: str | None = field(12, Label("Remark"), Type.NOTE, privacy=Privacy.PERSONAL, search=True)
    head_name: str | None = field(
        13, Label("Head named elsewhere"), privacy=Privacy.PERSONAL, max_length=50, search=True, check=clean_name
    )
    people_count: int | None = field(14, Label("How many people"), Type.NUMBER)
    booklet_no: str | None = field(
        15, Label("Number of the household register"), privacy=Privacy.PERSONAL, max_length=9
    )
    visit_policy: str | None = field(16, Label("Visited how often"), Type.CODE, codes=CADENCE)
    party_plaque: int | None = field(17, Label("Shows a plaque, as agreed"), Type.FLAG, privacy=Privacy.PERSONAL)

    @classmethod
    def rules(cls, values: Mapping[str, Value]) -> dict[str, Problem]:
        """Numbers that can be."""
        return outside(values, RANGES)
