"""What the window does by itself while a store is open: backups that are due, and while nobody works the self-check.

The search index is put together then, too.

It starts a while after the first page, one thing at a time, and stops when the store is about to be closed.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.page import Shell

if TYPE_CHECKING:
    from gridworker.app.backup.self_check import Finding
    from gridworker.app.workspace import Workspace

FIRST_MS = 30_000
INTERVAL_MS = 60_000
QUIET_MS = 90_000
"""Where nothing was saved for so long, nobody works just now."""


class Chores(QObject):
    """Lives as long as the desk of the store."""

    done = Signal()
    """Something was looked after: pages that show it read again."""

    def __init__(self, ws: "Workspace", shell: Shell, *, again: bool = False) -> None:
        """``again``: the desk is made anew for who sat at it, who has heard what was noticed at the start."""
        super().__init__(shell)
        self._ws, self._shell = ws, shell
        self._task: background.Task[tuple[tuple[Finding, ...], str]] | None = None
        self._told = ""
        self._tells = ws.session.knows("READ STORE")
        """Backups and checks are made whoever is at the keyboard; told of is who may see what became of them."""
        self._quiet = QElapsedTimer()
        self._quiet.start()
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.look)
        shell.closing.connect(self.stop)
        self._unsubscribe = ws.subscribe(self._on_commit)
        QTimer.singleShot(0, self, partial(self._tell_start, again=again))
        QTimer.singleShot(FIRST_MS, self, self.look)
        self._timer.start()

    def stop(self) -> None:
        """The store is about to be closed: begin nothing, and let go what is under way."""
        if self._timer.isActive():
            self._timer.stop()
            self._unsubscribe()
        if self._task is not None:
            self._task.cancel()

    def look(self) -> None:
        """See whether something is due, unless something is under way."""
        if not self._timer.isActive() or (self._task is not None and self._task.running):
            return
        self._task = background.run(self._keep_up, done=self._on_done, failed=self._on_failed, progress=_unseen)

    def _tell_start(self, *, again: bool) -> None:
        """What was noticed when the store was opened is said at once and once, not only to who looks for it."""
        found = self._ws.self_check.at_start() if self._tells else None
        if found is not None:
            self._shell.badge("backups", 1, "due")
            if not again:
                self._shell.problem(Problem("{fault} {todo}", fault=found.sentence, todo=found.todo))

    def _keep_up(self, report: Callable[[object], None]) -> "tuple[tuple[Finding, ...], str]":
        """One that cannot be done keeps no other from being done: a full disk, or a file in the place of backups."""
        fault: Problem | None = None
        try:
            self._ws.backup_plan.keep_up(report)
        except Problem as failed:
            fault = failed
        if self._is_quiet(report):
            found = self._ws.self_check.daily(report)
            if all(one.calm or not one.of_store for one in found):  # of a damaged file no page is written anew
                self._ws.care_of_store.tidy_index(partial(self._is_quiet, report))
            self._ws.backup_plan.reread(report)
        if fault is not None:
            raise fault
        if not self._tells:
            return (), ""
        return self._ws.self_check.last(), self._ws.backup_plan.reminder()

    def _is_quiet(self, report: Callable[[object], None]) -> bool:
        """Whether nobody has saved for a while. Raises what ``report`` raises."""
        report(0.0)
        return self._quiet.elapsed() >= QUIET_MS

    def _on_done(self, found: "tuple[tuple[Finding, ...], str]") -> None:
        if not self._tells:
            return
        faults, reminder = [one for one in found[0] if not one.calm], found[1]
        start = self._ws.self_check.at_start()
        count = len(faults) + (start is not None)
        self._shell.badge("backups", count or bool(reminder), "due")
        if faults and faults[0].sentence != self._told:
            self._told = faults[0].sentence
            fault = Problem("The self-check found something: {fault} {todo}", fault=self._told, todo=faults[0].todo)
            self._shell.problem(fault)
        self.done.emit()

    def _on_failed(self, fault: Exception) -> None:
        """A backup that could not be made is said once, in the words of its fault."""
        if not isinstance(fault, Problem):
            raise fault
        if not self._tells:
            return
        self._shell.badge("backups", 1, "due")
        if str(fault) != self._told:
            self._told = str(fault)
            self._shell.problem(Problem("No backup was made. {fault}", fault=fault))

    def _on_commit(self, _commit: object) -> None:
        self._quiet.restart()


def _unseen(_share: object) -> None:
    """How far a chore is shows nowhere; asking makes it possible to stop it."""
