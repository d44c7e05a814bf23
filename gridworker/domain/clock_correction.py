"""Clock corrections: the office says by how much the clock of a laptop was wrong, and over which stretch of time."""

from typing import ClassVar

from gridworker.record import Kind, Record, Type, field
from gridworker.text import Label


class ClockCorrection(Record, table=True):
    """One stretch of one laptop (sync.md 1), in the time its clock showed.

    Nothing is dated anew by it: it only decides which of several heads is shown, and the order of histories.
    """

    kind: ClassVar[Kind] = Kind(
        25,
        Label("Clock correction"),
        Label("Clock corrections"),
        caption=("since",),
        everywhere=True,
    )

    laptop: int | None = field(1, Label("Laptop number"), Type.NUMBER, required=True)
    since: str | None = field(2, Label("From, by the wrong clock"), Type.MOMENT, required=True)
    until: str | None = field(3, Label("To, by the wrong clock"), Type.MOMENT)
    seconds: int | None = field(4, Label("Seconds to add"), Type.NUMBER, required=True)
