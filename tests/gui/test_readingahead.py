"""Reading ahead: it waits until a page is quiet, and gives way between two pieces as soon as it is not."""

from collections.abc import Callable
from threading import Event
from unittest.mock import patch

import pytest
from PySide6.QtWidgets import QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from gridworker.gui import background, readingahead
from gridworker.gui.readingahead import ReadingAhead


class Pieces:
    """Two pieces of work; the first one ends when it is let go."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.go_on = Event()

    def __call__(self) -> Callable[[background.Report], None]:
        """The work, to be done from its beginning."""
        return self._work

    def _work(self, told: background.Report) -> None:
        for piece in (1, 2):
            self.begun.append(piece)
            self.go_on.wait(10)
            told(piece / 2)


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    found = QWidget()
    qtbot.addWidget(found)
    found.show()
    return found


def test_it_begins_when_nobody_has_scrolled_for_a_while(
    page: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readingahead, "QUIET", 20)
    pieces, bar = Pieces(), QScrollBar(page)
    pieces.go_on.set()
    ahead = ReadingAhead(page, pieces)
    ahead.give_way(bar)
    bar.setValue(1)
    assert not ahead.is_wanted()  # the page is not there yet
    ahead.begin_soon()
    with patch.object(ahead, "begin_soon") as begun_anew:
        bar.setValue(2)
    begun_anew.assert_called_once()
    qtbot.waitUntil(lambda: pieces.begun == [1, 2] and not ahead.is_wanted())


def test_it_gives_way_after_the_piece_it_is_at_and_goes_on_later(
    page: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readingahead, "QUIET", 300)
    pieces, bar = Pieces(), QScrollBar(page)
    ahead = ReadingAhead(page, pieces)
    ahead.give_way(bar)
    ahead.begin()
    qtbot.waitUntil(lambda: pieces.begun == [1])
    bar.setValue(1)
    ahead.begin()
    assert ahead.is_wanted()
    assert pieces.begun == [1]  # the first one is not over: two at once would be in each other's way
    pieces.go_on.set()
    background.wait()
    assert pieces.begun == [1]
    ahead.begin()
    qtbot.waitUntil(lambda: pieces.begun == [1, 1, 2])
    background.wait()


def test_nothing_is_read_once_it_is_stopped_or_out_of_sight(page: QWidget, qtbot: QtBot) -> None:
    pieces = Pieces()
    pieces.go_on.set()
    ahead = ReadingAhead(page, pieces)
    ahead.begin_soon()
    ahead.stop()
    assert not ahead.is_wanted()
    page.hide()
    ahead.begin()
    qtbot.wait(1)
    background.wait()
    assert not pieces.begun
