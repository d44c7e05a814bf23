"""What a person said of rows in a preview: cells corrected, which stand in for those of the file, and who is whom."""

from collections.abc import Mapping as Pairs
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from gridworker.errors import Problem
from gridworker.sheets.cells import Cell
from gridworker.sheets.findings import Finding
from gridworker.sheets.mapping import letter

CellPlace: TypeAlias = tuple[str | None, int, int]
"""The sheet, the row as the user sees it, the column from 0."""

RowPlace: TypeAlias = tuple[str | None, int, int]
"""The sheet, the row as the user sees it, which of several people in it."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """Texts by their place in one file. ``digest`` is that of the file they were made for, empty where none was."""

    cells: Pairs[CellPlace, str] = field(default_factory=dict)
    digest: str = ""
    apart: frozenset[RowPlace] = frozenset()
    """Rows that are somebody else than they would be taken for."""

    def has_row(self, sheet: str | None, row: int) -> bool:
        """Whether a cell of this row was corrected."""
        return any(place[:2] == (sheet, row) for place in self.cells)

    def turned(self, place: RowPlace) -> "Corrections":
        """The same with a row told apart, or no more so."""
        return replace(self, apart=self.apart ^ {place})

    def changed(self, place: CellPlace, text: str) -> "Corrections":
        """The same with one cell more."""
        return replace(self, cells={**self.cells, place: text})

    def of_rows(self, rows: frozenset[int], *, inside: bool) -> "Corrections":
        """Those of some rows, or of all others."""
        return replace(self, cells={place: text for place, text in self.cells.items() if (place[1] in rows) is inside})

    def check(self, digest: str) -> None:
        """Raise Problem where the file is not the one they were made for: its rows may be others now."""
        if (self.cells or self.apart) and self.digest != digest:
            raise Problem("The ledger was changed since it was read. Read it again, then correct its rows.")

    def put_into(self, sheet: str | None, rows: list[list[Cell]]) -> list[Finding]:
        """Put them into the rows of a sheet; a finding for each."""
        found = []
        for (named, row, column), text in self.cells.items():
            if named == sheet and 0 < row <= len(rows):
                cells = rows[row - 1]
                cells.extend([""] * (column + 1 - len(cells)))
                cells[column] = text
                values = {"cell": f"{letter(column)}{row}"}
                found.append(Finding("cell_corrected", sheet, row, column, values=values))
        return found


NO_CORRECTIONS = Corrections()
