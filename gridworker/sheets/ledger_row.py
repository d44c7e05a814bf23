"""One row of a ledger as it stands in the file, cell by cell, for the person who corrects it.

The file is opened again for it: rows are corrected now and then, and 200,000 of them need not be kept for that.
"""

from pathlib import Path
from typing import NamedTuple

from gridworker.errors import NotFound
from gridworker.sheets.cells import Cell, CellError, text_of
from gridworker.sheets.corrections import Corrections
from gridworker.sheets.mapping import Column, Layout
from gridworker.sheets.people import Roster
from gridworker.sheets.read import read_book
from gridworker.sheets.turned import CARDS, rows_as_read
from gridworker.sheets.words import Field

_UNUSED = frozenset({Field.IGNORED, Field.SENSITIVE, Field.SERIAL})
MIDNIGHT = " 00:00:00"
"""What a day has behind it where the spreadsheet keeps it as a moment."""


class LedgerCell(NamedTuple):
    """A cell of a column that is used: the column from 0, its header, the word of its field, what stands there."""

    column: int
    header: str
    field: str
    text: str


def row_cells(path: Path, roster: Roster, place: tuple[str | None, int], corrections: Corrections) -> list[LedgerCell]:
    """The cells of a row, by its sheet and the number the user sees; corrected ones as corrected.

    Raises NotFound where there is no such row or nothing of it is read, Problem where the file was changed since.
    """
    sheet, row = place
    book = read_book(path)
    Corrections({(sheet, row, 0): ""}, roster.digest).check(book.digest)
    rows = next((rows_as_read(one, row, roster) for one in book.sheets if one.name == sheet), [])
    if not 0 < row <= len(rows):
        raise NotFound("There is no such row.")
    layout = _layout(roster, sheet, row, above=_is_above(roster, place) or corrections.has_row(*place))
    if layout is None:
        raise NotFound(
            "Nothing of this table is read: write the row under the header in the ledger, then read it again."
        )
    corrections.put_into(sheet, rows)
    cells = rows[row - 1]
    return [
        LedgerCell(column.index, _header(column), str(column.field), _text(cells, column.index))
        for column in layout.columns
        if column.field not in _UNUSED
    ]


def _is_above(roster: Roster, place: tuple[str | None, int]) -> bool:
    """Whether a row stands above the header and may be read as those below it."""
    return any(one.kind == "row_above" and (one.sheet, one.row) == place for one in roster.findings)


def _layout(roster: Roster, sheet: str | None, row: int, *, above: bool) -> Layout | None:
    """The layout that a row was read by: the last that begins over it, or the first for one ``above`` its header."""
    of_sheet = [layout for layout in roster.layouts if layout.sheet == sheet]
    over = [layout for layout in of_sheet if layout.below < row]
    if roster.ways.get(sheet) == CARDS and row in roster.turned_rows[sheet]:
        over = [layout for layout in over if layout.first < 0]
    return max(over or of_sheet[:above], key=lambda layout: layout.first, default=None)


def _header(column: Column) -> str:
    return column.header or column.key.lstrip("#")


def _text(cells: list[Cell], index: int) -> str:
    cell = cells[index] if index < len(cells) else ""
    return cell.code if isinstance(cell, CellError) else text_of(cell).removesuffix(MIDNIGHT)
