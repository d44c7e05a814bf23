"""Where a bundle goes: rows on the hero, one of them chosen."""

from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.paint import LEFT, RIGHT, box, icon, line_of, painting, ring
from gridworker.gui.widgets.themed import Themed


class Destination(Themed, QAbstractButton):
    """One place: a drive, or a folder. ``place`` is None until a folder is chosen."""

    def __init__(self, name: str, right: str, icon_name: str, place: Path | None) -> None:
        super().__init__()
        self.place = place
        self._name, self._right, self._icon = name, right, icon_name
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAccessibleName(name)
        self.setAccessibleDescription(right)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def words(self) -> str:
        """What it is called."""
        return self._name

    def sizeHint(self) -> QSize:
        """One line with room for its words, and to hit."""
        words = self._theme.metrics("body", True).horizontalAdvance(self._name)
        right = self._theme.metrics("small").horizontalAdvance(self._right)
        return QSize(words + right + self._theme.px(34) + 78, self._theme.px(44))

    def minimumSizeHint(self) -> QSize:
        """Narrow names are shortened, lines are not."""
        return QSize(self._theme.px(160), self._theme.px(44))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the row, filled where it is chosen."""
        del event
        with painting(self) as painter:
            theme, on = self._theme, self.isChecked()
            box(painter, self.rect(), 9, theme.colour("hero-2" if on else "hero"), theme.colour("hero-2"))
            side, left = theme.px(16), 14
            circle = QRectF(left, (self.height() - side) / 2, side, side)
            painter.setBrush(theme.colour("hero-btn" if on else "hero"))
            painter.setPen(QPen(theme.colour("on-hero"), 1.5))
            painter.drawEllipse(circle)
            if on:
                painter.setBrush(theme.colour("hero"))
                painter.setPen(Qt.PenStyle.NoPen)
                inset = side * 0.3
                painter.drawEllipse(circle.adjusted(inset, inset, -inset, -inset))
            left += side + 12
            icon(painter, theme, (left, (self.height() - theme.px(18)) // 2), self._icon, (18, "on-hero-2"))
            left += theme.px(18) + 10
            right = theme.metrics("small").horizontalAdvance(self._right)
            words = QRect(left, 0, self.width() - left - right - 28, self.height())
            name = theme.metrics("body", on).elidedText(self._name, Qt.TextElideMode.ElideRight, words.width())
            line_of(painter, words, name, (theme.font("body", on), theme.colour("on-hero")), LEFT)
            rest = QRect(words.right(), 0, self.width() - words.right() - 14, self.height())
            line_of(painter, rest, self._right, (theme.font("small"), theme.colour("on-hero-2")), RIGHT)
            if self.hasFocus():
                ring(painter, self.rect(), 9, theme.colour("on-hero"))
