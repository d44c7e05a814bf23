"""Issues: a matter somebody raised, from the first word of it to the return visit."""

from typing import ClassVar

from gridworker.domain import codes_issue as codes
from gridworker.domain.codes_dispute import SUBCATEGORY
from gridworker.record import Kind, Privacy, Record, Type, field
from gridworker.text import Label


class Issue(Record, table=True):
    """An issue (domain.md 2.4). It has no status: that is the fold of its steps (``domain/issue_flow.py``).

    ``track`` empty: none of the four firsts. ``on_site`` is said by who reports a dispute from where it happens: the
    first-action limit is shorter then.
    """

    kind: ClassVar[Kind] = Kind(
        10, Label("Issue"), Label("Issues"), caption=("title",), within=("household_id", "building_id", "grid_id")
    )

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
