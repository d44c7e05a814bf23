"""The issues page by what a person sees and does."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from gridworker.app.issue import reading as issue_reading
from gridworker.app.issue.report import IssueDraft
from gridworker.app.issue.views import IssueFilter, StepDraft
from gridworker.app.workspace import Workspace
from gridworker.errors import StoreBusy, StoreDamaged
from gridworker.gui import background
from gridworker.gui.desk import Desk
from gridworker.gui.entries import ENTRIES, present
from gridworker.gui.look import theme as themes
from gridworker.gui.page import FIELD
from gridworker.gui.pages.issues import IssuesPage
from gridworker.gui.pages.issues.looks import moment
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.chip import Chip
from gridworker.gui.widgets.longrows import PAGE
from gridworker.gui.widgets.options import OptionButton
from gridworker.gui.widgets.photos import PhotoLine
from gridworker.gui.widgets.remarks import Remarks
from gridworker.gui.widgets.rows import Section
from gridworker.gui.widgets.signs import chip_of
from gridworker.gui.widgets.state import LoadingPanel, StatePanel, Strip
from gridworker.gui.window import Window
from gridworker.store.queries import issues as issue_queries
from tests.gui.seated import seated
from tests.gui.seen import clipped, settle
from tests.gui.toasts import toast_text
from tests.village import HandClock, Home, Village

SHOWN = tuple(entry for entry in ENTRIES if entry.name in {"today", "issues", "report"})


@dataclass
class Stage:
    """A window on a laptop, with the issues page open."""

    qtbot: QtBot
    ws: Workspace
    window: Window
    desk: Desk

    @property
    def page(self) -> IssuesPage:
        found = self.desk.page("issues")
        assert isinstance(found, IssuesPage)
        return found

    def settle(self) -> None:
        """Let what was asked of the store arrive."""
        for _ in range(5):
            background.wait()
            QApplication.processEvents()

    def key(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            QTest.keyClick(QApplication.focusWidget() or self.page, key, modifier)
            self.settle()

    def finish(self) -> None:
        self.key(Qt.Key.Key_Return, modifier=Qt.KeyboardModifier.ControlModifier)

    def type(self, text: str) -> None:
        widget = QApplication.focusWidget()
        assert widget is not None
        QTest.keyClicks(widget, text)

    def press(self, label: str) -> None:
        button = next(one for one in self.window.findChildren(Button) if one.label() == label and one.isVisible())
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def choose(self, label: str) -> None:
        options = self.page.panel.findChildren(OptionButton)
        QTest.mouseClick(next(one for one in options if one.text() == label), Qt.MouseButton.LeftButton)
        self.settle()

    def rows(self) -> list[str]:
        return [row.title for row in self.page.list.rows()] if self.page.list.isVisible() else []

    def chip(self, title: str) -> str:
        row = next(row for row in self.page.list.rows() if row.title == title)
        return row.right_chip.text if row.right_chip else ""

    def words(self, inside: QWidget | None = None) -> list[str]:
        return [label.text() for label in (inside or self.page).findChildren(QLabel) if label.isVisible()]

    def buttons(self) -> list[tuple[str, bool]]:
        found = [one for one in self.page.panel.findChildren(Button) if one.isVisible()]
        return [(one.label(), one.isEnabled()) for one in found]

    def story(self) -> list[str]:
        model = self.page.panel._timeline.model()
        return [model.index(row, 0).data() for row in range(model.rowCount())]

    def sections(self) -> list[str]:
        model = self.page.list._rows
        items = [model.item(model.index(row)) for row in range(model.rowCount())]
        return [item.title for item in items if isinstance(item, Section)]


@pytest.fixture
def stage(qtbot: QtBot, workspace: Workspace) -> Iterator[Stage]:
    window, desk = seated(qtbot, workspace, SHOWN)
    yield Stage(qtbot, workspace, window, desk)
    desk.close_down()
    background.wait()


def opened(stage: Stage, target: object = None) -> Stage:
    stage.desk.open("issues", target)
    stage.settle()
    return stage


@pytest.fixture
def chen(village: Village) -> Home:
    home = village.household("陈桂芳", "3", "1", "202")
    village.care(home, "C3", arrangement="2")
    return home


def gas(workspace: Workspace, chen: Home) -> int:
    draft = IssueDraft("燃气软管老化", "C", "S2", household_id=chen.id, summary="软管发硬有裂纹。")
    return workspace.issues.report(draft).issue


# ------------------------------------------------------------------------------------------------------------- the way


def test_an_issue_walked_from_report_to_closing(
    stage: Stage, workspace: Workspace, chen: Home, clock: HandClock
) -> None:
    gas(workspace, chen)
    opened(stage)
    assert stage.sections() == ["Do these first"]
    assert stage.buttons() == [("Note first response", True), ("Ask the office", True), ("Close it", False)]
    clock.move(minutes=20)
    stage.key(Qt.Key.Key_Return)
    stage.type("valve shut at once")
    stage.finish()
    assert toast_text(stage.window) == "Done: First response."
    assert stage.sections() == ["In progress"]
    assert stage.story() == ["First response", "Reported"]
    stage.key(Qt.Key.Key_Return)
    assert "Way of solving it" not in stage.words(stage.page.panel)
    stage.choose("It is solved")
    stage.choose("Solved")
    stage.choose("Repaired or removed")
    stage.finish()
    (solved,) = workspace.records.page("issue_step", where={"action": "resolve"})
    assert (solved.values["result"], solved.values["solve_method"]) == ("substantial", "repaired")
    assert stage.sections() == ["Waiting for the return visit"]
    assert stage.chip("燃气软管老化") == "Return 25 Mar"
    stage.key(Qt.Key.Key_Return, Qt.Key.Key_1)
    stage.finish()
    assert stage.chip("燃气软管老化") == "Ready to close"
    assert ("Close it", True) in stage.buttons()
    stage.key(Qt.Key.Key_Return)
    assert toast_text(stage.window) == "Closed. Well done."
    assert stage.sections() == ["Closed lately"]
    assert stage.story() == ["Closed", "Return visit: Satisfied", "Resolved", "First response", "Reported"]
    assert stage.buttons() == [("Take up again", True), ("Plan return", True)]


def test_the_row_stays_in_sight_after_its_step(
    stage: Stage, workspace: Workspace, chen: Home, clock: HandClock
) -> None:
    first = gas(workspace, chen)
    clock.move(minutes=5)
    for number in range(30):
        workspace.issues.report(IssueDraft(f"路灯不亮{number}", "C", "S2", household_id=chen.id, summary="没有灯。"))
    opened(stage)
    rows = stage.page.list
    rows.choose(first)
    stage.settle()
    stage.key(Qt.Key.Key_Return)
    stage.type("valve shut at once")
    stage.finish()
    assert rows.current_key() == first
    assert rows.viewport().rect().contains(rows.visualRect(rows.currentIndex()))


def test_who_is_not_satisfied_gets_it_taken_up_again(stage: Stage, workspace: Workspace, chen: Home) -> None:
    issue = gas(workspace, chen)
    for action in ("first_response", "resolve"):
        workspace.issues.take_step(issue, StepDraft(action))
    opened(stage)
    stage.key(Qt.Key.Key_Return, Qt.Key.Key_3)
    stage.finish()
    assert toast_text(stage.window) == "Not satisfied, so it is taken up again."
    assert stage.sections() == ["In progress"]
    assert "Taken up again 1×" in [chip.chip().text for chip in stage.page.panel.findChildren(Chip) if chip.isVisible()]
    assert stage.buttons()[0] == ("Add a step", True)


def test_a_return_visit_that_reached_nobody_does_not_look_like_praise(
    stage: Stage, workspace: Workspace, chen: Home
) -> None:
    issue = gas(workspace, chen)
    workspace.issues.take_step(issue, StepDraft("resolve"))
    opened(stage)
    stage.key(Qt.Key.Key_Return, Qt.Key.Key_4)
    stage.finish()
    shown = stage.page.panel.issue
    assert shown is not None
    nobody = moment(shown.steps[0])
    assert (nobody.title, nobody.icon, nobody.tone) == ("Return visit: Not reached", "door", "neu")
    sign = next(one.signs[0] for one in workspace.households.file(chen.id).moments if one.signs)
    told = chip_of(sign)
    assert (told.text, told.tone, told.icon) == ("Not reached", "neu", "door")


def test_closing_is_off_and_says_why(stage: Stage, workspace: Workspace, chen: Home) -> None:
    issue = gas(workspace, chen)
    workspace.issues.take_step(issue, StepDraft("resolve"))
    opened(stage)
    assert ("Close it", False) in stage.buttons()
    assert "It closes after a return visit, when the resident agrees." in stage.words(stage.page.panel)
    for _ in range(3):
        stage.key(Qt.Key.Key_Return, Qt.Key.Key_4)
        stage.finish()
    assert stage.buttons()[0] == ("Close it", True)
    assert stage.chip("燃气软管老化") == "Ready to close"


def test_a_step_is_undone_with_one_key(stage: Stage, workspace: Workspace, chen: Home) -> None:
    gas(workspace, chen)
    opened(stage)
    stage.key(Qt.Key.Key_Return)
    stage.finish()
    assert stage.story() == ["First response", "Reported"]
    stage.key(Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    assert stage.story() == ["Reported"]
    assert stage.sections() == ["Do these first"]


def test_a_return_visit_is_planned_with_f(stage: Stage, workspace: Workspace, chen: Home) -> None:
    issue = gas(workspace, chen)
    opened(stage)
    stage.key(Qt.Key.Key_F)
    assert stage.page.panel.form() is None, "nothing to plan before the first response"
    workspace.issues.take_step(issue, StepDraft("first_response"))
    stage.settle()
    stage.key(Qt.Key.Key_F)
    stage.finish()
    assert "Say when the return visit is." in stage.words(stage.page.panel)
    stage.key(Qt.Key.Key_Space)
    stage.finish()
    assert stage.chip("燃气软管老化") == "Visit tomorrow"
    assert stage.story()[0] == "Planned: Thu, 19 Mar"


def test_another_day_can_be_typed(stage: Stage, workspace: Workspace, chen: Home) -> None:
    issue = gas(workspace, chen)
    workspace.issues.take_step(issue, StepDraft("first_response"))
    opened(stage)
    stage.key(Qt.Key.Key_F)
    form = stage.page.panel.form()
    assert form is not None
    form.restore({"due_on": "2026-04-02"})
    assert form.draft().due_on == "2026-04-02"
    stage.finish()
    assert stage.chip("燃气软管老化") == "Return 2 Apr"


def test_the_office_is_asked_with_h(stage: Stage, workspace: Workspace, chen: Home) -> None:
    gas(workspace, chen)
    opened(stage)
    stage.key(Qt.Key.Key_H)
    stage.type("the street office has to come")
    stage.finish()
    assert stage.chip("燃气软管老化") == "With the office"
    assert stage.story() == ["Asked the office", "Reported"]


def test_all_steps_are_in_the_menu(stage: Stage, workspace: Workspace, chen: Home) -> None:
    gas(workspace, chen)
    opened(stage)
    menu = stage.page.panel.menu()
    labels = [action.text() for action in menu.actions()]
    assert labels == [
        "Note first response\tEnter",
        "Add a step",
        "It is solved",
        "Ask the office\tH",
        "Pass on",
        "Do not take on",
        "Add a remark",
        "",
        "It is an early sign",
    ]
    menu.actions()[5].trigger()
    stage.settle()
    stage.finish()
    assert "Give the reason in words the resident understands." in stage.words(stage.page.panel)
    stage.type("not for the community")
    stage.finish()
    assert stage.sections() == ["Closed lately"]
    menu.close()


def test_a_matter_is_marked_as_an_early_sign(stage: Stage, workspace: Workspace, chen: Home) -> None:
    gas(workspace, chen)
    opened(stage)
    menu = stage.page.panel.menu()
    menu.actions()[-1].trigger()
    stage.settle()
    assert "Early sign" in [one.chip().text for one in stage.page.panel.findChildren(Chip) if one.isVisible()]
    assert toast_text(stage.window) == "Marked as an early sign."
    menu.close()


# ------------------------------------------------------------------------------------------------------ nothing is lost


def test_a_half_typed_step_is_parked_and_comes_back(stage: Stage, workspace: Workspace, chen: Home) -> None:
    first = gas(workspace, chen)
    other = workspace.issues.report(IssueDraft("井盖松动", "F")).issue
    opened(stage, first)
    stage.key(Qt.Key.Key_Return)
    stage.type("valve sh")
    stage.key(Qt.Key.Key_Escape)
    assert stage.page.panel.form() is None
    assert stage.desk.current() == "issues"
    kept = workspace.drafts.get(f"issue-step:{first}")
    assert kept is not None
    assert kept.fields["note"] == "valve sh"
    stage.page.list.choose(other)
    stage.settle()
    assert stage.page.panel.form() is None
    stage.page.list.choose(first)
    stage.settle()
    form = stage.page.panel.form()
    assert form is not None
    assert form.draft() == StepDraft("first_response", "valve sh")
    form.submit()
    stage.settle()
    assert workspace.drafts.get(f"issue-step:{first}") is None
    assert stage.story()[0] == "First response"


def test_a_step_says_what_does_not_belong_in_its_note(stage: Stage, workspace: Workspace, chen: Home) -> None:
    opened(stage, gas(workspace, chen))
    stage.key(Qt.Key.Key_Return)
    stage.type("13800000867")
    form = stage.page.panel.form()
    assert form is not None
    assert [line.text() for line in form.findChildren(Remarks) if line.isVisible()] == [
        "There is a phone number in this text; it has a place of its own."
    ]


def test_an_empty_form_leaves_no_draft(stage: Stage, workspace: Workspace, chen: Home) -> None:
    first = gas(workspace, chen)
    opened(stage)
    stage.key(Qt.Key.Key_Return)
    stage.type("x")
    stage.key(Qt.Key.Key_Backspace, Qt.Key.Key_Escape)
    assert workspace.drafts.get(f"issue-step:{first}") is None


def test_locking_keeps_what_is_half_typed(stage: Stage, workspace: Workspace, chen: Home) -> None:
    first = gas(workspace, chen)
    opened(stage)
    stage.key(Qt.Key.Key_Return)
    stage.type("valve")
    stage.desk.close_down()
    kept = workspace.drafts.get(f"issue-step:{first}")
    assert kept is not None
    assert kept.fields["note"] == "valve"


def test_a_window_that_may_not_write_says_so_and_keeps_the_words(
    stage: Stage, workspace: Workspace, chen: Home
) -> None:
    gas(workspace, chen)
    opened(stage)
    stage.key(Qt.Key.Key_Return)
    stage.type("valve")
    workspace.session.writer = "刘芳"
    stage.finish()
    form = stage.page.panel.form()
    assert form is not None
    assert form.draft().note == "valve"
    assert str(StoreBusy("{name} is writing in another window. This one only shows.", name="刘芳")) in stage.words(form)
    workspace.session.writer = None
    stage.finish()
    assert stage.story()[0] == "First response"


# ------------------------------------------------------------------------------------------------------------- the list


def test_clocks_run_while_one_looks(stage: Stage, workspace: Workspace, chen: Home, clock: HandClock) -> None:
    gas(workspace, chen)
    opened(stage)
    assert stage.chip("燃气软管老化") == "0:30 left"
    clock.move(minutes=35)
    stage.page._on_ticked()
    stage.settle()
    assert stage.chip("燃气软管老化") == "5 min late"
    strip = stage.page.panel.findChild(Strip)
    assert strip is not None
    assert "First response is 5 min late" in strip.accessibleName()


def test_tiles_and_states_filter(stage: Stage, workspace: Workspace, chen: Home) -> None:
    gas(workspace, chen)
    workspace.issues.report(IssueDraft("门禁关不上", "A"))
    workspace.issues.take_step(workspace.issues.report(IssueDraft("井盖松动", "F")).issue, StepDraft("handle"))
    opened(stage)
    assert stage.rows() == ["燃气软管老化", "门禁关不上", "井盖松动"]
    stage.key(Qt.Key.Key_1)
    assert stage.rows() == ["门禁关不上"]
    assert stage.page.filters.tiles["F1"].isChecked()
    stage.key(Qt.Key.Key_3)
    assert stage.rows() == ["燃气软管老化"]
    stage.key(Qt.Key.Key_4)
    assert stage.rows() == []
    assert "All of these are done." in stage.words()
    stage.press("Show all")
    assert len(stage.rows()) == 3
    stage.page.filters.states._buttons["handling"].click()
    stage.settle()
    assert stage.rows() == ["井盖松动"]


def test_words_and_pinyin_filter_until_esc(stage: Stage, workspace: Workspace, chen: Home) -> None:
    gas(workspace, chen)
    workspace.issues.report(IssueDraft("门禁关不上", "A"))
    opened(stage)
    stage.key(Qt.Key.Key_F, modifier=Qt.KeyboardModifier.ControlModifier)
    stage.type("cgf")
    stage.settle()
    assert stage.rows() == ["燃气软管老化"]
    stage.key(Qt.Key.Key_Escape)
    assert len(stage.rows()) == 2
    assert stage.page.list.hasFocus()


def test_issues_of_one_building(stage: Stage, workspace: Workspace, chen: Home, village: Village) -> None:
    gas(workspace, chen)
    workspace.issues.report(IssueDraft("井盖松动", "F", building_id=village.building("5")))
    opened(stage)
    menu = stage.page.filters.building_menu()
    assert [action.text() for action in menu.actions()] == ["All buildings", "3栋", "5栋"]
    menu.actions()[2].trigger()
    stage.settle()
    assert stage.rows() == ["井盖松动"]
    assert stage.page.filters.building.label() == "5栋"
    menu.close()


def test_newest_first_on_request(stage: Stage, workspace: Workspace, clock: HandClock) -> None:
    workspace.issues.report(IssueDraft("飞线充电", "C"))
    clock.move(minutes=1)
    workspace.issues.report(IssueDraft("门禁关不上", "A"))
    opened(stage)
    assert stage.rows() == ["飞线充电", "门禁关不上"]
    stage.press("By time limit")
    assert stage.rows() == ["门禁关不上", "飞线充电"]


def test_where_there_is_no_issue_the_focus_is_on_reporting_one(qtbot: QtBot, workspace: Workspace) -> None:
    window, desk = seated(qtbot, workspace, [one for one in present(FIELD) if one.name in {"today", "issues"}])
    desk.open("today")
    settle(qtbot)
    desk.open("issues")
    settle(qtbot)
    focused = window.focusWidget()
    assert isinstance(focused, Button)
    assert focused.label() == "Report issue"
    desk.close_down()


def test_nothing_to_do_shows_what_was_closed_last(stage: Stage, workspace: Workspace) -> None:
    opened(stage)
    assert isinstance(stage.page._state, StatePanel)
    assert "No issue waits for anybody." in stage.words()
    assert not stage.page.panel.isVisible(), "where there is nothing to look at there is no empty card"
    issue = workspace.issues.report(IssueDraft("井盖松动", "F")).issue
    for step in (StepDraft("resolve"), StepDraft("return_visit", satisfaction="3"), StepDraft("close")):
        workspace.issues.take_step(issue, step)
    stage.settle()
    assert (stage.sections(), stage.rows()) == (["Closed lately"], ["井盖松动"])


def test_closed_issues_load_as_one_scrolls(stage: Stage, workspace: Workspace, clock: HandClock) -> None:
    for number in range(60):
        issue = workspace.issues.report(IssueDraft(f"第{number}件", "F")).issue
        workspace.issues.take_step(issue, StepDraft("reject", "不归社区管"))
    opened(stage, "closed")
    assert (len(stage.rows()), stage.rows()[0]) == (PAGE, "第59件")
    bar = stage.page.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    stage.settle()
    assert len(stage.rows()) == 60
    assert bar.value() > 0, "the list stays where it was scrolled to"


def test_a_commit_elsewhere_shows_and_the_row_stays(stage: Stage, workspace: Workspace, chen: Home) -> None:
    first = gas(workspace, chen)
    opened(stage)
    workspace.issues.report(IssueDraft("楼道堆物", "C", on_site=True))
    workspace.issues.report(IssueDraft("门禁关不上", "A"))
    stage.settle()
    assert len(stage.rows()) == 3
    assert stage.page.list.current_key() == first
    assert stage.page.panel.issue is not None
    assert stage.page.panel.issue.id == first


def test_the_sidebar_counts_who_waits(stage: Stage, workspace: Workspace, chen: Home) -> None:
    gas(workspace, chen)
    with stage.qtbot.waitSignal(stage.desk.shell.badge_changed) as told:
        opened(stage)
    assert told.args == ["issues", 1, "neu"]


def test_what_cannot_be_read_says_so_and_is_tried_again(
    stage: Stage, workspace: Workspace, chen: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise StoreDamaged("A page of the file is damaged.")

    gas(workspace, chen)
    monkeypatch.setattr(workspace.issues, "so_far", broken)
    opened(stage)
    assert "A page of the file is damaged." in stage.words()
    assert stage.rows() == []
    monkeypatch.undo()
    stage.press("Try again")
    assert stage.rows() == ["燃气软管老化"]
    assert "A page of the file is damaged." not in stage.words()


@pytest.mark.parametrize("height", [768, 708])
def test_a_step_is_written_without_anything_over_the_field_in_a_low_window(
    stage: Stage, workspace: Workspace, chen: Home, height: int
) -> None:
    issue = gas(workspace, chen)
    workspace.issues.take_step(issue, StepDraft("first_response", "valve shut"))
    stage.window.resize(1366, height)
    opened(stage)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_F):
        stage.key(key)
        form = stage.page.panel.form()
        assert form is not None
        assert form._ends.geometry().top() >= form._area.geometry().bottom()
        assert form.height() >= form.minimumSizeHint().height()
        assert stage.page.panel.rect().bottom() >= form.mapTo(stage.page.panel, form.rect().bottomLeft()).y()
        if height == 768:  # there is room for all of it
            assert form._area.verticalScrollBar().maximum() == 0
        stage.key(Qt.Key.Key_Escape)


def test_tab_walks_from_top_to_bottom(stage: Stage, workspace: Workspace, chen: Home) -> None:
    gas(workspace, chen)
    opened(stage)
    page, places = stage.page, []
    parts = [page._header, *page.filters.tiles.values(), page.filters.states, page.filters.order, page.list, page.panel]
    widget: QWidget | None = page._header
    for _ in range(200):
        widget = widget.nextInFocusChain() if widget is not None else None
        at = next((n for n, part in enumerate(parts) if widget and (part is widget or part.isAncestorOf(widget))), -1)
        if at >= 0 and widget is not None and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
            places.append(at)
        if widget is page.list:
            break
    assert places == sorted(places)
    assert set(places) == set(range(8))


def test_one_issue_is_opened_from_elsewhere(stage: Stage, workspace: Workspace, chen: Home) -> None:
    gas(workspace, chen)
    other = workspace.issues.report(IssueDraft("井盖松动", "F")).issue
    opened(stage, other)
    assert stage.page.list.current_key() == other
    closed = workspace.issues.report(IssueDraft("路灯不亮", "F")).issue
    workspace.issues.take_step(closed, StepDraft("reject", "不归社区管"))
    opened(stage, closed)
    assert stage.page.panel.issue is not None
    assert stage.page.panel.issue.title == "路灯不亮"


def test_the_household_opens_with_o(stage: Stage, workspace: Workspace, chen: Home) -> None:
    gas(workspace, chen)
    opened(stage)
    with stage.qtbot.waitSignal(stage.desk.shell.page_wanted) as asked:
        stage.key(Qt.Key.Key_O)
    assert asked.args == ["household", chen.id]


def test_enter_right_after_an_arrow_acts_on_the_new_row(stage: Stage, workspace: Workspace, chen: Home) -> None:
    gas(workspace, chen)
    other = workspace.issues.report(IssueDraft("门禁关不上", "A")).issue
    opened(stage)
    QTest.keyClick(stage.page.list, Qt.Key.Key_Down)
    QTest.keyClick(stage.page.list, Qt.Key.Key_Return)
    stage.settle()
    assert stage.page.panel.form() is not None
    assert stage.page.panel.issue is not None
    assert stage.page.panel.issue.id == other


def test_an_issue_that_goes_while_one_looks_leaves_an_empty_panel(
    stage: Stage, workspace: Workspace, chen: Home
) -> None:
    first = gas(workspace, chen)
    opened(stage)
    workspace.records.remove("issue", first)
    stage.settle()
    assert stage.rows() == []
    assert stage.page.panel.issue is None
    stage.key(Qt.Key.Key_F, Qt.Key.Key_O)


# ------------------------------------------------------------------------------------------------------------ the looks


def test_the_panel_is_a_sheet_in_a_narrow_window(stage: Stage, workspace: Workspace, chen: Home) -> None:
    gas(workspace, chen)
    stage.window.resize(1200, 800)
    opened(stage)
    panel = stage.page.panel
    assert not panel.isVisible()
    stage.key(Qt.Key.Key_Return)
    assert panel.isVisible()
    assert panel.form() is None, "first the sheet, then the step"
    assert panel.geometry().right() <= stage.page.width()
    stage.key(Qt.Key.Key_Escape)
    assert not panel.isVisible()
    stage.key(Qt.Key.Key_Period, modifier=Qt.KeyboardModifier.ControlModifier)
    assert panel.isVisible()
    stage.window.resize(1440, 900)
    stage.settle()
    assert panel.isVisible()
    assert panel.geometry().left() > stage.page.list.geometry().right()


def test_whoever_looks_on_sees_no_names(stage: Stage, workspace: Workspace, chen: Home) -> None:
    gas(workspace, chen)
    opened(stage)
    stage.desk.shell.set_sharing(True)
    stage.settle()
    shown = [*stage.words(), *stage.story(), *(row.words() for row in stage.page.list.rows())]
    shown += [chip.chip().text for chip in stage.page.panel.findChildren(Chip) if chip.isVisible()]
    assert not [text for text in shown if "桂芳" in text or "软管" in text or "Lives alone" in text]


def test_no_words_are_cut_off(
    stage: Stage, workspace: Workspace, chen: Home, each_language: str, each_scale: float, clock: HandClock
) -> None:
    gas(workspace, chen)
    clock.move(minutes=40)
    opened(stage)
    if not stage.page.panel.isVisible():
        stage.page.sheet.toggle()
        stage.settle()
    assert clipped(stage.page) == []
    for code in ("first_response", "ask_office", "handle"):
        stage.page.acting.start(code)
        stage.settle()
        assert clipped(stage.page) == []
        stage.page.acting.park()
        stage.settle()


def test_how_far_an_issue_is_stands_whole_in_a_low_sheet_with_large_text(
    stage: Stage, workspace: Workspace, chen: Home
) -> None:
    gas(workspace, chen)
    themes.look().use("light", 1.5)
    try:
        stage.window.resize(1366, 768)
        opened(stage)
        stage.page.sheet.toggle()
        stage.settle()
        panel = stage.page.panel
        bottom = panel._stepper.mapTo(panel._head_area.viewport(), QPoint(0, panel._stepper.height())).y()
        assert panel._timeline.isVisible()
        assert bottom <= panel._head_area.viewport().height()
        assert ("Close it", False) in stage.buttons()
    finally:
        themes.look().use("light", 1.0)


def test_the_steps_of_an_issue_stand_in_one_line(
    stage: Stage, workspace: Workspace, chen: Home, each_language: str, each_scale: float
) -> None:
    issue = gas(workspace, chen)
    for taken in ("", "first_response", "resolve"):
        if taken:
            workspace.issues.take_step(issue, StepDraft(taken))
        for width, height in ((1440, 900), (1280, 800)):
            stage.window.resize(width, height)
            opened(stage, issue)
            if not stage.page.panel.isVisible():
                stage.page.sheet.toggle()
                stage.settle()
            found = [one for one in stage.page.panel.findChildren(Button) if one.isVisible()]
            assert len(found) == 3
            assert len({one.y() for one in found}) == 1
            assert clipped(stage.page.panel) == []
            assert [one.accessibleName() for one in found] == [one.label() for one in found]


def test_the_letter_of_a_step_stays_on_its_button_where_room_is_short(
    stage: Stage, workspace: Workspace, chen: Home
) -> None:
    gas(workspace, chen)
    opened(stage)
    main, beside, close = [one for one in stage.page.panel.findChildren(Button) if one.isVisible()]
    assert main.sizeHint().width() == main.width_with(icon=False, key=False)
    assert beside.sizeHint().width() == beside.width_with(icon=True, key=True)
    assert close.sizeHint().width() == close.width_with(icon=True, key=False), "it cannot be pressed yet"
    stage.page.panel._foot_buttons.make_room(600)
    assert main.sizeHint().width() == main.width_with(icon=True, key=True)


def test_every_icon_exists(stage: Stage) -> None:
    from gridworker.gui.look import icons
    from gridworker.gui.pages.issues import looks

    names = {*looks.CATEGORY_ICONS.values(), *looks.TRACK_ICONS.values(), *looks.ACTION_ICONS.values()}
    names |= {icon for _, icon in looks._CHIPS.values() if icon} | set(looks._STEP_ICONS.values())
    assert [name for name in names if not icons.exists(name)] == []


def test_with_many_photos_what_was_done_can_still_be_seen(stage: Stage, workspace: Workspace, chen: Home) -> None:
    gas(workspace, chen)
    opened(stage)
    panel = stage.page.panel
    panel.photos.show_lines([PhotoLine(number, f"照片 {number}") for number in range(1, 13)])
    stage.settle()
    assert panel._timeline.isVisible()
    assert panel._timeline.height() >= 60
    assert panel._head_area.verticalScrollBar().maximum() > 0


def test_the_head_of_an_issue_is_as_high_as_it_needs_where_it_changed_unseen(
    stage: Stage, workspace: Workspace, chen: Home
) -> None:
    title = "楼道里堆放了大量的旧家具和电动自行车还有别的杂物一直没有人清理，晚上下楼老人摔过两次"
    workspace.issues.report(IssueDraft(title, "C", "S2", household_id=chen.id))
    opened(stage)
    panel = stage.page.panel
    panel.photos.show_lines([PhotoLine(one, f"照片 {one}") for one in range(1, 13)])
    stage.settle()
    stage.desk.open("today")
    stage.settle()
    stage.desk.shell.set_sharing(True)
    stage.settle()
    opened(stage)
    shown = panel._head_area.height()
    panel._fit()
    assert panel._head_area.height() == shown


def test_what_issues_say_is_read_when_the_page_is_opened(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of tens of thousands it takes two seconds: nobody is to wait for that with the first letter."""
    stage.ws.issues.report(IssueDraft("楼上漏水", "B"))
    opened(stage)
    stage.settle()
    monkeypatch.setattr(issue_queries, "maybe_open_in_words", None)
    assert stage.ws.issues.view(IssueFilter(text="漏水")).counts["open"] == 1


def test_what_is_typed_before_all_was_read_is_answered_at_once_and_says_so(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the newest issues; what the others say is shown when they were read."""
    monkeypatch.setattr(issue_reading, "FIRST", 1)
    issues, may_go_on = stage.ws.issues, Event()
    for title in ("楼上漏水", "井盖松动", "水表漏水"):
        issues.report(IssueDraft(title, "B"))
    read_ahead = issues.look_ahead

    def when_it_may(*, sharing: bool) -> Callable[[], None]:
        def work() -> None:
            may_go_on.wait(60)
            read_ahead(sharing=sharing)()

        return work

    monkeypatch.setattr(issues, "look_ahead", when_it_may)
    opened(stage)
    page, qtbot = stage.page, stage.qtbot
    page.show_target(IssueFilter(text="漏水"))
    qtbot.waitUntil(lambda: page._so_far.isVisible())
    assert page._so_far.text() == "The newest 1 of 3 issues were looked through so far; the others follow."
    assert titles(page) == ["水表漏水"]
    page.show_target(IssueFilter(text="井盖"))
    qtbot.waitUntil(lambda: titles(page) == [])
    assert isinstance(page._state, LoadingPanel), "nobody says that nothing fits"
    assert page._state.accessibleName() == "Nothing found so far"
    assert clipped(page) == []
    may_go_on.set()
    qtbot.waitUntil(lambda: titles(page) == ["井盖松动"])
    assert not page._so_far.isVisible()
    page.show_target(IssueFilter(text="漏水"))
    stage.settle()
    assert titles(page) == ["楼上漏水", "水表漏水"]
    page.show_target(IssueFilter(text="没有这个"))
    stage.settle()
    assert isinstance(page._state, StatePanel)


def titles(page: IssuesPage) -> list[str]:
    return [row.title for row in page.list.rows()] if page.list.isVisible() else []


def test_a_sheet_that_would_be_too_low_to_read_covers_the_filters_too(
    stage: Stage, workspace: Workspace, chen: Home
) -> None:
    gas(workspace, chen)
    stage.window.resize(1180, 800)
    opened(stage)
    page, panel = stage.page, stage.page.panel
    page.sheet.toggle()
    stage.settle()
    assert panel.geometry().top() > page.filters.geometry().bottom(), "it has room enough"
    themes.look().use("light", 1.5)
    try:
        stage.window.resize(1180, 680)
        stage.settle()
        assert panel.geometry().top() == page.filters.geometry().top()
        page.acting.start("first_response")
        stage.settle()
        form = panel.form()
        assert form is not None
        (note,) = form.findChildren(QPlainTextEdit)
        assert note.visibleRegion().boundingRect() == note.rect(), "what one types in is seen whole"
    finally:
        themes.look().use("light", 1.0)
