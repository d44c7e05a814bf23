"""The states a page or a panel can be in instead of its content, and the strip above it."""

from collections.abc import Callable
from typing import Literal, TypeAlias

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from gridworker.errors import Problem
from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Tone
from gridworker.gui.widgets.avatar import Avatar, AvatarSpec
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import column, row
from gridworker.gui.widgets.paint import box, painting
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

StateKind: TypeAlias = Literal["empty", "error", "locked"]
_LOOKS: dict[StateKind, tuple[str, Tone]] = {
    "empty": ("check", "accent"),
    "error": ("warning", "due"),
    "locked": ("lock-simple", "neu"),
}
_ERROR = "error"


class StatePanel(QWidget):
    """An icon, a sentence, a second one, and a button or two: an empty page, an error, a locked part."""

    pressed = Signal()

    def __init__(self, kind: StateKind, title: str, text: str = "", action: str = "", icon: str = "") -> None:
        super().__init__()
        name, tone = _LOOKS[kind]
        picture = Avatar(AvatarSpec(icon=icon or name, tone=tone), 52)
        inner = column(row(None, picture, None), 14, _centred(Text(title, "large", wrap=True)))
        if text:
            inner.addSpacing(4)
            inner.addWidget(_centred(Text(text, "small", "ink-3", wrap=True)))
        if action:
            self.button = Button(action)
            self.button.clicked.connect(self.pressed)
            inner.addSpacing(16)
            self._ways = row(None, self.button, None)
            inner.addLayout(self._ways)
        outer = column(None, inner, None, margins=(24, 24, 24, 24))
        self.setLayout(outer)
        self.setAccessibleName(f"{title} {text}".strip())

    def offer(self, action: str) -> Button:
        """Another way on, beside the first. Returns its button."""
        button = Button(action)
        self._ways.insertWidget(self._ways.count() - 1, button)
        return button


def error_in(stack: QStackedWidget, title: str, fault: Exception, again: Callable[[], object]) -> None:
    """Put a sentence and a way to try again in place of what a page could not read. What is no Problem is raised.

    Whatever is shown in the stack afterwards takes its place.
    """
    if not isinstance(fault, Problem):
        raise fault
    _put_in(stack, StatePanel("error", title, str(fault), gettext("Try again")), again)


def gone_in(stack: QStackedWidget, gone: Problem, back: Callable[[], object]) -> None:
    """Say that what was to be shown is not there any more, and lead back: to try again would not bring it back."""
    _put_in(stack, StatePanel("empty", str(gone), "", gettext("Back"), icon="sign-out"), back)


def _put_in(stack: QStackedWidget, panel: StatePanel, way: Callable[[], object]) -> None:
    for old in stack.findChildren(StatePanel, _ERROR, Qt.FindChildOption.FindDirectChildrenOnly):
        stack.removeWidget(old)
        old.deleteLater()
    panel.setObjectName(_ERROR)
    panel.pressed.connect(way)
    stack.addWidget(panel)
    stack.setCurrentWidget(panel)


def _centred(text: Text) -> Text:
    text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return text


class LoadingPanel(QWidget):
    """Nothing for 300 ms, then three grey rows, after 3 s a line that says what is going on."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = Text(text, "small", "ink-3")
        self._text.hide()
        self._rows = False
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addWidget(self._text)
        self.setAccessibleName(text)
        for delay, step in ((300, self._show_rows), (3000, self._text.show)):
            timer = QTimer(self)
            timer.setSingleShot(True)
            timer.timeout.connect(step)
            timer.start(delay)

    def _show_rows(self) -> None:
        self._rows = True
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows."""
        del event
        if not self._rows:
            return
        with painting(self) as painter:
            theme = themes.current()
            grey, left = theme.colour("neu-soft"), 24 + theme.px(36)
            for top in range(9, 9 + 3 * theme.px(54), theme.px(54)):
                box(painter, QRect(12, top, theme.px(36), theme.px(36)), 10, grey)
                box(painter, QRect(left, top + 4, theme.px(120), theme.px(10)), 5, grey)
                box(painter, QRect(left, top + theme.px(22), theme.px(200), theme.px(10)), 5, grey)


class Strip(QFrame):
    """A coloured line at the top of a panel: what happened, what is safe, one way on or two."""

    pressed = Signal()
    closed = Signal()

    def __init__(
        self, text: str, more: str = "", *, tone: Tone = "due", icon: str = "warning", action: str = ""
    ) -> None:
        super().__init__()
        self._tone, self._icon = tone, icon
        self._title = Text(text, "small", tone, bold=bool(more), wrap=True)
        words = column(self._title, gap=1)
        if more:
            words.addWidget(Text(more, "caption", tone, wrap=True))
        self._row = layout = row(gap=12)
        layout.addLayout(words, 1)
        if action:
            self.button = Button(action, size="compact")
            self.button.clicked.connect(self.pressed)
            layout.addWidget(self.button)
        self.setLayout(layout)
        self.setAccessibleName(f"{text} {more}".strip())
        themes.follow(self._restyle)

    def offer(self, action: str) -> Button:
        """Another way on, beside the first. Returns its button."""
        button = Button(action, size="compact")
        self._row.addWidget(button)
        return button

    def say(self, text: str) -> None:
        """Say something else, in one sentence."""
        self._title.setText(text)
        self.setAccessibleName(text)

    def _restyle(self) -> None:
        self._theme = themes.current()
        self._row.setContentsMargins(12 + self._theme.px(18) + 10, 8, 10, 8)
        self.setMinimumHeight(self._theme.px(40))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the fill and the icon."""
        del event
        with painting(self) as painter:
            box(painter, self.rect(), 8, self._theme.soft(self._tone))
            painter.drawPixmap(
                12, (self.height() - self._theme.px(18)) // 2, self._theme.toned(self._icon, 18, self._tone)
            )
