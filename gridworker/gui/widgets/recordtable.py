"""A table of any records: plain cells, pages fetched as one scrolls, sorted by whoever fetches."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from gridworker.gui import background
from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.celldelegate import CellDelegate
from gridworker.gui.widgets.longrows import Listed
from gridworker.gui.widgets.tablecolumn import Column
from gridworker.gui.widgets.tableheads import fit_heads
from gridworker.gui.widgets.tablemodel import Fetch, Sorting, TableModel, TableRow
from gridworker.text import gettext

LEAST = 170
"""What the column that shares the rest needs at 100%: a door with its estate."""

REST_MS = 30
"""A list that leaps on sooner than this is being dragged: what it leaps past is not read. Reading it would take turns
with the window's thread, for rows that nobody sees."""


class RecordTable(QTableView):
    """The table. Enter or a double click activates a row; letters are left to the page."""

    row_chosen = Signal(object)
    row_activated = Signal(object)
    menu_wanted = Signal(object, QPoint)
    sort_wanted = Signal(object)
    """A ``Sorting`` that a person asked for, by a click on a header or a key; the page fetches anew."""

    def __init__(self, columns: Sequence[Column], name: str = "", *, several: bool = False) -> None:
        """``several``: Shift and Ctrl choose more than one row."""
        super().__init__()
        self._table = TableModel(columns)
        self._keys_lead = False
        self._reading = False
        self._top = 0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._read_sight)
        self.setModel(self._table)
        self.setItemDelegate(CellDelegate(self, self._table.columns, self.ring_due))
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        modes = QAbstractItemView.SelectionMode
        self.setSelectionMode(modes.ExtendedSelection if several else modes.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(1)  # heads see to it; Qt's own is that of the widest sign
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setSectionsClickable(any(column.sort for column in columns))
        self.horizontalHeader().sectionClicked.connect(self._on_header)
        self._name = name
        self.doubleClicked.connect(self._on_double_clicked)
        self.selectionModel().currentRowChanged.connect(self._on_current_changed)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        themes.follow(self._restyle)

    def show_rows(self, fetch: Fetch) -> None:
        """Read from the start; the current row stays where it is still among the first page."""
        before = self.current_key()
        blocked = self.selectionModel().blockSignals(True)
        self._table.source(fetch)
        index = self._table.find(before) if before is not None else QModelIndex()
        self.setCurrentIndex(index if index.isValid() else self._table.index(0, 0))
        self.selectionModel().blockSignals(blocked)
        if self.current_key() != before:
            self.row_chosen.emit(self.current_key())

    def show_list(self, listed: Listed[TableRow]) -> None:
        """Show a list of any length; the current row stays where it is still in it."""
        before = self.current_key()
        blocked = self.selectionModel().blockSignals(True)
        self._table.listed(listed)
        index = self._table.find(before) if before is not None else QModelIndex()
        self.setCurrentIndex(index if index.isValid() else self._table.index(0, 0))
        self.selectionModel().blockSignals(blocked)
        if self.current_key() != before:
            self.row_chosen.emit(self.current_key())
        self._read_sight()

    def _read_sight(self) -> None:
        """Read the first page that is in sight and was not read; when it is there, look again: one at a time."""
        long = self._table.long
        if long is None or self._reading or self._rest.isActive() or not len(long):
            return
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        page = long.missing(first, last if last >= 0 else len(long) - 1) if first >= 0 else None
        if page is None:
            return
        self._reading = True
        wanted = long.wanted(page)

        def take(rows: Sequence[TableRow]) -> None:
            self._reading = False
            if long is self._table.long:
                filled = long.take(page, rows)
                end = self._table.columnCount() - 1
                self._table.dataChanged.emit(self._table.index(filled[0], 0), self._table.index(filled[-1], end))
            self._read_sight()

        def give_up(fault: Exception) -> None:
            self._reading = False
            raise fault

        background.look(partial(long.read, wanted), done=take, failed=give_up, owner=self)

    def sorting(self) -> Sorting:
        """The order shown."""
        return self._table.sorting

    def show_sorting(self, sorting: Sorting) -> None:
        """Show which order the rows are in; it is part of what the table is called."""
        self._table.sort_by(sorting)
        words = self._table.sorting_words()
        self.setAccessibleName(gettext("{name}: {value}").format(name=self._name, value=words) if words else self._name)

    def sort_next(self) -> None:
        """Ask for the order of the next column that has one."""
        orders = [column.sort for column in self._table.columns if column.sort]
        if orders:
            at = orders.index(self.sorting().by) + 1 if self.sorting().by in orders else 0
            self.sort_wanted.emit(Sorting(orders[at % len(orders)]))

    def turn_round(self) -> None:
        """Ask for the same order from the other end."""
        if self.sorting().by:
            self.sort_wanted.emit(Sorting(self.sorting().by, not self.sorting().down))

    def current_key(self) -> object:
        """The key of the current row, or None."""
        index = self.currentIndex()
        return self._table.row(index).key if index.isValid() else None

    def chosen_keys(self) -> list[object]:
        """The keys of the rows that are chosen, from the top."""
        selection = self.selectionModel().selection()
        parts = [selection.at(number) for number in range(selection.count())]
        rows = sorted({row for part in parts for row in range(part.top(), part.bottom() + 1)})
        return [self._table.row(self._table.index(row, 0)).key for row in rows]

    def choose(self, key: object) -> None:
        """Make a row current, if it was fetched."""
        index = self._table.find(key)
        if index.isValid():
            self.setCurrentIndex(index)

    def reach(self, key: object) -> bool:
        """Make a row current, fetching up to it. Returns whether there is such a row."""
        while not self._table.find(key).isValid() and self._table.canFetchMore(QModelIndex()):
            self._table.fetchMore(QModelIndex())
        self.choose(key)
        return self.current_key() == key

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask the page for the menu of the row under the pointer, or of the current one for the key."""
        at, place = event.globalPos(), self.viewport()
        index = self.currentIndex()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            at = place.mapToGlobal(self.visualRect(index).bottomLeft())
        else:
            index = self.indexAt(place.mapFromGlobal(at))
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.menu_wanted.emit(self.current_key(), at)

    def ring_due(self) -> bool:
        """Whether the keys lead, so that the current row wants a ring."""
        return self._keys_lead and self.hasFocus()

    def _restyle(self) -> None:
        theme = themes.current()
        self.verticalHeader().setDefaultSectionSize(theme.px(44))
        for number, column in enumerate(self._table.columns):
            mode = QHeaderView.ResizeMode.Interactive if column.width else QHeaderView.ResizeMode.Stretch
            self.horizontalHeader().setSectionResizeMode(number, mode)
            if column.width:
                self.setColumnWidth(number, theme.px(column.width))
        self._make_room()
        self.viewport().update()

    def _make_room(self) -> None:
        """Leave out columns where the one that shares what is left would be too narrow to read."""
        theme, columns = themes.current(), self._table.columns
        least = sum(theme.px(column.width or column.least or LEAST) for column in columns)
        gone: set[int] = set()
        for number in sorted((n for n, column in enumerate(columns) if column.yields), key=lambda n: columns[n].yields):
            if least <= self.viewport().width():
                break
            gone.add(number)
            least -= theme.px(columns[number].width)
        self._hide(gone)
        fit_heads(self, columns)

    def _hide(self, gone: set[int]) -> None:
        """Leave out just these columns. While one of them stretches, Qt keeps the room of those it hides."""
        changed = [at for at in range(len(self._table.columns)) if self.isColumnHidden(at) != (at in gone)]
        if changed:
            self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
            for number in changed:
                self.setColumnHidden(number, number in gone)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End go to the first and the last row."""
        ends = {
            QAbstractItemView.CursorAction.MoveHome: 0,
            QAbstractItemView.CursorAction.MoveEnd: self._table.rowCount() - 1,
        }
        row = ends.get(action)
        return super().moveCursor(action, modifiers) if row is None else self._table.index(row, 0)

    def _on_scrolled(self, top: int) -> None:
        """Read what came in sight, after a leap of more than can be seen at once when it is the last one."""
        if abs(top - self._top) > self.viewport().height():
            self._rest.start()
        self._top = top
        self._read_sight()

    def _on_current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        self.row_chosen.emit(self._table.row(current).key if current.isValid() else None)

    def _on_header(self, section: int) -> None:
        by = self._table.columns[section].sort
        if by:
            self.sort_wanted.emit(Sorting(by, by == self.sorting().by and not self.sorting().down))

    def _on_double_clicked(self, index: QModelIndex) -> None:
        self.row_activated.emit(self._table.row(index).key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More of the list may have come in sight."""
        super().resizeEvent(event)
        self._make_room()
        self._read_sight()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A ring is due when the focus did not come from the mouse."""
        self._lead(keys=event.reason() != Qt.FocusReason.MouseFocusReason)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """No ring without the focus."""
        super().focusOutEvent(event)
        self.viewport().update()

    def _lead(self, *, keys: bool) -> None:
        """Qt paints the cell alone that the focus is on: the ring goes round its row."""
        self._keys_lead = keys
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """No ring while the mouse leads."""
        self._lead(keys=False)
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter activates; letters go up to the page: no type-ahead."""
        if not self._keys_lead:
            self._lead(keys=True)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.current_key() is not None:
            self.row_activated.emit(self.current_key())
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.selectAll()
        elif event.text().strip() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)
