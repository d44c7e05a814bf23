"""A long code to read out: its groups numbered, seven in a row, so that a slip is found by its number."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from gridworker.gui.clipboard import copy_private
from gridworker.gui.widgets.button import IconButton
from gridworker.gui.widgets.layout import column, holder, row
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

_ACROSS = 7


class CodeGrid(QWidget):
    """The groups of a code, and a button that copies it."""

    def __init__(self, code: str, name: str) -> None:
        super().__init__()
        self._code = code
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(8)
        for at, group in enumerate(code.split("-")):
            sign = Text(group, "body", bold=True)
            sign.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addLayout(column(Text(str(at + 1), "caption", "ink-3"), sign), at // _ACROSS, at % _ACROSS)
        copy = IconButton("copy", gettext("Copy the code"))
        copy.clicked.connect(self._on_copy)
        held = holder(grid)
        held.setAccessibleName(f"{name}: {code}")
        self.setLayout(row(held, None, copy))

    def code(self) -> str:
        """The code shown."""
        return self._code

    def _on_copy(self) -> None:
        copy_private(self._code)
