"""Choice cards: one side of a difference, with a radio button or a check box, the differing characters marked."""

import re
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.check import SIDE, paint_check, paint_radio
from gridworker.gui.widgets.paint import box, line_of, painting, ring
from gridworker.gui.widgets.themed import Themed
from gridworker.text import clauses

_PAD = 12
_NUMBER = re.compile(r"[0-9Xx*-]{7,20}")
"""A phone or an ID number, masked or in clear."""
_WRAPPED = int(Qt.TextFlag.TextWordWrap)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value as shown (masked where it must be), where it is from, and the spans (start, length) that differ."""

    text: str
    more: str = ""
    differing: tuple[tuple[int, int], ...] = ()


class ChoiceCard(Themed, QAbstractButton):
    """One side. ``chosen`` carries whether it is picked now; ``several`` draws a check box (keep both)."""

    chosen = Signal(bool)

    def __init__(self, choice: Choice, *, several: bool = False, key: str = "") -> None:
        super().__init__()
        self._choice, self._several = choice, several
        self.setCheckable(True)
        self.setAccessibleName(clauses(choice.text, choice.more))
        self.setToolTip(key)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.clicked.connect(self.chosen)
        themes.follow(self._restyle)

    def show_choice(self, choice: Choice) -> None:
        """Show another value."""
        self._choice = choice
        self.setAccessibleName(clauses(choice.text, choice.more))
        self._restyle()

    def set_chosen(self, chosen: bool) -> None:
        """Pick without a signal."""
        self.setChecked(chosen)

    def _left(self) -> int:
        return _PAD + self._theme.px(SIDE) + 9

    def _layout(self, width: int) -> tuple[QTextLayout, int]:
        """The value wrapped in a width, and its height."""
        theme = self._theme
        layout = QTextLayout(self._choice.text, theme.font("body", self.isChecked()))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats([self._mark(start, length) for start, length in self._choice.differing])
        layout.beginLayout()
        height = 0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(width, 40))
            line.setPosition(QPointF(0, height))
            height += theme.line("body")
        layout.endLayout()
        return layout, height

    def _mark(self, start: int, length: int) -> QTextLayout.FormatRange:
        look = QTextCharFormat()
        look.setFontWeight(QFont.Weight.Bold)
        look.setForeground(self._theme.ink("conf"))
        look.setBackground(self._theme.soft("conf"))
        span = QTextLayout.FormatRange()
        span.start, span.length, span.format = start, length, look
        return span

    def hasHeightForWidth(self) -> bool:
        """Long values wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The wrapped value and the line below it."""
        height = self._layout(width - self._left() - _PAD)[1]
        more = self._below(width, 0).height() if self._choice.more else 0
        return max(self._theme.px(58), height + more + 20)

    def _below(self, width: int, top: int) -> QRect:
        """Where who and when stand, in as many lines as they need."""
        room = QRect(self._left(), top, width - self._left() - _PAD, 1000)
        found = self._theme.metrics("caption").boundingRect(room, _WRAPPED, self._choice.more)
        return QRect(room.left(), top, room.width(), max(found.height(), self._theme.line("caption")))

    def sizeHint(self) -> QSize:
        """As wide as its words, within reason."""
        width = self._left() + min(self._theme.metrics("body", True).horizontalAdvance(self._choice.text), 260) + _PAD
        width = max(width, self._left() + self._theme.metrics("caption").horizontalAdvance(self._choice.more) + _PAD)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """It can be narrow: it wraps, but not within a number."""
        metrics = self._theme.metrics("body", True)
        number = max(map(metrics.horizontalAdvance, _NUMBER.findall(self._choice.text)), default=0)
        return QSize(max(self._theme.px(120), self._left() + number + 1 + _PAD), self._theme.px(58))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card."""
        del event
        with painting(self) as painter:
            theme, on = self._theme, self.isChecked()
            fill = "accent-soft" if on else "hover" if self.underMouse() else "card"
            box(painter, self.rect(), 10, theme.colour(fill), None if on else theme.colour("line-strong"))
            if on:
                ring(painter, self.rect(), 10, theme.colour("accent"))
            side = theme.px(SIDE)
            square = QRect(_PAD, 10, side, side)
            (paint_check if self._several else paint_radio)(painter, theme, square, checked=on)
            layout, height = self._layout(self.width() - self._left() - _PAD)
            painter.setPen(theme.colour("ink"))
            layout.draw(painter, QPointF(self._left(), 9))
            look = (theme.font("caption"), theme.colour("ink-2"))
            line_of(painter, self._below(self.width(), 9 + height), self._choice.more, look, _WRAPPED)
            if self.hasFocus():
                ring(painter, self.rect().adjusted(3, 3, -3, -3) if on else self.rect(), 8, theme.colour("focus"))


def differing(one: str, other: str) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """The spans (start, length) in which two values differ: those of the first, those of the second.

    Values of one length (numbers) are compared place by place, others as texts.
    """
    if len(one) == len(other):
        spans = _runs([number for number, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]])
        return spans, spans
    from difflib import SequenceMatcher

    codes = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    changes = [change for change in codes if change[0] != "equal"]
    return (
        tuple((start, end - start) for _, start, end, _, _ in changes if end > start),
        tuple((start, end - start) for _, _, _, start, end in changes if end > start),
    )


def _runs(places: list[int]) -> tuple[tuple[int, int], ...]:
    """Neighbouring places as (start, length)."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((place, 1))
    return tuple(runs)
