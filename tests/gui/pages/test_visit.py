"""The visit form as it is used: from Today to the door and back, by keys, and nothing lost on the way."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from gridworker.app.visit.entry import NEED_LENGTH, NeedEntry
from gridworker.app.workspace import Workspace
from gridworker.errors import DiskFull
from gridworker.gui import background
from gridworker.gui.desk import Desk
from gridworker.gui.entries import present
from gridworker.gui.look.theme import Look
from gridworker.gui.owner import Owner
from gridworker.gui.page import FIELD
from gridworker.gui.pages.today.page import TodayPage
from gridworker.gui.pages.visit.form import VisitForm
from gridworker.gui.pages.visit.hazard import HazardPanel
from gridworker.gui.pages.visit.head import DraftState
from gridworker.gui.pages.visit.page import VisitPage
from gridworker.gui.widgets.button import IconButton
from gridworker.gui.widgets.checkrow import FINE, PROBLEM, UNCHECKED, CheckRow
from gridworker.gui.widgets.masked import MaskedValue
from gridworker.gui.widgets.options import OptionButton
from gridworker.gui.window import Window
from tests.gui.seated import seated
from tests.gui.seen import clipped, settle, unnamed
from tests.gui.toasts import toast_text
from tests.village import WEDNESDAY, HandClock, Home, Village

Key, Mod = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def chen(village: Village) -> Home:
    home = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")
    village.member(home, "李红", "30", birth="1975-05-05", phones="13800000867")
    village.care(home, "C3", cadence="V1", arrangement="2", person="陈桂芳")
    village.visit(home, "2026-03-09", note="女儿周末才能来，答应帮忙代买。", home_checks="gas=ok power=problem")
    return home


@pytest.fixture
def wu(village: Village) -> Home:
    home = village.household("吴秀英", "3", "2", "101", birth="1944-01-01")
    village.care(home, "C3", cadence="V1", arrangement="4")
    village.visit(home, "2026-03-11")
    return home


class Hands:
    """A person at the keyboard and the mouse, whose actions are counted as ux.md 5 counts them."""

    def __init__(self, qtbot: QtBot, desk: Desk) -> None:
        self.qtbot, self.desk, self.actions = qtbot, desk, 0

    @property
    def page(self) -> VisitPage:
        page = self.desk.page("visit")
        assert isinstance(page, VisitPage)
        return page

    @property
    def form(self) -> VisitForm:
        assert self.page._form is not None
        return self.page._form

    @property
    def today(self) -> TodayPage:
        page = self.desk.page("today")
        assert isinstance(page, TodayPage)
        return page

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Mod.NoModifier) -> None:
        """One key or shortcut, where the focus is."""
        self.actions += 1
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key, modifier)

    def type(self, text: str) -> None:
        """One text, committed as an input method does."""
        self.actions += 1
        focus = QApplication.focusWidget()
        assert focus is not None
        for character in text:
            QTest.sendKeyEvent(QTest.KeyAction.Click, focus, Key(0), character, Mod.NoModifier)

    def click(self, widget: QWidget) -> None:
        """One click."""
        self.actions += 1
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    def opened(self) -> None:
        """Wait for the form."""
        self.qtbot.waitUntil(lambda: self.desk.current() == "visit" and self.page._form is not None)

    def back_on_today(self) -> None:
        """Wait for Today, read again."""
        self.qtbot.waitUntil(lambda: self.desk.current() == "today")
        background.wait()
        QApplication.processEvents()


@pytest.fixture
def seat(qtbot: QtBot, workspace: Workspace, chen: Home, wu: Home) -> tuple[Window, Desk]:
    return seated(qtbot, workspace, [entry for entry in present(FIELD) if entry.name in {"today", "visit"}])


@pytest.fixture
def window(seat: tuple[Window, Desk]) -> Window:
    return seat[0]


@pytest.fixture
def hands(qtbot: QtBot, seat: tuple[Window, Desk]) -> Iterator[Hands]:
    """At a desk with Today on it: 陈桂芳 is next, 吴秀英 in the list."""
    window, desk = seat
    qtbot.waitUntil(window.isActiveWindow)
    desk.open("today")
    page = desk.page("today")
    assert isinstance(page, TodayPage)
    qtbot.waitUntil(lambda: page._view is not None)
    yield Hands(qtbot, desk)
    desk.close_down()
    background.wait()


def begin(hands: Hands) -> None:
    """Open the form of the next household."""
    hands.press(Key.Key_N)
    hands.opened()


def words(widget: QWidget) -> str:
    return " | ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text())


def visits(workspace: Workspace, home: Home) -> int:
    return len(workspace.records.page("visit", where={"household_id": home.id}))


# --------------------------------------------------------------------------------------------------------------- job 1


def test_job_1_a_visit_with_a_hazard_and_a_follow_up_in_ten_actions(
    hands: Hands, workspace: Workspace, chen: Home, wu: Home, window: Window, clock: HandClock
) -> None:
    hands.press(Key.Key_N)
    hands.opened()
    hands.press(Key.Key_3, Mod.AltModifier)
    hands.press(Key.Key_Down)
    hands.press(Key.Key_2)
    hands.type("床头插线板发黑、烫手，插着电热毯")
    hands.press(Key.Key_Return)
    hands.press(Key.Key_A)
    hands.press(Key.Key_4, Mod.AltModifier)
    hands.type("米油送到，够吃一个月。床头插线板发黑烫手，当场拔了。周四上午她在家。")
    hands.press(Key.Key_Return, Mod.ControlModifier)
    hands.back_on_today()
    assert hands.actions == 10
    found = max(workspace.records.page("visit", where={"household_id": chen.id}), key=lambda one: one.id).values
    assert found["home_checks"] == "doors=ok fire=ok gas=ok grab_rail=ok passage=ok power=problem"
    assert str(found["situation_note"]).startswith("米油送到")
    assert (found["outcome"], found["follow_up_on"]) == ("met_person", "2026-03-25")
    issue = max(workspace.records.page("issue"), key=lambda one: one.id).values
    assert (issue["title"], issue["subcategory"]) == ("床头插线板发黑、烫手，插着电热毯", "C4")
    assert toast_text(window) == "Visit to 陈桂芳 written down, with 1 issue."
    hands.qtbot.waitUntil(lambda: "吴秀英" in words(hands.today._hero))
    assert workspace.drafts.all() == []


def test_job_1_by_mouse_in_nine_clicks_or_fewer(hands: Hands, workspace: Workspace, chen: Home) -> None:
    hands.click(hands.today._hero.button)
    hands.opened()
    hands.click(hands.form.checks.row("power").control._buttons[PROBLEM])
    hands.type("床头插线板发黑")
    hands.click(hands.form._rest)
    hands.click(hands.form.notes.edit.viewport())
    hands.type("当场拔了。")
    hands.click(hands.page._finish)
    hands.back_on_today()
    assert hands.actions <= 9
    assert visits(workspace, chen) == 2


def test_what_is_told_of_one_visit_leaves_the_button_of_the_next_free(hands: Hands, chen: Home) -> None:
    window = hands.desk.window()
    assert isinstance(window, Window)
    window.resize(1180, 680)
    window.toast("Visit to 吴秀英 written down. " * 9)
    toast = window._toast
    assert toast is not None
    low = toast.geometry().bottom()
    begin(hands)
    settle(hands.qtbot)
    finish = hands.page._finish
    button = QRect(finish.mapTo(window._stack, QPoint(0, 0)), finish.size())
    assert toast.isVisible()
    assert not toast.geometry().intersects(button)
    hands.desk.back()
    settle(hands.qtbot)
    assert toast.geometry().bottom() == low


def test_a_problem_shows_by_when_to_respond_whole(hands: Hands, chen: Home) -> None:
    hands.desk.window().resize(1366, 700)
    begin(hands)
    hands.form.go("checks")
    for row in ("gas", "power", "fire"):
        hands.form.checks.row(row).setFocus()
        hands.press(Key.Key_2)
        settle(hands.qtbot)
        focus, area = QApplication.focusWidget(), hands.page._area
        assert area is not None
        assert focus is not None
        panel = focus.parentWidget()
        assert isinstance(panel, HazardPanel)
        top = panel.mapTo(area.viewport(), QPoint(0, 0)).y()
        assert top >= 0
        assert top + panel.height() <= area.viewport().height()


# ------------------------------------------------------------------------------------------------------------- opening


def test_what_one_needs_before_the_door_opens(hands: Hands) -> None:
    begin(hands)
    hands.qtbot.waitUntil(lambda: "The last three times" in words(hands.page._context))
    known = words(hands.page._context)
    assert all(
        word in known
        for word in (
            "陈桂芳",
            "78 y·3栋1单元202",
            "女儿周末才能来，答应帮忙代买。",
            "Last time, 9 Mar",
            "李红 (Daughter)",
        )
    )
    assert "13800000867" not in known
    assert "138****0867" in known


def test_what_the_checks_were_last_time_stands_in_one_column(hands: Hands, each_language: str) -> None:
    del each_language
    begin(hands)
    settle(hands.qtbot)
    notes = [hands.form.checks.row(key)._note for key in ("gas", "power", "fire", "passage")]
    assert notes[0].text()
    assert len({note.x() for note in notes}) == 1


def test_nothing_is_ticked_beforehand_and_nothing_is_kept_of_a_look(hands: Hands, workspace: Workspace) -> None:
    begin(hands)
    checks = hands.form.checks
    assert {key: checks.row(key).value() for key in ("gas", "power", "fire")} == dict.fromkeys(
        ("gas", "power", "fire"), UNCHECKED
    )
    hands.press(Key.Key_Escape)
    hands.back_on_today()
    assert workspace.drafts.all() == []


def test_alt_and_a_digit_go_to_a_part(hands: Hands) -> None:
    begin(hands)
    parts = []
    for key in (Key.Key_1, Key.Key_2, Key.Key_3, Key.Key_4, Key.Key_5, Key.Key_6, Key.Key_7):
        hands.press(key, Mod.AltModifier)
        parts.append(hands.form.current_part())
    assert parts == ["who", "why", "checks", "notes", "needs", "photos", "next"]


def test_digits_choose_within_a_part(hands: Hands, chen: Home) -> None:
    begin(hands)
    hands.press(Key.Key_1, Mod.AltModifier)
    hands.press(Key.Key_2)
    assert hands.form.entry().seen == (f"r{chen.people['陈桂芳']}", f"r{chen.people['李红']}")
    hands.press(Key.Key_2, Mod.AltModifier)
    hands.press(Key.Key_2)
    assert hands.form.entry().purpose == "return"
    hands.press(Key.Key_7, Mod.AltModifier)
    hands.press(Key.Key_3)
    assert hands.form.entry().next_on == "2026-04-01"
    assert "Next 1 Apr" in [chip.accessibleName() for chip in hands.page._summary.findChildren(QWidget)]


def test_nobody_at_home_hides_the_checks_and_comes_again_in_two_days(
    hands: Hands, workspace: Workspace, chen: Home
) -> None:
    begin(hands)
    hands.press(Key.Key_0)
    assert not hands.form.checks.isVisible()
    assert hands.form.slip.isVisible()
    assert "will come again on Fri, 20 Mar" in hands.form.slip.words()
    hands.press(Key.Key_3, Mod.AltModifier)
    assert hands.form.current_part() == "who"
    hands.press(Key.Key_Return, Mod.ControlModifier)
    hands.back_on_today()
    found = max(workspace.records.page("visit", where={"household_id": chen.id}), key=lambda one: one.id).values
    assert (found["outcome"], found["follow_up_on"], found["home_checks"]) == ("nobody_home", "2026-03-20", None)


def test_the_rare_answers_come_when_asked_for(hands: Hands, window: Window, workspace: Workspace, chen: Home) -> None:
    begin(hands)
    assert "declined" not in hands.form.who._buttons
    hands.press(Key.Key_9)
    hands.form.who.pick("declined")
    assert hands.form.entry().seen == ("declined",)
    hands.press(Key.Key_Return, Mod.ControlModifier)
    hands.back_on_today()
    found = max(workspace.records.page("visit", where={"household_id": chen.id}), key=lambda one: one.id).values
    assert found["outcome"] == "declined"
    assert toast_text(window) == "陈桂芳: Politely declined. Noted."  # not that nobody was met


# ------------------------------------------------------------------------------------------------------------- hazards


def test_backspace_takes_the_issue_back_and_leaves_the_problem(hands: Hands, workspace: Workspace) -> None:
    begin(hands)
    hands.press(Key.Key_3, Mod.AltModifier)
    hands.press(Key.Key_2)
    panel = hands.form.checks.panel("gas")
    assert panel is not None
    assert panel.title.hasFocus()
    hands.press(Key.Key_Backspace)
    assert hands.form.checks.panel("gas") is None
    assert hands.form.checks.row("gas").value() == PROBLEM
    assert hands.form.checks.row("gas").hasFocus()
    hands.press(Key.Key_Return, Mod.ControlModifier)
    hands.back_on_today()
    assert workspace.records.page("issue") == []


def test_the_same_hazard_with_an_open_issue_raises_no_second(
    hands: Hands, village: Village, workspace: Workspace, chen: Home
) -> None:
    village.issue("燃气软管老化", "C", at="2026-03-16T02:00:00Z", home=chen, subcategory="C3")
    begin(hands)
    row = hands.form.checks.row("gas")
    assert row.accessibleName() == "Gas, Issue open since 16 Mar"
    hands.press(Key.Key_3, Mod.AltModifier)
    hands.press(Key.Key_2)
    assert hands.form.checks.panel("gas") is None
    assert row.hasFocus()


def test_done_on_the_spot_is_the_first_response(hands: Hands, workspace: Workspace) -> None:
    begin(hands)
    hands.form.checks.row("power").control.answer(PROBLEM)
    panel = hands.form.checks.panel("power")
    assert panel is not None
    hands.qtbot.waitUntil(lambda: "First response by today 10:12" in words(panel))
    assert "119" not in words(panel)
    panel.severity._buttons["S1"].click()
    hands.qtbot.waitUntil(lambda: "In danger call 119, 110 or 120 first." in words(panel))
    hands.click(panel.spot)
    hands.press(Key.Key_Return, Mod.ControlModifier)
    hands.back_on_today()
    actions = [one.values["action"] for one in workspace.records.page("issue_step")]
    assert actions == ["report", "first_response"]
    assert workspace.records.page("issue")[0].values["severity"] == "S1"


def test_the_rest_is_fine_leaves_alone_what_was_answered(hands: Hands) -> None:
    begin(hands)
    hands.form.checks.row("fire").control.answer(PROBLEM)
    hands.form.checks.row("fire").setFocus()
    hands.press(Key.Key_A)
    assert {key: hands.form.checks.row(key).value() for key in ("gas", "fire")} == {"gas": FINE, "fire": PROBLEM}


def test_letters_are_text_where_one_types(hands: Hands) -> None:
    begin(hands)
    hands.press(Key.Key_4, Mod.AltModifier)
    hands.type("a")
    assert hands.form.notes.text() == "a"
    assert hands.form.checks.row("gas").value() == UNCHECKED


# ------------------------------------------------------------------------------------------------------------- notes


def test_a_slash_offers_phrases_at_the_start_of_a_word(hands: Hands) -> None:
    begin(hands)
    hands.press(Key.Key_4, Mod.AltModifier)
    hands.type("/")
    menu = hands.form.notes.findChild(QMenu)
    assert menu is not None
    menu.actions()[0].trigger()
    menu.close()
    assert hands.form.notes.text() == "All is well at home."
    hands.type("1/2")
    assert hands.form.notes.text() == "All is well at home.1/2"


def test_a_slash_anywhere_else_goes_to_the_notes(hands: Hands) -> None:
    begin(hands)
    hands.press(Key.Key_3, Mod.AltModifier)
    hands.press(Key.Key_Slash)
    menu = hands.form.notes.findChild(QMenu)
    assert menu is not None
    assert hands.form.current_part() == "notes"
    menu.actions()[-1].trigger()
    menu.close()
    assert hands.form.notes.text() == "/"


def test_a_number_that_has_a_place_of_its_own_is_pointed_out(hands: Hands) -> None:
    begin(hands)
    hands.press(Key.Key_4, Mod.AltModifier)
    hands.type("电话 13800000867")
    assert "There is a phone number in this text; it has a place of its own." in words(hands.form.notes)


def test_a_number_is_shown_only_while_it_is_held(hands: Hands, workspace: Workspace) -> None:
    begin(hands)
    masked = hands.page._context.findChild(MaskedValue)
    assert masked is not None
    masked.show_value()
    settle(hands.qtbot)
    assert masked.text() == "13800000867"
    masked.hide_value()
    assert masked.text() == "138****0867"
    assert [one.values["action"] for one in workspace.records.page("audit_event")][-1] == "reveal"


# ------------------------------------------------------------------------------------------------------------ the draft


def test_what_is_typed_is_kept_within_a_second_and_says_so(hands: Hands, workspace: Workspace, chen: Home) -> None:
    begin(hands)
    hands.press(Key.Key_4, Mod.AltModifier)
    hands.type("写到一半")
    hands.qtbot.waitUntil(lambda: hands.page._state.words() == "Draft saved here", timeout=1500)
    draft = workspace.drafts.get(f"visit:{chen.id}")
    assert draft is not None
    assert draft.fields["note"] == "写到一半"


def test_esc_parks_it_and_it_opens_where_it_was_left(hands: Hands, workspace: Workspace, chen: Home) -> None:
    begin(hands)
    hands.press(Key.Key_4, Mod.AltModifier)
    hands.type("写到一半")
    hands.press(Key.Key_Escape)
    hands.back_on_today()
    assert workspace.visits.start(chen.id).entry.note == "写到一半"
    hands.qtbot.waitUntil(lambda: "陈桂芳·3栋1单元202" in words(hands.today._parked))
    begin(hands)
    assert hands.form.notes.text() == "写到一半"
    assert hands.form.notes.edit.hasFocus()


def test_a_draft_is_thrown_away_and_brought_back(
    hands: Hands, workspace: Workspace, chen: Home, window: Window
) -> None:
    begin(hands)
    hands.press(Key.Key_4, Mod.AltModifier)
    hands.type("不要了")
    hands.qtbot.waitUntil(hands.page._discard.isVisible, timeout=1500)
    hands.press(Key.Key_D, Mod.AltModifier)
    hands.qtbot.waitUntil(lambda: toast_text(window) == "Draft thrown away.")
    assert workspace.drafts.all() == []
    window.undo()
    hands.qtbot.waitUntil(lambda: bool(workspace.drafts.all()))
    assert workspace.visits.start(chen.id).entry.note == "不要了"


def test_undo_after_finishing_takes_the_visit_back_and_keeps_the_words(
    hands: Hands, workspace: Workspace, chen: Home, window: Window
) -> None:
    begin(hands)
    hands.press(Key.Key_4, Mod.AltModifier)
    hands.type("写完了")
    hands.press(Key.Key_Return, Mod.ControlModifier)
    hands.back_on_today()
    assert visits(workspace, chen) == 2
    hands.press(Key.Key_Z, Mod.ControlModifier)
    hands.qtbot.waitUntil(lambda: visits(workspace, chen) == 1)
    hands.qtbot.waitUntil(lambda: "陈桂芳" in words(hands.today._hero))
    assert workspace.visits.start(chen.id).entry.note == "写完了"


def test_what_cannot_be_kept_is_said_with_a_way_out(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    state = DraftState()
    qtbot.addWidget(state)
    state.show()
    state._timer.setInterval(1)
    state.wait("写到一半")
    qtbot.waitUntil(lambda: state.words() == "Not saved yet, trying again")
    assert state._copy.isVisible()
    state._copy.click()
    assert QApplication.clipboard().text() == "写到一半"


def test_a_full_disk_does_not_stop_the_typing(
    hands: Hands, workspace: Workspace, chen: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(hands)
    full = True

    def keep(entry: object) -> object:
        if full:
            raise DiskFull("No room.")
        return original(entry)  # type: ignore[arg-type]  # whatever the page hands over

    original = workspace.visits.keep
    monkeypatch.setattr(workspace.visits, "keep", keep)
    monkeypatch.setattr("gridworker.gui.autosave.RETRY", 50)
    hands.page._state._timer.setInterval(1)
    hands.press(Key.Key_4, Mod.AltModifier)
    hands.type("写到一半")
    hands.qtbot.waitUntil(lambda: hands.page._state.words() == "Not saved yet, trying again")
    full = False
    hands.qtbot.waitUntil(lambda: hands.page._state.words() == "Draft saved here", timeout=2000)
    assert workspace.visits.start(chen.id).entry.note == "写到一半"


def test_after_unlocking_the_form_opens_where_it_was_left(
    qtbot: QtBot, hands: Hands, workspace: Workspace, window: Window, chen: Home
) -> None:
    begin(hands)
    hands.press(Key.Key_4, Mod.AltModifier)
    hands.type("写到一半")
    hands.desk.close_down()
    entries = [entry for entry in present(FIELD) if entry.name in {"today", "visit"}]
    again = Hands(qtbot, Desk(workspace, entries, Owner("师院社区", "第三网格·周敏")))
    window.show_content(again.desk)
    again.desk.open("visit")
    again.opened()
    assert again.form.notes.text() == "写到一半"
    qtbot.waitUntil(again.form.notes.edit.hasFocus)
    again.press(Key.Key_Escape)
    again.back_on_today()
    again.desk.close_down()


# ------------------------------------------------------------------------------------------------------------ finishing


def test_what_is_missing_is_said_at_its_part(hands: Hands, workspace: Workspace, chen: Home) -> None:
    begin(hands)
    hands.press(Key.Key_1, Mod.AltModifier)
    hands.press(Key.Key_1)
    assert hands.form.entry().seen == ()
    hands.press(Key.Key_4, Mod.AltModifier)
    hands.press(Key.Key_Return, Mod.ControlModifier)
    hands.qtbot.waitUntil(lambda: "Say who was there" in words(hands.form._parts["who"]))
    assert hands.form.current_part() == "who"
    assert visits(workspace, chen) == 1
    hands.press(Key.Key_1)
    assert "Say who was there" not in words(hands.form._parts["who"])
    hands.press(Key.Key_Return, Mod.ControlModifier)
    hands.back_on_today()
    assert visits(workspace, chen) == 2


def test_written_down_late_asks_why(hands: Hands, workspace: Workspace, chen: Home) -> None:
    begin(hands)
    assert not hands.form.late.isVisible()
    hands.page._started.moved.emit("2026-03-10T09:00:00+08:00")
    assert hands.form.late.isVisible()
    hands.press(Key.Key_Return, Mod.ControlModifier)
    hands.qtbot.waitUntil(hands.form.late.hasFocus)
    hands.type("电脑坏了")
    hands.press(Key.Key_Return, Mod.ControlModifier)
    hands.back_on_today()
    found = max(workspace.records.page("visit", where={"household_id": chen.id}), key=lambda one: one.id).values
    assert (found["started_at"], found["backdated_reason"]) == ("2026-03-10T01:00:00Z", "电脑坏了")


def test_the_start_can_be_set_back(hands: Hands) -> None:
    begin(hands)
    started = hands.page._started
    started._chip.click()
    assert started._edit.isVisible()
    started._edit.setDateTime(started._edit.dateTime().addSecs(-1800))
    started._edit.editingFinished.emit()
    assert hands.form.entry().started_at == "2026-03-18T01:12:00Z"
    assert "30 min so far" in words(started)


def test_a_visit_of_yesterday_is_a_press_two_keys_and_the_focus_stays_there(hands: Hands) -> None:
    begin(hands)
    started = hands.page._started
    hands.click(started._chip)
    hands.press(Key.Key_Down)
    hands.press(Key.Key_Return)
    assert hands.form.entry().started_at.startswith("2026-03-17")
    assert QApplication.focusWidget() is started._chip


def test_esc_in_the_time_leaves_the_time_and_not_the_visit(hands: Hands) -> None:
    begin(hands)
    started, before = hands.page._started, hands.form.entry().started_at
    hands.click(started._chip)
    hands.press(Key.Key_Up)
    hands.press(Key.Key_Escape)
    assert not started._edit.isVisible()
    assert hands.form.entry().started_at == before
    assert hands.desk.current() == "visit"
    hands.press(Key.Key_Escape)
    hands.back_on_today()


def test_needs_are_raised_on_the_visit_and_go_with_it(
    hands: Hands, window: Window, workspace: Workspace, chen: Home
) -> None:
    begin(hands)
    hands.press(Key.Key_5, Mod.AltModifier)
    hands.type("卫生间装扶手")
    hands.press(Key.Key_Return)
    hands.type("想学用手机")  # without Enter: it counts all the same
    assert "Need 2" in [chip.accessibleName() for chip in hands.page._summary.findChildren(QWidget)]
    about = hands.form.needs.findChild(QComboBox)
    assert isinstance(about, QComboBox)
    about.setCurrentIndex(about.findData("housing"))
    about.activated.emit(about.currentIndex())
    assert unnamed(hands.form) == []
    hands.press(Key.Key_Escape)
    hands.back_on_today()
    hands.press(Key.Key_N)
    hands.opened()
    assert hands.form.needs.needs() == (NeedEntry("卫生间装扶手", "housing"), NeedEntry("想学用手机", "other"))
    hands.press(Key.Key_Return, Mod.ControlModifier)
    hands.back_on_today()
    assert toast_text(window) == "Visit to 陈桂芳 written down. 2 needs were noted."
    queue = workspace.households.file(chen.id).needs
    assert [need.title for need in queue] == ["卫生间装扶手", "想学用手机"]
    kept = workspace.records.page("need")
    assert [one.values["rank"] for one in kept] == [1, 2]
    assert len({one.values["need_no"] for one in kept}) == 2
    assert [one.values["title"] for one in kept if one.values["need_kind"] == "housing"] == ["卫生间装扶手"]
    assert max(len(str(one.values["title"])) for one in kept) <= NEED_LENGTH
    hands.press(Key.Key_Z, Mod.ControlModifier)
    settle(hands.qtbot)
    assert workspace.households.file(chen.id).needs == ()


def test_a_need_is_taken_away_again_and_nobody_raises_one_who_was_not_met(hands: Hands, workspace: Workspace) -> None:
    begin(hands)
    hands.press(Key.Key_5, Mod.AltModifier)
    hands.type("修灯")
    hands.press(Key.Key_Return)
    hands.type("装扶手")
    hands.press(Key.Key_Return)
    away = next(one for one in hands.form.needs.findChildren(IconButton) if "修灯" in one.accessibleName())
    hands.click(away)
    assert [need.title for need in hands.form.entry().needs] == ["装扶手"]
    hands.press(Key.Key_1, Mod.AltModifier)
    hands.press(Key.Key_0)
    assert not hands.form.needs.isVisible()
    hands.press(Key.Key_Return, Mod.ControlModifier)
    hands.back_on_today()
    assert workspace.records.page("need") == []


def test_a_picked_day_and_no_day(hands: Hands) -> None:
    begin(hands)
    hands.press(Key.Key_7, Mod.AltModifier)
    hands.press(Key.Key_4)
    assert hands.form.entry().next_on == "2026-03-25"
    hands.press(Key.Key_Delete)
    hands.type("2026-04-20")
    assert hands.form.entry().next_on == "2026-04-20"
    hands.form.next._editor.line.selectAll()
    hands.press(Key.Key_Delete)
    assert hands.form.entry().next_on == "none"


def test_the_focus_stays_on_the_day_that_was_chosen(hands: Hands) -> None:
    begin(hands)
    hands.press(Key.Key_7, Mod.AltModifier)
    for key, days in ((Key.Key_1, 3), (Key.Key_3, 14)):
        hands.press(key)
        focus = QApplication.focusWidget()
        assert isinstance(focus, OptionButton)
        assert focus.option.value == hands.form.entry().next_on == (WEDNESDAY.date() + timedelta(days)).isoformat()


def test_an_answer_to_a_return_visit(hands: Hands, village: Village, workspace: Workspace, chen: Home) -> None:
    issue = village.issue("楼上漏水", "B", at="2026-03-01T02:00:00Z", home=chen)
    village.step(issue, "resolve", at="2026-03-10T02:00:00Z")
    begin(hands)
    chips = hands.form.answers._rows[issue]
    chips.pick("3")
    assert hands.form.entry().answers == {issue: "3"}
    chips.pick("3")
    assert hands.form.entry().answers == {issue: ""}
    chips.pick("1")
    hands.press(Key.Key_Return, Mod.ControlModifier)
    hands.back_on_today()
    assert workspace.records.page("issue_step")[-1].values["satisfaction"] == "1"


def test_what_is_known_can_be_hidden_at_the_door(hands: Hands) -> None:
    begin(hands)
    assert hands.page._context.isVisible()
    hands.press(Key.Key_Period, Mod.ControlModifier)
    assert not hands.page._context.isVisible()
    hands.press(Key.Key_Period, Mod.ControlModifier)
    assert hands.page._context.isVisible()


def test_without_what_is_known_the_head_says_whom_the_visit_is_to_and_brings_it_back(
    hands: Hands, dressed: Look, window: Window
) -> None:
    begin(hands)
    page = hands.page
    assert (page._whose.text(), page._known.isVisible()) == ("", False), "the panel says it"
    dressed.use(scale=1.5)
    window.resize(1180, 680)
    hands.qtbot.waitUntil(lambda: not page._context.isVisible())
    assert (page._whose.shown(), page._where.shown()) == ("陈桂芳", page._where.text())
    assert page._where.text().endswith("3栋1单元202")
    assert clipped(page) == []
    assert page._known.accessibleName() == "Show or hide what is known"
    hands.click(page._known)
    assert page._context.isVisible()
    assert (page._whose.text(), page._where.text(), page._known.isVisible()) == ("", "", False)
    hands.press(Key.Key_Period, Mod.ControlModifier)
    hands.desk.shell.set_sharing(True)
    hands.qtbot.waitUntil(lambda: page._whose.text().startswith("陈**"))
    assert "桂芳" not in words(page)


def test_a_part_out_of_sight_comes_into_view(hands: Hands, dressed: Look) -> None:
    begin(hands)
    dressed.use(scale=1.5)
    area = hands.page._area
    assert area is not None
    hands.qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0)
    hands.press(Key.Key_4, Mod.AltModifier)
    edit = hands.form.notes.edit
    top = edit.mapTo(area.viewport(), edit.rect().topLeft()).y()
    assert 0 <= top < area.viewport().height()


def test_the_line_for_the_next_need_stays_in_sight_below_those_that_were_added(hands: Hands) -> None:
    hands.desk.window().resize(1024, 680)
    begin(hands)
    area, line = hands.page._area, hands.form.needs.line
    assert area is not None
    hands.press(Key.Key_5, Mod.AltModifier)
    for _ in range(12):
        line.setText("装扶手")
        hands.press(Key.Key_Return)
    hands.qtbot.waitUntil(
        lambda: 0 <= line.mapTo(area.viewport(), line.rect().bottomLeft()).y() < area.viewport().height()
    )


def test_little_room_on_the_disk_is_said(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gridworker.app.visit.visits.free_bytes", lambda _folder: 120 * 1024 * 1024)
    begin(hands)
    hands.qtbot.waitUntil(lambda: "Only 120 MB left on the disk." in words(hands.page))


def test_share_mode_hides_who_it_is_and_keeps_what_is_typed(hands: Hands) -> None:
    begin(hands)
    hands.press(Key.Key_4, Mod.AltModifier)
    hands.type("写到一半")
    hands.desk.shell.set_sharing(True)
    hands.qtbot.waitUntil(lambda: "陈**" in words(hands.page._context))
    assert "桂芳" not in words(hands.page)
    assert hands.form.notes.text() == "写到一半"


def test_share_mode_hides_that_care_is_why_one_comes_again(hands: Hands) -> None:
    begin(hands)
    assert "Lives alone" in words(hands.form)
    hands.desk.shell.set_sharing(True)
    hands.qtbot.waitUntil(lambda: "陈**" in words(hands.page._context))
    assert "By the visit plan" in words(hands.form)
    assert "Lives alone" not in words(hands.page)


def test_a_household_that_moved_away_says_so(hands: Hands, village: Village, chen: Home) -> None:
    village.change("household", chen.id, {"status": "moved_out"})
    hands.desk.open("visit", chen.id)
    hands.qtbot.waitUntil(lambda: "moved away" in words(hands.page))
    assert not hands.page._foot.isVisible()


def test_no_word_is_clipped_at_any_size_in_either_language(
    qtbot: QtBot, workspace: Workspace, chen: Home, dressed: Look, each_scale: float, each_language: str
) -> None:
    from gridworker.gui.page import Shell

    page = VisitPage(workspace, Shell())
    qtbot.addWidget(page)
    page.resize(1440, 868)
    page.show_target(chen.id)
    page.show()
    qtbot.waitUntil(lambda: page._form is not None)
    assert page._form is not None
    page._form.checks.row("power").control.answer(PROBLEM)
    qtbot.waitUntil(lambda: clipped(page) == [], timeout=1000)
    assert page.width() == 1440


# --------------------------------------------------------------------------------------------------------------- killed

TYPING = """
import sys
from pathlib import Path
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from gridworker.app.session import Session
from gridworker.app.workspace import Workspace
from gridworker.gui.look import theme
from gridworker.gui.page import Shell
from gridworker.gui.pages.visit.page import VisitPage
from gridworker.paths import Folder
from gridworker.store.engine.database import Database
from gridworker.store.store import Store
from gridworker.store.keys.vault import Keys
folder, household, who = Folder(Path(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3])
keys = Keys(bytes(range(32)))
store = Store.open(Database(folder.database, keys.dek), keys.derive("chain"))
app = QApplication([])
app.setStyle("Fusion")
theme.look().use("light", 1.0)
page = VisitPage(Workspace(Session(store, folder, keys, who), store.close), Shell())
page.show()
page.show_target(household)
typed = 0
def step():
    global typed
    if page._form is None:
        return
    if typed == 0:
        page._state._words.setText("")
    typed += 1
    QTest.keyClicks(page._form.notes.edit, "x")
    if page._state.words():
        print(typed, flush=True)
timer = QTimer()
timer.timeout.connect(step)
timer.start(100)
app.exec()
"""


def test_killed_while_typing_all_but_the_last_second_is_there(workspace: Workspace, chen: Home) -> None:
    session = workspace.session
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    program = [sys.executable, "-c", textwrap.dedent(TYPING), str(session.folder.root), str(chen.id), str(session.who)]
    child = subprocess.Popen(program, stdout=subprocess.PIPE, text=True, env=environment)
    assert child.stdout is not None
    typed = 0
    for line in child.stdout:
        typed = int(line)
        if typed >= 20:
            os.kill(child.pid, signal.SIGKILL)
            break
    child.wait()
    child.stdout.close()
    assert typed >= 20
    assert len(workspace.visits.start(chen.id).entry.note) >= typed - 12


def test_finishing_is_in_sight_in_the_smallest_window(hands: Hands, chen: Home) -> None:
    """In English, whose words are the longer ones."""
    hands.desk.window().resize(1180, 680)
    hands.desk.open("visit", chen.id)
    hands.opened()
    hands.form.findChildren(CheckRow)[1].setFocus()
    hands.press(Key.Key_2)
    hands.page.leave()  # kept: from now on it can be thrown away too
    hands.qtbot.waitUntil(hands.page._discard.isVisible)
    QApplication.processEvents()
    assert clipped(hands.page._foot) == []


def test_whom_to_ring_in_an_emergency_stands_beside_the_form(
    hands: Hands, workspace: Workspace, village: Village, chen: Home
) -> None:
    told = {"care_group": "C5", "basis": "official_list", "start_on": "2026-03-01", "review_on": "2026-06-01"}
    care = village.add("care_membership", resident_id=chen.people["陈桂芳"], **told)
    village.add("care_contact", care_id=care, name="陈红梅", relation="女儿", phone="13800000142")
    begin(hands)
    shown = [one for one in hands.page._context.findChildren(MaskedValue) if one.text() == "138****0142"]
    assert len(shown) == 1
    shown[0].show_value()
    settle(hands.qtbot)
    assert shown[0].text() == "13800000142"
    [look] = [one for one in workspace.records.page("audit_event") if one.values["action"] == "reveal"]
    assert (look.values["record_kind"], look.values["detail"]) == ("care_contact", "phone")
