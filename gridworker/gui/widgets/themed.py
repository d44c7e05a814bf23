"""What widgets that draw themselves have in common: the theme they draw with, and another size in another theme."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize

from gridworker.gui.look import theme as themes
from gridworker.gui.look.theme import Theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget
else:
    QWidget = object  # it stands before a class of Qt's own, which brings the widget


class Themed(QWidget):
    """A widget drawn with ``_theme``. Its constructor ends with ``themes.follow(self._restyle)``."""

    _theme: Theme

    def _restyle(self) -> None:
        self._theme = themes.current()
        self.updateGeometry()
        self.update()


class Square(Themed):
    """One of ``_size`` pixels at 100% text, high and wide."""

    _size: int

    def sizeHint(self) -> QSize:
        """A square."""
        side = self._theme.px(self._size)
        return QSize(side, side)
