"""A small icon and words in one line: a hint, or a link to where the words lead."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.look.fonts import Role
from gridworker.gui.widgets.icon import Icon
from gridworker.gui.widgets.layout import row
from gridworker.gui.widgets.paint import LEFT, icon, line_of, middle, painting, ring
from gridworker.gui.widgets.pressarea import PressArea
from gridworker.gui.widgets.text import Text
from gridworker.gui.widgets.themed import Themed

_GAP = 6


class Hint(QWidget):
    """A grey line that explains, with an icon before it."""

    def __init__(self, text: str, icon_name: str = "info") -> None:
        super().__init__()
        words = Text(text, "caption", "ink-3", wrap=True)
        layout = row(gap=_GAP)
        layout.addWidget(Icon(icon_name, 15, "ink-3"), 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(words, 1)
        self.setLayout(layout)


class FootNote(QWidget):
    """An icon and words in the middle of their line; words that are longer than it wrap behind the icon."""

    def __init__(self, text: str, icon_name: str) -> None:
        super().__init__()
        self._words = Text(text, "small", "ink-2", wrap=True)
        layout = row(None, gap=8)
        layout.addWidget(Icon(icon_name, 18, "ink-3"), 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._words, 1000)
        layout.addStretch(1)
        self.setLayout(layout)
        themes.follow(self._restyle)

    def _restyle(self) -> None:
        """No wider than the words in one line, so that the icon stands right before them."""
        self._words.setMaximumWidth(themes.current().metrics("small").horizontalAdvance(self._words.text()) + 2)


class IconLink(Themed, PressArea):
    """A line that leads somewhere: ``pressed`` by click, Space or Enter."""

    def __init__(self, text: str, icon_name: str, tip: str = "", *, role: Role = "small") -> None:
        super().__init__()
        self._text, self._icon, self._role = text, icon_name, role
        self.setAccessibleName(text)
        self.setToolTip(tip)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def text(self) -> str:
        """The words."""
        return self._text

    def sizeHint(self) -> QSize:
        """Icon and words."""
        theme = self._theme
        words = theme.metrics(self._role).horizontalAdvance(self._text)
        return QSize(theme.px(16) + _GAP + words + 2, max(theme.px(26), theme.line(self._role) + 4))

    def minimumSizeHint(self) -> QSize:
        """A few letters, then an ellipsis."""
        return QSize(self._theme.px(80), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it; underlined while the mouse is over it."""
        del event
        with painting(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        theme = self._theme
        size = theme.px(16)
        lifted = self.underMouse() or self.hasFocus()
        ink = "accent-ink" if lifted else "ink-2"
        icon(painter, theme, (0, middle(self.rect(), size)), self._icon, (16, ink))
        words = QRect(size + _GAP, 0, self.width() - size - _GAP, self.height())
        text = theme.metrics(self._role).elidedText(self._text, Qt.TextElideMode.ElideRight, words.width())
        line_of(painter, words, text, (theme.font(self._role), theme.colour(ink)), LEFT)
        if self.hasFocus():
            ring(painter, self.rect(), 4, theme.colour("focus"))
