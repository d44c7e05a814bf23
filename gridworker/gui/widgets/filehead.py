"""The head of a household's file: who, tags, house, contact, last and next visit."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Tone
from gridworker.gui.widgets.avatar import Avatar, AvatarSpec, first_character
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.chip import Chip, ChipSpec
from gridworker.gui.widgets.layout import clear, column, flow, holder, row, rule
from gridworker.gui.widgets.masked import MaskedValue
from gridworker.gui.widgets.signs import chip_of
from gridworker.gui.widgets.text import ElidedText, ElidedWord, Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.household.view import FileView


LINE = 32
_NAME = 96
"""A name longer than this, of some five characters, is shortened before the facts beside it are."""
LARGE = 1.25
"""The text size from which on the head takes two lines."""


class FileHead(Card):
    """The card. ``reveal`` gives the household's phone in clear and puts the look on record."""

    change_pressed = Signal()

    def __init__(self, reveal: Callable[[], str]) -> None:
        super().__init__(margins=(0, 0, 0, 0))
        self._reveal = reveal
        self._view: FileView | None = None
        self._area = column()
        self.body.addLayout(self._area)
        themes.follow(self._restyle)

    def press_change(self) -> None:
        """As if the button was pressed, where it is there to be pressed."""
        if self._view is not None and self._view.may_edit and not self._view.home.sharing:
            self.change_pressed.emit()

    def _restyle(self) -> None:
        """Large text takes two lines."""
        if self._view is not None:
            self.show_file(self._view)

    def show_file(self, view: "FileView") -> None:
        """Show a household."""
        clear(self._area)
        self._view = view
        home = view.home
        tone: Tone = "care" if any(sign.kind == "care" for sign in home.signs) else "neu"
        chips = [Chip(chip_of(sign)) for sign in home.signs]
        chips += [Chip(ChipSpec(view.wish, "due"))] if view.wish else []
        name = row(ElidedWord(home.name, "title", most=_NAME), ElidedText(home.about, "small", "ink-2"), gap=10)
        name.setStretch(1, 1)
        who = column(None, name, gap=6)
        if chips:
            who.addWidget(flow(*chips, gap=6, line_gap=6))
        who.addStretch(1)
        line = row(Avatar(AvatarSpec(first_character(home.name), tone), 60), gap=18, margins=(20, 16, 20, 16))
        line.addLayout(who, 1)
        large = themes.current().scale >= LARGE
        second = row(gap=18, margins=(20, 0, 20, 14))
        for number, part in enumerate(self._parts(view)):
            place = second if large else line
            if number or not large:
                place.addWidget(rule("post"))
            place.addWidget(part)
        if view.may_edit and not home.sharing:
            change = Button(gettext("Change"), key="C", kind="link", size="compact")
            change.clicked.connect(self.change_pressed)
            line.addWidget(change, 0, Qt.AlignmentFlag.AlignTop)
        self._area.addWidget(holder(line))
        if large:
            second.addStretch(1)
            self._area.addWidget(holder(second))

    def _parts(self, view: "FileView") -> list[QWidget]:
        home = view.home
        parts = []
        for label, value in (
            (gettext("House"), home.house),
            (gettext("Living here now"), view.people),
            (gettext("Last visit"), home.last),
        ):
            if value:
                parts.append(_labelled(label, Text(value)))
        if view.contact:
            shown: QWidget = Text(view.contact)
            if not home.sharing:
                shown = MaskedValue(view.contact, gettext("Contact phone"), self._reveal)
            parts.insert(-1, _labelled(gettext("Contact phone"), shown))
        if home.next_on and view.may_visit:
            when: QWidget = Text(home.next_on)
            if home.overdue:
                chip = Chip(ChipSpec(home.overdue, "over", "warning-fill"))
                when = holder(row(Text(home.next_on, "body", "over", bold=True), chip))
            parts.append(_labelled(gettext("Next visit"), when))
        return parts


def _labelled(label: str, value: QWidget) -> QWidget:
    # As high as the button that uncovers a phone, so that all facts stand on one line.
    value.setMinimumHeight(themes.current().px(LINE))
    return holder(column(None, Text(label, "caption", "ink-3"), 2, value, None))
