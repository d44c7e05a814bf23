"""Option chips: pick one or several from a few, by mouse or by number key."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.keycap import key_width, paint_key
from gridworker.gui.widgets.layout import clear, flow
from gridworker.gui.widgets.paint import box, line_of, painting, ring
from gridworker.gui.widgets.pressable import Pressable
from gridworker.gui.widgets.themed import Themed

_PAD, _GAP = 8, 8
_MOST = 200
"""Pixels at 100 % that a chip keeps of longer words."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its value, its words and the digit that picks it. ``alone`` clears the others (无人在家)."""

    value: str
    label: str
    digit: str = ""
    alone: bool = False


class OptionButton(Themed, Pressable):
    """One option chip."""

    def __init__(self, option: Option) -> None:
        super().__init__()
        self.option = option
        self.setCheckable(True)
        self.setText(option.label)
        self.setAccessibleName(option.label)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def sizeHint(self) -> QSize:
        """Room for the bold words, so that picking moves nothing."""
        theme = self._theme
        key = key_width(theme, self.option.digit) + _GAP if self.option.digit else 4
        words = theme.metrics("body", True).horizontalAdvance(self.option.label)
        return QSize(_PAD + key + words + 14, theme.px(36))

    def minimumSizeHint(self) -> QSize:
        """A long name is shortened rather than making a page wider than its window."""
        return self.sizeHint().boundedTo(QSize(self._theme.px(_MOST), self._theme.px(36)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer the whole where it is shortened."""
        super().resizeEvent(event)
        self.setToolTip(self.option.label if self.width() < self.sizeHint().width() else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        del event
        with painting(self) as painter:
            theme, on = self._theme, self.isChecked()
            fill = "accent-soft" if on else "hover" if self.underMouse() else "card"
            box(painter, self.rect(), 8, theme.colour(fill), None if on else theme.colour("line-strong"))
            if on:
                ring(painter, self.rect(), 8, theme.colour("accent"))
            left = _PAD
            if self.option.digit:
                left += paint_key(painter, theme, (left, self.height() // 2), self.option.digit) + _GAP
            else:
                left += 4
            words = QRect(left, 0, self.width() - left, self.height())
            label = theme.metrics("body", on).elidedText(
                self.option.label, Qt.TextElideMode.ElideRight, words.width() - _PAD
            )
            line_of(painter, words, label, (theme.font("body", on), theme.colour("accent-ink" if on else "ink")))
            if self.hasFocus():
                ring(painter, self.rect().adjusted(2, 2, -2, -2) if on else self.rect(), 7, theme.colour("focus"))


class OptionChips(QWidget):
    """Options in a row that wraps. ``chosen`` carries the values picked, in the order offered."""

    chosen = Signal(list)

    def __init__(self, options: Sequence[Option] = (), *, several: bool = False, name: str = "") -> None:
        super().__init__()
        self._several = several
        self._buttons: dict[str, OptionButton] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self.setAccessibleName(name)
        self.set_options(options)

    def set_options(self, options: Sequence[Option]) -> None:
        """Offer other options; what is picked and still offered stays picked, and so does the focus.

        The same ones again stay the buttons they are.
        """
        if [button.option for button in self._buttons.values()] == list(options):
            return
        before, focused = self.values(), self.focused()
        clear(self._box)
        self._buttons = {option.value: OptionButton(option) for option in options}
        for button in self._buttons.values():
            button.clicked.connect(self._on_clicked)
        self._box.addWidget(flow(*self._buttons.values()))
        self.set_values(before)
        if focused in self._buttons:
            self._buttons[focused].setFocus(Qt.FocusReason.OtherFocusReason)

    def focused(self) -> str:
        """The value of the option that has the focus; '' for none."""
        return next((value for value, button in self._buttons.items() if button.hasFocus()), "")

    def offered(self) -> list[str]:
        """The values there are to pick from."""
        return list(self._buttons)

    def values(self) -> list[str]:
        """The values picked."""
        return [value for value, button in self._buttons.items() if button.isChecked()]

    def set_values(self, values: Iterable[str]) -> None:
        """Pick values without a signal."""
        picked = set(values)
        for value, button in self._buttons.items():
            button.setChecked(value in picked)

    def pick(self, value: str) -> None:
        """Pick as a click does."""
        self._buttons[value].click()

    def _on_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, OptionButton):
            self._settle(button)
            self.chosen.emit(self.values())

    def _settle(self, pressed: OptionButton) -> None:
        """Keep one picked in a single choice, and nothing beside an option that stands alone."""
        if not self._several:
            self.set_values([pressed.option.value])
        elif pressed.isChecked():
            for button in self._buttons.values():
                if button is not pressed and (pressed.option.alone or button.option.alone):
                    button.setChecked(False)

    def focus_first(self) -> None:
        """Put the focus on the picked option, or on the first."""
        button = next((b for b in self._buttons.values() if b.isChecked()), next(iter(self._buttons.values()), None))
        if button is not None:
            button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The focus is on an option, where it can be seen: a form that starts with options gives it to all of them."""
        super().focusInEvent(event)
        self.focus_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit picks its option; left and right walk."""
        button = next((b for b in self._buttons.values() if b.option.digit and b.option.digit == event.text()), None)
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if button is not None:
            button.setFocus(Qt.FocusReason.ShortcutFocusReason)
            button.click()
        elif step is not None:
            self._walk(step)
        else:
            super().keyPressEvent(event)

    def _walk(self, by: int) -> None:
        buttons = list(self._buttons.values())
        here = next((i for i, button in enumerate(buttons) if button.hasFocus()), -1)
        if 0 <= here + by < len(buttons):
            buttons[here + by].setFocus(Qt.FocusReason.TabFocusReason)
