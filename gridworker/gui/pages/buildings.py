"""Buildings: the doors of one building as seen from the yard, and who lives behind the chosen one."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from gridworker.gui import background
from gridworker.gui.buildingform import BuildingForm, no_building_panel, no_grid_panel
from gridworker.gui.doorcolouring import DoorColouring
from gridworker.gui.doormenu import DoorActs, entries_of
from gridworker.gui.page import Page, Shell, Touched
from gridworker.gui.rowmenu import show_menu
from gridworker.gui.shortcuts import Key, bind
from gridworker.gui.undoing import undo_of
from gridworker.gui.widgets.button import Button, IconButton
from gridworker.gui.widgets.doormatrix import DoorMatrix
from gridworker.gui.widgets.headers import PageHeader
from gridworker.gui.widgets.homepanel import HomePanel
from gridworker.gui.widgets.layout import column, holder, row
from gridworker.gui.widgets.searchfield import SearchField
from gridworker.gui.widgets.sheet import Sheet, sheet_button
from gridworker.gui.widgets.state import LoadingPanel, Strip, error_in
from gridworker.gui.widgets.tabs import Tab, TabStrip
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.building.shops import ShopView
    from gridworker.app.building.view import BuildingTab, BuildingView, DoorView
    from gridworker.app.household.view import HomeView
    from gridworker.app.workspace import Workspace


class _Read(NamedTuple):
    """What the page is read with. ``possible``: there is a grid that buildings can stand in."""

    asked: int
    tabs: list[Tab]
    view: "BuildingView | None"
    dwelling: int | None
    possible: bool


class BuildingsPage(Page):
    """The page. Targets: a household's id, ``("building", id)``, ``("dwelling", id)``."""

    kinds: ClassVar[frozenset[str]] = frozenset({
        "building", "dwelling", "household", "household_member", "resident", "visit", "issue", "issue_step",
        "care_membership", "merchant", "grid", "service_request",
    })  # fmt: skip

    def __init__(self, ws: "Workspace", shell: Shell) -> None:
        super().__init__(ws, shell)
        self._building: int | None = None
        self._wanted: object = None
        self._view: BuildingView | None = None
        self._asked = 0
        self._shop: int | None = None
        self._shown_tabs: list[Tab] = []
        self._make_parts()
        self._bind_keys()
        shell.sharing_changed.connect(self._on_sharing)

    def _make_parts(self) -> None:
        search = SearchField()
        search.clicked.connect(self.shell.search)
        self._add = Button(gettext("Add a building"), "plus", key="B")
        self._add.clicked.connect(self._on_add)
        self._change = IconButton("pencil-simple", gettext("Change the building"), "C")
        self._change.clicked.connect(self._on_change)
        self._change.hide()  # until there is one
        may_add = self.ws.session.can("CREATE PLACES")
        if not may_add:
            self._add.hide()  # and else not shown: before it has a place it would be a window of its own
        fold = sheet_button(gettext("Show or hide the household"))
        self._header = PageHeader(gettext("Buildings"), "", search, fold, self._change, self._add)
        self._tabs = TabStrip()
        self._colouring = DoorColouring(self, self._tabs)
        self._matrix = DoorMatrix(gettext("Doors"))
        self._panel = HomePanel(self._reveal)
        self._hint = Strip(gettext("Click a door and write down who lives there."), tone="info", icon="door")
        self._hint.hide()
        doors = column(self._hint, gap=8)
        doors.addWidget(self._matrix, 1)
        body = row(gap=24)
        body.addLayout(doors, 1)
        body.addWidget(self._panel)
        inside = column(self._colouring.bar, 8, self._colouring.below, 8, gap=0)
        inside.addLayout(body, 1)
        doors_and_panel = holder(inside)
        self._sheet = Sheet(self, body, fold)
        self._empty = no_building_panel(office=self.ws.session.is_office, may_add=may_add)
        self._empty.pressed.connect(self._on_add)
        self._stack = QStackedWidget()
        self._stack.addWidget(doors_and_panel)
        self._stack.addWidget(self._empty)
        self._nowhere = no_grid_panel()
        self._nowhere.pressed.connect(partial(self.shell.go, "devices"))
        self._stack.addWidget(self._nowhere)
        self._reading = LoadingPanel(gettext("Reading the building"))
        self._stack.addWidget(self._reading)
        self._stack.setCurrentWidget(self._reading)
        layout = column(self._header, 16, margins=(28, 16, 28, 24))
        layout.addWidget(self._stack, 1)
        self.setLayout(layout)
        self._tabs.chosen.connect(self._on_tab_chosen)
        self._colouring.changed.connect(self._show_doors)
        self._matrix.door_chosen.connect(self._on_door_chosen)
        self._matrix.door_activated.connect(self._on_door_activated)
        self._matrix.menu_wanted.connect(self._on_menu)
        self._matrix.shop_pressed.connect(self._on_shop)
        self._panel.visit_pressed.connect(self._on_visit)
        self._panel.file_pressed.connect(self._on_file)
        self._panel.issue_pressed.connect(self._on_issue)
        self._panel.settle_pressed.connect(self._on_settle)
        self._panel.mark_pressed.connect(self._on_mark)
        self._panel.other_pressed.connect(partial(self.shell.go, "household"))

    def _bind_keys(self) -> None:
        bind(self, "O", self._on_file, gettext("Open the file"))
        if self.ws.session.knows("CREATE ISSUES"):
            bind(self, "E", self._on_issue, gettext("Report issue"))
        else:
            self._panel.issue.hide()
        bind(self, "B", self._on_add, gettext("Add a building"))
        bind(self, "C", self._on_change, gettext("Change the building"))
        bind(self, "K", self._on_mark, gettext("Vacant or not"))
        bind(self, "[", partial(self._tabs.step, -1), gettext("Building before"))
        bind(self, "]", partial(self._tabs.step, 1), gettext("Next building"))

    # ------------------------------------------------------------------------------------------------------ reading

    def title(self) -> str:
        """What it is called."""
        return gettext("Buildings")

    def show_target(self, target: object) -> None:
        """Go to a building, a door or a household."""
        if target is not None:
            self._wanted = target
            self.refresh({})

    def refresh(self, touched: Touched) -> None:
        """Read tabs and the building again."""
        del touched
        self._asked += 1
        asked, wanted, building, sharing = self._asked, self._wanted, self._building, self.shell.sharing

        def read(report: background.Report) -> "tuple[int, list[Tab]]":
            tabs = self.ws.buildings.tabs(counted=False)
            chosen, dwelling = self.ws.buildings.find(wanted)
            known = {tab.id for tab in tabs}
            at = next((one for one in (chosen, building) if one in known), tabs[0].id if tabs else None)
            view = self.ws.buildings.view(at, sharing=sharing) if at is not None else None
            possible = bool(tabs) or self.ws.buildings.plan.obstacle() is None
            report(_Read(asked, _tabs(tabs), view, dwelling, possible))
            return asked, _tabs(
                self.ws.buildings.tabs()
            )  # nobody waits for thousands of buildings before the doors of one

        background.look(
            read, done=self._on_counted, progress=self._on_read, failed=partial(self._on_failed, asked), owner=self
        )

    def _on_failed(self, asked: int, fault: Exception) -> None:
        if asked == self._asked:
            self._view = None
            self._change.hide()
            error_in(self._stack, gettext("The building cannot be read just now."), fault, partial(self.refresh, {}))

    def _on_read(self, found: "_Read") -> None:
        asked, tabs, view, dwelling, possible = found
        if asked != self._asked:
            return
        self._wanted, self._view = None, view
        nothing = self._empty if possible or not self.ws.session.is_office else self._nowhere
        self._stack.setCurrentIndex(0 if view else self._stack.indexOf(nothing))
        self._change.setVisible(view is not None and self.ws.session.can("CHANGE PLACES") and not self.shell.sharing)
        if view is None:
            self._header.show_title(gettext("Buildings"))
            return
        self._building = view.id
        self._show_tabs(tabs, view.id)
        self._header.show_title(view.title, view.aside)
        self._hint.setVisible(not view.recorded and bool(view.doors))
        self._show_doors()
        if dwelling is not None:
            self._matrix.choose(dwelling)
        self._read_home()

    def _on_counted(self, counted: "tuple[int, list[Tab]]") -> None:
        asked, tabs = counted
        if asked == self._asked and self._view is not None:
            self._show_tabs(tabs, self._view.id)

    def _show_tabs(self, tabs: list[Tab], chosen: int) -> None:
        if self._shown_tabs != tabs:
            self._shown_tabs = tabs
            self._tabs.set_tabs(tabs)
        self._tabs.set_value(chosen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or less room for the key to the colours."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._colouring.arrange)

    def _show_doors(self) -> None:
        if self._view is not None:
            self._matrix.show_house(self._colouring.show_house(self._view))

    def door(self) -> "DoorView | None":
        """The chosen door."""
        key = self._matrix.current_key()
        doors = self._view.doors.values() if self._view else ()
        return next((door for door in doors if door.dwelling == key), None)

    def _read_home(self) -> None:
        door = self.door()
        shop = self._shop_of(self._shop if self._shop is not None else door.shop if door else None)
        if shop is not None:
            text = "\n".join(shop.facts)
            self._panel.show_nothing(shop.name, text, gettext("Open the file"), icon="storefront")
        elif door is None:
            self._panel.show_nothing(gettext("No door chosen"))
        elif door.household is None:
            self._show_empty(door)
        else:
            household, sharing = door.household, self.shell.sharing
            background.look(lambda: self.ws.households.brief(household, sharing=sharing), done=self._on_home)

    def _shop_of(self, key: int | None) -> "ShopView | None":
        shops = self._view.every_shop if self._view else ()
        return next((shop for shop in shops if shop.id == key), None)

    def _show_empty(self, door: "DoorView") -> None:
        if door.state == "vacant":
            text = gettext("Nobody lives here now.")
        else:
            text = gettext("Nobody has written down who lives here.")
        title = gettext("{room}: {state}").format(room=door.called, state=door.name)
        mark = gettext("Not vacant") if door.state == "vacant" else gettext("Nobody lives here")
        self._panel.show_nothing(
            title,
            text,
            gettext("Open a file") if self.ws.session.can("CREATE PEOPLE") else "",
            mark=mark if self.ws.session.can("CHANGE PLACES") else "",
        )

    def _on_home(self, home: "HomeView") -> None:
        door = self.door()
        if door is not None and door.household == home.id and self._shop is None:
            self._panel.show_home(home, door.others, may_visit=self.ws.session.can("CREATE VISITS"))

    # ----------------------------------------------------------------------------------------------------- answers

    def _on_sharing(self, _sharing: bool) -> None:
        self.refresh({})

    def _on_tab_chosen(self, building: object) -> None:
        self._building, self._wanted = (building if isinstance(building, int) else None), None
        self.refresh({})

    def _on_door_chosen(self, _key: object) -> None:
        self._shop = None
        self._read_home()

    def _on_shop(self, key: object) -> None:
        self._shop = key if isinstance(key, int) else None
        self._read_home()

    def _on_door_activated(self, _key: object) -> None:
        door = self.door()
        if door is not None and door.shop is not None:
            self._open_shop(door.shop)
        elif door is not None and door.household is not None:
            self._on_visit()
        elif door is not None:
            self._on_settle()

    def _household(self) -> int | None:
        door = self.door()
        return door.household if door else None

    def _on_visit(self) -> None:
        if self._household() is not None:
            self.shell.go("visit", self._household())

    def _on_file(self) -> None:
        if self._household() is not None:
            self.shell.go("household", self._household())

    def _on_issue(self) -> None:
        door = self.door()
        empty = door is not None and door.household is None and self._shop is None
        self.shell.report_issue(("dwelling", door.dwelling) if door and empty else self._household())

    def _on_menu(self, _key: object, at: QPoint) -> None:
        door = self.door()
        if door is not None:
            acts = DoorActs(
                self._on_visit, self._on_file, self._on_settle, self._on_mark, self._on_issue, self._open_shop,
                partial(self.shell.go, "household"),
            )  # fmt: skip
            show_menu(self, at, entries_of(door, self.ws.session, acts))

    def _open_shop(self, shop: int) -> None:
        self.shell.go("records", ("merchant", shop))

    def _on_settle(self) -> None:
        door = self.door()
        shop = self._shop if self._shop is not None else door.shop if door else None
        if shop is not None:
            self._open_shop(shop)
            return
        if door is None or door.household is not None or not self.ws.session.can("CREATE PEOPLE"):
            return
        dwelling = door.dwelling
        background.run(lambda: self.ws.buildings.settle(dwelling), done=self._on_settled)

    def _on_settled(self, settled: tuple[int, int]) -> None:
        household, batch = settled
        self.shell.go("household", household)
        self._say(gettext("File opened."), batch)

    def _on_add(self) -> None:
        if self.ws.session.can("CREATE PLACES"):
            words = gettext("The doors are made.")
            BuildingForm(self, self.ws, self.shell, partial(self._on_made, words)).ask()

    def _on_change(self) -> None:
        if self._building is not None and self._change.isVisible():
            BuildingForm(self, self.ws, self.shell, partial(self._on_made, gettext("Saved."))).change(self._building)

    def _on_mark(self) -> None:
        """Nobody lives behind a door, or somebody does whom nobody wrote down."""
        door = self.door()
        if door is None or door.state not in {"vacant", "unknown"} or not self.ws.session.can("CHANGE PLACES"):
            return
        vacant, dwelling = door.state == "unknown", door.dwelling
        words = gettext("Vacant") if vacant else gettext("Not recorded")
        said = gettext("{room}: {state}").format(room=door.called, state=words)
        background.run(
            lambda: self.ws.buildings.change.mark(dwelling, vacant=vacant), done=partial(self._say, said), owner=self
        )

    def _on_made(self, words: str, made: tuple[int, int]) -> None:
        building, batch = made
        self.show_target(("building", building))
        self._say(words, batch)

    def _say(self, words: str, batch: int) -> None:
        self.shell.toast(words, undo_of(self.ws, self.shell, batch))

    def _reveal(self, resident: int, field: str) -> str:
        return self.ws.people.reveal(resident, field)

    # ---------------------------------------------------------------------------------------------------- contract

    def focus_first(self) -> None:
        """The doors."""
        self._matrix.setFocus()

    def escape(self) -> bool:
        """Close the sheet."""
        return self._sheet.close_sheet()

    def own_keys(self) -> list[Key]:
        """Those of the doors."""
        return [
            Key("Enter", gettext("Start visit")), Key("← ↑ ↓ →", gettext("From door to door")),
            Key("Shift F10", gettext("Menu of the door")),
        ]  # fmt: skip

    def regions(self) -> list[QWidget]:
        """Tabs, doors, panel."""
        return [self._tabs, self._matrix, self._panel]


def _tabs(found: "tuple[BuildingTab, ...]") -> list[Tab]:
    """As the page shows them; thousands are made in a worker."""
    return [Tab(tab.id, tab.label, tab.overdue) for tab in found]
