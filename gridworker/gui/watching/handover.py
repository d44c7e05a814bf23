"""What the sidebar says by itself: when bundles last went, what waits to go (amber, never red), issues and visits."""

from functools import partial
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from gridworker.gui import background
from gridworker.gui.page import Shell, Status
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from datetime import date

    from gridworker.app.exchange.exchange import Pending
    from gridworker.app.workspace import Workspace


class Follower(QObject):
    """Keeps card and numbers right while a desk is open: shows them now and after every commit, in its thread."""

    _committed = Signal()

    def __init__(self, ws: "Workspace", shell: Shell) -> None:
        super().__init__(shell)
        self._ws, self._shell = ws, shell
        # Many saves at once are shown once.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.show_now)
        self._committed.connect(self._soon.start, Qt.ConnectionType.QueuedConnection)
        ws.subscribe(self._on_commit)
        self.show_now()

    def show_now(self) -> None:
        """Read and show."""
        show_status(self._ws, self._shell)

    def _on_commit(self, _commit: object) -> None:
        if shiboken6.isValid(self):
            self._committed.emit()


def show_status(ws: "Workspace", shell: Shell) -> None:
    """Read how things stand and show it; call it after every commit."""
    # The sidebar follows: what the person opened is read first.
    if ws.session.knows("MASKED ISSUES"):
        background.run_later(ws.issues.waiting, done=lambda found: show_issues(shell, *found), owner=shell)
    if not ws.session.is_office and ws.session.knows("READ VISITS"):
        background.run_later(ws.today.to_go, done=partial(shell.badge, "today"), owner=shell)
    if ws.session.is_office and ws.session.knows("READ CONFLICTS"):
        background.run_later(ws.merge.count, done=lambda count: shell.status(office_status(count)), owner=shell)
    elif not ws.session.is_office:
        today = ws.session.today()
        background.run_later(ws.exchange.pending, done=lambda found: shell.status(status(found, today)), owner=shell)


def show_issues(shell: Shell, waiting: int, late: int) -> None:
    """How many issues wait for a first response, beside their page before it was ever opened."""
    shell.badge("issues", waiting, "over" if late else "neu")


def status(pending: "Pending", today: "date") -> Status:
    """What the card of a laptop says, on every page the same."""
    from gridworker.app.exchange.standing import standing

    known = standing(pending, today)
    return Status(known.title, known.text, known.amber, done=known.done, count=known.count)


def office_status(conflicts: int) -> Status:
    """What the card of the office says."""
    rail = gettext("Conflicts")
    if not conflicts:
        return Status(gettext("Merge inbox"), gettext("No conflict to settle"), icon="tray", done=True, rail=rail)
    text = ngettext("{count} conflict to settle", "{count} conflicts to settle", conflicts).format(count=conflicts)
    return Status(gettext("Merge inbox"), text, icon="tray", count=conflicts, rail=rail)
