"""Reporting an issue by what a person sees and does."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from gridworker.app.issue.views import IssueView
from gridworker.app.workspace import Workspace
from gridworker.errors import DiskFull
from gridworker.gui import autosave, background
from gridworker.gui.desk import Desk
from gridworker.gui.entries import ENTRIES
from gridworker.gui.owner import Owner
from gridworker.gui.pages.report import ReportDialog
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.options import OptionButton
from gridworker.gui.window import Window
from tests.gui.seated import seated
from tests.gui.seen import clipped
from tests.gui.toasts import toast_text
from tests.village import Home, Village

SHOWN = tuple(entry for entry in ENTRIES if entry.name in {"issues", "report"})
CTRL = Qt.KeyboardModifier.ControlModifier


@dataclass
class Stage:
    """A window on the issues page, where Ctrl E opens the form."""

    ws: Workspace
    window: Window
    desk: Desk

    def settle(self) -> None:
        for _ in range(5):
            background.wait()
            QApplication.processEvents()

    @property
    def dialog(self) -> ReportDialog:
        found = [one for one in self.desk.findChildren(ReportDialog) if one.isVisible()]
        assert len(found) == 1
        return found[0]

    def is_open(self) -> bool:
        return any(one.isVisible() for one in self.desk.findChildren(ReportDialog))

    def open(self, target: object = None) -> ReportDialog:
        self.desk.shell.report_issue(target)
        self.settle()
        return self.dialog

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)
        self.settle()

    def send(self) -> None:
        self.key(Qt.Key.Key_Return, CTRL)

    def type(self, text: str) -> None:
        widget = QApplication.focusWidget()
        assert widget is not None
        QTest.keyClicks(widget, text)
        self.settle()

    def press(self, label: str) -> None:
        button = next(one for one in self.dialog.findChildren(Button) if one.label() == label and one.isVisible())
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def choose(self, label: str) -> None:
        def shown() -> list[OptionButton]:
            options = self.dialog.findChildren(OptionButton)
            return [one for one in options if one.isVisible() and one.text() == label]

        for _ in range(100):
            if not shown():
                QTest.qWait(20)
        QTest.mouseClick(shown()[0], Qt.MouseButton.LeftButton)
        self.settle()

    def words(self) -> list[str]:
        return [label.text() for label in self.dialog.findChildren(QLabel) if label.isVisible()]

    def reported(self) -> list[IssueView]:
        found = [row.id for part in self.ws.issues.view().groups for row in part.rows]
        return [self.ws.issues.detail(issue) for issue in found]


@pytest.fixture
def stage(qtbot: QtBot, workspace: Workspace) -> Iterator[Stage]:
    window, desk = seated(qtbot, workspace, SHOWN)
    desk.open("issues")
    made = Stage(workspace, window, desk)
    made.settle()
    yield made
    desk.close_down()
    background.wait()


@pytest.fixture
def chen(village: Village) -> Home:
    return village.household("陈桂芳", "3", "1", "202")


def test_ctrl_e_a_digit_a_title_and_it_is_reported(stage: Stage) -> None:
    stage.key(Qt.Key.Key_E, CTRL)
    stage.key(Qt.Key.Key_3)
    stage.type("gas hose is old")
    stage.send()
    assert not stage.is_open()
    assert toast_text(stage.window) == "Reported as S01-260318-01."
    (issue,) = stage.reported()
    assert (issue.title, issue.category) == ("gas hose is old", "C")
    assert issue.steps[0].title == "Reported"
    stage.window.activateWindow()
    stage.settle()
    stage.key(Qt.Key.Key_Z, CTRL)
    assert stage.reported() == []


def test_what_is_missing_is_said_beside_its_field(stage: Stage) -> None:
    stage.open()
    stage.send()
    assert stage.words().count("This is needed.") == 2
    assert stage.is_open()
    stage.key(Qt.Key.Key_1)
    assert "This is needed." not in stage.words()
    stage.send()
    assert stage.words().count("This is needed.") == 1
    assert QApplication.focusWidget() is stage.dialog.form.title.line


def test_the_limit_of_the_category_is_told(stage: Stage) -> None:
    stage.open()
    assert not [text for text in stage.words() if text.startswith("First response")]
    stage.choose("Security hazard")
    assert "First response: Target 2 h" in stage.words()
    stage.choose("Dispute")
    assert "First response: Target 24 h" in stage.words()
    stage.dialog.form.on_site.click()
    assert "First response: Target 30 min" in stage.words()


def test_danger_to_life_says_whom_to_call_first(stage: Stage, chinese: str) -> None:
    stage.open()
    assert "有危险先打 119 / 110 / 120" not in stage.words()
    stage.choose("紧急")
    assert "有危险先打 119 / 110 / 120" in stage.words()
    stage.choose("较急")
    assert "有危险先打 119 / 110 / 120" not in stage.words()


def test_a_household_is_set_where_one_came_from(stage: Stage, chen: Home) -> None:
    stage.open(chen.id)
    assert "3栋1单元202 陈桂芳" in stage.words()
    stage.key(Qt.Key.Key_3)
    stage.type("gas")
    stage.send()
    (issue,) = stage.reported()
    assert (issue.household, issue.place) == (chen.id, "3栋1单元202 陈桂芳")


def test_a_door_nobody_is_behind_is_where_it_is(stage: Stage, village: Village) -> None:
    building = village.building("3")
    dwelling = village.add("dwelling", building_id=building, unit_no="2", room_no="501")
    stage.open(("dwelling", dwelling))
    assert "3栋" in stage.words()
    stage.key(Qt.Key.Key_3)
    stage.type("water")
    stage.send()
    (issue,) = stage.reported()
    values = stage.ws.records.show("issue", issue.id).values
    assert (values["building_id"], values["place_text"], values["household_id"]) == (building, "2单元501", None)
    assert issue.place == "3栋2单元501"


def test_a_household_is_found_by_initials(qtbot: QtBot, stage: Stage, chen: Home) -> None:
    form = stage.open().form
    stage.choose("Safety hazard")
    stage.type("gas")
    form.place.line.setFocus()
    with qtbot.waitSignal(form.place.asked):
        QTest.keyClicks(form.place.line, "cgf")
    stage.settle()
    offered = [one.text() for one in form.place.offers.findChildren(OptionButton) if one.isVisible()]
    assert offered == ["3栋1单元202 陈桂芳"]
    stage.key(Qt.Key.Key_Return)
    assert "3栋1单元202 陈桂芳" in stage.words()
    stage.type("kitchen")
    stage.send()
    (issue,) = stage.reported()
    assert (issue.household, issue.place) == (chen.id, "3栋1单元202 陈桂芳 kitchen")


def test_enter_takes_the_second_that_was_found_and_more_opens_in_sight(
    qtbot: QtBot, stage: Stage, village: Village, chen: Home
) -> None:
    other = village.household("陈桂福", "3", "1", "301")
    form = stage.open().form
    stage.choose("Safety hazard")
    stage.type("gas")
    form.place.line.setFocus()
    with qtbot.waitSignal(form.place.asked):
        QTest.keyClicks(form.place.line, "cgf")
    stage.settle()
    stage.key(Qt.Key.Key_Down)
    stage.key(Qt.Key.Key_Right)
    taken = QApplication.focusWidget()
    assert isinstance(taken, OptionButton)
    words, found = taken.text(), {"陈桂芳": chen.id, "陈桂福": other.id}
    stage.key(Qt.Key.Key_Return)
    assert words in stage.words()
    form._more.setFocus()
    stage.key(Qt.Key.Key_Return)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus is not form._more
    assert focus.visibleRegion().boundingRect() == focus.rect()
    stage.send()
    (issue,) = stage.reported()
    assert issue.household == found[words.split()[1]]


def test_a_place_can_be_changed_or_only_said(stage: Stage, chen: Home) -> None:
    form = stage.open(chen.id).form
    form.place._on_cleared()
    stage.type("at the gate")
    stage.choose("Other")
    form.title.setFocus()
    stage.type("gate")
    stage.send()
    (issue,) = stage.reported()
    assert (issue.household, issue.place) == (None, "at the gate")


def test_done_at_once_counts_as_the_first_response(stage: Stage) -> None:
    form = stage.open().form
    stage.choose("Safety hazard")
    stage.type("gas")
    assert not form.response.isVisible()
    form.responded.click()
    form.response.setFocus()
    stage.type("valve shut")
    stage.send()
    (issue,) = stage.reported()
    assert [(step.title, step.body) for step in issue.steps] == [("First response", "valve shut"), ("Reported", "")]


def test_more_is_asked_on_request(stage: Stage) -> None:
    form = stage.open().form
    stage.choose("Safety hazard")
    stage.type("gas")
    assert not form.subcategory.isVisible()
    stage.key(Qt.Key.Key_M, Qt.KeyboardModifier.AltModifier)
    form.subcategory.setCurrentIndex(form.subcategory.findText("Gas hazard"))
    stage.choose("A resident told us")
    form.words.setFocus()
    stage.type("it smells")
    form.people.setFocus()
    stage.type("2")
    form.early.click()
    stage.send()
    (issue,) = stage.reported()
    values = stage.ws.records.show("issue", issue.id).values
    assert (values["subcategory"], values["source_channel"], values["words"]) == ("C3", "resident", "it smells")
    assert (values["people_count"], values["early_sign"]) == (2, 1)


def test_numbers_that_do_not_belong_are_pointed_out(stage: Stage) -> None:
    form = stage.open().form
    form.summary.edit.setPlainText("call 13800000142")
    stage.settle()
    assert any("phone number" in text for text in stage.words())
    form.summary.edit.setPlainText("call him")
    stage.settle()
    assert not any("phone number" in text for text in stage.words())


def test_wrong_numbers_open_what_was_folded_away(stage: Stage) -> None:
    form = stage.open().form
    stage.choose("Other")
    stage.type("gate")
    form.people.set_value("many")
    stage.send()
    assert form.people.isVisible()
    assert "This must be a whole number." in stage.words()


# ------------------------------------------------------------------------------------------------------ nothing is lost


def test_a_half_typed_report_is_there_next_time(stage: Stage, chen: Home) -> None:
    form = stage.open().form
    stage.choose("Dispute")
    stage.type("water")
    form.responded.click()
    stage.press("More")
    stage.choose("WeChat")
    form.place.line.setText("cgf")
    form.place._ask()
    stage.settle()
    stage.choose("3栋1单元202 陈桂芳")
    stage.key(Qt.Key.Key_Escape)
    assert not stage.is_open()
    kept = stage.ws.drafts.get("report:new")
    assert kept is not None
    again = stage.open().form
    assert again is not form
    assert (again.category.values(), again.title.value(), again.responded.isChecked()) == (["B"], "water", True)
    assert again.source.values() == ["wechat"]
    assert "3栋1单元202 陈桂芳" in stage.words()
    assert any(text.startswith("Draft saved here") for text in stage.words())
    stage.send()
    assert stage.ws.drafts.get("report:new") is None
    assert [issue.household for issue in stage.reported()] == [chen.id]


def test_who_a_half_typed_report_is_about_is_not_named_while_others_look_on(stage: Stage, chen: Home) -> None:
    form = stage.open().form
    stage.choose("Dispute")
    stage.type("water")
    form.place.line.setText("cgf")
    form.place._ask()
    stage.settle()
    stage.choose("3栋1单元202 陈桂芳")
    stage.key(Qt.Key.Key_Escape)
    for sharing, name in ((True, "3栋1单元202 陈**"), (False, "3栋1单元202 陈桂芳")):
        stage.desk.shell.set_sharing(sharing)
        stage.settle()
        stage.open()
        assert [text for text in stage.words() if "陈" in text] == [name]
        stage.type(" pipe")
        stage.key(Qt.Key.Key_Escape)
    stage.desk.shell.set_sharing(True)
    stage.open()
    stage.send()
    assert [issue.household for issue in stage.reported()] == [chen.id]
    assert "桂芳" not in toast_text(stage.window)


def test_it_is_kept_within_a_second(qtbot: QtBot, stage: Stage) -> None:
    stage.open()
    stage.choose("Dispute")
    QTest.keyClicks(QApplication.focusWidget(), "wat")  # type: ignore[arg-type]  # the title has the focus
    keeper = stage.dialog._keeper
    assert keeper is not None
    with qtbot.waitSignal(keeper.kept, timeout=1000):
        pass
    kept = stage.ws.drafts.get("report:new")
    assert kept is not None
    assert kept.fields["title"] == "wat"


def test_one_draft_a_household(stage: Stage, chen: Home) -> None:
    stage.open(chen.id)
    stage.choose("Dispute")
    stage.type("water")
    stage.key(Qt.Key.Key_Escape)
    assert stage.open().form.title.value() is None
    stage.key(Qt.Key.Key_Escape)
    assert stage.ws.drafts.get("report:new") is None, "nothing was said, so nothing is kept"
    assert stage.open(chen.id).form.title.value() == "water"


def test_throwing_away_can_be_undone(stage: Stage) -> None:
    stage.open()
    stage.choose("Dispute")
    stage.type("water")
    stage.press("Throw away")
    assert not stage.is_open()
    assert stage.ws.drafts.get("report:new") is None
    assert toast_text(stage.window) == "Thrown away."
    stage.window.undo()
    stage.settle()
    assert stage.dialog.form.title.value() == "water"


def test_locking_keeps_it_and_takes_it_off_the_screen(stage: Stage) -> None:
    stage.open()
    stage.choose("Dispute")
    stage.type("water")
    stage.desk.close_down()
    assert not stage.is_open()
    kept = stage.ws.drafts.get("report:new")
    assert kept is not None
    assert kept.fields["title"] == "water"


def test_a_full_disk_is_said_and_the_words_stay(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise DiskFull("No room left. Nothing was changed.")

    monkeypatch.setattr(autosave, "DELAY", 1)
    stage.open()
    monkeypatch.setattr(stage.ws.session.store, "write", full)
    stage.choose("Dispute")
    stage.type("water")
    stage.send()
    assert stage.is_open()
    assert stage.dialog.form.title.value() == "water"
    assert toast_text(stage.window) == "No room left. Nothing was changed."
    monkeypatch.undo()
    stage.send()
    assert [issue.title for issue in stage.reported()] == ["water"]


# ------------------------------------------------------------------------------------------------------------ the looks


def test_an_office_with_several_grids_asks_which(qtbot: QtBot, office: Workspace) -> None:
    for name in ("第一网格", "第二网格"):
        office.devices.add_grid(name)
    parent = QWidget()
    qtbot.addWidget(parent)
    desk = Desk(office, SHOWN, Owner("师院社区", "刘芳"))
    qtbot.addWidget(desk)
    desk.resize(1228, 869)
    desk.show()
    desk.open("issues")
    made = Stage(office, Window(), desk)
    made.settle()
    made.open()
    made.choose("Other")
    made.choose("第二网格")
    made.type("gate")
    made.dialog.form.title.set_value("gate")
    made.dialog.submit()
    made.settle()
    (issue,) = made.reported()
    grid = dict(office.devices.grids())[int(str(office.records.show("issue", issue.id).values["grid_id"]))]
    assert grid == "第二网格"
    made.window.deleteLater()
    desk.close_down()


def test_no_words_are_cut_off(stage: Stage, each_language: str, each_scale: float) -> None:
    dialog = stage.open()
    dialog.form.show_more()
    dialog.form.severity.pick("S1")
    dialog.form.responded.click()
    stage.settle()
    assert clipped(dialog) == []
    assert dialog.height() <= stage.window.height()
