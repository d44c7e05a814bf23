"""Changing the grids of a laptop."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import column, row
from gridworker.gui.widgets.options import Option, OptionChips
from gridworker.gui.widgets.text import Text
from gridworker.gui.widgets.veil import veil_under
from gridworker.text import gettext

_WIDTH, _HEIGHT = 520, 340


class ScopeDialog(QDialog):
    """All grids, those of the laptop chosen. ``wanted`` carries the ids of those it is to have."""

    wanted = Signal(list)

    def __init__(self, parent: QWidget, title: str, grids: Sequence[tuple[int, str]], own: Collection[int]) -> None:
        super().__init__(parent)
        self.setModal(True)
        veil_under(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Gridworker")
        self.setAccessibleName(gettext("Change grids"))
        self.grids = OptionChips([Option(str(id_), name) for id_, name in grids], several=True, name=gettext("Grids"))
        self.grids.set_values([str(id_) for id_, _ in grids if id_ in own])
        self.fault_words = Text("", "small", "due", wrap=True)
        self.fault_words.hide()
        self.save = Button(gettext("Save"), key="Ctrl Enter", kind="primary")
        self.save.clicked.connect(self.submit)
        cancel = Button(gettext("Cancel"), key="Esc")
        cancel.clicked.connect(self.reject)
        told = gettext(
            "It hears of this with the next reply. What leaves it stays readable there until all of its work is in."
        )
        self.setLayout(
            column(
                Text(title, "title"), 16, Text(gettext("Grids"), "small", "ink-2"), 4, self.grids, 14,
                Text(told, "small", "ink-2", wrap=True), 8, self.fault_words, None, row(None, cancel, self.save),
                margins=(24, 18, 24, 16),
            )
        )  # fmt: skip
        bind(self, "Ctrl+Return", self.submit, gettext("Save"))
        themes.follow(self._restyle)

    def _restyle(self) -> None:
        theme = themes.current()
        self.resize(theme.px(_WIDTH), theme.px(_HEIGHT))

    def submit(self) -> None:
        """Hand the choice on, unless nothing is chosen."""
        chosen = [int(value) for value in self.grids.values()]
        if chosen:
            self.wanted.emit(chosen)
        else:
            self.show_fault(gettext("Choose at least one grid for the laptop."))

    def show_fault(self, words: str) -> None:
        """Say what is missing or went wrong."""
        self.fault_words.setText(words)
        self.fault_words.show()
