"""The picture of the first pages: a building with lit windows, under the sky of the hour. Drawn, not loaded.

The picture is 600 by 869, scaled to the width it gets and standing on the ground; the sky fills the rest.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPainterPath, QPaintEvent, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from gridworker.gui.widgets.paint import painting
from gridworker.text import gettext

Hour: TypeAlias = Literal["morning", "day", "dusk", "night"]

WIDTH, HEIGHT = 600, 869
_GROUND = 847

_WALL, _SIDE_WALL, _PANE, _SIDE_PANE = "#0a2f36", "#0f454d", "#134a52", "#175760"
_LAMPS = ("#f8e1a8", "#f6d488", "#f2c14e", "#efae3e")
_SIDE_LAMPS = ("#c99a3c", "#b98b36")


@dataclass(frozen=True, slots=True)
class _Sky:
    """The colours of one time of day: the gradient from the top, the two hills, sun or moon."""

    stops: tuple[tuple[float, str], ...]
    far: str
    near: str
    disc: str
    rings: tuple[tuple[int, float], ...]
    """(radius, how strong) from the outside in."""
    at: tuple[int, int]
    stars: bool = False


_NIGHT_STOPS = ((0.0, "#0c3037"), (0.45, "#124a52"), (0.6, "#17575f"), (1.0, "#2a7076"))
_SKIES: dict[Hour, _Sky] = {
    "night": _Sky(
        _NIGHT_STOPS, "#1c5e65", "#154c53", "#f6e3b0", ((62, 0.10), (46, 0.16), (30, 1.0)), (496, 169), stars=True,
    ),
    "morning": _Sky(
        ((0.0, "#1b5a61"), (0.31, "#44888a"), (0.43, "#66a19e"), (0.54, "#92beb3"), (0.61, "#accdbe"), (1, "#f0e6c4")),
        "#72a59c", "#2f7477", "#fff3d2", ((96, 0.38), (66, 0.55), (40, 1.0)), (420, 487),
    ),
    "day": _Sky(
        ((0.0, "#2f7f8c"), (0.35, "#63abb0"), (0.6, "#a9d3cc"), (1.0, "#e4efe0")),
        "#79b0a6", "#3a8081", "#fff6dc", ((70, 0.25), (50, 0.4), (32, 1.0)), (470, 150),
    ),
    "dusk": _Sky(
        ((0.0, "#173f49"), (0.3, "#2f6b70"), (0.47, "#7f9c8d"), (0.58, "#d9b884"), (0.68, "#e9a15f"), (1.0, "#d98a52")),
        "#6b8478", "#2a5f62", "#ffdf9e", ((96, 0.30), (66, 0.45), (40, 1.0)), (420, 500),
    ),
}  # fmt: skip

_LIT: dict[Hour, tuple[dict[int, int], tuple[int, ...], tuple[int, ...]]] = {
    "night": (
        {
            3: 0, 4: 1, 7: 3, 10: 0, 11: 3, 13: 3, 14: 2, 15: 2, 18: 0, 19: 3, 21: 3, 22: 2, 23: 0, 25: 0, 37: 3,
            38: 0, 39: 2, 43: 0,
        },
        (5, 10, 11, 22, 23, 24, 25, 27, 29, 31), (5, 13, 14, 17, 22, 24, 31),
    ),
    "morning": (
        {1: 3, 7: 1, 8: 1, 9: 1, 12: 2, 13: 3, 15: 0, 16: 2, 20: 1, 21: 2, 23: 2, 26: 3, 37: 2, 41: 3},
        (6, 8, 19, 21, 23), (3, 8, 9, 11, 13, 16, 20, 26, 27, 30),
    ),
    "day": ({}, (), ()),
    "dusk": ({3: 0, 7: 3, 11: 3, 14: 2, 19: 3, 22: 2, 25: 0, 38: 1}, (10, 22, 25), (5, 14, 22)),
}  # fmt: skip
"""Which windows are lit: by number in the middle building with their lamp, by number in the left and the right one."""


def hour_of(moment: datetime) -> Hour:
    """The sky of a time of day."""
    if moment.hour in range(5, 10):
        return "morning"
    if moment.hour in range(10, 17):
        return "day"
    return "dusk" if moment.hour in range(17, 19) else "night"


def greeting_of(moment: datetime) -> str:
    """The words for a time of day."""
    if moment.hour in range(5, 12):
        return gettext("Good morning")
    return gettext("Good afternoon") if moment.hour in range(12, 18) else gettext("Good evening")


class Dusk(QWidget):
    """The picture. What stands on it is laid out by the page."""

    def __init__(self, hour: Hour = "night") -> None:
        super().__init__()
        self._hour: Hour = hour
        self._picture = QPixmap()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture once for each size."""
        del event
        ratio = self.devicePixelRatioF()
        size = self.size() * ratio
        if self._picture.size() != size:
            self._picture = QPixmap(size)
            self._picture.setDevicePixelRatio(ratio)
            with painting(self._picture) as drawing:
                paint_dusk(drawing, QRectF(self.rect()), self._hour)
        with painting(self) as painter:
            painter.drawPixmap(0, 0, self._picture)


def paint_dusk(painter: QPainter, area: QRectF, hour: Hour) -> None:
    """Draw the picture into an area."""
    sky, lit = _SKIES[hour], _LIT[hour]
    gradient = QLinearGradient(area.topLeft(), area.bottomLeft())
    for place, colour in sky.stops:
        gradient.setColorAt(place, QColor(colour))
    painter.fillRect(area, gradient)
    scale = max(area.width() / WIDTH, 0.1)
    painter.save()
    painter.translate(area.left(), area.bottom() - HEIGHT * scale)
    painter.scale(scale, scale)
    painter.setPen(Qt.PenStyle.NoPen)
    if sky.stars:
        _paint_stars(painter)
    _paint_disc(painter, sky)
    _paint_hills(painter, sky)
    _paint_side(painter, (36, 516, 117), 8, lit[1])
    _paint_side(painter, (452, 488, 533), 9, lit[2])
    _paint_middle(painter, lit[0])
    _paint_ground(painter)
    painter.restore()


def _paint_stars(painter: QPainter) -> None:
    seed = 41
    for _ in range(46):
        seed = (seed * 1103515245 + 12345) % 2**31
        x, y, strength = seed % 600, (seed >> 10) % 430, (seed >> 5) % 5
        star = QColor("#ffffff")
        star.setAlphaF(0.25 + 0.13 * strength)
        side = 2.0 if strength > 2 else 1.4
        painter.fillRect(QRectF(x, y, side, side), star)


def _paint_disc(painter: QPainter, sky: _Sky) -> None:
    for radius, strength in sky.rings:
        colour = QColor(sky.disc)
        colour.setAlphaF(strength)
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(*sky.at), radius, radius)


def _paint_hills(painter: QPainter, sky: _Sky) -> None:
    far = QPainterPath(QPointF(0, 561))
    far.cubicTo(110, 500, 210, 480, 320, 492)
    far.cubicTo(420, 500, 520, 494, 600, 472)
    near = QPainterPath(QPointF(0, 611))
    near.cubicTo(130, 556, 240, 580, 340, 586)
    near.cubicTo(440, 592, 540, 566, 600, 549)
    for path, colour in ((far, sky.far), (near, sky.near)):
        path.lineTo(600, HEIGHT)
        path.lineTo(0, HEIGHT)
        painter.fillPath(path, QColor(colour))


def _block(painter: QPainter, rect: QRectF, colour: str, corner: float = 0) -> None:
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(rect, corner, corner)


def _paint_window(painter: QPainter, rect: QRectF, colour: str, *, curtain: bool) -> None:
    _block(painter, rect, colour, 3)
    if curtain:
        shade = QColor(0, 0, 0, 40)
        painter.fillRect(QRectF(rect.center().x() - 0.5, rect.top(), 1.6, rect.height()), shade)


def _paint_side(painter: QPainter, place: tuple[int, int, int], floors: int, lit: tuple[int, ...]) -> None:
    """A building at the side: (left, roof, chimney), its floors and its lit windows."""
    left, roof, chimney = place
    _block(painter, QRectF(chimney, roof - 20, 26, 24), _SIDE_WALL, 2)
    _block(painter, QRectF(left - 4, roof, 138, 9), _SIDE_WALL, 2)
    _block(painter, QRectF(left, roof + 8, 130, HEIGHT), _SIDE_WALL)
    for number in range(floors * 4):
        floor, column = divmod(number, 4)
        pane = QRectF(left + 12.5 + column * 28, roof + 23 + floor * 36, 21.5, 24)
        colour = _SIDE_LAMPS[number % 2] if number in lit else _SIDE_PANE
        _paint_window(painter, pane, colour, curtain=number in lit and number % 3 == 1)


def _paint_middle(painter: QPainter, lit: dict[int, int]) -> None:
    _block(painter, QRectF(343, 406, 26, 24), _WALL, 2)
    _block(painter, QRectF(164, 426, 290, 9), _WALL, 2)
    _block(painter, QRectF(168, 434, 282, HEIGHT), _WALL)
    for number in range(48):
        floor, column = divmod(number, 6)
        pane = QRectF(180.5 + column * 44, 449 + floor * 42, 37, 30)
        colour = _LAMPS[lit[number]] if number in lit else _PANE
        _paint_window(painter, pane, colour, curtain=number in lit and (number + lit[number]) % 5 < 2)


def _paint_ground(painter: QPainter) -> None:
    for x, y, radius in ((24, 833, 34), (86, 836, 25), (129, 830, 39), (478, 832, 35), (540, 835, 27), (583, 830, 42)):
        painter.setBrush(QColor("#0b3238"))
        painter.drawEllipse(QPointF(x, y), radius, radius)
    _block(painter, QRectF(0, _GROUND, WIDTH, HEIGHT), "#082a30")
    painter.setBrush(QColor("#485438"))
    painter.drawPolygon(
        QPolygonF([QPointF(276, _GROUND), QPointF(332, _GROUND), QPointF(357, HEIGHT), QPointF(251, HEIGHT)])
    )
    _block(painter, QRectF(268, 785, 72, 8), "#061f24", 2)
    _block(painter, QRectF(276, 793, 56, 54), "#f8e1a8", 3)
    _block(painter, QRectF(280, 798, 23, 49), "#d9a441", 1.5)
    _block(painter, QRectF(305, 798, 23, 49), "#e6bd63", 1.5)
