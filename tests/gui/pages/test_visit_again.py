"""Calling on a household a second time on one day: told what is written down, and nobody is kept from going on."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.gui import background
from gridworker.gui.desk import Desk
from gridworker.gui.entries import present
from gridworker.gui.look.theme import Look
from gridworker.gui.page import FIELD
from gridworker.gui.pages.household import HouseholdPage
from gridworker.gui.pages.visit.page import VisitPage
from gridworker.gui.pages.visit.strips import WrittenToday
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.timeline import Timeline
from tests.gui.seated import seated
from tests.gui.seen import clipped, settle, unnamed
from tests.village import Home, Village

THIS_MORNING = "2026-03-18T01:12:00Z"


@pytest.fixture
def chen(village: Village) -> Home:
    return village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")


@pytest.fixture
def desk(qtbot: QtBot, workspace: Workspace) -> Iterator[Desk]:
    _, desk = seated(qtbot, workspace, [one for one in present(FIELD) if one.name in {"today", "visit", "household"}])
    desk.open("today")
    settle(qtbot)
    yield desk
    desk.close_down()
    background.wait()


def begin(qtbot: QtBot, desk: Desk, home: Home) -> VisitPage:
    desk.open("visit", home.id)
    page = desk.page("visit")
    assert isinstance(page, VisitPage)
    settle(qtbot)
    return page


def focused() -> str:
    focus = QApplication.focusWidget()
    return focus.label() if isinstance(focus, Button) else type(focus).__name__


def press(key: Qt.Key) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key)


def test_the_first_choice_opens_the_one_that_is_written_down(
    qtbot: QtBot, desk: Desk, workspace: Workspace, village: Village, chen: Home
) -> None:
    visit = village.visit(chen, THIS_MORNING, note="在家。")
    page = begin(qtbot, desk, chen)
    (strip,) = page.findChildren(WrittenToday)
    assert strip.accessibleName().startswith("You wrote down a visit here today at 09:12.")
    assert focused() == "Open that one"
    press(Qt.Key.Key_Return)
    settle(qtbot)
    assert desk.current() == "household"
    household = desk.page("household")
    assert isinstance(household, HouseholdPage)
    timeline = household.findChild(Timeline)
    assert isinstance(timeline, Timeline)
    assert timeline.hasFocus()
    assert timeline._moments.moment(timeline.currentIndex()).key == ("visit", visit, "")
    assert workspace.drafts.all() == [] or all(one.name == "opened" for one in workspace.drafts.all())
    desk.back()
    assert desk.current() == "today"


def test_a_further_visit_is_the_second_choice_and_nothing_is_blocked(
    qtbot: QtBot, desk: Desk, workspace: Workspace, village: Village, chen: Home
) -> None:
    village.visit(chen, THIS_MORNING)
    page = begin(qtbot, desk, chen)
    press(Qt.Key.Key_Tab)
    assert focused() == "A further visit"
    press(Qt.Key.Key_Space)
    settle(qtbot)
    assert page.findChildren(WrittenToday) == []
    assert page._form is not None
    assert page._form.current_part() == "who"
    page.finish()
    settle(qtbot)
    assert len(workspace.records.page("visit", where={"household_id": chen.id})) == 2


def test_who_met_nobody_and_whom_a_colleague_met_are_asked_nothing(
    qtbot: QtBot, desk: Desk, village: Village, chen: Home
) -> None:
    village.visit(chen, THIS_MORNING, "nobody_home")
    village.visit(chen, "2026-03-17T08:00:00Z")
    colleague = village.add("staff", name="赵海", role="grid_worker")
    village.change("visit", village.visit(chen, "2026-03-18T01:20:00Z"), {"visitor_id": colleague})
    page = begin(qtbot, desk, chen)
    assert page.findChildren(WrittenToday) == []
    assert page._form is not None
    assert page._form.current_part() == "who"


def test_no_word_is_clipped_in_the_smallest_window(
    qtbot: QtBot, desk: Desk, village: Village, chen: Home, dressed: Look, each_language: str
) -> None:
    dressed.use(scale=1.5)
    desk.window().resize(1180, 680)
    village.visit(chen, THIS_MORNING)
    page = begin(qtbot, desk, chen)
    (strip,) = page.findChildren(WrittenToday)
    assert (clipped(strip), unnamed(strip)) == ([], [])


def test_in_a_small_window_what_happened_lies_below_what_is_said_of_the_household(
    qtbot: QtBot, desk: Desk, village: Village, chen: Home, dressed: Look
) -> None:
    dressed.use(scale=1.5)
    desk.window().resize(1180, 680)
    village.visit(chen, THIS_MORNING)
    begin(qtbot, desk, chen)
    press(Qt.Key.Key_Return)
    settle(qtbot)
    page = desk.page("household")
    assert isinstance(page, HouseholdPage)
    strips = [one for one in page.findChildren(Strip) if one.isVisible()]
    assert strips
    assert page._timeline.isVisible()
    top = page._timeline.mapTo(page, page._timeline.rect().topLeft()).y()
    assert all(one.mapTo(page, one.rect().bottomLeft()).y() < top for one in strips)
