"""A sheet as a table: its rows, which of its cells are merged, and its layout where no row of it holds the headers."""

from dataclasses import dataclass

from gridworker.sheets.cells import Cell
from gridworker.sheets.findings import Finding
from gridworker.sheets.header import Merged
from gridworker.sheets.mapping import Layout

_NOT_MERGED = Merged()


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a sheet with what is known of them, by the numbers the user sees where they are rows there."""

    sheet: str | None
    rows: list[list[Cell]]
    merged: Merged = _NOT_MERGED
    layout: Layout | None = None
    findings: tuple[Finding, ...] = ()
    """What is to be said of single rows, once it was turned."""
    lines: frozenset[int] = frozenset()
    """The rows of the sheet, from 0, that labels and values were taken from."""
