"""One conflict: only the fields that differ, the sides beside each other, and what it will be."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from gridworker.app.words.days import near_moment
from gridworker.errors import Problem
from gridworker.gui.look import theme as themes
from gridworker.gui.pages.merge.deciding import KEYS, Deciding, sides_of
from gridworker.gui.widgets.button import Button, IconButton
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.choicecard import Choice, ChoiceCard, differing
from gridworker.gui.widgets.icon import Icon
from gridworker.gui.widgets.keycap import KeyCap
from gridworker.gui.widgets.layout import clear, column, holder, row, rule, scrolling
from gridworker.gui.widgets.masked import MaskedValue
from gridworker.gui.widgets.text import ElidedText, Text
from gridworker.gui.widgets.toast import keep_free
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.inbox.conflict_views import Field, Side
    from gridworker.app.workspace import Workspace

_LABEL, _GAP, _MARGIN = 108, 16, 18
_LEAST, _LOW = 280, 320
"""Pixels below which the page scrolls, and below which there is no room for more than the sides and the buttons."""
_ABREAST, _LARGE = {False: 3, True: 2}, 1.25
"""So many sides stand beside each other in columns of their own, fewer where text is large; more go on in the next
line, each with its name."""


class ConflictCard(Card):
    """The card. Its signals are what the keys do too."""

    settled = Signal()
    put_off = Signal()
    stepped = Signal(int)
    edit_wanted = Signal()

    def __init__(self, ws: "Workspace") -> None:
        super().__init__(margins=(0, 0, 0, 0))
        self._ws = ws
        self._may = ws.session.knows("DECIDE CONFLICTS")
        self.deciding: Deciding | None = None
        self.cards: dict[str, list[ChoiceCard]] = {}
        self._arranged = (0, True)
        self.title = Text("", bold=True, wrap=True)
        self.place = Text("", "small", "ink-2")
        back, on = (
            IconButton("caret-left", gettext("Previous conflict")),
            IconButton("caret-right", gettext("Next conflict")),
        )
        back.clicked.connect(lambda: self.stepped.emit(-1))
        on.clicked.connect(lambda: self.stepped.emit(1))
        head = row(gap=8, margins=(18, 10, 12, 10))
        head.addWidget(self.title, 1)
        for widget in (self.place, back, on):
            head.addWidget(widget)
        self._names, self._grid = row(gap=_GAP, margins=(_MARGIN, 8, _MARGIN, 8)), QGridLayout()
        self._grid.setContentsMargins(_MARGIN, 10, _MARGIN, 10)
        self._grid.setHorizontalSpacing(_GAP)
        self._grid.setVerticalSpacing(12)
        self.later = Button(gettext("Later"), key="S", size="footer")
        self.later.clicked.connect(self.put_off)
        self.settle = Button("", kind="primary", size="footer", key="↵")
        self.settle.clicked.connect(self.settled)
        words = gettext("What is not chosen stays in the history and can be brought back.")
        note = Text(words if self._may else gettext("The community office decides."), "small", "ink-2", wrap=True)
        if not self._may:
            self.later.hide()
            self.settle.hide()
        told = row(Icon("clock-counter-clockwise", 18, "ink-2"), gap=10)
        told.addWidget(note, 1)
        self._note = holder(told)
        foot = row(gap=10, margins=(18, 12, 18, 12))
        foot.addWidget(self._note, 1)
        foot.addStretch(0)
        foot.addWidget(self.later)
        foot.addWidget(self.settle)
        inside = column(holder(self._grid), None)
        self.body.addLayout(head)
        self.body.addWidget(holder(self._names, "sunken"))
        self.sides = scrolling(holder(inside))
        self.body.addWidget(self.sides, 1)
        self.body.addWidget(rule())
        whole = holder(foot)
        keep_free(whole)
        self.body.addWidget(whole)
        themes.follow(self._restyle)

    def _restyle(self) -> None:
        self.setMinimumHeight(themes.current().px(_LEAST))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window the sides need the room of what is said besides."""
        super().resizeEvent(event)
        self._note.setVisible(self.height() >= themes.current().px(_LOW))
        if self.deciding is not None and self._arrangement() != self._arranged:
            self._draw()

    def show_conflict(self, deciding: Deciding, place: tuple[int, int]) -> None:
        """Show a record; ``place`` is which of how many."""
        self.deciding = deciding
        count = max((len(one.sides) for one in deciding.fields), default=2)
        words = gettext("{name}: both sides changed it") if count < 3 else gettext("{name}: {count} sides changed it")
        self.title.setText(words.format(name=deciding.conflict.title, count=count))
        self.place.setText(gettext("{number} of {count}").format(number=place[0], count=place[1]))
        self._draw()

    def wait(self, place: tuple[int, int]) -> None:
        """It is still being read which sides there are; nothing can be decided yet."""
        self.deciding = None
        self.title.setText(gettext("Reading what disagrees"))
        self.place.setText(gettext("{number} of {count}").format(number=place[0], count=place[1]))
        self.settle.setEnabled(False)
        self._draw()

    def decided(self) -> None:
        """Draw again after a decision."""
        self._draw()

    def _draw(self) -> None:
        deciding = self.deciding
        clear(self._grid)
        clear(self._names)
        self.cards = {}
        if deciding is None:
            return
        today = self._ws.session.today()
        for number, one in enumerate(deciding.fields):
            self.cards[one.name] = self._sides(deciding, one, number, today)
        self._arranged = self._arrangement()
        self._draw_names(deciding)
        line = 0
        for number in range(len(deciding.fields)):
            line = self._draw_field(deciding, number, line)
        for place in range(1, self._grid.columnCount()):
            self._grid.setColumnStretch(place, int(place <= self._arranged[0] + 1))
        left = deciding.left()
        words = ngettext("{count} field still open", "{count} fields still open", left).format(count=left)
        self.settle.set_label(words if left else gettext("Settle, next"))
        self.settle.setEnabled(not left)

    def _arrangement(self) -> tuple[int, bool]:
        """How many sides stand abreast, and whether the name of their field stands beside them, or above them.

        Numbers stay whole: where they have no room beside each other, the sides stand below each other.
        """
        count = max(map(len, self.cards.values()), default=2)
        most = min(count, _ABREAST[themes.current().scale >= _LARGE])
        room = self.width() - 2 * _MARGIN + _GAP
        least = max((card.minimumSizeHint().width() for cards in self.cards.values() for card in cards), default=0)
        for abreast in range(most, 0, -1):
            for beside in (True, False):
                if (abreast + 1) * (least + _GAP) + beside * (_LABEL + _GAP) <= room:
                    return abreast, beside
        return 1, False

    def _draw_field(self, deciding: Deciding, number: int, line: int) -> int:
        """The name of a field, its sides and what it will be, from a line of the grid on; the line after it."""
        one, (abreast, beside) = deciding.fields[number], self._arranged
        label = self._label(deciding, one, beside=beside)
        if beside:
            self._grid.addWidget(label, line, 0, Qt.AlignmentFlag.AlignTop)
        else:
            self._grid.addWidget(label, line, 1, 1, abreast + 1)
            line += 1
        for place, card in enumerate(self.cards[one.name]):
            shown = card if self._in_columns() else _named(card, sides_of(one)[place], place)
            self._grid.addWidget(shown, line + place // abreast, place % abreast + 1)
        self._grid.addWidget(self._after(deciding, one, current=number == deciding.current), line, abreast + 1)
        return line + -(-len(one.sides) // abreast)

    def _in_columns(self) -> bool:
        """Whether every side has a column of its own, with its name at the head of it."""
        return max(map(len, self.cards.values()), default=2) <= self._arranged[0]

    def _draw_names(self, deciding: Deciding) -> None:
        abreast, beside = self._arranged
        if beside:
            gap = QWidget()
            gap.setFixedWidth(_LABEL)
            self._names.addWidget(gap)
        sides = sides_of(deciding.fields[0]) if deciding.fields else []
        if not self._in_columns():
            self._names.addWidget(Text(gettext("What each of them has"), bold=True, wrap=True), abreast)
            self._names.addSpacing((abreast - 1) * _GAP)
        for number in range(abreast if self._in_columns() else 0):
            name = _bringer(sides[number] if number < len(sides) else None, number)
            self._names.addWidget(holder(row(Text(name, bold=True, wrap=True), KeyCap(KEYS[number]), None)), 1)
        after = Text(gettext("After merging"), bold=True, wrap=True)
        self._names.addWidget(holder(row(Icon("arrow-right", 16, "ink-2"), after, None)), 1)

    def _label(self, deciding: Deciding, one: "Field", *, beside: bool) -> QWidget:
        """What a field is called; by it, where its values are masked, the eye that shows all sides while held."""
        label = Text(one.label, "body", "ink-2", wrap=beside)
        if beside:
            label.setFixedWidth(_LABEL)
        if not one.is_masked:
            return label
        name = gettext("{name}: {field}").format(name=deciding.conflict.caption, field=one.label)
        conflict = deciding.conflict
        look = partial(self._ws.merge.reveal, conflict.kind, conflict.record, one.name)
        eye = MaskedValue("", name, look, partial(self._show_clear, one.name))
        eye.hidden.connect(partial(self._mask, one.name))
        return holder(column(label, row(eye, None), gap=2) if beside else row(label, eye, None))

    def _show_clear(self, name: str, sides: Mapping[int, str]) -> str:
        """Show a field's sides in clear; the look is on record by then. The cards say it, so the eye says nothing."""
        self._show_sides(name, sides)
        return ""

    def _mask(self, name: str) -> None:
        self._show_sides(name, {})

    def _show_sides(self, name: str, clear_texts: Mapping[int, str]) -> None:
        """Write on the cards of a field what they are to show: masked where ``clear_texts`` has nothing by clk."""
        today = self._ws.session.today()
        for one in self.deciding.fields if self.deciding else ():
            if one.name == name:
                sides = [replace(side, shown=clear_texts.get(side.clk, side.shown)) for side in sides_of(one)]
                for card, side in zip(self.cards.get(name, []), sides, strict=False):
                    card.show_choice(_choice(side, sides, today))

    def _sides(self, deciding: Deciding, one: "Field", line: int, today: date) -> list[ChoiceCard]:
        sides = sides_of(one)
        picked, several = deciding.picked.get(one.name, frozenset()), len(deciding.picked.get(one.name, ())) > 1
        cards = []
        for number, side in enumerate(sides):
            card = ChoiceCard(_choice(side, sides, today), several=several, key=KEYS[number : number + 1])
            card.set_chosen(number in picked)
            card.setEnabled(self._may)
            card.clicked.connect(partial(self._on_card, line, one.name, number))
            cards.append(card)
        return cards

    def _on_card(self, line: int, name: str, number: int, _on: bool = False) -> None:
        if self.deciding is not None:
            self.deciding.current = line
            self.deciding.pick(name, number)
            self._draw()

    def _after(self, deciding: Deciding, one: "Field", *, current: bool) -> QWidget:
        """What a field will be, or what to press."""
        if not self._may:
            return QWidget()
        if not deciding.is_settled(one.name):
            words = gettext("Pick one, or Space for both") if one.can_keep_both else gettext("Pick one")
            tone = "conf" if current else "ink-3"
            card = Card(Text(words, "small", tone, bold=current, wrap=True), margins=(12, 10, 12, 10))
            card.set_picked(current)
            return card
        try:
            text = one.show(deciding.value(self._ws, one))
        except Problem as problem:
            return Card(Text(str(problem), "small", "due", wrap=True), margins=(12, 10, 12, 10))
        edit = IconButton("pencil-simple", gettext("Edit {field}").format(field=one.label), "E", size=16)
        edit.clicked.connect(partial(self._on_edit, one.name))
        layout = row(margins=(12, 6, 4, 6))
        layout.addLayout(
            column(Text(text, wrap=True), Text(_whose(deciding, one), "caption", "ink-2", wrap=True), gap=1), 1
        )
        if one.spec is not None:
            layout.addWidget(edit)
        return holder(layout, "sunken")

    def _on_edit(self, name: str) -> None:
        if self.deciding is not None:
            self.deciding.current = [one.name for one in self.deciding.fields].index(name)
            self.edit_wanted.emit()


def _bringer(side: "Side | None", number: int) -> str:
    if side is None or (side.from_office and number == 0):
        return gettext("The office has")
    return gettext("{name} brought").format(name=side.who or gettext("The laptop"))


def _named(card: ChoiceCard, side: "Side", number: int) -> QWidget:
    """A side with who brought it above it, and its key where it has one."""
    head = row()
    head.addWidget(ElidedText(_bringer(side, number), "small", bold=True), 1)
    if number < len(KEYS):
        head.addWidget(KeyCap(KEYS[number]))
    return holder(column(head, card, gap=4))


def _choice(side: "Side", sides: "list[Side]", today: date) -> Choice:
    other = next((one for one in sides if one is not side), side)
    more = gettext("{who}, {moment}").format(who=side.who or gettext("The laptop"), moment=near_moment(side.at, today))
    return Choice(side.shown, more, differing(side.shown, other.shown)[0])


def _whose(deciding: Deciding, one: "Field") -> str:
    if one.name in deciding.typed:
        return gettext("typed here")
    picked = deciding.picked[one.name]
    if len(picked) > 1:
        return gettext("both kept")
    side = sides_of(one)[min(picked)]
    return gettext("the office's") if side.from_office else gettext("{name}'s").format(name=side.who)
