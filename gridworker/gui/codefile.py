"""A long code as a small file: asking where to write it, and which one to read."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from gridworker.text import gettext


def ask_place(parent: QWidget, name: str, chosen: Callable[[Path], object]) -> None:
    """Ask where to write a file that is called ``name`` if nobody says otherwise."""
    dialog = QFileDialog(parent, gettext("Save as a file"))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(name)
    dialog.fileSelected.connect(lambda path: chosen(Path(path)))
    dialog.open()


def ask_file(parent: QWidget, title: str, chosen: Callable[[Path], object]) -> None:
    """Ask which file to read."""
    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(lambda path: chosen(Path(path)))
    dialog.open()
