"""Who may be on the books already: under the name being typed, with the facts in words and a way to look."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout

from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.chip import Chip, ChipSpec
from gridworker.gui.widgets.layout import column, flow, holder, row, rule
from gridworker.gui.widgets.text import ElidedText, Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.search.alike import AlikeView


class AlikeList(Card):
    """The list. ``looked`` carries the household to open; saving goes on whatever it says."""

    looked = Signal(object)

    def __init__(self, people: "Sequence[AlikeView]") -> None:
        super().__init__(margins=(14, 10, 10, 10), gap=6)
        title = gettext("Maybe on the books already")
        self.body.addWidget(Text(title, "small", "due", bold=True))
        for number, one in enumerate(people):
            if number:
                self.body.addWidget(rule())
            self.body.addLayout(self._line(one))
        self.body.addWidget(Text(gettext("If it is somebody else, just go on."), "caption", "ink-3", wrap=True))
        words = (gettext("{name}: {facts}").format(name=one.name, facts=_facts(one)) for one in people)
        self.setAccessibleName(title)
        self.setAccessibleDescription(gettext("; ").join(words))

    def _line(self, one: "AlikeView") -> QBoxLayout:
        who = row(Text(one.name, bold=True), gap=8)
        who.addWidget(ElidedText(one.about, "small", "ink-2"), 1)
        chips = [Chip(ChipSpec(fact, "due" if number == 0 else "neu")) for number, fact in enumerate(one.facts)]
        line = row(gap=10)
        line.addLayout(column(holder(who), flow(*chips, gap=6, line_gap=4), gap=4), 1)
        if one.household is not None:
            look = Button(gettext("Open the file"), size="compact")
            look.setAccessibleName(gettext("Open the file of {name}").format(name=one.name))
            look.clicked.connect(partial(self.looked.emit, one.household))
            line.addWidget(look)
        return line


def _facts(one: "AlikeView") -> str:
    return gettext(", ").join(one.facts)
