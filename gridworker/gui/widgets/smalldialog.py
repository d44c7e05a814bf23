"""The frame of small dialogs: a title, a body, a place for what went wrong, and the buttons."""

from PySide6.QtWidgets import QDialog, QWidget

from gridworker.gui import theme as themes
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import Part, clear, column, row
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

_WIDTH = 640


class DialogFrame(QWidget):
    """The content of a dialog. ``body`` is its layout."""

    def __init__(self, title: str, told: str = "") -> None:
        super().__init__()
        self.body, self._strip, self._foot = column(), column(), row()
        layout = column(Text(title, "title", wrap=True), margins=(24, 20, 24, 16))
        if told:
            layout.addSpacing(6)
            layout.addWidget(Text(told, "small", "ink-2", wrap=True))
        layout.addSpacing(16)
        layout.addLayout(self.body)
        layout.addLayout(self._strip)
        layout.addStretch(1)
        layout.addSpacing(16)
        layout.addLayout(self._foot)
        self.setLayout(layout)

    def put_in(self, dialog: QDialog, height: int) -> None:
        """Make it the content of a dialog of a height at 100 %."""
        dialog.setWindowTitle("Gridworker")
        dialog.setLayout(column(self))
        self._height = height
        themes.follow(self._restyle)

    def grow(self, height: int) -> None:
        """Make the dialog as high as that, about its middle: there is more in it from now on."""
        before = self.window().height()
        self._height = height
        self._restyle()
        at = self.window().pos()
        self.window().move(at.x(), max(at.y() - (self.window().height() - before) // 2, 0))

    def _restyle(self) -> None:
        theme = themes.current()
        self.window().resize(theme.px(_WIDTH), theme.px(self._height))

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
