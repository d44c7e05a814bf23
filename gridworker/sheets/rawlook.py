"""A second, raw look at a workbook: where the error cells are, and how far a sheet reaches.

The reader gives ``""`` for an error cell, so ``#N/A`` would pass for a blank. And it makes room for every cell between
the first and the last, so one stray value in the last cell of a sheet would take all memory: how far a sheet reaches is
looked at before it is read. Each format has its own look: ``rawlook_xlsx``, ``rawlook_ods``, ``rawlook_xls``.
"""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Look:
    """What one sheet holds besides its values: rows and columns up to the last value, errors by (row, column).

    ``formulas`` are the places of those that nobody has worked out: what wrote the file kept no value for them, and
    the reader gives a blank. All of them count from 0.
    """

    rows: int = 0
    columns: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: set[tuple[int, int]] = field(default_factory=set)

    def reach(self, row: int, column: int) -> None:
        """There is a value at ``row``, ``column``."""
        self.rows = max(self.rows, row + 1)
        self.columns = max(self.columns, column + 1)
