"""The picture of a key: five by five windows, lit from its hash, that two people can compare at a glance."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.paint import box, painting
from gridworker.gui.widgets.themed import Square

SIDE = 5
_LIGHTS = ("#1D3438", "#27484C", "#4E979A", "#8FC2BF", "#E8955A", "#F2C14E")
"""Night panes, dusk panes, lamps: the same in both themes, so that a picture is recognised."""
_WEIGHTS = (0, 0, 0, 1, 1, 2, 2, 2, 2, 3, 3, 4, 4, 5, 1, 2)


def windows(digest: bytes) -> tuple[int, ...]:
    """Which light each of the 25 windows shows. Needs 13 bytes: half a byte a window."""
    nibbles = [half for byte in digest for half in (byte >> 4, byte & 15)]
    if len(nibbles) < SIDE * SIDE:
        raise ValueError("a key picture needs at least 13 bytes")
    return tuple(_WEIGHTS[nibble] for nibble in nibbles[: SIDE * SIDE])


class KeyPicture(Square, QWidget):
    """One key picture. ``name`` says in words whose key it is."""

    def __init__(self, digest: bytes, name: str, *, size: int = 72) -> None:
        super().__init__()
        self._windows, self._size = windows(digest), size
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        themes.follow(self._restyle)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the wall and its windows."""
        del event
        from PySide6.QtGui import QColor

        with painting(self) as painter:
            side = float(self.width())
            box(painter, self.rect(), side / 6, QColor("#12262A"))
            pad, gap = side * 0.11, side * 0.045
            pane = (side - 2 * pad - gap * (SIDE - 1)) / SIDE
            for number, light in enumerate(self._windows):
                row, column = divmod(number, SIDE)
                area = QRectF(pad + column * (pane + gap), pad + row * (pane + gap), pane, pane)
                box(painter, area, pane / 5, QColor(_LIGHTS[light]))
