"""Rows put into a workbook as they come: a million of them take no more memory than the first few hundred.

The workbook is made whole with its first rows; the others go straight into its sheet, while the file is being written.
So nobody's data pass through temporary files, which a workbook of constant memory would need.
"""

import io
import re
from collections.abc import Iterable, Sequence
from typing import BinaryIO, TypeAlias
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

Plain: TypeAlias = str | int | None

_SHEET = "xl/worksheets/sheet1.xml"
_END = "</sheetData>"
_DIMENSION = re.compile(r'<dimension ref="[^"]*"\s*/>')
_STYLED = re.compile(r'<c r="[A-Z]+\d+" s="(\d+)" t="s">')
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_A_LOT = 1000


def lengthen(workbook: bytes, rows: Iterable[Sequence[Plain]], first: int, file: BinaryIO) -> None:
    """Write ``workbook`` to a file with more rows in its first sheet, from row ``first`` (from 1) on.

    Texts are text cells in the style of the last text that stands there already.
    """
    with ZipFile(io.BytesIO(workbook)) as made, ZipFile(file, "w", ZIP_DEFLATED) as longer:
        for part in made.infolist():
            if part.filename != _SHEET:
                longer.writestr(part, made.read(part))
                continue
            head, _, tail = made.read(part).decode().partition(_END)
            style = (_STYLED.findall(head) or ["0"])[-1]
            with longer.open(_SHEET, "w", force_zip64=True) as sheet:
                sheet.write(_DIMENSION.sub("", head).encode())
                _write_rows(sheet, rows, first, style)  # type: ignore[arg-type]  # what open gives is such a file
                sheet.write(f"{_END}{tail}".encode())


def _write_rows(sheet: BinaryIO, rows: Iterable[Sequence[Plain]], first: int, style: str) -> None:
    lot: list[str] = []
    for number, row in enumerate(rows, start=first):
        lot.append(_row(number, row, style))
        if len(lot) == _A_LOT:
            sheet.write("".join(lot).encode())
            lot.clear()
    sheet.write("".join(lot).encode())


def _row(number: int, row: Sequence[Plain], style: str) -> str:
    cells = "".join(_cell(f"{_letters(column)}{number}", cell, style) for column, cell in enumerate(row))
    return f'<row r="{number}">{cells}</row>'


def _cell(place: str, cell: Plain, style: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, int):
        return f'<c r="{place}"><v>{cell}</v></c>'
    told = escape(_ESCAPED.sub("_x005F_", cell)).replace("\r", "_x000D_")
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{told}</t></is></c>'


def _letters(column: int) -> str:
    """What a spreadsheet calls a column: A, B, … Z, AA."""
    high, low = divmod(column, 26)
    return (_letters(high - 1) if high else "") + chr(ord("A") + low)
