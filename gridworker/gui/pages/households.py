"""Households: everybody on the books by door or by last visit, with a filter that takes names, pinyin and doors."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from gridworker.app.household.filter import HouseholdFilter
from gridworker.gui import background
from gridworker.gui.export.handingout import HandingOut
from gridworker.gui.household.ledgerform import LedgerForm
from gridworker.gui.look import theme as themes
from gridworker.gui.page import Page, Shell, Touched
from gridworker.gui.readingahead import ReadingAhead
from gridworker.gui.rowmenu import Entry, show_menu
from gridworker.gui.shortcuts import Key, bind, keys_of_a_list
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.chip import ChipSpec
from gridworker.gui.widgets.headers import PageHeader
from gridworker.gui.widgets.layout import column, row
from gridworker.gui.widgets.livefield import LiveField
from gridworker.gui.widgets.longrows import PAGE, Listed
from gridworker.gui.widgets.narrowbar import NarrowBar
from gridworker.gui.widgets.recordtable import RecordTable
from gridworker.gui.widgets.segmented import Segment, Segmented
from gridworker.gui.widgets.signs import chip_of
from gridworker.gui.widgets.state import LoadingPanel, StatePanel, error_in
from gridworker.gui.widgets.tablecolumn import Column
from gridworker.gui.widgets.tablemodel import Sorting, TableRow
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.household.filter import Choice
    from gridworker.app.household.view import HouseholdRow
    from gridworker.app.workspace import Workspace

_WAIT = 80
_FIELD, _LEAST_FIELD = 300, 160
_BY_DOOR = Sorting("door")


class _Read(NamedTuple):
    """What the list is read with."""

    asked: int
    narrow: bool
    ids: Sequence[int]
    first: Sequence[TableRow]
    whole: bool
    """Whether these are all; the first ones are shown while the others are put in order."""


class HouseholdsPage(Page):
    """The page. A target that is a text is typed into the filter."""

    kinds: ClassVar[frozenset[str]] = frozenset({
        "household", "household_member", "resident", "visit", "care_membership", "dwelling", "building", "consent",
    })  # fmt: skip

    def __init__(self, ws: "Workspace", shell: Shell) -> None:
        super().__init__(ws, shell)
        self._ids: Sequence[int] = ()
        self._asked = 0
        self._question: object = None
        self._answered = False
        self._wants_focus = False
        self._task: background.Task[_Read] | None = None
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_WAIT)
        self._wait.timeout.connect(partial(self.refresh, {}))
        self._make_parts()
        self._ahead = ReadingAhead(self, ws.households.look_ahead)
        self._ahead.give_way(self.table.verticalScrollBar())
        bind(self, "/", self._filter.setFocus, gettext("Filter the list"))
        bind(self, "O", self._on_file, gettext("Open the file"))
        bind(self, "N", self._on_visit, gettext("Start visit"))
        bind(self, "X", self._on_export, gettext("Export or print"))
        if self.ws.session.knows("CREATE ISSUES"):
            bind(self, "E", self._on_issue, gettext("Report issue"))
        bind(self, "S", self.table.sort_next, gettext("Sort by the next column"))
        bind(self, "Shift+S", self.table.turn_round, gettext("Turn the order round"))
        shell.sharing_changed.connect(self._on_sharing)
        themes.follow(self._restyle)

    def _make_parts(self) -> None:
        actions: list[QWidget] = []
        if self.ws.session.is_office and self.ws.session.can("IMPORT PEOPLE"):
            roster = Button(gettext("Import a roster"), "tray", key="I")
            roster.clicked.connect(partial(self.shell.go, "roster", None))
            bind(self, "I", roster.click, gettext("Import a roster"))
            actions.append(roster)
        if self.ws.session.can("EXPORT PEOPLE"):
            self._handing = HandingOut(self.ws, self.shell, self)
            handing = Button(gettext("Export a ledger"), "export", key="Shift X")
            handing.clicked.connect(self._handing.open)
            actions.insert(0, handing)
            bind(self, "Shift+X", self._handing.open, gettext("Export a ledger"))
        self._export = Button(gettext("Export or print"), "export", kind="quiet", key="X")
        self._export.clicked.connect(self._on_export)
        self._export.hide()  # until there is a list
        actions.insert(0, self._export)
        self._header = PageHeader(gettext("Households"), "", *actions)
        self._filter = LiveField(gettext("Name, pinyin or door") + "  /")
        self._filter.typed.connect(self._on_typed)
        self._filter.moved.connect(self._on_moved)
        self._filter.returnPressed.connect(self._on_file)
        self._order = Segmented([
            Segment("door", gettext("By door")),
            Segment("visit", gettext("By last visit")),
            Segment("newest", gettext("Newest files first")),
        ])  # fmt: skip
        self._narrow = NarrowBar()
        self._narrow.changed.connect(partial(self.refresh, {}))
        self._order.chosen.connect(self._on_ordered)
        columns = [
            Column(gettext("Head of household"), 140, bold=True, sort="name"),
            Column(gettext("Door"), sort="door"),
            Column(gettext("People"), 96, sort="people", yields=2),
            Column(gettext("Care"), 216, sort="care", yields=3),
            Column(gettext("Last visit"), 92, sort="visit", yields=1),
            Column(gettext("Next visit"), 140),
        ]
        self.table = RecordTable(columns, gettext("Households"), several=True)
        self.table.row_activated.connect(partial(self.shell.go, "household"))
        self.table.menu_wanted.connect(self._on_menu)
        self.table.sort_wanted.connect(self._on_sort)
        self._sorting = _BY_DOOR
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._reading = LoadingPanel(gettext("Reading the households"))
        self._nobody = StatePanel(
            "empty",
            gettext("Nobody on the books yet"),
            gettext("Start with a building: click a door and write down the first household."),
            gettext("Buildings"),
            icon="identification-card",
        )
        self._nobody.pressed.connect(partial(self.shell.go, "buildings", None))
        self._nothing = StatePanel("empty", gettext("No household fits."), "", gettext("Show all"), icon="tray")
        self._nothing.pressed.connect(self._on_show_all)
        self._stack.addWidget(self._nobody)
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self._reading)
        self._stack.setCurrentWidget(self._reading)
        line = row(None, self._order)
        line.insertWidget(0, self._filter, 1)
        bar = column(line, self._narrow, gap=10)
        card = Card(self._stack, margins=(0, 6, 0, 6))
        layout = column(self._header, 16, bar, 12, margins=(28, 16, 28, 24))
        layout.addWidget(card, 1)
        self.setLayout(layout)

    def _restyle(self) -> None:
        self._filter.setMinimumWidth(themes.current().px(_LEAST_FIELD))
        self._filter.setMaximumWidth(themes.current().px(_FIELD))

    # ------------------------------------------------------------------------------------------------------ reading

    def title(self) -> str:
        """What it is called."""
        return gettext("Households")

    def show_target(self, target: object) -> None:
        """A text goes into the filter."""
        if isinstance(target, str):
            self._filter.setText(target)

    def refresh(self, touched: Touched) -> None:
        """Take a new snapshot of who lives here."""
        del touched
        self._ahead.stop()
        if self._task is not None:
            self._task.cancel()  # a common beginning leaves very many, and whoever types on does not wait for them
        self._asked += 1
        asked, query, sorting = self._asked, self._filter.live_text(), self._sorting
        narrowing = HouseholdFilter(**self._narrow.values())
        narrow = bool(query.strip()) or not narrowing.is_empty
        self._question, before = (query, sorting, narrowing), self._question
        self._answered = self._answered and self._question == before
        self._export.setEnabled(self._answered)

        def read(report: background.Report) -> _Read:
            households = self.ws.households
            if not query.strip():
                first = households.first(PAGE, sorting.by, narrowing, down=sorting.down)
            else:  # what is narrowed as well is seldom among the likeliest of all
                likeliest = narrowing.is_empty
                first = households.likeliest(query, PAGE, sorting.by, down=sorting.down) if likeliest else ()
            if first:
                report(_Read(asked, narrow, first, self._rows_of(first), False))
            report(households.choices())  # nobody waits for thousands of buildings before the first rows
            ids = households.ids(query, sorting.by, narrowing, down=sorting.down, told=partial(report, None))
            return _Read(asked, narrow, ids, self._rows_of(ids[:PAGE]), True)

        self._task = background.look(
            read, done=self._on_read, progress=self._on_part, failed=partial(self._on_failed, asked)
        )

    def _on_part(self, part: "_Read | Mapping[str, Sequence[Choice]] | None") -> None:
        if isinstance(part, _Read):
            self._on_read(part)
        elif part is not None:
            self._narrow.offer(part)

    def _on_read(self, found: "_Read") -> None:
        if found.asked != self._asked or (self._answered and not found.whole):
            return  # a list that stands there whole is not cut down to its beginning for a while
        self._ids, self._answered = found.ids, found.whole
        self._export.setEnabled(found.whole)
        if found.whole:
            self._ahead.begin_soon()
        self.table.show_sorting(self._sorting)
        self._export.setVisible(
            bool(found.ids) and found.whole and not self.shell.sharing and self.ws.session.can("EXPORT PEOPLE")
        )
        self._header.show_title(gettext("Households"), str(len(found.ids)) if found.ids and found.whole else "")
        self._stack.setCurrentIndex(0 if found.ids else 2 if found.narrow else 1)
        self.table.show_list(Listed(found.ids, self._rows_of, found.first))
        if self._wants_focus and found.ids and self.isVisible():
            self.focus_first()

    def _on_failed(self, asked: int, fault: Exception) -> None:
        if asked == self._asked:
            self._ids, self._answered = (), False
            self._export.hide()
            again = partial(self.refresh, {})
            error_in(self._stack, gettext("The households cannot be read just now."), fault, again)

    def _rows_of(self, ids: Sequence[int]) -> Sequence[TableRow]:
        """Some rows of the list, read in a worker as they come in sight."""
        known = {row.id: row for row in self.ws.households.rows(ids, sharing=self.shell.sharing)}
        return [_table_row(id_, known.get(id_)) for id_ in ids]

    # ----------------------------------------------------------------------------------------------------- answers

    def _on_sharing(self, _sharing: bool) -> None:
        self._on_sort(self._sorting)

    def _on_typed(self, _text: str) -> None:
        self._wait.start()

    def _on_show_all(self) -> None:
        self._filter.clear()
        self._narrow.reset()
        self.refresh({})

    def _on_export(self) -> None:
        """The rows chosen; where only one is, that is the current one too: then it is asked whether all are meant."""
        if not self._answered or not self._export.isVisible():
            return  # what stands there answers an earlier question
        chosen = [key for key in self.table.chosen_keys() if isinstance(key, int)]
        form = LedgerForm(self, self.ws.households.ledger, self.shell)
        if len(chosen) == 1 and len(self._ids) > 1:
            form.ask(list(self._ids), chosen[0])
        else:
            form.ask(chosen or list(self._ids))

    def _on_moved(self, _key: int) -> None:
        self.table.setFocus()

    def _on_ordered(self, order: str) -> None:
        self._on_sort(Sorting(order))

    def _on_sort(self, sorting: Sorting) -> None:
        self._sorting = sorting = _BY_DOOR if self.shell.sharing and sorting.by == "care" else sorting
        self._order.set_value("" if sorting.down or sorting.by not in {"door", "visit", "newest"} else sorting.by)
        self.refresh({})

    def _on_file(self) -> None:
        if self.table.current_key() is not None and not self._filter.composing():
            self.shell.go("household", self.table.current_key())

    def _on_visit(self) -> None:
        if self.table.current_key() is not None and self.ws.session.can("CREATE VISITS"):
            self.shell.go("visit", self.table.current_key())

    def _on_issue(self) -> None:
        self.shell.report_issue(self.table.current_key())

    def _on_menu(self, _household: object, at: QPoint) -> None:
        can, knows = self.ws.session.can, self.ws.session.knows
        entries = (
            (Entry(gettext("Open the file"), "Enter", self._on_file), True),
            (Entry(gettext("Start visit"), "N", self._on_visit), can("CREATE VISITS")),
            (Entry(gettext("Report issue"), "E", self._on_issue), knows("CREATE ISSUES")),
            (Entry(gettext("Export or print"), "X", self._on_export), self._export.isVisible()),
        )
        show_menu(self, at, (entry for entry, there in entries if there))

    # ---------------------------------------------------------------------------------------------------- contract

    def focus_first(self) -> None:
        """The list; before it is read, later."""
        self._wants_focus = self._stack.currentWidget() is not self.table
        # a hidden table takes no focus: it would stay on the first button, and an early Enter would press that
        (self._reading if self._stack.currentWidget() is self._reading else self.table).setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave the focus to who comes next."""
        super().hideEvent(event)
        self._wants_focus = False

    def own_keys(self) -> list[Key]:
        """Those of the list."""
        return [*keys_of_a_list(gettext("Open the file")), Key("Shift F10", gettext("Menu of the row"))]

    def regions(self) -> list[QWidget]:
        """Filter, list."""
        return [self._filter, self.table]


def _table_row(id_: int, found: "HouseholdRow | None") -> TableRow:
    if found is None:
        return TableRow(id_, ("…", "", "", "", "", ""))
    more = len(found.cares) - 1
    care: str | ChipSpec = chip_of(found.cares[0]) if found.cares else ""
    if isinstance(care, ChipSpec) and more > 0:
        care = ChipSpec(f"{care.text} +{more}", care.tone, care.icon)
    due: str | ChipSpec = chip_of(found.due) if found.due else ""
    return TableRow(id_, (found.name, found.door, found.people, care, found.last, due))
