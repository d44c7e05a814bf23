"""What a bundle brought that was set aside: each change with its reason, and the office's word on one or on all."""

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from gridworker.app.inbox.aside_words import about_words, along_words, meaning_words, reason_words
from gridworker.app.words.days import near_moment
from gridworker.gui.look import theme as themes
from gridworker.gui.pages.merge.found import Waits
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.layout import column, flow, row
from gridworker.gui.widgets.rowlist import RowList
from gridworker.gui.widgets.rows import Row
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.exchange.views import SetAside


_LEAST = 280
"""The height at 100% below which the page scrolls rather than words are cut."""


class AsideCard(Card):
    """The list and the buttons. ``ruled`` carries the changes, and whether they are accepted.

    ``all_ruled`` is about all that waits of some bundles, listed or not, and carries these.
    """

    ruled = Signal(list, bool)
    all_ruled = Signal(list, bool)

    def __init__(self, *, may: bool = True) -> None:
        """``may``: whether who sits here has the office's word."""
        super().__init__(margins=(0, 0, 0, 0))
        self._may = may
        self._waits = Waits()
        self._waiting = False
        self.list = RowList(name=gettext("Set aside"))
        self.list.row_chosen.connect(self._on_chosen)
        self.meaning = Strip("", tone="neu", icon="info")
        self.accept = Button(gettext("Accept"), "check", key="Y")
        self.refuse = Button(gettext("Do not accept"), "x", key="X")
        self.accept_all, self.refuse_all = Button("", kind="quiet"), Button("", kind="quiet")
        self.accept.clicked.connect(partial(self.rule, accept=True))
        self.refuse.clicked.connect(partial(self.rule, accept=False))
        self.accept_all.clicked.connect(partial(self._rule_all, accept=True))
        self.refuse_all.clicked.connect(partial(self._rule_all, accept=False))
        self.more = Text("", "small", "ink-2")
        told = gettext("What is not accepted stays in the history, and its author is told.")
        foot = Text(told if may else gettext("The community office decides."), "small", "ink-2", wrap=True)
        if not may:
            self.accept.hide()
            self.refuse.hide()
        self.body.addLayout(row(self.list, margins=(4, 8, 4, 0)), 1)
        self.body.addLayout(row(self.more, None, margins=(16, 8, 16, 0)))
        self.body.addLayout(column(self.meaning, 8, foot, margins=(16, 8, 16, 0)))
        buttons = flow(self.accept, self.refuse, self.accept_all, self.refuse_all)
        self.body.addLayout(column(buttons, margins=(16, 8, 16, 14)))
        themes.follow(self._restyle)

    def _restyle(self) -> None:
        self.setMinimumHeight(themes.current().px(_LEAST))

    def show_aside(self, waits: Waits, today: date) -> None:
        """Show the changes of one bundle, the first of them where there are very many."""
        self._waits = waits
        rows = [Row(one.id, reason_words(one), "", _about(one, today)) for one in waits.shown]
        self.list.show_rows(rows, self.list.current_key())
        listed, count = len(rows), waits.acceptable
        self.more.setText(gettext("Listed: the first {listed} of {count}").format(listed=listed, count=waits.count))
        self.more.setVisible(listed < waits.count)
        self.accept_all.set_label(ngettext("Accept {count}", "Accept all {count}", count).format(count=count))
        self.accept_all.setVisible(self._may and count > 1)
        self.refuse_all.set_label(gettext("Accept none of the {count}").format(count=waits.count))
        self.refuse_all.setVisible(self._may and waits.count > 1)
        self._waiting = False
        self._offer()

    @property
    def bundles(self) -> tuple[str, ...]:
        """Whose changes are listed."""
        return self._waits.bundles

    @property
    def waiting(self) -> bool:
        """Whether a word on them is being written."""
        return self._waiting

    def wait(self) -> None:
        """A word was given, on very many perhaps: nothing else is decided until the page shows what became of it."""
        self._waiting = True
        self.more.setText(gettext("Working through them"))
        self.more.show()
        self._offer()

    def rule(self, *, accept: bool) -> None:
        """The office's word on the change that is chosen, where it can be given."""
        chosen = self._chosen() if self._may and not self._waiting else None
        if chosen and (chosen.acceptable or not accept):
            self.wait()
            self.ruled.emit([chosen], accept)

    def _rule_all(self, *, accept: bool) -> None:
        """On all that waits: in one act, that can be taken back, where all of it is listed."""
        self.wait()
        if len(self._waits.shown) < self._waits.count:
            self.all_ruled.emit(list(self._waits.bundles), accept)
        else:
            self.ruled.emit([one for one in self._waits.shown if one.acceptable or not accept], accept)

    def _on_chosen(self, _key: object) -> None:
        self._offer()

    def _offer(self) -> None:
        """What can be decided now, and what the change that is chosen means."""
        chosen, free = self._chosen(), not self._waiting
        self.accept.setEnabled(free and chosen is not None and chosen.acceptable)
        self.refuse.setEnabled(free and chosen is not None)
        self.accept_all.setEnabled(free)
        self.refuse_all.setEnabled(free)
        meaning = meaning_words(chosen) if chosen else ""
        self.meaning.say(meaning)
        self.meaning.setVisible(bool(meaning))

    def _chosen(self) -> "SetAside | None":
        key = self.list.current_key()
        return next((one for one in self._waits.shown if one.id == key), None)


def _about(one: "SetAside", today: date) -> str:
    """What it does to which record, what goes along with it, and who wrote it when."""
    who = one.who or gettext("laptop {number}").format(number=one.laptop)
    written = gettext("{who}, {moment}").format(who=who, moment=near_moment(one.at, today))
    return gettext(" · ").join(filter(None, (about_words(one), along_words(one), written)))
