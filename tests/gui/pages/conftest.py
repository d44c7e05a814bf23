"""Pages on a store without a passphrase, with a clock moved by hand; a bare window for dialogs."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.app.conftest import clock, office, open_store, session, village, workspace

__all__ = ["clock", "office", "open_store", "session", "village", "workspace"]


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    """What a dialog stands over."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1200, 800)
    window.show()
    yield window
    window.hide()
