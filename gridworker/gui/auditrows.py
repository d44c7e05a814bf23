"""The audit as a table: the columns and cells that the worker's own page and the auditor's page have in common."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gridworker.app.audit import headers
from gridworker.gui.widgets.recordtable import TableRow
from gridworker.gui.widgets.tablecolumn import Column

if TYPE_CHECKING:
    from gridworker.app.audit import AuditView

_WIDTHS = (168, 96, 100, 180, 250, 84, 140, 0)
_MOMENT, _COUNT = 0, 5


def columns() -> list[Column]:
    """When, who, where, what, about what, how many, what for, and more."""
    pairs = zip(headers(), _WIDTHS, strict=True)
    return [
        Column(label, width, right=number == _COUNT, whole=number == _MOMENT)
        for number, (label, width) in enumerate(pairs)
    ]


def table_rows(views: "Sequence[AuditView]") -> list[TableRow]:
    """Rows in words."""
    return [
        TableRow(
            view.id,
            (view.at, view.who, view.device, view.did, view.about,
             "" if view.count is None else str(view.count), view.purpose, view.detail),
        )
        for view in views
    ]  # fmt: skip
