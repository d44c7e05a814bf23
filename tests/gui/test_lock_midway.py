"""A lock in the midst of a visit: unlocked again, the form stands there with what was typed, to the last sign."""

from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, Self

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.gui import start
from gridworker.gui.background import Report
from gridworker.gui.desk import Desk
from gridworker.gui.frontdoor import AppFrontDoor
from gridworker.gui.pages.unlock import UnlockPage
from gridworker.gui.pages.visit.form import VisitForm
from gridworker.gui.pages.visit.page import VisitPage
from tests.circle import Circle, Family
from tests.gui.seen import settle

Key, Mod = Qt.Key, Qt.KeyboardModifier
WORDS = "米油送到，够吃一个月"


class Door(AppFrontDoor):
    """Opens the laptop anew each time."""

    def __init__(self, circle: Circle, name: str) -> None:
        self.circle, self.name = circle, name

    def open(self, folder: Path, passphrase: str, slot: str | None = None, report: Report | None = None) -> Any:
        del folder, passphrase, slot, report
        self.circle.opened.pop(self.name, None)
        return self.circle.open(self.name)


@pytest.fixture
def begin(
    qtbot: QtBot, qapp: QApplication, circle: Circle, laptop: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], start.Program]]:
    """A program at the unlock page of the laptop, on the day it is there; begun once more it is another process's."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp(circle.clock().timestamp(), tz)

    monkeypatch.setattr("gridworker.gui.preferences.settings_file", lambda: tmp_path / "look.json")
    monkeypatch.setattr(start, "datetime", Clock)
    folder, begun = laptop.session.folder.root, list[start.Program]()
    circle.close()

    def program() -> start.Program:
        made = start.Program(qapp, folder, Door(circle, folder.name))
        begun.append(made)
        made.use_language("en")
        qtbot.addWidget(made.window)
        made.start()
        made.window.activateWindow()
        qtbot.waitUntil(made.window.isActiveWindow)
        return made

    yield program
    for one in begun:
        one.window.close()
        one.deleteLater()
        QCoreApplication.sendPostedEvents(one, QEvent.Type.DeferredDelete)


def unlocked(qtbot: QtBot, program: start.Program) -> Desk:
    unlock = program.window.content()
    assert isinstance(unlock, UnlockPage)
    unlock.passphrase_field.line().setText("any")
    unlock.button().click()
    qtbot.waitUntil(lambda: isinstance(program.window.content(), Desk))
    settle(qtbot)
    desk = program.window.content()
    assert isinstance(desk, Desk)
    return desk


def form(desk: Desk) -> VisitForm | None:
    page = desk.page("visit")
    assert isinstance(page, VisitPage)
    return page._form


def type_note(qtbot: QtBot, desk: Desk, household: int) -> VisitForm:
    """Begin a visit, tick one thing, and type; nothing of it is kept yet."""
    desk.open("visit", household)
    qtbot.waitUntil(lambda: form(desk) is not None)
    found = form(desk)
    assert found is not None
    found.notes.edit.setFocus()
    for sign in WORDS:
        QTest.sendKeyEvent(QTest.KeyAction.Click, found.notes.edit, Key(0), sign, Mod.NoModifier)
    return found


@pytest.mark.parametrize("anew", [False, True], ids=["in the same process", "in another"])
def test_what_was_typed_up_to_the_lock_is_there_again(
    qtbot: QtBot, begin: Callable[[], start.Program], family: Family, *, anew: bool
) -> None:
    program = begin()
    desk = unlocked(qtbot, program)
    typed = type_note(qtbot, desk, family.household)
    assert desk._ws.drafts.all("visit:") == []
    QTest.keyClick(typed.notes.edit, Key.Key_L, Mod.ControlModifier)
    assert isinstance(program.window.content(), UnlockPage)
    again = unlocked(qtbot, begin() if anew else program)
    assert again.current() == "visit"
    shown = form(again)
    assert shown is not None
    assert shown.notes.text() == WORDS
    assert shown.entry().household == family.household
    qtbot.waitUntil(shown.notes.edit.hasFocus)
    QTest.sendKeyEvent(QTest.KeyAction.Click, shown.notes.edit, Key(0), "。", Mod.NoModifier)
    assert shown.notes.text() == f"{WORDS}。"
