"""The side column as a line of buttons, where there is no room for it: large text, a narrow window."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from gridworker.app.due.today_view import TodayView
from gridworker.app.words.days import time_left
from gridworker.gui.look.theme import Tone
from gridworker.gui.widgets.layout import clear, flow, row
from gridworker.gui.widgets.paint import painting
from gridworker.gui.widgets.pill import ICON, Pill
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext


@dataclass(frozen=True, slots=True)
class _Fact:
    text: str
    tone: Tone
    icon: str
    page: str
    target: object = None


class _FactButton(Pill):
    def __init__(self, fact: _Fact) -> None:
        super().__init__(fact.text, pad=10, height=28)
        self._fact = fact

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme, tone = self._theme, self._fact.tone
        with painting(self) as painter:
            self.draw(painter, theme.toned(self._fact.icon, ICON, tone), theme.ink(tone), theme.soft(tone))


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
