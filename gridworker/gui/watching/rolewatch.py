"""Whether the person at the keyboard may do something else by now: a bundle may bring that they left, or do other work.

The services refuse from that moment on what is not theirs any more; what a page has read before stays on it.
"""

from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace
    from gridworker.gui.page import Shell


class RoleWatch(QObject):
    """``changed`` comes in the window's thread after the commit that gave them another role, or none."""

    changed = Signal()

    def __init__(self, ws: "Workspace", shell: "Shell") -> None:
        super().__init__(shell)
        self._ws, self._role = ws, ws.session.role
        shell.closing.connect(ws.subscribe(self._on_commit))

    def _on_commit(self, commit: Any) -> None:
        """In whatever thread wrote."""
        if "staff" in commit.touched and shiboken6.isValid(self) and self._ws.session.role != self._role:
            self._role = self._ws.session.role
            self.changed.emit()
