"""Open a spreadsheet of any kind that offices use and give its sheets as rows of typed cells.

Rows keep the numbers the user sees: blank ones and titles count. Hidden rows and columns hold data like others; hidden
sheets are marked, and not for importing.
"""

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from gridworker.errors import NotFound, Problem
from gridworker.plainfile import read_plain
from gridworker.sheets.cells import Cell, CellError
from gridworker.sheets.container import BROKEN, MAX_CELLS, Container, container_of, damaged, locked, too_large
from gridworker.sheets.delimited import decoded, records
from gridworker.sheets.header import Merged
from gridworker.sheets.mapping import cell_name
from gridworker.sheets.markup import tables
from gridworker.sheets.rawlook import Look
from gridworker.sheets.rawlook_ods import ods_looks
from gridworker.sheets.rawlook_xls import xls_looks
from gridworker.sheets.rawlook_xlsx import xlsx_looks
from gridworker.sheets.unknown_errors import any_unknown, with_known_errors

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_T = TypeVar("_T")
_FEW = 30_000
"""Rows whose texts have room each for itself: to look for those that are alike takes as long as to read them."""
_AT_ONCE = 2**22
"""Bytes of a file that is opened while it is looked at: what another thread frees of more is missing to this one."""
_LOOKS: Mapping[Container, Callable[[bytes], dict[str, Look]]] = MappingProxyType(
    {Container.XLSX: xlsx_looks, Container.ODS: ods_looks, Container.XLS: xls_looks}
)


@dataclass(slots=True)
class Sheet:
    """One sheet. ``name`` is None in text files. Row ``n`` of the user is ``rows()[n - 1]``."""

    name: str | None
    hidden: bool
    load: Callable[[], "Loaded"] = field(repr=False)
    merged: Merged = field(default_factory=Merged, repr=False)
    error_rows: frozenset[int] = frozenset()
    """Rows, from 0, in which a cell shows an error."""
    formulas: Mapping[int, frozenset[int]] = field(default_factory=dict, repr=False)
    """The columns, by row, of formulas that have no value: no blanks, though they read as such."""
    error_texts: bool = True
    """Whether a text in it may be that of an error."""
    cell_name: Callable[[int, int], str] = field(default=cell_name, repr=False)
    """What the user calls a cell, by row and column from 0: not its place where the rows were turned (turned.py)."""

    def is_odd(self, row: int) -> bool:
        """Whether a cell of a row, from 0, has no value that can be read: an error, or a formula never worked out."""
        return row in self.error_rows or row in self.formulas

    def rows(self) -> list[list[Cell]]:
        """All rows down to the last value, read anew at each call: whoever calls decides how long they are kept.

        Merged cells are known from then on.
        """
        rows, self.merged = self.load()
        return rows


class Loaded(NamedTuple):
    """What is read of a sheet when its rows are asked for."""

    rows: list[list[Cell]]
    merged: Merged = Merged()


@dataclass(slots=True)
class Book:
    """A spreadsheet file. ``digest`` tells it from every other."""

    sheets: list[Sheet]
    digest: str = ""


def read_book(path: Path) -> Book:
    """The sheets of a file. Raises RosterProblem for what is no ledger, NotFound where there is no file."""
    data = _content(path)
    book = _book(data, container_of(data, path.suffix.lower()))
    book.digest = hashlib.sha256(data).hexdigest()
    return book


def _book(data: bytes, kind: Container) -> Book:
    if kind is Container.TEXT:
        return _text_book(records(decoded(data)))
    if kind is Container.MARKUP:
        return Book([_loaded(None, rows) for rows in tables(decoded(data))])
    return _workbook(data, kind)


def _content(path: Path) -> bytes:
    try:
        return read_plain(path)
    except FileNotFoundError:
        raise NotFound("There is no file {name}.", name=path.name) from None
    except OSError as fault:
        raise Problem("{name} cannot be read.", name=path.name) from fault


def _text_book(rows: list[list[Cell]]) -> Book:
    return Book([_loaded(None, rows)])


def _loaded(name: str | None, rows: list[list[Cell]]) -> Sheet:
    if sum(map(len, rows)) > MAX_CELLS:
        raise too_large()
    return Sheet(name, hidden=False, load=lambda: Loaded(rows))


def _workbook(data: bytes, kind: Container) -> Book:
    if kind is not Container.XLSX or len(data) > _AT_ONCE:
        looks = _looked(data, kind)
        return _guarded(lambda: _sheets((kind is Container.XLSX and _readable(data, looks)) or _open(data), looks))
    with ThreadPoolExecutor(1, thread_name_prefix="opening") as pool:  # an .xlsx is not read by being opened
        opened = pool.submit(_open, data)
        looks = _looked(data, kind)
        return _guarded(lambda: _sheets(_readable(data, looks) or opened.result(), looks))


def _looked(data: bytes, kind: Container) -> dict[str, Look]:
    """The looks of the sheets. Raises RosterProblem for what is damaged or too large."""
    try:
        looks = _LOOKS[kind](data)
    except BROKEN as fault:
        raise damaged() from fault
    if any(look.rows * look.columns > MAX_CELLS for look in looks.values()):
        raise too_large()
    return looks


def _readable(data: bytes, looks: Mapping[str, Look]) -> "CalamineWorkbook | None":
    """A workbook in which the reader knows every error, where it does not in this one; nearly always it does."""
    return _open(with_known_errors(data)) if any_unknown(looks) else None


def _open(data: bytes) -> "CalamineWorkbook":
    from python_calamine import CalamineWorkbook, PasswordError

    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError as fault:
        raise locked() from fault


def _sheets(workbook: "CalamineWorkbook", looks: Mapping[str, Look]) -> Book:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    return Book(
        [
            _sheet(
                workbook,
                entry.name,
                looks.get(entry.name) or Look(),
                hidden=entry.visible is not SheetVisibleEnum.Visible,
            )
            for entry in workbook.sheets_metadata
            if entry.typ is SheetTypeEnum.WorkSheet
        ]
    )


def _sheet(workbook: "CalamineWorkbook", name: str, look: Look, *, hidden: bool) -> Sheet:
    def load() -> Loaded:
        source = workbook.get_sheet_by_name(name)
        merged = Merged(tuple((*start, *end) for start, end in source.merged_cell_ranges or []))
        return Loaded(_with_errors(_cells(source), look), merged)

    def nothing() -> Loaded:
        return Loaded([])

    return Sheet(
        name,
        hidden,
        load=nothing if hidden else lambda: _guarded(load),  # knows nothing of the sheet: with it goes the workbook
        error_rows=frozenset(row for row, _column in look.errors),
        formulas=_by_row(look.formulas),
    )


def _by_row(places: Iterable[tuple[int, int]]) -> dict[int, frozenset[int]]:
    rows: dict[int, set[int]] = {}
    for row, column in places:
        rows.setdefault(row, set()).add(column)
    return {row: frozenset(columns) for row, columns in rows.items()}


def _cells(source: "CalamineSheet") -> list[list[Cell]]:
    """The rows of a sheet. Texts that are alike are one text: a large ledger says the same words again and again."""
    alike = dict[Cell, Cell]().setdefault
    left: list[Cell] = [""] * source.start[1] if source.start else []
    rows = cast("Iterator[list[Cell]]", source.iter_rows())  # begin with the first column that is not empty
    if source.height <= _FEW:
        return [left + row for row in rows] if left else list(rows)
    return [left + list(_shared(row, alike)) for row in rows]  # what is added up has no room for more, as others have


def _shared(row: list[Cell], alike: Callable[[Cell, Cell], Cell]) -> Iterable[Cell]:
    """The cells of a row, each text the one that was met first.

    Other cells are left alone: 1, True and 1.0 are alike too.
    """
    try:
        "".join(row)  # type: ignore[arg-type]  # of cells that are no texts it says so
    except TypeError:
        return (alike(cell, cell) if isinstance(cell, str) else cell for cell in row)
    return map(alike, row, row)


def _with_errors(rows: list[list[Cell]], look: Look) -> list[list[Cell]]:
    for (row, column), code in look.errors.items():
        while row >= len(rows):
            rows.append([])
        cells = rows[row]
        cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = CellError(code)
    return rows


def _guarded(work: Callable[[], _T]) -> _T:
    """Do ``work`` with the reader of spreadsheets; whatever it stumbles over, a damaged file is what it was."""
    from python_calamine import CalamineError

    try:
        return work()
    except (CalamineError, *BROKEN) as fault:
        raise damaged() from fault
    except BaseException as fault:
        if type(fault).__name__ != "PanicException":
            raise
        raise damaged() from None
