"""Strips where bundles come: a merge that was cut off, what fits no bundle, what left and is still here."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from gridworker.gui import background
from gridworker.gui.widgets.layout import clear, column
from gridworker.gui.widgets.state import Strip

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace

MOST = 3
"""So many of what is wrong are shown at a time."""


class StandingStrips(QWidget):
    """Hidden where there is nothing to say, and from whoever may not see bundles."""

    def __init__(self, ws: "Workspace") -> None:
        super().__init__()
        self._ws = ws
        self._layout = column(gap=8)
        self.setLayout(self._layout)
        self.hide()

    def refresh(self) -> None:
        """Ask again."""
        if self._ws.session.can("READ BUNDLES"):
            background.run(self._read, done=self._show, owner=self)

    def _read(self) -> tuple[list[str], str]:
        exchange = self._ws.exchange
        return [*filter(None, [exchange.cut_off()]), *exchange.left_out()], exchange.still_here()

    def _show(self, told: tuple[list[str], str]) -> None:
        clear(self._layout)
        wrong, still_here = told
        for line in wrong[:MOST]:
            self._layout.addWidget(Strip(line, tone="due", icon="warning"))
        if still_here:
            self._layout.addWidget(Strip(still_here, tone="neu", icon="info"))
        self.setVisible(any(told))
