"""How long things are kept, as the office uses the page: periods, what is due, and letting go by a person's word."""

from unittest.mock import Mock

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton, QScrollArea  # noqa: TID251 - to look at the box
from pytestqt.qtbot import QtBot

from gridworker.errors import Problem
from gridworker.gui.look import theme as themes
from gridworker.gui.page import Shell
from gridworker.gui.pages.retention import RetentionPage
from gridworker.gui.widgets.state import StatePanel
from tests.app.test_gate import act_as
from tests.circle import Circle
from tests.gui.seen import clipped, settle, unnamed

GONE = {"name": "陈建国", "status": "moved_out", "status_date": "2001-02-03", "phones": "13800000142"}


def shown(circle: Circle, qtbot: QtBot) -> RetentionPage:
    page = RetentionPage(circle.office, Shell())
    qtbot.addWidget(page)
    page.resize(1228, 869)
    page.show()
    settle(qtbot)
    return page


def words(page: RetentionPage) -> str:
    return "\n".join(one.text() for one in page.findChildren(QLabel) if one.isVisible())


def answer(page: RetentionPage, text: str) -> str:
    (box,) = page.findChildren(QMessageBox)
    asked = f"{box.text()}\n{box.informativeText()}"
    QTest.mouseClick(
        next(one for one in box.findChildren(QPushButton) if one.text() == text), Qt.MouseButton.LeftButton
    )
    return asked


def test_a_period_is_chosen_with_the_mouse_and_nothing_goes(circle: Circle, qtbot: QtBot) -> None:
    resident = circle.office.records.save("resident", GONE).id
    page = shown(circle, qtbot)
    line = page.lines["gone_people"]
    assert line.let_go.text() == "Let go of 1 …"
    QTest.mouseClick(line.period._buttons["keep"], Qt.MouseButton.LeftButton)
    settle(qtbot)
    assert circle.office.retention.periods()["gone_people"].for_good
    assert not line.let_go.isEnabled()
    assert "Nothing is due" in words(page)
    assert circle.office.records.show("resident", resident).values["name"] == "陈建国"
    circle.office.retention.set_period("gone_people", "18y")
    page.refresh({})
    settle(qtbot)
    assert line.other.text() == "now: 18 years"


def test_what_is_due_is_shown_without_names_and_goes_by_a_word(
    circle: Circle, qtbot: QtBot, shares: list[tuple[float, bool]]
) -> None:
    resident = circle.office.records.save("resident", GONE).id
    circle.office.records.save("resident", {"name": "李强", "status": "deceased"})
    page = shown(circle, qtbot)
    toasts: list[str] = []
    page.shell.toast_wanted.connect(lambda text, _undo: toasts.append(text))
    model = page.table.model()
    assert [model.index(0, column).data() for column in range(3)] == ["2001-02-03", "Resident", "陈*国"]
    assert "1 person moved out or died, and no day says when" in words(page)
    line = page.lines["gone_people"]
    QTest.mouseClick(line.let_go, Qt.MouseButton.LeftButton)
    assert page.findChildren(QMessageBox)[0].defaultButton().text() == "Cancel", "Enter leaves all as it is"
    assert "Nobody can undo it." in answer(page, "Cancel")
    settle(qtbot)
    assert circle.office.records.show("resident", resident).values["name"] == "陈建国"
    QTest.mouseClick(line.let_go, Qt.MouseButton.LeftButton)
    assert f"Counted on {circle.office.session.today()}" in answer(page, "Let go")
    settle(qtbot)
    assert circle.office.records.show("resident", resident).values["name"] == "某居民"
    assert toasts == ["1 record was let go of."]
    assert shares[0] == (0.0, True)
    assert (0.5, True) in shares
    assert not page.working.isVisible()
    assert not line.let_go.isEnabled()


def test_the_keys_begin_at_the_first_rule(circle: Circle, qtbot: QtBot) -> None:
    page = RetentionPage(circle.office, Shell())
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.focus_first()
    settle(qtbot)
    period = next(iter(page.lines.values())).period
    assert period._buttons[period.value()].hasFocus()


def test_what_is_due_by_now_and_was_not_shown_stays(circle: Circle, qtbot: QtBot) -> None:
    page = shown(circle, qtbot)
    problems: list[str] = []
    page.shell.problem_met.connect(lambda problem: problems.append(str(problem)))
    first = circle.office.records.save("resident", GONE).id
    page.refresh({})
    settle(qtbot)
    circle.office.records.save("resident", GONE | {"name": "李强"})
    QTest.mouseClick(page.lines["gone_people"].let_go, Qt.MouseButton.LeftButton)
    answer(page, "Let go")
    settle(qtbot)
    assert problems == ["Something else is due than what was shown. Look at it again."]
    assert circle.office.records.show("resident", first).values["name"] == "陈建国"
    assert page.lines["gone_people"].let_go.text() == "Let go of 2 …"


def test_an_administrator_sets_periods_and_sees_nobody(circle: Circle, qtbot: QtBot) -> None:
    circle.office.records.save("resident", GONE)
    act_as(circle.office.session, "administrator")
    page = shown(circle, qtbot)
    assert page.lines["gone_people"].period.isEnabled()
    assert not page.lines["gone_people"].let_go.isVisible()
    assert not page.table.isVisible()


@pytest.mark.usefixtures("each_language")
def test_nothing_is_cut_off_or_without_a_name(circle: Circle, qtbot: QtBot, dressed: themes.Look) -> None:
    dressed.use(scale=1.5)
    circle.office.records.save("resident", GONE)
    page = shown(circle, qtbot)
    page.resize(1080, 660)  # of the smallest window there is
    settle(qtbot)
    assert clipped(page) == []
    assert unnamed(page) == []
    names = page.table.visualRect(page.table.model().index(0, 2))
    assert page.table.viewport().rect().contains(names)
    room = page.findChildren(QScrollArea)[0].viewport()
    for line in page.lines.values():
        assert line.let_go.mapTo(room, line.let_go.rect().topRight()).x() < room.width()


def test_large_text_leaves_the_rules_the_room_that_an_empty_list_does_not_need(
    circle: Circle, qtbot: QtBot, dressed: themes.Look
) -> None:
    dressed.use(scale=1.5)
    page = shown(circle, qtbot)
    settle(qtbot)
    assert "Nothing is due" in words(page)
    rules = page.findChildren(QScrollArea)[0]
    assert page._due.height() < rules.height() / 2
    assert clipped(page) == []
    circle.office.records.save("resident", GONE)
    page.refresh({})
    settle(qtbot)
    assert page._due.height() > rules.height() / 2, "a list to read has its share"


def test_a_fault_of_ours_leaves_no_bar(circle: Circle, qtbot: QtBot) -> None:
    page = shown(circle, qtbot)
    page.working.show()
    with pytest.raises(LookupError):
        page._on_failed(LookupError())
    assert not page.working.isVisible()


def test_what_cannot_be_read_is_not_looked_for_for_ever(
    circle: Circle, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(type(circle.office.retention), "preview", Mock(side_effect=Problem("The disk is full.")))
        page = shown(circle, qtbot)
        panel = page.findChild(StatePanel, "error")
        assert panel is not None
        assert panel.isVisible()
    panel.pressed.emit()
    settle(qtbot)
    assert "Nothing is due" in words(page)
