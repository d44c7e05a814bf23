"""The issues page: what to do first at the top, one issue in full beside it, every step on a key."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from gridworker.app.issue.views import IssueFilter, IssuesView, IssueView
from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.page import Page, Shell, Touched
from gridworker.gui.pages.issues.acting import Acting
from gridworker.gui.pages.issues.filters import Filters
from gridworker.gui.pages.issues.looks import rows
from gridworker.gui.pages.issues.panel import IssuePanel
from gridworker.gui.person.photobox import PhotoBox
from gridworker.gui.person.photopaste import PhotoPaste
from gridworker.gui.shortcuts import Key, bind, keys_of_a_list
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.headers import PageHeader
from gridworker.gui.widgets.layout import row
from gridworker.gui.widgets.longrows import PAGE
from gridworker.gui.widgets.ring import Ticking
from gridworker.gui.widgets.rowlist import RowList
from gridworker.gui.widgets.searchfield import SearchField
from gridworker.gui.widgets.sheet import Sheet, sheet_button
from gridworker.gui.widgets.state import LoadingPanel, StatePanel
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace

_GAP, _MARGIN, _PANEL = 20, 28, 440


class IssuesPage(Ticking, Page):
    """The page. A target is an issue's id, the name of a state, or an IssueFilter."""

    kinds: ClassVar[frozenset[str]] = frozenset(
        {"issue", "issue_step", "household", "household_member", "dwelling", "building", "resident", "care_membership"}
    )

    def __init__(self, ws: "Workspace", shell: Shell) -> None:
        super().__init__(ws, shell)
        self._view: IssuesView | None = None
        self._wanted: int | None = None
        self._most, self._minute = PAGE, 0
        self._reading: background.Task[IssuesView] | None = None
        self._looking: background.Task[IssueView] | None = None
        self._ahead: background.Task[None] | None = None
        self._main_next = self._taken = False
        self._fold = sheet_button(gettext("Show or hide the issue"))
        self._header = self._make_header()
        self.filters, self.list = Filters(), RowList(row_height=58, name=gettext("Issues"))
        self.panel = IssuePanel()
        self.photos = PhotoBox(ws, self.panel.photos)
        PhotoPaste(self, self.photos)
        self.acting = Acting(ws, shell, self.panel)
        self._above, self._so_far = QVBoxLayout(), Text("", "small", "ink-2")
        self._so_far.hide()
        self._body = self._make_body()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 16, _MARGIN, 24)
        layout.setSpacing(16)
        layout.addWidget(self._header)
        layout.addWidget(self.filters)
        layout.addLayout(self._body, 1)
        self.sheet = Sheet(self, self._body, self._fold, width=_PANEL, over=self.filters)
        self._connect()
        self._letters = self._bind_keys()

    def _make_header(self) -> PageHeader:
        search = SearchField()
        search.clicked.connect(self.shell.search)
        report = Button(gettext("Report issue"), "plus-bold", key="Ctrl E", kind="primary")
        report.clicked.connect(lambda: self.shell.report_issue())
        may_report = self.ws.session.knows("CREATE ISSUES")
        if not may_report:
            report.hide()
        self._alone: QWidget = report if may_report else search
        return PageHeader(gettext("Issues"), "", search, self._fold, report)

    def _make_body(self) -> QHBoxLayout:
        left = QVBoxLayout()
        left.setSpacing(0)
        self._state: QWidget | None = LoadingPanel(gettext("Reading the issues"))
        self._above.addWidget(self._state)
        left.addLayout(row(self._so_far, margins=(12, 0, 12, 6)))
        left.addLayout(self._above)
        left.addWidget(self.list, 1)
        body = QHBoxLayout()
        body.setSpacing(_GAP)
        body.addLayout(left, 1)
        body.addWidget(self.panel)
        return body

    def _connect(self) -> None:
        self.filters.changed.connect(self._on_filtered)
        self.filters.left.connect(self.list.setFocus)
        self.list.row_chosen.connect(self._on_chosen)
        self.list.row_activated.connect(self._on_activated)
        self.list.menu_wanted.connect(self._on_menu)
        self.list.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.panel.household_wanted.connect(partial(self.shell.go, "household"))
        self.acting.form_shown.connect(self._on_form)
        self.acting.taken.connect(self._on_step_taken)
        self.shell.sharing_changed.connect(self.reload)

    def _bind_keys(self) -> list[QShortcut]:
        bind(self, "Ctrl+F", self.filters.open_line, gettext("Filter this list"))
        letters = [
            bind(self, "/", self.filters.open_line, ""),
            bind(self, "F", partial(self.acting.start, "schedule_return"), gettext("Plan return")),
            bind(self, "H", partial(self.acting.start, "ask_office"), gettext("Ask the office")),
            bind(self, "O", self._on_open_household, gettext("Open the household")),
            bind(self, "C", self.panel.press_close, gettext("Close it")),
            bind(self, "B", self.filters.building.click, gettext("Choose a building")),
            bind(self, "S", self.filters.order.click, gettext("By time limit, or newest first")),
        ]
        for number, track in enumerate(("F1", "F2", "F3", "F4"), start=1):
            toggle = partial(self.filters.toggle_track, track)
            letters.append(bind(self, str(number), toggle, gettext("Filter by the four firsts") if number == 1 else ""))
        return letters

    # ----------------------------------------------------------------------------------------------------- the contract

    def title(self) -> str:
        """Its name."""
        return gettext("Issues")

    def show_target(self, target: object) -> None:
        """Go to an issue, a state or a filter."""
        if isinstance(target, IssueFilter):
            self.filters.show_filter(target)
        elif isinstance(target, str):
            self.filters.show_filter(IssueFilter(state=target))
        elif isinstance(target, int):
            self._wanted = target
        self.reload()

    def refresh(self, touched: Touched) -> None:
        """Read again, the issue in the panel too."""
        del touched
        self.reload()

    def focus_first(self) -> None:
        """The list; where there is none, what can be done all the same."""
        (self._alone if self.list.isHidden() else self.list).setFocus(Qt.FocusReason.OtherFocusReason)

    def own_keys(self) -> list[Key]:
        """Those of the list."""
        return [*keys_of_a_list(gettext("Take the next step")), Key("Shift F10", gettext("Menu of the row"))]

    def regions(self) -> list[QWidget]:
        """Header, filters, list, the issue."""
        return [self._header, self.filters, self.list, self.panel]

    def escape(self) -> bool:
        """Leave the form for later, close the filter line, close the sheet: whichever is open."""
        if self.panel.form() is not None:
            self.acting.park()
        elif self.filters.line.isVisible():
            self.filters.close_line()
        elif not self.sheet.close_sheet():
            return False
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def leave(self) -> None:
        """Keep a step that is half typed."""
        self.acting.flush()

    # --------------------------------------------------------------------------------------------------------- reading

    def reload(self, *_: object) -> None:
        """Read the list and the issue in the panel; what was asked before is forgotten."""
        self._read(self.ws.issues.so_far)
        if self.panel.issue is not None:
            self._look(self.panel.issue.id)

    def _read(self, view: Callable[..., IssuesView]) -> None:
        if self._reading is not None:
            self._reading.cancel()
        self._minute = self.ws.issues.minute()
        work = partial(view, self.filters.value(), sharing=self.shell.sharing, most=self._most, to=self._wanted)
        self._reading = background.look(work, done=self._on_read, failed=self._on_failed)

    def _look_through(self) -> None:
        """Have the words of all issues at hand: for whoever types something next, or has and sees the first ones."""
        if self._ahead is None or not self._ahead.running:
            work = self.ws.issues.look_ahead(sharing=self.shell.sharing)
            self._ahead = background.run_later(work, done=self._on_looked_through, owner=self)

    def _on_looked_through(self, _nothing: None) -> None:
        if self._view is not None and not self._view.is_whole:
            self._read(self.ws.issues.view)

    def _on_read(self, view: IssuesView) -> None:
        self._header.show_title(gettext("Issues"), view.where)
        self.filters.show_counts(view)
        self.shell.badge("issues", view.waiting, "over" if view.late else "neu")
        if view == self._view and self._wanted is None:
            return
        is_first, self._view = self._view is None, view
        background.run_later(self.ws.issues.buildings, done=self.filters.show_buildings, owner=self)
        if is_first or not view.is_whole:
            self._look_through()
        self._show_state(view)
        at = self.list.verticalScrollBar().value()
        self.list.show_rows(rows(view.groups))
        self.list.verticalScrollBar().setValue(at)
        if self._taken:  # a step moves its row to another group, out of sight perhaps
            self._taken = False
            self.list.scrollTo(self.list.currentIndex())
        self._follow_wanted(view)

    def _follow_wanted(self, view: IssuesView) -> None:
        """Go where somebody sent us, else stay with the current row."""
        wanted, self._wanted = self._wanted, None
        if wanted is not None and wanted in {row.id for group in view.groups for row in group.rows}:
            self.list.choose(wanted)
        elif wanted is not None:
            self._look(wanted)
        elif self.list.current_key() is None:
            self.panel.show_issue(None)
        self.sheet.offer(there=wanted is not None or bool(view.groups))
        current = self.list.current_key()
        if wanted is None and isinstance(current, int) and (self.panel.issue is None or self.panel.issue.id != current):
            self._look(current)

    def _show_state(self, view: IssuesView) -> None:
        panel: QWidget | None = None
        words = gettext("The newest {looked} of {of} issues were looked through so far; the others follow.")
        self._so_far.setText(words.format(looked=view.looked, of=view.of))
        self._so_far.setVisible(not view.is_whole)
        if not view.is_whole:  # what is not found yet may be found still
            panel = None if view.groups else LoadingPanel(gettext("Nothing found so far"))
        elif view.state == "empty":
            panel = StatePanel("empty", gettext("No issue waits for anybody."), icon="check")
        elif view.state == "filtered":
            done = StatePanel("empty", gettext("All of these are done."), action=gettext("Show all"))
            done.pressed.connect(self.filters.widen)
            panel = done
        self._put_state(panel)
        self._show_list(shown=bool(view.groups))

    def _show_list(self, *, shown: bool) -> None:
        """The focus does not leave the page with the list."""
        focused = self.window().focusWidget() is self.list
        self.list.setVisible(shown)
        if focused and not shown:
            self.focus_first()

    def _put_state(self, state: QWidget | None) -> None:
        """What stands above the list, or in its place."""
        if self._state is not None:
            self._state.hide()
            self._state.deleteLater()
        self._state = state
        if state is not None:
            self._above.addWidget(state)

    def _look(self, issue: int) -> None:
        if self._looking is not None:
            self._looking.cancel()
        work = partial(self.ws.issues.detail, issue, sharing=self.shell.sharing)
        self._looking = background.look(work, done=self._on_looked, failed=self._on_gone)

    def _on_looked(self, issue: IssueView) -> None:
        before = self.panel.issue
        if before != issue:
            self.panel.show_issue(issue)
            self.photos.show_of("issue", issue.id)
        if before is None or before.id != issue.id:
            self.acting.resume()
        if self._main_next:
            self._main_next = False
            self.acting.start_main()

    def _on_gone(self, fault: Exception) -> None:
        """It was undone or deleted."""
        self._main_next = False
        self.panel.show_issue(None)
        if not isinstance(fault, Problem):
            raise fault

    def _on_failed(self, fault: Exception) -> None:
        """The list cannot be read: say what is safe, offer to try again."""
        if not isinstance(fault, Problem):
            raise fault
        panel = StatePanel("error", gettext("The issues cannot be read just now."), str(fault), gettext("Try again"))
        panel.pressed.connect(self.reload)
        self._view = None
        self._so_far.hide()
        self._put_state(panel)
        self._show_list(shown=False)

    # ------------------------------------------------------------------------------------------------------- reactions

    def _on_filtered(self, _: object) -> None:
        self._most = PAGE
        self.reload()

    def _on_step_taken(self) -> None:
        self._taken = True
        self.reload()

    def _on_chosen(self, key: object) -> None:
        if isinstance(key, int):
            self._look(key)

    def _on_activated(self, key: object) -> None:
        """Enter: the next step; where the panel is a sheet and closed, first the sheet."""
        if not isinstance(key, int):
            return
        if self.sheet.is_sheet and self.panel.isHidden():
            self.sheet.toggle()
            return
        if self.panel.issue is not None and self.panel.issue.id == key:
            self.acting.start_main()
        else:
            self._main_next = True
            self._look(key)

    def _on_menu(self, key: object, at: QPoint) -> None:
        if self.panel.issue is not None and self.panel.issue.id == key:
            menu: QMenu = self.panel.menu()
            menu.popup(at)

    def _on_scrolled(self, value: int) -> None:
        bar = self.list.verticalScrollBar()
        if self._view is not None and self._view.more and value >= bar.maximum() > 0:
            self._most = sum(len(group.rows) for group in self._view.groups) + PAGE
            self.reload()

    def _on_form(self, shown: bool) -> None:
        """Digits and letters belong to the form while it is open."""
        for shortcut in self._letters:
            shortcut.setEnabled(not shown)
        if not shown:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_open_household(self) -> None:
        if self.panel.issue is not None and self.panel.issue.household is not None:
            self.shell.go("household", self.panel.issue.household)

    def _on_ticked(self) -> None:
        if self.ws.issues.minute() != self._minute:
            self.reload()
