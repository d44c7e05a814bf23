"""Chosen households to a file or on paper: what for is asked first and goes on record; numbers are masked."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QFileDialog, QWidget

from gridworker.errors import Invalid, Problem
from gridworker.gui import background
from gridworker.gui.page import Shell
from gridworker.gui.widgets.formdialog import FormDialog, FormText
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.household_export import HouseholdLedger


class Asked(NamedTuple):
    """What an export is for, and the superior's form; empty is the usual one."""

    purpose: str
    preset: str = ""


class LedgerForm(QObject):
    """One export."""

    def __init__(self, page: QWidget, ledger: "HouseholdLedger", shell: Shell) -> None:
        super().__init__(page)
        self._page, self._ledger, self._shell = page, ledger, shell

    def ask(self, households: Sequence[int]) -> FormDialog:
        """Ask what it is for."""
        count = len(households)
        remark = ngettext("{count} household. Phones are masked.",
                          "{count} households. Phones are masked.", count).format(count=count)  # fmt: skip
        words = FormText(gettext("Export or print"), gettext("Save as a file"), remark, gettext("Print"))
        specs = self._ledger.fields()
        spec = specs[0]
        dialog = FormDialog(self._page, words, specs, dict.fromkeys((one.name for one in specs), None))

        def wanted(go_on: Callable[[Asked], None]) -> None:
            values = dialog.form.values()
            purpose = str(values[spec.name] or "")
            if not purpose.strip():
                fault = Problem("Say what it is for; it goes on record.")
                dialog.show_faults(Invalid({spec.name: fault}, {spec.name: spec.label}))
                return
            dialog.accept()
            go_on(Asked(purpose, str(values.get("preset") or "")))

        dialog.submitted.connect(lambda _changes: wanted(partial(self._choose, households)))
        dialog.remark_pressed.connect(lambda: wanted(partial(self._print, households)))
        dialog.open()
        return dialog

    def _choose(self, households: Sequence[int], asked: Asked) -> None:
        dialog = QFileDialog(self._page, gettext("Save as a file"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(["Excel (*.xlsx)", "CSV (*.csv)"])
        dialog.setDefaultSuffix("xlsx")
        dialog.selectFile("households.xlsx")
        dialog.fileSelected.connect(lambda path: self.write(Path(path), households, *asked))
        dialog.open()

    def write(self, path: Path, households: Sequence[int], purpose: str, preset: str = "") -> None:
        """Write the file."""
        background.run(
            lambda: self._ledger.write(path, households, purpose=purpose, preset=preset),
            done=lambda _count: self._shell.toast(gettext("Saved: {name}").format(name=path.name)),
            failed=self._on_failed,
            owner=self,
        )

    def _print(self, households: Sequence[int], asked: Asked) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter()
        dialog = QPrintDialog(printer, self._page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.sheet(households, asked, lambda sheet: sheet.print_(printer)))
        dialog.setModal(True)
        dialog.show()

    def sheet(self, households: Sequence[int], asked: Asked, done: Callable[[QTextDocument], object]) -> None:
        """Make the page that is printed."""

        def made(page: str) -> None:
            document = QTextDocument(self)
            document.setHtml(page)
            done(document)

        work = partial(self._ledger.page, households, purpose=asked.purpose, preset=asked.preset)
        background.run(work, done=made, failed=self._on_failed, owner=self)

    def _on_failed(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        self._shell.problem(fault)
