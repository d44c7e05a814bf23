"""The shops at street level, under a door matrix."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gridworker.gui import theme as themes
from gridworker.gui.theme import Theme
from gridworker.gui.widgets.doordelegate import SPACE, paint_hatched
from gridworker.gui.widgets.doors import Shop
from gridworker.gui.widgets.paint import box, line_of, painting, ring


class ShopRow(QWidget):
    """The shops at street level, side by side under the doors."""

    pressed = Signal(object)
    """The key of the shop clicked, or entered by Enter."""

    def __init__(self) -> None:
        super().__init__()
        self._shops: tuple[Shop, ...] = ()
        self._focus, self._width = 0, 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_shops(self, shops: tuple[Shop, ...], width: int) -> None:
        """Show shops, sharing a width."""
        self._shops, self._width = shops, width
        self._focus = min(self._focus, max(len(shops) - 1, 0))
        self.setAccessibleName("，".join(shop.name for shop in shops))
        self.update()

    def _cell(self, number: int) -> QRect:
        width = min(self._width, self.width()) / max(len(self._shops), 1)
        return QRect(round(number * width) + SPACE // 2, 0, round(width) - SPACE, self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Press the shop under the pointer."""
        for number, shop in enumerate(self._shops):
            if self._cell(number).contains(event.position().toPoint()):
                self._focus = number
                self.pressed.emit(shop.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right walk, Enter presses."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None and self._shops:
            self._focus = max(0, min(self._focus + step, len(self._shops) - 1))
            self.setAccessibleDescription(self._shops[self._focus].name)
            self.update()
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
