"""The recovery sheet that was just made: its code, printed or saved, and its key file, saved apart. Shown only once."""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextDocument

from gridworker.app.files.keeping_files import write_where_asked
from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.filedialogs import FileQuestion, Purpose, save_file
from gridworker.gui.frontdoor import Recovery
from gridworker.gui.printing import ask_printer
from gridworker.gui.recovery.sheet import SheetFacts, document, page_layout, write_pdf
from gridworker.gui.shortcuts import bind_button
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.layout import add, flow
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext


class SheetCard(Card):
    """``saved`` when the key file was written, without which the code is worth nothing; ``met`` carries a Problem."""

    saved = Signal()
    met = Signal(object)

    def __init__(self, today: date) -> None:
        super().__init__(gap=6)
        self._recovery, self._today = Recovery("", b""), today
        self._code = Text("", "title")
        self._code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._code.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._saved = Text("", "small", "ok", wrap=True)
        self.print_button = Button(gettext("Print the sheet"), "printer", key="Ctrl P")
        pdf_button = Button(gettext("Save as PDF"), "file-text", key="Ctrl D")
        self.save_button = Button(gettext("Save the key file"), "download-simple", key="Ctrl S")
        offered = (self.print_button, pdf_button, self.save_button)
        add(self.body, Text(gettext("Recovery code"), "small", "ink-2"), self._code, flow(*offered), self._saved)
        for button in offered:
            bind_button(self, button, everywhere=True)
        self.setFocusProxy(self.print_button)
        self.print_button.clicked.connect(self._on_print)
        pdf_button.clicked.connect(lambda: self._ask(gettext("Save as PDF"), "gridworker-recovery.pdf", self.save_pdf))
        self.save_button.clicked.connect(
            lambda: self._ask(gettext("Save the key file"), "gridworker-recovery.age", self.save_to)
        )

    def show_recovery(self, recovery: Recovery) -> None:
        """Show the code."""
        self._recovery = recovery
        self._code.setText(recovery.code)

    def cover(self, *, covered: bool) -> None:
        """While the code is typed it is not on the screen: it is the paper that is tried."""
        self._code.setText("-".join(["•" * 5] * 4) if covered else self._recovery.code)

    def save_to(self, path: Path) -> None:
        """Write the sealed key; it is said once it is on the disk."""
        write = partial(write_where_asked, path, self._recovery.sealed)
        background.run(write, done=lambda _: self._on_key_saved(path), failed=self._on_unsaved, owner=self)

    def _on_key_saved(self, path: Path) -> None:
        self._say_saved(path)
        self.saved.emit()

    def _on_unsaved(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        self.met.emit(Problem("The key file was not written. Choose another place."))

    def save_pdf(self, path: Path) -> None:
        """Write the sheet."""
        try:
            write_pdf(self._facts(), path)
        except OSError:
            self.met.emit(Problem("The file was not written. Choose another place."))
            return
        self._say_saved(path)

    def sheet(self) -> QTextDocument:
        """The sheet as it is printed."""
        return document(self._facts())

    def _facts(self) -> SheetFacts:
        found = self._recovery
        return SheetFacts(found.office, found.code, found.fingerprint, found.words, self._today)

    def _say_saved(self, path: Path) -> None:
        self.met.emit(None)
        self._saved.setText(gettext("Saved: {name}").format(name=path.name))

    def _on_print(self) -> None:
        from PySide6.QtPrintSupport import QPrinter

        printer = QPrinter()
        printer.setPageLayout(page_layout())
        ask_printer(self, lambda chosen: self.sheet().print_(chosen), printer)

    def _ask(self, title: str, name: str, save: Callable[[Path], None]) -> None:
        save_file(self, FileQuestion(title, Purpose.KEYS, name=name), save)
