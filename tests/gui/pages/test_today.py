"""Today as it is seen and used: the next household, the list, the side, and what keys do."""

from collections.abc import Callable
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from gridworker.app.due.today_view import TodayView
from gridworker.app.workspace import Workspace
from gridworker.errors import StoreProblem
from gridworker.gui import readingahead
from gridworker.gui.entries import present
from gridworker.gui.keysheet import KeySheet
from gridworker.gui.look.theme import Look
from gridworker.gui.page import FIELD, Shell, Undo
from gridworker.gui.pages.roster.saving import read_lists_ahead
from gridworker.gui.pages.today.page import TodayPage
from gridworker.gui.pages.today.waiting import WaitingRow
from gridworker.gui.watching.handover import Follower
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.keycap import KeyCap
from gridworker.gui.widgets.ring import ticker
from gridworker.gui.widgets.state import StatePanel
from gridworker.gui.widgets.text import Text
from tests.gui.seated import seated
from tests.gui.seen import clipped, settle
from tests.village import WEDNESDAY, HandClock, Home, Village

Opened = Callable[[], TodayPage]


@pytest.fixture
def chen(village: Village) -> Home:
    home = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")
    village.care(home, "C3", cadence="V1", arrangement="2")
    village.visit(home, "2026-03-09", note="女儿周末才能来，答应帮忙代买。")
    return home


@pytest.fixture
def homes(village: Village, chen: Home) -> dict[str, Home]:
    """One overdue beside 陈桂芳, two for today, one for Friday."""
    huang = village.household("黄志强", "5", "2", "601", birth="1985-01-01")
    village.care(huang, "C5", cadence="V2")
    village.visit(huang, "2026-02-15")
    wu = village.household("吴秀英", "3", "2", "101", birth="1944-01-01")
    village.care(wu, "C3", cadence="V1", arrangement="4")
    village.visit(wu, "2026-03-11")
    liu = village.household("刘建军", "3", "3", "502", birth="1981-01-01")
    village.care(liu, "C4", cadence="V2")
    village.visit(liu, "2026-02-16")
    sun = village.household("孙国庆", "7", "2", "201", birth="1970-01-01")
    village.care(sun, "C5", cadence="V2")
    village.visit(sun, "2026-02-18")
    return {"陈桂芳": chen, "黄志强": huang, "吴秀英": wu, "刘建军": liu, "孙国庆": sun}


@pytest.fixture
def shell() -> Shell:
    return Shell()


@pytest.fixture
def opened(qtbot: QtBot, workspace: Workspace, shell: Shell) -> Opened:
    """Opens the page in a window of its own, as the desk does, and waits until the day is read."""

    def make() -> TodayPage:
        page = TodayPage(workspace, shell)
        qtbot.addWidget(page)
        page.resize(1228, 868)
        page.refresh({})
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        page.focus_first()
        qtbot.waitUntil(lambda: page._stack.currentWidget() is not page._loading)
        QApplication.processEvents()
        return page

    return make


def words(widget: QWidget) -> str:
    """Every label on screen."""
    return " | ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text())


def titles(page: TodayPage) -> list[str]:
    return [row.title for row in page._list.rows()]


def test_the_next_household_and_the_rest_in_order(opened: Opened, homes: dict[str, Home]) -> None:
    page = opened()
    hero = words(page._hero)
    assert "陈桂芳" in hero
    assert "78 y·3栋1单元202" in hero
    assert "Last time (9 Mar): 女儿周末才能来，答应帮忙代买。" in hero
    assert titles(page) == ["黄志强", "吴秀英", "刘建军", "孙国庆"]
    row = page._list.rows()[0]
    assert [chip.text for chip in row.chips] == ["1 d overdue", "Low income·Monthly"]
    assert (row.aside, row.subtitle, row.right) == ("41 y", "5栋2单元601", "31 d ago")
    assert row.accessible == "黄志强, 41 y, 5栋2单元601, 1 d overdue, Low income·Monthly, last visit 31 d ago"
    assert "Wed 18 March" in words(page._header)


def test_the_list_has_the_focus_and_its_first_row_is_chosen(opened: Opened, homes: dict[str, Home]) -> None:
    page = opened()
    assert page._list.hasFocus()
    assert page._list.current_key() == homes["黄志强"].id


def test_n_starts_the_next_and_enter_the_chosen(
    qtbot: QtBot, opened: Opened, shell: Shell, homes: dict[str, Home]
) -> None:
    page = opened()
    with qtbot.waitSignal(shell.page_wanted) as wanted:
        QTest.keyClick(page._list, Qt.Key.Key_N)
    assert wanted.args == ["visit", homes["陈桂芳"].id]
    QTest.keyClick(page._list, Qt.Key.Key_Down)
    with qtbot.waitSignal(shell.page_wanted) as wanted:
        QTest.keyClick(page._list, Qt.Key.Key_Return)
    assert wanted.args == ["visit", homes["吴秀英"].id]
    with qtbot.waitSignal(shell.page_wanted) as wanted:
        QTest.keyClick(page._list, Qt.Key.Key_O)
    assert wanted.args == ["household", homes["吴秀英"].id]


def test_the_button_of_the_panel_starts_the_next(
    qtbot: QtBot, opened: Opened, shell: Shell, homes: dict[str, Home]
) -> None:
    page = opened()
    with qtbot.waitSignal(shell.page_wanted) as wanted:
        QTest.mouseClick(page._hero.button, Qt.MouseButton.LeftButton)
    assert wanted.args == ["visit", homes["陈桂芳"].id]


def test_d_leaves_the_chosen_for_tomorrow_and_undo_brings_it_back(
    qtbot: QtBot, opened: Opened, shell: Shell, homes: dict[str, Home]
) -> None:
    page = opened()
    with qtbot.waitSignal(shell.toast_wanted) as said:
        QTest.keyClick(page._list, Qt.Key.Key_D)
    assert said.args is not None
    text, undo = said.args
    assert text == "Left for Thu, 19 Mar."
    qtbot.waitUntil(lambda: titles(page) == ["吴秀英", "刘建军", "孙国庆", "黄志强"])
    assert page._list.current_key() == homes["黄志强"].id
    assert isinstance(undo, Undo)
    undo.run()
    qtbot.waitUntil(lambda: titles(page) == ["黄志强", "吴秀英", "刘建军", "孙国庆"])


def test_g_goes_by_the_doors(qtbot: QtBot, opened: Opened, homes: dict[str, Home]) -> None:
    page = opened()
    QTest.keyClick(page._list, Qt.Key.Key_G)
    qtbot.waitUntil(lambda: titles(page) == ["吴秀英", "刘建军", "黄志强", "孙国庆"])
    assert "To visit today" in words(page._first_part)


def test_the_menu_of_a_row_has_all_its_keys(qtbot: QtBot, opened: Opened, homes: dict[str, Home]) -> None:
    page = opened()
    page._list.menu_wanted.emit(homes["黄志强"].id, page.mapToGlobal(page.rect().center()))
    menu = page.findChild(QMenu)
    assert menu is not None
    assert [action.text() for action in menu.actions()] == [
        "Start visit\tEnter",
        "Open the file\tO",
        "Leave for another day\tD",
    ]
    menu.close()


def test_a_day_of_the_week_goes_to_its_first_row(opened: Opened, homes: dict[str, Home]) -> None:
    page = opened()
    page._week.chosen.emit("2026-03-20")
    assert page._list.current_key() == homes["孙国庆"].id


def test_the_chosen_row_stays_when_the_day_is_read_again(
    qtbot: QtBot, opened: Opened, village: Village, homes: dict[str, Home]
) -> None:
    page = opened()
    page._list.choose(homes["刘建军"].id)
    village.visit(homes["吴秀英"], "2026-03-18T01:00:00Z")
    page.refresh({"visit": frozenset({1})})
    qtbot.waitUntil(lambda: "吴秀英" not in titles(page))
    assert page._list.current_key() == homes["刘建军"].id
    village.visit(homes["刘建军"], "2026-03-18T01:10:00Z")
    page.refresh({"visit": frozenset({1})})
    qtbot.waitUntil(lambda: "刘建军" not in titles(page))
    assert page._list.current_key() == homes["孙国庆"].id


def test_first_responses_are_at_the_side_and_open_their_issue(
    qtbot: QtBot, opened: Opened, shell: Shell, village: Village, chen: Home
) -> None:
    issue = village.issue("楼上漏水", "B", at="2026-03-17T01:07:00Z", home=chen)
    page = opened()
    side = words(page._waiting)
    assert all(word in side for word in ("楼上漏水", "Dispute·3栋1单元202", "35 min late", "Target 24 h"))
    row = page._waiting.findChild(WaitingRow)
    assert row is not None
    with qtbot.waitSignal(shell.page_wanted) as wanted:
        QTest.keyClick(row, Qt.Key.Key_Return)
    assert wanted.args == ["issues", issue]


def test_a_draft_is_at_the_side_and_goes_on(
    qtbot: QtBot, opened: Opened, shell: Shell, workspace: Workspace, chen: Home
) -> None:
    workspace.drafts.keep(f"visit:{chen.id}", {"note": "写到一半"})
    page = opened()
    assert "陈桂芳·3栋1单元202·today 09:42" in words(page._parked)
    resume = page._parked.findChild(Button)
    assert resume is not None
    with qtbot.waitSignal(shell.page_wanted) as wanted:
        QTest.mouseClick(resume, Qt.MouseButton.LeftButton)
    assert wanted.args == ["visit", chen.id]
    assert page._hero.button.label() == "Resume"


def test_the_number_due_stands_in_the_sidebar(
    qtbot: QtBot, opened: Opened, shell: Shell, homes: dict[str, Home]
) -> None:
    with qtbot.waitSignal(shell.badge_changed) as badge:
        opened()
    assert badge.args == ["today", 4, "neu"]


def test_the_footer_says_what_waits_to_be_handed_over(qtbot: QtBot, opened: Opened, shell: Shell, chen: Home) -> None:
    with qtbot.waitSignal(shell.status_changed, timeout=5000) as status:
        opened()
    assert status.args is not None
    assert status.args[0].title == "Not synced yet"
    assert status.args[0].text.endswith("to hand over")


# ------------------------------------------------------------------------------------------------------------ states


def test_the_first_day_begins_with_the_buildings(qtbot: QtBot, opened: Opened, shell: Shell) -> None:
    page = opened()
    assert "Click a door and write down the first household." in words(page)
    with qtbot.waitSignal(shell.page_wanted) as wanted:
        page._first_day.pressed.emit()
    assert wanted.args is not None
    assert wanted.args[0] == "buildings"


def test_an_empty_day_offers_the_days_ahead(qtbot: QtBot, opened: Opened, shell: Shell, village: Village) -> None:
    home = village.household("孙国庆", "7", "2", "201")
    village.visit(home, "2026-03-10", follow_up_on="2026-03-19")
    page = opened()
    assert "No visits for today" in words(page._hero)
    assert "Tomorrow there is 1: you can have a look ahead." in words(page._hero)
    assert page._hero.button.label() == "Visit early"
    with qtbot.waitSignal(shell.page_wanted) as wanted:
        QTest.keyClick(page._list, Qt.Key.Key_N)
    assert wanted.args == ["visit", home.id]


def test_when_all_is_done_it_says_so(opened: Opened, village: Village, chen: Home) -> None:
    village.visit(chen, "2026-03-18T01:00:00Z")
    page = opened()
    assert "All done for today" in words(page._hero)
    assert "1 household visited." in words(page._hero)
    assert page._hero.button.isHidden()


def test_a_day_with_nothing_to_do_is_a_low_panel_and_no_order(opened: Opened, village: Village, chen: Home) -> None:
    """The panel stood as high as the list would, with its words far apart, and the order of no list below it."""
    village.visit(chen, "2026-03-18T01:00:00Z")
    page = opened()
    assert page._hero.height() <= page._hero.sizeHint().height()
    assert page._hero.y() < page.height() / 3
    assert not page._order.isVisible()
    assert page._search.hasFocus(), "no button stands on the panel: the keyboard begins at the head"


def test_a_wrong_clock_is_said(opened: Opened, clock: HandClock, chen: Home) -> None:
    clock.at = WEDNESDAY.replace(year=2020)
    assert "The date of this computer looks wrong; set it first." in words(opened())


def test_what_cannot_be_read_says_so_and_can_be_tried_again(
    qtbot: QtBot, opened: Opened, workspace: Workspace, chen: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_how: bool) -> None:
        raise StoreProblem("The store file is gone.")

    with monkeypatch.context() as patched:
        patched.setattr(workspace.today, "view", broken)
        page = opened()
        qtbot.waitUntil(lambda: bool(page.findChildren(StatePanel)) and "gone" in words(page))
    page.findChildren(StatePanel)[-1].pressed.emit()
    qtbot.waitUntil(lambda: "陈桂芳" in words(page._hero))


def test_who_looks_on_sees_no_names(qtbot: QtBot, opened: Opened, shell: Shell, homes: dict[str, Home]) -> None:
    page = opened()
    shell.set_sharing(True)
    qtbot.waitUntil(lambda: "陈**" in words(page._hero))
    seen = words(page) + repr(page._list.rows())
    assert all(given not in seen for given in ("桂芳", "志强", "秀英", "Lives alone", "Low income"))


def test_a_window_that_only_reads_opens_files(
    qtbot: QtBot, opened: Opened, shell: Shell, workspace: Workspace, homes: dict[str, Home]
) -> None:
    workspace.session.writer = "刘芳"
    page = opened()
    assert page._hero.button.isHidden()
    with qtbot.waitSignal(shell.page_wanted) as wanted:
        QTest.keyClick(page._list, Qt.Key.Key_Return)
    assert wanted.args is not None
    assert wanted.args[0] == "household"


def test_without_room_the_side_is_a_line_of_buttons(
    qtbot: QtBot, opened: Opened, shell: Shell, village: Village, homes: dict[str, Home]
) -> None:
    village.issue("楼上漏水", "B", at="2026-03-17T01:07:00Z", home=homes["陈桂芳"])
    page = opened()
    assert page._side.isVisible()
    page.resize(900, 700)
    assert not page._side.isVisible()
    assert not page._week.isVisible()
    assert "This week 0 of 5" in words(page._summary)
    late = next(one for one in page._summary.findChildren(QWidget) if one.accessibleName() == "First response: 1 late")
    with qtbot.waitSignal(shell.page_wanted) as wanted:
        QTest.mouseClick(late, Qt.MouseButton.LeftButton)
    assert wanted.args is not None
    assert wanted.args[0] == "issues"


def test_no_word_is_clipped_at_any_size_in_either_language(
    opened: Opened, dressed: Look, each_scale: float, each_language: str, village: Village, homes: dict[str, Home]
) -> None:
    village.issue("楼上漏水，两家各说各的", "B", at="2026-03-17T01:07:00Z", home=homes["陈桂芳"])
    page = opened()
    page.resize(1440 - 212 if each_scale == 1 else 1440 - 96, 868)
    assert clipped(page) == []
    assert page.minimumSizeHint().width() <= 1440 - 96


def test_the_number_beside_today_follows_what_is_written_elsewhere(
    qtbot: QtBot, workspace: Workspace, village: Village, homes: dict[str, Home]
) -> None:
    _, desk = seated(qtbot, workspace, [entry for entry in present(FIELD) if entry.name in {"today", "households"}])
    Follower(workspace, desk.shell)
    desk.open("households")
    settle(qtbot)
    beside = desk.sidebar().item("today")
    assert beside.count() == 4  # before Today was ever opened
    village.visit(homes["吴秀英"], "2026-03-18")
    settle(qtbot)
    assert (desk.current(), beside.count()) == ("households", 3)
    desk.close_down()


@pytest.mark.usefixtures("homes")
def test_the_keys_of_a_page_answer_while_the_focus_is_in_the_sidebar(qtbot: QtBot, workspace: Workspace) -> None:
    window, desk = seated(
        qtbot, workspace, [entry for entry in present(FIELD) if entry.name in {"today", "households"}]
    )
    qtbot.waitUntil(window.isActiveWindow)
    desk.open("today")
    settle(qtbot)
    beside = desk.sidebar().item("households")
    beside.setFocus()
    QTest.keyClick(beside, Qt.Key.Key_D)
    settle(qtbot)
    assert len(workspace.drafts.all("later:")) == 1
    beside.setFocus()
    QTest.keyClick(beside, Qt.Key.Key_Space)  # presses what has the focus, as everywhere
    settle(qtbot)
    assert desk.current() == "households"
    beside.setFocus()
    QTest.keyClick(beside, Qt.Key.Key_D)  # a key of Today, which is out of sight
    settle(qtbot)
    assert len(workspace.drafts.all("later:")) == 1
    desk.close_down()


@pytest.mark.parametrize(
    ("reported", "tone"),
    [("2026-03-16", "over"), ("2026-03-17", "due"), ("2026-03-18", "neu")],
    ids=["overdue", "today", "tomorrow"],
)
def test_an_urgent_reason_is_red_only_when_it_is_overdue(
    opened: Opened, village: Village, reported: str, tone: str
) -> None:
    home = village.household("孙国庆", "7", "2", "201", birth="1970-01-01")
    village.visit(home, "2026-03-01")
    other = village.household("黄志强", "5", "2", "601", birth="1985-01-01")  # takes the strong panel
    village.care(other, "C5", cadence="V1")
    village.visit(other, "2026-01-15")
    village.issue("家里进水", "C", at=f"{reported}T00:30:00Z", home=home, severity="S1")
    (chips,) = (row.chips for row in opened()._list.rows() if row.key == home.id)
    (urgent,) = (chip for chip in chips if chip.text == "After an urgent issue")
    assert urgent.tone == tone


def test_a_clock_that_is_put_away_and_closed_counts_once_and_ends_quietly(
    qtbot: QtBot, opened: Opened, village: Village, chen: Home
) -> None:
    village.issue("家里进水", "C", at="2026-03-18T01:40:00Z", home=chen, severity="S1")
    page = opened()
    settle(qtbot)
    (row,) = page.findChildren(WaitingRow)
    left = row._ring.left()
    for widget in (row, row._ring):
        QApplication.sendEvent(widget, QShowEvent())  # the window comes back from the bar it was put away to
    ticker().ticked.emit()
    assert row._ring.left() == left - 1
    for _ in range(2):  # put away, then closed
        for widget in (row, row._ring):
            QApplication.sendEvent(widget, QHideEvent())
    ticker().ticked.emit()
    assert row._ring.left() == left - 1


@pytest.mark.usefixtures("homes")
def test_f1_lists_the_keys_of_the_list_too(qtbot: QtBot, workspace: Workspace) -> None:
    window, desk = seated(qtbot, workspace, present(FIELD))
    qtbot.waitUntil(window.isActiveWindow)
    desk.open("today")
    settle(qtbot)
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_F1)
    sheet = desk.findChild(KeySheet)
    assert isinstance(sheet, KeySheet)
    shown = [label.text() for label in sheet.findChildren(Text)]
    caps = [cap.text() for cap in sheet.findChildren(KeyCap)]
    assert {"Start the selected visit", "From row to row", "Start the next visit"} <= set(shown)
    assert {"Enter", "↑ ↓", "N"} <= set(caps)
    assert clipped(sheet) == []
    sheet.close()
    desk.close_down()


def test_the_lists_of_households_are_read_ahead_once_the_day_stands_there(
    qtbot: QtBot, opened: Opened, workspace: Workspace, chen: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridworker.app.household.households.first_page", lambda *_asked: ())
    monkeypatch.setattr(readingahead, "QUIET", 60_000)
    page = opened()
    assert page._ahead.is_wanted()
    page.refresh({})
    assert not page._ahead.is_wanted(), "the day comes first"
    settle(qtbot)
    assert workspace.households.first(1, "visit") == ()
    page._ahead.begin()
    settle(qtbot)
    assert workspace.households.first(1, "visit") == (chen.id,)
    page._ahead.begin_soon()
    page.hide()
    assert not page._ahead.is_wanted(), "another page may read its own lists"


def test_nothing_is_read_ahead_for_who_may_not_see_the_households(
    opened: Opened, workspace: Workspace, chen: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace.session, "knows", lambda deed: deed != "MASKED PEOPLE")
    assert not opened()._ahead.is_wanted()


def test_the_rows_that_fill_no_screen_follow_the_first_ones(
    qtbot: QtBot, opened: Opened, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridworker.gui.pages.today.page.FIRST", 2)
    for number in range(6):
        village.visit(village.household("某", "9", "1", str(101 + number), since="2024-01-01"), "2025-09-01")
    page = opened()
    qtbot.waitUntil(lambda: len(titles(page)) == 5)


def test_while_very_much_that_came_is_worked_out_the_rows_of_before_stand_there_and_say_so(
    qtbot: QtBot, opened: Opened, workspace: Workspace, homes: dict[str, Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    today, may_go_on = workspace.today, Event()
    read, before = today.view, replace(today.view(most=12), is_before=True)

    def slowly(**asked: Any) -> TodayView:
        may_go_on.wait(60)
        return read(**asked)

    monkeypatch.setattr(today, "before", lambda **_asked: before)
    monkeypatch.setattr(today, "view", slowly)
    page = opened()
    qtbot.waitUntil(page._before_strip.isVisible)
    assert page._before_strip.accessibleName().startswith("Very much came in; who is due is being worked out.")
    assert page._hero.household == homes["陈桂芳"].id
    assert len(page._list.rows()) == len(homes) - 1
    assert clipped(page) == []
    may_go_on.set()
    qtbot.waitUntil(lambda: not page._before_strip.isVisible())
    settle(qtbot)
    assert len(page._list.rows()) == len(homes) - 1


def test_after_an_import_the_day_is_worked_out_before_the_lists_are_put_in_order(
    qtbot: QtBot, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, done = QWidget(), list[str]()
    qtbot.addWidget(page)
    monkeypatch.setattr(workspace.today, "look_ahead", lambda: lambda: done.append("day"))
    monkeypatch.setattr(workspace.households, "look_ahead", lambda: lambda _told: done.append("lists"))
    page.show()
    read_lists_ahead(page, workspace)
    settle(qtbot)
    assert done == ["day", "lists"]
