"""What went and came: each bundle until its receipt; and the key of the one it goes to."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from gridworker.app.words.days import near_moment
from gridworker.gui.bundlewords import groups, records
from gridworker.gui.look.theme import Tone
from gridworker.gui.widgets.button import Button, IconButton
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.chip import Chip, ChipSpec
from gridworker.gui.widgets.icon import Icon
from gridworker.gui.widgets.keypicture import KeyPicture
from gridworker.gui.widgets.layout import add, clear, column, flow, holder, row, rule, scrolling
from gridworker.gui.widgets.text import ElidedText, Text
from gridworker.gui.widgets.turning import Turning
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.exchange.exchange import KeyCard, Trip

SHOWN = 30
_OPEN = frozenset({"sent", "refused"})


class HistoryCard(Card):
    """The card. ``again_wanted`` asks to hand over once more what has no receipt."""

    again_wanted = Signal()

    def __init__(self, *, may_hand: bool = True) -> None:
        """``may_hand``: whether who sits here hands over."""
        super().__init__(margins=(0, 0, 0, 0))
        self._may_hand = may_hand
        self._count = Text("", "small", "ink-3")
        self._rows = column(gap=0)
        inside = holder(column(self._rows, None))
        self._area = scrolling(inside)
        foot = Text(
            gettext("Handing over twice does no harm: the office notices and counts nothing twice."),
            "small", "ink-2", wrap=True,
        )  # fmt: skip
        head = row(Text(gettext("What went and came"), bold=True), None, self._count, margins=(16, 13, 16, 13))
        self.body.addLayout(head)
        self.body.addWidget(rule())
        self.body.addWidget(self._area, 1)
        self.body.addWidget(rule())
        self.body.addLayout(row(Icon("info", 16, "ink-3"), foot, gap=10, margins=(16, 12, 16, 12)))
        self.body.setStretch(2, 1)

    def show_trips(self, trips: "Sequence[Trip]", today: date) -> None:
        """Show them, newest first."""
        self._count.setText(ngettext("{count} in all", "{count} in all", len(trips)).format(count=len(trips)))
        clear(self._rows)
        if not trips:
            text = Text(gettext("Nothing went or came yet."), "small", "ink-3")
            self._rows.addLayout(row(text, None, margins=(16, 16, 16, 16)))
        open_one = self._may_hand
        for number, trip in enumerate(trips[:SHOWN]):
            again = trip.outgoing and trip.state in _OPEN and open_one
            open_one = open_one and not (trip.outgoing and trip.state in _OPEN)
            self._rows.addWidget(self._row(trip, today, again=again, chips=number == 0))
            self._rows.addWidget(rule())

    def _row(self, trip: "Trip", today: date, *, again: bool, chips: bool) -> QWidget:
        name = "upload-simple" if trip.outgoing else "download-simple"
        what = gettext("Handed over {records}") if trip.outgoing else gettext("Received {records}")
        words = Text(what.format(records=records(trip.records)), "body", "ink-2")
        when = Text(near_moment(trip.at, today))
        when.setMinimumWidth(112)
        state, ink, mark = _state(trip)
        told = row(None, Icon(mark, 16, ink), gap=14)
        told.addWidget(Text(state, "body", ink.removesuffix("-ink") if ink != "ink-2" else "ink-2"))
        if again:
            button = Button(gettext("Hand over again"), size="compact")
            button.clicked.connect(self.again_wanted)
            told.addWidget(button)
        # In a narrow card what became of it stands under what went, so that neither breaks into single words.
        line = row(
            holder(row(Icon(name, 18, "ink-2"), when, words, None, gap=14)),
            holder(told),
            gap=14,
            margins=(16, 0, 16, 0),
        )
        first = holder(line)
        Turning(self._area, line).setParent(first)  # it goes with the row
        parts = [first]
        if chips and trip.records:
            look: tuple[Tone, str] = ("ok", "check") if trip.state in {"confirmed", "merged"} else ("neu", "")
            shown = [Chip(ChipSpec(f"{label} {count}", *look)) for count, label in groups(trip.counts) if count]
            parts.append(holder(row(32, flow(*shown), margins=(16, 0, 16, 0))))
        return holder(column(*parts, gap=10, margins=(0, 12, 0, 12)))


def _state(trip: "Trip") -> tuple[str, str, str]:
    """Its state in words, its colour, its icon."""
    if not trip.outgoing:
        if trip.gap:
            return gettext("Taken in, something before it is missing"), "due-ink", "hourglass"
        return gettext("Taken in"), "ink-2", "check"
    if trip.state == "refused":
        return gettext("The office could not read it; the next one brings it"), "due-ink", "warning"
    if trip.state == "confirmed":
        return gettext("The office has it"), "ok-ink", "checks"
    return gettext("No receipt yet"), "due-ink", "hourglass"


class KeyCardPanel(Card):
    """Whom it goes to: picture, words, fingerprint of the office's key."""

    def __init__(self, key: "KeyCard", own: str) -> None:
        super().__init__(margins=(18, 16, 18, 16))
        copy = IconButton("copy", gettext("Copy the fingerprint"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(key.fingerprint))
        name = key.name or gettext("Office")
        picture = KeyPicture(key.digest, gettext("Picture of the office's key"))
        words = [_word(word) for word in key.words]
        told = gettext("Key words: read them out on the telephone to compare.")
        print_ = gettext("Fingerprint {fingerprint}").format(fingerprint=key.fingerprint)
        sealed = gettext(
            "Bundles are sealed: only the office's computer opens them. Whoever finds the stick sees nothing."
        )
        whose = column(None, ElidedText(name, bold=True), Text(own, "small", "ink-2", wrap=True), None, gap=3)
        whole = column(Text(gettext("Whom it goes to"), bold=True), 14, row(picture, whose, gap=14), 14)
        add(whole, Text(told, "caption", "ink-2", wrap=True), 6, row(*words[:3], gap=6), 6, row(*words[3:], gap=6), 10)
        finger = Text(print_, "small", "ink-2", wrap=True)
        line = row(finger, copy)
        line.setStretch(0, 1)
        add(whole, line, None, rule(), 12)
        foot = row(Icon("shield-check", 18, "ok-ink"), gap=10)
        foot.addWidget(Text(sealed, "small", "ink-2", wrap=True), 1)
        add(whole, foot)
        self.body.addWidget(scrolling(holder(whole)))


def _word(word: str) -> QWidget:
    text = Text(word)
    text.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return holder(column(text, margins=(4, 5, 4, 5)), "word")
