"""The frame of small dialogs: a title, a body, a place for what went wrong, and the buttons."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QLayout, QScrollArea, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import Part, clear, column, holder, row
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

_WIDTH = 640
_BESIDE = 60
"""Pixels of the screen's height that the window's own frame may take."""


class _Body(QScrollArea):
    """As high as what is in it; where the screen is lower than that, it scrolls, and the buttons stay in sight."""

    def __init__(self, content: QLayout) -> None:
        super().__init__()
        self._layout, self._inner = content, holder(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self._inner)
        self.room = 0

    def minimumSizeHint(self) -> QSize:
        """What its content needs, as far as there is room."""
        least = self._inner.minimumSizeHint()
        height = self.height_at(max(self.viewport().width(), least.width()))
        return QSize(least.width(), min(height, self.room) if self.room else height)

    def height_at(self, width: int) -> int:
        """What its content needs in a width."""
        if self._layout.hasHeightForWidth():
            return self._layout.totalHeightForWidth(width)
        return self._inner.minimumSizeHint().height()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """There is more in it now, or less."""
        if watched is self._inner and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrower lines are more lines."""
        super().resizeEvent(event)
        self.updateGeometry()


class DialogFrame(QWidget):
    """The content of a dialog. ``body`` is its layout; where it ``grows``, it takes all the room there is."""

    def __init__(self, title: str, told: str = "", *, grows: bool = False) -> None:
        super().__init__()
        self.body, self._strip, self._foot = column(), column(), row()
        content = column(Text(title, "title", wrap=True), margins=(24, 20, 24, 0))
        if told:
            content.addSpacing(6)
            content.addWidget(Text(told, "small", "ink-2", wrap=True))
        content.addSpacing(16)
        content.addLayout(self.body, int(grows))
        if not grows:
            content.addStretch(1)
        self._content = _Body(content)
        self._strip.setContentsMargins(24, 0, 24, 0)
        self._foot.setContentsMargins(24, 16, 24, 16)
        layout = column()
        layout.addWidget(self._content, 1)
        layout.addLayout(self._strip)
        layout.addLayout(self._foot)
        self.setLayout(layout)

    def put_in(self, dialog: QDialog, height: int = 0) -> None:
        """Make it the content of a dialog of a height at 100 %; 0 is as high as what is in it."""
        dialog.setWindowTitle("Gridworker")
        dialog.setLayout(column(self))
        self._height = height
        themes.follow(self._restyle)

    def grow(self, height: int) -> None:
        """Make the dialog as high as that, about its middle: there is more in it from now on, or less."""
        before = self.window().height()
        self._height = height
        self._restyle()
        at = self.window().pos()
        self.window().move(at.x(), max(at.y() - (self.window().height() - before) // 2, 0))

    def _restyle(self) -> None:
        theme = themes.current()
        room = self.screen().availableGeometry().height() - _BESIDE
        self._content.room = max(room - self._foot.sizeHint().height() - self._strip.sizeHint().height(), 0)
        self._content.updateGeometry()
        height = theme.px(self._height) or self._least(theme.px(_WIDTH))
        self.window().resize(theme.px(_WIDTH), min(height, room))

    def showEvent(self, event: QShowEvent) -> None:
        """What is hidden from the start is no longer counted."""
        super().showEvent(event)
        self._restyle()

    def _least(self, width: int) -> int:
        return self._content.height_at(width) + self._strip.sizeHint().height() + self._foot.sizeHint().height()

    def set_foot(self, *parts: Part) -> None:
        """The buttons."""
        clear(self._foot)
        for part in parts:
            if isinstance(part, QWidget):
                self._foot.addWidget(part)
            else:
                self._foot.addStretch(1)

    def show_problem(self, problem: Exception) -> None:
        """Say what went wrong above the buttons."""
        self.say(str(problem))

    def say(self, words: str, *, good: bool = False) -> None:
        """Say something there; '' takes it away."""
        clear(self._strip)
        if words:
            self._strip.addSpacing(12)
            self._strip.addWidget(Strip(words, tone="ok", icon="check") if good else Strip(words))


def cancel_of(dialog: QDialog, words: str = "") -> Button:
    """A button that closes a dialog."""
    button = Button(words or gettext("Cancel"), key="Esc")
    button.clicked.connect(dialog.reject)
    return button
