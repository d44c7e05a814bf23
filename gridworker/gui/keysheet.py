"""F1: all keys that work here, in words."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.shortcuts import Key
from gridworker.gui.widgets.keycap import KeyCap
from gridworker.gui.widgets.layout import column, holder, row, scrolling
from gridworker.gui.widgets.text import Text
from gridworker.gui.widgets.veil import veil_under
from gridworker.text import gettext

_WIDE, _NARROW, _HIGH = 760, 420, 520
_AROUND = 40
"""Pixels of the window that stay to be seen around it."""


class KeySheet(QDialog):
    """Two columns: this page, and everywhere. Esc closes it."""

    def __init__(self, here: Sequence[Key], everywhere: Sequence[Key], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(gettext("Keys"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        parts = row(gap=40)
        if here:
            parts.addLayout(self._part(gettext("On this page"), here))
        parts.addLayout(self._part(gettext("Everywhere"), everywhere))
        area = scrolling(holder(parts))
        area.setAccessibleName(gettext("Keys"))
        self.setLayout(column(area, margins=(28, 24, 20, 24)))
        veil_under(self)
        theme, room = themes.current(), parent.window().size() - QSize(_AROUND, _AROUND)
        self.resize(QSize(theme.px(_WIDE if here else _NARROW), theme.px(_HIGH)).boundedTo(room))

    @staticmethod
    def _part(title: str, keys: Sequence[Key]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.addWidget(Text(title, bold=True), 0, 0, 1, 2)
        for number, key in enumerate(keys, start=1):
            grid.addLayout(row(KeyCap(key.keys.replace("+", " ") if len(key.keys) > 2 else key.keys), None), number, 0)
            grid.addWidget(Text(key.label, wrap=True), number, 1)
        grid.setRowStretch(len(keys) + 1, 1)
        grid.setColumnStretch(1, 1)
        return grid
