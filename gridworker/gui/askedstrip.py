"""The strip on a page that says how many wish to be forgotten, and leads to the first of them."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from gridworker.gui.widgets.layout import clear, column
from gridworker.gui.widgets.state import Strip
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.household.asked import Asked
    from gridworker.gui.page import Shell


class AskedStrip(QWidget):
    """Hidden where nobody waits. It opens the file of who has waited longest."""

    def __init__(self, shell: "Shell") -> None:
        super().__init__()
        self._shell = shell
        self._layout = column(margins=(0, 8, 0, 0))
        self.setLayout(self._layout)
        self.hide()

    def show_asked(self, asked: "Sequence[Asked]") -> None:
        """Say how many; of who is in no file the command line tells."""
        clear(self._layout)
        homes = [household for one in asked for household in one.households]
        if asked:
            words = ngettext(
                "{count} resident asked to be forgotten.", "{count} residents asked to be forgotten.", len(asked)
            )
            strip = Strip(
                words.format(count=len(asked)),
                tone="info",
                icon="user-minus",
                action=gettext("Open the file") if homes else "",
            )
            strip.pressed.connect(partial(self._shell.go, "household", next(iter(homes), None)))
            self._layout.addWidget(strip)
        self.setVisible(bool(asked))
