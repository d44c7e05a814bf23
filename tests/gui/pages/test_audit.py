"""The pages of the audit, the approval of exports and the task slip, by what a person sees and does."""

from collections.abc import Callable
from pathlib import Path
from threading import current_thread, main_thread
from typing import Any
from unittest.mock import Mock

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QMessageBox, QStyle, QStyleOptionComboBox  # noqa: TID251 - the box messages.py opens
from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.errors import Problem
from gridworker.gui.auditrows import columns
from gridworker.gui.export.exportdialog import ExportDialog
from gridworker.gui.export.handingout import ApprovalDialog, HandingOut
from gridworker.gui.export.purposedialog import PurposeDialog
from gridworker.gui.look import theme as themes
from gridworker.gui.page import Page, Shell
from gridworker.gui.pages.audit import AuditPage
from gridworker.gui.pages.devices.approving import ApproveDialog
from gridworker.gui.pages.households import HouseholdsPage
from gridworker.gui.pages.log import LogPage
from gridworker.gui.pages.tasks import TasksPage
from gridworker.gui.widgets.longrows import PAGE
from gridworker.gui.widgets.recordtable import RecordTable
from gridworker.gui.widgets.sidebar import WIDE
from gridworker.gui.widgets.state import StatePanel, Strip
from tests.app.test_gate import act_as
from tests.circle import Circle, Family
from tests.gui.seen import clipped, settle
from tests.village import Home, Village


@pytest.fixture
def chen(village: Village) -> Home:
    home = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01", since="2025-01-01")
    village.change("resident", home.people["陈桂芳"], {"phones": "13800000142"})
    return home


def _shown(qtbot: QtBot, page: Page) -> None:
    qtbot.addWidget(page)
    page.resize(1228, 840)
    page.show()
    settle(qtbot)


def _column(table: RecordTable, column: int) -> list[str]:
    model = table.model()
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def test_a_worker_sees_the_looks_first_and_everything_at_a_key(qtbot: QtBot, workspace: Workspace, chen: Home) -> None:
    workspace.people.reveal(chen.people["陈桂芳"], "phones")
    shell = Shell()
    page = LogPage(workspace, shell)
    _shown(qtbot, page)
    assert _column(page.table, 3) == ["Showed a masked value"]
    assert _column(page.table, 4) == ["Resident 陈桂芳"]
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    (told,) = page.findChildren(QMessageBox)
    assert told.text() == "Showed a masked value"
    assert {"To what: Resident 陈桂芳", "Device: Laptop 1"} <= set(told.informativeText().split("\n"))
    told.close()
    shell.set_sharing(True)
    settle(qtbot)
    assert _column(page.table, 4) == ["Resident 陈**"]
    with qtbot.waitActive(page):  # the box had the keys
        page.activateWindow()
    QTest.keyClick(page, Qt.Key.Key_L)
    settle(qtbot)
    assert {"Created a record", "Changed a record"} & set(_column(page.table, 3))
    assert page.table.accessibleName() == "Who looked at what"


def test_nothing_looked_at_is_said_in_words(qtbot: QtBot, workspace: Workspace) -> None:
    page = LogPage(workspace, Shell())
    _shown(qtbot, page)
    assert page.table.isHidden() or page.table.current_key() is None
    workspace.search.noted()
    page.refresh({"audit_event": frozenset()})
    settle(qtbot)
    assert page.table.isVisible()


def test_a_long_log_of_one_s_own_is_known_whole_and_no_window_waits_for_it(
    qtbot: QtBot, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridworker.gui.pages.log.PAGE", 2)
    for _ in range(5):
        workspace.search.noted()
    threads = set[bool]()
    for name in ("here", "ids_here", "of_ids_here"):
        read = getattr(workspace.audit, name)

        def spied(*given: Any, read: Callable[..., Any] = read, **named: Any) -> Any:
            threads.add(current_thread() is main_thread())
            return read(*given, **named)

        monkeypatch.setattr(workspace.audit, name, spied)
    page = LogPage(workspace, Shell())
    _shown(qtbot, page)
    assert _column(page.table, 3) == ["Searched by name or number"] * 5
    assert threads == {False}


def test_a_log_that_cannot_be_read_says_so_and_is_tried_again(
    qtbot: QtBot, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.search.noted()
    with monkeypatch.context() as broken:
        broken.setattr(workspace.audit, "here", Mock(side_effect=Problem("The disk is full.")))
        page = LogPage(workspace, Shell())
        _shown(qtbot, page)
        panel = page.findChild(StatePanel, "error")
        assert panel is not None
        assert page._stack.currentWidget() is panel
    page.refresh({})
    settle(qtbot)
    assert page.table.isVisible()


def test_an_audit_that_cannot_be_read_does_not_say_that_nothing_is_on_record(
    qtbot: QtBot, office: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.search.noted()
    with monkeypatch.context() as broken:
        broken.setattr(office.audit, "everywhere", Mock(side_effect=Problem("The disk is full.")))
        page = AuditPage(office, Shell())
        assert page._stack.currentWidget() is not page._empty, "nothing was looked for yet"
        _shown(qtbot, page)
        panel = page.findChild(StatePanel, "error")
        assert panel is not None
        assert page._stack.currentWidget() is panel
    panel.pressed.emit()
    settle(qtbot)
    assert page.table.isVisible()


def test_the_auditor_filters_and_comes_back(qtbot: QtBot, circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid, "101")
    laptop = circle.enrol("周敏", grid)
    laptop.people.reveal(family.resident, "phones")
    circle.hand_in(laptop)
    act_as(circle.office.session, "auditor")
    page = AuditPage(circle.office, Shell())
    _shown(qtbot, page)
    whole = _column(page.table, 3)
    page.action.setCurrentIndex(page.action.findData("reveal"))
    page.action.activated.emit(page.action.currentIndex())
    settle(qtbot)
    assert _column(page.table, 1) == ["周敏"]
    shown = _shortly(family)
    assert _column(page.table, 4) == [shown]
    page.device.setCurrentIndex(page.device.findData(0))
    page.device.activated.emit(page.device.currentIndex())
    settle(qtbot)
    assert _column(page.table, 3) == []
    QTest.keyClick(page, Qt.Key.Key_R)
    settle(qtbot)
    assert _column(page.table, 3) == whole
    page.since.set_value("2026-03-19")
    page.since.line.editingFinished.emit()
    settle(qtbot)
    assert _column(page.table, 3) == []
    QTest.keyClick(page, Qt.Key.Key_R)
    settle(qtbot)
    page.record.set_value(family.resident)
    page.record.line.editingFinished.emit()
    settle(qtbot)
    assert "Showed a masked value" in _column(page.table, 3)
    assert set(_column(page.table, 4)) == {shown}
    QTest.keyClick(page, Qt.Key.Key_R)
    settle(qtbot)
    page.record.set_value(shown.removeprefix("Resident "))
    page.record.line.editingFinished.emit()
    settle(qtbot)
    assert set(_column(page.table, 4)) == {shown}, "as it stands in the list"
    names = [page.person, page.device, page.action, page.since, page.until, page.record]
    assert all(one.accessibleName() for one in names)


def test_a_row_leads_to_all_of_its_record_and_to_its_file_for_who_may(qtbot: QtBot, circle: Circle) -> None:
    family = circle.family(circle.office.devices.add_grid("第一网格"), "101")
    circle.office.people.reveal(family.resident, "phones")
    shell = Shell()
    page = AuditPage(circle.office, shell)
    _shown(qtbot, page)
    page.table.setFocus()
    page.table.setCurrentIndex(page.table.model().index(_column(page.table, 3).index("Showed a masked value"), 0))
    (box,) = _opened(page)
    assert f"Record number: {family.resident}" in box.informativeText()
    assert "陈建国" not in box.informativeText(), "no resident is named here"
    with qtbot.waitSignal(shell.page_wanted) as asked:
        next(one for one in box.buttons() if one.text() == "Open the file").click()
    assert asked.args == ["household", family.household]
    (box,) = _opened(page)
    next(one for one in box.buttons() if one.text() == "Only this record").click()
    settle(qtbot)
    assert set(_column(page.table, 4)) == {_shortly(family)}
    act_as(circle.office.session, "auditor")
    (box,) = _opened(page)
    assert [one.text() for one in box.buttons()] == ["Only this record", "OK"]
    box.close()


def _shortly(family: Family) -> str:
    return f"Resident …{family.resident % 10**8:08d}"


def _opened(page: AuditPage) -> list[QMessageBox]:
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    return [one for one in page.findChildren(QMessageBox) if one.isVisible()]


def test_a_log_that_did_not_check_stands_above_the_list(qtbot: QtBot, office: Workspace) -> None:
    page = AuditPage(office, Shell())
    _shown(qtbot, page)
    assert page.findChildren(Strip) == []
    office.session.note("log_fault", count=1, detail="journal")
    page.refresh({"audit_event": frozenset()})
    settle(qtbot)
    (strip,) = page.findChildren(Strip)
    assert "its log did not check (Entries of the journal)" in strip.accessibleName()


def test_the_log_is_read_in_a_worker_and_whole(qtbot: QtBot, office: Workspace) -> None:
    """Of years it is half a million rows: the window waits for none of its filters."""
    for _ in range(2 * PAGE + 5):
        office.session.note("search", detail="number")
    page = AuditPage(office, Shell())
    qtbot.addWidget(page)
    page.resize(1228, 840)
    page.show()
    assert page.table.model().rowCount() == 0, "nothing is read before the page is there"
    settle(qtbot)
    page.action.setCurrentIndex(page.action.findData("search"))
    page.action.activated.emit(page.action.currentIndex())
    settle(qtbot)
    assert page.table.model().rowCount() == 2 * PAGE + 5
    page.table.verticalScrollBar().setValue(page.table.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: _column(page.table, 3)[-1] == _column(page.table, 3)[0])
    wanted = page.wanted()
    plain = [view.id for at in range(3) for view in office.audit.everywhere(wanted, limit=1000)[at * PAGE :][:PAGE]]
    assert list(office.audit.ids(wanted)) == plain
    assert [view.id for view in office.audit.of_ids(plain[7:9])] == plain[7:9]


@pytest.mark.usefixtures("each_language")
def test_everything_of_the_page_is_in_sight_in_a_small_window(
    qtbot: QtBot, office: Workspace, each_scale: float
) -> None:
    page = AuditPage(office, Shell())
    qtbot.addWidget(page)
    room = QSize(1180 - (WIDE if each_scale == 1.0 else 108), 680)
    page.resize(room)
    page.show()
    settle(qtbot)
    assert page.size() == room, "it fits the window"
    table, head = page.table, page.table.horizontalHeader()
    assert head.length() <= table.viewport().width(), "nothing lies aside"
    shown = sum(head.sectionSize(at) for at in range(head.count()))
    assert shown == head.length(), "what is left out keeps no room"
    assert table.columnWidth(0) == themes.current().px(columns()[0].width), "the time is whole"
    assert table.isColumnHidden(6) == (each_scale > 1.0), "what it was for"
    for editor in (page.person, page.device, page.action, page.since, page.until, page.record):
        assert page.rect().contains(QRect(editor.mapTo(page, QPoint(0, 0)), editor.size()))
    hint = page.since.line.placeholderText()
    assert page.since.line.fontMetrics().horizontalAdvance(hint) < page.since.line.width() - 24
    assert clipped(page) == []


def test_the_export_asks_what_for_and_says_how_many(qtbot: QtBot, office: Workspace, tmp_path: Path) -> None:
    shell = Shell()
    page = AuditPage(office, shell)
    _shown(qtbot, page)
    QTest.keyClick(page, Qt.Key.Key_X)
    dialog = page.findChild(PurposeDialog)
    assert isinstance(dialog, PurposeDialog)
    assert not dialog.go_on.isEnabled()
    dialog.purpose.pick("inspection")
    assert dialog.go_on.isEnabled()
    dialog.reject()
    with qtbot.waitSignal(shell.toast_wanted) as said:
        page.hand_out(tmp_path / "audit.csv", "inspection")
    assert said.args is not None
    assert "audit.csv" in said.args[0]
    with qtbot.waitSignal(shell.problem_met):
        page.hand_out(tmp_path / "gone" / "audit.csv", "inspection")


def test_the_office_reads_an_ask_before_it_approves(qtbot: QtBot, circle: Circle, tmp_path: Path) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    ask = laptop.approvals.ask(grid, 1200)
    page = Page(circle.office, Shell())
    qtbot.addWidget(page)
    dialog = ApproveDialog(page, circle.office.approvals)
    dialog.show()
    assert not dialog.look.isEnabled()
    dialog.code.insert("12345")
    dialog.code.textEdited.emit("12345")
    dialog.submit()
    qtbot.waitUntil(lambda: "six" in dialog.fault_words.text() or "6 groups" in dialog.fault_words.text())
    dialog.code.setText(ask)
    dialog.code.textEdited.emit(ask)
    dialog.submit()
    qtbot.waitUntil(lambda: bool(dialog.said.text()))
    assert dialog.said.text() == "Laptop 1 of 周敏 asks for 1200 people, 第一网格."
    assert dialog.given.text() == ""
    assert not dialog.ways.isVisible()
    dialog.submit()
    qtbot.waitUntil(lambda: bool(dialog.given.text()))
    assert laptop.approvals.covering(dialog.given.text(), grid, 1200, minors=False).count == 1200
    asking = ApprovalDialog(page, "", ask)
    QTest.keyClick(dialog, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    asking.paste()
    assert laptop.approvals.covering(asking.code.text(), grid, 1200, minors=False).count == 1200
    dialog.save_to(tmp_path / "answer.txt")
    qtbot.waitUntil(lambda: dialog.saved.text() == "Saved: answer.txt")
    asking.code.set_text("")
    asking.take(tmp_path / "answer.txt")
    assert laptop.approvals.covering(asking.code.text(), grid, 1200, minors=False).count == 1200
    assert asking.export.isEnabled()
    (tmp_path / "film").write_bytes(b"x" * 100_000)
    asking.take(tmp_path / "film")
    assert asking.fault_words.text() == "This file holds no answer of the office to an export."
    dialog.code.textEdited.emit("")
    assert not dialog.ways.isVisible(), "of another question there is no answer yet"


def test_a_laptop_exports_above_the_cap_with_the_code(qtbot: QtBot, circle: Circle, tmp_path: Path) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    circle.family(grid, "101")
    circle.office.devices.add_grid("第二网格")
    circle.office.rules.set_export_cap(0)
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    shell = Shell()
    page = HouseholdsPage(laptop, shell)
    _shown(qtbot, page)
    handing = page.findChild(HandingOut)
    assert isinstance(handing, HandingOut)
    QTest.keyClick(page, Qt.Key.Key_X, Qt.KeyboardModifier.ShiftModifier)
    questions = page.findChild(ExportDialog)
    assert isinstance(questions, ExportDialog)
    assert questions.grid.offered() == ["0", str(grid)], "those it holds"
    questions.purpose.pick("report")
    wish = questions.wish(tmp_path / "list.xlsx")
    questions.reject()
    handing.write(wish)
    qtbot.waitUntil(lambda: page.findChild(ApprovalDialog) is not None)
    dialog = page.findChild(ApprovalDialog)
    assert isinstance(dialog, ApprovalDialog)
    assert not dialog.export.isEnabled()
    dialog.code.set_text("7K2MX-QF9XR-3D8AW-PW4C0")
    dialog.submit()
    qtbot.waitUntil(lambda: bool(dialog.fault_words.text()))
    assert not wish.path.exists()
    dialog.code.set_text(circle.office.approvals.approve(dialog.ask.text()))
    with qtbot.waitSignal(shell.toast_wanted) as said:
        dialog.submit()
    assert said.args is not None
    assert said.args[0] == "1 person written to list.xlsx."


def test_a_volunteer_sees_name_place_and_day(qtbot: QtBot, workspace: Workspace, village: Village, chen: Home) -> None:
    act_as(workspace.session, "volunteer")
    village.issue("送餐", at="2026-03-18T01:00:00Z", home=chen, owner_id=workspace.session.who)
    page = TasksPage(workspace, Shell())
    _shown(qtbot, page)
    assert [_column(page.table, column) for column in range(3)] == [["陈桂芳"], ["3栋1单元202"], [""]]


@pytest.mark.usefixtures("each_language")
def test_no_word_is_cut_at_the_largest_size(qtbot: QtBot, office: Workspace, dressed: themes.Look) -> None:
    dressed.use(scale=1.5)
    office.search.noted()
    pages = [LogPage(office, Shell()), AuditPage(office, Shell())]
    for page in pages:
        _shown(qtbot, page)
        assert clipped(page) == []
    office_dialog = ApproveDialog(pages[0], office.approvals)
    asking = ApprovalDialog(pages[0], "1,200 > 1,000", "7K2MX-QF9XR-3D8AW-PW4C0-7K2MX-QF9XR")
    for dialog in (office_dialog, asking, PurposeDialog(pages[0], "x")):
        dialog.show()
        settle(qtbot)
        assert clipped(dialog) == []


def test_what_was_acted_on_is_not_cut() -> None:
    did, about = columns()[3:5]
    assert themes.current().metrics("body").horizontalAdvance("Showed a masked value") <= did.width - 16
    assert themes.current().metrics("body").horizontalAdvance("Resident …48718336") <= about.width - 16


def test_the_act_that_is_picked_and_what_an_export_may_be_for_are_read_whole(
    qtbot: QtBot, office: Workspace, dressed: themes.Look, each_language: str
) -> None:
    dressed.use(scale=1.5)
    page = AuditPage(office, Shell())
    qtbot.addWidget(page)
    page.resize(1072, 680)
    page.show()
    longest = max(range(page.action.count()), key=lambda at: page.action.fontMetrics().horizontalAdvance(
        page.action.itemText(at)))  # fmt: skip
    page.action.setCurrentIndex(longest)
    page.action.activated.emit(longest)
    settle(qtbot)
    room = page.action.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, _option(page.action), QStyle.SubControl.SC_ComboBoxEditField, page.action
    )
    assert page.action.fontMetrics().horizontalAdvance(page.action.currentText()) <= room.width()
    page.ask_purpose()
    (dialog,) = page.findChildren(PurposeDialog)
    settle(qtbot)
    assert dialog.purpose.geometry().bottom() < dialog.go_on.geometry().top()
    assert dialog.purpose.height() >= dialog.purpose.heightForWidth(dialog.purpose.width())
    dialog.reject()


def _option(box: QComboBox) -> QStyleOptionComboBox:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    return option
