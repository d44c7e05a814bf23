"""One person's file painted on A4, record by record, in a pool thread: the window's thread waits for none of it.

Qt lets a document be made, laid out and painted in any one thread that holds it alone; each record is a document of its
own, so that between two of them the window has its turn, is told how far it is, and may cancel.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import ENOSPC
from html import escape
from typing import TYPE_CHECKING, BinaryIO

from PySide6.QtCore import QFile, QFileDevice, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextDocument,
)

from gridworker.errors import NotFound, Problem, StoreDamaged
from gridworker.gui.person.picture import LONGEST
from gridworker.gui.person.picture import read as read_picture
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.rights.person_file import PersonFile

_MARGIN_MM = 18
_POINTS = 10
_FOOT_POINTS = 8
_STYLE = (
    "<style>h3 { margin-bottom: 2pt } td { padding: 2pt 8pt 2pt 0 } td.label { color: #505050 } "
    "p { margin-top: 2pt; margin-bottom: 2pt }</style>"
)
_HEAD = "<h3>"
_LABEL = 26
"""Percent of the width, the same in every table: the values stand below each other."""
_LINES = 20
"""Who looked and what was changed, so many lines at a time."""
_PHOTO_DPI = 150
_PHOTO_WIDEST, _PHOTO_HIGHEST = 0.7, 0.4
"""Shares of the page a photo takes at most."""

Report = Callable[[float], object]
Attached = Callable[[int], bytes]


def _nothing(_attachment: int) -> bytes:
    raise NotFound("This record is not here.")


def parts_of(file: "PersonFile") -> Iterator[str | int]:
    """The file in pieces of HTML, black on white: the head, each record, who looked, what was changed.

    A number is the photo or paper that the record before it tells of.
    """
    told = gettext("What is kept about you, as of {day}.").format(day=file.made_on)
    yield f"<h2>{escape(file.name)}</h2><p>{escape(told)}</p>"
    for entry in file.entries:
        yield _table(entry.title, entry.fields)
        if entry.attachment:
            yield entry.attachment
    for title, lines in ((gettext("Who looked at it"), file.looks), (gettext("What was changed"), file.changes)):
        for at in range(0, len(lines), _LINES):
            head = "" if at else f"{_HEAD}{escape(title)}</h3>"
            yield head + "".join(f"<p>{escape(line)}</p>" for line in lines[at : at + _LINES])


def paint(file: "PersonFile", device: QPagedPaintDevice, report: Report, attached: Attached = _nothing) -> None:
    """Paint it on a device with its pages. ``report`` is told the share done. Raises what it raises, Problem.

    ``attached`` reads a photo or paper, as ``PersonFiles.attached`` does.
    """
    parts = list(parts_of(file))
    with _painting(device) as painter:
        sheet = _Sheet(device, painter, file.name)
        for done, part in enumerate(parts, start=1):
            if isinstance(part, str):
                sheet.put(part, before_photo=isinstance(next(iter(parts[done : done + 1]), ""), int))
            else:
                _put_attached(sheet, part, attached)
            report(done / len(parts))
        sheet.end()


def _put_attached(sheet: "_Sheet", attachment: int, attached: Attached) -> None:
    """The photo; of what is no photo, or not on this computer, where it is."""
    try:
        image = read_picture(attached(attachment), LONGEST)
    except (NotFound, StoreDamaged) as missing:
        sheet.put(f"<p>{escape(str(missing))}</p>")
        return
    if image.isNull():
        sheet.put(f"<p>{escape(gettext('A paper with pages of its own; it goes along with the data.'))}</p>")
    else:
        sheet.put_photo(image)


def write_pdf(
    file: "PersonFile", target: BinaryIO, report: Report = lambda _share: None, attached: Attached = _nothing
) -> None:
    """Write it as a PDF on A4 into an open file, page by page: with its photos it may be larger than what memory holds.

    Raises what ``report`` raises, Problem, OSError.
    """
    device = QFile()
    device.open(target.fileno(), QIODevice.OpenModeFlag.WriteOnly, QFile.FileHandleFlag.DontCloseHandle)
    writer = QPdfWriter(device)
    writer.setTitle("Gridworker")
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM),
            QPageLayout.Unit.Millimeter,
        )
    )
    try:
        paint(file, writer, report, attached)
    finally:
        del writer
        written = device.flush() and device.error() is QFileDevice.FileError.NoError
        device.close()
    if not written:
        raise OSError(ENOSPC, "not written whole")


class _Sheet:
    """The pages, and how far down the last one is written. At the foot of each is whose file it is, and its number."""

    def __init__(self, device: QPagedPaintDevice, painter: QPainter, name: str) -> None:
        self._device, self._painter, self._name = device, painter, name
        self._font, self._small = self._sized(_POINTS), self._sized(_FOOT_POINTS)
        self._foot = QFontMetricsF(self._small, device).height()
        self._width, self._height = device.width(), device.height() - 2 * self._foot
        self._at, self._page = 0.0, 1

    @staticmethod
    def _sized(points: float) -> QFont:
        font = QFont(QGuiApplication.font())
        font.setPointSizeF(points)  # that of the window is so many pixels, which are nothing on paper
        return font

    def put_photo(self, image: QImage) -> None:
        """Put a photo below what is there, no larger than it is good to look at, whole on one page."""
        natural = QSizeF(image.size()) * (self._device.logicalDpiX() / _PHOTO_DPI)
        most = QSizeF(self._width * _PHOTO_WIDEST, self._height * _PHOTO_HIGHEST)
        fits = natural.width() <= most.width() and natural.height() <= most.height()
        size = natural if fits else natural.scaled(most, Qt.AspectRatioMode.KeepAspectRatio)
        gap = self._foot / 2
        if self._at and self._at + gap + size.height() > self._height:
            self._turn()
        self._painter.drawImage(QRectF(0, self._at + gap, size.width(), size.height()), image)
        self._at += size.height() + 2 * gap

    def end(self) -> None:
        """Nothing more comes."""
        self._sign()

    def _sign(self) -> None:
        self._painter.save()
        self._painter.setFont(self._small)
        self._painter.setPen(Qt.GlobalColor.black)
        line = QRectF(0, self._height + self._foot, self._width, self._foot)
        self._painter.drawText(line, Qt.AlignmentFlag.AlignLeft, self._name)
        self._painter.drawText(line, Qt.AlignmentFlag.AlignRight, str(self._page))
        self._painter.restore()

    def put(self, part: str, *, before_photo: bool = False) -> None:
        """Put a piece below what is there; one that does not fit goes on a new page, a long one over several.

        What tells of a photo stands on the page of the photo.
        """
        document = QTextDocument()
        document.documentLayout().setPaintDevice(self._device)
        document.setDefaultFont(self._font)
        document.setDocumentMargin(0)
        document.setTextWidth(self._width)
        document.setHtml(_STYLE + part)
        height = document.size().height()
        if self._at and part.startswith(_HEAD):  # no margin is kept above the first line of a document
            self._at += self._foot
        photo = self._height * _PHOTO_HIGHEST + self._foot if before_photo else 0.0
        if self._at and self._at + height + photo > self._height:
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
        self._sign()
        self._device.newPage()
        self._at, self._page = 0.0, self._page + 1

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
    rows = "".join(
        f'<tr><td class="label" width="{_LABEL}%">{escape(label)}</td><td>{escape(words)}</td></tr>'
        for label, words in fields
    )
    return f'{_HEAD}{escape(title)}</h3><table width="100%">{rows}</table>'
