"""The question for a printer stands over the page, and only a yes prints."""

import pytest
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gridworker.gui.printing import ask_printer


@pytest.mark.parametrize("yes", [True, False])
def test_only_a_yes_prints(qtbot: QtBot, yes: bool) -> None:
    page, used = QWidget(), list[QPrinter]()
    qtbot.addWidget(page)
    printer = QPrinter()
    ask_printer(page, used.append, printer)
    [dialog] = page.findChildren(QPrintDialog)
    assert dialog.isModal()
    dialog.accept() if yes else dialog.reject()
    assert used == ([printer] if yes else [])
