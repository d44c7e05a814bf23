"""What stands there while all that held a copy of something erased is written anew: words and a bar."""

from PySide6.QtWidgets import QWidget

from gridworker.gui.widgets.layout import column
from gridworker.gui.widgets.progress import Bar
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext


class WrittenAnew(QWidget):
    """Hidden until it is told the first share: from then on it is erased, and nothing stops what follows."""

    def __init__(self) -> None:
        super().__init__()
        words = gettext("Erased. The data and the backups are written anew, so that nothing of it is left in them.")
        self.bar = Bar()
        self.bar.setAccessibleName(words)
        self.setLayout(column(12, Text(words, "small", "ink-2", wrap=True), 6, self.bar, margins=(0, 0, 0, 12)))
        self.hide()

    def show_share(self, share: float) -> None:
        """How much of it is done."""
        self.show()
        self.bar.show_share(share)
