"""A painted button that leaves the arrow keys to the group it stands in."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton

_ARROWS = {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down}


class Pressable(QAbstractButton):
    """Space presses it; Qt's own walk by arrows, which would not choose, is off."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand arrows, digits and Enter up."""
        if event.key() in _ARROWS:
            event.ignore()
        else:
            super().keyPressEvent(event)
