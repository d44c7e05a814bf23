"""Tables in a sheet that say too little of people to be read: above, below or beside that of the residents.

A list of staff, of heads with a count, of names with a remark: nobody can tell whether they live here, and behind which
door. They bring in nobody, and each of their rows says so.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gridworker.sheets.asides import is_other_header, names_column
from gridworker.sheets.cells import Cell
from gridworker.sheets.clean import Cleaner
from gridworker.sheets.findings import Finding
from gridworker.sheets.header import Worth, worth
from gridworker.sheets.mapping import Layout
from gridworker.sheets.meanings import known_words
from gridworker.sheets.people import Resident, Roster

_BESIDE = 99
"""No row has so many members."""
_FAR = 40
_WORDS = 3


class Apart(NamedTuple):
    """The rows of such a table, from 0, the last one included, and the column of its names.

    ``member`` stands for who is meant in rows in which others are read.
    """

    first: int
    last: int
    name: int
    member: int = 0


def is_apart(layout: Layout, header: Sequence[Cell]) -> bool:
    """Whether a table with this header, which is not the first of its sheet, says too little to be read."""
    found = worth(layout)
    return found is Worth.NONE or (found is not Worth.SURE and known_words(header) < _WORDS)


def table_at(rows: Sequence[Sequence[Cell]], header: int, name: int) -> Apart:
    """The table below a header: down to a blank row, or to the header of the next."""
    last = header
    while last + 1 < len(rows) and any(rows[last + 1]) and not is_other_header(rows[last + 1]):
        last += 1
    return Apart(header + 1, last, name)


def tables_above(rows: Sequence[list[Cell]], first: int) -> Iterator[Apart]:
    """Tables that end above the row in which the header of the residents begins."""
    for index in range(min(first, _FAR)):
        name = names_column(rows[index])
        if name >= 0 and sum(cell != "" for cell in rows[index]) > 1:
            yield table_at(rows[:first], index, name)


def table_beside(layout: Layout, rows: Sequence[Sequence[Cell]]) -> Iterator[Apart]:
    """The table whose columns were left out for standing apart, if there is one."""
    if layout.apart >= 0:
        told = [index for index in range(layout.below, len(rows)) if _holds(rows[index], layout.apart)]
        if told:
            yield Apart(told[0], told[-1], layout.apart, _BESIDE)


def leave(apart: Apart, rows: Sequence[Sequence[Cell]], roster: Roster, told: tuple[str | None, Cleaner]) -> int:
    """Say of every row with a name that it is not read. ``told``: the sheet, and what reads names.

    Returns the last row that holds nothing else, -1 for none.
    """
    sheet, cleaner = told
    values = {"first": str(apart.first + 1), "last": str(apart.last + 1)}
    for index in range(apart.first, apart.last + 1):
        name = cleaner.name(rows[index][apart.name]) if _holds(rows[index], apart.name) else ""
        if name:
            found = Finding("table_apart", sheet, index + 1, apart.name, values=values, member=apart.member)
            roster.findings.append(found)
            roster.passed_over.append(Resident(sheet, index + 1, name, member=apart.member))
    return -1 if apart.member else apart.last


def _holds(row: Sequence[Cell], column: int) -> bool:
    return column < len(row) and row[column] != ""
