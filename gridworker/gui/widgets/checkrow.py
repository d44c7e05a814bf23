"""Check rows of a visit: what was looked at, what it was last time, and fine / problem / not checked."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Tone
from gridworker.gui.widgets.chip import Chip, ChipSpec
from gridworker.gui.widgets.layout import row
from gridworker.gui.widgets.paint import box, icon, line_of, middle, painting, ring
from gridworker.gui.widgets.text import ElidedText, Text
from gridworker.gui.widgets.themed import Themed

FINE, PROBLEM, UNCHECKED = "fine", "problem", "unchecked"
"""The three answers; the page maps them to the codes it stores."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the three answers: its value, words, and how it looks when picked."""

    value: str
    label: str
    tone: Tone = "neu"
    icon: str = ""


class _AnswerButton(Themed, QToolButton):
    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer
        self.setCheckable(True)
        self.setAccessibleName(answer.label)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def sizeHint(self) -> QSize:
        words = self._theme.metrics("small", True).horizontalAdvance(self.answer.label)
        return QSize(max(self._theme.px(72), words + self._theme.px(14) + 4 + 16), self._theme.px(30))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        with painting(self) as painter:
            theme, answer, on = self._theme, self.answer, self.isChecked()
            if on:
                painter.fillRect(self.rect(), theme.soft(answer.tone))
            elif self.underMouse():
                painter.fillRect(self.rect(), theme.colour("hover"))
            words = theme.metrics("small", on).horizontalAdvance(answer.label)
            size = theme.px(14) if on and answer.icon else 0
            left = (self.width() - words - (size + 4 if size else 0)) // 2
            if size:
                painter.drawPixmap(left, middle(self.rect(), size), theme.toned(answer.icon, 14, answer.tone))
                left += size + 4
            ink = theme.ink(answer.tone) if on else theme.colour("ink-2")
            line_of(painter, QRect(left, 0, words + 2, self.height()), answer.label, (theme.font("small", on), ink))


class TriState(QWidget):
    """Three exclusive answers. ``answered`` carries the value a person picked."""

    answered = Signal(str)

    def __init__(self, answers: tuple[Answer, ...], value: str = UNCHECKED) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(1)
        self._buttons = {answer.value: _AnswerButton(answer) for answer in answers}
        for button in self._buttons.values():
            self._group.addButton(button)
            layout.addWidget(button)
            button.clicked.connect(self._on_clicked)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_value(value)
        themes.follow(self.update)

    def value(self) -> str:
        """The answer now."""
        return next((value for value, button in self._buttons.items() if button.isChecked()), "")

    def set_value(self, value: str) -> None:
        """Answer without a signal."""
        self._buttons[value].setChecked(True)

    def answer(self, value: str) -> None:
        """Answer as a click does."""
        self.set_value(value)
        self.answered.emit(value)

    def by_number(self, digit: str) -> str:
        """The answer a digit stands for, or ''."""
        values = list(self._buttons)
        return values[int(digit) - 1] if digit in {"1", "2", "3"} and int(digit) <= len(values) else ""

    def _on_clicked(self) -> None:
        self.answered.emit(self.value())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the outline and the two dividers."""
        del event
        with painting(self) as painter:
            theme = themes.current()
            box(painter, self.rect(), 7, theme.colour("card"), theme.colour("line-strong"))
            for button in list(self._buttons.values())[1:]:
                painter.fillRect(button.x() - 1, 1, 1, self.height() - 2, theme.colour("line"))


class CheckRow(QWidget):
    """One thing to look at. Focusable: 1 2 3 answer it; up and down are for the page."""

    answered = Signal(str, str)
    """The row's key and the answer."""
    stepped = Signal(str, int)
    """The row's key and -1 or 1: the arrow keys ask for the row above or below."""

    def __init__(self, key: str, label: str, icon_name: str, answers: tuple[Answer, ...], *, note: str = "") -> None:
        super().__init__()
        self.key, self._icon, self._among = key, icon_name, [label]
        self._label, self._note = Text(label), ElidedText(note, "caption", "ink-3")
        self._chip: Chip | None = None
        self.control = TriState(answers)
        self.setAccessibleName(f"{label} {note}".strip())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._row = row(self._label, gap=10)
        self._row.addWidget(self._note, 1)
        self._row.addWidget(self.control)
        self.setLayout(self._row)
        self.control.answered.connect(self._on_answered)
        themes.follow(self._restyle)

    def align(self, labels: Sequence[str]) -> None:
        """What is behind its label stands in one column with what is behind these."""
        self._among = [*self._among, *labels]
        self._restyle()

    def value(self) -> str:
        """The answer now."""
        return self.control.value()

    def show_chip(self, chip: ChipSpec) -> None:
        """Say that there is an open issue already, in place of the note."""
        if self._chip is None:
            self._chip = Chip(chip)
            self._row.insertWidget(1, self._chip)
            self._note.setText("")
        else:
            self._chip.show_chip(chip)

    def _restyle(self) -> None:
        self._theme = themes.current()
        self.setMinimumHeight(self._theme.px(44))
        self._row.setContentsMargins(14 + self._theme.px(18) + 14, 0, 14, 0)
        widths = map(self._theme.metrics("body").horizontalAdvance, self._among)
        self._label.setMinimumWidth(max(self._theme.px(84), max(widths) + 2))
        self.update()

    def _on_answered(self, value: str) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.answered.emit(self.key, value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """1, 2, 3 answer; up and down step."""
        value = self.control.by_number(event.text())
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if value:
            self.control.answer(value)
        elif step is not None:
            self.stepped.emit(self.key, step)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon, and the ring where the keys go."""
        del event
        with painting(self) as painter:
            if self.hasFocus():
                box(painter, self.rect(), 8, self._theme.colour("sel"))
                ring(painter, self.rect(), 8, self._theme.colour("focus"))
            size = self._theme.px(18)
            icon(painter, self._theme, (14, middle(self.rect(), size)), self._icon, (18, "ink-2"))
