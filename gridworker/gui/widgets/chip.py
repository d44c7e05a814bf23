"""Chips: small facts on a soft fill, each meaning with its own colour, word and icon."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Theme, Tone
from gridworker.gui.widgets.paint import LEFT, box, line_of, painting
from gridworker.gui.widgets.themed import Themed

HEIGHT = 22
GAP = 6
_PAD, _ICON, _ICON_GAP = 7, 14, 4


@dataclass(frozen=True, slots=True)
class ChipSpec:
    """What a chip says. ``tone`` may also be ``hero-warn`` (overdue, on the hero) and ``outline`` (an offer)."""

    text: str
    tone: Tone | Literal["hero-warn", "outline"] = "neu"
    icon: str = ""
    bold: bool = False


def chip_width(theme: Theme, chip: ChipSpec) -> int:
    """How wide a chip is."""
    icon = theme.px(_ICON) + theme.px(_ICON_GAP) if chip.icon else 0
    return theme.metrics("caption", chip.bold).horizontalAdvance(chip.text) + icon + 2 * theme.px(_PAD)


def paint_chip(painter: QPainter, theme: Theme, at: tuple[int, int], chip: ChipSpec) -> int:
    """Draw a chip with its left edge and vertical middle at ``at``; gives its width."""
    height, width = theme.px(HEIGHT), chip_width(theme, chip)
    rect = QRect(at[0], at[1] - height // 2, width, height)
    ink, fill, line = _colours(theme, chip)
    box(painter, rect, 6, fill, line)
    left = rect.left() + theme.px(_PAD)
    if chip.icon:
        size = theme.px(_ICON)
        painter.drawPixmap(left, rect.top() + (height - size) // 2, _pixmap(theme, chip))
        left += size + theme.px(_ICON_GAP)
    words = QRect(left, rect.top(), rect.right() - left + 1, height)
    line_of(painter, words, chip.text, (theme.font("caption", chip.bold), ink), LEFT)
    return width


def _colours(theme: Theme, chip: ChipSpec) -> tuple[QColor, QColor, QColor | None]:
    if chip.tone == "hero-warn":
        return theme.colour("hero-warn-ink"), theme.colour("hero-warn"), None
    if chip.tone == "outline":
        return theme.colour("ink-2"), theme.colour("card"), theme.colour("line-strong")
    return theme.ink(chip.tone), theme.soft(chip.tone), None


def _pixmap(theme: Theme, chip: ChipSpec) -> QPixmap:
    if chip.tone == "hero-warn":
        return theme.pixmap(chip.icon, _ICON, "hero-warn-ink")
    if chip.tone == "outline":
        return theme.pixmap(chip.icon, _ICON, "ink-2")
    return theme.toned(chip.icon, _ICON, chip.tone)


class Chip(Themed, QWidget):
    """One chip, standing alone."""

    def __init__(self, chip: ChipSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chip = chip
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(chip.text)
        themes.follow(self._restyle)

    def chip(self) -> ChipSpec:
        """What it says now."""
        return self._chip

    def show_chip(self, chip: ChipSpec) -> None:
        """Say something else."""
        self._chip = chip
        self.setAccessibleName(chip.text)
        self._restyle()

    def sizeHint(self) -> QSize:
        """The size of the chip."""
        return QSize(chip_width(self._theme, self._chip), self._theme.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the chip."""
        del event
        with painting(self) as painter:
            paint_chip(painter, self._theme, (0, self.height() // 2), self._chip)
