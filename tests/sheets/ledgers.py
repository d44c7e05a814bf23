"""Ledgers made for tests: rows of cells into files of every kind, and people with numbers that check."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeAlias
from xml.sax.saxutils import escape, quoteattr

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from gridworker.domain.identity import check_digit
from gridworker.sheets.mapping import Mapping as ColumnMapping
from gridworker.sheets.people import Resident, Roster
from gridworker.sheets.roster import read_roster

TODAY = date(2025, 11, 23)


@dataclass(frozen=True)
class Error:
    """A cell that shows an error."""

    code: str = "#N/A"


Made: TypeAlias = str | int | float | bool | date | Error | None
Rows: TypeAlias = Sequence[Sequence[Made]]


def id_number(born: str = "19800526", order: int = 425, region: str = "000000") -> str:
    """A valid ID number of nobody: no region has the code 000000."""
    digits = f"{region}{born}{order:03}"
    return digits + check_digit(digits)


@dataclass
class Looks:
    """What a workbook has besides its rows: hidden sheets; merged cells by first and last row and column."""

    hidden: Sequence[str] = ()
    merged: Mapping[str, Sequence[tuple[int, int, int, int]]] = field(default_factory=dict)


def xlsx(path: Path, sheets: Mapping[str, Rows], made: Looks | None = None) -> Path:
    """An .xlsx file."""
    made = made or Looks()
    with Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name in made.hidden:
                sheet.hide()
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    _write(sheet, (row, column), cell, day)
            for top, left, bottom, right in made.merged.get(name, ()):
                sheet.merge_range(top, left, bottom, right, rows[top][left])
    return path


def _write(sheet: Worksheet, place: tuple[int, int], cell: Made, day: Format) -> None:
    match cell:
        case Error():
            sheet.write_formula(*place, "=NA()", None, cell.code)
        case bool():
            sheet.write_boolean(*place, cell)
        case date():
            sheet.write_datetime(*place, cell, day)
        case str():
            sheet.write_string(*place, cell)
        case int() | float():
            sheet.write_number(*place, cell)


def ods(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """An .ods file, as bare as one can be."""
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>"
        + "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    spaces = "".join(
        f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text")
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content{spaces} xmlns:calcext="urn:org:documentfoundation:names:'
            f'experimental:calc:xmlns:calcext:1.0"><office:body><office:spreadsheet>{tables}</office:spreadsheet>'
            "</office:body></office:document-content>",
        )
    return path


def _ods_cell(cell: Made) -> str:
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, Error):
        return (
            '<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error">'
            f"<text:p>{cell.code}</text:p></table:table-cell>"
        )
    if isinstance(cell, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
    if isinstance(cell, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{cell}"/>'


def xls(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """An .xls file."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, Error):
                    sheet.row(row).set_cell_error(column, cell.code.replace("#N/A", "#N/A!"))
                elif cell is not None:
                    sheet.write(row, column, cell)
    book.save(str(path))
    return path


def text(path: Path, rows: Rows, *, encoding: str = "utf-8", separator: str = ",") -> Path:
    """A text file with a table in it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def reading(folder: Path, rows: Rows, mapping: ColumnMapping | None = None) -> Roster:
    """What is read from one sheet of these rows."""
    return read_roster(xlsx(folder / "ledger.xlsx", {"台账": rows}), mapping=mapping, today=TODAY)


def problems(roster: Roster) -> set[tuple[int | None, str]]:
    """What the neutral form reports, but for what is neutral everywhere."""
    return {(finding.row, finding.kind) for finding in roster.findings if str(finding.action) in {"reject", "warn"}}


def keys(roster: Roster) -> list[str | None]:
    """The door of every resident in order."""
    return [person.household.key if person.household else None for person in roster.residents]


def only(roster: Roster) -> Resident:
    """The one resident there is."""
    assert len(roster.residents) == 1
    return roster.residents[0]
