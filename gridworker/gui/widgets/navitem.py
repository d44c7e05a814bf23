"""One item of the sidebar: icon, words, a number; beside each other, or on the narrow rail one above the other."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton

from gridworker.gui.look import icons
from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Tone
from gridworker.gui.widgets.paint import CENTRE, LEFT, RIGHT, box, line_of, middle, painting, ring, short_count
from gridworker.gui.widgets.themed import Themed

_ICON, _SMALL_ICON = 18, 14
_OVER = 4
"""How far words may reach beyond an item of the rail, on either side."""


class NavItem(Themed, QToolButton):
    """A checkable item. Its icon fills when it is the current page; the words never shorten on the wide sidebar."""

    def __init__(self, name: str, label: str, icon: str, key: str = "", *, short: str = "") -> None:
        """``short`` is said on the rail where ``label`` would be cut."""
        super().__init__()
        self.name = name
        self._label, self._short, self._icon = label, short, icon
        self._fill = f"{icon}-fill" if icons.exists(f"{icon}-fill") else icon
        self._tone: Tone = "neu"
        self._count, self._rail = 0, False
        self.setCheckable(True)
        self._key = key
        self.setToolTip(key)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_count(0)
        themes.follow(self._restyle)

    def show_count(self, count: int, tone: Tone = "neu") -> None:
        """Show a number, in red where somebody waits; 0 shows none."""
        self._count, self._tone = count, tone
        self.setAccessibleName(f"{self._label} {count}" if count else self._label)
        self.update()

    def count(self) -> int:
        """The number shown."""
        return self._count

    def set_rail(self, rail: bool) -> None:
        """Draw for the narrow rail."""
        self._rail = rail
        self.setToolTip(f"{self._label}  {self._key}".strip() if rail else self._key)  # its words may be cut there
        height = QSizePolicy.Policy.Maximum if rail else QSizePolicy.Policy.Fixed  # many pages share a low window
        self.setSizePolicy(QSizePolicy.Policy.Expanding, height)
        self._restyle()

    def minimumSizeHint(self) -> QSize:
        """On the rail no higher than a small icon over one line."""
        if not self._rail:
            return self.sizeHint()
        return QSize(self.rail_width(), self._theme.px(_SMALL_ICON) + self._theme.metrics("rail").height())

    def sizeHint(self) -> QSize:
        """One line, or icon over words."""
        theme = self._theme
        if self._rail:
            more = theme.metrics("rail").height() if self._two_lines() else 0
            return QSize(self.rail_width(), theme.px(48) + more)
        words = theme.metrics("body", True).horizontalAdvance(self._label)
        return QSize(20 + theme.px(18) + words + 10 + (theme.px(28) if self._count else 0), theme.px(36))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        del event
        with painting(self) as painter:
            theme = self._theme
            if self.isChecked():
                box(painter, self.rect(), 8, theme.colour("card"), theme.colour("line"))
            elif self.underMouse():
                box(painter, self.rect(), 8, theme.colour("hover"))
            if self._rail:
                self._paint_rail(painter)
            else:
                self._paint_wide(painter)
            if self.hasFocus():
                ring(painter, self.rect(), 8, theme.colour("focus"))

    def _paint_wide(self, painter: QPainter) -> None:
        theme, on = self._theme, self.isChecked()
        size = theme.px(18)
        look = ("accent-ink", self._fill) if on else ("ink-2", self._icon)
        painter.drawPixmap(11, middle(self.rect(), size), theme.pixmap(look[1], 18, look[0]))
        left = 11 + size + 9
        ink = theme.colour("ink" if on else "ink-2")
        words = QRect(left, 0, self.width() - left, self.height())
        line_of(painter, words, self._label, (theme.font("body", on), ink), LEFT)
        if not self._count:
            return
        number = str(self._count)
        if self._tone == "neu":
            area = QRect(0, 0, self.width() - 11, self.height())
            line_of(painter, area, number, (theme.font("caption"), theme.colour("ink-2")), RIGHT)
        else:
            self._paint_badge(painter, QRect(self.width() - 8, middle(self.rect(), theme.px(18)), 0, theme.px(18)))

    def _paint_badge(self, painter: QPainter, at: QRect) -> None:
        """A pill that ends at the left edge of ``at``."""
        theme, number = self._theme, short_count(self._count) if self._rail else str(self._count)
        least = theme.px(16 if self._rail else 20)
        width = max(least, theme.metrics("caption", True).horizontalAdvance(number) + theme.px(6 if self._rail else 11))
        pill = QRect(at.left() - width, at.top(), width, at.height())
        box(painter, pill, pill.height() / 2, theme.soft(self._tone))
        line_of(painter, pill, number, (theme.font("caption", True), theme.ink(self._tone)), CENTRE)

    def rail_width(self) -> int:
        """How wide the narrow rail must be for its longest word."""
        metrics = self._theme.metrics("rail")
        return max(metrics.horizontalAdvance(word) for word in self._label.split() or [""]) + 2

    def _two_lines(self) -> bool:
        return self._theme.metrics("rail").horizontalAdvance(self._label) > max(self.width(), self._theme.px(48))

    def rail_parts(self) -> tuple[int, str, int]:
        """On the rail: the icon's size at 100%, the words, and how high they are.

        Where many pages stand in a low window the words keep to one line, and then the icon is a smaller one.
        """
        metrics, px = self._theme.metrics("rail"), self._theme.px
        line = metrics.height()
        if self._two_lines() and px(_ICON) + 2 * line <= self.height():
            return _ICON, self._label, 2 * line
        room = self.width() + 2 * _OVER
        words = self._label if metrics.horizontalAdvance(self._label) <= room or not self._short else self._short
        label = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        return (_ICON if px(_ICON) + line <= self.height() else _SMALL_ICON), label, line

    def _paint_rail(self, painter: QPainter) -> None:
        theme, on = self._theme, self.isChecked()
        icon, label, line = self.rail_parts()
        size = theme.px(icon)
        gap = min(3, max(self.height() - size - line, 0))
        top = (self.height() - size - gap - line) // 2
        look = ("accent-ink", self._fill) if on else ("ink-2", self._icon)
        painter.drawPixmap((self.width() - size) // 2, top, theme.pixmap(look[1], icon, look[0]))
        words = QRect(-_OVER, top + size + gap, self.width() + 2 * _OVER, line)
        flags = Qt.AlignmentFlag.AlignHCenter.value | Qt.AlignmentFlag.AlignTop.value | Qt.TextFlag.TextWordWrap.value
        line_of(painter, words, label, (theme.font("rail"), theme.colour(look[0])), flags)
        if self._count and self._tone != "neu":
            self._paint_badge(painter, QRect(self.width(), 2, 0, theme.px(16)))
