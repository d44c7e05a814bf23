"""What a page is made of goes with it: a widget that stands nowhere stays for ever, and is dressed anew each time."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget

from gridworker.gui.pages.issues.panel import IssuePanel
from gridworker.gui.pages.roster.preview import PreviewPanel


@pytest.mark.parametrize("make", [IssuePanel, PreviewPanel])
def test_nothing_of_a_panel_outlives_it(make: Callable[[], QWidget]) -> None:
    before = set(QApplication.allWidgets())
    panel = make()
    assert len(set(QApplication.allWidgets()) - before) > 10
    panel.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert set(QApplication.allWidgets()) - before == set()
