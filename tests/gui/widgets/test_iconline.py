"""A line with an icon that leads somewhere, by mouse and by key."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gridworker.gui.widgets.iconline import Hint, IconLink
from gridworker.gui.widgets.layout import column
from tests.gui.seen import clipped, laid_out


@pytest.fixture
def link(qtbot: QtBot) -> IconLink:
    made = IconLink("3栋1单元202 陈桂芳", "house-simple", "Open the household file")
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_click_follows_it(qtbot: QtBot, link: IconLink) -> None:
    with qtbot.waitSignal(link.pressed):
        QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(link.pressed):
        QTest.mouseClick(link, Qt.MouseButton.RightButton)


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_keys_follow_it(qtbot: QtBot, link: IconLink, key: Qt.Key) -> None:
    link.setFocus()
    with qtbot.waitSignal(link.pressed):
        QTest.keyClick(link, key)
    with qtbot.assertNotEmitted(link.pressed):
        QTest.keyClick(link, Qt.Key.Key_A)


def test_it_is_read_aloud_by_its_words(link: IconLink) -> None:
    assert link.accessibleName() == link.text() == "3栋1单元202 陈桂芳"
    assert link.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_a_hint_wraps_instead_of_being_cut(qtbot: QtBot, each_scale: float) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    box.setLayout(column(Hint("It closes after a return visit, when the resident agrees."), None))
    assert clipped(laid_out(box, 200, 200)) == []
