"""Progress: a bar, the five segments of an issue, and the numbered steps of its detail."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Theme, Tone
from gridworker.gui.widgets.paint import CENTRE, LEFT, box, line_of, painting

SEGMENTS_WIDTH = 96
_SEGMENTS = 5

StepTone: TypeAlias = Literal["accent", "over", "due", "ok"]


@dataclass(frozen=True, slots=True)
class Steps:
    """How far an issue is: ``done`` steps of five, then the current one in a tone, and its name in words.

    ``done`` counts the finished steps (0-5); the current one is drawn after them unless all are done.
    """

    done: int
    label: str
    tone: StepTone = "accent"


def paint_steps(painter: QPainter, theme: Theme, rect: QRect, steps: Steps) -> None:
    """Draw the five segments and the words under them, centred in ``rect``."""
    gap, height = 3, theme.px(5)
    width = (theme.px(SEGMENTS_WIDTH) - gap * (_SEGMENTS - 1)) / _SEGMENTS
    line = theme.line("caption")
    top = rect.center().y() + 1 - (height + 5 + line) // 2
    for number in range(_SEGMENTS):
        name = "r4" if number < steps.done else _current(steps.tone) if number == steps.done else "neu-line"
        box(painter, QRectF(rect.left() + number * (width + gap), top, width, height), height / 2, theme.colour(name))
    ink = theme.colour("ink-2") if steps.tone in {"accent", "ok"} else theme.ink(steps.tone)
    words = QRect(rect.left(), top + height + 5, theme.px(160), line)
    line_of(painter, words, steps.label, (theme.font("caption"), ink), LEFT)


def _current(tone: StepTone) -> str:
    return "r5" if tone == "accent" else f"{tone}-mark"


class Bar(QWidget):
    """A bar from 0 to 1, with an optional mark for a target. Read aloud as percent by its name."""

    def __init__(
        self, share: float = 0.0, *, tone: Tone = "accent", target: float | None = None, height: int = 6
    ) -> None:
        super().__init__()
        self._share, self._tone, self._target, self._height = share, tone, target, height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def _restyle(self) -> None:
        self.setFixedHeight(themes.current().px(self._height + (8 if self._target is not None else 0)))
        self.update()

    def show_share(self, share: float, tone: Tone | None = None) -> None:
        """Show another share, 0 to 1."""
        self._share = max(0.0, min(share, 1.0))
        self._tone = tone or self._tone
        self.update()

    def share(self) -> float:
        """The share shown."""
        return self._share

    def sizeHint(self) -> QSize:
        """A short bar that grows."""
        return QSize(120, self.minimumHeight())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the track, the bar and the target."""
        del event
        with painting(self) as painter:
            theme = themes.current()
            height = theme.px(self._height)
            track = QRect(0, (self.height() - height) // 2, self.width(), height)
            box(painter, track, height / 2, theme.colour("neu-soft"))
            if self._share > 0:
                box(
                    painter,
                    QRectF(track.left(), track.top(), max(height, self.width() * self._share), height),
                    height / 2,
                    theme.mark(self._tone),
                )
            if self._target is not None:
                painter.fillRect(QRectF(self.width() * self._target - 1, 0, 2, self.height()), theme.colour("ink"))


class Stepper(QWidget):
    """The numbered steps of an issue: done ones ticked, the current one ringed, its name bold."""

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__()
        self._labels, self._current, self._tone = list(labels), 0, "accent"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def _restyle(self) -> None:
        self._theme = themes.current()
        self.setFixedHeight(self._theme.px(48))
        self.updateGeometry()
        self.update()

    def show_step(self, current: int, tone: StepTone = "accent", description: str = "") -> None:
        """``current`` is the index of the step at work; past the end means all done. ``over`` marks a breach."""
        self._current, self._tone = current, tone
        name = self._labels[current] if current < len(self._labels) else self._labels[-1]
        self.setAccessibleName(description or name)
        self.update()

    def sizeHint(self) -> QSize:
        """Room for every label beside its neighbours: the steps stand at equal distances."""
        widths = [self._theme.metrics("caption", True).horizontalAdvance(label) for label in self._labels]
        pitch = max([(one + other) // 2 + 8 for one, other in pairwise(widths)] + widths[:1] + widths[-1:], default=0)
        return QSize(pitch * len(self._labels), self._theme.px(48))

    def minimumSizeHint(self) -> QSize:
        """The same: labels never meet."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw circles, lines and labels."""
        del event
        with painting(self) as painter:
            theme, count = self._theme, len(self._labels)
            cell, side = self.width() / count, theme.px(24)
            for number in range(count):
                x = cell * number + cell / 2
                if number:
                    name = "r4" if number <= self._current else "line-strong"
                    painter.setPen(QPen(theme.colour(name), 2))
                    y = side / 2
                    painter.drawLine(QPointF(x - cell + side / 2, y), QPointF(x - side / 2, y))
                self._paint_circle(painter, theme, QRectF(x - side / 2, 0, side, side), number)
                # A long name has the room its short neighbours leave, as the distance was reckoned.
                wide = theme.metrics("caption", number == self._current).horizontalAdvance(self._labels[number]) + 2
                words = QRectF(x - wide / 2, side + 4, wide, theme.line("caption"))
                self._paint_label(painter, theme, words, number)

    def _paint_circle(self, painter: QPainter, theme: Theme, circle: QRectF, number: int) -> None:
        inner = circle.adjusted(1, 1, -1, -1)
        if number < self._current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("r5"))
            painter.drawEllipse(circle)
            self._paint_icon(painter, theme, circle, ("check-bold", 12, "card"))
            return
        late = number == self._current and self._tone == "over"
        line = "over-mark" if late else "r5" if number == self._current else "line-strong"
        painter.setPen(QPen(theme.colour(line), 2))
        painter.setBrush(theme.colour("card"))
        painter.drawEllipse(inner)
        if late:
            self._paint_icon(painter, theme, circle, ("warning-fill", 14, "over-ink"))
        else:
            ink = theme.colour("accent-ink" if number == self._current else "ink-3")
            line_of(painter, circle, str(number + 1), (theme.font("caption", number == self._current), ink), CENTRE)

    @staticmethod
    def _paint_icon(painter: QPainter, theme: Theme, circle: QRectF, look: tuple[str, int, str]) -> None:
        name, size, colour = look
        inset = (circle.width() - theme.px(size)) / 2
        painter.drawPixmap(QPointF(circle.left() + inset, circle.top() + inset), theme.pixmap(name, size, colour))

    def _paint_label(self, painter: QPainter, theme: Theme, rect: QRectF, number: int) -> None:
        here = number == self._current
        ink = (
            theme.ink("over")
            if here and self._tone == "over"
            else theme.colour("ink" if number <= self._current else "ink-3")
        )
        line_of(painter, rect, self._labels[number], (theme.font("caption", here), ink), CENTRE)
