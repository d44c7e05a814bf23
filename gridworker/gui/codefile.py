"""A long code as a small file: asking where to write it, and which one to read."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from gridworker.gui.filedialogs import FileQuestion, Purpose, open_file, save_file
from gridworker.text import gettext


def ask_place(parent: QWidget, name: str, chosen: Callable[[Path], object]) -> None:
    """Ask where to write a file that is called ``name`` if nobody says otherwise."""
    save_file(parent, FileQuestion(gettext("Save as a file"), Purpose.KEYS, name=name), chosen)


def ask_file(parent: QWidget, title: str, chosen: Callable[[Path], object]) -> None:
    """Ask which file to read."""
    open_file(parent, FileQuestion(title, Purpose.KEYS), chosen)
