"""A resident tells the grid worker at the door that they wish to be forgotten, as the worker and the clerk see it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QWidget  # noqa: TID251 - to look at the box
from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.gui.page import Shell
from gridworker.gui.pages.household import HouseholdPage
from gridworker.gui.pages.merge import MergePage
from gridworker.gui.person.erasedialog import EraseDialog
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.formdialog import FormDialog
from gridworker.gui.widgets.state import Strip
from tests.app.test_gate import act_as
from tests.circle import Circle, Family
from tests.gui.seen import clipped, settle, unnamed

ASK = "Ask the office to forget them"


@pytest.fixture
def family(circle: Circle) -> Family:
    return circle.family(circle.office.devices.add_grid("第一网格"))


@pytest.fixture
def laptop(circle: Circle, family: Family, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    assert family.resident
    monkeypatch.setattr("gridworker.gui.watching.drives.removable", list)
    return circle.enrol("周敏", circle.office.devices.grids()[0][0])


def shown(qtbot: QtBot, page: QWidget) -> None:
    qtbot.addWidget(page)
    page.resize(1228, 869)
    page.show()
    settle(qtbot)


def opened(qtbot: QtBot, at: Workspace, household: int) -> HouseholdPage:
    page = HouseholdPage(at, Shell())
    shown(qtbot, page)
    page.show_target(household)
    settle(qtbot)
    return page


def strips(page: QWidget) -> list[Strip]:
    found = [one for one in page.findChildren(Strip) if one.isVisible()]
    return [one for one in found if "forgotten" in one.accessibleName()]


def offered(strip: Strip) -> list[str]:
    return [one.label() for one in strip.findChildren(Button)]


def press(page: QWidget, label: str) -> None:
    next(one for one in page.findChildren(Button) if one.isVisible() and one.label() == label).click()


def form(page: HouseholdPage, family: Family) -> FormDialog:
    page._on_edit(family.member)
    return next(one for one in page.findChildren(FormDialog) if one.isVisible())


def answer(page: QWidget, yes: str, qtbot: QtBot) -> str:
    """Say yes to the question that is asked. Returns what it said."""
    (box,) = (one for one in page.findChildren(QMessageBox) if one.isVisible())
    said = f"{box.text()} {box.informativeText()}"
    next(button for button in box.buttons() if button.text() == yes).click()
    settle(qtbot)
    return said


def ask(qtbot: QtBot, page: HouseholdPage, family: Family) -> str:
    dialog = form(page, family)
    settle(qtbot)
    assert clipped(dialog) == []
    assert unnamed(dialog) == []
    press(dialog, ASK)
    return answer(page, "Ask", qtbot)


def test_the_worker_asks_and_the_clerk_erases(qtbot: QtBot, circle: Circle, laptop: Workspace, family: Family) -> None:
    page = opened(qtbot, laptop, family.household)
    assert strips(page) == []
    toasts: list[str] = []
    page.shell.toast_wanted.connect(lambda words, _undo: toasts.append(words))
    said = ask(qtbot, page, family)
    assert said == (
        "Ask the office to forget 陈建国? The office decides. If it erases, what is known of them goes for good, "
        "everywhere. Until then all stays."
    )
    assert toasts == ["Asked; the office sees it with the next bundle."]
    (strip,) = strips(page)
    assert strip.accessibleName() == "陈建国 wishes to be forgotten. 周敏 asked the office on 18 Mar."
    assert offered(strip) == ["Take it back"]
    assert "This was asked before." in ask(qtbot, page, family)
    circle.hand_in(laptop)

    inbox = MergePage(circle.office, Shell())
    shown(qtbot, inbox)
    (told,) = strips(inbox)
    assert told.accessibleName() == "1 resident asked to be forgotten."
    assert clipped(inbox) == []
    with qtbot.waitSignal(inbox.shell.page_wanted) as gone:
        press(told, "Open the file")
    assert gone.args == ["household", family.household]

    clerk = opened(qtbot, circle.office, family.household)
    (strip,) = strips(clerk)
    assert offered(strip) == ["Erase", "Keep"]
    assert clipped(clerk) == []
    press(strip, "Erase")
    settle(qtbot)
    (dialog,) = (one for one in clerk.findChildren(EraseDialog) if one.isVisible())
    dialog.erase.click()
    settle(qtbot)
    assert strips(clerk) == []
    inbox.refresh({})
    settle(qtbot)
    assert strips(inbox) == []
    circle.reply(laptop)
    page.refresh({})
    settle(qtbot)
    assert strips(page) == []
    assert laptop.session.store.get("resident", family.resident) is None


def test_the_clerk_keeps_and_enter_leaves_the_question_open(
    qtbot: QtBot, circle: Circle, laptop: Workspace, family: Family
) -> None:
    laptop.erasing.ask_for("resident", family.resident)
    circle.hand_in(laptop)
    clerk = opened(qtbot, circle.office, family.household)
    press(strips(clerk)[0], "Keep")
    (box,) = (one for one in clerk.findChildren(QMessageBox) if one.isVisible())
    QTest.keyClick(box, Qt.Key.Key_Return)
    settle(qtbot)
    (strip,) = strips(clerk)
    press(strip, "Keep")
    said = answer(clerk, "Keep", qtbot)
    assert said == "Keep what is known of 陈建国? It goes on record that this was not done. They can ask again."
    assert strips(clerk) == []
    assert circle.office.session.store.get("resident", family.resident) is not None


def test_the_worker_takes_it_back(qtbot: QtBot, laptop: Workspace, family: Family) -> None:
    laptop.erasing.ask_for("resident", family.resident)
    page = opened(qtbot, laptop, family.household)
    press(strips(page)[0], "Take it back")
    settle(qtbot)
    assert strips(page) == []


def test_a_worker_at_the_office_asks_who_decides_there(qtbot: QtBot, circle: Circle, family: Family) -> None:
    act_as(circle.office.session, "grid_worker")
    page = opened(qtbot, circle.office, family.household)
    toasts: list[str] = []
    page.shell.toast_wanted.connect(lambda words, _undo: toasts.append(words))
    ask(qtbot, page, family)
    assert toasts == ["Asked; who decides at the office sees it."]
    inbox = MergePage(circle.office, Shell())
    shown(qtbot, inbox)
    assert strips(inbox) == [], "it is for who decides"


def test_the_clerk_erases_at_once(qtbot: QtBot, circle: Circle, family: Family) -> None:
    page = opened(qtbot, circle.office, family.household)
    dialog = form(page, family)
    labels = [one.label() for one in dialog.findChildren(Button)]
    assert "Erase" in labels
    assert ASK not in labels
    press(dialog, "Erase")
    settle(qtbot)
    assert [one for one in page.findChildren(EraseDialog) if one.isVisible()]


@pytest.mark.parametrize("role", ["building_head", "duty", "volunteer", "auditor", "administrator"])
def test_who_may_not_change_people_is_offered_nothing(
    qtbot: QtBot, laptop: Workspace, family: Family, role: str
) -> None:
    laptop.erasing.ask_for("resident", family.resident)
    act_as(laptop.session, role)
    page = HouseholdPage(laptop, Shell())
    assert page._wishes.verb() == ""
    shown(qtbot, page)
    if role in {"building_head", "duty", "administrator"}:  # who reads it masked
        page.show_target(family.household)
        settle(qtbot)
        assert page._view is not None
    assert strips(page) == []


def test_nothing_of_it_is_shown_while_others_look_on(qtbot: QtBot, laptop: Workspace, family: Family) -> None:
    laptop.erasing.ask_for("resident", family.resident)
    page = opened(qtbot, laptop, family.household)
    assert strips(page)
    page.shell.set_sharing(True)
    settle(qtbot)
    assert strips(page) == []
