"""Beside the rows of a preview: all that is to be said of the row chosen, and how the file was read."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QBoxLayout, QGridLayout, QWidget

from gridworker.gui import theme as themes
from gridworker.gui.pages.roster.columns import columns_of
from gridworker.gui.pages.roster.rows import chip_of, tone_of
from gridworker.gui.widgets.avatar import Avatar, AvatarSpec, first_character
from gridworker.gui.widgets.card import Card, card_head
from gridworker.gui.widgets.chip import Chip
from gridworker.gui.widgets.layout import clear, column, holder, row, rule, scrolling
from gridworker.gui.widgets.text import ElidedText, Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.roster_plan import FieldChange, RowPlan
    from gridworker.app.roster_preview import Preview

_WIDTH, _NARROW, _SHARE = 355, 260, 0.31


class Aside(QWidget):
    """The right side of the preview; it scrolls."""

    def __init__(self) -> None:
        super().__init__()
        self._row = Card(margins=(16, 14, 16, 16))
        self._notices = Card()
        self._columns = Card()
        parts = column(self._row, self._notices, self._columns, None, gap=16)
        self._several = False
        self.setLayout(column(scrolling(holder(parts))))

    def fit(self, whole: int) -> None:
        """Take a share of so many pixels: the list beside it needs the most."""
        theme = themes.current()
        self.setFixedWidth(max(theme.px(_NARROW), min(theme.px(_WIDTH), int(whole * _SHARE))))

    def show_file(self, preview: "Preview") -> None:
        """Say what was left out of the file, and which column was read as what."""
        clear(self._notices.body)
        self._notices.setVisible(bool(preview.notices))
        self._notices.body.addWidget(card_head(gettext("Left out"), str(len(preview.notices)), None))
        for notice in preview.notices:
            self._notices.body.addSpacing(6)
            self._notices.body.addWidget(Text(notice, "small", "ink-2", wrap=True))
        clear(self._columns.body)
        self._columns.body.addWidget(card_head(gettext("How the columns were read")))
        found = columns_of(preview)
        self._several = len(found) > 1
        for sheet, pairs in found:
            if self._several:
                self._columns.body.addSpacing(8)
                self._columns.body.addWidget(Text(sheet, "small", "ink-3", bold=True, wrap=True))
            self._columns.body.addSpacing(6)
            self._columns.body.addLayout(_pairs(pairs))

    def show_row(self, chosen: "RowPlan | None") -> None:
        """Say everything about a row."""
        body = self._row.body
        clear(body)
        self._row.setVisible(chosen is not None)
        if chosen is None:
            return
        state = chosen.state.value
        picture = Avatar(AvatarSpec(first_character(chosen.name) or "?", tone_of(state)), 44)
        title = Text(chosen.name or gettext("No name"), "large", bold=True, wrap=True)
        words = column(title, ElidedText(_place(chosen, named=self._several), "small", "ink-3"), gap=2)
        head = row(picture, gap=12)
        head.addLayout(words, 1)
        body.addLayout(head)
        body.addSpacing(12)
        body.addLayout(row(Chip(chip_of(state)), None))
        for change in chosen.changes:
            _add_change(body, change)
        for reason in chosen.reasons:
            body.addSpacing(10)
            body.addWidget(Text(reason, "small", "due" if state == "rejected" else "ink", wrap=True))
        if state == "rejected":
            body.addSpacing(12)
            body.addWidget(rule())
            body.addSpacing(10)
            advice = gettext("Mend the row in the ledger and import it again; what is in already stays the same.")
            body.addWidget(Text(advice, "caption", "ink-3", wrap=True))


def _place(chosen: "RowPlan", *, named: bool) -> str:
    place = gettext("Row {row}").format(row=chosen.row)
    if chosen.sheet and named:
        place = gettext("{sheet}, row {row}").format(sheet=chosen.sheet, row=chosen.row)
    return gettext("{door} · {place}").format(door=chosen.door, place=place) if chosen.door else place


def _add_change(body: QBoxLayout, change: "FieldChange") -> None:
    body.addSpacing(12)
    body.addWidget(Text(change.label, "caption", "ink-3"))
    before = Text(change.before or gettext("(empty)"), "small", "ink-3", wrap=True)
    font = before.font()
    font.setStrikeOut(bool(change.before))
    before.setFont(font)
    after = Text(change.after, "body", "ink", bold=True, wrap=True)
    both = row(Text("→", "small", "ink-3"), gap=8)
    both.insertWidget(0, before, 1)
    both.addWidget(after, 1)
    body.addLayout(both)


def _pairs(pairs: list[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    for number, (header, field) in enumerate(pairs):
        grid.addWidget(Text(header, "small", "ink-3", wrap=True), number, 0)
        grid.addWidget(Text(field, "small", "ink", wrap=True), number, 1)
    return grid
