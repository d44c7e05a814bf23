"""The search field in a page's head: looks like a field, opens the palette."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.keycap import key_width, paint_key
from gridworker.gui.widgets.paint import LEFT, box, icon, line_of, middle, painting, ring
from gridworker.gui.widgets.themed import Themed
from gridworker.text import gettext

_ASIDE = 18
"""Beside the words there are so many pixels and the icon, or the key."""


def search_hint() -> str:
    """What the search finds: the same words on every page's field and in the palette it opens."""
    return gettext("Name, initials, door or phone")


class SearchField(Themed, QPushButton):
    """One search, one place: clicking it is ``Ctrl K``."""

    def __init__(self, *, key: str = "Ctrl K", width: int = 336) -> None:
        super().__init__()
        self._hint, self._key, self._width = search_hint(), key, width
        self.setAccessibleName(self._hint)
        self.setToolTip(key)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def sizeHint(self) -> QSize:
        """A wide field, with room for all its words."""
        theme = self._theme
        words = theme.metrics("small").horizontalAdvance(self._hint)
        return QSize(max(self._width, words + theme.px(18) + key_width(theme, self._key) + 2 * _ASIDE), theme.px(36))

    def minimumSizeHint(self) -> QSize:
        """Icon, a few characters and the key."""
        theme = self._theme
        return QSize(theme.px(140) + key_width(theme, self._key), theme.px(36))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field."""
        del event
        with painting(self) as painter:
            theme = self._theme
            box(painter, self.rect(), 8, theme.colour("card"), theme.colour("line-strong"))
            size = theme.px(18)
            icon(painter, theme, (10, middle(self.rect(), size)), "magnifying-glass", (18, "ink-2"))
            cap = key_width(theme, self._key)
            words = QRect(_ASIDE + size, 0, self.width() - size - cap - 2 * _ASIDE + 2, self.height())
            hint = theme.metrics("small").elidedText(self._hint, Qt.TextElideMode.ElideRight, words.width())
            line_of(painter, words, hint, (theme.font("small"), theme.colour("ink-3")), LEFT)
            paint_key(painter, theme, (self.width() - cap - 9, self.height() // 2), self._key)
            if self.hasFocus():
                ring(painter, self.rect(), 8, theme.colour("focus"))
