"""One person's file on paper or in a file, for that person: asked for from the household page."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from PySide6.QtCore import QObject
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from gridworker.errors import Problem
from gridworker.gui import background, messages
from gridworker.gui.bundlewords import records
from gridworker.gui.filedialogs import FileQuestion, Purpose, save_file_now
from gridworker.gui.look import theme as themes
from gridworker.gui.person.paper import paint, write_pdf
from gridworker.gui.printing import ask_printer
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import column, row
from gridworker.gui.widgets.progress import Bar
from gridworker.gui.widgets.text import Text
from gridworker.gui.widgets.veil import veil_under
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.rights.person_file import PersonFile, PersonFiles

_WIDTH = 520


class PersonFileDialog(QDialog):
    """Print it, save it as a PDF or as data. What was done is on record before it is done."""

    def __init__(self, parent: QWidget, files: "PersonFiles", file: "PersonFile") -> None:
        super().__init__(parent)
        self._files, self._file = files, file
        self.setModal(True)
        veil_under(self)
        self.setWindowTitle("Gridworker")
        self.setAccessibleName(gettext("Their own file"))
        told = gettext(
            "Everything kept here about this person, unmasked, for them alone: of their household what was done there, "
            "of others no name and no number. It is written down that it was made."
        )
        self.print = Button(gettext("Print"), "printer", kind="primary")
        self.pdf, self.data = Button(gettext("Save as PDF…")), Button(gettext("Save as data…"))
        self.print.clicked.connect(self._on_print)
        self.pdf.clicked.connect(self._on_pdf)
        self.data.clicked.connect(self._on_data)
        cancel = Button(gettext("Cancel"), kind="quiet")
        cancel.clicked.connect(self.reject)
        self._task: background.Task[object] | None = None
        self.finished.connect(self._on_finished)
        self.bar = Bar()
        self.bar.setAccessibleName(gettext("Their own file"))
        kept = self.bar.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(kept)
        self.bar.hide()
        count = records(len(file.entries))
        words = column(
            Text(gettext("Their own file"), "title"),
            Text(told, "body", "ink-2", wrap=True),
            Text(count, bold=True),
            self.bar,
            gap=8,
        )
        self.setLayout(
            column(words, row(cancel, None, self.data, self.pdf, self.print), gap=20, margins=(24, 20, 24, 20))
        )
        bind(self, "Ctrl+P", self._on_print, gettext("Print"))
        self.setFixedWidth(themes.current().px(_WIDTH))

    def _on_print(self) -> None:
        if not self.print.isEnabled():
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        ask_printer(self, self._on_printer, printer)

    def _on_printer(self, printer: QPrinter) -> None:
        """Put it on record, then print it; a record at a time, so that Cancel is heard."""

        def work(report: background.Report) -> None:
            self._files.note("print", self._file)
            paint(self._file, printer, report, self._files.attached)

        self._run(work)

    def _on_pdf(self) -> None:
        question = FileQuestion(gettext("Save as PDF…"), Purpose.PAPERS, ["PDF (*.pdf)"], "file.pdf")
        chosen = save_file_now(self, question)
        if chosen:
            self._run(lambda report: self._files.hand_out(self._file, chosen, partial(self._put, report)))

    def _put(self, report: background.Report, target: BinaryIO) -> None:
        write_pdf(self._file, target, report, self._files.attached)

    def _on_data(self) -> None:
        question = FileQuestion(gettext("Save as data…"), Purpose.PAPERS, ["JSON (*.json)"], "file.json")
        chosen = save_file_now(self, question)
        if chosen:
            self._run(lambda report: self._files.write(self._file, chosen, report))

    def _run(self, work: Callable[[background.Report], object]) -> None:
        self._show_working(at_work=True)
        self._task = background.run(
            work, done=lambda _: self.accept(), failed=self._on_failed, progress=self.bar.show_share, owner=self
        )
        self.destroyed.connect(self._task.cancel)

    def _on_failed(self, fault: Exception) -> None:
        self._show_working(at_work=False)
        if not isinstance(fault, Problem):
            raise fault
        self.show_problem(fault)

    def _show_working(self, *, at_work: bool) -> None:
        self.bar.show_share(0.0)
        self.bar.setVisible(at_work)
        for button in (self.print, self.pdf, self.data):
            button.setEnabled(not at_work)

    def _on_finished(self) -> None:
        """Whoever cancels, or locks, wants no more of it: nothing of it is written then."""
        if self._task is not None:
            self._task.cancel()

    def show_problem(self, problem: Problem) -> None:
        """Say what went wrong over the dialog."""
        messages.tell(self, str(problem))


class PersonFileMaker(QObject):
    """Reads a person's file and opens the dialog for the page that holds it."""

    def __init__(self, page: QWidget, files: "PersonFiles") -> None:
        super().__init__(page)
        self._page, self._files = page, files

    def begin(self, membership: int) -> None:
        """Read the file of a member in the background, then ask what to do with it."""
        background.run(lambda: self._files.of_member(membership), done=self._on_read, owner=self._page)

    def _on_read(self, file: "PersonFile") -> None:
        dialog = PersonFileDialog(self._page, self._files, file)
        dialog.open()
