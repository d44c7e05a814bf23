"""The mark: nine windows at dusk, one of them lit."""

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import tokens
from gridworker.gui.widgets.paint import box, painting


def paint_mark(painter: QPainter, rect: QRect) -> None:
    """Draw the mark into a square; its colours are the same in both themes."""
    light = tokens()["light"]
    side = float(rect.width())
    box(painter, rect, side * 0.25, QColor(light["hero"]))
    pane, gap = side * 0.15, side * 0.068
    start = (side - 3 * pane - 2 * gap) / 2
    for number in range(9):
        row, column = divmod(number, 3)
        area = QRectF(rect.left() + start + column * (pane + gap), rect.top() + start + row * (pane + gap), pane, pane)
        box(painter, area, pane / 4, QColor(light["lamp"] if number == 4 else "#6F9FA2"))


def mark_pixmap(size: int) -> QPixmap:
    """The mark as a pixmap, for the window's icon."""
    pixmap = QPixmap(size, size)
    pixmap.fill(QColor(0, 0, 0, 0))
    with painting(pixmap) as painter:
        paint_mark(painter, QRect(0, 0, size, size))
    return pixmap


class Mark(QWidget):
    """The mark, standing alone."""

    def __init__(self, size: int = 28) -> None:
        super().__init__()
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def _restyle(self) -> None:
        self._side = themes.current().px(self._size)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(self._side, self._side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the mark."""
        del event
        with painting(self) as painter:
            paint_mark(painter, self.rect())
