"""The line that shows how far a backup is, with a way to stop it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import column, row
from gridworker.gui.widgets.progress import Bar
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext


class Running(QWidget):
    """Shown while something takes long; hidden otherwise."""

    cancel_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.words, self.bar = Text("", "small", "ink-2"), Bar()
        self.cancel = Button(gettext("Cancel"), key="Esc", size="compact")
        self.cancel.clicked.connect(self.cancel_wanted)
        layout = row(gap=12)
        layout.addLayout(column(self.words, 6, self.bar), 1)
        layout.addWidget(self.cancel)
        self.setLayout(layout)
        self.hide()

    def begin(self, words: str) -> None:
        """It begins."""
        self.words.setText(words)
        self.bar.setAccessibleName(words)
        self.bar.show_share(0.0)
        self.show()

    def show_share(self, share: float) -> None:
        """How far it is, 0 to 1."""
        self.bar.show_share(share)

    def end(self) -> None:
        """It is over."""
        self.hide()
