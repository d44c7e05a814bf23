"""What was taken back as a whole and stands so: an undo may have been undone since, and that too."""

from collections.abc import Iterable
from typing import NamedTuple

from gridworker.store.log.log import Cursor


class Undoing(NamedTuple):
    """A link, mostly one that takes another back, and when it was written (ms of clock.EPOCH)."""

    no: int
    at: int


def taken_back(cursor: Cursor, without: int | None = None) -> dict[int, Undoing]:
    """By number of a link that does not stand: what takes it back. As if the link ``without`` were not there."""
    cursor.execute("SELECT no, undoes, at FROM batch WHERE undoes IS NOT NULL ORDER BY no DESC")
    return _back(cursor.fetchall(), without)


class Undone:
    """What was taken back, and the acts of one name, for who asks after every bundle.

    A look through the journal costs as much as all ops that ever came, for each link has their clks. So what was read
    is remembered, and only what the journal grew by is read again.
    """

    def __init__(self, act: str) -> None:
        self._act = act
        self._upto = 0
        self._links: list[tuple[int, str, int | None, int]] = []

    def learn(self, cursor: Cursor) -> None:
        """Remember what there is; not within a transaction that may be rolled back."""
        self._links = self._read(cursor)
        cursor.execute("SELECT max(no) FROM batch")
        self._upto = cursor.fetchone()[0] or 0

    def back(self, cursor: Cursor) -> dict[int, Undoing]:
        """See ``taken_back``."""
        return _back((no, undoes, at) for no, _, undoes, at in reversed(self._read(cursor)) if undoes is not None)

    def acts(self, cursor: Cursor) -> set[int]:
        """The numbers of the acts of that name."""
        return {no for no, act, _, _ in self._read(cursor) if act == self._act}

    def _read(self, cursor: Cursor) -> list[tuple[int, str, int | None, int]]:
        cursor.execute(
            "SELECT no, act, undoes, at FROM batch WHERE no > ? AND (undoes IS NOT NULL OR act = ?) ORDER BY no",
            (self._upto, self._act),
        )
        return [*self._links, *cursor.fetchall()]


def _back(links: Iterable[tuple[int, int, int]], without: int | None = None) -> dict[int, Undoing]:
    """``links``: the newest first."""
    found: dict[int, Undoing] = {}
    for no, undoes, at in links:
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
