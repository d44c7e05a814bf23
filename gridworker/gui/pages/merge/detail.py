"""One bundle in detail: whose it is, what it brought, what of it waits, and the way to take it back."""

from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridworker.app.exchange.shown_words import clock_words, erased_words, forgotten_words, newer_words
from gridworker.app.words.days import near_moment
from gridworker.gui import background
from gridworker.gui.bundlewords import groups, records
from gridworker.gui.pages.merge.aside import AsideCard
from gridworker.gui.pages.merge.conflict import ConflictCard
from gridworker.gui.pages.merge.found import Waits, more_of
from gridworker.gui.pages.merge.pair import PairCard
from gridworker.gui.widgets.avatar import Avatar, AvatarSpec
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.chip import Chip, ChipSpec
from gridworker.gui.widgets.headers import Roomy
from gridworker.gui.widgets.layout import clear, column, flow, row
from gridworker.gui.widgets.state import StatePanel, Strip
from gridworker.gui.widgets.tabs import CountTabs, Tab
from gridworker.gui.widgets.text import ElidedWord, Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gridworker.app.inbox.conflict_views import Arrival
    from gridworker.app.inbox.duplicate_views import Pair
    from gridworker.app.workspace import Workspace


_NAME = 140
"""What the name of a laptop keeps of its width at 100 %, where it is longer."""
_NAMED = 6
"""So many bundles that never came are named; of a laptop that lies there may be hundreds."""


class BundleDetail(QWidget):
    """Header, counts, and below them what the chosen count is about.

    ``take_back_wanted`` and ``bring_back_wanted`` carry a batch.
    """

    take_back_wanted = Signal(int)
    bring_back_wanted = Signal(int)

    def __init__(self, ws: "Workspace") -> None:
        super().__init__()
        self._ws = ws
        self.conflict = ConflictCard(ws)
        self.tabs = CountTabs()
        self.tabs.chosen.connect(self._on_tab)
        self._head, self._strips = column(), column(gap=8)
        may = ws.session.knows("DECIDE CONFLICTS")
        self._other, self.aside, self.pair = (
            Card(margins=(0, 0, 0, 0)),
            AsideCard(may=may),
            PairCard(ws.merge.duplicates.reveal, may=may),
        )
        layout = column(self._head, 12, self._strips, 4, self.tabs, 12, self.conflict, self._other, self.aside)
        layout.addWidget(self.pair)
        for place in (6, 7, 8, 9):
            layout.setStretch(place, 1)
        self.setLayout(layout)
        self._arrival: Arrival | None = None
        self._aside = Waits()
        self._pairs: Sequence[Pair] = ()

    def show_arrival(self, arrival: "Arrival", aside: Waits, today: date, pairs: "Sequence[Pair]" = ()) -> None:
        """Show a bundle that was merged."""
        trip = arrival.trip
        self._arrival, self._pairs = arrival, pairs
        self._show_aside(aside)
        clear(self._head)
        clear(self._strips)
        name = gettext("Laptop {number}, {name}").format(number=trip.peer, name=arrival.worker)
        packed = near_moment(datetime.fromisoformat(trip.written), today)
        facts = [*arrival.grids, gettext("packed {moment}").format(moment=packed), _order(arrival)]
        words = gettext("Bring this bundle back") if arrival.taken_back else gettext("Take this bundle back")
        wanted = self.bring_back_wanted if arrival.taken_back else self.take_back_wanted
        back = Button(words, "arrow-counter-clockwise", kind="quiet")
        back.setEnabled(trip.batch is not None)
        back.clicked.connect(lambda: wanted.emit(trip.batch or 0))
        chip = Chip(ChipSpec(gettext("Signature matches"), "ok", "shield-check"))
        taken_back = ChipSpec(gettext("Taken back"), "neu", "arrow-counter-clockwise")
        chips = [chip, Chip(taken_back)] if arrival.taken_back else [chip]
        about = Text(gettext(" · ").join(facts), "small", "ink-2", wrap=True)
        named = flow(ElidedWord(name, "large", bold=True, most=_NAME), *chips, line_gap=4)
        told = column(None, named, about, None, gap=2)
        head = row(Avatar(AvatarSpec(str(trip.peer), "accent"), 48), gap=14)
        head.addLayout(told, 1)
        head.addWidget(back)
        whose = Roomy()
        whose.setLayout(head)
        whose.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # as wide as the page is
        self._head.addWidget(whose)
        for strip in _strips(arrival):
            self._strips.addWidget(strip)
        self.tabs.show()
        tabs = [
            Tab("new", gettext("New"), trip.new, "neu", "plus-circle"),
            Tab("changed", gettext("Changed"), trip.changed, "neu", "pencil-simple"),
            Tab("conflicts", gettext("Conflicts"), len(arrival.conflicts), "conf", "git-diff"),
        ]
        if pairs:
            tabs.append(Tab("pairs", gettext("Twice?"), len(pairs), "conf", "users"))
        if aside.count or not pairs:  # five have no room in a small window with large text
            tabs.append(Tab("aside", gettext("Set aside"), aside.count, "due", "tray"))
        self.tabs.set_tabs(tabs)
        start = "conflicts" if arrival.conflicts else "pairs" if pairs else "aside" if aside.count else "new"
        self.tabs.set_value(start)
        self._on_tab(start)

    def _show_aside(self, aside: Waits) -> None:
        """The first changes at once, more as soon as they are read; what is listed of the same bundles stays so long.

        While a word on them is being written, nobody is given another list to decide on.
        """
        self._aside, today = aside, self._ws.session.today()
        if not aside.may_be_more or aside.bundles != self.aside.bundles:
            self.aside.show_aside(aside, today)
        if aside.may_be_more:
            done = partial(self._on_more, aside, self.aside.waiting)
            background.look(partial(more_of, self._ws, aside), done=done, owner=self)

    def _on_more(self, asked: Waits, waited: bool, more: Waits) -> None:
        if self._aside is asked and self.aside.waiting == waited:
            self._aside = more
            self.aside.show_aside(more, self._ws.session.today())

    def show_loose(self, count: int) -> None:
        """Show conflicts that came with no bundle of the list."""
        self._show_gathered(gettext("Conflicts from before"), count, Waits())
        self._on_tab("conflicts")

    def show_earlier(self, aside: Waits) -> None:
        """Show changes set aside that came with no bundle of the list."""
        self._show_gathered(gettext("Set aside earlier"), aside.count, aside)
        self._on_tab("aside")

    def _show_gathered(self, title: str, count: int, aside: Waits) -> None:
        self._arrival, self._pairs = None, ()
        self._show_aside(aside)
        clear(self._head)
        clear(self._strips)
        self._head.addWidget(Text(title, "large", bold=True))
        self._head.addWidget(Text(records(count), "small", "ink-2"))
        self.tabs.hide()

    def _on_tab(self, value: object) -> None:
        settling = value == "conflicts" and (self._arrival is None or bool(self._arrival.conflicts))
        ruling = value == "aside" and bool(self._aside.count)
        pairing = value == "pairs" and bool(self._pairs)
        self.conflict.setVisible(settling)
        self.aside.setVisible(ruling)
        self.pair.setVisible(pairing)
        self._other.setVisible(not settling and not ruling and not pairing)
        clear(self._other.body)
        if settling or ruling or pairing or self._arrival is None:
            return
        trip, words = self._arrival.trip, gettext("Nothing disagrees in this bundle.")
        if value == "aside":
            words = gettext("Nothing was set aside.")
        elif value in {"new", "changed"}:
            counted = (f"{label} {count}" for count, label in groups(trip.counts) if count)
            words = gettext(", ").join(counted) or gettext("Only a receipt, or a part of photos.")
        self._other.body.addWidget(StatePanel("empty", words))


def _order(arrival: "Arrival") -> str:
    trip = arrival.trip
    if trip.n == 1:
        return gettext("its first bundle")
    if trip.missing and not trip.elsewhere:
        numbers = ", ".join([*map(str, trip.missing[:_NAMED]), *(["…"] if len(trip.missing) > _NAMED else [])])
        return gettext("bundle {number}; {missing} never came").format(number=trip.n, missing=numbers)
    words = gettext("bundle {number}") if trip.elsewhere else gettext("bundle {number}, none missing before it")
    return words.format(number=trip.n)


def _strips(arrival: "Arrival") -> list[Strip]:
    trip, found = arrival.trip, []
    if trip.elsewhere:
        words = gettext("Merged, but it is for another computer that is at work as the office.")
        found.append(Strip(words, tone="over"))
    elif trip.gap:
        words = gettext("Merged. Something before it is missing; the next bundle brings it by itself.")
        found.append(Strip(words, tone="due", icon="hourglass"))
    if trip.forked:
        words = gettext("This laptop was copied or set back to an old state. Nothing is lost; both sides are kept.")
        found.append(Strip(words, gettext("Ask its worker which computer is in use."), tone="due", icon="warning"))
    if trip.ahead:
        words = gettext("This laptop says it had more from the office than the office knows of, and shows no proof.")
        found.append(Strip(words, gettext("Ask its worker which computer is in use."), tone="due", icon="warning"))
    if words := clock_words(trip):
        found.append(Strip(words, tone="due", icon="clock"))
    told = erased_words(trip.erased), forgotten_words(trip.forgotten), newer_words(arrival.newer)
    found += [Strip(words, tone="neu", icon="info") for words in told if words]
    return found
