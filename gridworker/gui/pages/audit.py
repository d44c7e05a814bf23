"""The auditor's page at the office: everything on record, by person, device, act and day. No resident is named here."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QStackedWidget, QWidget

from gridworker.app.access.audit import Filter
from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.auditrows import ask_of_record, columns, row_keys, table_rows, tell_row
from gridworker.gui.export.purposedialog import PurposeDialog
from gridworker.gui.filedialogs import FileQuestion, Purpose, save_file
from gridworker.gui.look import theme as themes
from gridworker.gui.page import Page, Shell, Touched
from gridworker.gui.shortcuts import Key, bind
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.editors import DayEditor, NumberEditor
from gridworker.gui.widgets.headers import PageHeader
from gridworker.gui.widgets.layout import clear, column, flow, holder
from gridworker.gui.widgets.longrows import PAGE, Listed
from gridworker.gui.widgets.recordtable import RecordTable
from gridworker.gui.widgets.state import LoadingPanel, StatePanel, Strip, error_in
from gridworker.gui.widgets.tablemodel import TableRow
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.access.audit import AuditView
    from gridworker.app.workspace import Workspace


_ACT_SIGNS = 8
_DAY_WIDTH, _NUMBER_WIDTH, _GAP = 126, 180, 14
"""At 100 %: a day, and a number of 18 digits, to be read whole."""


class _Read(NamedTuple):
    """What the list is read with."""

    asked: int
    listed: Listed[TableRow]


class AuditPage(Page):
    """The page."""

    kinds: ClassVar[frozenset[str]] = frozenset({"audit_event", "staff", "device"})

    def __init__(self, ws: "Workspace", shell: Shell) -> None:
        super().__init__(ws, shell)
        self.person, self.device, self.action = QComboBox(), QComboBox(), QComboBox()
        self.action.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.action.setMinimumContentsLength(_ACT_SIGNS)  # its longest words would leave the days no room
        self.since, self.until, self.record = DayEditor(), DayEditor(), NumberEditor()
        self.export = Button(gettext("Export"), "export", key="X")
        self.export.clicked.connect(self.ask_purpose)
        self.everything = Button(gettext("Show everything"), key="R", kind="quiet")
        self.everything.clicked.connect(self.reset)
        title = gettext("Audit log")
        self.table = RecordTable(columns(), title)
        self.table.row_activated.connect(self._on_row)
        self._about: dict[int, tuple[str, int]] = {}
        self._empty = StatePanel("empty", gettext("Nothing on record that fits."), icon="clipboard-text")
        self._stack = QStackedWidget()
        self._reading = LoadingPanel(gettext("Reading the log"))
        for part in (self._reading, self._empty, self.table):
            self._stack.addWidget(part)
        layout = column(PageHeader(title, "", self.everything, self.export), 12, margins=(28, 16, 28, 24))
        self._alarms = column(gap=8)
        layout.addLayout(self._alarms)
        layout.addWidget(self._filters())
        layout.addSpacing(12)
        layout.addWidget(Card(self._stack, margins=(0, 6, 0, 6)), 1)
        self.setLayout(layout)
        bind(self, "X", self.ask_purpose, gettext("Export"))
        bind(self, "R", self.reset, gettext("Show everything"))
        themes.follow(self._restyle)
        self._asked, self._offered = 0, False
        _fill(self.action, ws.audit.actions())
        self._on_offered(([], []))
        self.refresh({})

    def _filters(self) -> QWidget:
        """Beside each other as far as there is room, the rest below."""
        named = (
            (self.person, gettext("Done by")), (self.device, gettext("Device")),
            (self.action, gettext("Which act")), (self.since, gettext("From the day")),
            (self.until, gettext("To the day")), (self.record, gettext("Record number")),
        )  # fmt: skip
        parts = []
        for editor, label in named:
            editor.setAccessibleName(label)
            parts.append(holder(column(Text(label, "small", "ink-2"), 4, editor)))
            if isinstance(editor, QComboBox):
                editor.activated.connect(self._on_filtered)
            else:
                editor.line.setAccessibleName(label)
                editor.line.editingFinished.connect(self._on_filtered)
        return flow(*parts, gap=_GAP)

    def _restyle(self) -> None:
        px = themes.current().px
        for editor in (self.since, self.until):
            editor.setFixedWidth(px(_DAY_WIDTH))
        self.record.setFixedWidth(px(_NUMBER_WIDTH))

    def _read_offers(self) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
        return self.ws.audit.people(), self.ws.audit.devices()

    def _on_offered(self, offers: tuple[list[tuple[int, str]], list[tuple[int, str]]]) -> None:
        """Fill the lists, keeping what is picked."""
        people, devices = offers
        _fill(self.person, people)
        _fill(self.device, devices)

    def title(self) -> str:
        """What it is called."""
        return gettext("Audit log")

    def focus_first(self) -> None:
        """On the list."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def regions(self) -> list[QWidget]:
        """The filters and the list."""
        return [self.person, self._stack]

    def own_keys(self) -> list[Key]:
        """That of the list."""
        return row_keys()

    def refresh(self, touched: Touched) -> None:
        """Read from the newest on, in a worker: who is asked for may stand anywhere in the log of years."""
        if touched or not self._offered:
            self._offered = True
            background.look(self._read_offers, done=self._on_offered, owner=self)
        self._asked += 1
        asked, answer, wanted = self._asked, partial(_Read, self._asked), self.wanted()

        def read(report: background.Report) -> _Read:
            first = self._shown(self.ws.audit.everywhere(wanted, limit=PAGE))
            begun = Listed([one.id for one in first], self._rows_of, table_rows(first))
            if len(first) < PAGE:
                return answer(begun)
            report(answer(begun))
            ids = self.ws.audit.ids(wanted)
            return answer(Listed(ids, self._rows_of, self._rows_of(ids[:PAGE])))

        unread = partial(self._on_unread, asked)
        background.look(read, done=self._on_read, progress=self._on_read, failed=unread, owner=self)
        background.look(self.ws.audit.alarms, done=self._on_alarms, owner=self)

    def _on_read(self, found: _Read) -> None:
        if found.asked == self._asked:
            self.table.show_list(found.listed)
            self._stack.setCurrentWidget(self.table if self.table.current_key() is not None else self._empty)

    def _on_unread(self, asked: int, fault: Exception) -> None:
        """That nothing is on record would not be so."""
        if asked == self._asked:
            error_in(self._stack, gettext("The log cannot be read just now."), fault, partial(self.refresh, {}))

    def _on_alarms(self, alarms: Sequence[str]) -> None:
        clear(self._alarms)
        for alarm in alarms:
            self._alarms.addLayout(column(Strip(alarm, tone="over"), 8))

    def wanted(self) -> Filter:
        """What is asked for."""
        action = self.action.currentData()
        return Filter(
            self.person.currentData(), self.device.currentData(), (str(action),) if action else (),
            _day(self.since), _day(self.until), self._record(),
        )  # fmt: skip

    def _record(self) -> int | None:
        """What is typed; of what is no number there is nothing on record."""
        typed = self.record.value()
        if isinstance(typed, str) and typed.lstrip("…").isdecimal():  # as the list has it
            return int(typed.lstrip("…"))
        return typed if typed is None or isinstance(typed, int) else 0

    def reset(self) -> None:
        """Ask for everything again."""
        for chosen in (self.person, self.device, self.action):
            chosen.setCurrentIndex(0)
        for editor in (self.since, self.until, self.record):
            editor.set_value(None)
        self._on_filtered()

    def ask_purpose(self) -> None:
        """What the export is for; then where to."""
        dialog = PurposeDialog(self, gettext("Export the audit log"))
        dialog.chosen.connect(self._on_purpose)
        dialog.open()

    def _on_purpose(self, purpose: str) -> None:
        name = gettext("audit") + ".xlsx"
        question = FileQuestion(gettext("Export the audit log"), Purpose.PAPERS, ["*.xlsx", "*.csv"], name, "xlsx")
        save_file(self, question, lambda path: self.hand_out(path, purpose))

    def hand_out(self, path: Path, purpose: str) -> None:
        """Write what the list shows to a file."""
        work = partial(self.ws.audit.export, path, self.wanted(), purpose=purpose)
        background.run(work, done=partial(self._on_exported, path.name), failed=self._on_failed, owner=self)

    def _on_exported(self, name: str, count: int) -> None:
        said = ngettext("{count} row written to {file}.", "{count} rows written to {file}.", count)
        self.shell.toast(said.format(count=count, file=name))

    def _on_failed(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        self.shell.problem(fault)

    def _on_filtered(self) -> None:
        self._fit_act()
        self.refresh({})

    def _fit_act(self) -> None:
        """What is picked is read whole; what lies beside it goes below where there is no room."""
        metrics = self.action.fontMetrics()
        signs = metrics.horizontalAdvance(self.action.currentText()) // max(metrics.horizontalAdvance("X"), 1) + 1
        self.action.setMinimumContentsLength(max(_ACT_SIGNS, signs))

    def _rows_of(self, ids: Sequence[int]) -> Sequence[TableRow]:
        """Some rows of the list, read in a worker as they come in sight."""
        known = {one.key: one for one in table_rows(self._shown(self.ws.audit.of_ids(ids)))}
        return [known.get(id_) or TableRow(id_, ("…",) * len(columns())) for id_ in ids]

    def _shown(self, found: "Sequence[AuditView]") -> "Sequence[AuditView]":
        self._about |= {view.id: (view.kind, view.record) for view in found if view.record}
        return found

    def _on_row(self, key: object) -> None:
        """All of a row; of one about a record what else is on record of it, and its file for who may open that."""
        kind, record = self._about.get(key if isinstance(key, int) else 0, ("", 0))
        if not record:
            tell_row(self, self.table)
            return
        opens = kind in {"household", "resident"} and self.ws.session.knows("READ PEOPLE")
        file = partial(self._open_file, kind, record) if opens else None
        ask_of_record(self, self.table, record, partial(self._show_only, record), file)

    def _show_only(self, record: int, *_checked: bool) -> None:
        self.record.set_value(record)
        self._on_filtered()

    def _open_file(self, kind: str, record: int) -> None:
        homes = [record]
        if kind == "resident":
            members = self.ws.records.page("household_member", limit=10, where={"resident_id": record})
            homes = [home for one in members if isinstance(home := one.values["household_id"], int)]
        if homes:
            self.shell.go("household", homes[-1])
        else:
            self.shell.toast(gettext("There is no file of this any more."))


def _fill(box: QComboBox, choices: Sequence[tuple[object, str]]) -> None:
    before = box.currentData()
    box.clear()
    box.addItem(gettext("All"), None)
    for value, words in choices:
        box.addItem(words, value)
    box.view().setMinimumWidth(box.view().sizeHintForColumn(0))
    box.setCurrentIndex(max(box.findData(before), 0) if before is not None else 0)


def _day(editor: DayEditor) -> date | None:
    try:
        return date.fromisoformat(str(editor.value() or ""))
    except ValueError:
        return None
