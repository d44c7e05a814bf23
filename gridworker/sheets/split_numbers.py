"""ID numbers that stand in several cells side by side: a digit in each, as on a form, or region, birth and the rest."""

from collections.abc import Sequence
from dataclasses import replace

from gridworker.domain.identity import id_fault, normal_id
from gridworker.sheets.cells import Cell, text_of
from gridworker.sheets.mapping import Column, Layout
from gridworker.sheets.words import Field

_SAMPLE = 200
_SHORTEST = 15
"""Characters of a whole number: where one stands in a cell, none is split."""


def with_whole_numbers(rows: list[list[Cell]], layout: Layout) -> Layout:
    """Put the parts of each number into the first of their cells; the layout without the columns of the others."""
    first = layout.one(Field.ID_NUMBER)
    parts = _parts(layout.columns, first)
    below = range(layout.below, len(rows))
    if len(parts) < 2 or not _are_split(rows, below[:_SAMPLE], parts):
        return layout
    for row in below:
        cells = rows[row]
        if text := _joined(cells, parts):
            cells[first] = text
            for at in parts[1:]:
                if at < len(cells):
                    cells[at] = ""
    dropped = set(parts[1:])
    blank = (Column(one.index, "") if one.index in dropped else one for one in layout.columns)
    return replace(layout, columns=tuple(blank))


def _parts(columns: Sequence[Column], first: int) -> list[int]:
    """The columns under the header of the numbers: under the very same one, or under none, side by side."""
    if first < 0:
        return []
    parts = [first]
    for column in columns[first + 1 :]:
        if column.index != parts[-1] + 1 or column.header not in {"", columns[first].header}:
            break
        parts.append(column.index)
    return parts


def _are_split(rows: Sequence[Sequence[Cell]], sample: Sequence[int], parts: Sequence[int]) -> bool:
    """Whether most rows have a good number in parts, and none has one in its first cell."""
    told = [row for row in sample if parts[0] < len(rows[row]) and rows[row][parts[0]] != ""]
    if any(len(text_of(rows[row][parts[0]])) >= _SHORTEST for row in told):
        return False
    good = [row for row in told if id_fault(normal_id(_joined(rows[row], parts))) is None]
    return len(good) * 2 > len(told)


def _joined(row: Sequence[Cell], parts: Sequence[int]) -> str:
    return "".join(text_of(row[at]) for at in parts if at < len(row))
