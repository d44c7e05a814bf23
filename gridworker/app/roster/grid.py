"""Whether a ledger is of another grid than the one chosen for it: the wrong one is chosen more often than all move.

Where most of its people live behind the very same doors in one other grid, that is asked once for the whole file; else
each row that is so is to be looked at.
"""

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from gridworker.app.ledger.preview_rows import PlannedRows, RowState
from gridworker.app.roster.match import key_of
from gridworker.app.roster.register import Register
from gridworker.domain.address import door_label
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.sheets.people import Resident

_FEW = 3
"""Namesakes whose doors are looked at: of a common name there are hundreds, and somebody rare tells as much."""


class _Noted(NamedTuple):
    """A row whose person lives behind the same door in another grid. ``doubts`` are what else is to be said of it."""

    at: int
    grid: str
    known: bool
    doubts: tuple[str, ...]


class OtherGrids:
    """The rows of one ledger whose people live behind the same doors in other grids."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._noted: list[_Noted] = []
        self._doors: dict[int, tuple[str, str]] = {}

    def note(self, at: int, person: "Resident", known: int | None, doubts: tuple[str, ...]) -> bool:
        """Note the row at a place, if it is so; then its doubts are kept until all rows are known."""
        namesakes = self._register.by_name.get(person.name, []) if known is None else [known]
        if not namesakes or len(namesakes) > _FEW or person.household is None:
            return False
        key = key_of(person.household, self._register.estates)
        door = door_label(*key[:3]) if key else ""
        grid = next((grid for grid, there in map(self._door, namesakes) if door and there == door), "")
        if grid:
            self._noted.append(_Noted(at, grid, known is not None, doubts))
        return bool(grid)

    def settle(self, rows: PlannedRows) -> str:
        """The grid that the whole ledger seems to be of; where it is of none, rows are marked to be looked at."""
        grids = Counter(noted.grid for noted in self._noted)
        grid, count = next(iter(grids.most_common(1)), ("", 0))
        counts = rows.counts()
        if count * 2 > len(rows) - counts[RowState.REJECTED]:
            return grid
        said = gettext("By the books this door is in another grid: {grid}. Is this ledger of the grid chosen?")
        for noted in self._noted:
            for reason in (*([said.format(grid=noted.grid)] if noted.known else []), *noted.doubts):
                rows.doubt(noted.at, reason)
        return ""

    def _door(self, resident: int) -> tuple[str, str]:
        """The grid and the door of somebody who lives in another grid."""
        home = self._register.homes.get(self._register.home_of.get(resident, 0))
        if home is None or home.key is not None:
            return "", ""
        if home.id not in self._doors:
            self._doors[home.id] = self._register.elsewhere(home)
        return self._doors[home.id]
