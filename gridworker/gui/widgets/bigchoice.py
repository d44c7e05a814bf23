"""Big choices: an icon tile, a title, a line, the key that takes it. One strong outline marks where the focus is."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.avatar import AvatarSpec, paint_avatar
from gridworker.gui.widgets.keycap import key_width, paint_key
from gridworker.gui.widgets.paint import LEFT, TOP, box, line_of, middle, painting, ring
from gridworker.gui.widgets.themed import Themed

LARGE = 1.25
"""The text size from which on a front has less room around its words."""
_TILE, _MARGIN = 52, 12


class BigChoice(Themed, QAbstractButton):
    """One way to go on."""

    def __init__(self, title: str, text: str, icon: str, key: str = "") -> None:
        super().__init__()
        self._title, self._line, self._icon, self._key = title, text, icon, key
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def sizeHint(self) -> QSize:
        """Wide, and high enough for the tile."""
        theme = self._theme
        title = theme.metrics("large").horizontalAdvance(self._title)
        words = max(title, theme.metrics("body").horizontalAdvance(self._line))
        return QSize(21 + theme.px(_TILE) + 18 + words + theme.px(100), self._high())

    def minimumSizeHint(self) -> QSize:
        """The words may shorten, the title not."""
        theme = self._theme
        wide = 21 + theme.px(_TILE + 100) + theme.metrics("large").horizontalAdvance(self._title)
        return QSize(wide, self._high())

    def _high(self) -> int:
        """Large text has the room around it too: three of them are to be seen at once on a small screen."""
        theme = self._theme
        if theme.scale < LARGE:
            return theme.px(100)
        return theme.line("large") + 2 * theme.line("body") + _MARGIN

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes it too: Qt's own buttons know Space only."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        del event
        with painting(self) as painter:
            theme, here = self._theme, self.hasFocus()
            fill = "hover" if self.underMouse() and not here else "card"
            box(painter, self.rect(), 14, theme.colour(fill), theme.colour("line"))
            if here:
                ring(painter, self.rect(), 13, theme.colour("accent"))
            side = theme.px(_TILE)
            tile = QRect(21, middle(self.rect(), side), side, side)
            paint_avatar(painter, theme, tile, AvatarSpec(icon=self._icon, tone="accent" if here else "neu"))
            right = self.width() - 21 - theme.px(18)
            painter.drawPixmap(right, middle(self.rect(), theme.px(18)), theme.pixmap("caret-right", 18, "ink-2"))
            if self._key:
                right -= 20 + key_width(theme, self._key)
                paint_key(painter, theme, (right, self.height() // 2), self._key)
            self._paint_words(painter, QRect(tile.right() + 19, 0, right - tile.right() - 30, self.height()))

    def _paint_words(self, painter: QPainter, area: QRect) -> None:
        """The title, and the line under it on as many lines as it takes."""
        theme = self._theme
        wrap = int(Qt.TextFlag.TextWordWrap.value) | TOP
        under = theme.metrics("body").boundingRect(QRect(0, 0, area.width(), 1000), wrap, self._line).height()
        first = theme.line("large")
        top = (area.height() - first - under) // 2
        title = QRect(area.left(), top, area.width(), first)
        line_of(painter, title, self._title, (theme.font("large"), theme.colour("ink")), LEFT)
        below = QRect(area.left(), top + first, area.width(), under)
        line_of(painter, below, self._line, (theme.font("body"), theme.colour("ink-2")), wrap)
