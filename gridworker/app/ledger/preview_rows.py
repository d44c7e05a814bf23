"""The rows of a preview: what an import would do with each, and why."""

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import islice
from operator import le
from typing import TYPE_CHECKING, NamedTuple, overload

if TYPE_CHECKING:
    from gridworker.sheets.people import Resident


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
        self.add_usual(row.sheet, row.row, row.name, row.door, row.state, row.birth_date)

    def add_usual(  # noqa: PLR0913 - what a row is if there is no more to say of it
        self, sheet: str | None, number: int, name: str, door: str, state: RowState, birth_date: str | None
    ) -> None:
        """Add a row of which there is no more to say."""
        self._sheets.append(sheet)
        self._numbers.append(number)
        self._names.append(name)
        self._doors.append(door)
        self._states.append(state)
        self._births.append(birth_date)

    def extend_usual(self, people: "Sequence[Resident]", doors: Sequence[str], state: RowState) -> None:
        """Add the rows of people of whom there is no more to say, behind these doors."""
        self._sheets += [person.sheet for person in people]
        self._numbers.extend([person.row for person in people])
        self._names += [person.name for person in people]
        self._doors += doors
        self._states += [state] * len(people)
        self._births += [person.birth_date for person in people]

    def doubt(self, at: int, reason: str) -> None:
        """Say one more thing of a row, that somebody should look at."""
        row = self[at]
        self._told[at] = row._replace(reasons=(*row.reasons, reason), suspect=True)

    def counts(self) -> Mapping[RowState, int]:
        """How many rows are in each state: 0 in one that is not named."""
        return Counter(self._states)

    def in_order(self, sheets: Sequence[str | None]) -> "PlannedRows":
        """The rows in the order of the file: of its ``sheets`` first, then of their rows."""
        beside = {at: row.member for at, row in self._told.items() if row.member}
        one_sheet = len(set(self._sheets)) <= 1
        if one_sheet and not beside and all(map(le, self._numbers, islice(self._numbers, 1, None))):
            return self
        places = {name: at for at, name in reversed(list(enumerate(sheets)))}
        order = sorted(range(len(self)), key=lambda at: beside.get(at, 0)) if beside else list(range(len(self)))
        order.sort(key=self._numbers.__getitem__)
        if not one_sheet:
            order.sort(key=lambda at: places.get(self._sheets[at], len(places)))
        return self._reordered(order)

    def _reordered(self, order: Sequence[int]) -> "PlannedRows":
        """The rows in another order, by their places now."""
        ordered = PlannedRows()
        ordered._sheets = [self._sheets[at] for at in order]
        ordered._numbers = array("q", map(self._numbers.__getitem__, order))
        ordered._names = [self._names[at] for at in order]
        ordered._doors = [self._doors[at] for at in order]
        ordered._states = [self._states[at] for at in order]
        ordered._births = [self._births[at] for at in order]
        ordered._told = {now: self._told[before] for now, before in enumerate(order) if before in self._told}
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
