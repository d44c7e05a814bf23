"""Two records that may be one: the facts, the fields of both beside each other, and what it will be."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.avatar import Avatar, AvatarSpec
from gridworker.gui.widgets.button import Button, IconButton
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.chip import Chip, ChipSpec
from gridworker.gui.widgets.headers import Roomy
from gridworker.gui.widgets.icon import Icon
from gridworker.gui.widgets.layout import clear, column, flow, holder, row, rule, scrolling
from gridworker.gui.widgets.masked import MaskedValue
from gridworker.gui.widgets.state import Strip
from gridworker.gui.widgets.text import ElidedText, ElidedWord, Text
from gridworker.gui.widgets.toast import keep_free
from gridworker.text import gettext, sentences

if TYPE_CHECKING:
    from collections.abc import Callable

    from gridworker.app.inbox.duplicate_views import Copy, Line, Pair


LARGE = 1.25
"""The text size from which on the two copies need the room of the words between them."""
_WIDE = 760
"""The width from which on there is room beside the buttons for what they do besides."""
_FIELDS = 84
"""The height at 100% that is left to the fields, which scroll; below that the whole page does, and no word is cut."""
_LINE = 40
"""The height of a field, with an eye or without."""
_SIDE, _APART, _BAR = 18, 20, 14
"""Pixels beside the fields, between their columns, and of a bar to scroll with."""
_NAME = 60
"""What a longer name keeps of its width at 100 %; the rest is a tooltip."""
_NUMBER = "0" * 18
"""As wide as an ID number, which is read in one and never broken."""


class PairCard(Card):
    """The card. Its signals are what the keys do too; ``keep`` is the record that stays."""

    same = Signal()
    different = Signal()
    put_off = Signal()
    stepped = Signal(int)

    def __init__(self, reveal: "Callable[[Pair, str], tuple[str, str]]", *, may: bool) -> None:
        """``reveal`` gives a field of both in clear; it puts the look on record, off this thread."""
        super().__init__(margins=(0, 0, 0, 0))
        self._may, self._reveal = may, reveal
        self.pair: Pair | None = None
        self.keep = 0
        self.waiting = False
        """What was decided is not on screen yet."""
        self._above = False
        self._focused: QWidget | None = None
        self.title, self.facts = Text("", bold=True), Text("", "small", "ink-2", wrap=True)
        self.place = Text("", "small", "ink-2")
        back, on = IconButton("caret-left", gettext("Previous pair")), IconButton("caret-right", gettext("Next pair"))
        back.clicked.connect(lambda: self.stepped.emit(-1))
        on.clicked.connect(lambda: self.stepped.emit(1))
        self._told = row(self.title)
        self._told.addWidget(self.facts, 1)
        self._heading = head = row(gap=8, margins=(18, 10, 12, 10))
        head.addLayout(self._told, 1)
        self._steps = (back, on)
        for widget in (self.place, back, on):
            head.addWidget(widget)
        self._copies, self._grid = row(gap=14), QGridLayout()
        self._grid.setHorizontalSpacing(_APART)
        self._grid.setVerticalSpacing(0)
        self._result = column(margins=(18, 10, 18, 10))
        self.swap = Button(gettext("Keep the other"), "swap")
        self.swap.clicked.connect(self._on_swap)
        inside = column(holder(self._copies), 14, rule(), 12, holder(self._grid), None, margins=(18, 12, 18, 12))
        self.body.addLayout(head)
        self.body.addWidget(rule())
        self.body.addWidget(scrolling(holder(inside)), 1)
        self.body.addWidget(rule())
        # What it will be stands over the buttons that decide it: it does not scroll away with the fields.
        result = holder(self._result)
        keep_free(result)  # nor does a toast lie on it, that tells of the decision before
        self.body.addWidget(result)
        self.body.addWidget(rule())
        self._decide = self._foot()
        self.body.addWidget(self._decide)
        themes.follow(self._restyle)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window as with large text."""
        super().resizeEvent(event)
        if self._note.isHidden() is not self._is_tight() or self._above is not self._stand_above():
            self._restyle()
        self._keep_foot_in_sight()

    def _keep_foot_in_sight(self) -> None:
        """Ask for as much height as question, result and buttons need, and a little for the fields.

        With more, the buttons that decide would lie below the edge of the window with large text.
        """
        width = self.width()
        wrapped = sum(
            max(part.heightForWidth(width), part.minimumSize().height()) for part in (self._heading, self._result)
        )
        self.setMinimumHeight(wrapped + self._decide.sizeHint().height() + themes.current().px(_FIELDS))

    def _restyle(self) -> None:
        """Where it is tight, what the buttons do besides stands with the result, and the copies have the room."""
        tight = self._is_tight()
        swap = gettext("Keep the other")
        self.swap.set_label("" if tight else swap)
        self.swap.setAccessibleName(swap)
        self.swap.setToolTip(swap if tight else "")
        self._note.setVisible(not tight)
        direction = QBoxLayout.Direction.TopToBottom if tight else QBoxLayout.Direction.LeftToRight
        self._told.setDirection(direction)
        if self.pair is not None:
            self._draw(self.pair)

    def _is_tight(self) -> bool:
        return themes.current().scale >= LARGE or self.width() < _WIDE

    def _stand_above(self) -> bool:
        """Whether the names of fields stand above their values: beside them there is no room for two ID numbers."""
        theme = themes.current()
        small, number = theme.metrics("small"), theme.metrics("body", True).horizontalAdvance(_NUMBER)
        names = [small.horizontalAdvance(_named(line)) for line in (self.pair.lines if self.pair else ())]
        eye = theme.px(_LINE)
        return 2 * (number + _APART) + max(names, default=0) + eye > self.width() - 2 * _SIDE - _BAR

    def _foot(self) -> QWidget:
        self.later = Button(gettext("Later"), key="S", size="footer")
        self.no = Button("", key="N", size="footer")
        self.yes = Button("", "git-merge", kind="primary", key="M", size="footer")
        for button, signal in ((self.later, self.put_off), (self.no, self.different), (self.yes, self.same)):
            button.clicked.connect(signal)
            button.setVisible(self._may)
        self._means = (
            gettext("One undo takes it apart again.") if self._may else gettext("The community office decides.")
        )
        told = row(Icon("arrow-counter-clockwise", 18, "ink-2"), gap=10)
        told.addWidget(ElidedText(self._means, "small", "ink-2"), 1)
        self._note = holder(told)
        self.choices = line = row(gap=10, margins=(18, 12, 18, 12))
        line.addWidget(self._note, 1)
        line.addStretch(0)
        for button in (self.later, self.no, self.yes):
            line.addWidget(button)
        foot = Roomy()
        foot.setLayout(line)
        keep_free(foot)
        return foot

    def show_pair(self, pair: "Pair", place: tuple[int, int]) -> None:
        """Show a pair; ``place`` is which of how many."""
        if self.pair is None or (self.pair.one.record, self.pair.other.record) != (pair.one.record, pair.other.record):
            self.keep = pair.one.record
        self.pair = pair
        people = pair.kind == "resident"
        self.title.setText(gettext("Are these the same person?") if people else gettext("Is this the same household?"))
        self.facts.setText(gettext(", ").join(pair.facts))
        self.place.setText(gettext("{number} of {count}").format(number=place[0], count=place[1]))
        self.no.set_label(gettext("Two different people") if people else gettext("Two different households"))
        self.yes.set_label(gettext("Same person, merge") if people else gettext("Same household, merge"))
        self._draw(pair)

    def set_waiting(self, waiting: bool) -> None:
        """Let nothing be decided until the page shows what became of the last decision."""
        if waiting == self.waiting:
            return
        if waiting:
            self._focused = next((one for one in self._buttons() if one.hasFocus()), None)
        self.waiting = waiting
        for button in self._buttons():
            button.setEnabled(not waiting)
        if not waiting and self._focused is not None:
            self._focused.setFocus(Qt.FocusReason.OtherFocusReason)

    def _buttons(self) -> tuple[QWidget, ...]:
        return (*self._steps, self.swap, self.later, self.no, self.yes)

    def _draw(self, pair: "Pair") -> None:
        self.swap.setParent(None)
        for part in (self._copies, self._grid, self._result):
            clear(part)
        self._copies.addWidget(self._copy(pair.one), 1)
        self._copies.addWidget(self.swap)
        self._copies.addWidget(self._copy(pair.other), 1)
        self.swap.setVisible(self._may)
        for number in range(self._grid.rowCount()):
            self._grid.setRowMinimumHeight(number, 0)  # the pair before may have had more fields
        self._above = self._stand_above()
        for number, line in enumerate(pair.lines):
            if number:
                self._grid.addWidget(rule(), 3 * number - 1, 0, 1, 3)
            self._draw_line(pair, line, 3 * number)
        for place, stretch in ((0, 1), (1, 0), (2, 1)):
            self._grid.setColumnStretch(place, stretch)
        told = (pair.result, self._head(pair), self._means if self._is_tight() else "")
        self._result.addWidget(Strip(sentences(*told), tone="info", icon="info"))
        self._keep_foot_in_sight()

    def _draw_line(self, pair: "Pair", line: "Line", at: int) -> None:
        """A field from a line of the grid on: its values beside its name, or below it."""
        one, name, other = self._cells(pair, line)
        values = at + 1 if self._above else at
        self._grid.setRowMinimumHeight(at, themes.current().px(_LINE))
        self._grid.addWidget(one, values, 0)
        self._grid.addWidget(other, values, 2)
        if self._above:
            self._grid.addWidget(name, at, 0, 1, 3)
        else:
            self._grid.addWidget(name, at, 1)

    def _head(self, pair: "Pair") -> str:
        """What becomes of the head of the household that goes."""
        if pair.heads is None:
            return ""
        stays, goes = pair.heads if self.keep == pair.one.record else pair.heads[::-1]
        return gettext("{name} stays head; {other} becomes “Other” to them.").format(name=stays, other=goes)

    def _cells(self, pair: "Pair", line: "Line") -> tuple[QWidget, QWidget, QWidget]:
        """A field of both and its name between them, with the eye that shows both while it is held."""
        one, other = _value(line.one, line), _value(line.other, line)
        if not self._above:
            one.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        label = Text(_named(line), "small", "ink-2" if line.same else "conf")
        if not line.covered:
            return one, label, other

        def show(words: tuple[str, str]) -> str:
            for value, text in zip((one, other), words, strict=True):
                value.setText(text or gettext("(empty)"))
            return ""

        name = gettext("{name}: {field}").format(name=pair.one.name, field=line.label)
        eye = MaskedValue("", name, partial(self._reveal, pair, line.covered), show)
        eye.hidden.connect(lambda: show((line.one, line.other)))
        return one, holder(row(label, eye, None, gap=2)), other

    def _copy(self, copy: "Copy") -> QWidget:
        stays = copy.record == self.keep
        chip = ChipSpec(gettext("Stays"), "ok", "check") if stays else ChipSpec(gettext("Goes into it"), "outline")
        name = flow(ElidedWord(copy.name, bold=True, most=_NAME), Chip(chip), gap=8, line_gap=2)
        told = column(name, Text(copy.about, "small", "ink-2", wrap=True), gap=2)
        avatar = Avatar(AvatarSpec(copy.name[:1], "accent"), 44)
        head = row(avatar, gap=12)
        head.addLayout(told, 1)
        head.setAlignment(avatar, Qt.AlignmentFlag.AlignTop)  # level with that of the other, however long their words
        card = Card(holder(head), Text(copy.made, "caption", "ink-2", wrap=True), margins=(16, 12, 16, 12), gap=8)
        card.set_picked(stays)
        card.setAccessibleName(gettext("{name}: {state}").format(name=copy.name, state=chip.text))
        return card

    def _on_swap(self) -> None:
        if self.pair is not None:
            one, other = self.pair.one.record, self.pair.other.record
            self.keep = other if self.keep == one else one
            self._draw(self.pair)
            self.swap.setFocus(Qt.FocusReason.OtherFocusReason)


def _named(line: "Line") -> str:
    return f"{line.label}  {'=' if line.same else '≠'}"


def _value(words: str, line: "Line") -> Text:
    return Text(words or gettext("(empty)"), "body", "ink" if words else "ink-3", bold=not line.same, wrap=True)
