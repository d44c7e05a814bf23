"""The pictures of the tour."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import qInstallMessageHandler, qWarning
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from gridworker.gui import tour
from gridworker.gui.page import FIELD, Shell
from gridworker.gui.tour import Dress, Photographer, lay_over
from gridworker.gui.watching import handover
from tests.gui import stage
from tests.gui.test_start import Owned

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace


def test_a_pictured_desk_shows_what_waits_beside_pages_never_opened(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Shell] = []
    monkeypatch.setattr(handover, "show_status", lambda _ws, shell: told.append(shell))
    monkeypatch.setattr(tour, "present", lambda _role: stage.cast()[:2])
    photographer = Photographer({FIELD: cast("Workspace", Owned())}, tmp_path, None)
    qtbot.addWidget(photographer._window)
    taken = list(photographer._desk(FIELD, Dress("en", "light")))
    assert [path.is_file() for path in taken] == [True, True]
    assert len(told) == 1


def test_a_form_is_in_the_middle_of_its_picture_whatever_the_screen(qtbot: QtBot) -> None:
    window, picture = QWidget(), QPixmap(1440, 900)
    qtbot.addWidget(window)
    window.resize(picture.size())
    window.show()
    picture.fill(QColor("white"))
    dialog = QDialog(window)
    dialog.setStyleSheet("background: #ff0000")
    dialog.resize(640, 400)
    dialog.show()
    qtbot.waitExposed(dialog)
    lay_over(picture, dialog, window)
    image = picture.toImage()
    red = [at for at in range(1440) if image.pixelColor(at, 450) == QColor("#ff0000")]
    assert (len(red), abs(red[0] - 400) <= 1) == (640, True)


def test_of_what_qt_says_only_the_missing_screen_is_kept_out(capsys: pytest.CaptureFixture[str]) -> None:
    heard: list[str] = []
    before = qInstallMessageHandler(lambda _kind, _context, words: heard.append(words))
    try:
        with tour.only_true_warnings():
            qWarning("This plugin does not support propagateSizeHints()")
            qWarning("This plugin does not support raise()")
        qWarning("after it")
        qInstallMessageHandler(None)
        with tour.only_true_warnings():
            qWarning("This plugin does not support propagateSizeHints()")
            qWarning("nobody else listens")
    finally:
        qInstallMessageHandler(before)
    assert heard == ["This plugin does not support raise()", "after it"]
    assert capsys.readouterr().err == "nobody else listens\n"
