"""Posts of members without office: which post, who holds it, what they pledged (设岗定责, domain.md 1.6, 93)."""

from typing import ClassVar

from gridworker.domain.names import clean_name
from gridworker.record import Kind, Privacy, Record, Type, field
from gridworker.text import Label


class PostAssignment(Record, table=True):
    """One post as one person holds it; bound to a building or a grid where it is one of an area."""

    kind: ClassVar[Kind] = Kind(
        38, Label("Post"), Label("Posts"), caption=("post", "holder"), within=("building_id", "grid_id")
    )

    post: str | None = field(1, Label("Post"), required=True, max_length=60, told=True)
    duty: str | None = field(2, Label("Duties of the post"), max_length=200, told=True)
    holder: str | None = field(
        3, Label("Held by whom"), privacy=Privacy.PERSONAL, required=True, max_length=50, check=clean_name, told=True
    )
    building_id: int | None = field(4, Label("Building"), Type.REF, ref="building")
    grid_id: int | None = field(5, Label("Grid"), Type.REF, ref="grid")
    since: str | None = field(6, Label("Begins on"), Type.DAY)
    until: str | None = field(7, Label("Ends on"), Type.DAY)
    pledge: str | None = field(8, Label("Pledge of the year"), max_length=200, told=True)
    review: str | None = field(9, Label("Review of the year"), privacy=Privacy.PERSONAL, max_length=200, told=True)
