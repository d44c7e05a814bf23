"""What the program is made of."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout

from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card, card_head
from gridworker.gui.widgets.layout import clear, row, rule
from gridworker.gui.widgets.text import ElidedText, Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.about import Ingredient


class AboutCard(Card):
    """Versions and licences; ``log_wanted`` asks to save the log."""

    log_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.save_log = Button(gettext("Save the log…"), "download-simple", key="S", size="compact")
        self.save_log.clicked.connect(self.log_wanted)
        self.body.addWidget(card_head(gettext("About"), "", None, self.save_log, ruled=True))
        self.body.addWidget(rule())
        told = gettext("The log says where the program went wrong, and nothing about anybody.")
        self.body.addLayout(row(Text(told, "small", "ink-2", wrap=True), margins=(0, 10, 0, 10)))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(2, 1)
        self.body.addLayout(self._grid)

    def show_ingredients(self, parts: "Sequence[Ingredient]") -> None:
        """Show them, a line each."""
        clear(self._grid)
        for number, part in enumerate(parts):
            self._grid.addWidget(Text(part.name, bold=number == 0), number, 0)
            self._grid.addWidget(Text(part.version, "body", "ink-2"), number, 1)
            self._grid.addWidget(ElidedText(part.licence, "small", "ink-3"), number, 2)
