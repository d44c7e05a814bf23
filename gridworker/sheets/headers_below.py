"""Headers among the rows of a ledger, each of which may begin another table: looked at closely only so many times."""

from dataclasses import dataclass, field

from gridworker.sheets.asides import is_other_header
from gridworker.sheets.cells import Cell
from gridworker.sheets.header import find_layout
from gridworker.sheets.mapping import Layout, Mapping

_NEAR = 40
"""So many rows tell what a header means."""
_CLOSELY, _MOST = 16, 100
"""So many headers are looked at one by one, and so many different ones in all: a sheet of nothing else has an end."""


@dataclass(slots=True)
class HeadersBelow:
    """What the headers of one sheet mean. After many of them, one that stood there before means what it meant then."""

    _known: dict[tuple[Cell, ...], Layout | None] = field(default_factory=dict)
    _looked: int = 0

    def layout(self, rows: list[list[Cell]], index: int, sheet: str | None, mapping: Mapping) -> Layout | None:
        """The layout of the header in row ``index``; None for a row that is none, and for one too many."""
        row = tuple(rows[index])
        if self._looked >= _CLOSELY and row in self._known:
            return self._known[row]
        if self._looked >= _MOST:
            return None
        self._looked += 1
        self._known[row] = find_layout(rows[index : _next(rows, index)], sheet, mapping)
        return self._known[row]


def _next(rows: list[list[Cell]], index: int) -> int:
    """Where the header behind the one in row ``index`` stands, not to be taken for it; else so many rows on."""
    until = min(index + _NEAR, len(rows))
    headers = (at for at in range(index + 2, until) if is_other_header(rows[at]) and not is_other_header(rows[at - 1]))
    return next(headers, until)
