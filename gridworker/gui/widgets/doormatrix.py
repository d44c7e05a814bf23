"""The door matrix: a building as seen from the yard, units side by side, floors from top to bottom, shops below.

The table scrolls when there are more than it can show; the floor column and the unit heads stay where they are.
"""

from PySide6.QtCore import QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QGridLayout, QHeaderView, QTableView, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.doordelegate import SPACE, DoorDelegate
from gridworker.gui.widgets.doors import Door, DoorModel, House
from gridworker.gui.widgets.paint import LEFT, box, line_of, painting
from gridworker.gui.widgets.shoprow import ShopRow

STAIRWELL = 14
_FLOORS, _HEAD, _SHOPS = 38, 34, 38
_MOST, _LEAST = QSize(127, 90), QSize(96, 68)
"""The largest and the smallest a door gets at 100%, with its space; below the smallest the table scrolls."""

_MOVES = {
    QAbstractItemView.CursorAction.MoveLeft: (0, -1),
    QAbstractItemView.CursorAction.MoveRight: (0, 1),
    QAbstractItemView.CursorAction.MoveUp: (-1, 0),
    QAbstractItemView.CursorAction.MoveDown: (1, 0),
}


class _Doors(QTableView):
    """The table itself; arrows step over stairwells and missing doors."""

    activated_door = Signal()
    below_wanted = Signal()
    """Down from a lowest door."""

    def __init__(self, model: DoorModel) -> None:
        super().__init__()
        self._doors = model
        self.setModel(model)
        self.setItemDelegate(DoorDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setCornerWidget(QWidget())  # else the style draws a grip where both bars meet
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.hide()
            header.setMinimumSectionSize(1)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """The next door in a direction."""
        step = _MOVES.get(action)
        if step is None:
            index = super().moveCursor(action, modifiers)
            return index if self._doors.door(index) else self.currentIndex()
        row, column = self.currentIndex().row() + step[0], self.currentIndex().column() + step[1]
        while 0 <= row < self._doors.rowCount() and 0 <= column < self._doors.columnCount():
            index = self._doors.index(row, column)
            if self._doors.door(index):
                return index
            row, column = row + step[0], column + step[1]
        if action == QAbstractItemView.CursorAction.MoveDown:
            self.below_wanted.emit()
        return self.currentIndex()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Start the main action of the door under the pointer."""
        if self._doors.door(self.indexAt(event.position().toPoint())):
            self.activated_door.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter activates; letters go up to the page: no type-ahead."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.activated_door.emit()
        elif event.text().strip() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)


class _Margin(QWidget):
    """What stays in place while the table scrolls: the heads of the units, or the names of the floors."""

    def __init__(self, matrix: "DoorMatrix", *, heads: bool) -> None:
        super().__init__()
        self._matrix, self._heads = matrix, heads

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw them beside what the table shows now."""
        del event
        with painting(self) as painter:
            if self._heads:
                self._matrix.paint_heads(painter, self.rect())
            else:
                self._matrix.paint_floors(painter, self.rect())


class DoorMatrix(QWidget):
    """The matrix. ``door_chosen`` follows the arrows, ``door_activated`` is Enter or a double click."""

    door_chosen = Signal(object)
    door_activated = Signal(object)
    shop_pressed = Signal(object)
    menu_wanted = Signal(object, QPoint)

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self._model = DoorModel()
        self._table = _Doors(self._model)
        self._table.setAccessibleName(name)
        self._heads, self._floors = _Margin(self, heads=True), _Margin(self, heads=False)
        self._shops = ShopRow()
        self._parts = layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._heads, 0, 1)
        layout.addWidget(self._floors, 1, 0, 2, 1)
        layout.addWidget(self._table, 1, 1)
        layout.addWidget(self._shops, 2, 1)
        self._table.horizontalScrollBar().valueChanged.connect(self._heads.update)
        self._table.verticalScrollBar().valueChanged.connect(self._floors.update)
        self._table.selectionModel().currentChanged.connect(self._on_current_changed)
        self._table.activated_door.connect(self._on_activated)
        self._shops.pressed.connect(self.shop_pressed)
        self._shops.above_wanted.connect(self._table.setFocus)
        self._table.below_wanted.connect(self._on_below)
        self.setFocusProxy(self._table)
        themes.follow(self._restyle)

    def show_house(self, house: House) -> None:
        """Show a house; the door that was current stays current where it is still there."""
        before = self.current_key()
        blocked = self._table.selectionModel().blockSignals(True)
        self._model.replace(house)
        index = self._model.find(before) if before is not None else QModelIndex()
        self._table.setCurrentIndex(index if index.isValid() else self._model.first())
        self._table.selectionModel().blockSignals(blocked)
        self._measure()
        if self.current_key() != before:
            self.door_chosen.emit(self.current_key())

    def choose(self, key: object) -> None:
        """Make a door current and bring it into view."""
        index = self._model.find(key)
        if index.isValid():
            self._table.setCurrentIndex(index)
            self._table.scrollTo(index)

    def current_key(self) -> object:
        """The key of the current door, or None."""
        door = self.current_door()
        return door.key if door else None

    def current_door(self) -> Door | None:
        """The current door."""
        return self._model.door(self._table.currentIndex())

    def table(self) -> QTableView:
        """The table, for tests of keys and painting."""
        return self._table

    def _restyle(self) -> None:
        self._measure()
        self.update()

    def _measure(self) -> None:
        """Give each door as much of the room as it can use, and let the table scroll below the least."""
        theme, model = themes.current(), self._model
        self._floors.setFixedWidth(self._floor_width())
        self._heads.setFixedHeight(theme.px(_HEAD))
        self._shops.setFixedHeight(theme.px(_SHOPS) if model.house.shops else 0)
        doors = sum(unit.columns for unit in model.house.units)
        stairs = max(len(model.house.units) - 1, 0) * (STAIRWELL - SPACE)
        floors = max(model.rowCount(), 1)
        room = QSize(
            self.width() - self._floors.width() - stairs, self.height() - self._heads.height() - self._shops.height()
        )
        height = max(theme.px(_LEAST.height()), min((room.height() - 6) // floors, theme.px(_MOST.height())))
        bar = self._table.verticalScrollBar().sizeHint().width() if height * floors + 4 > room.height() else 0
        width = max(theme.px(_LEAST.width()), min((room.width() - bar) // max(doors, 1), theme.px(_MOST.width())))
        for column in range(model.columnCount()):
            self._table.setColumnWidth(column, STAIRWELL - SPACE if model.is_stairwell(column) else width)
        for row in range(model.rowCount()):
            self._table.setRowHeight(row, height)
        self._share(room.height(), height * floors + 4)
        self._shops.show_shops(model.house.shops, width * doors + stairs)
        self._heads.update()
        self._floors.update()

    def _floor_width(self) -> int:
        """As wide as the longest name beside the doors."""
        theme, house = themes.current(), self._model.house
        names = [*house.floors, *([house.shops_label] if house.shops else [])]
        longest = max((theme.metrics("small").horizontalAdvance(name) for name in names), default=0)
        return max(theme.px(_FLOORS), longest + SPACE)

    def _share(self, room: int, wanted: int) -> None:
        """Shops stand right under the lowest doors, as in the street: what is left over is below them."""
        shops = bool(self._model.house.shops)
        table = min(max(wanted, 1), max(room, 1)) if shops else max(room, 1)
        self._table.setMaximumHeight(max(wanted, 1) if shops else 16777215)
        self._parts.setRowStretch(1, table)
        self._parts.setRowStretch(3, max(room - table, 0))

    def _on_current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        door = self._model.door(current)
        if door is not None:
            self.door_chosen.emit(door.key)

    def _on_below(self) -> None:
        if self._model.house.shops:
            self._shops.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_activated(self) -> None:
        if self.current_key() is not None:
            self.door_activated.emit(self.current_key())

    def paint_heads(self, painter: QPainter, area: QRect) -> None:
        """The names of the units over the eaves."""
        theme, shift = themes.current(), -self._table.horizontalOffset()
        last = 0
        for number, unit in enumerate(self._model.house.units):
            columns = self._model.columns_of(number)
            left = self._table.columnViewportPosition(columns[0]) if columns else 0
            last = self._table.columnViewportPosition(columns[-1]) + self._table.columnWidth(columns[-1])
            left = max(left, 0)  # of a unit that goes on from further left the name stays whole: 13 is no 3
            if last - left <= 8:
                continue
            line = QRect(left + 4, area.top(), last - left - 8, theme.px(20))
            bold = theme.metrics("small", True)
            title = bold.elidedText(unit.title, Qt.TextElideMode.ElideRight, line.width())
            line_of(painter, line, title, (theme.font("small", True), theme.colour("ink")), LEFT)
            line.setLeft(line.left() + bold.horizontalAdvance(title) + 7)
            aside = theme.metrics("caption").elidedText(unit.aside, Qt.TextElideMode.ElideRight, line.width())
            line_of(painter, line, aside, (theme.font("caption"), theme.colour("ink-3")), LEFT)
        if self._model.house.units:
            eaves = QRect(shift + SPACE // 2, area.bottom() - 10, last - shift - SPACE, 7)
            box(painter, eaves, 2, theme.colour("line-strong"))

    def paint_floors(self, painter: QPainter, area: QRect) -> None:
        """The names of the floors, and of the row of shops."""
        theme = themes.current()
        grey = (theme.font("small"), theme.colour("ink-3"))
        table = QRect(0, 0, area.width(), self._table.height())
        painter.setClipRect(table)
        for number, floor in enumerate(self._model.house.floors):
            top = self._table.rowViewportPosition(number)
            line_of(painter, QRect(0, top, area.width(), self._table.rowHeight(number)), floor, grey, LEFT)
        painter.setClipping(False)
        if self._model.house.shops:
            line = QRect(0, table.bottom() + 1, area.width(), self._shops.height())
            line_of(painter, line, self._model.house.shops_label, grey, LEFT)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask the page for the menu of the door under the pointer, or of the current one for the key."""
        index, at, place = self._table.currentIndex(), event.globalPos(), self._table.viewport()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            at = place.mapToGlobal(self._table.visualRect(index).center())
        else:
            index = self._table.indexAt(place.mapFromGlobal(at))
        door = self._model.door(index)
        if door is not None:
            self._table.setCurrentIndex(index)
            self.menu_wanted.emit(door.key, at)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new room out."""
        super().resizeEvent(event)
        self._measure()
