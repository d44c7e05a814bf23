"""Avatars: the first character of a name, or an icon, on a soft rounded square."""

from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Theme, Tone
from gridworker.gui.widgets.paint import CENTRE, box, line_of, painting
from gridworker.gui.widgets.themed import Square


@dataclass(frozen=True, slots=True)
class AvatarSpec:
    """What an avatar shows: ``text`` (one or two characters) or the name of an ``icon``."""

    text: str = ""
    tone: Tone = "neu"
    icon: str = ""


def first_character(name: str) -> str:
    """The character an avatar shows for a name."""
    return name.strip()[:1] or "?"


def radius(size: int) -> int:
    """Corners by size: 10 for 36 pixels, 16 for 60."""
    return round(10 + (size - 36) / 4) if size > 36 else round(size * 10 / 36)


def paint_avatar(painter: QPainter, theme: Theme, rect: QRect, avatar: AvatarSpec) -> None:
    """Draw an avatar into a square."""
    fill = theme.soft(avatar.tone)
    line = theme.colour("neu-line") if fill == theme.colour("raised") else None  # else unseen in the dark search box
    box(painter, rect, radius(round(rect.width() / theme.scale)), fill, line)
    if avatar.icon:
        size = round(rect.width() / theme.scale * 0.5)
        pixmap = theme.toned(avatar.icon, size, avatar.tone)
        inset = (rect.width() - theme.px(size)) // 2
        painter.drawPixmap(rect.left() + inset, rect.top() + inset, pixmap)
    else:
        font = QFont(theme.font("body"))
        font.setPixelSize(max(theme.px(12), round(rect.width() * 0.43)))
        line_of(painter, rect, avatar.text, (font, theme.ink(avatar.tone)), CENTRE)


class Avatar(Square, QWidget):
    """One avatar, standing alone. ``size`` is at 100% text."""

    def __init__(self, avatar: AvatarSpec, size: int = 36, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._avatar, self._size = avatar, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def show_avatar(self, avatar: AvatarSpec) -> None:
        """Show another."""
        self._avatar = avatar
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the avatar."""
        del event
        with painting(self) as painter:
            paint_avatar(painter, self._theme, self.rect(), self._avatar)
