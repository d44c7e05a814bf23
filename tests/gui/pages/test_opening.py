"""Opening a page shows that page and nothing else: a part shown before it has a place is a window for a moment."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.gui.entries import present
from gridworker.gui.page import OFFICE
from tests.gui.seated import seated
from tests.gui.seen import settle


class Windows(QObject):
    """Writes down what is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return super().eventFilter(watched, event)


@pytest.fixture
def windows(qapp: QApplication) -> Iterator[Windows]:
    windows = Windows()
    qapp.installEventFilter(windows)
    yield windows
    qapp.removeEventFilter(windows)


@pytest.mark.parametrize("name", ["devices", "settings"])
def test_at_the_office(qtbot: QtBot, office: Workspace, windows: Windows, name: str) -> None:
    _, desk = seated(qtbot, office, present(OFFICE))
    desk.open(name)
    settle(qtbot)
    assert (desk.current(), windows.shown) == (name, ["Window "])
    desk.close_down()
