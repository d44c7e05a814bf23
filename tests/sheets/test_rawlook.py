"""The quick look at a sheet: how far it reaches, by what rows and cells say, and when it is for the slow one to say."""

from collections.abc import Sequence
from typing import NamedTuple

from hypothesis import example, given
from hypothesis import strategies as st

from gridworker.sheets.rawlook_xlsx import _quick_look

ROWS = st.one_of(st.integers(1, 300), st.integers(99_000, 101_000), st.integers(1, 1_048_576))
COLUMNS = st.sampled_from(["A", "B", "I", "Z", "AA", "AZ", "XFD"])
SAID = st.sampled_from(["for 5", "colour = red", "or  =", "her= his", 'r="99"', "r\n", "="])
"""Texts in which stands what may be taken for the place of a cell."""
UNTOLD = ["", 's="1" t="', "t='", 's="1" r="']
"""What may stand first in a cell in place of where it is."""
SPACED = ['r ="', 'r= "', 'r = "', 'r\n="', 'r=\t"', 'r \r\n = "']


class Cell(NamedTuple):
    """A cell by its column and row, with what it says and how its place is written."""

    column: str
    row: int
    said: str = "x"
    place: str = 'r="'

    def written(self) -> str:
        said = self.said.replace('"', "&quot;")
        return f'<c {self.place}{self.column}{self.row}" t="inlineStr"><is><t>{said}</t></is></c>'


CELLS = st.tuples(COLUMNS, ROWS, SAID).map(lambda told: Cell(*told))


def _sheet(rows: Sequence[tuple[int, Sequence[Cell]]]) -> bytes:
    return "".join(f'<row r="{row}">{"".join(cell.written() for cell in cells)}</row>' for row, cells in rows).encode()


def _number(column: str) -> int:
    return sum((ord(letter) - 64) * 26**at for at, letter in enumerate(reversed(column)))


@given(st.lists(st.tuples(ROWS, st.lists(CELLS, max_size=4)), max_size=5))
@example([(3, [Cell("B", 123_456), Cell("A", 999_999, "her= his")])])
def test_it_reaches_as_far_as_any_row_or_cell_says(rows: list[tuple[int, list[Cell]]]) -> None:
    cells = [cell for _, some in rows for cell in some]
    look = _quick_look(_sheet(rows))
    assert look is not None
    far = [cell.row for cell in cells if cell.row > 99_999]  # nearer ones count by their rows: _NEAR
    assert look.rows == max([*(row for row, _ in rows), *far], default=0)
    assert look.columns == max([26, *(_number(cell.column) for cell in cells)])


@given(st.lists(st.tuples(ROWS, st.lists(CELLS, min_size=1, max_size=4)), min_size=1, max_size=5), st.data())
def test_a_place_that_is_written_with_room_is_for_the_slow_look(
    rows: list[tuple[int, list[Cell]]], data: st.DataObject
) -> None:
    cells = data.draw(st.sampled_from([some for _, some in rows]))
    at = data.draw(st.integers(0, len(cells) - 1))
    cells[at] = cells[at]._replace(place=data.draw(st.sampled_from(SPACED + UNTOLD)))
    assert _quick_look(_sheet(rows)) is None
