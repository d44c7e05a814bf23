"""Lists of people, doors and issues.

rows = RowList(chip_column=272)
rows.show_rows([Section("逾期", "还有 1 户"), Row(key=7, title="黄志强", aside="41 岁", subtitle="5栋2单元601", ...)])
rows.row_activated.connect(...)     # Enter or a double click: the main action; carries Row.key
"""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.rowdelegate import KEYBOARD, RowDelegate
from gridworker.gui.widgets.rows import Item, Row, RowModel


class RowList(QListView):
    """The list. Arrows, Page, Home and End move; Enter and double click activate; letters are left to the page."""

    row_chosen = Signal(object)
    """The key of the row that became current, or None."""
    row_activated = Signal(object)
    menu_wanted = Signal(object, QPoint)
    """The key of a row and where (global): right click or Shift F10."""

    def __init__(self, *, chip_column: int = 0, row_height: int = 54, name: str = "") -> None:
        """``chip_column`` is where chips start at 100% (0: at the right end); issues are 58 high."""
        super().__init__()
        self._rows = RowModel()
        self.setModel(self._rows)
        self.setItemDelegate(RowDelegate(self, chip_column=chip_column, row_height=row_height))
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(20)
        self.doubleClicked.connect(self._on_double_clicked)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        themes.follow(self._restyle)

    def show_rows(self, items: Sequence[Item], current: object = None) -> None:
        """Show rows. The current row stays by its key; where it is gone the next one takes its place."""
        before, place = self.current_key() if current is None else current, self.currentIndex().row()
        blocked = self.selectionModel().blockSignals(True)
        self._rows.replace(items)
        index = self._rows.find(before)
        if not index.isValid() and place >= 0 and items:
            index = self._near(min(place, self._rows.rowCount() - 1))
        self.setCurrentIndex(index if index.isValid() else self._rows.first())
        self.selectionModel().blockSignals(blocked)
        if self.current_key() != before:
            self.row_chosen.emit(self.current_key())

    def current_key(self) -> object:
        """The key of the current row, or None."""
        row = self.current_row()
        return row.key if row else None

    def current_row(self) -> Row | None:
        """The current row."""
        index = self.currentIndex()
        item = self._rows.item(index) if index.isValid() else None
        return item if isinstance(item, Row) else None

    def choose(self, key: object) -> None:
        """Make a row current and bring it into view."""
        index = self._rows.find(key)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def rows(self) -> list[Row]:
        """The rows shown, without sections."""
        return self._rows.rows()

    def _near(self, place: int) -> QModelIndex:
        for number in (*range(place, self._rows.rowCount()), *range(place, -1, -1)):
            index = self._rows.index(number)
            if isinstance(self._rows.item(index), Row):
                return index
        return QModelIndex()

    def _restyle(self) -> None:
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def _on_current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        self.row_chosen.emit(self.current_key() if current.isValid() else None)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        item = self._rows.item(index)
        if isinstance(item, Row):
            self.row_activated.emit(item.key)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A ring is due when the focus did not come from the mouse."""
        self.setProperty(KEYBOARD, event.reason() != Qt.FocusReason.MouseFocusReason)
        super().focusInEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """No ring while the mouse leads."""
        self.setProperty(KEYBOARD, False)
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter activates; letters and digits go up to the page: no type-ahead, because letters are commands."""
        key = Qt.Key(event.key())
        self.setProperty(KEYBOARD, True)
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.current_row():
            self.row_activated.emit(self.current_key())
        elif (event.text().strip() and event.text().isprintable()) or key == Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask the page for the menu of the row."""
        if self.current_row():
            at = event.globalPos()
            if event.reason() == QContextMenuEvent.Reason.Keyboard:
                at = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
            self.menu_wanted.emit(self.current_key(), at)
