"""Buttons with an icon, words and the key that does the same."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QToolButton

from gridworker.gui.habits import answers, habits
from gridworker.gui.look import theme as themes
from gridworker.gui.look.fonts import Role
from gridworker.gui.look.theme import Theme
from gridworker.gui.widgets.keycap import CapStyle, key_width, paint_key
from gridworker.gui.widgets.paint import LEFT, box, icon, line_of, middle, painting, ring
from gridworker.gui.widgets.themed import Themed

ButtonKind: TypeAlias = Literal["primary", "plain", "quiet", "link", "soft", "hero", "danger"]
ButtonSize: TypeAlias = Literal["inline", "compact", "normal", "footer", "hero"]


@dataclass(frozen=True, slots=True)
class _Measure:
    """The sizes of a button at 100%."""

    height: int
    pad: int
    role: Role = "body"
    icon: int = 18
    radius: int = 8


_MEASURES: dict[ButtonSize, _Measure] = {
    "inline": _Measure(32, 5, radius=6),
    "compact": _Measure(32, 11, radius=8),
    "normal": _Measure(36, 15),
    "footer": _Measure(40, 20, radius=9),
    "hero": _Measure(48, 18, "large", 20, 11),
}
_GAP = 8


@dataclass(frozen=True, slots=True)
class _Paint:
    """The token names of one kind: fill, hover, pressed, outline, ink."""

    fill: str
    hover: str
    press: str
    line: str
    ink: str
    bold: bool = False
    cap: CapStyle = "plain"


_PAINTS: dict[ButtonKind, _Paint] = {
    "primary": _Paint("accent", "accent-hover", "accent-press", "", "on-accent", bold=True, cap="accent"),
    "plain": _Paint("card", "hover", "sunken", "line-strong", "ink"),
    "quiet": _Paint("", "hover", "sunken", "", "ink-2"),
    "link": _Paint("", "hover", "sunken", "", "accent-ink", bold=True),
    "soft": _Paint("accent-soft", "sel", "accent-soft", "", "accent-ink", bold=True),
    "hero": _Paint("hero-btn", "hero-key", "hero-key", "", "hero-btn-ink", bold=True, cap="hero"),
    "danger": _Paint("card", "over-soft", "over-soft", "over-line", "over-ink"),
}


class Button(Themed, QPushButton):
    """A painted push button. ``key`` is only the cap shown on it; the page registers the shortcut."""

    def __init__(
        self,
        text: str,
        icon_name: str = "",
        *,
        key: str = "",
        kind: ButtonKind = "plain",
        size: ButtonSize = "normal",
    ) -> None:
        super().__init__(text.replace("&", "&&"))
        self._label, self._icon, self._key = text, icon_name, key
        self._kind, self._measure = kind, _MEASURES[size]
        self._with_icon = self._with_key = True
        self.setAutoDefault(False)  # Enter in a field of a dialog would press whichever button comes first
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        habits().changed.connect(self._restyle)
        themes.follow(self._restyle)

    def label(self) -> str:
        """The words on it."""
        return self._label

    def set_label(self, text: str, icon_name: str | None = None) -> None:
        """Change the words and, if given, the icon."""
        self._label = text
        self._icon = self._icon if icon_name is None else icon_name
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self.updateGeometry()

    def key(self) -> str:
        """The cap for it, whether there is room for it or not."""
        return self._key

    def set_key(self, key: str) -> None:
        """Change the cap shown on it."""
        self._key = key
        self.updateGeometry()
        self.update()

    def set_beside(self, parts: int) -> None:
        """Show icon and key beside the words (2), the icon (1), or the words alone (0), as there is room."""
        self.show_beside(icon=parts > 0, key=parts > 1)

    def show_beside(self, *, icon: bool, key: bool) -> None:
        """What stands beside the words. The key works all the same; a button without words keeps its icon."""
        if (icon, key) != (self._with_icon, self._with_key):
            self._with_icon, self._with_key = icon, key
            self.updateGeometry()
            self.update()

    def _shown_key(self) -> str:
        """One that does not answer here is not offered."""
        return self._key if self._with_key and answers(self._key) else ""

    def _shown_icon(self) -> str:
        return self._icon if self._with_icon or not self._label else ""

    def set_kind(self, kind: ButtonKind) -> None:
        """Change how loud it is."""
        self._kind = kind
        self.updateGeometry()
        self.update()

    def _parts_width(self, *, icon: bool, key: bool) -> int:
        theme, measure = self._theme, self._measure
        metrics = theme.metrics(measure.role, _PAINTS[self._kind].bold)
        widths = [theme.px(measure.icon)] if icon else []
        widths += [metrics.horizontalAdvance(self._label)] if self._label else []
        widths += [key_width(theme, self._key)] if key else []
        return sum(widths) + _GAP * (len(widths) - 1)

    def width_with(self, *, icon: bool, key: bool) -> int:
        """How wide it would be with these beside the words, if it has them."""
        parts = self._parts_width(
            icon=bool(self._icon) and (icon or not self._label), key=bool(self._key) and key and answers(self._key)
        )
        return parts + 2 * self._measure.pad

    def sizeHint(self) -> QSize:
        """Room for icon, words and key."""
        width = self.width_with(icon=self._with_icon, key=self._with_key)
        return QSize(width, self._theme.px(self._measure.height))

    def minimumSizeHint(self) -> QSize:
        """The same: words are never clipped."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it as Space does."""
        if not _entered(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw box, icon, words and key."""
        del event
        with painting(self) as painter:
            colours, theme = _PAINTS[self._kind], self._theme
            ink = "ink-disabled" if not self.isEnabled() else colours.ink
            self._paint_box(painter, theme, colours)
            left = (self.width() - self.sizeHint().width()) // 2 + self._measure.pad
            if self._shown_icon():
                size = theme.px(self._measure.icon)
                icon(painter, theme, (left, middle(self.rect(), size)), self._icon, (self._measure.icon, ink))
                left += size + _GAP
            if self._label:
                font = theme.font(self._measure.role, colours.bold)
                words = QRect(left, 0, self.width() - left, self.height())
                line_of(painter, words, self._label, (font, theme.colour(ink)), LEFT)
                left += theme.metrics(self._measure.role, colours.bold).horizontalAdvance(self._label) + _GAP
            if self._shown_key():
                paint_key(
                    painter, theme, (left, self.height() // 2), self._key, colours.cap if self.isEnabled() else "quiet"
                )

    def _paint_box(self, painter: QPainter, theme: Theme, colours: _Paint) -> None:
        if not self.isEnabled():
            fill, line = (theme.colour("sunken"), theme.colour("line")) if colours.fill else (None, None)
        else:
            name = colours.press if self.isDown() else colours.hover if self.underMouse() else colours.fill
            fill = theme.colour(name) if name else None
            line = theme.colour(colours.line) if colours.line else None
        area, radius = self.rect(), self._measure.radius
        if self.hasFocus() and colours.bold and fill is not None:
            # A ring right on a strong fill of nearly its colour would not be seen: it keeps its distance.
            ring(painter, area, radius + 1, theme.colour("on-hero" if self._kind == "hero" else "focus"))
            box(painter, area.adjusted(4, 4, -4, -4), radius - 3, fill)
            return
        box(painter, area, radius, fill, line)
        if self.hasFocus():
            ring(painter, area, radius, theme.colour("focus"))


class IconButton(Themed, QToolButton):
    """An icon in a 32 px square. ``name`` is read aloud and, with the key, shown as the tooltip."""

    def __init__(self, icon_name: str, name: str, key: str = "", *, size: int = 18, ink: str = "ink-2") -> None:
        super().__init__()
        self._icon, self._size, self._ink = icon_name, size, ink
        self.setAccessibleName(name)
        self.setToolTip(f"{name}  {key}" if key else name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def set_icon(self, icon_name: str) -> None:
        """Show another icon."""
        self._icon = icon_name
        self.update()

    def sizeHint(self) -> QSize:
        """A square to hit."""
        side = max(32, self._theme.px(32))
        return QSize(side, side)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it as Space does."""
        if not _entered(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon, lifted while it is hovered, pressed or checked."""
        del event
        with painting(self) as painter:
            theme = self._theme
            if self.isEnabled() and (self.underMouse() or self.isDown() or self.isChecked()):
                box(painter, self.rect(), 8, theme.colour("sunken" if self.isDown() else "hover"))
            ink = self._ink if self.isEnabled() else "ink-disabled"
            size = theme.px(self._size)
            icon(painter, theme, ((self.width() - size) // 2, middle(self.rect(), size)), self._icon, (self._size, ink))
            if self.hasFocus():
                ring(painter, self.rect(), 8, theme.colour("focus"))


def _entered(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Press a button by Enter, once while it is held: Qt's own buttons know Space only."""
    plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
    if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter} or not plain:
        return False
    if not event.isAutoRepeat():
        button.click()
    return True
