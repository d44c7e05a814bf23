"""What an import would do: counts that filter, the rows, what is to be said of each, and the one button."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.pages.roster.aside import Aside
from gridworker.gui.pages.roster.rows import EVERY, Rows
from gridworker.gui.pages.roster.words import heads, import_label
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.layout import clear, column, row, rule
from gridworker.gui.widgets.recordtable import RecordTable
from gridworker.gui.widgets.state import StatePanel
from gridworker.gui.widgets.tabs import CountTabs
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.ledger.preview_rows import RowPlan
    from gridworker.app.roster.rosters import Seen

_BESIDE, _GAP, _LEFT, _RIGHT = 20, 16, 16, 14
"""Pixels between the list and what stands beside it, and in the bar with the button: between its parts, at its ends."""


class PreviewPanel(QWidget):
    """The preview. ``import_pressed`` comes from the button; the page saves."""

    import_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows = Rows(())
        self.filters = CountTabs()
        self.filters.chosen.connect(self._on_filtered)
        self.aside = Aside()
        self.table = RecordTable(self._rows.columns())
        self._place = column(self.table)  # what stands nowhere would outlive the page
        self._list = QStackedWidget()
        nothing = StatePanel("empty", gettext("No row is of this sort."), "", gettext("Show all"), icon="tray")
        nothing.pressed.connect(self._on_all_wanted)
        self._holder = QWidget()
        self._holder.setLayout(self._place)
        self._list.addWidget(self._holder)
        self._list.addWidget(nothing)
        self._promise = Text("", "small", "ink-3", wrap=True)
        self._promises = ("", "")
        """What is said beside the button, and the little of it that fits there in any window."""
        self.button = Button("", "download-simple", key="Ctrl Enter", kind="primary", size="footer")
        self.button.clicked.connect(self.import_pressed)
        foot = row(gap=_GAP, margins=(_LEFT, 10, _RIGHT, 10))
        foot.addWidget(self._promise, 1)
        foot.addWidget(self.button)
        card = Card(margins=(0, 4, 0, 0))
        card.body.addWidget(self._list, 1)
        card.body.addWidget(rule())
        card.body.addLayout(foot)
        below = row(gap=_BESIDE)
        below.addWidget(card, 1)
        below.addWidget(self.aside)
        layout = column(self.filters, 16)
        layout.addLayout(below, 1)
        self.setLayout(layout)
        themes.follow(self._fit)

    def _fit(self) -> None:
        self.aside.fit(self.width())
        self._say_what_fits()

    def _promise_it(self, words: str, short: str = "") -> None:
        self._promises = words, short or words
        self._say_what_fits()

    def _say_what_fits(self) -> None:
        """Say less rather than in two lines: the bar keeps its height, and the button its place."""
        words, short = self._promises
        button = self.button.sizeHint().width() + _GAP if self.button.isVisibleTo(self) else 0
        room = self.width() - _BESIDE - self.aside.width() - button - _LEFT - _RIGHT
        whole = themes.current().metrics("small").horizontalAdvance(words) <= room
        self._promise.setText(words if whole else short)
        self._promise.setToolTip("" if whole else words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What stands beside the list gets its share."""
        super().resizeEvent(event)
        self._fit()

    def show_preview(self, preview: "Seen", *, sharing: bool) -> None:
        """Show a ledger compared with the store; in share mode surnames only."""
        self._rows = Rows(preview.shared_rows() if sharing else preview.rows, heads(preview))
        self.filters.set_tabs(self._rows.tabs())
        clear(self._place)
        self.table = RecordTable(self._rows.columns(), gettext("Rows of the ledger"))
        self.table.row_chosen.connect(self._on_row)
        self.table.row_activated.connect(self.aside.correction_wanted)
        self._place.addWidget(self.table)
        self.aside.show_file(preview, open_=not sharing)
        self._on_filtered(self.filters.value())
        self.button.set_label(import_label(preview))
        self.button.setVisible(True)
        self.button.setEnabled(preview.writes)
        if not preview.rows:
            self._promise_it(gettext("Say which column holds the names, and what at least one other one holds."))
        elif preview.writes:
            told = gettext("Nothing is saved yet. An import can be taken back as a whole.")
            self._promise_it(told, gettext("Nothing is saved yet."))
        else:
            self._promise_it(gettext("Nothing in this ledger is new; there is nothing to import."))

    def show_again(self, preview: "Seen", row: "RowPlan | None") -> None:
        """Show it judged anew, at the row that was corrected, with the filter as it was."""
        self.show_preview(preview, sharing=False)
        key = self._rows.key_of(row.sheet, row.row) if row else None
        if key is not None and not self.table.reach(key):
            self._on_row(key)

    def show_saved(self, preview: "Seen") -> None:
        """The import is done: the rows stay to be worked through."""
        self.aside.show_file(preview, open_=False)
        self._on_row(self.table.current_key())
        self.button.hide()
        self._promise_it(gettext("Saved. Rows not taken in can be mended in the ledger and imported again."))

    def choose_filter(self, number: int) -> None:
        """Pick the filter at a place."""
        self.filters.set_value(self._rows.tabs()[number].value)
        self._on_filtered(self.filters.value())

    def focus_first(self) -> None:
        """The rows."""
        self.table.setFocus()

    def regions(self) -> list[QWidget]:
        """Filters, rows, what stands beside them."""
        return [self.filters, self.table, self.button]

    def _on_all_wanted(self) -> None:
        self.filters.set_value(EVERY)
        self._on_filtered(EVERY)

    def _on_filtered(self, value: object) -> None:
        found = self._rows.filter(str(value or EVERY))
        self._list.setCurrentIndex(0 if found else 1)
        self.table.show_rows(self._rows.fetch)
        self._on_row(self.table.current_key())

    def _on_row(self, key: object) -> None:
        self.aside.show_row(self._rows.row(key))
