"""Strips on a page about bundles: read in a worker, hidden where there is nothing to say."""

from abc import abstractmethod
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtWidgets import QWidget

from gridworker.gui import background
from gridworker.gui.widgets.layout import clear, column
from gridworker.gui.widgets.state import Strip

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace

Told = TypeVar("Told")


class BundleStrips(QWidget, Generic[Told]):
    """Some strips one below the other, hidden from whoever may not see bundles."""

    def __init__(self, ws: "Workspace") -> None:
        super().__init__()
        self.ws = ws
        self._layout = column(gap=8)
        self.setLayout(self._layout)
        self.hide()

    @abstractmethod
    def read(self) -> Told:
        """What there is to say; called in a worker."""

    @abstractmethod
    def strips(self, told: Told) -> list[Strip]:
        """It in strips."""

    def refresh(self) -> None:
        """Ask again."""
        if self.ws.session.can("READ BUNDLES"):
            background.run(self.read, done=self._show, owner=self)

    def _show(self, told: Told) -> None:
        clear(self._layout)
        strips = self.strips(told)
        for strip in strips:
            self._layout.addWidget(strip)
        self.setVisible(bool(strips))
