"""The look of the window: colours from tokens.json, fonts and icons at a text scale, and the style sheet made of them.

``Theme`` is one look; ``Look`` is the one in use, kept by the application, switched while it runs. Widgets that paint
themselves call ``follow(self._restyle)``: once now, and again after every switch.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Literal, TypeAlias

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from gridworker import resources
from gridworker.gui.look.fonts import SCALES, Fonts, Role, scaled
from gridworker.gui.look.icons import Icons

Mode: TypeAlias = Literal["automatic", "light", "dark"]
Tone: TypeAlias = Literal["over", "due", "ok", "conf", "care", "info", "neu", "accent", "hero"]
"""A meaning with its own four colours (ink, mark, soft, line)."""

_PX = re.compile(r"@px\((\d+)\)")
_NAME = re.compile(r"@([a-z][a-z0-9-]*)")


@cache
def tokens() -> Mapping[str, Mapping[str, str]]:
    """The colours by theme and name."""
    found: dict[str, dict[str, str]] = json.loads(resources.path("theme", "tokens.json").read_text("utf-8"))
    return found


class Theme:
    """One look: the light or dark colours at one text scale."""

    def __init__(self, name: Literal["light", "dark"] = "light", scale: float = 1.0) -> None:
        self.name = name
        self.scale = scale
        self._hex = tokens()[name]
        self._colours: dict[str, QColor] = {}
        self._fonts = Fonts(scale)
        self._icons = Icons()

    def colour(self, name: str) -> QColor:
        """The colour of a token. An unknown name is a bug and raises KeyError."""
        if name not in self._colours:
            self._colours[name] = QColor(self._hex[name])
        return self._colours[name]

    def ink(self, tone: Tone) -> QColor:
        """Text of a tone on its soft fill."""
        return self.colour("on-hero" if tone == "hero" else f"{tone}-ink")

    def mark(self, tone: Tone) -> QColor:
        """A graphic of a tone."""
        return self.colour({"hero": "on-hero", "accent": "accent"}.get(tone, f"{tone}-mark"))

    def soft(self, tone: Tone) -> QColor:
        """The fill behind text of a tone."""
        return self.colour("hero-2" if tone == "hero" else f"{tone}-soft")

    def px(self, size: float) -> int:
        """A size that scales with the text: control and row heights, avatars, icons."""
        return scaled(size, self.scale)

    def font(self, role: Role = "body", bold: bool | None = None) -> QFont:
        """The font of a role; read-only."""
        return self._fonts.font(role, bold)

    def metrics(self, role: Role = "body", bold: bool | None = None) -> QFontMetrics:
        """The metrics of a role's font."""
        return self._fonts.metrics(role, bold)

    def line(self, role: Role = "body") -> int:
        """The line height of a role."""
        return self._fonts.line(role)

    def pixmap(self, name: str, size: int, colour: str) -> QPixmap:
        """An icon of ``size`` pixels at 100%, in the colour of a token."""
        return self._icons.pixmap(name, self.px(size), self.colour(colour))

    def toned(self, name: str, size: int, tone: Tone) -> QPixmap:
        """An icon of ``size`` pixels at 100%, in the ink of a tone."""
        return self._icons.pixmap(name, self.px(size), self.ink(tone))

    def icon(self, name: str, size: int, colour: str) -> QIcon:
        """The same as a QIcon, for Qt's own widgets."""
        return self._icons.icon(name, self.px(size), self.colour(colour))

    def sheet(self) -> str:
        """The style sheet: ``@px(14)`` scaled, ``@icons`` the icon folder, ``@name`` a colour."""
        text = resources.path("theme", "app.qss").read_text("utf-8")
        text = _PX.sub(lambda found: f"{self.px(int(found[1]))}px", text)
        names = {**self._hex, "icons": resources.path("icons").as_posix(), "theme": self.name}
        return _NAME.sub(lambda found: names[found[1]], text)

    def palette(self) -> QPalette:
        """The palette for what the style sheet leaves to the style."""
        palette = QPalette()
        for role, name in _PALETTE.items():
            palette.setColor(role, self.colour(name))
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.colour("ink-disabled"))
        return palette


_PALETTE = {
    QPalette.ColorRole.Window: "canvas",
    QPalette.ColorRole.WindowText: "ink",
    QPalette.ColorRole.Base: "card",
    QPalette.ColorRole.AlternateBase: "sunken",
    QPalette.ColorRole.Text: "ink",
    QPalette.ColorRole.Button: "card",
    QPalette.ColorRole.ButtonText: "ink",
    QPalette.ColorRole.PlaceholderText: "ink-3",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on-accent",
    QPalette.ColorRole.Link: "accent-ink",
    QPalette.ColorRole.ToolTipBase: "ink",
    QPalette.ColorRole.ToolTipText: "canvas",
    QPalette.ColorRole.Mid: "line-strong",
}


class Look(QObject):
    """The look in use: light, dark or as the system has it, at 100, 125 or 150% text."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self.mode: Mode = "automatic"
        self.theme = Theme(self._resolved("automatic"))
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_changed)

    def apply(self) -> None:
        """Dress the application."""
        self._app.setFont(self.theme.font("body"))
        self._app.setPalette(self.theme.palette())
        self._app.setStyleSheet(self.theme.sheet())

    def use(self, mode: Mode | None = None, scale: float | None = None) -> None:
        """Switch colours, text scale or both; nothing happens when they are in use already."""
        self.mode = mode or self.mode
        theme = Theme(self._resolved(self.mode), scale if scale in SCALES else self.theme.scale)
        if (theme.name, theme.scale) == (self.theme.name, self.theme.scale) and self._app.styleSheet():
            return
        self.theme = theme
        self.apply()
        self.changed.emit()

    def step(self, by: int) -> None:
        """The next larger (1) or smaller (-1) text."""
        index = SCALES.index(self.theme.scale) + by
        self.use(scale=SCALES[max(0, min(index, len(SCALES) - 1))])

    @staticmethod
    def _resolved(mode: Mode) -> Literal["light", "dark"]:
        if mode != "automatic":
            return mode
        return "dark" if QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark else "light"

    def _on_system_changed(self) -> None:
        self.use()


_known: list[Look] = []
"""The one in use."""


def look() -> Look:
    """The look of the running application, made on first use. It lives and dies with the application."""
    if _known and shiboken6.isValid(_known[0]):  # every cell that is painted asks
        return _known[0]
    app = QCoreApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("there is no QApplication")
    found: Look | None = app.findChild(Look, options=Qt.FindChildOption.FindDirectChildrenOnly)
    _known[:] = [found or Look(app)]
    return _known[0]


def current() -> Theme:
    """The theme in use."""
    return look().theme


def follow(restyle: Callable[[], None]) -> None:
    """Call a widget's method now and after every switch, for as long as the widget lives."""
    look().changed.connect(restyle)
    restyle()
