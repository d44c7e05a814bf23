"""Cards: paper with a hairline, a head row and a body."""

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from gridworker.gui.widgets.headers import Roomy
from gridworker.gui.widgets.layout import Margins, Part, fill, row
from gridworker.gui.widgets.text import Text


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


def card_head(title: str, aside: str = "", *more: Part) -> QWidget:
    """The head of a card: a bold title, a grey count, then what follows it (None is the free space)."""
    head = Roomy()
    layout = row(Text(title, bold=True), *((Text(aside, "small", "ink-3"),) if aside else ()), *more)
    head.setLayout(layout)
    head.setMinimumHeight(32)
    return head
