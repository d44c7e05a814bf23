"""The head of a household's file: who, tags, house, contact, last and next visit."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLayout, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Tone
from gridworker.gui.widgets.avatar import Avatar, AvatarSpec, first_character
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.chip import Chip, ChipSpec
from gridworker.gui.widgets.layout import add, clear, column, flow, holder, row, rule
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
"""The text size from which on the head takes two lines at any width."""
_GAP, _FACTS = 18, 3
"""Between the parts of the line, and the place of the facts in it."""


class FileHead(Card):
    """The card. ``reveal`` gives the household's phone in clear and puts the look on record."""

    change_pressed = Signal()

    def __init__(self, reveal: Callable[[], str]) -> None:
        super().__init__(margins=(0, 0, 0, 0))
        self._reveal = reveal
        self._view: FileView | None = None
        self._line, self._below = row(), row()
        self._lead, self._facts, self._second = rule("post"), QWidget(), QWidget()
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
        picture = Avatar(AvatarSpec(first_character(home.name), tone), 60)
        self._line = row(picture, gap=_GAP, margins=(20, 16, 20, 16))
        self._line.addLayout(who, 1)
        self._lead, self._facts = rule("post"), holder(self._facts_of(view))
        self._below = row(None, margins=(20, 0, 20, 14))
        add(self._line, self._lead, self._facts)
        if view.may_edit and not home.sharing:
            change = Button(gettext("Change"), key="C", kind="link", size="compact")
            change.clicked.connect(self.change_pressed)
            self._line.addWidget(change, 0, Qt.AlignmentFlag.AlignTop)
        self._second = holder(self._below)
        self._second.hide()
        add(self._area, holder(self._line), self._second)
        self._place_facts()

    def _facts_of(self, view: "FileView") -> QLayout:
        layout = row(gap=_GAP)
        for number, part in enumerate(self._parts(view)):
            add(layout, *([rule("post")] if number else []), part)
        return layout

    def _place_facts(self) -> None:
        """Beside the name, or on a line below it in large text and where there is no room: none is cut."""
        beside = self._line.indexOf(self._facts) >= 0
        if self._view is None or self._has_room(beside=beside) == beside:
            return
        old, new, place = (self._line, self._below, 0) if beside else (self._below, self._line, _FACTS)
        old.removeWidget(self._facts)
        new.insertWidget(place, self._facts)
        self._lead.setVisible(not beside)
        self._second.setVisible(beside)

    def _has_room(self, *, beside: bool) -> bool:
        least = self._line.minimumSize().width()
        if not beside:
            least += self._facts.minimumSizeHint().width() + 2 * _GAP + 1
        return themes.current().scale < LARGE and least <= self.contentsRect().width()

    def event(self, event: QEvent) -> bool:
        """There is more room now, or less, or the facts ask for more."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.LayoutRequest}:
            self._place_facts()
        return super().event(event)

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
