"""A page of one household's file on paper: what for is asked first and goes on record; numbers are masked."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QWidget

from gridworker.errors import Invalid, Problem
from gridworker.gui import background
from gridworker.gui.page import Shell
from gridworker.gui.printing import ask_printer
from gridworker.gui.widgets.formdialog import FormDialog, FormText
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace


class FilePaper(QObject):
    """One page's way to a printer."""

    def __init__(self, page: QWidget, ws: "Workspace", shell: Shell) -> None:
        super().__init__(page)
        self._page, self._ws, self._shell = page, ws, shell

    def ask(self, household: int) -> FormDialog:
        """Ask what it is for, then where to print."""
        specs = self._ws.households.paper.fields()
        words = FormText(gettext("Print a page"), gettext("Print"), gettext("ID numbers and phones are masked."))
        dialog = FormDialog(self._page, words, specs, dict.fromkeys((spec.name for spec in specs), None))

        def submit(_changes: dict[str, object]) -> None:
            purpose = str(dialog.form.values()["purpose"] or "")
            if not purpose.strip():
                fault = Problem("Say what it is for; it goes on record.")
                dialog.show_faults(Invalid({"purpose": fault}, {"purpose": specs[0].label}))
                return
            dialog.accept()
            self._print(household, purpose)

        dialog.submitted.connect(submit)
        dialog.open()
        return dialog

    def _print(self, household: int, purpose: str) -> None:
        ask_printer(self._page, lambda printer: self.sheet(household, purpose, lambda sheet: sheet.print_(printer)))

    def sheet(self, household: int, purpose: str, done: Callable[[QTextDocument], object]) -> None:
        """Make the page that is printed."""

        def made(page: str) -> None:
            document = QTextDocument(self)
            document.setHtml(page)
            done(document)

        work = partial(self._ws.households.paper.page, household, purpose=purpose)
        background.run(work, done=made, failed=self._on_failed, owner=self)

    def _on_failed(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        self._shell.problem(fault)
