"""A resident tells the grid worker at the door that they wish to be forgotten, as the worker and the clerk see it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QWidget  # noqa: TID251 - to look at the box
from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.gui.desk import Desk
from gridworker.gui.entries import present
from gridworker.gui.look.theme import Look
from gridworker.gui.page import OFFICE, Shell
from gridworker.gui.pages.household import HouseholdPage
from gridworker.gui.pages.merge import MergePage
from gridworker.gui.person.erasedialog import EraseDialog
from gridworker.gui.shortcuts import listed as shortcuts_of
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.formdialog import FormDialog
from gridworker.gui.widgets.pickdialog import PickDialog
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.text import Text
from gridworker.gui.window import Window
from gridworker.text import gettext
from tests.app.test_gate import act_as
from tests.circle import Circle, Family
from tests.gui.seated import seated
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
    (told,) = strips(inbox.asking.strip)
    assert told.accessibleName() == "1 resident asked to be forgotten."
    assert clipped(inbox) == []
    press(told, "See who")
    assert listed(inbox) == [("陈建国", "周敏·18 Mar·Laptop 1")]
    with qtbot.waitSignal(inbox.shell.page_wanted) as gone:
        press(inbox, "Open the file")
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


def keep_dialog(page: QWidget) -> PickDialog:
    (dialog,) = (one for one in page.findChildren(PickDialog) if one.isVisible())
    return dialog


def test_the_clerk_keeps_for_a_reason_and_nothing_is_decided_without_one(
    qtbot: QtBot, circle: Circle, laptop: Workspace, family: Family, each_language: str, each_scale: float
) -> None:
    laptop.erasing.ask_for("resident", family.resident)
    circle.hand_in(laptop)
    clerk = opened(qtbot, circle.office, family.household)
    (strip,) = (one for one in clerk.findChildren(Strip) if one.isVisible() and "陈建国" in one.accessibleName())
    press(strip, gettext("Keep"))
    dialog = keep_dialog(clerk)
    settle(qtbot)
    assert clipped(dialog) == []
    assert unnamed(dialog) == []
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.isVisible(), "no reason, no answer"
    QTest.keyClick(dialog.purpose, Qt.Key.Key_1)
    dialog.go_on.click()
    settle(qtbot)
    assert not [one for one in clerk.findChildren(Strip) if one.isVisible() and "陈建国" in one.accessibleName()]
    assert circle.office.session.store.get("resident", family.resident) is not None
    assert circle.office.audit.everywhere(limit=1)[0].purpose == gettext("The law has it kept longer")


@pytest.fixture
def homeless(circle: Circle, laptop: Workspace, family: Family) -> int:
    """Somebody who is in nobody's household by now, and asked when they still were."""
    laptop.erasing.ask_for("resident", family.resident)
    circle.hand_in(laptop)
    circle.office.records.remove("household_member", family.member)
    return family.resident


def inbox_of(qtbot: QtBot, circle: Circle) -> tuple[Window, Desk, MergePage]:
    entries = [entry for entry in present(OFFICE) if entry.name in {"merge", "households"}]
    window, desk = seated(qtbot, circle.office, entries)
    qtbot.waitUntil(window.isActiveWindow)
    desk.open("merge")
    settle(qtbot)
    page = desk.page("merge")
    assert isinstance(page, MergePage)
    return window, desk, page


def press_key(qtbot: QtBot, window: Window, page: MergePage, key: Qt.Key) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    page.asking.begin()
    QTest.keyClick(page.asking.card.list, key)


def listed(page: MergePage) -> list[tuple[str, str]]:
    assert page.asking.card.isVisible()
    return [(row.title, row.subtitle) for row in page.asking.card.list.rows()]


def test_who_is_in_no_file_is_decided_on_the_merge_page_by_keys(qtbot: QtBot, circle: Circle, homeless: int) -> None:
    """Before, the strip counted them and led nowhere: only the command line reached them."""
    window, desk, page = inbox_of(qtbot, circle)
    assert "Wishes to be forgotten" in [row.title for row in page.inbox.list.rows()]
    (strip,) = (one for one in page.asking.strip.findChildren(Strip) if one.isVisible())
    assert offered(strip) == ["See who"]
    strip.button.click()
    assert [name for name, _ in listed(page)] == ["陈建国"]
    said = [one.text() for one in page.asking.card.findChildren(Text) if one.isVisible()]
    assert "In no household's file." in said
    assert "陈建国 wishes to be forgotten. 周敏 asked on 18 Mar (Laptop 1)." in said
    assert not page.asking.card.file.isVisible()
    assert {"Del", "K"} <= {key.keys for key in shortcuts_of(page)}
    press_key(qtbot, window, page, Qt.Key.Key_K)
    keep = keep_dialog(desk)
    keep.reject()
    settle(qtbot)
    press_key(qtbot, window, page, Qt.Key.Key_Delete)
    settle(qtbot)
    (dialog,) = (one for one in desk.findChildren(EraseDialog) if one.isVisible())
    dialog.erase.click()
    settle(qtbot)
    assert circle.office.session.store.get("resident", homeless) is None
    assert not page.asking.card.isVisible()
    assert "Wishes to be forgotten" not in [row.title for row in page.inbox.list.rows()]
    assert not page.asking.strip.isVisible()
    assert not {"Del", "K"} & {key.keys for key in shortcuts_of(page)}
    desk.close_down()


def test_who_is_kept_is_listed_no_more_and_the_next_one_is(
    qtbot: QtBot, circle: Circle, laptop: Workspace, homeless: int
) -> None:
    other = circle.office.records.save("resident", {"name": "李红", "status": "in_place"}).id
    act_as(circle.office.session, "grid_worker")
    circle.office.erasing.ask_for("resident", other)
    act_as(circle.office.session, "office")
    _window, desk, page = inbox_of(qtbot, circle)
    page.asking.strip.wanted.emit()
    assert [name for name, _ in listed(page)] == ["陈建国", "李红"]
    toasts: list[str] = []
    page.shell.toast_wanted.connect(lambda words, _undo: toasts.append(words))
    page.asking.card.keep.click()
    dialog = keep_dialog(desk)
    QTest.keyClick(dialog.purpose, Qt.Key.Key_2)
    dialog.go_on.click()
    settle(qtbot)
    assert toasts == ["Kept. It is on record."]
    assert [name for name, _ in listed(page)] == ["李红"]
    assert [one.record for one in circle.office.erasing.asked.waiting()] == [other]
    desk.close_down()


def test_the_list_is_whole_in_large_text_and_hidden_while_others_look_on(
    qtbot: QtBot, circle: Circle, homeless: int, each_language: str, dressed: Look
) -> None:
    dressed.use(scale=1.5)
    window, desk, page = inbox_of(qtbot, circle)
    window.resize(1280, 720)
    page.asking.strip.wanted.emit()
    settle(qtbot)
    assert page.asking.card.isVisible()
    assert clipped(page) == []
    assert unnamed(page) == []
    desk.shell.set_sharing(True)
    settle(qtbot)
    assert not page.asking.card.isVisible()
    assert homeless
    desk.close_down()


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
