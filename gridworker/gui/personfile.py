"""One person's file on paper or in a file, for that person: asked for from the household page."""

from collections.abc import Callable
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QObject, Qt
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from gridworker.errors import Problem
from gridworker.gui import background, messages
from gridworker.gui import theme as themes
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import column, row
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.person_file import PersonFile, PersonFiles

_WIDTH = 520
_MARGIN_MM = 18
_PAPER = "<style>body {{ font-size: 10pt }} td {{ padding: 2pt 8pt 2pt 0 }}</style><h2>{name}</h2><p>{told}</p>{parts}"


class PersonFileDialog(QDialog):
    """Print it, save it as a PDF or as data. What was done is on record before it is done."""

    def __init__(self, parent: QWidget, files: "PersonFiles", file: "PersonFile") -> None:
        super().__init__(parent)
        self._files, self._file = files, file
        self.setModal(True)
        self.setWindowTitle("Gridworker")
        self.setAccessibleName(gettext("Their own file"))
        told = gettext(
            "Everything kept here about this person, unmasked, for them alone. It is written down that it was made."
        )
        self.print = Button(gettext("Print"), "printer", kind="primary")
        self.pdf, self.data = Button(gettext("Save as PDF…")), Button(gettext("Save as data…"))
        self.print.clicked.connect(self._on_print)
        self.pdf.clicked.connect(self._on_pdf)
        self.data.clicked.connect(self._on_data)
        cancel = Button(gettext("Cancel"), kind="quiet")
        cancel.clicked.connect(self.reject)
        count = gettext("{count} records").format(count=len(file.entries))
        words = column(
            Text(gettext("Their own file"), "title"),
            Text(told, "body", "ink-2", wrap=True),
            Text(count, bold=True),
            gap=8,
        )
        self.setLayout(
            column(words, row(cancel, None, self.data, self.pdf, self.print), gap=20, margins=(24, 20, 24, 20))
        )
        bind(self, "Ctrl+P", self._on_print, gettext("Print"))
        self.setFixedWidth(themes.current().px(_WIDTH))

    def _on_print(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        asked = QPrintDialog(printer, self)
        asked.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asked.accepted.connect(lambda: self._noted("print", lambda: document_of(self._file).print_(printer)))
        asked.show()

    def _on_pdf(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, gettext("Save as PDF…"), "file.pdf", "PDF (*.pdf)")
        if chosen:
            self._noted("export", partial(write_pdf, self._file, Path(chosen)))

    def _on_data(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, gettext("Save as data…"), "file.json", "JSON (*.json)")
        if chosen:
            background.run(
                lambda: self._files.write(self._file, Path(chosen)), done=lambda _: self.accept(), owner=self
            )

    def _noted(self, action: str, make: Callable[[], object]) -> None:
        def done(_: object) -> None:
            try:
                make()
            except Problem as problem:
                self.show_problem(problem)
            else:
                self.accept()

        background.run(lambda: self._files.note(action, self._file), done=done, owner=self)

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


def document_of(file: "PersonFile") -> QTextDocument:
    """The file as a document of black on white."""
    told = gettext("What is kept about you, as of {day}.").format(day=file.made_on)
    parts = [_table(entry.title, entry.fields) for entry in file.entries]
    if file.looks:
        title = gettext("Who looked at it")
        parts.append(f"<h3>{escape(title)}</h3>" + "".join(f"<p>{escape(look)}</p>" for look in file.looks))
    document = QTextDocument()
    document.setHtml(_PAPER.format(name=escape(file.name), told=escape(told), parts="".join(parts)))
    return document


def write_pdf(file: "PersonFile", path: Path) -> None:
    """The document on A4. Raises Problem where it is not written: of that Qt would say nothing."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle("Gridworker")
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM),
            QPageLayout.Unit.Millimeter,
        )
    )
    document_of(file).print_(writer)
    del writer
    try:
        path.write_bytes(buffer.data().data())
    except OSError as fault:
        raise Problem("The file was not written. Choose another place.") from fault


def _table(title: str, fields: "tuple[tuple[str, str], ...]") -> str:
    rows = "".join(f"<tr><td><i>{escape(label)}</i></td><td>{escape(words)}</td></tr>" for label, words in fields)
    return f"<h3>{escape(title)}</h3><table>{rows}</table>"
