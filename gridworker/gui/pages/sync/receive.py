"""Receiving: bundles found on a stick or dropped, what is in them, and that the office's signature is right."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from gridworker.app.exchange.shown_words import clock_words, newer_words
from gridworker.app.words.days import near_moment
from gridworker.gui.bundlewords import records, size
from gridworker.gui.widgets.avatar import Avatar, AvatarSpec
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.chip import Chip, ChipSpec
from gridworker.gui.widgets.dropzone import DropZone
from gridworker.gui.widgets.layout import clear, column, holder, row
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.exchange.exchange import Merged, Waiting

_SHOWN, _NAMED = 2, 3
"""Bundles shown in full, files named of those that were left alone; of more there is a line."""


class ReceivePanel(Card):
    """The panel. ``receive_wanted`` asks to take in what is shown; ``files_dropped`` carries paths."""

    receive_wanted = Signal()
    files_dropped = Signal(list)
    files_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(margins=(24, 20, 24, 22))
        self.about = Text("", "small", "ink-2", wrap=True)
        self.new = Chip(ChipSpec(gettext("Just found"), "accent"))
        self._found = column(gap=8)
        self.result = column(gap=8)
        self.zone = DropZone(gettext("Drop a bundle from elsewhere here"), icon="download-simple", extensions=(".gwb",))
        self.zone.files_dropped.connect(self.files_dropped)
        self.zone.pressed.connect(self.files_wanted)
        self.button = Button(gettext("Receive"), "check-bold", key="Ctrl R", kind="primary", size="hero")
        self.button.clicked.connect(self.press)
        title = Text(gettext("Receive from the office"), "large", bold=True)
        head = row(
            Avatar(AvatarSpec(icon="download-simple", tone="accent"), 44),
            column(None, title, self.about, None, gap=2), None, self.new, gap=12,
        )  # fmt: skip
        self.body.addLayout(column(head, 14, self._found, self.result, 10, self.zone, None, 12, self.button))
        self.paths: list[Path] = []
        self.show_found([], [], None)

    def show_found(self, paths: Sequence[Path], waiting: "Sequence[Waiting]", today: date | None) -> None:
        """Say what was found."""
        self.paths = list(paths)
        count = len(waiting)
        clear(self._found)
        self.new.setVisible(count > 0)
        self.button.setEnabled(count > 0)
        if not count:
            self.about.setText(gettext("Plug a USB stick in and it is found by itself."))
            return
        where = paths[0].parent.name or str(paths[0].parent)
        words = ngettext("{count} new bundle found in {place}", "{count} new bundles found in {place}", count)
        self.about.setText(words.format(count=count, place=where))
        for one in waiting[:_SHOWN]:
            self._found.addWidget(_box(one, today))
        if count > _SHOWN:
            self._found.addWidget(Text(gettext("and {count} more").format(count=count - _SHOWN), "small", "ink-3"))

    def show_results(self, results: "Sequence[Merged]") -> None:
        """Say what came of them. Of files that nobody here waits for there is one line, however many they are."""
        clear(self.result)
        left = [result for result in results if result.left]
        for result in results:
            if result.left and len(left) > 1:
                continue
            self.result.addWidget(_strip(result))
            if result.trip and result.trip.off:
                self.result.addWidget(Strip(clock_words(result.trip), tone="due", icon="clock"))
            if result.newer:
                self.result.addWidget(Strip(newer_words(result.newer), tone="neu", icon="info"))
        if len(left) > 1:
            self.result.addWidget(_left_strip(left))

    def press(self) -> None:
        """Ask to receive."""
        if self.button.isEnabled():
            self.receive_wanted.emit()
        else:
            self.files_wanted.emit()


def _box(one: "Waiting", today: date | None) -> Card:
    shown = one.shown
    if shown is None or today is None:
        return Card(Text(str(one.problem or one.file), "small", wrap=True), margins=(14, 12, 14, 12))
    written = near_moment(datetime.fromisoformat(shown.written), today)
    right = Text(gettext("{moment} · {size}").format(moment=written, size=size(one.size)), "small", "ink-3")
    changed = shown.counts.get("changed", 0)
    new = sum(shown.counts.values()) - changed
    facts = row(
        Text(gettext("Receipt"), "small", "ink-2"),
        Text(gettext("{count} new").format(count=new), "small", "ink-2"),
        Text(gettext("{count} updated").format(count=changed), "small", "ink-2"),
        None, gap=24,
    )  # fmt: skip
    signed = Text(gettext("Signature matches: it is from the office"), "small", "ok", wrap=True)
    head = row(Text(gettext("Reply from the office"), bold=True), None, right)
    return Card(holder(column(head, 8, facts, 8, signed)), margins=(14, 12, 14, 12))


def _strip(result: "Merged") -> Strip:
    if result.left:
        return Strip(result.left, result.file, tone="neu", icon="info")
    if result.problem is not None:
        return Strip(str(result.problem), tone="due", icon="warning")
    if result.again:
        return Strip(gettext("This bundle was taken in before; nothing changed."), tone="neu", icon="info")
    trip = result.trip
    if trip is not None and trip.gap:
        text = gettext("Taken in. Something before it is missing; the next bundle brings it.")
        return Strip(text, tone="due", icon="hourglass")
    text = gettext("Taken in: {new} new, {changed} updated.")
    counts = (trip.new, trip.changed) if trip else (0, 0)
    return Strip(text.format(new=counts[0], changed=counts[1]), records(sum(counts)), tone="ok", icon="check-circle")


def _left_strip(left: "Sequence[Merged]") -> Strip:
    words = ngettext(
        "{count} file stays where it is: nobody here waits for it.",
        "{count} files stay where they are: nobody here waits for them.",
        len(left),
    )
    names = [result.file for result in left[:_NAMED]]
    if len(left) > _NAMED:
        names.append(gettext("and {count} more").format(count=len(left) - _NAMED))
    return Strip(words.format(count=len(left)), gettext(", ").join(names), tone="neu", icon="info")
