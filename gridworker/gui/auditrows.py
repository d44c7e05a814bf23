"""The audit as a table: the columns and cells that the worker's own page and the auditor's page have in common."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtWidgets import QWidget

from gridworker.app.access.audit import headers
from gridworker.gui import messages
from gridworker.gui.shortcuts import Key
from gridworker.gui.widgets.recordtable import RecordTable
from gridworker.gui.widgets.tablecolumn import Column
from gridworker.gui.widgets.tablemodel import TableRow
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.access.audit import AuditView

Way: TypeAlias = Callable[[], object]

_WIDTHS = (168, 88, 96, 176, 196, 64, 100, 0)
_MOMENT, _DEVICE, _DID, _COUNT, _PURPOSE = 0, 2, 3, 5, 6
_LEAST = 72
"""Of the detail, at 100 %."""
_YIELDS = {_DEVICE: 1, _PURPOSE: 2}
"""With large text the device goes first: it says little that its person does not."""


def columns() -> list[Column]:
    """When, who, where, what, about what, how many, what for, and more."""
    pairs = zip(headers(), _WIDTHS, strict=True)
    return [
        Column(
            label, width, right=number == _COUNT, whole=number == _MOMENT,
            yields=_YIELDS.get(number, 0), least=0 if width else _LEAST,
        )
        for number, (label, width) in enumerate(pairs)
    ]  # fmt: skip


def row_keys() -> list[Key]:
    """What the list answers itself."""
    return [Key("Enter", gettext("All of the row"))]


def tell_row(page: QWidget, table: RecordTable) -> None:
    """The whole of the current row, each cell after what it is: in a small window some are cut, and some left out."""
    cells = _cells(table)
    if cells:
        messages.tell(page, cells[_DID], "\n".join(_lines(cells)))


def ask_of_record(page: QWidget, table: RecordTable, record: int, only: Way, file: Way | None) -> None:
    """The same of a row that is about a record: its whole number, and the ways to what is on record of it, to its file.

    ``file`` is None where there is none, or where it may not be opened.
    """
    cells = _cells(table)
    number = gettext("{name}: {value}").format(name=gettext("Record number"), value=record)
    more, to_file = "\n".join([*_lines(cells), number]), gettext("Open the file") if file else ""
    words = messages.Question(cells[_DID], more, gettext("Only this record"), gettext("OK"), to_file)
    messages.ask(page, words, only, file or only)


def _cells(table: RecordTable) -> list[str]:
    at, model = table.currentIndex().row(), table.model()
    return [str(model.index(at, number).data() or "") for number in range(model.columnCount())] if at >= 0 else []


def _lines(cells: Sequence[str]) -> list[str]:
    named = zip(headers(), cells, strict=False)
    return [gettext("{name}: {value}").format(name=head, value=cell) for head, cell in named if cell]


def table_rows(views: "Sequence[AuditView]") -> list[TableRow]:
    """Rows in words."""
    return [
        TableRow(
            view.id,
            (view.at, view.who, view.device, view.did, view.short,
             "" if view.count is None else str(view.count), view.purpose, view.detail),
        )
        for view in views
    ]  # fmt: skip
