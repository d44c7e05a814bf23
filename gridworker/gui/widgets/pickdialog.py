"""A small dialog that asks for one of a few reasons: a list and no free text, so that nobody's name gets on record."""

from collections.abc import Sequence
from dataclasses import dataclass

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

_WIDTH, _HEIGHT = 520, 260


@dataclass(frozen=True, slots=True)
class PickText:
    """What it says: its title, a line on what becomes of the answer, the question, the verb of its button."""

    title: str
    told: str
    question: str
    verb: str


class PickDialog(QDialog):
    """``offered`` are codes and their words. ``chosen`` carries the code."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget, words: PickText, offered: Sequence[tuple[str, str]]) -> None:
        super().__init__(parent)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Gridworker")
        self.setAccessibleName(words.title)
        options = [Option(code, label, str(n)) for n, (code, label) in enumerate(offered, start=1)]
        self.purpose = OptionChips(options, name=words.question)
        self.purpose.chosen.connect(self._on_picked)
        self.go_on = Button(words.verb, key="Ctrl Enter", kind="primary")
        self.go_on.clicked.connect(self._on_go_on)
        cancel = Button(gettext("Cancel"), key="Esc")
        cancel.clicked.connect(self.reject)
        self.setLayout(
            column(
                Text(words.title, "title", wrap=True), 4, Text(words.told, "small", "ink-3", wrap=True), 16,
                Text(words.question, "small", "ink-2"), 6, self.purpose, 16, None,
                row(None, cancel, self.go_on), margins=(24, 20, 24, 16),
            )
        )  # fmt: skip
        bind(self, "Ctrl+Return", self._on_go_on, words.verb)
        self._on_picked([])
        self.purpose.focus_first()
        themes.follow(self._restyle)
        veil_under(self)

    def _restyle(self) -> None:
        theme, layout = themes.current(), self.layout()
        width = theme.px(_WIDTH)
        least = layout.totalHeightForWidth(width) if layout is not None else 0
        self.setFixedSize(width, max(theme.px(_HEIGHT), least))

    def _on_picked(self, picked: list[str]) -> None:
        self.go_on.setEnabled(bool(picked))

    def _on_go_on(self) -> None:
        if self.purpose.values():
            self.chosen.emit(self.purpose.values()[0])
            self.accept()
