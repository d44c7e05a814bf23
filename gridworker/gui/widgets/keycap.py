"""Key caps: the small boxes that say which key does it."""

from typing import Literal, TypeAlias

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Theme
from gridworker.gui.widgets.paint import CENTRE, box, line_of, painting
from gridworker.gui.widgets.themed import Themed

CapStyle: TypeAlias = Literal["plain", "accent", "hero", "quiet"]
"""On paper, on a filled button, on the hero's button, on a coloured panel."""

HEIGHT = 20


def key_width(theme: Theme, text: str) -> int:
    """How wide the cap of a key is."""
    return max(theme.px(HEIGHT), theme.metrics("caption").horizontalAdvance(text) + theme.px(11))


def paint_key(painter: QPainter, theme: Theme, at: tuple[int, int], text: str, style: CapStyle = "plain") -> int:
    """Draw a cap with its left edge and vertical middle at ``at``; gives its width."""
    height, width = theme.px(HEIGHT), key_width(theme, text)
    rect = QRect(at[0], at[1] - height // 2, width, height)
    fill, line, ink = _colours(theme, style)
    box(painter, rect, 5, fill, line)
    line_of(painter, rect, text, (theme.font("caption"), ink), CENTRE)
    return width


def _colours(theme: Theme, style: CapStyle) -> tuple[QColor | None, QColor, QColor]:
    if style == "accent":
        line = QColor(theme.colour("on-accent"))
        line.setAlphaF(0.55)
        return None, line, theme.colour("on-accent")
    if style == "hero":
        return theme.colour("hero-key"), theme.colour("hero-key-line"), theme.colour("hero-btn-ink")
    if style == "quiet":
        return None, theme.colour("line-strong"), theme.colour("ink-2")
    return theme.colour("sunken"), theme.colour("line-strong"), theme.colour("ink-2")


class KeyCap(Themed, QWidget):
    """One key, standing alone."""

    def __init__(self, text: str, style: CapStyle = "plain", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._style = text, style
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def text(self) -> str:
        """What is written on it."""
        return self._text

    def sizeHint(self) -> QSize:
        """The size of the cap."""
        return QSize(key_width(self._theme, self._text), self._theme.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cap."""
        del event
        with painting(self) as painter:
            paint_key(painter, self._theme, (0, self.height() // 2), self._text, self._style)
