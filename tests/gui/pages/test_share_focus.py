"""Share mode is switched while somebody works: the focus stays where they were."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.gui.desk import Desk
from gridworker.gui.entries import permitted, present
from gridworker.gui.owner import owner_of
from gridworker.gui.page import FIELD, Page
from gridworker.gui.widgets.button import IconButton
from gridworker.gui.widgets.sharestrip import ShareStrip
from tests.gui.seen import settle
from tests.village import Village

SWITCH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def desk_at(qtbot: QtBot, ws: Workspace, page: str, target: object = None) -> Desk:
    desk = Desk(ws, permitted(ws.session, present(FIELD)), owner_of(ws))
    qtbot.addWidget(desk)
    desk.resize(1440, 900)
    desk.show()
    desk.activateWindow()
    qtbot.waitUntil(desk.isActiveWindow)
    desk.open(page, target)
    settle(qtbot)
    page_on_screen(desk).focus_first()
    return desk


def page_on_screen(desk: Desk) -> Page:
    page = desk.page(desk.current())
    assert page is not None
    return page


def in_page(desk: Desk) -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and page_on_screen(desk).isAncestorOf(focus)


@pytest.mark.parametrize("page", ["today", "buildings", "households", "household", "visit", "records"])
def test_the_focus_stays_on_the_page(qtbot: QtBot, workspace: Workspace, village: Village, page: str) -> None:
    home = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01", since="2025-01-01")
    desk = desk_at(qtbot, workspace, page, home.id if page in {"household", "visit"} else None)
    assert in_page(desk)
    for _ in range(2):
        QTest.keyClick(QApplication.focusWidget() or desk, Qt.Key.Key_H, SWITCH)
        settle(qtbot)
        assert in_page(desk), QApplication.focusWidget()


def test_a_visit_left_for_later_takes_no_keys_of_the_page_on_screen(
    qtbot: QtBot, workspace: Workspace, village: Village
) -> None:
    home = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01", since="2025-01-01")
    desk = desk_at(qtbot, workspace, "visit", home.id)
    QTest.keyClick(QApplication.focusWidget() or desk, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(QApplication.focusWidget() or desk, Qt.Key.Key_1)
    settle(qtbot)
    desk.open("today")
    settle(qtbot)
    QTest.keyClick(QApplication.focusWidget() or desk, Qt.Key.Key_H, SWITCH)
    settle(qtbot)
    assert in_page(desk), QApplication.focusWidget()


@pytest.mark.parametrize("page", ["today", "household"])
def test_the_button_and_the_strip_leave_the_focus_too(
    qtbot: QtBot, workspace: Workspace, village: Village, page: str
) -> None:
    home = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01", since="2025-01-01")
    desk = desk_at(qtbot, workspace, page, home.id if page == "household" else None)
    [button] = [
        one for one in desk.findChildren(IconButton) if one.accessibleName() == "Share mode" and one.isVisible()
    ]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    settle(qtbot)
    assert in_page(desk), QApplication.focusWidget()
    [strip] = [one for one in desk.findChildren(ShareStrip) if one.isVisible()]
    QTest.mouseClick(strip.end, Qt.MouseButton.LeftButton)
    settle(qtbot)
    assert in_page(desk), QApplication.focusWidget()
    assert not strip.isVisible()
