"""The slip left at a door nobody opened: a sentence to write down or to copy."""

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from gridworker.gui.clipboard import copy_private
from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.icon import Icon
from gridworker.gui.widgets.layout import column, row
from gridworker.gui.widgets.paint import box, painting
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext


class Slip(QWidget):
    """The words and a button that copies them."""

    def __init__(self) -> None:
        super().__init__()
        self._words = Text("", "small", "info", wrap=True)
        copy = Button(gettext("Copy"), "copy", size="compact")
        copy.clicked.connect(self._on_copy)
        head = Text(gettext("Leave a slip"), "small", "info", bold=True)
        layout = row(Icon("note-pencil", 18, "info-ink"), gap=12, margins=(12, 8, 8, 8))
        layout.addLayout(column(head, self._words, gap=2), 1)
        layout.addWidget(copy)
        self.setLayout(layout)
        themes.follow(self.update)

    def show_words(self, words: str) -> None:
        """What it says."""
        self._words.setText(words)

    def words(self) -> str:
        """What it says now."""
        return self._words.text()

    def _on_copy(self) -> None:
        copy_private(self._words.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the fill."""
        del event
        with painting(self) as painter:
            box(painter, self.rect(), 8, themes.current().soft("info"))
