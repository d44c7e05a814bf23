"""A small button of one line: an icon, then words."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QSizePolicy

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.paint import LEFT, box, line_of, middle, ring
from gridworker.gui.widgets.pressable import Pressable
from gridworker.gui.widgets.themed import Themed

ICON = 16
_GAP = 6


class Pill(Themed, Pressable):
    """What each sort of them looks like is drawn by its own ``paintEvent``, with ``draw``."""

    def __init__(self, words: str, *, pad: int, height: int) -> None:
        super().__init__()
        self._pad, self._height = pad, height
        self.setText(words)
        self.setAccessibleName(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def sizeHint(self) -> QSize:
        """Icon and words, and room to hit."""
        words = self._theme.metrics("small").horizontalAdvance(self.text())
        return QSize(words + self._theme.px(ICON) + _GAP + 2 * self._pad, max(32, self._theme.px(self._height)))

    def draw(self, painter: QPainter, icon: QPixmap, ink: QColor, ground: QColor | None) -> None:
        """Draw it, on nothing where there is no ``ground``."""
        theme, size = self._theme, self._theme.px(ICON)
        if ground is not None:
            box(painter, self.rect(), 8, ground)
        painter.drawPixmap(self._pad, middle(self.rect(), size), icon)
        words = QRect(self._pad + size + _GAP, 0, self.width(), self.height())
        line_of(painter, words, self.text(), (theme.font("small"), ink), LEFT)
        if self.hasFocus():
            ring(painter, self.rect(), 8, theme.colour("focus"))
