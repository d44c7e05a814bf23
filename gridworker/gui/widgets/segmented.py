"""A segmented control: one of a few, all in sight."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.look.fonts import Role
from gridworker.gui.widgets.paint import CENTRE, box, line_of, painting, ring
from gridworker.gui.widgets.pressable import Pressable
from gridworker.gui.widgets.themed import Themed


@dataclass(frozen=True, slots=True)
class Segment:
    """One choice: value, words, a count beside them; ``spoken`` is what it is called where the words are a sign."""

    value: str
    label: str
    count: int | None = None
    role: Role = "small"
    spoken: str = ""

    def name(self) -> str:
        """What a screen reader calls it."""
        words = self.spoken or self.label
        return words if self.count is None else f"{words} {self.count}"


class _SegmentButton(Themed, Pressable):
    def __init__(self, segment: Segment, height: int, bold: bool) -> None:
        super().__init__()
        self.segment = segment
        self._height, self._bold = height, bold
        self.setCheckable(True)
        self.setText(segment.label)
        self.setAccessibleName(segment.name())
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        themes.follow(self._restyle)

    def set_count(self, count: int | None) -> None:
        self.segment = replace(self.segment, count=count)
        self.setAccessibleName(self.segment.name())
        self._restyle()

    def set_label(self, label: str) -> None:
        self.segment = replace(self.segment, label=label)
        self.setText(label)
        self.setAccessibleName(self.segment.name())
        self._restyle()

    def _count(self) -> str:
        return "" if self.segment.count is None else str(self.segment.count)

    def _widths(self) -> tuple[int, int]:
        words = self._theme.metrics(self.segment.role, True).horizontalAdvance(self.segment.label)
        count = self._count()
        return words, self._theme.metrics("small").horizontalAdvance(count) + 16 if count else 0

    def sizeHint(self) -> QSize:
        words, count = self._widths()
        pad = 10 if self._height < 36 else 12
        return QSize(words + count + 2 * pad, self._theme.px(self._height) - 6)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        with painting(self) as painter:
            theme, on = self._theme, self.isChecked()
            if on:
                box(painter, self.rect(), 6, theme.colour("seg-on"), theme.colour("line"))
            elif self.underMouse():
                box(painter, self.rect(), 6, theme.colour("hover"))
            words, count = self._widths()
            left = (self.width() - words - count) // 2
            ink = theme.colour("ink" if on else "ink-2")
            font = theme.font(self.segment.role, on or self._bold)
            line_of(painter, QRect(left, 0, words, self.height()), self.segment.label, (font, ink), CENTRE)
            if count:
                line_of(
                    painter,
                    QRect(left + words, 0, count, self.height()),
                    self._count(),
                    (theme.font("small"), theme.colour("ink-2")),
                    CENTRE,
                )
            if self.hasFocus():
                ring(painter, self.rect(), 6, theme.colour("focus"))


class Segmented(QWidget):
    """One of a few values; ``chosen`` carries the value a person picked."""

    chosen = Signal(str)

    def __init__(self, segments: Sequence[Segment], value: str = "", *, height: int = 36, bold: bool = False) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._buttons: dict[str, _SegmentButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3, 3, 3, 3)
        layout.setSpacing(0)
        for segment in segments:
            button = _SegmentButton(segment, height, bold)
            self._buttons[segment.value] = button
            self._group.addButton(button)
            layout.addWidget(button)
            button.clicked.connect(self._on_clicked)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set_value(value or segments[0].value)
        themes.follow(self.update)

    def value(self) -> str:
        """The value picked."""
        return next((value for value, button in self._buttons.items() if button.isChecked()), "")

    def set_value(self, value: str) -> None:
        """Pick a value without a signal; '' picks none."""
        if value in self._buttons:
            self._buttons[value].setChecked(True)
        elif not value:
            self._group.setExclusive(False)
            for button in self._buttons.values():
                button.setChecked(False)
            self._group.setExclusive(True)
        self._let_tab_find_it()

    def _let_tab_find_it(self) -> None:
        """Tab comes to what is picked, as Qt itself would see to it once the focus had been here."""
        picked = self.value() or next(iter(self._buttons))
        for value, button in self._buttons.items():
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if value == picked else Qt.FocusPolicy.ClickFocus)

    def focus_first(self) -> None:
        """On what is picked, else on the first."""
        chosen = self._buttons.get(self.value()) or next(iter(self._buttons.values()))
        chosen.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_count(self, value: str, count: int | None) -> None:
        """Change the number beside a choice."""
        self._buttons[value].set_count(count)

    def set_label(self, value: str, label: str, hint: str = "") -> None:
        """Change the words of a choice; ``hint`` says them whole."""
        self._buttons[value].set_label(label)
        self._buttons[value].setToolTip(hint)

    def _on_clicked(self) -> None:
        self._let_tab_find_it()
        self.chosen.emit(self.value())

    def _step(self, by: int) -> None:
        values = list(self._buttons)
        at = values.index(self.value()) if self.value() in values else -1 if by > 0 else 0
        button = self._buttons[values[(at + by) % len(values)]]
        button.setFocus(Qt.FocusReason.TabFocusReason)
        button.click()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The focus is on what is picked, where it can be seen, also where a page gives it to all of them."""
        super().focusInEvent(event)
        self.focus_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right walk the choices."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        key = Qt.Key(event.key())
        if key in steps:
            self._step(steps[key])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the track."""
        del event
        with painting(self) as painter:
            box(painter, self.rect(), 8, themes.current().colour("seg"))
