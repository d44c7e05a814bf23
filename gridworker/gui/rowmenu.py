"""The menu of a row or a door: what else can be done with it, each with its key (Shift F10, or the right button)."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget


class Entry(NamedTuple):
    """One thing to do: its words, the key that does it too, and what it does."""

    words: str
    key: str
    run: Callable[[], object]


def show_menu(owner: QWidget, at: QPoint, entries: Iterable[Entry]) -> QMenu:
    """Show what can be done at a place on the screen; nothing where that is nothing."""
    menu = QMenu(owner)
    menu.aboutToHide.connect(menu.deleteLater)
    for entry in entries:
        action = QAction(f"{entry.words}\t{entry.key}" if entry.key else entry.words, menu)
        action.triggered.connect(lambda _checked=False, run=entry.run: run())
        menu.addAction(action)
    if menu.actions():
        menu.popup(at)
    return menu
