"""Strips on the pages where bundles come: a merge that was cut off, and what left this laptop and is still here."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from gridworker.gui import background
from gridworker.gui.widgets.layout import clear, column
from gridworker.gui.widgets.state import Strip

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace


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

    def _read(self) -> tuple[str, str]:
        return self._ws.exchange.cut_off(), self._ws.exchange.still_here()

    def _show(self, told: tuple[str, str]) -> None:
        clear(self._layout)
        cut_off, still_here = told
        if cut_off:
            self._layout.addWidget(Strip(cut_off, tone="due", icon="warning"))
        if still_here:
            self._layout.addWidget(Strip(still_here, tone="neu", icon="info"))
        self.setVisible(any(told))
