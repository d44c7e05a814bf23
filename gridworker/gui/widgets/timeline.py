"""The timeline: moments from top to bottom on one line, each as high as its words."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Theme
from gridworker.gui.widgets.chip import GAP, chip_width, paint_chip
from gridworker.gui.widgets.moments import Moment, MomentModel
from gridworker.gui.widgets.paint import LEFT, RIGHT, line_of, ring
from gridworker.gui.widgets.rows import ITEM_ROLE, AnyIndex

_DOT, _GAP, _PAD = 28, 12, 18
_LINE = 21
"""The height of a line of the body."""


def _wrapped(text: str, font: QFont, width: int, line: int) -> tuple[QTextLayout, int]:
    """The text laid out in a width, and its height."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    height = 0
    while (one := layout.createLine()).isValid():
        one.setLineWidth(max(width, 20))
        one.setPosition(QPointF(0, height + (line - one.height()) / 2))
        height += line
    layout.endLayout()
    return layout, height


class _MomentDelegate(QStyledItemDelegate):
    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        self._heights: dict[tuple[int, float, int], int] = {}

    def forget(self) -> None:
        """Measure again: other moments, another width or another text size."""
        self._heights.clear()

    def _width(self, theme: Theme) -> int:
        return self._view.viewport().width() - theme.px(_DOT) - _GAP - 4

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        del option
        theme, width = themes.current(), self._view.viewport().width()
        key = (index.row(), theme.scale, width)
        if key not in self._heights:
            self._heights[key] = self._measure(theme, index.data(ITEM_ROLE))
        return QSize(width, self._heights[key])

    def _measure(self, theme: Theme, moment: Moment) -> int:
        height = theme.px(28 if moment.heading else 0) + theme.px(_DOT)
        if moment.body:
            height += _wrapped(moment.body, theme.font("small"), self._width(theme), theme.px(_LINE))[1]
        if moment.change:
            height += theme.px(_LINE)
        if moment.chips:
            height += theme.px(4) + len(self._chip_lines(theme, moment)) * theme.px(28)
        return height + theme.px(_PAD)

    def _chip_lines(self, theme: Theme, moment: Moment) -> list[list[int]]:
        """The indexes of the chips, line by line."""
        lines: list[list[int]] = [[]]
        used = 0
        for number, chip in enumerate(moment.chips):
            width = chip_width(theme, chip)
            if lines[-1] and used + width > self._width(theme):
                lines.append([])
                used = 0
            lines[-1].append(number)
            used += width + GAP
        return lines

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, moment, rect = themes.current(), index.data(ITEM_ROLE), QRect(option.rect)
        dot, top = theme.px(_DOT), rect.top()
        left = rect.left() + dot + _GAP
        if moment.heading:
            head = QRect(left, top, rect.width(), theme.px(20))
            line_of(painter, head, moment.heading, (theme.font("caption"), theme.colour("ink-3")), LEFT)
            top += theme.px(28)
        model = index.model()
        if not (isinstance(model, MomentModel) and model.is_last(index)):
            end = rect.bottom() + 1
            painter.fillRect(
                QRectF(rect.left() + dot / 2 - 1, top + dot + 2, 2, end - top - dot - 3), theme.colour("line")
            )
        self._paint_dot(painter, theme, QRect(rect.left(), top, dot, dot), moment)
        self._paint_words(painter, theme, QRect(left, top, rect.right() - left - 3, rect.bottom() - top), moment)
        if option.state & QStyle.StateFlag.State_HasFocus and self._view.hasFocus():
            ring(painter, rect.adjusted(0, 0, -1, -theme.px(8)), 8, theme.colour("focus"))
        painter.restore()

    @staticmethod
    def _paint_dot(painter: QPainter, theme: Theme, circle: QRect, moment: Moment) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.soft(moment.tone))
        painter.drawEllipse(circle)
        inset = (circle.width() - theme.px(16)) // 2
        painter.drawPixmap(circle.left() + inset, circle.top() + inset, theme.toned(moment.icon, 16, moment.tone))

    def _paint_words(self, painter: QPainter, theme: Theme, area: QRect, moment: Moment) -> None:
        head = QRect(area.left(), area.top(), area.width(), theme.px(_DOT))
        right = theme.metrics("caption").horizontalAdvance(moment.right)
        title = theme.metrics("body", True).elidedText(
            moment.title, Qt.TextElideMode.ElideRight, head.width() - right - 12
        )
        line_of(painter, head, title, (theme.font("body", True), theme.colour("ink")), LEFT)
        line_of(painter, head, moment.right, (theme.font("caption"), theme.colour("ink-3")), RIGHT)
        top = head.bottom() + 1
        if moment.body:
            layout, height = _wrapped(moment.body, theme.font("small"), area.width(), theme.px(_LINE))
            painter.setPen(theme.colour("ink-2"))
            layout.draw(painter, QPointF(area.left(), top))
            top += height
        if moment.change:
            self._paint_change(painter, theme, QRect(area.left(), top, area.width(), theme.px(_LINE)), moment.change)
            top += theme.px(_LINE)
        if moment.chips:
            self._paint_chips(painter, theme, (area.left(), top + theme.px(4)), moment)

    @staticmethod
    def _paint_change(painter: QPainter, theme: Theme, area: QRect, change: tuple[str, str]) -> None:
        old, new = change
        struck = QFont(theme.font("small"))
        struck.setStrikeOut(bool(old))
        line_of(painter, area, old, (struck, theme.colour("ink-3")), LEFT)
        area.setLeft(area.left() + theme.metrics("small").horizontalAdvance(old))
        words = theme.metrics("small").elidedText(f" → {new}", Qt.TextElideMode.ElideRight, area.width())
        line_of(painter, area, words, (theme.font("small"), theme.colour("ink-2")), LEFT)

    def _paint_chips(self, painter: QPainter, theme: Theme, at: tuple[int, int], moment: Moment) -> None:
        left, top = at
        for line in self._chip_lines(theme, moment):
            x = left
            for number in line:
                x += paint_chip(painter, theme, (x, top + theme.px(12)), moment.chips[number]) + GAP
            top += theme.px(28)


class Timeline(QListView):
    """The list of moments. Enter or a double click opens one: ``opened`` carries its key."""

    opened = Signal(object)

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self._moments, self._delegate = MomentModel(), _MomentDelegate(self)
        self.setModel(self._moments)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.verticalScrollBar().setSingleStep(24)
        self.doubleClicked.connect(self._on_double_clicked)
        themes.follow(self._restyle)

    def show_moments(self, moments: Sequence[Moment]) -> None:
        """Show moments, in this order."""
        self._delegate.forget()
        self._moments.replace(moments)

    def point_at(self, key: object) -> None:
        """Put the cursor on a moment, in sight; nothing where it is not there."""
        rows = range(self._moments.rowCount())
        indexes = (self._moments.index(row) for row in rows)
        found = next((index for index in indexes if self._moments.moment(index).key == key), None)
        if found is not None:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.setCurrentIndex(found)
            self.scrollTo(found, QAbstractItemView.ScrollHint.PositionAtCenter)

    def _restyle(self) -> None:
        self._delegate.forget()
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def _on_double_clicked(self, index: QModelIndex) -> None:
        self.opened.emit(self._moments.moment(index).key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap again for the new width."""
        self._delegate.forget()
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; letters go up to the page."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.opened.emit(self._moments.moment(self.currentIndex()).key)
        elif event.text().strip() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)
