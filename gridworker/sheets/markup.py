"""Tables out of a web page: what many street systems hand out under the name of an .xls file."""

import re
from html.parser import HTMLParser

from gridworker.sheets.cells import Cell
from gridworker.sheets.container import not_a_table

_MAX_SPAN = 200


class _Tables(HTMLParser):
    """Collects the rows of every outermost table; spanned cells are blank, as in a workbook."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[list[list[Cell]]] = []
        self._depth = 0
        self._cell: list[str] | None = None
        self._span = 1
        self._spans: dict[int, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row or a cell."""
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.found.append([])
                self._spans = {}
        elif tag == "tr" and self._depth == 1:
            self._close_cell()
            self.found[-1].append([])
            self._skip_spanned()
        elif tag in {"td", "th"} and self._depth == 1 and self.found[-1]:
            self._open_cell(dict(attrs))
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close a cell or a table."""
        if tag in {"td", "th", "tr", "table"} and self._depth == 1:
            self._close_cell()
        if tag == "table" and self._depth:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        """Text, inside a cell or lost."""
        if self._cell is not None:
            self._cell.append(data)

    def close(self) -> None:
        """The page is over: so is the cell that was never closed."""
        super().close()
        self._close_cell()

    def _open_cell(self, attributes: dict[str, str | None]) -> None:
        self._close_cell()
        self._cell = []
        self._span = _span(attributes.get("colspan"))
        down = _span(attributes.get("rowspan"))
        if down > 1:
            column = len(self.found[-1][-1])
            self._spans.update(dict.fromkeys(range(column, column + self._span), down))

    def _close_cell(self) -> None:
        if self._cell is None:
            return
        row = self.found[-1][-1]
        row.append(re.sub(r"[ \t\r\f\v]*\n[ \t\r\f\v]*", "\n", "".join(self._cell)).strip())
        row.extend([""] * (self._span - 1))
        self._cell = None
        self._skip_spanned()

    def _skip_spanned(self) -> None:
        """Leave out the places that a cell from a row above reaches into."""
        row = self.found[-1][-1]
        while self._spans.get(len(row), 0) > 1:
            self._spans[len(row)] -= 1
            row.append("")


def _span(text: str | None) -> int:
    return max(1, min(_MAX_SPAN, int(text))) if text and text.isdecimal() and len(text) < 6 else 1


def tables(text: str) -> list[list[list[Cell]]]:
    """The tables of a page as rows of cells. Raises RosterProblem where there is none."""
    reader = _Tables()
    reader.feed(text)
    reader.close()
    found = [table for table in reader.found if table]
    if not found:
        raise not_a_table()
    return found
