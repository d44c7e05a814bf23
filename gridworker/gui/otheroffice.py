"""The strip on a page that says that another computer is at work as the office."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from gridworker.gui import background
from gridworker.gui.widgets.layout import clear, column
from gridworker.gui.widgets.state import Strip

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace


class OtherOffice(QWidget):
    """Hidden where nothing tells of one, and from whoever may not see bundles."""

    def __init__(self, ws: "Workspace") -> None:
        super().__init__()
        self._ws = ws
        self._layout = column()
        self.setLayout(self._layout)
        self.hide()

    def refresh(self) -> None:
        """Ask again."""
        if self._ws.session.can("READ BUNDLES"):
            background.run(self._ws.exchange.other_office, done=self._show, owner=self)

    def _show(self, words: str) -> None:
        clear(self._layout)
        if words:
            self._layout.addWidget(Strip(words, tone="over"))
        self.setVisible(bool(words))
