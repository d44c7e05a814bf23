"""The plain register by what a person sees and does."""

from collections.abc import Collection
from threading import current_thread, main_thread
from unittest.mock import patch

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gridworker.app.register.records import Found
from gridworker.app.register.register import Entry, Register
from gridworker.app.workspace import Workspace
from gridworker.errors import NotFound, Problem
from gridworker.gui.look import theme as themes
from gridworker.gui.page import Shell
from gridworker.gui.pages.records import RecordsPage
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.formdialog import FormDialog
from gridworker.gui.widgets.sidebar import WIDE
from gridworker.gui.widgets.state import StatePanel
from gridworker.gui.widgets.tableheads import in_two_lines
from gridworker.gui.widgets.tablemodel import Sorting
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Change
from tests.circle import Circle
from tests.gui.seen import settle
from tests.village import Village


@pytest.fixture
def shell() -> Shell:
    return Shell()


def opened(qtbot: QtBot, workspace: Workspace, shell: Shell, target: object = None) -> RecordsPage:
    page = RecordsPage(workspace, shell)
    qtbot.addWidget(page)
    page.resize(1228, 840)
    page.show()
    page.refresh({})
    page.show_target(target)
    settle(qtbot)
    return page


def cells(page: RecordsPage) -> list[list[str]]:
    table = page.table()
    assert table is not None
    model = table.model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())
    ]


def button(parent: QWidget, text: str) -> Button | None:
    return next((one for one in parent.findChildren(Button) if one.label() == text and one.isVisible()), None)


def click(parent: QWidget, text: str) -> None:
    found = button(parent, text)
    assert found is not None
    found.click()


def test_buildings_with_the_name_of_their_grid(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell
) -> None:
    village.building("3")
    village.building("5")
    assert [row[2] + row[0] for row in cells(opened(qtbot, workspace, shell))] == ["第三网格3", "第三网格5"]


def test_a_new_building_with_its_grid_found_by_name(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell
) -> None:
    page = opened(qtbot, workspace, shell)
    click(page, "New record")
    dialog = page.findChild(FormDialog)
    assert isinstance(dialog, FormDialog)
    dialog.form.editor("grid_id").set_value(village.grid)
    dialog.form.editor("building_name").set_value("9栋")
    with qtbot.waitSignal(shell.toast_wanted) as said:
        click(dialog, "Save")
    settle(qtbot)
    assert [row[0] for row in cells(page)] == ["9"]
    words, undo = said.args
    assert words == "Saved: Building 9栋"
    village.building("5")
    undo.run()
    settle(qtbot)
    page.refresh({})
    settle(qtbot)
    assert [row[0] for row in cells(page)] == ["5"], "just that is taken back, not what was done since"


def test_each_act_above_the_list_shows_its_key(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell
) -> None:
    village.building("3")
    page = opened(qtbot, workspace, shell)
    shown = {one.label(): one.key() for one in page.findChildren(Button) if one.isVisible()}
    assert shown == {"New record": "N", "Change": "Enter", "Remove": "Del"}


def many_buildings(workspace: Workspace, village: Village, count: int) -> list[int]:
    session, checked = workspace.session, kind_named("building").checked
    made = [(session.new_id(), checked({"grid_id": village.grid, "building_name": f"{at}"})) for at in range(count)]
    session.write([Change("building", id_, values, create=True) for id_, values in made], "create")
    return [id_ for id_, _ in made]


def test_a_record_that_is_asked_for_is_shown_however_far_down(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = many_buildings(workspace, village, 430)
    read: list[tuple[int, bool]] = []

    def shown(self: Register, kind: str, found: Collection[Found], *, sharing: bool) -> list[Entry]:
        read.append((len(found), current_thread() is main_thread()))
        return [Entry(one.id, ("",) * 4) for one in found]

    monkeypatch.setattr(Register, "_entries", shown)
    page = opened(qtbot, workspace, shell, ("building", made[-1]))
    table = page.table()
    assert table is not None
    assert (table.current_key(), table.model().rowCount()) == (made[-1], 430)
    assert not any(in_window for _, in_window in read), "the window reads nothing itself"
    settle(qtbot)
    rows = [count for count, _ in read]
    assert 30 in rows, "the page with the record was read"
    assert len(rows) <= 6, "and none on the way to it"


def test_home_and_end_go_to_the_first_and_the_last_record(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell
) -> None:
    made = many_buildings(workspace, village, 230)
    page = opened(qtbot, workspace, shell, "building")
    table = page.table()
    assert table is not None
    for key, expected, name in ((Qt.Key.Key_End, made[-1], "229"), (Qt.Key.Key_Home, made[0], "0")):
        QTest.keyClick(table, key)
        settle(qtbot)
        assert table.current_key() == expected
        assert table.model().index(table.currentIndex().row(), 0).data() == name
    assert list(Register(workspace.session).order("building")) == made


def test_removing_with_undo(qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell) -> None:
    village.building("3")
    page = opened(qtbot, workspace, shell)
    with qtbot.waitSignal(shell.toast_wanted) as said:
        click(page, "Remove")
    settle(qtbot)
    assert cells(page) == []
    off = [one.label() for one in page.findChildren(Button) if one.isVisible() and not one.isEnabled()]
    assert sorted(off) == ["Change", "Remove"], "there is nothing to change or to remove"
    words, undo = said.args
    assert words == "Removed: Building 3栋"
    village.building("5")
    undo.run()
    settle(qtbot)
    page.refresh({})
    settle(qtbot)
    assert [row[0] for row in cells(page)] == ["3", "5"], "just that is taken back, not what was done since"


def test_saving_what_nobody_changed_offers_no_undo_of_the_act_before(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell
) -> None:
    village.building("3")
    page = opened(qtbot, workspace, shell)
    said: list[object] = []
    shell.toast_wanted.connect(lambda words, _undo: said.append(words))
    click(page, "Change")
    dialog = page.findChild(FormDialog)
    assert isinstance(dialog, FormDialog)
    click(dialog, "Save")
    settle(qtbot)
    assert (page.findChild(FormDialog), said) == (None, [])


def test_what_something_lies_in_stays_and_says_so(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell
) -> None:
    village.household("陈桂芳", "3", "1", "202")
    page = opened(qtbot, workspace, shell, "building")
    with qtbot.waitSignal(shell.problem_met) as said:
        click(page, "Remove")
    settle(qtbot)
    assert str(said.args[0]) == '"3栋" stays: there is something in it yet (Dwellings 1).'
    assert [row[0] for row in cells(page)] == ["3"]


def test_what_all_devices_share_is_the_offices_to_change(
    qtbot: QtBot, workspace: Workspace, office: Workspace, shell: Shell
) -> None:
    assert button(opened(qtbot, workspace, shell, "staff"), "New record") is None
    assert button(opened(qtbot, office, shell, "staff"), "New record") is not None


def test_the_audit_log_is_read_only_at_the_office(qtbot: QtBot, office: Workspace, shell: Shell) -> None:
    page = opened(qtbot, office, shell, "audit_event")
    assert cells(page)
    assert button(page, "New record") is None
    assert button(page, "Remove") is None


def test_sorted_by_any_column_that_says_it_itself(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell
) -> None:
    for name in ("10", "2", "综合楼", "1"):
        village.building(name)
    page = opened(qtbot, workspace, shell, "building")
    table = page.table()
    assert table is not None
    assert [row[0] for row in cells(page)] == ["10", "2", "综合楼", "1"]
    names = [column.sort for column in table._table.columns]
    assert names == ["building_name", "estate_name", "", "floor_count"]  # a grid stands in another record
    for down, expected in ((False, ["1", "2", "10", "综合楼"]), (True, ["综合楼", "10", "2", "1"])):
        page._on_sort(Sorting("building_name", down))
        settle(qtbot)
        assert [row[0] for row in cells(page)] == expected
    assert table.accessibleName() == "Records: Building number, sorted downwards"
    village.building("3")
    page.refresh({})
    settle(qtbot)
    assert [row[0] for row in cells(page)] == ["综合楼", "10", "3", "2", "1"]
    table.sort_next()
    settle(qtbot)
    assert table.sorting() == Sorting("estate_name")
    with pytest.raises(NotFound):
        Register(workspace.session).order("building", "grid_id")


def test_rows_without_a_value_are_last_either_way(workspace: Workspace, village: Village) -> None:
    kept = [village.add("building", grid_id=village.grid, building_name=name, floor_count=floors)
            for name, floors in (("1", None), ("2", 11), ("3", 6))]  # fmt: skip
    register = Register(workspace.session)
    assert list(register.order("building", "floor_count")) == [kept[2], kept[1], kept[0]]
    assert list(register.order("building", "floor_count", down=True)) == [kept[1], kept[2], kept[0]]


def test_the_community_is_changed_but_neither_made_nor_removed_nor_ruled_here(
    qtbot: QtBot, circle: Circle, shell: Shell
) -> None:
    page = opened(qtbot, circle.office, shell, "community")
    assert (button(page, "New record"), button(page, "Remove")) == (None, None)
    page._on_new()
    page._on_remove()
    settle(qtbot)
    assert page.findChild(FormDialog) is None
    assert len(cells(page)) == 1
    click(page, "Change")
    dialog = page.findChild(FormDialog)
    assert isinstance(dialog, FormDialog)
    assert "office_name" in dialog.form.values()
    assert not dialog.form.values().keys() & {"short_ids", "id_key", "export_cap", "retention"}
    dialog.form.editor("office_name").set_value("花湖")
    with qtbot.waitSignal(shell.toast_wanted):
        click(dialog, "Save")
    settle(qtbot)
    assert circle.office.records.page("community")[0].values["office_name"] == "花湖"


@pytest.mark.usefixtures("each_scale")
def test_what_columns_are_called_is_whole(qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell) -> None:
    village.add("merchant", name="好邻居便利店", shop_kind="private")
    page = opened(qtbot, workspace, shell, "merchant")
    page.resize(1100, 760)
    settle(qtbot)
    table = page.table()
    assert table is not None
    header, metrics, one_line = (
        table.horizontalHeader(),
        table.horizontalHeader().fontMetrics(),
        themes.current().px(36),
    )
    heads = [str(header.model().headerData(at, Qt.Orientation.Horizontal)) for at in range(header.count())]
    assert "Old registration number" in heads
    for at, head in enumerate(heads):
        whole = metrics.horizontalAdvance(head) < header.sectionSize(at)
        assert whole or (in_two_lines(metrics, head) < header.sectionSize(at) and header.height() > one_line), head
    assert header.length() <= table.viewport().width()


@pytest.mark.usefixtures("each_scale")
def test_in_a_narrow_window_the_changes_are_a_sheet_and_the_list_has_room(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell
) -> None:
    village.building("3")
    page = opened(qtbot, workspace, shell)
    page.resize(1000, 680)
    settle(qtbot)
    table = page.table()
    assert table is not None
    assert table.width() >= 480
    assert page._history.isHidden()
    QTest.keyClick(page, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    assert not page._history.isHidden()
    assert page.escape()
    assert page._history.isHidden()


def test_other_orders_are_read_while_nobody_does_anything(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    buildings = [village.building(name) for name in ("10", "9")]
    page = opened(qtbot, workspace, shell, "building")
    table = page.table()
    assert table is not None
    with patch.object(page._ahead, "begin_soon") as begun_anew:
        table.verticalScrollBar().valueChanged.emit(1)
    begun_anew.assert_called_once()
    page._ahead.begin()
    settle(qtbot)
    monkeypatch.setattr(page._register, "_read_both_ways", None)
    assert list(page._register.order("building", "building_name")) == buildings[::-1]
    page.hide()
    monkeypatch.setattr(page._register, "look_ahead", None)
    page._ahead.begin()
    settle(qtbot)


def test_no_number_of_an_emergency_contact_is_cut_in_large_text(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell, each_scale: float
) -> None:
    del each_scale
    home = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")
    file = village.care(home, "C3", arrangement="1")
    village.add("care_contact", name="陈红梅", relation="女儿", phone="13800000142", care_id=file)
    page = opened(qtbot, workspace, shell, "care_contact")
    page.resize(1084, 680)  # beside the rail of the smallest window
    settle(qtbot)
    table = page.table()
    assert table is not None
    (shown,) = cells(page)
    for column, words in enumerate([*shown[:3], shown[3].split("·")[0]]):
        room = table.columnWidth(column) - (24 if column == 0 else 16)
        assert themes.current().metrics("body", column == 0).horizontalAdvance(words) <= room, words


def test_a_list_that_cannot_be_read_says_so_and_is_tried_again(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell
) -> None:
    village.building("3")
    with patch.object(Register, "entries", side_effect=Problem("The disk is full.")):
        page = opened(qtbot, workspace, shell)
        panel = page.findChild(StatePanel, "error")
        assert panel is not None
        assert panel.isVisible()
    panel.pressed.emit()
    settle(qtbot)
    assert [row[0] for row in cells(page)] == ["3"]
    assert page._table is not None
    assert page._table.isVisible()


def test_a_list_begins_with_a_name_and_not_with_the_grid_or_a_number(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell
) -> None:
    village.add("building", grid_id=village.grid, building_name="3", estate_name="师院南苑", floor_count=7)
    needed = {
        "title": "装扶手",
        "need_no": "N-1",
        "need_kind": "living",
        "status": "collected",
        "raised_on": "2026-03-01",
    }
    village.add("need", **needed)
    page = opened(qtbot, workspace, shell)
    assert cells(page) == [["3", "师院南苑", "第三网格", "7"]]
    page.show_target("need")
    settle(qtbot)
    assert cells(page)[0][:2] == ["装扶手", "N-1"]


@pytest.mark.parametrize("width", [1280, 1440])
def test_no_care_group_and_no_estate_is_cut_to_its_first_letters(
    qtbot: QtBot, workspace: Workspace, village: Village, shell: Shell, width: int
) -> None:
    home = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")
    village.care(home, "C3", arrangement="1")
    village.change("building", village.building("3"), {"estate_name": "师院南苑"})
    for kind, column, words in (("care_membership", 2, "Elderly living"), ("building", 1, "师院南苑")):
        page = opened(qtbot, workspace, shell, kind)
        page.resize(width - themes.current().px(WIDE), 800)
        settle(qtbot)
        table = page.table()
        assert table is not None
        assert words[:8] in cells(page)[0][column]
        assert themes.current().metrics("body").horizontalAdvance(words) <= table.columnWidth(column) - 16
        assert table.horizontalHeader().length() <= table.viewport().width()
