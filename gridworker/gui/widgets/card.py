"""Cards: paper with a hairline, a head row and a body."""

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QVBoxLayout, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.headers import Roomy
from gridworker.gui.widgets.layout import Margins, Part, fill, row
from gridworker.gui.widgets.text import Text

_HEAD, _FREE = 32, 8


class Card(QFrame):
    """A card. ``body`` is its layout; ``kind`` panel has smaller corners."""

    def __init__(
        self,
        *parts: Part,
        kind: Literal["card", "panel"] = "card",
        gap: int = 0,
        margins: Margins = (16, 12, 16, 16),
    ) -> None:
        super().__init__()
        self.setProperty("kind", kind)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.body = QVBoxLayout(self)
        fill(self.body, *parts, gap=gap, margins=margins)

    def set_picked(self, picked: bool) -> None:
        """Draw the strong outline of the one that counts."""
        self.setProperty("picked", picked)
        self.style().unpolish(self)
        self.style().polish(self)


class _Head(Roomy):
    """As high as a button in it; ``below`` is free under it, at 100%."""

    def __init__(self, line: QBoxLayout, below: int) -> None:
        super().__init__()
        self._below = below
        self.setLayout(line)
        themes.follow(self._restyle)

    def _restyle(self) -> None:
        below = themes.current().px(self._below)
        self.setContentsMargins(0, 0, 0, below)
        self.setMinimumHeight(themes.current().px(_HEAD) + below)


def card_head(title: str, aside: str = "", *more: Part, ruled: bool = False) -> QWidget:
    """The head of a card: a bold title, a grey count, then what follows it (None is the free space).

    ``ruled``: a hair comes under it, and neither words nor buttons stand on that.
    """
    words = (Text(title, bold=True), *((Text(aside, "small", "ink-3"),) if aside else ()))
    return _Head(row(*words, *more), _FREE if ruled else 0)
