"""The window takes the room there is on a screen, with its frame around it."""

import pytest
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

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
