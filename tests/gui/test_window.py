"""The window takes the room there is on a screen, with its frame around it."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtWidgets import QMessageBox, QWidget  # noqa: TID251 - to look at the box
from pytestqt.qtbot import QtBot

from gridworker.gui import messages
from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.toast import Toast
from gridworker.gui.window import FRAME, LEAST, SIZE, Window


@pytest.mark.parametrize(
    ("room", "whole"),
    [
        (QSize(1366, 768), True),
        (QSize(1440, 900), True),
        (QSize(1920, 1080), False),
        (SIZE + FRAME, False),
        (QSize(1024, 600), True),
    ],
)
def test_it_stands_within_the_screen_with_its_frame(qtbot: QtBot, room: QSize, *, whole: bool) -> None:
    window = Window()
    qtbot.addWidget(window)
    window.fit(room)
    assert window.isMaximized() is whole, "as large as the room inside, its foot is under the edge of the screen"
    if not whole:
        assert window.size() == SIZE
    assert window.minimumSize() == LEAST.boundedTo(room - FRAME)


def test_a_blank_window_keeps_no_words_and_says_new_ones(qtbot: QtBot) -> None:
    window, agreed = Window(), list[bool]()
    qtbot.addWidget(window)
    window.show()
    window.toast("陈桂芳")
    question = messages.Question("陈桂芳?", "", "Delete")
    owners: tuple[QWidget, ...] = (window, QWidget())
    for owner in owners:
        messages.ask(owner, question, lambda: agreed.append(True))
    messages.tell(None, "陈桂芳")
    window.blank()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert window.findChildren(Toast) == []
    assert window.findChildren(QMessageBox) == []
    assert len(owners[1].findChildren(QMessageBox)) == 1, "it goes with its owner"
    assert agreed == []
    themes.look().use("dark")
    window.toast("Locked")
    [toast] = window.findChildren(Toast)
    assert toast.isVisible()
    assert toast.accessibleName() == "Locked"
