"""Beside the rows of a preview: all that is to be said of the row chosen, and how the file was read."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QTimer, Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.pages.roster.columncard import ColumnCard
from gridworker.gui.pages.roster.correction import Correction
from gridworker.gui.pages.roster.rows import chip_of, tone_of
from gridworker.gui.pages.roster.words import of_people
from gridworker.gui.widgets.avatar import Avatar, AvatarSpec, first_character
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card, card_head
from gridworker.gui.widgets.chip import Chip
from gridworker.gui.widgets.layout import clear, column, holder, row, rule, scrolling
from gridworker.gui.widgets.text import ElidedText, Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.ledger.preview_rows import FieldChange, RowPlan
    from gridworker.app.roster.rosters import Seen

_WIDTH, _NARROW, _SHARE = 355, 260, 0.31
_MARGIN = 48
"""Pixels left free around what one types in: its label stands above it."""


class Aside(QWidget):
    """The right side of the preview; it scrolls. What is wanted is wanted of the row shown."""

    correction_wanted = Signal()
    turn_wanted = Signal()
    """Say that it is somebody else than the one it is taken for, or that it is them after all."""

    def __init__(self) -> None:
        super().__init__()
        self._row = Card(margins=(16, 14, 16, 16))
        self._notices = Card()
        self.columns = ColumnCard()
        parts = column(self._row, self._notices, self.columns, None, gap=16)
        self.correct = Button("")
        self.correct.setParent(self)  # it stands nowhere until there is a row to correct
        self.correct.hide()
        self._chosen: RowPlan | None = None
        self._open = False
        self._area = scrolling(holder(parts))
        self.setLayout(column(self._area))

    def fit(self, whole: int) -> None:
        """Take a share of so many pixels: the list beside it needs the most."""
        theme = themes.current()
        self.setFixedWidth(max(theme.px(_NARROW), min(theme.px(_WIDTH), int(whole * _SHARE))))

    def show_file(self, preview: "Seen", *, open_: bool) -> None:
        """Say what is to be known of the file, and which column was read as what.

        ``open_`` while rows and columns can be corrected: not once it is saved, nor while others look on.
        """
        self._open = open_
        clear(self._notices.body)
        self._notices.setVisible(bool(preview.notices))
        self._notices.body.addWidget(card_head(gettext("About this ledger"), str(len(preview.notices)), None))
        for notice in preview.notices:
            self._notices.body.addSpacing(6)
            self._notices.body.addWidget(Text(notice, "small", "ink-2", wrap=True))
        self.columns.show_columns(preview, open_=open_ and of_people(preview) is not None)

    def chosen(self) -> "RowPlan | None":
        """The row shown, where it can be corrected."""
        return self._chosen if self._open else None

    def show_correction(self, fields: Correction, wrong: int | None) -> None:
        """Put the fields of the row shown under what is said of it; that of the wrong column is at hand."""
        fields.dropped.connect(self._on_dropped)
        self.correct.hide()
        self._row.body.addWidget(fields)
        if (field := fields.focus(wrong)) is not None:
            QTimer.singleShot(0, field, partial(self._bring_into_sight, field))  # once it has its place

    def _bring_into_sight(self, field: QWidget) -> None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        self._area.ensureWidgetVisible(field, 0, _MARGIN)

    def _on_dropped(self) -> None:
        self.show_row(self._chosen)
        self.correct.setFocus()

    def show_row(self, chosen: "RowPlan | None") -> None:
        """Say everything about a row."""
        if chosen is not None and (self._chosen is None or self._chosen.row != chosen.row):
            self._area.verticalScrollBar().setValue(0)  # of another row one reads from the top
        self._chosen = chosen
        body = self._row.body
        clear(body)
        self._row.setVisible(chosen is not None)
        if chosen is None:
            return
        state = chosen.state.value
        picture = Avatar(AvatarSpec(first_character(chosen.name) or "?", tone_of(state)), 44)
        title = Text(chosen.name or gettext("No name"), "large", bold=True, wrap=True)
        words = column(title, ElidedText(_place(chosen, named=self.columns.several), "small", "ink-3"), gap=2)
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
        if state == "rejected" and not self._open:
            body.addSpacing(12)
            body.addWidget(rule())
            body.addSpacing(10)
            advice = gettext("Mend the row in the ledger and import it again; what is in already stays the same.")
            body.addWidget(Text(advice, "caption", "ink-3", wrap=True))
        if self._open:
            body.addSpacing(14)
            self.correct = Button(gettext("Correct this row"), "pencil-simple", key="F2")
            self.correct.clicked.connect(self.correction_wanted)
            body.addLayout(row(self.correct, None))
            self._offer_turn(chosen)

    def _offer_turn(self, chosen: "RowPlan") -> None:
        if chosen.presumed is None:
            return
        label = gettext("Not the same person") if chosen.presumed else gettext("The same person after all")
        turn = Button(label, "users", key="F4")
        turn.clicked.connect(self.turn_wanted)
        self._row.body.addSpacing(8)
        self._row.body.addLayout(row(turn, None))


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
