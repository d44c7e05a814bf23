"""Write a table to .xlsx or .csv so that nobody's spreadsheet turns a text into a formula, a date or a rounded number.

In .xlsx every text is a text cell in text format. In .csv a text that a spreadsheet would calculate, round or take for
a day gets a ``'`` in front, which the reader here takes off again.
"""

import csv
import io
import re
import unicodedata
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from gridworker.errors import Problem, StoreProblem
from gridworker.plainfile import open_plain
from gridworker.sheets.cells import is_retyped
from gridworker.sheets.dropdowns import offer_lists
from gridworker.sheets.sheet_rows import lengthen
from gridworker.store.engine.filesafe import disk_problems, stream_durably

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Plain: TypeAlias = str | int | None

_UNPRINTABLE = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_MAX_CELL = 32_767
_MAX_ROWS = 1_048_576
_SAMPLE = 500
_BEGIN = 4096
_NARROWEST, _WIDEST = 6, 40
_PAPER_A4 = 9


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is handed out. ``note`` stands under the title: who reports, who made it, the date.

    ``lists``: by column what a cell of it may hold, offered as a drop-down in .xlsx. ``blank`` rows more are made ready
    to be filled in: text cells, so that nobody's ID number is rounded while it is typed. Rows that are read as they are
    written say in ``size`` how many there are.
    """

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Plain]]
    note: str = ""
    lists: Mapping[int, Sequence[str]] = field(default_factory=dict)
    blank: int = 0
    size: int | None = None


def write_table(path: Path, table: Table) -> None:
    """Write a table; the ending of ``path`` decides the format. An old file there stays whole until the new one is."""
    check_table_path(path)
    stream_durably(path, partial(_xlsx if path.suffix.lower() == ".xlsx" else _csv, table))


def check_table_path(path: Path) -> None:
    """Raise Problem for a name that says no format, or that of a file which is no table; StoreProblem without a folder.

    A table that stands there is replaced: whoever writes has asked before.
    """
    if path.suffix.lower() not in {".xlsx", ".csv"}:
        raise Problem("A table is written as .xlsx or .csv; name the file so.")
    if not path.parent.is_dir():
        raise StoreProblem("There is no folder for “{name}”. Nothing was changed. Choose another one.", name=path.name)
    with disk_problems(path):
        if path.is_file() and not _is_table(path):
            raise Problem("“{file}” is no table, so it is kept: name another file.", file=path.name)


def _is_table(path: Path) -> bool:
    """Whether a file may be what its name says, by how it begins; an empty one is nobody's."""
    with open_plain(path) as file:
        begin = file.read(_BEGIN)
    if path.suffix.lower() == ".xlsx":
        return not begin or begin.startswith(b"PK\x03\x04")
    return b"\x00" not in begin or begin.startswith((BOM_UTF16_LE, BOM_UTF16_BE))


# ------------------------------------------------------------------------------------------------------------- .csv


def neutralised(text: str) -> str:
    """``text`` as a cell of a CSV file: with a ``'`` in front where a spreadsheet would make something else of it."""
    plain = _printable(text)
    return f"'{plain}" if is_retyped(plain) else plain


def _csv(table: Table, file: BinaryIO) -> None:
    """UTF-8 with a mark, which is how Excel knows; every cell in quotes."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(map(neutralised, table.columns))
    for row in table.rows:
        writer.writerow([neutralised(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row])
    text.detach()


# ------------------------------------------------------------------------------------------------------------ .xlsx


def _xlsx(table: Table, file: BinaryIO) -> None:
    """A workbook: made in memory with the first rows, the others put in while it is written."""
    rows = table.rows if table.size is not None or isinstance(table.rows, Sequence) else list(table.rows)
    size = len(rows) if isinstance(rows, Sequence) else table.size or 0
    if size > _MAX_ROWS - 3:  # title, note and header
        raise Problem("A sheet holds a million rows; write this as .csv, or in parts.")
    coming = iter(rows)
    first = list(islice(coming, _SAMPLE))
    made, below = _workbook(table, first, max(size, len(first)))
    if size <= len(first):
        file.write(made)
    else:
        lengthen(made, ([_safe(cell) for cell in row] for row in coming), below, file)


def _safe(cell: Plain) -> Plain:
    return _cell_text(cell) if isinstance(cell, str) else cell


def _workbook(table: Table, rows: Sequence[Sequence[Plain]], size: int) -> tuple[bytes, int]:
    """A workbook made in memory, ready for so many rows; and the number of the row below those it has."""
    from xlsxwriter.workbook import Workbook

    file = io.BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        sheet = workbook.add_worksheet(_sheet_name(table.title))
        text = workbook.add_format({"num_format": "@", "valign": "vcenter", "text_wrap": True})
        title = workbook.add_format({"num_format": "@", "bold": True, "font_size": 14, "align": "center"})
        header = workbook.add_format({
            "num_format": "@", "bold": True, "border": 1, "bg_color": "#E7ECEA", "align": "center", "text_wrap": True,
        })  # fmt: skip
        top = 0
        for line, style in ((table.title, title), (table.note, text)):
            if line:
                _across(sheet, top, len(table.columns), (_cell_text(line), style))
                top += 1
        for column, name in enumerate(table.columns):
            sheet.write_string(top, column, _cell_text(name), header)
        _write_rows(sheet, top + 1, rows, text)
        _set_page(sheet, top, _widths(table.columns, rows), text if table.blank else None)
        last = top + size + table.blank
        if last > top:
            offer_lists(workbook, sheet, table.lists, (top + 1, last))
    return file.getvalue(), top + len(rows) + 2


def _write_rows(sheet: "Worksheet", first: int, rows: Sequence[Sequence[Plain]], text: "Format") -> None:
    for number, row in enumerate(rows, start=first):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, column, _cell_text(cell), text)
            elif cell is not None:
                sheet.write_number(number, column, cell)


def _across(sheet: "Worksheet", row: int, columns: int, styled: tuple[str, "Format"]) -> None:
    text, style = styled
    if columns > 1:
        sheet.merge_range(row, 0, row, columns - 1, "", style)
    sheet.write_string(row, 0, text, style)


def _set_page(sheet: "Worksheet", header: int, widths: Sequence[int], style: "Format | None") -> None:
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width, style)
    sheet.freeze_panes(header + 1, 0)
    sheet.repeat_rows(header)
    sheet.set_landscape()
    sheet.set_paper(_PAPER_A4)


def _widths(columns: Sequence[str], rows: Sequence[Sequence[Plain]]) -> list[int]:
    """Wide enough for the header and the first rows, in characters; Han characters count double."""
    widths = [_width(name) for name in columns]
    for row in rows:
        for column, cell in enumerate(row[: len(widths)]):
            widths[column] = max(widths[column], _width("" if cell is None else str(cell)))
    return [max(_NARROWEST, min(_WIDEST, width + 2)) for width in widths]


def _width(text: str) -> int:
    return max(
        (sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in text.split("\n")), default=0
    )


def _cell_text(text: str) -> str:
    plain = _printable(text)
    if len(plain) > _MAX_CELL:
        raise Problem("A cell of a spreadsheet holds 32,767 characters; shorten the text.")
    return plain


def _printable(text: str) -> str:
    return _SURROGATE.sub("\ufffd", _UNPRINTABLE.sub("", text))


def _sheet_name(title: str) -> str:
    return _NOT_IN_SHEET_NAME.sub(" ", _printable(title)).strip("' ")[:31] or "Sheet1"
