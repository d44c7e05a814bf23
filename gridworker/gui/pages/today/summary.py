"""The side column as a line of buttons, where there is no room for it: large text, a narrow window."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridworker.app.due.today_view import TodayView
from gridworker.app.words.days import time_left
from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Tone
from gridworker.gui.widgets.layout import clear, flow, row
from gridworker.gui.widgets.paint import LEFT, box, line_of, middle, painting, ring
from gridworker.gui.widgets.pressable import Pressable
from gridworker.gui.widgets.text import Text
from gridworker.gui.widgets.themed import Themed
from gridworker.text import gettext

_PAD, _GAP, _ICON = 10, 6, 16


@dataclass(frozen=True, slots=True)
class _Fact:
    text: str
    tone: Tone
    icon: str
    page: str
    target: object = None


class _FactButton(Themed, Pressable):
    def __init__(self, fact: _Fact) -> None:
        super().__init__()
        self._fact = fact
        self.setText(fact.text)
        self.setAccessibleName(fact.text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def sizeHint(self) -> QSize:
        words = self._theme.metrics("small").horizontalAdvance(self.text())
        return QSize(words + self._theme.px(_ICON) + _GAP + 2 * _PAD, max(32, self._theme.px(28)))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme, fact = self._theme, self._fact
        with painting(self) as painter:
            box(painter, self.rect(), 8, theme.soft(fact.tone))
            size = theme.px(_ICON)
            painter.drawPixmap(_PAD, middle(self.rect(), size), theme.toned(fact.icon, _ICON, fact.tone))
            words = QRect(_PAD + size + _GAP, 0, self.width(), self.height())
            line_of(painter, words, fact.text, (theme.font("small"), theme.ink(fact.tone)), LEFT)
            if self.hasFocus():
                ring(painter, self.rect(), 8, theme.colour("focus"))


class SummaryLine(QWidget):
    """``wanted`` carries a page and its target."""

    wanted = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._line = row(gap=12)
        self.setLayout(self._line)

    def show_view(self, view: TodayView) -> None:
        """Clocks, drafts, and how far the week has come."""
        clear(self._line)
        buttons = []
        for fact in _facts(view):
            button = _FactButton(fact)
            button.clicked.connect(partial(self.wanted.emit, fact.page, fact.target))
            buttons.append(button)
        self._line.addWidget(flow(*buttons), 1)
        words = gettext("This week {done} of {all}").format(done=view.week_done, all=view.week_all)
        week = Text(words, "small", "ink-2")
        week.setMinimumHeight(32)
        self._line.addWidget(week, 0, Qt.AlignmentFlag.AlignTop)


def _facts(view: TodayView) -> Sequence[_Fact]:
    facts = []
    waiting = view.waiting
    if waiting.late:
        words = gettext("First response: {count} late").format(count=waiting.late)
        facts.append(_Fact(words, "over", "timer", "issues"))
    if waiting.running:
        count, left = waiting.count - waiting.late, time_left(waiting.running.left)
        words = gettext("{count} waiting, {left}").format(count=count, left=left)
        facts.append(_Fact(words, "due", "clock", "issues", waiting.running.issue))
    if view.parked:
        words = gettext("Unfinished visits: {count}").format(count=len(view.parked))
        facts.append(_Fact(words, "neu", "note-pencil", "visit", view.parked[0].household))
    return facts
