"""What is done on a page has a key, the key stands on the button, and no key means two things there."""

from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gridworker.app.issue.report import IssueDraft
from gridworker.app.workspace import Workspace
from gridworker.gui.crash.crashpage import CrashPage
from gridworker.gui.entries import present
from gridworker.gui.page import FIELD, OFFICE, DialogPage
from gridworker.gui.widgets.button import Button
from tests.circle import Circle, Family
from tests.gui.seated import seated
from tests.gui.seen import settle

PRESSED = {"Enter", "Esc", "↵"}
"""What lists, fields and dialogs answer by themselves."""


@pytest.fixture
def family(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> Family:
    monkeypatch.setattr("gridworker.gui.watching.drives.removable", list)
    return circle.family(circle.office.devices.add_grid("第一网格"))


def on_buttons(root: QWidget) -> dict[str, str]:
    return {one.label(): one.key() for one in root.findChildren(Button) if one.isVisible()}


def bound(root: QWidget) -> Counter[str]:
    """How often each key is bound to what shows."""
    found: Counter[str] = Counter()
    for one in root.findChildren(QShortcut):
        owner = one.parent()
        if isinstance(owner, QWidget) and owner.isVisible() and one.isEnabled():
            found[one.key().toString(QKeySequence.SequenceFormat.PortableText).replace("+", " ")] += 1
    return found


def check(root: QWidget, *keyless: str) -> None:
    """``keyless``: the buttons that need no key, as they are there for a while alone and Tab comes to them first."""
    keys, shown = bound(root), on_buttons(root)
    assert {key: count for key, count in keys.items() if count > 1} == {}, "the same key twice"
    assert {label for label, key in shown.items() if not key} <= set(keyless)
    answered = {key.replace("Return", "Enter") for key in keys} | PRESSED
    assert {label: key for label, key in shown.items() if key and key not in answered} == {}


@pytest.mark.parametrize(
    "page", ["settings", "devices", "merge", "issues", "households", "backups", "records", "audit"]
)
def test_at_the_office(qtbot: QtBot, circle: Circle, family: Family, page: str) -> None:
    circle.office.issues.report(IssueDraft("燃气软管老化", "C", "S2", household_id=family.household))
    _window, desk = seated(qtbot, circle.office, present(OFFICE))
    desk.open(page)
    settle(qtbot)
    check(desk, "Set up a laptop")
    desk.close_down()


@pytest.mark.parametrize("page", ["today", "buildings", "household", "settings", "sync"])
def test_on_a_laptop(qtbot: QtBot, circle: Circle, family: Family, page: str) -> None:
    laptop = circle.enrol("周敏", circle.office.devices.grids()[0][0])
    _window, desk = seated(qtbot, laptop, present(FIELD))
    desk.open(page, family.household if page == "household" else None)
    settle(qtbot)
    check(desk, "All issues", "Record consent")
    desk.close_down()


@pytest.mark.parametrize("page", ["report", "reset", "recovery"])
def test_in_a_dialog(qtbot: QtBot, circle: Circle, family: Family, page: str) -> None:
    assert family.household
    window, desk = seated(qtbot, circle.office, present(OFFICE))
    desk.shell.go(page)
    settle(qtbot)
    (dialog,) = (one for one in window.findChildren(DialogPage) if one.isVisible())
    check(dialog)
    desk.close_down()


def test_the_letters_of_the_settings_lead_on(qtbot: QtBot, circle: Circle, family: Family) -> None:
    assert family.household
    window, desk = seated(qtbot, circle.office, present(OFFICE))
    for key, page in ((Qt.Key.Key_B, "backups"), (Qt.Key.Key_A, "audit"), (Qt.Key.Key_T, "retention")):
        desk.open("settings")
        settle(qtbot)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        QTest.keyClick(focused(window), key)
        settle(qtbot)
        assert desk.current() == page
    desk.close_down()


def focused(window: QWidget) -> QWidget:
    return QApplication.focusWidget() or window


def test_the_issues_are_put_in_another_order_by_a_letter(qtbot: QtBot, circle: Circle, family: Family) -> None:
    office: Workspace = circle.office
    office.issues.report(IssueDraft("燃气软管老化", "C", "S2", household_id=family.household))
    window, desk = seated(qtbot, office, present(OFFICE))
    desk.open("issues")
    settle(qtbot)
    qtbot.waitUntil(window.isActiveWindow)
    assert on_buttons(desk)["By time limit"] == "S"
    QTest.keyClick(focused(window), Qt.Key.Key_S)
    settle(qtbot)
    assert on_buttons(desk)["Newest first"] == "S"
    QTest.keyClick(focused(window), Qt.Key.Key_B)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    menu.close()
    desk.close_down()


def test_the_page_a_fault_shows_is_used_by_keys(qtbot: QtBot, tmp_path: Path) -> None:
    del tmp_path
    page = CrashPage("ValueError")
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(page.isActiveWindow)
    assert on_buttons(page) == {"Details": "D", "Save the log…": "S", "Close Gridworker": "", "Carry on": "Esc"}
    QTest.keyClick(page, Qt.Key.Key_D)
    assert page._details.isVisible()
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert not page.isVisible()
