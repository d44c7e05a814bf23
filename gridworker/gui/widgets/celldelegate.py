"""How a cell of a table of records is drawn."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.chip import ChipSpec, paint_chip
from gridworker.gui.widgets.paint import LEFT, RIGHT, ring
from gridworker.gui.widgets.rows import ITEM_ROLE, AnyIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gridworker.gui.widgets.tablecolumn import Column


class CellDelegate(QStyledItemDelegate):
    """Words or a chip, cut where they have no room; what is cut is told whole by a hint."""

    def __init__(self, view: QAbstractItemView, columns: "Sequence[Column]", ring_due: "Callable[[], bool]") -> None:
        """``ring_due``: whether the current row wants a ring."""
        super().__init__(view)
        self._view, self._columns, self._ring_due = view, columns, ring_due

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: AnyIndex
    ) -> bool:
        """The whole of a text that is cut."""
        cell = index.data(ITEM_ROLE)
        if not isinstance(cell, str) or event.type() != QEvent.Type.ToolTip:
            return super().helpEvent(event, view, option, index)
        column = self._columns[index.column()]
        width = themes.current().metrics("body", column.bold).horizontalAdvance(cell)
        cut = width > option.rect.width() - (16 if index.column() else 24)
        QToolTip.showText(event.globalPos(), cell if cut else "", view)
        return True

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """The height of a row."""
        del option, index
        return QSize(0, themes.current().px(44))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw a cell and its part of the ring.

        In numbers where Qt takes them: the binding lets go of Python's lock for every rectangle it makes, a thousand
        for a page of cells, and where work goes on elsewhere the window may wait for each.
        """
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, rect, cell = themes.current(), option.rect, index.data(ITEM_ROLE)
        left, top, width, height = rect.left(), rect.top(), rect.width(), rect.height()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, theme.colour("sel"))
        painter.fillRect(left, rect.bottom(), width, 1, theme.colour("line"))
        number = index.column()
        before = 8 if number else 16
        if isinstance(cell, ChipSpec):
            if cell.text:
                paint_chip(painter, theme, (left + before, top + (height - 1) // 2 + 1), cell)
        elif cell:
            column = self._columns[number]
            room = width - before - 8
            words = theme.metrics("body", column.bold).elidedText(str(cell), Qt.TextElideMode.ElideRight, room)
            painter.setFont(theme.font("body", column.bold))
            painter.setPen(theme.colour("ink" if column.bold or not number else "ink-2"))
            painter.drawText(left + before, top, room, height, RIGHT if column.right else LEFT, words)
        if selected and self._ring_due():  # each cell draws its part: the next one would paint over the rest
            whole = QRect(0, top, self._view.viewport().width(), height)
            painter.setClipRect(rect)
            ring(painter, whole.adjusted(1, 0, -1, -1), 8, theme.colour("focus"))
        painter.restore()
