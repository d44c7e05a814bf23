"""The type of the window: families by platform, roles with their pixel sizes, and a cache of fonts and metrics.

Sizes are pixels times the text scale, so all platforms agree; Qt's device pixel ratio handles high-DPI.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

from PySide6.QtGui import QFont, QFontMetrics

Role: TypeAlias = Literal["rail", "caption", "small", "body", "large", "title", "display", "figure"]

SCALES = (1.0, 1.25, 1.5)

_COMMON = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei UI", "Microsoft YaHei", "PingFang SC")
_RARE = ("SimSun-ExtB", "SimSun-ExtG", "Plangothic P1")
_FIRST = {"win32": "Microsoft YaHei UI", "darwin": "PingFang SC"}


@dataclass(frozen=True, slots=True)
class TypeSize:
    """One role of text at 100%: pixel size, line height, and whether it is bold unless asked otherwise."""

    px: int
    line: int
    bold: bool = False


ROLES: Mapping[Role, TypeSize] = MappingProxyType({
    "rail": TypeSize(11, 14),
    "caption": TypeSize(12, 16),
    "small": TypeSize(13, 18),
    "body": TypeSize(14, 20),
    "large": TypeSize(16, 24, bold=True),
    "title": TypeSize(20, 28, bold=True),
    "display": TypeSize(26, 34, bold=True),
    "figure": TypeSize(32, 38, bold=True),
})  # fmt: skip


def families(platform: str = sys.platform) -> list[str]:
    """The family list for a platform: its own face first, rare characters last."""
    first = [_FIRST[platform]] if platform in _FIRST else []
    return first + [name for name in _COMMON if name not in first] + list(_RARE)


def scaled(px: float, scale: float) -> int:
    """``px`` at a text scale, halves rounded up."""
    return int(px * scale + 0.5)


def code_points(text: str, metrics: QFontMetrics) -> str:
    """The characters of a text no installed font can draw, as code points (``U+2B7A5``); '' where all can be drawn.

    A name is never changed for want of a glyph: the box is drawn, and this says what it stands for.
    """
    return " ".join(f"U+{ord(one):04X}" for one in text if not one.isspace() and not metrics.inFontUcs4(ord(one)))


_Key: TypeAlias = tuple[Role, bool]
"""A role, and whether it is bold."""


def _key(role: Role, bold: bool | None) -> _Key:
    return role, ROLES[role].bold if bold is None else bold


class Fonts:
    """Fonts and metrics by role at one text scale, made once."""

    def __init__(self, scale: float = 1.0) -> None:
        self.scale = scale
        self._fonts: dict[_Key, QFont] = {}
        self._metrics: dict[_Key, QFontMetrics] = {}

    def font(self, role: Role, bold: bool | None = None) -> QFont:
        """The font of a role; treat it as read-only."""
        key = _key(role, bold)
        if key not in self._fonts:
            font = QFont()
            font.setFamilies(families())
            font.setPixelSize(scaled(ROLES[role].px, self.scale))
            font.setBold(key[1])
            font.setFeature(QFont.Tag("tnum"), 1)
            self._fonts[key] = font
        return self._fonts[key]

    def metrics(self, role: Role, bold: bool | None = None) -> QFontMetrics:
        """The metrics of a role's font."""
        key = _key(role, bold)
        if key not in self._metrics:
            self._metrics[key] = QFontMetrics(self.font(role, bold))
        return self._metrics[key]

    def line(self, role: Role) -> int:
        """The line height of a role."""
        return scaled(ROLES[role].line, self.scale)
