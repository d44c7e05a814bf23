"""The office's recovery sheet: printed or saved, its key file kept apart, and tried once before it is trusted."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QFileDialog

from gridworker.errors import Problem
from gridworker.gui.frontdoor import Recovery
from gridworker.gui.recoverysheet import SheetFacts, document, page_layout, write_pdf
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.layout import add, row
from gridworker.gui.widgets.sheetfields import SheetFields
from gridworker.gui.widgets.step import Step
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext


class RecoveryStep(Step):
    """``test_wanted`` carries the key file and the code typed; ``later`` goes on without having tried it."""

    test_wanted = Signal(object, str)
    later = Signal()

    def __init__(self, today: date) -> None:
        text = gettext(
            "Should the passphrase be lost, this code and the key file open the office again. It is shown only now."
        )
        super().__init__(gettext("Your recovery sheet"), text, action=gettext("Try it and start"), back=False)
        self._recovery, self._today = Recovery("", b""), today
        self._code = Text("", "title")
        self._code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._code.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._saved = Text("", "small", "ok", wrap=True)
        print_button = Button(gettext("Print the sheet"), "printer")
        pdf_button = Button(gettext("Save as PDF"), "file-text")
        save_button = Button(gettext("Save the key file"), "download-simple")
        card = Card(
            Text(gettext("Recovery code"), "small", "ink-2"), self._code,
            row(None, print_button, pdf_button, save_button, None), self._saved, gap=10,
        )  # fmt: skip
        told = gettext("Try it once: take the key file from where it is kept, and type the code from the paper.")
        self.fields = SheetFields()
        self._later = Button(gettext("Try it later"), kind="quiet", size="inline")
        add(self.body, card, 14, Text(told, "small", "ink-2", wrap=True), 8, self.fields, 6, row(None, self._later))
        print_button.clicked.connect(self._on_print)
        pdf_button.clicked.connect(lambda: self._ask(gettext("Save as PDF"), "gridworker-recovery.pdf", self.save_pdf))
        save_button.clicked.connect(
            lambda: self._ask(gettext("Save the key file"), "gridworker-recovery.age", self.save_to)
        )
        self._later.clicked.connect(self.later)
        self._later.setEnabled(False)
        self.fields.line.installEventFilter(self)
        self.fields.changed.connect(self._on_changed)
        self.fields.entered.connect(self.submit)
        self.went_on.connect(self._on_test)
        self.set_ready(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While the code is typed it is not on the screen: it is the paper that is tried."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            hidden = event.type() is QEvent.Type.FocusIn
            self._code.setText("-".join(["•" * 5] * 4) if hidden else self._recovery.code)
        return super().eventFilter(watched, event)

    def show_recovery(self, recovery: Recovery) -> None:
        """Show the code."""
        self._recovery = recovery
        self._code.setText(recovery.code)

    def later_button(self) -> Button:
        """The way on without trying; there once the key file is saved, for without it the code is worth nothing."""
        return self._later

    def save_to(self, path: Path) -> None:
        """Write the sealed key."""
        try:
            path.write_bytes(self._recovery.sealed)
        except OSError:
            self.show_problem(Problem("The key file was not written. Choose another place."))
            return
        self._say_saved(path)
        self._later.setEnabled(True)

    def save_pdf(self, path: Path) -> None:
        """Write the sheet."""
        try:
            write_pdf(self._facts(), path)
        except OSError:
            self.show_problem(Problem("The file was not written. Choose another place."))
            return
        self._say_saved(path)

    def sheet(self) -> QTextDocument:
        """The sheet as it is printed."""
        return document(self._facts())

    def focus_first(self) -> None:
        """On the place for the key file."""
        self.fields.focus_first()

    def _facts(self) -> SheetFacts:
        found = self._recovery
        return SheetFacts(found.office, found.code, found.fingerprint, found.words, self._today)

    def _say_saved(self, path: Path) -> None:
        self.hide_problem()
        self._saved.setText(gettext("Saved: {name}").format(name=path.name))

    def _on_changed(self) -> None:
        self.hide_problem()
        self.set_ready(self.fields.is_filled())

    def _on_test(self) -> None:
        file = self.fields.file()
        if file is not None:
            self.test_wanted.emit(file, self.fields.code())

    def _on_print(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter()
        printer.setPageLayout(page_layout())
        dialog = QPrintDialog(printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.sheet().print_(printer))
        dialog.setModal(True)
        dialog.show()

    def _ask(self, title: str, name: str, save: Callable[[Path], None]) -> None:
        dialog = QFileDialog(self, title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(name)
        dialog.fileSelected.connect(lambda path: save(Path(path)))
        dialog.open()
