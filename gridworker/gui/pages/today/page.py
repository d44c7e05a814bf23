"""Today: the next household, the rest of the day in order, and at the side what waits."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from gridworker.app.due.today_view import FIRST
from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.look import theme as themes
from gridworker.gui.otheroffice import OtherOffice
from gridworker.gui.page import Page, Shell, Status, Touched, Undo
from gridworker.gui.pages.today.hero import TodayHero
from gridworker.gui.pages.today.looks import items_of, week_of
from gridworker.gui.pages.today.order import OrderSwitch
from gridworker.gui.pages.today.parked import ParkedCards
from gridworker.gui.pages.today.summary import SummaryLine
from gridworker.gui.pages.today.waiting import WaitingCard
from gridworker.gui.readingahead import ReadingAhead
from gridworker.gui.rowmenu import Entry, show_menu
from gridworker.gui.shortcuts import Key, bind, keys_of_a_list
from gridworker.gui.undoing import undone_line
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.headers import PageHeader, SectionHeader
from gridworker.gui.widgets.layout import column, holder, row
from gridworker.gui.widgets.rowlist import RowList
from gridworker.gui.widgets.searchfield import SearchField
from gridworker.gui.widgets.state import LoadingPanel, StatePanel, Strip
from gridworker.gui.widgets.weekstrip import WeekStrip
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.due.today_view import Putting, TodayView
    from gridworker.app.exchange.standing import Standing
    from gridworker.app.workspace import Workspace

SIDE_WIDTH = 356
FOLD_BELOW = 968
"""Under this effective width the side column becomes a line of buttons (ui/tokens.md 3)."""

_MINUTE = 60_000
_MARGIN, _GAP = 28, 28


class TodayPage(Page):
    """The page. It has no targets."""

    kinds: ClassVar[frozenset[str]] = frozenset({
        "visit", "household", "household_member", "resident", "dwelling", "building", "care_membership", "issue",
        "issue_step",
    })  # fmt: skip

    def __init__(self, ws: "Workspace", shell: Shell) -> None:
        super().__init__(ws, shell)
        self._view: TodayView | None = None
        self._asked = 0
        self._fault: QWidget | None = None
        self._wants_focus = False
        self._order = OrderSwitch()
        self._make_parts()
        self._ahead = ReadingAhead(self, lambda: self._read_lists)
        self._ahead.give_way(self._list.verticalScrollBar())
        self._lay_out()
        self._bind_keys()
        shell.sharing_changed.connect(self._on_sharing)
        self._minute = QTimer(self)
        self._minute.setInterval(_MINUTE)
        self._minute.timeout.connect(self._on_minute)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._read)

    def _make_parts(self) -> None:
        self._search = SearchField()
        self._search.clicked.connect(self.shell.search)
        self._report = Button(gettext("Report issue"), "plus", key="Ctrl E")
        self._report.clicked.connect(lambda: self.shell.report_issue())
        if not self.ws.session.knows("CREATE ISSUES"):
            self._report.hide()
        self._header = PageHeader(gettext("Today"), "", self._search, 4, self._report)
        self._clock_strip = Strip(
            gettext("The date of this computer looks wrong; set it first."),
            gettext(
                "Visits are saved all the same. If the date is right by now, hand over, and the office corrects it."
            ),
        )
        self._before_strip = Strip(
            gettext("Very much came in; who is due is being worked out."),
            gettext("Until then these are those who were due before, and the counts are of before too."),
            icon="hourglass",
        )
        self._summary, self._week, self._hero = SummaryLine(), WeekStrip(name=gettext("This week")), TodayHero()
        self._first_part = SectionHeader("", "", self._order)
        self._list = RowList(chip_column=272, name=gettext("Households to visit"))
        self._waiting, self._parked = WaitingCard(), ParkedCards()
        self._summary.wanted.connect(self.shell.go)
        self._week.chosen.connect(self._on_day_chosen)
        self._hero.pressed.connect(self._on_next)
        self._order.chosen.connect(self._on_order_chosen)
        self._list.row_activated.connect(self._start)
        self._list.menu_wanted.connect(self._on_menu_wanted)
        self._waiting.issue_pressed.connect(partial(self.shell.go, "issues"))
        self._waiting.all_pressed.connect(partial(self.shell.go, "issues"))
        self._parked.resumed.connect(self._start)

    def _lay_out(self) -> None:
        inset = row(self._first_part, margins=(12, 0, 12, 0))
        left = column(self._summary, self._week, self._hero, gap=12)
        left.addLayout(inset)
        left.addSpacing(-8)
        left.addWidget(self._list, 1)
        left.addStretch(0)  # where there is no list, the room is below
        self._hero.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._side = holder(column(self._waiting, self._parked, None, gap=16))
        body = row(gap=_GAP)
        body.addLayout(left, 1)
        body.addWidget(self._side)
        self._first_day = StatePanel(
            "empty",
            gettext("Start with the buildings"),
            gettext("Click a door and write down the first household."),
            gettext("Buildings"),
            icon="buildings",
        )
        self._first_day.pressed.connect(partial(self.shell.go, "buildings"))
        self._stack = QStackedWidget()
        self._loading = LoadingPanel(gettext("Reading the day"))
        self._day = holder(body)
        self._day.setMinimumWidth(
            1
        )  # the side folds away before anything is cut, which its own least width would forbid
        for widget in (self._loading, self._day, self._first_day):
            self._stack.addWidget(widget)
        self.other = OtherOffice(self.ws)
        said = (self.other, self._clock_strip, column(self._before_strip, margins=(0, 0, 0, 12)))
        layout = column(self._header, 16, *said, margins=(_MARGIN, 16, _MARGIN, 16))
        layout.addWidget(self._stack, 1)
        self.setLayout(layout)
        self._clock_strip.hide()
        self._before_strip.hide()
        themes.follow(self._restyle)

    def _bind_keys(self) -> None:
        bind(self, "N", self._on_next, gettext("Start the next visit"))
        bind(self, "D", self._on_put_off, gettext("Leave for another day"))
        bind(self, "O", self._on_file, gettext("Open the file"))
        bind(self, "G", self._order.switch, gettext("By priority or by route"))

    # ------------------------------------------------------------------------------------------------------ reading

    def title(self) -> str:
        """What it is called."""
        return gettext("Today")

    def refresh(self, touched: Touched) -> None:
        """Read the day again; once, where several ask for it at the same moment."""
        del touched
        self._ahead.stop()
        self._asked += 1
        self._soon.start()

    def _read(self) -> None:
        today, order = self.ws.today, {"by_route": self._order.by_route, "sharing": self.shell.sharing}
        read = partial(today.view, **order)
        shown = partial(self._on_read, self._asked)
        if self._view is None:  # the first rows come sooner than all; a list somebody scrolled through stays whole
            read, shown = partial(read, most=FIRST), partial(self._on_first_read, self._asked, read)

        def work(report: background.Report) -> "TodayView":
            before = today.before(**order)
            if before is not None:
                report(before)
            return read()

        told = partial(self._on_before, self._asked)
        background.look(work, done=shown, progress=told, failed=self._on_failed, owner=self)
        self.other.refresh()

    def _on_before(self, asked: int, view: "TodayView") -> None:
        """What was known before very much came, and that it is of before."""
        if asked == self._asked:
            self._header.show_title(gettext("Today"), view.date_text)
            self._clock_strip.setVisible(view.clock_wrong)
            self._before_strip.show()
            self._stack.setCurrentWidget(self._day)
            self._show(view)

    def _on_first_read(self, asked: int, whole: "Callable[[], TodayView]", view: "TodayView") -> None:
        self._on_read(asked, view)
        if any(part.count > len(part.rows) for part in view.sections):
            background.look(whole, done=partial(self._on_rest_read, asked), owner=self)

    def _on_rest_read(self, asked: int, view: "TodayView") -> None:
        """Only the rows are more than before."""
        if asked == self._asked:
            self._view = view
            self._list.show_rows(items_of(view))

    def _on_read(self, asked: int, view: "TodayView") -> None:
        if asked != self._asked:
            return
        self._view = view
        self._header.show_title(gettext("Today"), view.date_text)
        self._clock_strip.setVisible(view.clock_wrong)
        self._before_strip.hide()
        self.shell.badge("today", view.to_go)
        if view.state == "first":
            self._stack.setCurrentWidget(self._first_day)
            return
        self._stack.setCurrentWidget(self._day)
        self._show(view)
        if self.ws.session.knows("MASKED PEOPLE"):
            self._ahead.begin_soon()  # whoever goes to the households then finds any order and filter of them at once

    def _read_lists(self, told: background.Report) -> None:
        """In a worker, which also loads what reads the households: the desk would wait for that."""
        self.ws.today.keep_ahead()
        if self.ws.session.knows("MASKED ISSUES"):
            self.ws.issues.look_ahead()()
        self.ws.households.look_ahead()(told)

    def _show(self, view: "TodayView") -> None:
        self._summary.show_view(view)
        self._week.show_days(week_of(view))
        self._hero.show_view(view, may_visit=self.ws.session.can("CREATE VISITS"))
        first = view.sections[0] if view.sections else None
        self._first_part.show_title(first.title if first else "", first.aside if first else "")
        self._first_part.setVisible(first is not None)
        self._list.show_rows(items_of(view))
        self._list.setVisible(bool(view.sections))
        self._waiting.show_waiting(view.waiting)
        self._parked.show_parked(view.parked)
        self._fold()
        if self._wants_focus and self.isVisible():
            self.focus_first()

    def _on_failed(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        panel = StatePanel("error", gettext("The day could not be read."), str(fault), gettext("Try again"))
        panel.pressed.connect(partial(self.refresh, {}))
        if self._fault is not None:
            self._stack.removeWidget(self._fault)
            self._fault.deleteLater()
        self._fault = panel
        self._stack.addWidget(panel)
        self._stack.setCurrentWidget(panel)

    def _on_sharing(self, _sharing: bool) -> None:
        self.refresh({})

    def _on_minute(self) -> None:
        """Midnight changes everything; a minute nothing but the clocks, which run by themselves."""
        if self._view is not None and self._view.day != self.ws.session.today():
            self.refresh({})

    def _read_status(self) -> None:
        def read() -> "Standing":
            from gridworker.app.exchange.standing import standing

            return standing(self.ws.exchange.pending(), self.ws.session.today())

        if not self.ws.session.is_office:
            background.run_later(read, done=self._on_status_read)

    def _on_status_read(self, standing: "Standing") -> None:
        self.shell.status(
            Status(standing.title, standing.text, amber=standing.amber, done=standing.done, count=standing.count)
        )

    # ------------------------------------------------------------------------------------------------------ answers

    def _start(self, household: object) -> None:
        """Start a visit, or go on with it; a window that only reads opens the file instead."""
        self.shell.go("visit" if self.ws.session.can("CREATE VISITS") else "household", household)

    def _chosen(self) -> object:
        """The household that keys speak of: the current row, or the next visit where its panel has the focus."""
        on_hero = self._hero.button.hasFocus() or self._list.current_key() is None
        return self._hero.household if on_hero else self._list.current_key()

    def _on_next(self) -> None:
        if self._hero.household is not None:
            self._start(self._hero.household)

    def _on_file(self) -> None:
        if self._chosen() is not None:
            self.shell.go("household", self._chosen())

    def _on_put_off(self) -> None:
        household = self._chosen()
        if isinstance(household, int) and self.ws.session.can("CREATE VISITS"):
            background.run(partial(self.ws.today.put_off, household), done=self._on_put)

    def _on_put(self, putting: "Putting") -> None:
        def put_back() -> None:
            background.run(partial(self.ws.today.put_back, putting), done=self._on_put_back, owner=self)

        self.shell.toast(putting.text, Undo(put_back))
        self.refresh({})

    def _on_put_back(self, _nothing: None) -> None:
        self.refresh({})
        self.shell.toast(undone_line())

    def _on_order_chosen(self, _by_route: bool) -> None:
        self.refresh({})

    def _on_day_chosen(self, day: str) -> None:
        rows = [row for part in (self._view.sections if self._view else ()) for row in part.rows]
        found = next((row for row in rows if row.day.isoformat() == day), None)
        if found is not None:
            self._list.choose(found.household)
            self._list.setFocus()

    def _on_menu_wanted(self, household: object, at: QPoint) -> None:
        wanted = (
            Entry(gettext("Start visit"), "Enter", partial(self._start, household)),
            Entry(gettext("Open the file"), "O", self._on_file),
            Entry(gettext("Leave for another day"), "D", self._on_put_off),
        )
        show_menu(self, at, wanted)

    # ----------------------------------------------------------------------------------------------------- contract

    def focus_first(self) -> None:
        """The list; where it is empty, the button of the strong panel, or search; before the day is read, later."""
        self._wants_focus = self._view is None
        alone: QWidget = self._search if self._hero.button.isHidden() and not self._wants_focus else self._hero.button
        target = self._list if self._list.current_key() is not None else alone
        target.setFocus()

    def own_keys(self) -> list[Key]:
        """Those of the list."""
        return [*keys_of_a_list(gettext("Start the selected visit")), Key("Shift F10", gettext("Menu of the row"))]

    def regions(self) -> list[QWidget]:
        """Head, strong panel, list, side."""
        return [self._search, self._hero.button, self._list, self._side if self._side.isVisible() else self._summary]

    def _restyle(self) -> None:
        self._side.setFixedWidth(themes.current().px(SIDE_WIDTH))
        self._fold()

    def _fold(self) -> None:
        least = self._hero.minimumSizeHint().width() + _GAP + self._side.width() + 2 * _MARGIN
        narrow = self.width() < max(least, FOLD_BELOW * themes.current().scale)
        self._side.setHidden(narrow)
        self._week.setHidden(narrow)
        self._summary.setVisible(narrow)
        self._report.set_key("" if narrow else "Ctrl E")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the side column where there is no room."""
        super().resizeEvent(event)
        self._fold()

    def showEvent(self, event: QShowEvent) -> None:
        """Drafts may have come and gone meanwhile, which no write tells of."""
        super().showEvent(event)
        self._minute.start()
        self.refresh({})
        self._read_status()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest, and leave the focus to who comes next."""
        super().hideEvent(event)
        self._minute.stop()
        self._ahead.stop()
        self._wants_focus = False
