"""An icon standing alone beside words; it says nothing by itself."""

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.paint import icon, painting
from gridworker.gui.widgets.themed import Square


class Icon(Square, QWidget):
    """One icon in a colour token, ``size`` pixels at 100%."""

    def __init__(self, name: str, size: int = 18, ink: str = "ink-2") -> None:
        super().__init__()
        self._name, self._size, self._ink = name, size, ink
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        del event
        with painting(self) as painter:
            icon(painter, self._theme, (0, 0), self._name, (self._size, self._ink))
