"""The report of an import from the window: what for, where to, written."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.export.purposedialog import PurposeDialog
from gridworker.gui.filedialogs import FileQuestion, Purpose, save_file
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.roster.rosters import Seen
    from gridworker.app.workspace import Workspace
    from gridworker.gui.page import Shell


class Reporting(QObject):
    """The way of the page to a report."""

    def __init__(self, ws: "Workspace", shell: "Shell", page: QWidget) -> None:
        super().__init__(page)
        self._ws, self._shell, self._page = ws, shell, page

    def ask(self, preview: "Seen") -> None:
        """What it is for; then where to."""
        dialog = PurposeDialog(self._page, gettext("Save a report"))
        dialog.chosen.connect(partial(self._on_purpose, preview))
        dialog.open()

    def _on_purpose(self, preview: "Seen", purpose: str) -> None:
        name = gettext("import report") + ".xlsx"
        question = FileQuestion(gettext("Save a report"), Purpose.LEDGERS, ["*.xlsx", "*.csv"], name, "xlsx")
        save_file(self._page, question, lambda path: self.write(preview, path, purpose))

    def write(self, preview: "Seen", path: Path, purpose: str) -> None:
        """Write it."""
        work = partial(self._ws.rosters.report, preview, path, purpose=purpose)
        background.run(work, done=partial(self._on_written, path.name), failed=self._on_failed, owner=self)

    def _on_written(self, name: str, count: int) -> None:
        said = ngettext("{count} row written to {file}.", "{count} rows written to {file}.", count)
        self._shell.toast(said.format(count=count, file=name))

    def _on_failed(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        self._shell.problem(fault)
