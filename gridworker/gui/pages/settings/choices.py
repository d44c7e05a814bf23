"""One setting: its name, a line of explanation, and the few values it may have."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gridworker.gui.widgets.layout import column, row
from gridworker.gui.widgets.segmented import Segment, Segmented
from gridworker.gui.widgets.text import Text


class Setting(QWidget):
    """A setting with all its values in sight. ``chosen`` carries the value a person picked."""

    chosen = Signal(str)

    def __init__(self, name: str, about: str, values: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.choice = Segmented([Segment(value, label) for value, label in values])
        self.choice.setAccessibleName(name)
        self.choice.chosen.connect(self.chosen)
        words = column(Text(name, bold=True), gap=2)
        if about:
            words.addWidget(Text(about, "small", "ink-2", wrap=True))
        self._beside = Text("", "small", "ink-2")
        self._beside.hide()
        words.addWidget(self._beside)
        layout = row(gap=16, margins=(0, 10, 0, 10))
        layout.addLayout(words, 1)
        layout.addWidget(self.choice)
        self.setLayout(layout)

    def show_value(self, value: str) -> None:
        """Show a value without telling of it; '' shows that it is none of these."""
        self.choice.set_value(value)

    def say(self, words: str) -> None:
        """Say what holds where it is none of the values; '' says nothing."""
        self._beside.setText(words)
        self._beside.setVisible(bool(words))
