"""Phosphor icons as pixmaps, drawn from the font that ships with qtawesome.

Importing qtawesome costs ten times what this does and loads every icon font it has, so only its Phosphor font and
character map are used: 9 ms once instead of 150 ms.
"""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPixmap, QRawFont, QTransform

_RATIO = 2
"""Pixmaps are drawn at twice their size: sharp on high-DPI screens, and exact on others."""


@cache
def _folder() -> Path:
    spec = find_spec("qtawesome")
    if spec is None or spec.origin is None:
        raise RuntimeError("qtawesome is not installed")
    return Path(spec.origin).parent / "fonts"


@cache
def _charmap() -> dict[str, str]:
    found: dict[str, str] = json.loads(next(_folder().glob("phosphor-charmap-*.json")).read_text("utf-8"))
    return found


def exists(name: str) -> bool:
    """Whether the font has an icon of this name."""
    return name in _charmap()


class Icons:
    """Pixmaps by (name, size, colour), drawn once each. Glyphs fill their box as the mock-ups show them."""

    def __init__(self) -> None:
        self._font: QRawFont | None = None
        self._paths: dict[str, QPainterPath] = {}
        self._pixmaps: dict[tuple[str, int, int], QPixmap] = {}

    def pixmap(self, name: str, size: int, colour: QColor) -> QPixmap:
        """The icon in a square of ``size`` logical pixels. An unknown name is a bug and raises KeyError."""
        key = (name, size, colour.rgba())
        if key not in self._pixmaps:
            self._pixmaps[key] = self._draw(name, size, colour)
        return self._pixmaps[key]

    def icon(self, name: str, size: int, colour: QColor) -> QIcon:
        """The same as a QIcon, for Qt's own widgets."""
        return QIcon(self.pixmap(name, size, colour))

    def _draw(self, name: str, size: int, colour: QColor) -> QPixmap:
        path = QTransform.fromScale(size * _RATIO, size * _RATIO).map(self._path(name))
        pixmap = QPixmap(size * _RATIO, size * _RATIO)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(path, colour)
        painter.end()
        pixmap.setDevicePixelRatio(_RATIO)
        return pixmap

    def _path(self, name: str) -> QPainterPath:
        """The outline in a unit square."""
        if name not in self._paths:
            font = self._raw()
            glyph = font.glyphIndexesForString(chr(int(_charmap()[name], 16)))[0]
            em = font.pixelSize()
            path = font.pathForGlyph(glyph).translated(QPointF(0, font.ascent()))
            self._paths[name] = QTransform.fromScale(1 / em, 1 / em).map(path)
        return self._paths[name]

    def _raw(self) -> QRawFont:
        if self._font is None:
            self._font = QRawFont(str(next(_folder().glob("phosphor-[0-9]*.ttf"))), 256)
        return self._font
