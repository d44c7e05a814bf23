"""The audit as a table: the columns and cells that the worker's own page and the auditor's page have in common."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gridworker.app.audit import headers
from gridworker.gui.widgets.recordtable import TableRow
from gridworker.gui.widgets.tablecolumn import Column

if TYPE_CHECKING:
    from gridworker.app.audit import AuditView

_WIDTHS = (168, 88, 96, 150, 222, 64, 100, 0)
_MOMENT, _DEVICE, _COUNT, _PURPOSE = 0, 2, 5, 6
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
