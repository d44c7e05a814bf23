"""What the office lays down for everybody."""

from PySide6.QtCore import Signal

from gridworker.gui.pages.settings.choices import Setting
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card, card_head
from gridworker.gui.widgets.layout import row, rule
from gridworker.text import gettext

CAPS = (0, 100, 500, 1_000, 5_000)
"""People on one list that leave a laptop without a code from the office."""


class RulesCard(Card):
    """The rules.

    ``cap_wanted`` carries how many people a laptop may export without a code, ``short_ids_wanted`` whether only the end
    of ID numbers is kept; ``retention_wanted`` asks for the page that says how long things are kept.
    """

    cap_wanted = Signal(int)
    short_ids_wanted = Signal(bool)
    retention_wanted = Signal()

    def __init__(self, *, may_shorten: bool = True) -> None:
        """``may_shorten``: whether who sits here may take numbers away for good."""
        super().__init__()
        self._may_shorten = may_shorten
        self.body.addWidget(card_head(gettext("Rules of the office"), gettext("For every laptop"), None, ruled=True))
        self.body.addWidget(rule())
        self.cap = Setting(
            gettext("People a laptop exports without a code"),
            gettext("Longer lists need a code from the office. Laptops hear of it with the next reply."),
            [(str(cap), str(cap)) for cap in CAPS],
        )
        self.cap.chosen.connect(lambda cap: self.cap_wanted.emit(int(cap)))
        self.body.addWidget(self.cap)
        self.ids = Setting(
            gettext("What is kept of ID numbers"),
            gettext("With the last four alone people are still told apart, and nobody can read a number any more."),
            [("full", gettext("In full")), ("short", gettext("Last four"))],
        )
        self.ids.chosen.connect(lambda kept: self.short_ids_wanted.emit(kept == "short"))
        self.body.addWidget(rule())
        self.body.addWidget(self.ids)
        self.body.addWidget(rule())
        self.retention = Button(gettext("How long things are kept"), "clock-counter-clockwise", key="T", size="compact")
        self.retention.clicked.connect(self.retention_wanted)
        self.body.addLayout(row(self.retention, None, margins=(0, 10, 0, 0)))

    def show_short_ids(self, *, short: bool) -> None:
        """Show how much of ID numbers is kept."""
        self.ids.show_value("short" if short else "full")
        self.ids.choice.setEnabled(short or self._may_shorten)

    def show_cap(self, cap: int) -> None:
        """Show the rule in force; one that was set by command, and is none of those offered, stands beside them."""
        self.cap.show_value(str(cap) if cap in CAPS else "")
        self.cap.say("" if cap in CAPS else gettext("now: {count}").format(count=cap))
