"""Where a bundle goes: rows on the hero, one of them chosen."""

from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.paint import LEFT, RIGHT, box, icon, line_of, middle, painting, ring
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
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
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
        """What is at the right goes below where there is no room; names longer than a line are shortened."""
        return QSize(self._theme.px(160), self._theme.px(44))

    def hasHeightForWidth(self) -> bool:
        """It has two lines where one is too short."""
        return True

    def heightForWidth(self, width: int) -> int:
        """One line or two."""
        return self._theme.px(44 if self._fits(width) else 58)

    def _fits(self, width: int) -> bool:
        return not self._right or width >= self.sizeHint().width()

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
            self._paint_words(painter, QRect(left, 0, self.width() - left - 14, self.height()))
            if self.hasFocus():
                ring(painter, self.rect(), 9, theme.colour("on-hero"))

    def _paint_words(self, painter: QPainter, room: QRect) -> None:
        """The name, and beside or below it what is said of it."""
        theme, on = self._theme, self.isChecked()
        right = theme.metrics("small").horizontalAdvance(self._right)
        if self._fits(self.width()):
            words, rest, side = room.adjusted(0, 0, -right - 14, 0), room, RIGHT
        else:
            top = middle(room, theme.line("body") + theme.line("small"))
            words = QRect(room.left(), top, room.width(), theme.line("body"))
            rest, side = QRect(room.left(), words.bottom() + 1, room.width(), theme.line("small")), LEFT
        name = theme.metrics("body", on).elidedText(self._name, Qt.TextElideMode.ElideRight, words.width())
        line_of(painter, words, name, (theme.font("body", on), theme.colour("on-hero")), LEFT)
        said = theme.metrics("small").elidedText(self._right, Qt.TextElideMode.ElideRight, rest.width())
        line_of(painter, rest, said, (theme.font("small"), theme.colour("on-hero-2")), side)
