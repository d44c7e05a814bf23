"""The shops at street level, under a door matrix."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Theme
from gridworker.gui.widgets.doordelegate import SPACE, paint_hatched
from gridworker.gui.widgets.doors import Shop
from gridworker.gui.widgets.paint import box, line_of, painting, ring
from gridworker.text import clauses

_LEAST = 96
"""The narrowest a shop gets at 100%; where more stand there the row moves along with the keys and the wheel."""


class ShopRow(QWidget):
    """The shops at street level, side by side under the doors."""

    pressed = Signal(object)
    """The key of the shop clicked, or entered by Enter."""
    above_wanted = Signal()
    """The way up: back to the doors."""

    def __init__(self) -> None:
        super().__init__()
        self._shops: tuple[Shop, ...] = ()
        self._focus, self._width, self._first = 0, 0, 0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_shops(self, shops: tuple[Shop, ...], width: int) -> None:
        """Show shops, sharing a width; where there are none, Tab comes by no place that nobody sees."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if shops else Qt.FocusPolicy.NoFocus)
        self._shops, self._width = shops, width
        self._focus = min(self._focus, max(len(shops) - 1, 0))
        self.setAccessibleName(clauses(*(shop.words() for shop in shops)))
        self._go(self._focus)

    def _fitting(self) -> int:
        """How many fit side by side."""
        return max(1, min(self._width, self.width()) // themes.current().px(_LEAST))

    def _cell(self, number: int) -> QRect:
        shown = max(min(len(self._shops), self._fitting()), 1)
        width = min(self._width, self.width()) / shown
        left = round((number - self._first) * width) + SPACE // 2
        return QRect(left, 0, round(width) - SPACE, self.height())

    def _go(self, number: int) -> None:
        """Put the focus on a shop and bring it into view."""
        self._focus = max(0, min(number, len(self._shops) - 1))
        fitting = self._fitting()
        last = max(len(self._shops) - fitting, 0)
        self._first = min(max(self._first, self._focus - fitting + 1), self._focus, last)
        if self._shops:
            self.setAccessibleDescription(self._shops[self._focus].words())
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer fit now."""
        super().resizeEvent(event)
        self._go(self._focus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Walk along."""
        delta = event.angleDelta().y() or -event.angleDelta().x()
        self._go(self._focus + (1 if delta < 0 else -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Press the shop under the pointer."""
        for number, shop in enumerate(self._shops):
            if self._cell(number).contains(event.position().toPoint()):
                self._go(number)
                self.pressed.emit(shop.key)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right walk, up goes back to the doors, Enter presses."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None and self._shops:
            self._go(self._focus + step)
        elif event.key() == Qt.Key.Key_Up:
            self.above_wanted.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._shops:
            self.pressed.emit(self._shops[self._focus].key)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the shops."""
        del event
        with painting(self) as painter:
            theme = themes.current()
            for number, shop in enumerate(self._shops):
                cell = self._cell(number)
                _paint_shop(painter, theme, cell, shop)
                if self.hasFocus() and number == self._focus:
                    ring(painter, cell, 8, theme.colour("focus"))


def _paint_shop(painter: QPainter, theme: Theme, cell: QRect, shop: Shop) -> None:
    words = cell.adjusted(9, 0, -6, 0)
    if shop.vacant:
        paint_hatched(painter, theme, cell)
        line_of(painter, words, shop.name, (theme.font("small"), theme.colour("ink-3")))
        return
    box(painter, cell, 8, theme.soft("info"))
    size = theme.px(14)
    painter.drawPixmap(words.left(), words.center().y() - size // 2 + 1, theme.toned("storefront", 14, "info"))
    words.setLeft(words.left() + size + 8)
    name = theme.metrics("small").elidedText(shop.name, Qt.TextElideMode.ElideRight, words.width())
    line_of(painter, words, name, (theme.font("small"), theme.ink("info")))
