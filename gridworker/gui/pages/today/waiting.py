"""First responses: issues nobody has acted on yet, each with its countdown."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent

from gridworker.app.due.today_view import WaitingIssues, WaitingView
from gridworker.app.words.days import limit, time_left
from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.chip import Chip, ChipSpec
from gridworker.gui.widgets.layout import clear, column, row
from gridworker.gui.widgets.paint import box, painting, ring
from gridworker.gui.widgets.pressarea import PressArea
from gridworker.gui.widgets.ring import CountdownRing, Ticking
from gridworker.gui.widgets.signs import track_icon
from gridworker.gui.widgets.text import ElidedText, Text
from gridworker.text import gettext, ngettext

SHOWN = 3
_AMBER = 0.3
"""The part of the limit left from which a clock is amber (domain/deadline.py: 70 % used)."""


class WaitingRow(Ticking, PressArea):
    """One issue. ``pressed`` opens it."""

    def __init__(self, view: WaitingView) -> None:
        super().__init__()
        self._view = view
        self._ring = CountdownRing(track_icon(view.track))
        self._left = Text("", bold=True)
        self._left.setAlignment(Qt.AlignmentFlag.AlignRight)
        target = Text(limit(view.whole), "caption", "ink-3")
        target.setAlignment(Qt.AlignmentFlag.AlignRight)
        layout = row(self._ring, gap=12, margins=(8, 8, 8, 8))
        layout.addLayout(column(ElidedText(view.title), ElidedText(view.about, "caption", "ink-3"), gap=1), 1)
        layout.addLayout(column(self._left, target, gap=1))
        self.setLayout(layout)
        self._ring.show_left(view.left, view.whole, round(view.whole * _AMBER))
        self._on_ticked()

    def _on_ticked(self) -> None:
        words = time_left(self._ring.left())
        if words != self._left.text():
            self._left.setText(words)
            self._left.set_ink({"over": "over", "due": "due"}.get(self._ring.tone(), "ink"))
            self.setAccessibleName(
                gettext(", ").join((self._view.title, self._view.about, words, limit(self._view.whole)))
            )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the hover and the ring of the focus."""
        del event
        with painting(self) as painter:
            if self.underMouse():
                box(painter, self.rect(), 8, themes.current().colour("hover"))
            if self.hasFocus():
                ring(painter, self.rect(), 8, themes.current().colour("focus"))


class WaitingCard(Card):
    """The card. ``issue_pressed`` carries an issue, ``all_pressed`` asks for the page of issues."""

    issue_pressed = Signal(object)
    all_pressed = Signal()

    def __init__(self) -> None:
        super().__init__(margins=(8, 10, 8, 8))
        self._late = Chip(ChipSpec(""))
        everything = Button(gettext("All issues"), kind="link", size="compact")
        everything.clicked.connect(self.all_pressed)
        head = row(Text(gettext("First response"), bold=True), self._late, None, everything, margins=(8, 0, 0, 0))
        self._rows = column()
        self._more = Text("", "caption", "ink-3")
        self._more.setContentsMargins(8, 4, 8, 4)
        self.body.addLayout(head)
        self.body.addLayout(self._rows)
        self.body.addWidget(self._more)

    def show_waiting(self, waiting: WaitingIssues) -> None:
        """Show the first few; hidden where nothing waits."""
        self.setVisible(waiting.count > 0)
        self._late.setVisible(waiting.late > 0)
        self._late.show_chip(ChipSpec(gettext("{count} late").format(count=waiting.late), "over"))
        clear(self._rows)
        for view in waiting.first[:SHOWN]:
            one = WaitingRow(view)
            one.pressed.connect(partial(self.issue_pressed.emit, view.issue))
            self._rows.addWidget(one)
        rest = waiting.count - SHOWN
        self._more.setVisible(rest > 0)
        self._more.setText(ngettext("{count} more issue", "{count} more issues", rest).format(count=rest))
