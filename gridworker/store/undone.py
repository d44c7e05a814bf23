"""What was taken back as a whole and stands so: an undo may have been undone since, and that too."""

from typing import NamedTuple

from gridworker.store.log import Cursor


class Undoing(NamedTuple):
    """The link that takes another back, and when it was written (ms of clock.EPOCH)."""

    no: int
    at: int


def taken_back(cursor: Cursor) -> dict[int, Undoing]:
    """By number of a link that does not stand: what takes it back."""
    cursor.execute("SELECT no, undoes, at FROM batch WHERE undoes IS NOT NULL ORDER BY no DESC")
    found: dict[int, Undoing] = {}
    for no, undoes, at in cursor.fetchall():
        if no not in found:  # those after it are known by now: it stands itself
            found.setdefault(undoes, Undoing(no, at))
    return found
