"""One person's file painted on A4, record by record, in a pool thread: the window's thread waits for none of it.

Qt lets a document be made, laid out and painted in any one thread that holds it alone; each record is a document of its
own, so that between two of them the window has its turn, is told how far it is, and may cancel.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFont,
    QGuiApplication,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextDocument,
)

from gridworker.errors import Problem
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.rights.person_file import PersonFile

_MARGIN_MM = 18
_POINTS = 10
_STYLE = "<style>td { padding: 2pt 8pt 2pt 0 }</style>"
_LINES = 20
"""Who looked and what was changed, so many lines at a time."""

Report = Callable[[float], object]


def parts_of(file: "PersonFile") -> Iterator[str]:
    """The file in pieces of HTML, black on white: the head, each record, who looked, what was changed."""
    told = gettext("What is kept about you, as of {day}.").format(day=file.made_on)
    yield f"<h2>{escape(file.name)}</h2><p>{escape(told)}</p>"
    for entry in file.entries:
        yield _table(entry.title, entry.fields)
    for title, lines in ((gettext("Who looked at it"), file.looks), (gettext("What was changed"), file.changes)):
        if lines:
            yield f"<h3>{escape(title)}</h3>"
        for at in range(0, len(lines), _LINES):
            yield "".join(f"<p>{escape(line)}</p>" for line in lines[at : at + _LINES])


def paint(file: "PersonFile", device: QPagedPaintDevice, report: Report) -> None:
    """Paint it on a device with its pages. ``report`` is told the share done. Raises what it raises, Problem."""
    parts = list(parts_of(file))
    with _painting(device) as painter:
        sheet = _Sheet(device, painter)
        for done, part in enumerate(parts, start=1):
            sheet.put(part)
            report(done / len(parts))


def as_pdf(file: "PersonFile", report: Report = lambda _share: None) -> bytes:
    """The file as a PDF on A4. Raises what ``report`` raises, Problem."""
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
    paint(file, writer, report)
    del writer
    return bytes(buffer.data().data())


class _Sheet:
    """The pages, and how far down the last one is written."""

    def __init__(self, device: QPagedPaintDevice, painter: QPainter) -> None:
        self._device, self._painter = device, painter
        self._width, self._height = device.width(), device.height()
        self._at = 0.0
        self._font = QFont(QGuiApplication.font())
        self._font.setPointSizeF(_POINTS)  # that of the window is so many pixels, which are nothing on paper

    def put(self, part: str) -> None:
        """Put a piece below what is there; one that does not fit goes on a new page, a long one over several."""
        document = QTextDocument()
        document.documentLayout().setPaintDevice(self._device)
        document.setDefaultFont(self._font)
        document.setDocumentMargin(0)
        document.setTextWidth(self._width)
        document.setHtml(_STYLE + part)
        height = document.size().height()
        if self._at and self._at + height > self._height:
            self._turn()
        drawn = 0.0
        while height - drawn > self._height - self._at:
            room = self._room(document, drawn)
            self._draw(document, drawn, room)
            drawn += room
            self._turn()
        self._draw(document, drawn, height - drawn)
        self._at += height - drawn

    def _turn(self) -> None:
        self._device.newPage()
        self._at = 0.0

    def _room(self, document: QTextDocument, drawn: float) -> float:
        """How much of what is left fits without cutting a line in two."""
        end = drawn + self._height - self._at
        cut = min((top for top, bottom in _lines(document) if bottom > end), default=end)
        return cut - drawn if drawn < cut < end else end - drawn

    def _draw(self, document: QTextDocument, drawn: float, height: float) -> None:
        self._painter.save()
        self._painter.translate(0, self._at - drawn)
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, Qt.GlobalColor.black)  # whatever the theme of the window is
        context.clip = QRectF(0, drawn, self._width, height)
        self._painter.setClipRect(context.clip)
        document.documentLayout().draw(self._painter, context)
        self._painter.restore()


def _lines(document: QTextDocument) -> Iterator[tuple[float, float]]:
    """Top and bottom of each line."""
    block = document.begin()
    while block.isValid():
        layout, top = block.layout(), document.documentLayout().blockBoundingRect(block).top()
        for line in (layout.lineAt(number) for number in range(layout.lineCount())):
            yield top + line.y(), top + line.y() + line.height()
        block = block.next()


@contextmanager
def _painting(device: QPagedPaintDevice) -> Iterator[QPainter]:
    painter = QPainter()
    if not painter.begin(device):
        raise Problem("The file was not written. Choose another place.")
    try:
        yield painter
    finally:
        painter.end()


def _table(title: str, fields: "tuple[tuple[str, str], ...]") -> str:
    rows = "".join(f"<tr><td><i>{escape(label)}</i></td><td>{escape(words)}</td></tr>" for label, words in fields)
    return f"<h3>{escape(title)}</h3><table>{rows}</table>"
