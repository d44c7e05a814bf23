"""How the columns of a ledger were read, each to be changed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout

from gridworker.gui.pages.roster.columnbox import ColumnBox
from gridworker.gui.pages.roster.columns import ReadColumn, columns_of
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card, card_head
from gridworker.gui.widgets.layout import clear
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.roster.rosters import Seen

_MOST = 60
"""So many columns can be changed; no ledger of people has as many."""


class ColumnCard(Card):
    """The card. ``picked`` carries a column's key and a field's word; ``reset`` asks for what the headers say."""

    picked = Signal(str, str)
    reset = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.several = False
        self.boxes: dict[str, ColumnBox] = {}

    def show_columns(self, preview: "Seen", *, open_: bool) -> None:
        """Show them, sheet by sheet; ``open_`` while they can be changed."""
        clear(self.body)
        self.boxes = {}
        self.body.addWidget(card_head(gettext("How the columns were read")))
        if preview.by_hand:
            self._say_by_hand(open_=open_)
        found = columns_of(preview)
        self.several = len(found) > 1
        for sheet, columns in found:
            if self.several:
                self.body.addSpacing(8)
                self.body.addWidget(Text(sheet, "small", "ink-3", bold=True, wrap=True))
            self.body.addSpacing(6)
            self.body.addLayout(self._grid(columns, open_=open_))

    def _say_by_hand(self, *, open_: bool) -> None:
        self.body.addSpacing(4)
        words = gettext("As chosen by hand; the next ledger with a header like it is read so too.")
        self.body.addWidget(Text(words, "caption", "ink-3", wrap=True))
        if open_:
            again = Button(gettext("Read as the headers say"), kind="link", size="inline")
            again.clicked.connect(self.reset)
            self.body.addWidget(again)

    def _grid(self, columns: list[ReadColumn], *, open_: bool) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        for number, column in enumerate(columns):
            box = self._box(column) if open_ else None
            grid.addWidget(Text(column.header, "small", "ink-3", wrap=True), 2 * number, 0, 1, 2 if box else 1)
            if box is None:
                grid.addWidget(Text(column.field, "small", "ink", wrap=True), 2 * number, 1)
            else:
                grid.addWidget(box, 2 * number + 1, 0, 1, 2)  # under its header: the words need the width
        return grid

    def _box(self, column: ReadColumn) -> ColumnBox | None:
        """What the column is read as; None for one that stands there already, and for too many."""
        if column.key in self.boxes or len(self.boxes) >= _MOST:
            return None
        box = self.boxes[column.key] = ColumnBox(column)
        box.picked.connect(self.picked)
        return box
