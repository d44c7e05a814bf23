"""A filled-in form as it stands in its file: whose ledger it is, its rows, and what of the file is left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gridworker.app.ledger.heads import Head, Words, head_of
from gridworker.domain.codes_export import LEDGER
from gridworker.errors import RosterProblem
from gridworker.sheets.cells import Cell, text_of
from gridworker.sheets.corrections import NO_CORRECTIONS, Corrections
from gridworker.sheets.dropdowns import WORDS_SHEET
from gridworker.sheets.findings import Finding
from gridworker.sheets.mapping import letter
from gridworker.sheets.meanings import header_key, meaning_of
from gridworker.sheets.read import Sheet, read_book
from gridworker.sheets.words import Field
from gridworker.text import gettext


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row: its sheet, the number the user sees, its cells, and the header it stands under."""

    sheet: str | None
    number: int
    cells: Sequence[Cell]
    head: Head

    def cell(self, name: str) -> Cell:
        """What stands in a column of the ledger; nothing where the form has no such column."""
        at = self.head.place(name)
        return self.cells[at] if at is not None and at < len(self.cells) else ""

    def place(self, name: str) -> str:
        """The cell of a column as spreadsheets call it; empty where the form has no such column."""
        at = self.head.place(name)
        return f"{letter(at)}{self.number}" if at is not None else ""


@dataclass(slots=True)
class FormFile:
    """The rows of one ledger in a file. ``notices`` say what was left out of it, and why."""

    ledger: str
    rows: list[FormRow] = field(default_factory=list)
    heads: list[tuple[str | None, Head]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    digest: str = ""
    """Of the file, by which cells that were corrected belong to it."""


def read_form(path: Path, ledger: str, words: Words, corrections: Corrections = NO_CORRECTIONS) -> FormFile:
    """The filled-in form of a ledger, with cells as they were corrected.

    Raises RosterProblem where nothing is filled in, NotFound for no file, Problem where it was changed since.
    """
    book = read_book(path)
    corrections.check(book.digest)
    form = FormFile(ledger, digest=book.digest)
    for sheet in book.sheets:
        _take(form, sheet, words, corrections)
    if not form.rows:
        raise RosterProblem("file_empty", "There is nothing in this form: it has headers and no rows under them.")
    form.notices = list(dict.fromkeys(form.notices))
    return form


def _take(form: FormFile, sheet: Sheet, words: Words, corrections: Corrections) -> None:
    rows = [] if sheet.hidden else sheet.rows()
    form.notices += map(str, corrections.put_into(sheet.name, rows))
    head = head_of(rows, words)
    if head is not None and head.ledger == form.ledger:
        form.heads.append((sheet.name, head))
        form.notices += _columns_left_out(head)
        form.rows += _rows_under(form, sheet, rows, head)
    elif any(map(any, rows)) or (sheet.hidden and sheet.name != WORDS_SHEET):
        told = gettext("The sheet {detail} is no form of the ledger “{ledger}”; it was left out.")
        form.notices.append(told.format(detail=sheet.name or "", ledger=LEDGER.label(form.ledger)))


def _columns_left_out(head: Head) -> Iterator[str]:
    for column, header in zip(head.columns, head.headers, strict=True):
        if column is None and header:
            meant = meaning_of(header_key(header))
            kept_out = meant is not None and meant.field is Field.SENSITIVE
            kind = "sensitive_dropped" if kept_out else "column_ignored"
            yield str(Finding(kind, values={"detail": header}))


def _rows_under(form: FormFile, sheet: Sheet, rows: list[list[Cell]], head: Head) -> Iterator[FormRow]:
    """The rows that say anything; what is merged over several rows stands in each of them."""
    below = head.row + 1
    for (row, column), top in sheet.merged.down(range(len(head.columns)), below).items():
        if row < len(rows) and column < len(rows[top]):
            rows[row] += [""] * (column + 1 - len(rows[row]))
            rows[row][column] = rows[top][column]
    for at in range(below, len(rows)):
        if _is_blank(rows[at]):
            continue
        if _is_header(rows[at], head):
            told = gettext("Row {row} says the headers again; it was passed over.")
            form.notices.append(told.format(row=at + 1))
            continue
        yield FormRow(sheet.name, at + 1, rows[at], head)


def _is_blank(cells: Sequence[Cell]) -> bool:
    return not any(text_of(cell) if isinstance(cell, str) else cell != "" for cell in cells)


def _is_header(cells: Sequence[Cell], head: Head) -> bool:
    """Whether a row says in the columns of the ledger what the header says there."""
    said = [
        (text_of(cell), header)
        for cell, column, header in zip(cells, head.columns, head.headers, strict=False)
        if column is not None and isinstance(cell, str) and cell
    ]
    return len(said) > 1 and all(header_key(text) == header_key(header) for text, header in said)
