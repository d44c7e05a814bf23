"""Volunteering: who helped on which day for how long, as a certificate of it says (domain.md 1.6, 5.3)."""

import re
import unicodedata
from typing import ClassVar

from gridworker.domain.names import clean_name
from gridworker.errors import Problem
from gridworker.record import Kind, Privacy, Record, Type, field
from gridworker.text import Label

_MOST = 24


def clean_hours(text: str) -> str:
    """Hours in steps of a half (domain.md 2.4): ``2``, ``1.5``. Raises Problem."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("小时").removesuffix("h").strip()
    found = re.fullmatch(r"(\d{1,2})(?:\.(0|5|00|50))?", plain)
    hours = float(plain) if found else 0
    if not 0 < hours <= _MOST:
        raise Problem("Write the hours of one day in steps of a half, like 1.5.")
    return f"{hours:g}"


class VolunteerService(Record, table=True):
    """What one person did on one day. ``household_id`` is whom it was done for, where it was one household."""

    kind: ClassVar[Kind] = Kind(
        35, Label("Volunteering"), Label("Volunteering"), caption=("name", "day"),
        within=("household_id", "grid_id"),
    )  # fmt: skip

    name: str | None = field(
        1, Label("Full name"), privacy=Privacy.PERSONAL, required=True, max_length=50, check=clean_name, told=True
    )
    team: str | None = field(2, Label("Team"), max_length=60, told=True)
    activity: str | None = field(3, Label("Activity"), max_length=60, told=True)
    day: str | None = field(4, Label("Day"), Type.DAY, required=True)
    hours: str | None = field(5, Label("Duration (hours)"), required=True, max_length=10, check=clean_hours)
    content: str | None = field(6, Label("What they helped with"), Type.NOTE, privacy=Privacy.PERSONAL, told=True)
    household_id: int | None = field(7, Label("For which household"), Type.REF, ref="household", index=True)
    grid_id: int | None = field(8, Label("Grid"), Type.REF, ref="grid")
    review: str | None = field(9, Label("How it was found"), privacy=Privacy.PERSONAL, max_length=100, told=True)
