"""What an export is for: asked before anything leaves the store."""

from PySide6.QtWidgets import QWidget

from gridworker.app.words.purposes import purposes
from gridworker.gui.widgets.pickdialog import PickDialog, PickText
from gridworker.text import gettext


class PurposeDialog(PickDialog):
    """``chosen`` carries the code of a purpose."""

    def __init__(self, parent: QWidget, title: str) -> None:
        told = gettext("Who exported what, and what for, is written down.")
        words = PickText(title, told, gettext("What is it for?"), gettext("Choose where to save"))
        super().__init__(parent, words, purposes())
