"""The black strip of share mode: that it is on, and how to end it where that can be."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.keycap import key_width
from gridworker.gui.widgets.layout import row
from gridworker.gui.widgets.paint import CENTRE, box, line_of, middle, painting, ring
from gridworker.gui.widgets.text import ElidedText, Text
from gridworker.text import gettext


class _End(QPushButton):
    def __init__(self) -> None:
        super().__init__(gettext("Turn off"))
        self.setAccessibleName(self.text())
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._key = "Ctrl Shift H"
        themes.follow(self._restyle)

    def _restyle(self) -> None:
        theme = themes.current()
        words = theme.metrics("small").horizontalAdvance(self.text())
        self.setFixedSize(words + 10 + key_width(theme, self._key) + 8, theme.px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        with painting(self) as painter:
            theme = themes.current()
            line_of(
                painter, self.rect().adjusted(4, 0, 0, 0), self.text(), (theme.font("small"), theme.colour("canvas"))
            )
            width, height = key_width(theme, self._key), theme.px(20)
            cap = self.rect().adjusted(self.width() - width - 4, middle(self.rect(), height), -4, 0)
            cap.setHeight(height)
            box(painter, cap, 5, None, theme.colour("ink-3"))
            line_of(painter, cap, self._key, (theme.font("caption"), theme.colour("canvas")), CENTRE)
            if self.hasFocus():
                ring(painter, self.rect(), 6, theme.colour("focus"))


class ShareStrip(QWidget):
    """The strip. ``pressed`` asks to end share mode, which is not offered where a role never sees more."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.end = _End()
        self.end.clicked.connect(self.pressed)
        self._layout = row(gap=10)
        self._layout.addWidget(Text(gettext("Share mode"), "small", "canvas", bold=True))
        self._about = ElidedText("", "small", "canvas")
        self._layout.addWidget(self._about, 1)
        self._layout.addWidget(self.end)
        self.setLayout(self._layout)
        self.set_lasting(lasting=False)
        themes.follow(self._restyle)

    def set_lasting(self, *, lasting: bool) -> None:
        """Say why it is on: because somebody looks on, or because the role at the keyboard never sees more."""
        self._about.setText(
            gettext("Your role sees names, phones, tags and notes only like this.")
            if lasting
            else gettext("Names, phones, tags and notes are hidden; others may look on.")
        )
        self.end.setVisible(not lasting)

    def _restyle(self) -> None:
        theme = themes.current()
        self._layout.setContentsMargins(28 + theme.px(18) + 8, 0, 24, 0)
        self.setFixedHeight(theme.px(40))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the strip and its icon."""
        del event
        with painting(self) as painter:
            theme = themes.current()
            painter.fillRect(self.rect(), theme.colour("ink"))
            size = theme.px(18)
            painter.drawPixmap(28, middle(self.rect(), size), theme.pixmap("eye-slash-fill", 18, "canvas"))
