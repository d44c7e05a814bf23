"""What was taken back as a whole and stands so: an undo may have been undone since, and that too."""

from typing import NamedTuple

from gridworker.store.log.log import Cursor


class Undoing(NamedTuple):
    """A link, mostly one that takes another back, and when it was written (ms of clock.EPOCH)."""

    no: int
    at: int


def taken_back(cursor: Cursor, without: int | None = None) -> dict[int, Undoing]:
    """By number of a link that does not stand: what takes it back. As if the link ``without`` were not there."""
    cursor.execute("SELECT no, undoes, at FROM batch WHERE undoes IS NOT NULL")  # in order it would read the journal
    found: dict[int, Undoing] = {}
    for no, undoes, at in sorted(cursor.fetchall(), reverse=True):
        if no not in found and no != without:  # those after it are known by now: it stands itself
            found.setdefault(undoes, Undoing(no, at))
    return found


def newest_standing(cursor: Cursor, act: str) -> Undoing | None:
    """The newest link of an act done on this device that was not taken back, and when it was written."""
    back = taken_back(cursor)
    cursor.execute(
        "SELECT no, at FROM batch WHERE act = ? AND source IS NULL AND undoes IS NULL ORDER BY no DESC", (act,)
    )
    return next((Undoing(no, at) for no, at in cursor.fetchall() if no not in back), None)
