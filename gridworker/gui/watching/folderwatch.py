"""Looks into the shared folder now and then while a store is open. Shares tell nobody of changes, so it asks."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from gridworker.gui import background
from gridworker.gui.page import Shell

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace

INTERVAL_MS = 20_000
FIRST_MS = 2_000
"""After opening: the first page comes first."""


class FolderWatch(QObject):
    """Lives as long as the desk of the store: a locked store exchanges nothing."""

    def __init__(self, ws: "Workspace", shell: Shell) -> None:
        super().__init__(shell)
        self._ws, self._shell = ws, shell
        self._looking: background.Task[bool] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        shell.closing.connect(self._timer.stop)
        QTimer.singleShot(FIRST_MS, self, self.look)

    def look(self) -> None:
        """Look now, unless the last look is still under way or the store is about to be closed."""
        if self._timer.isActive() and not (self._looking and self._looking.running):
            self._looking = background.run(self._ws.watched.look_quietly, done=self._on_looked)

    def _on_looked(self, watched: bool) -> None:
        if watched:
            self._shell.folder_looked.emit()
