"""The key to the colours of a door matrix: small swatches with a word each."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Theme
from gridworker.gui.widgets.paint import CENTRE, LEFT, box, line_of
from gridworker.gui.widgets.themed import Themed
from gridworker.text import clauses

_SWATCH, _GAP, _APART = 16, 6, 14


@dataclass(frozen=True, slots=True)
class Swatch:
    """A colour by its token, or ``over`` (the red bar) or ``flag`` (the black ``!``), and what it means."""

    fill: str
    label: str


class Legend(Themed, QWidget):
    """Swatches side by side. Where there is no room for all, the last ones are left out."""

    def __init__(self) -> None:
        super().__init__()
        self._swatches: tuple[Swatch, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def show_swatches(self, swatches: Sequence[Swatch]) -> None:
        """Show other swatches."""
        self._swatches = tuple(swatches)
        self.setAccessibleName(clauses(*(swatch.label for swatch in swatches)))
        self._restyle()

    def _width(self, swatch: Swatch) -> int:
        return self._theme.px(_SWATCH) + _GAP + self._theme.metrics("caption").horizontalAdvance(swatch.label)

    def sizeHint(self) -> QSize:
        """All in one line."""
        apart = _APART * max(len(self._swatches) - 1, 0)
        return QSize(sum(map(self._width, self._swatches)) + apart, self._theme.px(22))

    def minimumSizeHint(self) -> QSize:
        """Nothing: it is a help, and goes first where room is short."""
        return QSize(0, self._theme.px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what fits, from the right."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, theme = self.width() - min(self.sizeHint().width(), self.width()), self._theme
        for swatch in self._swatches:
            width = self._width(swatch)
            if left + width > self.width():
                break
            side = theme.px(_SWATCH)
            self._paint_swatch(painter, theme, QRect(left, (self.height() - side) // 2, side, side), swatch.fill)
            words = QRect(left + side + _GAP, 0, width, self.height())
            line_of(painter, words, swatch.label, (theme.font("caption"), theme.colour("ink-2")), LEFT)
            left += width + _APART
        painter.end()

    @staticmethod
    def _paint_swatch(painter: QPainter, theme: Theme, square: QRect, fill: str) -> None:
        flat = square.adjusted(0, 2, 0, -2)
        if fill == "flag":
            box(painter, square, square.width() / 2, theme.colour("ink"))
            line_of(painter, square, "!", (theme.font("caption", True), theme.colour("canvas")), CENTRE)
        elif fill == "over":
            box(painter, flat, 3, theme.colour("over-soft"), theme.colour("over-line"))
            painter.fillRect(flat.left(), flat.top() + 1, 3, flat.height() - 2, theme.colour("over-mark"))
        else:
            box(painter, flat, 3, theme.colour(fill), theme.colour("line"))
