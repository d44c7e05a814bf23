"""The list of households by what a person sees and does."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any
from unittest.mock import patch

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QFileDialog, QMenu  # noqa: TID251 - to look at the box
from pytestqt.qtbot import QtBot

from gridworker.app.household.filter import Choice
from gridworker.app.workspace import Workspace
from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.entries import present
from gridworker.gui.household.ledgerform import Asked, LedgerForm
from gridworker.gui.look import theme as themes
from gridworker.gui.page import FIELD, Shell
from gridworker.gui.pages.households import HouseholdsPage
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.chip import ChipSpec, chip_width
from gridworker.gui.widgets.formdialog import FormDialog
from gridworker.gui.widgets.livefield import LiveField
from gridworker.gui.widgets.longrows import Listed
from gridworker.gui.widgets.narrowbar import NarrowBar
from gridworker.gui.widgets.segmented import Segmented
from gridworker.gui.widgets.tablemodel import Sorting, TableRow
from gridworker.store.search import homes as search_homes
from tests.app.test_gate import act_as
from tests.gui import seen
from tests.gui.seated import seated
from tests.gui.seen import unnamed
from tests.village import Home, Village

ACCESSIBLE = Qt.ItemDataRole.AccessibleTextRole


@pytest.fixture
def shell() -> Shell:
    return Shell()


@pytest.fixture
def homes(village: Village) -> list[Home]:
    """Three households, the second never visited."""
    found = [
        village.household("陈桂芳", "3", "1", "202"),
        village.household("程国富", "3", "1", "301", since="2026-03-01"),
        village.household("黄志强", "5", "2", "601"),
    ]
    village.care(found[0], "C3", cadence="V1", arrangement="2")
    village.visit(found[0], "2026-03-09")
    village.visit(found[2], "2026-03-01")
    return found


def settle(qtbot: QtBot) -> None:
    """Let the pause after typing end, and what is asked then come home."""
    pages = [one for one in QApplication.topLevelWidgets() if isinstance(one, HouseholdsPage)]
    qtbot.waitUntil(lambda: not any(page._wait.isActive() for page in pages))
    seen.settle(qtbot)


def opened(qtbot: QtBot, workspace: Workspace, shell: Shell) -> HouseholdsPage:
    page = HouseholdsPage(workspace, shell)
    qtbot.addWidget(page)
    page.resize(1228, 840)
    page.show()
    page.refresh({})
    settle(qtbot)
    page.focus_first()
    return page


def column(page: HouseholdsPage, number: int) -> list[str]:
    model = page.table.model()
    return [model.index(row, number).data() for row in range(model.rowCount())]


def lengths_shown(page: HouseholdsPage, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How long each list is that the page shows from now on."""
    shown: list[int] = []
    show = page.table.show_list

    def spied(listed: Listed[TableRow]) -> None:
        shown.append(len(listed.keys))
        show(listed)

    monkeypatch.setattr(page.table, "show_list", spied)
    return shown


def field(page: HouseholdsPage) -> LiveField:
    found = page.findChild(LiveField)
    assert isinstance(found, LiveField)
    return found


def test_enter_before_the_list_is_read_exports_nothing(
    qtbot: QtBot, workspace: Workspace, shell: Shell, homes: list[Home]
) -> None:
    page = HouseholdsPage(workspace, shell)
    qtbot.addWidget(page)
    with qtbot.waitActive(page):
        page.show()
    page.focus_first()
    early = QApplication.focusWidget()
    assert early is not None
    assert not isinstance(early, Button)
    page.refresh({})
    settle(qtbot)
    assert QApplication.focusWidget() is page.table


def test_x_waits_for_the_whole_list_of_what_is_asked(
    qtbot: QtBot, workspace: Workspace, shell: Shell, homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[int]] = []
    monkeypatch.setattr(LedgerForm, "ask", lambda _self, chosen, *_one: asked.append(list(chosen)))
    page = HouseholdsPage(workspace, shell)
    qtbot.addWidget(page)
    with qtbot.waitActive(page):
        page.show()
    QTest.keyClick(page, Qt.Key.Key_X)
    page.refresh({})
    QTest.keyClick(page, Qt.Key.Key_X)
    settle(qtbot)
    page._on_ordered("visit")
    QTest.keyClick(page, Qt.Key.Key_X)
    assert asked == []
    settle(qtbot)
    QTest.keyClick(page, Qt.Key.Key_X)
    assert [set(ids) for ids in asked] == [{home.id for home in homes}]


def test_sorted_by_a_header_and_by_keys(qtbot: QtBot, workspace: Workspace, shell: Shell, homes: list[Home]) -> None:
    page = opened(qtbot, workspace, shell)
    header = page.table.horizontalHeader()
    assert page.table.accessibleName() == "Households: Door, sorted upwards"
    for expected, words in (
        (["陈桂芳", "程国富", "黄志强"], "Head of household, sorted upwards"),
        (["黄志强", "程国富", "陈桂芳"], "Head of household, sorted downwards"),
    ):
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
        seen.settle(qtbot)
        assert column(page, 0) == expected
        assert page.table.accessibleName() == f"Households: {words}"
        assert page.table.model().headerData(0, Qt.Orientation.Horizontal, ACCESSIBLE) == words
    order = page.findChild(Segmented)
    assert isinstance(order, Segmented)
    assert order.value() == ""
    QTest.keyClick(page, Qt.Key.Key_S)
    seen.settle(qtbot)
    assert order.value() == "door"
    QTest.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    seen.settle(qtbot)
    assert column(page, 0) == ["黄志强", "程国富", "陈桂芳"]
    heads = [page.table.model().headerData(at, Qt.Orientation.Horizontal) for at in range(6)]
    assert heads == ["Head of household", "Door ↓", "People", "Care", "Last visit", "Next visit"]
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(header.length() - 10, 10))
    seen.settle(qtbot)  # the next visit is worked out row by row: no order of it
    assert column(page, 0) == ["黄志强", "程国富", "陈桂芳"]
    page._on_sort(Sorting("care"))
    shell.set_sharing(True)
    seen.settle(qtbot)
    assert page.table.sorting() == Sorting("door")


def test_the_beginning_of_another_list_comes_before_all_of_it(
    qtbot: QtBot, workspace: Workspace, shell: Shell, homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridworker.gui.pages.households.PAGE", 2)
    page = opened(qtbot, workspace, shell)
    shown = lengths_shown(page, monkeypatch)
    page._on_sort(Sorting("newest"))
    settle(qtbot)
    assert (shown, len(homes)) == ([2, 3], 3)
    assert column(page, 0) == [
        workspace.households.rows([one])[0].name for one in workspace.households.ids("", "newest")
    ]
    page.refresh({})
    settle(qtbot)
    assert shown == [2, 3, 3]  # what stands there whole stays so


def test_of_very_many_who_fit_some_come_before_all_of_them(
    qtbot: QtBot, workspace: Workspace, shell: Shell, homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridworker.gui.pages.households.PAGE", 1)
    monkeypatch.setattr("gridworker.store.search.homes.MANY", 2)
    page = opened(qtbot, workspace, shell)
    shown = lengths_shown(page, monkeypatch)
    field(page).setText("cg")
    settle(qtbot)
    assert shown == [1, 2]
    assert column(page, 0) == ["陈桂芳", "程国富"]
    assert homes


def test_who_types_on_does_not_wait_for_what_was_typed_before(
    qtbot: QtBot, workspace: Workspace, shell: Shell, homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(qtbot, workspace, shell)
    begun, typed_on, ended = Event(), Event(), list[str]()
    called = search_homes._Listed.called

    def slowly(listed: Any, *given: Any, **named: Any) -> set[int]:
        try:
            if not typed_on.is_set():
                begun.set()
                assert typed_on.wait(20)
            found: set[int] = called(listed, *given, **named)
        except background.Cancelled:
            ended.append("the first")
            raise
        return found

    monkeypatch.setattr(search_homes._Listed, "called", slowly)
    field(page).setText("陈")
    qtbot.waitUntil(begun.is_set)
    field(page).setText("黄")
    qtbot.waitUntil(lambda: page._wait.isActive())
    qtbot.waitUntil(lambda: not page._wait.isActive())
    typed_on.set()
    settle(qtbot)
    assert ended == ["the first"]
    assert column(page, 0) == ["黄志强"]
    assert homes


def test_in_the_order_of_doors(qtbot: QtBot, workspace: Workspace, shell: Shell, homes: list[Home]) -> None:
    page = opened(qtbot, workspace, shell)
    assert column(page, 0) == ["陈桂芳", "程国富", "黄志强"]
    assert column(page, 1) == ["3栋1单元202", "3栋1单元301", "5栋2单元601"]
    assert column(page, 3) == ["Lives alone (65+)·Weekly", "", ""]
    assert column(page, 4) == ["9 d ago", "Never", "17 d ago"]
    assert len(homes) == 3


def test_in_the_order_of_the_last_visit(qtbot: QtBot, workspace: Workspace, shell: Shell, homes: list[Home]) -> None:
    page = opened(qtbot, workspace, shell)
    order = page.findChild(Segmented)
    assert isinstance(order, Segmented)
    order.set_value("visit")
    order.chosen.emit("visit")
    settle(qtbot)
    assert column(page, 0) == ["程国富", "黄志强", "陈桂芳"]
    assert homes


@pytest.mark.parametrize(
    ("typed", "found"), [("cg", ["陈桂芳", "程国富"]), ("黄", ["黄志强"]), ("3-1-301", ["程国富"])]
)
def test_the_filter(
    qtbot: QtBot, workspace: Workspace, shell: Shell, homes: list[Home], typed: str, found: list[str]
) -> None:
    page = opened(qtbot, workspace, shell)
    QTest.keyClick(page.table, Qt.Key.Key_Slash)
    assert QApplication.focusWidget() is field(page)
    field(page).setText(typed)
    settle(qtbot)
    assert column(page, 0) == found
    assert homes


def test_what_an_input_method_has_not_finished_filters_too(
    qtbot: QtBot, workspace: Workspace, shell: Shell, homes: list[Home]
) -> None:
    page = opened(qtbot, workspace, shell)
    QApplication.sendEvent(field(page), QInputMethodEvent("h'z'q", []))
    settle(qtbot)
    assert (field(page).text(), column(page, 0)) == ("", ["黄志强"])
    assert homes


@pytest.mark.parametrize(
    ("key", "wanted"), [(Qt.Key.Key_Return, "household"), (Qt.Key.Key_O, "household"), (Qt.Key.Key_N, "visit")]
)
def test_keys(qtbot: QtBot, workspace: Workspace, shell: Shell, homes: list[Home], key: Qt.Key, wanted: str) -> None:
    page = opened(qtbot, workspace, shell)
    with qtbot.waitSignal(shell.page_wanted) as asked:
        QTest.keyClick(page.table, key)
    assert asked.args == [wanted, homes[0].id]


def test_the_menu_of_a_row_is_that_of_the_row_under_the_pointer(
    qtbot: QtBot, workspace: Workspace, shell: Shell, homes: list[Home]
) -> None:
    page = opened(qtbot, workspace, shell)
    place = page.table.viewport()
    at = page.table.visualRect(page.table.model().index(1, 0)).center()
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(place, QContextMenuEvent(reason, at, place.mapToGlobal(at)))
    menu = page.findChildren(QMenu)[-1]
    assert [one.text().split("\t") for one in menu.actions()] == [
        ["Open the file", "Enter"], ["Start visit", "N"], ["Report issue", "E"], ["Export or print", "X"],
    ]  # fmt: skip
    with qtbot.waitSignal(shell.page_wanted) as asked:
        menu.actions()[1].trigger()
    assert asked.args == ["visit", homes[1].id]
    menu.hide()


def test_only_the_office_brings_a_roster_in(
    qtbot: QtBot, workspace: Workspace, office: Workspace, shell: Shell
) -> None:
    def labels(ws: Workspace) -> list[str]:
        return [button.label() for button in opened(qtbot, ws, shell).findChildren(Button) if button.isVisible()]

    assert "Import a roster" in labels(office)
    assert "Import a roster" not in labels(workspace)


def test_a_roster_is_brought_in_by_the_key_on_the_button(qtbot: QtBot, office: Workspace, shell: Shell) -> None:
    page = opened(qtbot, office, shell)
    (button,) = [one for one in page.findChildren(Button) if one.label() == "Import a roster"]
    page.activateWindow()
    page.table.setFocus()
    assert button.key() == "I"
    with qtbot.waitSignal(shell.page_wanted) as asked:
        QTest.keyClick(page.table, Qt.Key.Key_I)
    assert asked.args == ["roster", None]


def test_share_mode(qtbot: QtBot, workspace: Workspace, shell: Shell, homes: list[Home]) -> None:
    page = opened(qtbot, workspace, shell)
    shell.set_sharing(True)
    settle(qtbot)
    assert column(page, 0) == ["陈**", "程**", "黄**"]
    assert column(page, 3) == ["", "", ""]
    assert homes


def test_narrowing_by_building_and_what_is_missing(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell, homes: list[Home]
) -> None:
    page = opened(qtbot, workspace, shell)
    bar = page.findChild(NarrowBar)
    assert isinstance(bar, NarrowBar)
    bar.choose("building", str(village.building("3")))
    settle(qtbot)
    assert column(page, 0) == ["陈桂芳", "程国富"]
    bar.choose("unvisited", "30")
    settle(qtbot)
    assert column(page, 0) == ["程国富"]
    bar.choose("care", "C5")
    settle(qtbot)
    show_all = next(one for one in page.findChildren(Button) if one.label() == "Show all" and one.isVisible())
    show_all.click()
    settle(qtbot)
    assert len(column(page, 0)) == 3


def test_ten_thousand_buildings_are_offered_once_and_not_measured(qtbot: QtBot) -> None:
    bar = NarrowBar()
    qtbot.addWidget(bar)
    streets = [Choice(str(at), f"师院南苑 {at}栋") for at in range(10_000)]

    def offer(buildings: Sequence[Choice]) -> None:
        all_ = (Choice("", "All"),)
        bar.offer({"building": (*all_, *buildings), "care": all_, "unvisited": all_, "missing": all_})

    offer(streets)
    bar.choose("building", "9876")
    box = bar.findChild(QComboBox)
    assert isinstance(box, QComboBox)
    anew: list[object] = []
    box.model().rowsInserted.connect(lambda *_: anew.append(True))
    offer(list(streets))
    assert anew == [], "the same are not offered anew with every letter typed"
    offer(streets[5_000:])
    assert (len(anew), bar.values()["building"], box.currentText()) == (1, "9876", "师院南苑 9876栋")
    offer(streets[:10])
    assert bar.values()["building"] == ""
    assert box.sizeAdjustPolicy() != QComboBox.SizeAdjustPolicy.AdjustToContents
    assert box.sizeHint().width() > box.fontMetrics().horizontalAdvance("师院南苑 9876栋")


def test_the_first_rows_do_not_wait_for_what_can_be_chosen(
    qtbot: QtBot, workspace: Workspace, shell: Shell, homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def told(name: str, kept: Callable[..., object], *args: object, **values: object) -> object:
        asked.append(name)
        return kept(*args, **values)

    for name in ("first", "rows", "choices", "ids"):
        monkeypatch.setattr(workspace.households, name, partial(told, name, getattr(workspace.households, name)))
    opened(qtbot, workspace, shell)
    assert asked[:4] == ["first", "rows", "choices", "ids"]
    assert homes


def test_chosen_rows_are_exported_with_a_purpose(
    qtbot: QtBot, workspace: Workspace, shell: Shell, homes: list[Home], tmp_path: Path
) -> None:
    page = opened(qtbot, workspace, shell)
    QTest.keyClick(page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert page.table.chosen_keys() == [homes[0].id, homes[1].id]
    QTest.keyClick(page, Qt.Key.Key_X)
    dialog = page.findChild(FormDialog)
    assert isinstance(dialog, FormDialog)
    dialog.save.click()
    assert dialog.form.fault("purpose") == "Say what it is for; it goes on record."
    dialog.reject()
    form = LedgerForm(page, workspace.households.ledger, shell)
    with qtbot.waitSignal(shell.toast_wanted) as said:
        form.write(tmp_path / "out.csv", [homes[0].id], "check")
    assert said.args[0] == "Saved: out.csv"
    form._choose([homes[0].id], Asked("check"))
    asked = page.findChild(QFileDialog)
    assert isinstance(asked, QFileDialog)
    assert [Path(name).name for name in asked.selectedFiles()] == ["Households.xlsx"], "in the language of the window"
    asked.reject()
    sheets: list[str] = []
    form.sheet([homes[0].id], Asked("check"), lambda sheet: sheets.append(sheet.toPlainText()))
    qtbot.waitUntil(lambda: bool(sheets))
    assert "陈桂芳" in sheets[0]
    settle(qtbot)


def test_of_one_chosen_row_it_is_asked_whether_it_alone_leaves(
    qtbot: QtBot, workspace: Workspace, shell: Shell, homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[tuple[list[int], str]] = []
    monkeypatch.setattr(LedgerForm, "_choose", lambda _self, chosen, asked: left.append((list(chosen), asked.purpose)))
    page = opened(qtbot, workspace, shell)
    for which in ("", "one", "all"):
        QTest.keyClick(page, Qt.Key.Key_X)
        dialog = page.findChildren(FormDialog)[-1]
        dialog.form.editor("purpose").set_value("check")
        dialog.form.editor("which").set_value(which or None)
        dialog.save.click()
        assert bool(dialog.form.fault("which")) == (not which)
        dialog.reject()
    assert left == [([homes[0].id], "check"), ([home.id for home in homes], "check")]


def test_those_that_are_chosen_leave_and_no_others(
    qtbot: QtBot, workspace: Workspace, shell: Shell, homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[list[int]] = []
    monkeypatch.setattr(LedgerForm, "_choose", lambda _self, chosen, _asked: left.append(list(chosen)))
    page = opened(qtbot, workspace, shell)
    QTest.keyClick(page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(page, Qt.Key.Key_X)
    dialog = page.findChildren(FormDialog)[-1]
    dialog.form.editor("purpose").set_value("check")
    dialog.save.click()
    assert left == [[homes[0].id, homes[1].id]]
    assert len(homes) == 3


def test_home_and_end_and_all_rows_by_key(qtbot: QtBot, workspace: Workspace, shell: Shell, homes: list[Home]) -> None:
    page = opened(qtbot, workspace, shell)
    QTest.keyClick(page.table, Qt.Key.Key_End)
    assert page.table.current_key() == homes[2].id
    QTest.keyClick(page.table, Qt.Key.Key_Home)
    assert page.table.current_key() == homes[0].id
    QTest.keyClick(page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert page.table.chosen_keys() == [home.id for home in homes]


def test_a_door_and_the_next_visit_stay_whole_in_a_narrow_window(
    qtbot: QtBot, workspace: Workspace, shell: Shell, homes: list[Home], each_scale: float
) -> None:
    page = opened(qtbot, workspace, shell)
    page.resize(1072, 680)
    settle(qtbot)
    table, theme = page.table, themes.current()
    assert table.columnWidth(1) >= theme.metrics("body").horizontalAdvance("师院南苑·3栋1单元202")
    assert table.horizontalHeader().length() <= table.viewport().width()
    assert table.columnWidth(5) >= chip_width(theme, ChipSpec("12 May 2027", icon="calendar-blank")) + 16
    for box in page.findChildren(QComboBox):
        assert box.width() >= box.sizeHint().width()
    assert homes


def test_the_filters_fit_and_have_names(
    qtbot: QtBot, workspace: Workspace, shell: Shell, homes: list[Home], each_scale: float
) -> None:
    page = opened(qtbot, workspace, shell)
    bar = page.findChild(NarrowBar)
    assert isinstance(bar, NarrowBar)
    assert unnamed(bar) == []
    assert bar.minimumSizeHint().width() <= page.width()


def test_no_count_of_people_is_cut(qtbot: QtBot, workspace: Workspace, shell: Shell, homes: list[Home]) -> None:
    table = opened(qtbot, workspace, shell).table
    room = table.columnWidth(2) - 16
    assert themes.current().metrics("body").horizontalAdvance("12 people") <= room


def test_who_may_hand_nothing_out_is_offered_nothing(
    qtbot: QtBot, workspace: Workspace, shell: Shell, homes: list[Home]
) -> None:
    act_as(workspace.session, "building_head")
    page = opened(qtbot, workspace, shell)
    labels = {button.label() for button in page.findChildren(Button) if button.isVisible()}
    assert not labels & {"Export or print", "Export a ledger"}
    QTest.keyClick(page, Qt.Key.Key_X)
    QTest.keyClick(page, Qt.Key.Key_X, Qt.KeyboardModifier.ShiftModifier)
    assert page.findChildren(QDialog) == []


def test_a_list_that_cannot_be_read_says_so_and_is_tried_again(
    qtbot: QtBot, workspace: Workspace, shell: Shell, homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(qtbot, workspace, shell)
    ids = type(workspace.households).ids
    monkeypatch.setattr(type(workspace.households), "ids", _unreadable)
    page.refresh({})
    settle(qtbot)
    assert not page.table.isVisible()
    monkeypatch.setattr(type(workspace.households), "ids", ids)
    again = next(one for one in page.findChildren(Button) if one.label() == "Try again" and one.isVisible())
    again.click()
    settle(qtbot)
    assert page.table.isVisible()
    assert len(column(page, 0)) == len(homes)


def _unreadable(*_given: object, **_named: object) -> None:
    raise Problem("The store is being looked after.")


@pytest.mark.usefixtures("homes")
def test_the_list_has_the_keys_as_soon_as_it_is_read(qtbot: QtBot, workspace: Workspace) -> None:
    _window, desk = seated(qtbot, workspace, [one for one in present(FIELD) if one.name == "households"])
    desk.open("households")
    seen.settle(qtbot)
    page = desk.page("households")
    assert isinstance(page, HouseholdsPage)
    assert QApplication.focusWidget() is page.table


def test_what_may_be_asked_next_is_read_while_nobody_does_anything(
    qtbot: QtBot, workspace: Workspace, shell: Shell, homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert homes
    page = opened(qtbot, workspace, shell)
    with patch.object(page._ahead, "begin_soon") as begun_anew:
        page.table.verticalScrollBar().valueChanged.emit(1)
    begun_anew.assert_called_once()
    page.hide()
    page._ahead.begin()
    seen.settle(qtbot)
    page.show()
    monkeypatch.setattr("gridworker.app.household.households.first_page", lambda *_asked: ())
    assert workspace.households.first(2, "visit") == ()
    page._ahead.begin()
    seen.settle(qtbot)
    assert workspace.households.first(2, "visit") == (homes[1].id, homes[2].id)
