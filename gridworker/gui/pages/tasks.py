"""The task slip: a name, a place, a day. All that a volunteer sees."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from gridworker.gui import background
from gridworker.gui.page import Page, Shell, Touched
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.headers import PageHeader
from gridworker.gui.widgets.layout import column
from gridworker.gui.widgets.recordtable import RecordTable
from gridworker.gui.widgets.state import LoadingPanel, StatePanel, error_in
from gridworker.gui.widgets.tablecolumn import Column
from gridworker.gui.widgets.tablemodel import TableRow
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.issue.tasks import TaskSlip
    from gridworker.app.workspace import Workspace


class TasksPage(Page):
    """The page."""

    kinds: ClassVar[frozenset[str]] = frozenset({"issue", "issue_step", "household"})

    def __init__(self, ws: "Workspace", shell: Shell) -> None:
        super().__init__(ws, shell)
        labels = [Column(gettext("Name"), 200, bold=True), Column(gettext("Place"), 320), Column(gettext("Until"))]
        self.table = RecordTable(labels, gettext("Task slips"))
        self._empty = StatePanel("empty", gettext("Nothing to do just now."), icon="note")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.table)
        self._reading = LoadingPanel(gettext("Reading the task slips"))
        self._stack.addWidget(self._reading)
        self._stack.setCurrentWidget(self._reading)
        layout = column(PageHeader(gettext("Task slips"), ""), 16, margins=(28, 16, 28, 24))
        layout.addWidget(Card(self._stack, margins=(0, 6, 0, 6)), 1)
        self.setLayout(layout)
        self.refresh({})

    def title(self) -> str:
        """What it is called."""
        return gettext("Task slips")

    def focus_first(self) -> None:
        """On the list."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def regions(self) -> list[QWidget]:
        """The list."""
        return [self._stack]

    def refresh(self, touched: Touched) -> None:
        """Read again, in a worker: they are picked out of all that is open."""
        del touched
        background.look(self.ws.tasks.mine, done=self._on_read, failed=self._on_failed, owner=self)

    def _on_read(self, slips: "Sequence[TaskSlip]") -> None:
        rows = [TableRow(slip.id, (slip.name, slip.place, slip.due)) for slip in slips]
        self.table.show_rows(lambda after, _limit: rows if after is None else ())
        self._stack.setCurrentWidget(self.table if rows else self._empty)

    def _on_failed(self, fault: Exception) -> None:
        error_in(self._stack, gettext("The task slips cannot be read just now."), fault, partial(self.refresh, {}))
