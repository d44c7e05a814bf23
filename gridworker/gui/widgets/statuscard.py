"""The card at the foot of the sidebar: how long ago the last exchange was, and what waits."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton

from gridworker.gui.look import theme as themes
from gridworker.gui.look.fonts import Role
from gridworker.gui.page import Status
from gridworker.gui.widgets.keycap import key_width, paint_key
from gridworker.gui.widgets.paint import CENTRE, LEFT, box, line_of, painting, ring, short_count
from gridworker.gui.widgets.themed import Themed

_ICON, _SMALL_ICON, _EDGE = 18, 14, 4
"""On the rail: its icon at 100 %, that of a low window, and what its frame takes."""


class StatusCard(Themed, QToolButton):
    """Neutral or amber, never red. Checked while its page is open; then it shows the key instead of the arrow."""

    def __init__(self, label: str, key: str = "Ctrl 0") -> None:
        super().__init__()
        self._label, self._key, self._rail = label, key, False
        self._status = Status("", "")
        self.setCheckable(True)
        self.setToolTip(key)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def show_status(self, status: Status) -> None:
        """Show another status."""
        self._status = status
        self.setAccessibleName(f"{status.title} {status.text}".strip())
        self.setToolTip("" if status.rail else self._key)
        self.update()

    def status(self) -> Status:
        """The status shown."""
        return self._status

    def rail_words(self) -> str:
        """What it is called on the rail."""
        return self._status.rail or self._label

    def set_rail(self, rail: bool) -> None:
        """Draw for the narrow rail."""
        self._rail = rail
        height = QSizePolicy.Policy.Maximum if rail else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Expanding, height)
        self._restyle()

    def minimumSizeHint(self) -> QSize:
        """On the rail no higher than a small icon over one line."""
        if not self._rail:
            return self.sizeHint()
        return QSize(self._theme.px(50), self._theme.px(_SMALL_ICON) + self._theme.metrics("rail").height() + _EDGE)

    def sizeHint(self) -> QSize:
        """Two lines, or icon over words."""
        return QSize(self._theme.px(50), self._theme.px(48 if self._rail else 57))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        del event
        with painting(self) as painter:
            theme, amber = self._theme, self._status.amber
            if amber and not self.isChecked():
                box(painter, self.rect(), 10, theme.soft("due"), theme.colour("due-line"))
            else:
                fill = "card" if self.isChecked() or self.underMouse() else "sunken"
                box(painter, self.rect(), 10, theme.colour(fill), theme.colour("line"))
            if self._rail:
                self._paint_rail(painter)
            elif self.isChecked():
                self._paint_open(painter)
            else:
                self._paint_wide(painter)
            if self.hasFocus():
                ring(painter, self.rect(), 10, theme.colour("focus"))

    def _lines(self, left: int) -> tuple[QRect, QRect]:
        theme = self._theme
        first, second = theme.px(19), theme.line("caption")
        top = (self.height() - first - second) // 2
        width = self.width() - left - theme.px(28)
        return QRect(left, top, width, first), QRect(left, top + first, self.width() - left - 8, second)

    def _words(self, painter: QPainter, rect: QRect, text: str, look: tuple[Role, bool, str]) -> None:
        """One line, shortened to fit; ``look`` is its role, whether it is bold, and its colour."""
        role, bold, ink = look
        words = self._theme.metrics(role, bold).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        line_of(painter, rect, words, (self._theme.font(role, bold), self._theme.colour(ink)), LEFT)

    def _paint_wide(self, painter: QPainter) -> None:
        theme, status = self._theme, self._status
        ink = "due-ink" if status.amber else "ink-2"
        size = theme.px(16)
        first, second = self._lines(13 + size + 8)
        painter.drawPixmap(13, first.center().y() - size // 2 + 1, theme.pixmap(status.icon, 16, ink))
        self._words(painter, first, status.title, ("small", status.amber, ink if status.amber else "ink"))
        self._words(painter, second, status.text, ("caption", False, ink if status.amber else "ink-3"))
        mark = ("check-circle-fill", "ok-ink") if status.done else ("caret-right", ink)
        at = (self.width() - size - 11, first.center().y() - size // 2 + 1)
        painter.drawPixmap(*at, theme.pixmap(mark[0], 16, mark[1]))

    def _paint_open(self, painter: QPainter) -> None:
        theme, status = self._theme, self._status
        first, second = self._lines(12)
        self._words(painter, first, self._label, ("small", True, "ink"))
        self._words(painter, second, status.title, ("caption", False, "due-ink" if status.amber else "ink-3"))
        cap = key_width(theme, self._key)
        paint_key(painter, theme, (self.width() - cap - 12, first.center().y() + 1), self._key)

    def _paint_rail(self, painter: QPainter) -> None:
        theme, status = self._theme, self._status
        ink = "due-ink" if status.amber else "ink-2"
        line = theme.metrics("rail").height()
        icon = _ICON if theme.px(_ICON) + line + _EDGE <= self.height() else _SMALL_ICON
        size = theme.px(icon)
        gap = min(3, max(self.height() - size - line - _EDGE, 0))
        top = (self.height() - size - gap - line) // 2
        painter.drawPixmap((self.width() - size) // 2, top, theme.pixmap(status.icon, icon, ink))
        words = QRect(0, top + size + gap, self.width(), line)
        line_of(painter, words, self.rail_words(), (theme.font("rail"), theme.colour(ink)), CENTRE)
        if status.count:
            number = short_count(status.count)
            width = max(theme.px(18), theme.metrics("rail", True).horizontalAdvance(number) + theme.px(8))
            pill = QRect(self.width() - width, 0, width, theme.px(15))
            box(painter, pill, pill.height() / 2, theme.colour("due-ink"))
            line_of(painter, pill, number, (theme.font("rail", True), theme.soft("due")), CENTRE)
