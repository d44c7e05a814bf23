"""Tab through pages and forms: the way one reads, whatever was made anew since."""

from typing import Any, cast

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.gui.desk import Desk
from gridworker.gui.entries import present
from gridworker.gui.look.taborder import _stops, walk
from gridworker.gui.owner import Owner
from gridworker.gui.page import FIELD, Page, Shell
from gridworker.gui.pages.household import HouseholdPage
from gridworker.gui.widgets.formdialog import FormDialog, FormText
from gridworker.gui.widgets.layout import clear, column, holder, scrolling
from gridworker.gui.widgets.options import OptionButton
from gridworker.gui.window import Window
from gridworker.record import Type
from gridworker.text import Label
from tests.app.conftest import clock, open_store, session, village, workspace
from tests.gui.seated import seated
from tests.gui.seen import settle
from tests.gui.stage import Cast, Stage
from tests.gui.widgets.test_forms import FEW, spec
from tests.village import Village

__all__ = ["clock", "open_store", "session", "village", "workspace"]

Key = Qt.Key


class Reread(Page):
    """Three fields; the one in the middle is made anew whenever the page is read again."""

    def __init__(self, ws: Any, shell: Shell) -> None:
        super().__init__(ws, shell)
        self._middle = QVBoxLayout()
        words = scrolling(holder(column(*[QLabel("words") for _ in range(200)])))
        words.setAccessibleName("words")
        layout = QVBoxLayout(self)
        layout.addWidget(_field("first"))
        layout.addLayout(self._middle)
        layout.addWidget(scrolling(holder(column(_field("last")))))
        layout.addWidget(words)
        self.read()

    def read(self) -> None:
        clear(self._middle)
        self._middle.addWidget(_field("middle"))

    def focus_first(self) -> None:
        self.findChildren(QLineEdit)[0].setFocus()


def _field(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    return field


def pressed(key: Qt.Key, times: int) -> list[str]:
    """What has the focus after each press."""
    names = []
    for _ in range(times):
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key)
        now = QApplication.focusWidget()
        names.append(now.accessibleName() if now is not None else "")
    return names


def test_what_was_read_again_keeps_its_place(qtbot: QtBot) -> None:
    window = Window()
    qtbot.addWidget(window)
    window.resize(1440, 900)
    entry = Cast("today", Label("Today"), "sun-horizon", "", group=0, made=Reread)
    desk = Desk(cast("Any", Stage()), [entry], Owner("师院社区", "第三网格·周敏"))
    window.show_content(desk)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    desk.open("today")
    page = desk.page("today")
    assert isinstance(page, Reread)
    page.read()
    QApplication.processEvents()
    names = pressed(Key.Key_Tab, 3)
    assert names == ["middle", "last", "words"]  # words that only scroll are a stop, what holds a field is none
    assert pressed(Key.Key_Backtab, 3) == ["last", "middle", "first"]
    round_ = pressed(Key.Key_Tab, 12)
    assert "Today" in round_
    assert round_.index("first") > round_.index("Today")


def test_the_file_is_walked_from_its_people_to_what_happened(
    qtbot: QtBot, workspace: Workspace, village: Village
) -> None:
    home = village.household("陈桂芳", "3", "1", "202")
    village.member(home, "李红", "30", phones="13800000867")
    village.visit(home, "2026-03-09")
    _window, desk = seated(qtbot, workspace, [one for one in present(FIELD) if one.name == "household"])
    desk.open("household", home.id)
    settle(qtbot)
    page = desk.page("household")
    assert isinstance(page, HouseholdPage)
    names = pressed(Key.Key_Tab, 30)
    people, issue = names.index("Add person"), names.index("Report issue")
    eyes = [place for place, name in enumerate(names[: names.index("Visits and changes")]) if "李红" in name]
    assert eyes
    assert people < min(eyes)
    assert max(eyes) < issue < names.index("Visits and changes")


def test_a_form_that_starts_with_options_shows_where_the_focus_is(qtbot: QtBot) -> None:
    above = QWidget()
    qtbot.addWidget(above)
    above.show()
    dialog = FormDialog(above, FormText("Somebody moved out", "Save"), [spec("who", Type.CODE, codes=FEW)], {})
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    focus = QApplication.focusWidget()
    assert isinstance(focus, OptionButton)
    assert focus.accessibleName() == "Owned"


def test_what_is_hidden_or_goes_is_not_walked_from(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Qt asks then too, in the middle of taking widgets apart: touching them there could end the program."""
    walked: list[QWidget] = []

    def stops(root: QWidget) -> list[QWidget]:
        walked.append(root)
        return []

    monkeypatch.setattr("gridworker.gui.look.taborder._stops", stops)
    place, first, last = QWidget(), _field("first"), _field("last")
    qtbot.addWidget(place)
    layout = QVBoxLayout(place)
    layout.addWidget(first)
    layout.addWidget(last)
    place.show()
    place.activateWindow()
    qtbot.waitUntil(place.isActiveWindow)
    first.setFocus()
    assert walk(place, forward=True) is False
    assert walked == [place]
    first.hide()
    first.setFocus()
    last.setFocus()
    last.hide()
    assert walk(place, forward=True) is False
    assert walked == [place]


class Ending(QLineEdit):
    """Takes another widget apart while it is looked at."""

    goes: QWidget | None = None

    def isEnabled(self) -> bool:  # noqa: N802 - Qt's own name
        if self.goes is not None and shiboken6.isValid(self.goes):
            shiboken6.delete(self.goes)
        return True


@pytest.mark.parametrize("goes", [1, 2])
def test_what_goes_while_the_walk_looks_at_it_is_no_stop(qtbot: QtBot, goes: int) -> None:
    place, fields = QWidget(), [Ending(), _field("second"), _field("third"), _field("last")]
    qtbot.addWidget(place)
    place.setLayout(column(*fields))
    place.show()
    place.activateWindow()
    qtbot.waitUntil(place.isActiveWindow)
    fields[0].setFocus()
    cast("Ending", fields[0]).goes = fields[goes]
    assert walk(place, forward=True) is True
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.accessibleName() == ("third" if goes == 1 else "second")


def test_rows_within_rows_are_walked_in_their_order(qtbot: QtBot) -> None:
    names = ["one", "two", "three", "four", "five"]
    one, two, three, four, five = map(_field, names)
    place = holder(column(one, 8, column(column(two), None, three), four, column(five)))
    qtbot.addWidget(place)
    assert [stop.accessibleName() for stop in _stops(place)] == names
