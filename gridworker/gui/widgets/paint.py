"""Strokes shared by everything that paints itself: crisp rounded boxes, focus rings, one line of text."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPaintDevice, QPainter, QPen

from gridworker.gui.look.theme import Theme

LEFT: Final = (Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter).value
RIGHT: Final = (Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter).value
CENTRE: Final = Qt.AlignmentFlag.AlignCenter.value
TOP: Final = (Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop).value

FOCUS_WIDTH: Final = 2
_HUNDRED = 100


@contextmanager
def painting(device: QPaintDevice) -> Iterator[QPainter]:
    """A painter with smooth edges, ended whatever happens: one left open takes the program down with it."""
    painter = QPainter(device)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        yield painter
    finally:
        painter.end()


def box(
    painter: QPainter, rect: QRect | QRectF, radius: float, fill: QColor | None, line: QColor | None = None
) -> None:
    """A rounded box with an optional hairline inside its edge."""
    area = QRectF(rect)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    if line is None:
        painter.setPen(Qt.PenStyle.NoPen)
    else:
        painter.setPen(QPen(line, 1))
        area = area.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(area, radius, radius)


def ring(painter: QPainter, rect: QRect | QRectF, radius: float, colour: QColor) -> None:
    """The focus ring, just inside ``rect``."""
    half = FOCUS_WIDTH / 2
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, FOCUS_WIDTH))
    painter.drawRoundedRect(QRectF(rect).adjusted(half, half, -half, -half), radius, radius)


def line_of(painter: QPainter, rect: QRect | QRectF, text: str, look: tuple[QFont, QColor], flags: int = LEFT) -> None:
    """One line of plain text in a font and a colour, not elided: fit it first."""
    painter.setFont(look[0])
    painter.setPen(look[1])
    painter.drawText(QRectF(rect), flags, text)


def middle(rect: QRect, size: int) -> int:
    """The top of something ``size`` high, centred in ``rect``."""
    return rect.top() + (rect.height() - size) // 2


def icon(painter: QPainter, theme: Theme, at: tuple[int, int], name: str, look: tuple[int, str]) -> None:
    """An icon at a point; ``look`` is its size at 100% and the token of its colour."""
    painter.drawPixmap(at[0], at[1], theme.pixmap(name, look[0], look[1]))


def short_count(count: int) -> str:
    """A count for where there is no room for more than two digits: an icon has to be seen beside it."""
    return str(count) if count < _HUNDRED else "99+"
