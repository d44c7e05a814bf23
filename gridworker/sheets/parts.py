"""A long sheet of an .xlsx file read in parts: rows that were looked at are read while those behind them are looked at.

The reader works without Python's lock, so that two parts and the look go on side by side; but it gives a sheet only as
a whole. Each part is handed to it as a workbook of its own: the rows, and all that their cells refer to. What comes of
it is what the reader makes of the whole sheet, or the whole sheet is read.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, cast

from gridworker.sheets.cells import Cell

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

PART = 3 * 2**20
"""Bytes of a sheet that are worth a workbook of their own."""
LONGEST = 24 * 2**20
"""Bytes of a sheet that is read so: what waits for its turn is in memory more than once."""

_ROW = re.compile(rb'<row r="(\d{1,9})"')
_REFERRED_TO = frozenset(
    {"[content_types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
    | {"xl/sharedstrings.xml", "xl/styles.xml"}
)
_END = b"</sheetData></worksheet>"


class SheetParts:
    """The parts of all sheets of a workbook, by the name of the sheet."""

    def __init__(self, readers: Executor) -> None:
        self._readers = readers
        self._of: dict[str, Parts] = {}

    def begin(self, archive: zipfile.ZipFile, name: str, place: str) -> "Parts | None":
        """The parts of a sheet that is to be looked at; None where it is not worth it to read it so."""
        members = {member.filename.lower(): member for member in archive.infolist()}
        sheet = members.get(place.lower())
        if self._of or sheet is None or not 2 * PART <= sheet.file_size <= LONGEST:
            return None
        common = [member for at, member in members.items() if at in _REFERRED_TO]
        if sum(member.file_size for member in common) > PART // 2:
            return None  # each part would read all of it again
        frame = {member.filename: archive.read(member) for member in common}
        parts = self._of[name] = Parts(self._readers, _Frame(name, sheet.filename, frame))
        return parts

    def of(self, name: str) -> "Parts | None":
        """Those of one sheet."""
        return self._of.get(name)


class _Frame(NamedTuple):
    """What every part of a sheet needs around it: the sheet's name and place, and what its cells refer to."""

    name: str
    place: str
    members: Mapping[str, bytes]


class _Part(NamedTuple):
    """Some rows, numbered from ``first`` to ``last``, and who reads them."""

    first: int
    last: int
    reading: "Future[CalamineSheet]"


@dataclass(slots=True)
class Parts:
    """The parts of one sheet."""

    readers: Executor
    frame: _Frame
    _head: bytes | None = None
    """What stands before the rows."""
    _rows: list[bytes] = field(default_factory=list)
    """Those that wait to become a part."""
    _parts: list[_Part] = field(default_factory=list)
    _left: bool = False

    def take(self, xml: bytes) -> None:
        """Rows that were looked at, the next ones of the sheet."""
        if self._head is None:
            start = xml.find(b"<row")
            self._head, xml = xml[:start], xml[max(start, 0) :]
        if sum(map(len, self._rows)) >= PART:  # there are more: the last part has the end of the sheet
            self._hand_over(_END)
        self._rows.append(xml)

    def end(self) -> None:
        """There are no more rows."""
        self._hand_over(b"")

    def leave(self) -> None:
        """Leave it to who reads the whole sheet."""
        self._left = True
        for part in self._parts:
            part.reading.cancel()
        self._parts.clear()
        self._rows.clear()

    def rows(self) -> "tuple[list[list[Cell]], CalamineSheet] | None":
        """All rows, and the reader's sheet that knows what is merged; once. None where the whole has to be read."""
        parts, self._parts = self._parts, []
        found = list(_read(parts))
        return (_joined(found), found[-1].sheet) if parts and len(found) == len(parts) else None

    def _hand_over(self, end: bytes) -> None:
        rows, self._rows = self._rows, []
        first, last = (_ROW.match(rows[0]), _last_row(rows[-1])) if rows else (None, None)
        if self._left or not (first and last) or (self._parts and int(first[1]) <= self._parts[-1].last):
            self.leave()
            return
        reading = self.readers.submit(_reading, self.frame, [self._head or b"", *rows, end])
        self._parts.append(_Part(int(first[1]), int(last[1]), reading))


def _last_row(xml: bytes) -> "re.Match[bytes] | None":
    return _ROW.match(xml, max(xml.rfind(b"<row"), 0))


def _reading(frame: _Frame, xml: Sequence[bytes]) -> "CalamineSheet":
    from python_calamine import CalamineWorkbook

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in frame.members.items():
            archive.writestr(name, data)
        with archive.open(frame.place, "w") as sheet:
            for some in xml:
                sheet.write(some)
    made.seek(0)
    return CalamineWorkbook.from_filelike(made).get_sheet_by_name(frame.name)


class _Found(NamedTuple):
    sheet: "CalamineSheet"
    rows: list[list[Cell]]


def _read(parts: Sequence[_Part]) -> Iterator[_Found]:
    """What the reader made of parts, up to one that it refuses, or that has cells of rows that are not in it."""
    for part in parts:
        if part.reading.exception() is not None:
            return
        sheet = part.reading.result()
        if sheet.start and sheet.end and not part.first <= sheet.start[0] + 1 <= sheet.end[0] + 1 <= part.last:
            return
        yield _Found(sheet, cast("list[list[Cell]]", sheet.to_python(skip_empty_area=True)))


def _joined(parts: Sequence[_Found]) -> list[list[Cell]]:
    """The rows of parts below each other, all as wide as the widest."""
    width = max((part.sheet.end[1] + 1 for part in parts if part.sheet.end), default=0)
    joined: list[list[Cell]] = []
    for sheet, rows in parts:
        if not (sheet.start and sheet.end):
            continue
        joined += ([""] * width for _ in range(sheet.start[0] - len(joined)))
        left: list[Cell] = [""] * sheet.start[1]
        right: list[Cell] = [""] * (width - sheet.end[1] - 1)
        for row in rows if right else ():
            row.extend(right)
        joined += [left + row for row in rows] if left else rows
    return joined
