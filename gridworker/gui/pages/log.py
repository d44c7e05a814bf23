"""Who looked at what: the log of this store, open to everybody who works in it."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from gridworker.app.access.audit import LOOKING, Filter
from gridworker.gui import background
from gridworker.gui.auditrows import columns, row_keys, table_rows, tell_row
from gridworker.gui.page import Page, Shell, Touched
from gridworker.gui.shortcuts import Key, bind
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.headers import PageHeader
from gridworker.gui.widgets.layout import column, row
from gridworker.gui.widgets.longrows import PAGE, Listed
from gridworker.gui.widgets.recordtable import RecordTable
from gridworker.gui.widgets.segmented import Segment, Segmented
from gridworker.gui.widgets.state import LoadingPanel, StatePanel, error_in
from gridworker.gui.widgets.tablemodel import TableRow
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace

_LOOKS, _ALL = "looks", "all"


class LogPage(Page):
    """The page. Looks first - what was shown, searched, exported, printed - and everything at a press."""

    kinds: ClassVar[frozenset[str]] = frozenset({"audit_event"})

    def __init__(self, ws: "Workspace", shell: Shell) -> None:
        super().__init__(ws, shell)
        title = gettext("Who looked at what")
        self.part = Segmented([Segment(_LOOKS, gettext("Looks")), Segment(_ALL, gettext("Everything"))], _LOOKS)
        self.part.setAccessibleName(title)
        self.part.chosen.connect(self._on_part)
        self.table = RecordTable(columns(), title)
        self.table.row_activated.connect(lambda _: tell_row(self, self.table))
        self._empty = StatePanel("empty", gettext("Nobody looked at anything yet."), icon="eye")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.table)
        self._reading = LoadingPanel(gettext("Reading the log"))
        self._stack.addWidget(self._reading)
        self._stack.setCurrentWidget(self._reading)
        self._asked = 0
        told = gettext("Every look at a number, every search by number, every export is written down, and goes to the "
                       "office with the next bundle. Nobody can take it out.")  # fmt: skip
        layout = column(PageHeader(title, ""), 12, row(self.part, None), 8, Text(told, "small", "ink-3", wrap=True),
                        8, margins=(28, 16, 28, 24))  # fmt: skip
        layout.addWidget(Card(self._stack, margins=(0, 6, 0, 6)), 1)
        self.setLayout(layout)
        bind(self, "L", self._on_next_part, gettext("Looks or everything"))
        shell.sharing_changed.connect(self._on_sharing)
        self.refresh({})

    def title(self) -> str:
        """What it is called."""
        return gettext("Who looked at what")

    def focus_first(self) -> None:
        """On the list."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def regions(self) -> list[QWidget]:
        """The choice and the list."""
        return [self.part, self._stack]

    def own_keys(self) -> list[Key]:
        """That of the list."""
        return row_keys()

    def refresh(self, touched: Touched) -> None:
        """Read from the newest on, in a worker: at an office all of the newest may be the laptops'."""
        del touched
        self._asked += 1
        asked, sharing = self._asked, self.shell.sharing
        wanted = Filter(actions=LOOKING if self.part.value() == _LOOKS else ())

        def read_rows(ids: Sequence[int]) -> Sequence[TableRow]:
            known = {one.key: one for one in table_rows(self.ws.audit.of_ids_here(ids, sharing=sharing))}
            return [known.get(id_) or TableRow(id_, ("…",) * len(columns())) for id_ in ids]

        def read(report: background.Report) -> None:
            first = self.ws.audit.here(wanted, limit=PAGE, sharing=sharing)
            report((asked, Listed([one.id for one in first], read_rows, table_rows(first))))
            if len(first) == PAGE:
                ids = self.ws.audit.ids_here(wanted)
                report((asked, Listed(ids, read_rows, read_rows(ids[:PAGE]))))

        background.look(read, progress=self._on_read, failed=self._on_failed, owner=self)

    def _on_read(self, found: tuple[int, Listed[TableRow]]) -> None:
        asked, listed = found
        if asked == self._asked:
            self.table.show_list(listed)
            self._stack.setCurrentWidget(self.table if listed.keys else self._empty)

    def _on_failed(self, fault: Exception) -> None:
        error_in(self._stack, gettext("The log cannot be read just now."), fault, partial(self.refresh, {}))

    def _on_part(self, _value: str) -> None:
        self.refresh({})

    def _on_next_part(self) -> None:
        self.part.set_value(_ALL if self.part.value() == _LOOKS else _LOOKS)
        self.refresh({})

    def _on_sharing(self, _sharing: bool) -> None:
        self.refresh({})
