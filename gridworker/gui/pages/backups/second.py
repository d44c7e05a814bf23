"""The card of the second place: where it is, what lies there, choosing another."""

from dataclasses import dataclass

from PySide6.QtCore import Signal

from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card, card_head
from gridworker.gui.widgets.layout import clear, column, row
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext, sentences


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What the card says. An empty ``place`` is none; ``reminder`` is what a person should do about it."""

    place: str = ""
    newest: str = ""
    here: bool = False
    same_disk: bool = False
    reminder: str = ""


class SecondPlaceCard(Card):
    """A stick or another disk on which backups lie too."""

    choose_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.body.addWidget(card_head(gettext("Second place")))
        self._parts = column(gap=10)
        self.body.addLayout(self._parts)
        self.choose = Button(gettext("Choose a place"), "folder", key="P")
        self.choose.clicked.connect(self.choose_wanted)
        self.stop = Button(gettext("No second place"), kind="quiet")
        self.stop.clicked.connect(self.stop_wanted)
        self.body.addSpacing(12)
        self.body.addLayout(column(row(self.choose, None), row(self.stop, None), gap=8))

    def show_look(self, look: SecondLook, *, may_write: bool) -> None:
        """Show it."""
        clear(self._parts)
        if look.place:
            self._parts.addWidget(Text(look.place, wrap=True))
            here = gettext("It is here.") if look.here else gettext("It is not here just now.")
            self._parts.addWidget(Text(sentences(here, look.newest), "small", "ink-2", wrap=True))
        else:
            words = gettext("A stick or another disk. A backup there opens with your passphrase on any computer.")
            self._parts.addWidget(Text(words, "small", "ink-2", wrap=True))
        if look.same_disk:
            words = gettext("This place is on the same disk as the data: if the disk dies, both are gone.")
            self._parts.addWidget(Strip(words))
        if look.reminder:
            self._parts.addWidget(Strip(look.reminder))
        self.choose.setEnabled(may_write)
        self.stop.setEnabled(may_write)
        self.stop.setVisible(bool(look.place))
