"""Cells of a row that show an error: each is named, for it is no value, and no blank that would be taken for one."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from gridworker.sheets.cells import Cell, CellError, is_error, word_set
from gridworker.sheets.findings import Finding
from gridworker.sheets.mapping import Layout
from gridworker.sheets.read import Sheet
from gridworker.sheets.words import Field

_NO_VALUE = "="
_SAID_ELSEWHERE = frozenset({Field.SEX, Field.BIRTH, Field.SERIAL, Field.IGNORED, Field.SENSITIVE})
"""What an ID number says as well, and what is not read: formulas in such columns are nothing to ask about."""
_ERROR_TEXTS = word_set("#N/A #REF! #VALUE! #DIV/0! #NAME? #NULL! #NUM! #SPILL! #CALC! #N/D #n/a") | {
    f"Err:5{number:02}" for number in range(100)
}


def any_shows_error(rows: Iterable[Sequence[Cell]]) -> bool:
    """``shows_error`` of any row: of most tables none does, and one look at all of it is ten times as fast."""
    return not _ERROR_TEXTS.isdisjoint(chain.from_iterable(rows))


def shows_error(row: Sequence[Cell]) -> bool:
    """Whether a text in a row is that of an error. Cells that are errors themselves are known with their sheet."""
    return not _ERROR_TEXTS.isdisjoint(row)


def without_value(sheet: Sheet, index: int, row: list[Cell], name: int) -> None:
    """Put an error where a row that names somebody has a formula without a value.

    Left blank, a door would be taken for that of the row above. Formulas filled in ahead name nobody: they stay blank.
    """
    columns = sheet.formulas.get(index)
    if columns and 0 <= name < len(row) and row[name] != "":
        for column in columns:
            if column < len(row) and row[column] == "":
                row[column] = CellError(_NO_VALUE)


def cell_errors(sheet: Sheet, index: int, row: Sequence[Cell], layout: Layout, member: int) -> Iterator[Finding]:
    """What is to be said of the errors in a row, but for those in columns about another member."""
    others = {column.index for column in layout.columns if column.member != member}
    unasked = {column.index for column in layout.columns if column.field in _SAID_ELSEWHERE or not column.header}
    for column, cell in enumerate(row):
        if is_error(cell) and column not in others:
            code = cell.code if isinstance(cell, CellError) else str(cell).strip()
            values = {"cell": sheet.cell_name(index, column), "code": code}
            if code != _NO_VALUE:
                yield Finding("cell_error", sheet.name, index + 1, column, values=values, member=member)
            elif column not in unasked:
                yield Finding("formula_blank", sheet.name, index + 1, column, values=values, member=member)
