"""Chosen households to a file or on paper: what for is asked first and goes on record; numbers are masked."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QWidget

from gridworker.app.household.export import ONE
from gridworker.errors import Invalid, Problem
from gridworker.gui import background
from gridworker.gui.filedialogs import FileQuestion, Purpose, save_file
from gridworker.gui.page import Shell
from gridworker.gui.printing import ask_printer
from gridworker.gui.widgets.formdialog import FormDialog, FormText
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.household.export import HouseholdLedger


_MISSING = {
    "purpose": Problem("Say what it is for; it goes on record."),
    "which": Problem("Say whether all of them are meant."),
}


class Asked(NamedTuple):
    """What an export is for, and the superior's form; empty is the usual one."""

    purpose: str
    preset: str = ""


class LedgerForm(QObject):
    """One export."""

    def __init__(self, page: QWidget, ledger: "HouseholdLedger", shell: Shell) -> None:
        super().__init__(page)
        self._page, self._ledger, self._shell = page, ledger, shell

    def ask(self, households: Sequence[int], one: int | None = None) -> FormDialog:
        """Ask what it is for; where ``one`` of them is chosen, whether it alone leaves."""
        count = len(households)
        remark = ngettext("{count} household. Phones are masked.",
                          "{count} households. Phones are masked.", count).format(count=count)  # fmt: skip
        if one is not None:
            remark = gettext("Phones are masked.")
        words = FormText(gettext("Export or print"), gettext("Save as a file"), remark, gettext("Print"))
        specs = self._ledger.fields(one_of=count if one is not None else 0)
        dialog = FormDialog(self._page, words, specs, dict.fromkeys((spec.name for spec in specs), None))
        labels = {spec.name: spec.label for spec in specs}

        def wanted(go_on: Callable[[Sequence[int], Asked], None]) -> None:
            values = {name: str(value or "").strip() for name, value in dialog.form.values().items()}
            faults = {name: problem for name, problem in _MISSING.items() if name in values and not values[name]}
            if faults:
                dialog.show_faults(Invalid(faults, labels))
                return
            dialog.accept()
            chosen = [one] if one is not None and values["which"] == ONE else households
            go_on(chosen, Asked(values["purpose"], values.get("preset", "")))

        dialog.submitted.connect(lambda _changes: wanted(self._choose))
        dialog.remark_pressed.connect(lambda: wanted(self._print))
        dialog.open()
        return dialog

    def _choose(self, households: Sequence[int], asked: Asked) -> None:
        filters = ["Excel (*.xlsx)", "CSV (*.csv)"]
        name = gettext("Households") + ".xlsx"
        question = FileQuestion(gettext("Save as a file"), Purpose.LEDGERS, filters, name, "xlsx")
        save_file(self._page, question, lambda path: self.write(path, households, *asked))

    def write(self, path: Path, households: Sequence[int], purpose: str, preset: str = "") -> None:
        """Write the file."""
        background.run(
            lambda: self._ledger.write(path, households, purpose=purpose, preset=preset),
            done=lambda _count: self._shell.toast(gettext("Saved: {name}").format(name=path.name)),
            failed=self._on_failed,
            owner=self,
        )

    def _print(self, households: Sequence[int], asked: Asked) -> None:
        ask_printer(self._page, lambda printer: self.sheet(households, asked, lambda sheet: sheet.print_(printer)))

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
