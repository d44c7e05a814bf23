"""The buildings page by what a person sees and does."""

from collections.abc import Mapping
from threading import Event

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot
from sqlalchemy import Connection

from gridworker.app.building.buildings import Buildings
from gridworker.app.workspace import Workspace
from gridworker.errors import Invalid, Problem
from gridworker.gui.entries import present
from gridworker.gui.page import FIELD, Shell
from gridworker.gui.pages.buildings import BuildingsPage
from gridworker.gui.widgets.button import Button, IconButton
from gridworker.gui.widgets.doormatrix import DoorMatrix
from gridworker.gui.widgets.formdialog import FormDialog
from gridworker.gui.widgets.homepanel import HomePanel
from gridworker.gui.widgets.legend import Legend
from gridworker.gui.widgets.masked import MaskedValue
from gridworker.gui.widgets.segmented import Segmented
from gridworker.gui.widgets.state import StatePanel
from gridworker.gui.widgets.tabs import TabStrip
from tests.app.test_gate import act_as
from tests.gui.seated import seated
from tests.gui.seen import clipped, only, settle, unnamed
from tests.village import Home, Village


@pytest.fixture
def shell() -> Shell:
    return Shell()


@pytest.fixture
def chen(village: Village) -> Home:
    home = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")
    village.change("resident", home.people["陈桂芳"], {"phones": "13800000142"})
    village.care(home, "C3", cadence="V1", arrangement="2")
    village.visit(home, "2026-03-09", note="女儿周末才能来。")
    return home


def opened(qtbot: QtBot, workspace: Workspace, shell: Shell, target: object = None) -> BuildingsPage:
    page = BuildingsPage(workspace, shell)
    qtbot.addWidget(page)
    page.resize(1228, 840)
    page.show()
    page.show_target(target)
    page.refresh({})
    settle(qtbot)
    page.focus_first()
    return page


def words(page: BuildingsPage) -> list[str]:
    panel = page.findChild(HomePanel)
    assert isinstance(panel, HomePanel)
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def press(page: BuildingsPage, text: str) -> None:
    next(button for button in page.findChildren(Button) if button.label() == text and button.isVisible()).click()


def matrix(page: BuildingsPage) -> DoorMatrix:
    found = page.findChild(DoorMatrix)
    assert isinstance(found, DoorMatrix)
    return found


def test_the_doors_are_shown_while_what_is_overdue_is_still_counted(
    qtbot: QtBot, workspace: Workspace, village: Village, chen: Home, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of ten thousand buildings it takes a third of a second."""
    may_count, count = Event(), Buildings._overdue

    def waiting(buildings: Buildings, connection: Connection) -> Mapping[int, int]:
        assert may_count.wait(60)
        return count(buildings, connection)

    monkeypatch.setattr(Buildings, "_overdue", waiting)
    page = BuildingsPage(workspace, shell)
    qtbot.addWidget(page)
    page.show()
    page.refresh({})
    tabs = page.findChild(TabStrip)
    assert isinstance(tabs, TabStrip)
    qtbot.waitUntil(lambda: matrix(page).isVisible() and bool(tabs.shown()))
    assert [tab.count for tab in tabs.tabs()] == [0]
    may_count.set()
    settle(qtbot)
    assert [tab.count for tab in tabs.tabs()] == [1]


def test_no_building_says_where_they_come_from(
    qtbot: QtBot, workspace: Workspace, office: Workspace, shell: Shell
) -> None:
    page = opened(qtbot, workspace, shell)
    assert not matrix(page).isVisible()
    assert any(label.text() == "No buildings yet" and label.isVisible() for label in page.findChildren(QLabel))
    Village(office.session)
    said = {label.text() for label in opened(qtbot, office, shell).findChildren(QLabel) if label.isVisible()}
    assert "They come with a roster, or make one yourself." in said, "nobody sends the office any"


def test_an_office_without_a_grid_is_told_so_before_it_fills_in_a_building(
    qtbot: QtBot, office: Workspace, shell: Shell
) -> None:
    page = opened(qtbot, office, shell)
    assert any(label.text() == "There is no grid yet." and label.isVisible() for label in page.findChildren(QLabel))
    with qtbot.waitSignal(shell.problem_met) as said:
        press(page, "Add a building")
    assert str(said.args[0]) == 'There is no grid yet. Add one under "Devices and people" first.'
    assert not page.findChildren(FormDialog)
    with qtbot.waitSignal(shell.page_wanted) as asked:
        press(page, "Devices and people")
    assert asked.args[0] == "devices"
    office.devices.add_grid("第一网格")
    page.refresh({"grid": frozenset()})
    settle(qtbot)
    assert any(label.text() == "No buildings yet" and label.isVisible() for label in page.findChildren(QLabel))


def test_the_panel_tells_of_the_chosen_door(qtbot: QtBot, workspace: Workspace, shell: Shell, chen: Home) -> None:
    shown = words(opened(qtbot, workspace, shell, chen.id))
    for expected in ("陈桂芳", "78 y", "16 Mar, 2 d overdue", "女儿周末才能来。", "138****0142"):
        assert expected in shown


def test_in_a_narrow_window_the_panel_is_a_sheet_over_the_doors(qtbot: QtBot, workspace: Workspace, chen: Home) -> None:
    window, desk = seated(qtbot, workspace, present(FIELD))
    qtbot.waitUntil(window.isActiveWindow)
    window.resize(1180, 680)
    desk.open("buildings", chen.id)
    settle(qtbot)
    page = desk.page("buildings")
    assert isinstance(page, BuildingsPage)
    panel, doors = page.findChild(HomePanel), matrix(page)
    assert isinstance(panel, HomePanel)
    assert not panel.isVisible()
    assert doors.width() > 860  # all the room there is
    assert clipped(page) == []
    QTest.keyClick(doors.table(), Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    assert panel.isVisible()
    assert panel.mapTo(page, panel.rect().topRight()).x() < page.width()
    assert panel.mapTo(page, QPoint(0, 0)).x() < doors.mapTo(page, doors.rect().topRight()).x()
    assert "陈桂芳" in words(page)
    QTest.keyClick(doors.table(), Qt.Key.Key_Escape)
    assert (panel.isVisible(), desk.current()) == (False, "buildings")
    fold = next(one for one in page.findChildren(IconButton) if one.accessibleName() == "Show or hide the household")
    QTest.mouseClick(fold, Qt.MouseButton.LeftButton)
    assert panel.isVisible()
    window.resize(1440, 900)
    settle(qtbot)
    assert panel.isVisible()
    assert not fold.isVisible()
    assert panel.mapTo(page, QPoint(0, 0)).x() > doors.mapTo(page, doors.rect().topRight()).x()
    desk.close_down()


def test_holding_the_eye_shows_the_number_and_is_on_record(
    qtbot: QtBot, workspace: Workspace, shell: Shell, chen: Home
) -> None:
    page = opened(qtbot, workspace, shell, chen.id)
    value = page.findChild(MaskedValue)
    assert isinstance(value, MaskedValue)
    QTest.mousePress(only(value, IconButton), Qt.MouseButton.LeftButton)
    settle(qtbot)
    assert value.text() == "13800000142"
    QTest.mouseRelease(only(value, IconButton), Qt.MouseButton.LeftButton)
    assert value.text() == "138****0142"
    looks = [row.values for row in workspace.records.page("audit_event") if row.values["action"] == "reveal"]
    assert [(look["record"], look["detail"]) for look in looks] == [(chen.people["陈桂芳"], "phones")]


@pytest.mark.parametrize(("key", "wanted"), [(Qt.Key.Key_Return, "visit"), (Qt.Key.Key_O, "household")])
def test_enter_starts_a_visit_and_o_opens_the_file(
    qtbot: QtBot, workspace: Workspace, shell: Shell, chen: Home, key: Qt.Key, wanted: str
) -> None:
    page = opened(qtbot, workspace, shell, chen.id)
    with qtbot.waitSignal(shell.page_wanted) as asked:
        QTest.keyClick(matrix(page).table(), key)
    assert asked.args == [wanted, chen.id]


def test_e_reports_an_issue_there(qtbot: QtBot, workspace: Workspace, shell: Shell, chen: Home) -> None:
    page = opened(qtbot, workspace, shell, chen.id)
    with qtbot.waitSignal(shell.page_wanted) as asked:
        QTest.keyClick(matrix(page).table(), Qt.Key.Key_E)
    assert asked.args == ["report", chen.id]


def test_e_at_an_empty_door_says_which(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell, chen: Home
) -> None:
    empty = village.add("dwelling", building_id=village.building("3"), unit_no="1", room_no="102")
    page = opened(qtbot, workspace, shell, chen.id)
    matrix(page).choose(empty)
    with qtbot.waitSignal(shell.page_wanted) as asked:
        QTest.keyClick(matrix(page).table(), Qt.Key.Key_E)
    assert asked.args == ["report", ("dwelling", empty)]


def test_brackets_go_from_building_to_building(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell, chen: Home
) -> None:
    other = village.building("5")
    page = opened(qtbot, workspace, shell, chen.id)
    tabs = page.findChild(TabStrip)
    assert isinstance(tabs, TabStrip)
    QTest.keyClick(matrix(page).table(), Qt.Key.Key_BracketRight)
    settle(qtbot)
    assert tabs.value() == other
    QTest.keyClick(page, Qt.Key.Key_BracketLeft)
    settle(qtbot)
    assert tabs.value() == village.building("3")


def test_every_colour_is_explained_however_narrow_the_window(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell, chen: Home, each_scale: float
) -> None:
    for number in range(10, 24):
        village.building(str(number))
    page = opened(qtbot, workspace, shell, chen.id)
    for width in (1228, 1040):
        page.resize(width, 700)
        settle(qtbot)
        legend = page.findChild(Legend)
        assert isinstance(legend, Legend)
        assert legend.width() >= legend.sizeHint().width()
        assert page.minimumSizeHint().width() <= width


def test_digits_change_the_colours(qtbot: QtBot, workspace: Workspace, shell: Shell, chen: Home) -> None:
    page = opened(qtbot, workspace, shell, chen.id)
    seen = []
    for key in (Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_1):
        QTest.keyClick(matrix(page).table(), key)
        door = matrix(page).current_door()
        assert door is not None
        seen.append((door.fill, door.overdue))
    assert seen == [("care-soft", False), ("neu-soft", False), ("r1", False), ("r2", True)]


def test_a_door_nobody_wrote_down_gets_a_file_with_undo(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell
) -> None:
    dwelling = village.add("dwelling", building_id=village.building("3"), unit_no="1", room_no="102")
    page = opened(qtbot, workspace, shell)
    with qtbot.waitSignals([shell.page_wanted, shell.toast_wanted]):
        press(page, "Open a file")
    (household,) = workspace.households.ids()
    assert workspace.records.show("household", household).values["dwelling_id"] == dwelling


def test_share_mode_hides_names_phones_tags_and_notes(
    qtbot: QtBot, workspace: Workspace, shell: Shell, chen: Home
) -> None:
    page = opened(qtbot, workspace, shell, chen.id)
    shell.set_sharing(True)
    settle(qtbot)
    shown = words(page)
    assert "陈**" in shown
    for secret in ("陈桂芳", "138", "女儿", "Lives alone"):
        assert not any(secret in word for word in shown), secret
    door = matrix(page).current_door()
    assert door is not None
    assert (door.name, door.icons) == ("陈**", ())


def test_a_write_elsewhere_shows(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell, chen: Home
) -> None:
    page = opened(qtbot, workspace, shell, chen.id)
    village.visit(chen, "2026-03-18")
    page.refresh({"visit": frozenset({1})})
    settle(qtbot)
    door = matrix(page).current_door()
    assert door is not None
    assert (door.note, door.overdue, door.fill) == ("today", False, "r3")


def test_a_building_is_added_by_its_numbers(qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell) -> None:
    assert village.grid
    page = BuildingsPage(workspace, shell)
    qtbot.addWidget(page)
    page.resize(1228, 840)
    page.show()
    page.refresh({})
    settle(qtbot)
    add = next(one for one in page.findChildren(Button) if one.label() == "Add a building" and one.isVisible())
    add.click()
    dialog = page.findChild(FormDialog)
    assert isinstance(dialog, FormDialog)
    for name, value in (("building_name", "7"), ("units", 14), ("floors", 30), ("on_a_floor", 2)):
        dialog.form.editor(name).set_value(value)
        dialog.form.editor(name).changed.emit()
    assert "840 doors, from 1-101 to 14-3002." in [label.text() for label in dialog.findChildren(QLabel)]
    assert clipped(dialog) == []
    assert unnamed(dialog) == []
    with qtbot.waitSignal(shell.toast_wanted) as said:
        dialog.save.click()
    settle(qtbot)
    doors = matrix(page)
    assert (doors.table().model().rowCount(), workspace.drafts.all("building")) == (30, [])
    start = doors.current_key()
    for _ in range(27):
        QTest.keyClick(doors.table(), Qt.Key.Key_Right)
    last = doors.current_key()
    assert last != start
    QTest.keyClick(doors.table(), Qt.Key.Key_Right)
    assert doors.current_key() == last
    said.args[1].run()
    settle(qtbot)
    assert workspace.records.page("building") == []


def test_a_building_is_changed_later_and_a_door_marked_vacant_by_keys(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell, chen: Home
) -> None:
    page = opened(qtbot, workspace, shell)
    QTest.keyClick(matrix(page).table(), Qt.Key.Key_C)
    dialog = page.findChild(FormDialog)
    assert isinstance(dialog, FormDialog)
    for name, value in (("head_name", "汪德生"), ("besides", "1-201 1-301"), ("without", "")):
        dialog.form.editor(name).set_value(value)
        dialog.form.editor(name).changed.emit()
    assert "Doors that come: 2, that go: 0." in [label.text() for label in dialog.findChildren(QLabel)]
    assert (clipped(dialog), unnamed(dialog)) == ([], [])
    dialog.save.click()
    settle(qtbot)
    [empty] = [door for door in workspace.buildings.view(village.building("3")).doors.values() if door.room == "201"]
    matrix(page).choose(empty.dwelling)
    page.activateWindow()
    page.focus_first()
    settle(qtbot)
    QTest.keyClick(matrix(page).table(), Qt.Key.Key_K)
    settle(qtbot)
    page.refresh({})
    settle(qtbot)
    assert "3栋1单元201: Vacant" in words(page), "each of many units has a 201"
    press(page, "Not vacant")
    settle(qtbot)
    page.refresh({})
    settle(qtbot)
    assert "3栋1单元201: Not recorded" in words(page)
    assert chen.people


@pytest.mark.usefixtures("chen")
def test_who_may_change_no_places_is_offered_no_such_thing(qtbot: QtBot, workspace: Workspace, shell: Shell) -> None:
    act_as(workspace.session, "duty")
    page = opened(qtbot, workspace, shell)
    for key in (Qt.Key.Key_B, Qt.Key.Key_C, Qt.Key.Key_K):
        QTest.keyClick(matrix(page).table(), key)
    assert page.findChild(FormDialog) is None
    assert not any(one.isVisible() for one in page.findChildren(Button) if one.label() == "Add a building")


def test_a_shop_tells_of_itself_and_opens_its_record(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell, chen: Home
) -> None:
    upstairs = village.add("dwelling", building_id=village.building("3"), unit_no="1", room_no="301")
    village.add("merchant", name="便民副食店", shop_kind="individual", building_id=village.building("3"), trade="副食")
    above = village.add("merchant", name="会计事务所", shop_kind="private", dwelling_id=upstairs)
    page = opened(qtbot, workspace, shell)
    gone: list[tuple[str, object]] = []
    shell.page_wanted.connect(lambda name, target: gone.append((name, target)))
    doors = matrix(page)
    doors.choose(chen.dwelling)
    QTest.keyClick(doors.table(), Qt.Key.Key_Down)
    QTest.keyClick(doors._shops, Qt.Key.Key_Return)
    settle(qtbot)
    assert "便民副食店" in words(page)
    assert any("Self-employed·副食" in text for text in words(page))
    press(page, "Open the file")
    doors.choose(upstairs)
    settle(qtbot)
    assert "会计事务所" in words(page)
    QTest.keyClick(doors.table(), Qt.Key.Key_Return)
    assert [name for name, _ in gone] == ["records", "records"]
    assert gone[1][1] == ("merchant", above)
    doors.choose(chen.dwelling)
    settle(qtbot)
    assert "陈桂芳" in words(page)
    assert unnamed(page) == []


@pytest.mark.usefixtures("chen")
def test_a_shop_is_written_down_in_the_register(qtbot: QtBot, workspace: Workspace, village: Village) -> None:
    with pytest.raises(Invalid):
        workspace.records.save("merchant", {"name": "店", "shop_kind": "other", "credit_code": "91110000600037341A"})
    saved = workspace.records.save("merchant", {
        "name": "店", "shop_kind": "other", "building_id": village.building("3"), "credit_code": "9111 0000600037341l",
        "licence_no": "420202600012345",
    })  # fmt: skip
    assert saved.values["credit_code"] == "91110000600037341L"
    with pytest.raises(Invalid, match="15"):
        workspace.records.save("merchant", {"licence_no": "42020260001234"}, saved.id)


@pytest.mark.usefixtures("chen")
def test_a_building_that_cannot_be_read_says_so_and_is_tried_again(
    qtbot: QtBot, workspace: Workspace, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(qtbot, workspace, shell)
    view = type(workspace.buildings).view
    monkeypatch.setattr(type(workspace.buildings), "view", _unreadable)
    page.refresh({})
    settle(qtbot)
    assert not matrix(page).isVisible()
    monkeypatch.setattr(type(workspace.buildings), "view", view)
    press(page, "Try again")
    settle(qtbot)
    assert matrix(page).isVisible()


def _unreadable(*_given: object, **_named: object) -> None:
    raise Problem("The store is being looked after.")


def test_who_else_lives_behind_a_door_is_named_and_found(
    qtbot: QtBot, workspace: Workspace, shell: Shell, village: Village, chen: Home
) -> None:
    tenants = village.household("周八", room="999")
    village.change("household", tenants.id, {"dwelling_id": chen.dwelling})
    page = opened(qtbot, workspace, shell, tenants.id)
    shown = words(page)
    assert {"周八", "Behind the same door"} <= set(shown), "nobody ever called on them"
    with qtbot.waitSignal(shell.page_wanted) as asked:
        press(page, "陈桂芳")
    assert asked.args == ["household", chen.id]
    assert clipped(page) == []
    assert unnamed(page) == []


def menu_of(page: BuildingsPage) -> list[str]:
    """What the menu of the current door offers, asked for by its key."""
    table = matrix(page).table()
    at = table.visualRect(table.currentIndex()).center()
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, at, table.viewport().mapToGlobal(at))
    QApplication.sendEvent(table.viewport(), asked)
    menu = page.findChildren(QMenu)[-1]
    return [one.text().replace("\t", " ") for one in menu.actions()]


def test_the_menu_of_a_door_offers_what_can_be_done_there(
    qtbot: QtBot, workspace: Workspace, shell: Shell, village: Village, chen: Home
) -> None:
    tenants = village.household("周八", room="999", since="2026-03-17")
    village.change("household", tenants.id, {"dwelling_id": chen.dwelling})
    empty = village.add("dwelling", building_id=village.building("3"), unit_no="1", room_no="101")
    page = opened(qtbot, workspace, shell, chen.id)
    assert menu_of(page) == ["Start visit Enter", "Open the file O", "周八: Open the file", "Report issue E"]
    with qtbot.waitSignal(shell.page_wanted) as asked:
        page.findChildren(QMenu)[-1].actions()[2].trigger()
    assert asked.args == ["household", tenants.id]
    page.show_target(("dwelling", empty))
    settle(qtbot)
    assert menu_of(page) == ["Open a file Enter", "Nobody lives here K", "Report issue E"]


def test_the_third_colouring_is_the_task_of_the_office(
    qtbot: QtBot, workspace: Workspace, shell: Shell, chen: Home, village: Village, each_mode: str
) -> None:
    """By colour and by word: to do, seen to, not needed."""
    other, third = village.household("钱二", "3", "1", "201"), village.household("孙三", "3", "1", "101")
    for home, done in ((chen, None), (other, "2026-03-05")):
        village.add(
            "service_request", household_id=home.id, item="医保核对", requested_on="2026-03-01", finished_on=done
        )
    page = opened(qtbot, workspace, shell, chen.id)
    QTest.keyClick(matrix(page).table(), Qt.Key.Key_3)
    doors = {one.key: one for one in matrix(page)._model.house.doors.values()}
    assert [(doors[home.dwelling].fill, doors[home.dwelling].note) for home in (chen, other, third)] == [
        ("due-soft", "To do"), ("ok-soft", "Seen to"), ("neu-soft", ""),
    ]  # fmt: skip
    assert not doors[chen.dwelling].overdue
    legend, choice = page.findChild(Legend), page.findChild(Segmented)
    assert isinstance(legend, Legend)
    assert isinstance(choice, Segmented)
    assert legend.accessibleName() == "To do, Seen to, Not needed, Open issue"
    assert [button.accessibleName() for button in choice.findChildren(QAbstractButton)][2] == "医保核对"
    assert clipped(page) == []
    shell.set_sharing(True)
    settle(qtbot)
    assert [button.accessibleName() for button in choice.findChildren(QAbstractButton)][2] == "Requests"


def test_a_file_that_was_undone_says_so_and_leads_back_to_its_door(
    qtbot: QtBot, workspace: Workspace, village: Village, chen: Home
) -> None:
    """To try again would not bring it back."""
    assert chen.people
    village.add("dwelling", building_id=village.building("3"), unit_no="1", room_no="203")
    window, desk = seated(qtbot, workspace, present(FIELD))
    desk.open("buildings")
    settle(qtbot)
    page = desk.page("buildings")
    assert isinstance(page, BuildingsPage)
    empty = next(one for one in workspace.buildings.view(village.building("3")).doors.values() if one.room == "203")
    matrix(page).choose(empty.dwelling)
    settle(qtbot)
    QTest.keyClick(matrix(page).table(), Qt.Key.Key_Return)
    settle(qtbot)
    assert desk.current() == "household"
    window.undo()
    settle(qtbot)
    panel = only(desk, StatePanel)
    assert panel.accessibleName() == "This household is no longer here."
    focus = QApplication.focusWidget()
    assert isinstance(focus, Button)
    assert focus.label() == "Back"
    focus.click()
    settle(qtbot)
    assert desk.current() == "buildings"
    assert "3栋1单元203: Not recorded" in words(page), "at the same door"
    desk.close_down()
