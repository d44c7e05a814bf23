"""The rows of a preview: what an import would do with each, and why."""

from array import array
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple, overload


class RowState(StrEnum):
    """What an import would do with a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REJECTED = "rejected"


class FieldChange(NamedTuple):
    """One value that would change: its label, what it is, what it would be. Masked like everywhere."""

    label: str
    before: str
    after: str


class RowPlan(NamedTuple):
    """One row of the preview. ``reasons`` are sentences: why rejected, what to look at."""

    sheet: str | None
    row: int
    name: str
    door: str
    state: RowState
    changes: tuple[FieldChange, ...] = ()
    reasons: tuple[str, ...] = ()
    suspect: bool = False
    """It is taken in, and somebody should look at it."""
    birth_date: str | None = None
    """As far as it is known: a report says less of children."""
    member: int = 0
    """Which of several people in the row."""
    presumed: bool | None = None
    """Taken for one who moved here from another door; False where a person said that it is somebody else."""


class PlannedRows(Sequence[RowPlan]):
    """The rows of a ledger, side by side: 200,000 of them as they are would take six times the room.

    Those of which there is more to say, few of them, are kept as they are.
    """

    def __init__(self) -> None:
        self._sheets: list[str | None] = []
        self._numbers = array("q")
        self._names: list[str] = []
        self._doors: list[str] = []
        self._states: list[RowState] = []
        self._births: list[str | None] = []
        self._told: dict[int, RowPlan] = {}
        """By place."""

    def add(self, row: RowPlan) -> None:
        """Add a row behind the others."""
        if row.changes or row.reasons or row.suspect or row.member or row.presumed is not None:
            self._told[len(self)] = row
        self._sheets.append(row.sheet)
        self._numbers.append(row.row)
        self._names.append(row.name)
        self._doors.append(row.door)
        self._states.append(row.state)
        self._births.append(row.birth_date)

    def doubt(self, at: int, reason: str) -> None:
        """Say one more thing of a row, that somebody should look at."""
        row = self[at]
        self._told[at] = row._replace(reasons=(*row.reasons, reason), suspect=True)

    def in_order(self, sheets: Sequence[str | None]) -> "PlannedRows":
        """The rows in the order of the file: of its ``sheets`` first, then of their rows."""
        places = {name: at for at, name in reversed(list(enumerate(sheets)))}
        beside = {at: row.member for at, row in self._told.items() if row.member}
        order = sorted(range(len(self)), key=lambda at: beside.get(at, 0)) if beside else list(range(len(self)))
        order.sort(key=self._numbers.__getitem__)
        order.sort(key=lambda at: places.get(self._sheets[at], len(places)))
        ordered = PlannedRows()
        for at in order:
            ordered.add(self[at])
        return ordered

    @overload
    def __getitem__(self, at: int) -> RowPlan: ...

    @overload
    def __getitem__(self, at: slice) -> list[RowPlan]: ...

    def __getitem__(self, at: int | slice) -> RowPlan | list[RowPlan]:
        """A row by its place, or some."""
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        place = range(len(self))[at]
        return self._told.get(place) or RowPlan(
            self._sheets[place], self._numbers[place], self._names[place], self._doors[place], self._states[place],
            birth_date=self._births[place],
        )  # fmt: skip

    def __iter__(self) -> Iterator[RowPlan]:
        """All of them."""
        return map(self.__getitem__, range(len(self)))

    def __len__(self) -> int:
        """How many there are."""
        return len(self._numbers)
