"""The rows of a table of records: fetched page by page by key, or read as they come in sight, and their order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt

from gridworker.gui.widgets.chip import ChipSpec
from gridworker.gui.widgets.longrows import PAGE, Listed, LongRows
from gridworker.gui.widgets.paint import LEFT, RIGHT
from gridworker.gui.widgets.rows import ITEM_ROLE, AnyIndex
from gridworker.gui.widgets.tablecolumn import Column
from gridworker.text import gettext

Cell: TypeAlias = str | ChipSpec


@dataclass(frozen=True, slots=True)
class TableRow:
    """One record: its key, and a text or a chip for each column. Masked values only."""

    key: object
    cells: tuple[Cell, ...]


class Sorting(NamedTuple):
    """The order of a table: the ``sort`` of a column, and whether it is turned round."""

    by: str = ""
    down: bool = False


Fetch: TypeAlias = Callable[[object, int], Sequence[TableRow]]
"""Gives the rows after a key (None for the first), at most so many. Fewer than asked means that was all."""


class TableModel(QAbstractTableModel):
    """Rows fetched page by page, by key: quick at any length, and steady while records are added."""

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = list(columns)
        self._rows: list[TableRow] = []
        self._fetch: Fetch | None = None
        self._more = False
        self.long: LongRows[TableRow] | None = None
        """The rows where all keys are known."""
        self.sorting = Sorting()

    def listed(self, listed: Listed[TableRow]) -> None:
        """Show a list of which all keys are known; rows are read as they come in sight."""
        self.beginResetModel()
        self._rows, self._fetch, self._more = [], None, False
        self.long = LongRows(listed, lambda key: TableRow(key, ("…", *[""] * (len(self.columns) - 1))))
        self.endResetModel()

    def source(self, fetch: Fetch) -> None:
        """Read from the start."""
        self.beginResetModel()
        self._fetch, self.long = fetch, None
        self._rows = list(fetch(None, PAGE))
        self._more = len(self._rows) == PAGE
        self.endResetModel()

    def row(self, index: AnyIndex) -> TableRow:
        """The row at an index."""
        return self.long.row(index.row()) if self.long is not None else self._rows[index.row()]

    def find(self, key: object) -> QModelIndex:
        """The index of a row that was fetched; invalid where there is none."""
        if self.long is not None:
            return self.index(self.long.find(key), 0)
        return next((self.index(n, 0) for n, row in enumerate(self._rows) if row.key == key), QModelIndex())

    def canFetchMore(self, parent: AnyIndex) -> bool:
        """Whether there may be more."""
        return not parent.isValid() and self._more

    def fetchMore(self, parent: AnyIndex) -> None:
        """Fetch the next page."""
        if parent.isValid() or self._fetch is None or not self._more:
            return
        found = list(self._fetch(self._rows[-1].key if self._rows else None, PAGE))
        self._more = len(found) == PAGE
        if found:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(found) - 1)
            self._rows += found
            self.endInsertRows()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many were fetched, or are known."""
        return 0 if parent.isValid() else len(self._rows) if self.long is None else len(self.long)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many columns."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The names of the columns, with an arrow at the one the rows are in the order of; words for screen readers."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        sorts = bool(column.sort) and column.sort == self.sorting.by
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{column.label} {'↓' if self.sorting.down else '↑'}" if sorts else column.label
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.sorting_words() if sorts else column.label
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return (RIGHT if column.right else LEFT) | Qt.TextFlag.TextWordWrap.value
        return None

    def sorting_words(self) -> str:
        """The order in words; '' for none of a column."""
        label = next((column.label for column in self.columns if column.sort and column.sort == self.sorting.by), "")
        if not label:
            return ""
        way = gettext("downwards") if self.sorting.down else gettext("upwards")
        return gettext("{column}, sorted {way}").format(column=label, way=way)

    def sort_by(self, sorting: Sorting) -> None:
        """Say which order the rows are in."""
        if sorting != self.sorting:
            self.sorting = sorting
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words for people and screen readers; the cell for the delegate."""
        if not index.isValid():
            return None
        cell = self.row(index).cells[index.column()]
        words = cell.text if isinstance(cell, ChipSpec) else cell
        if role == ITEM_ROLE:
            return cell
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return words
        return None
