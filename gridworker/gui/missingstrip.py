"""The strip on a page that names the bundles that are missing still, or could not be read."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from gridworker.gui import background
from gridworker.gui.widgets.layout import clear, column
from gridworker.gui.widgets.state import Strip
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace

NAMED = 3
"""So many are named; of more there is a count."""


class MissingStrip(QWidget):
    """Hidden where nothing is missing, and from whoever may not see bundles."""

    def __init__(self, ws: "Workspace") -> None:
        super().__init__()
        self._ws = ws
        self._layout = column(gap=8)
        self.setLayout(self._layout)
        self.hide()

    def refresh(self) -> None:
        """Ask again."""
        if self._ws.session.can("READ BUNDLES"):
            background.run(self._ws.exchange.missing_lines, done=self._show, owner=self)

    def _show(self, lines: list[str]) -> None:
        clear(self._layout)
        for line in lines[:NAMED]:
            self._layout.addWidget(Strip(line, tone="due", icon="hourglass"))
        if len(lines) > NAMED:
            more = gettext("and {count} more").format(count=len(lines) - NAMED)
            self._layout.addWidget(Strip(more, tone="due", icon="hourglass"))
        self.setVisible(bool(lines))
