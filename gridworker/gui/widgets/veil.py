"""The veil over a page while a dialog is open above it."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

_DARKNESS = 0.28


class Veil(QWidget):
    """Covers its parent and takes no clicks; it goes with ``deleteLater``."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGeometry(parent.rect())
        parent.installEventFilter(self)
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover the parent at any size."""
        parent = self.parentWidget()
        if event.type() is QEvent.Type.Resize and parent is not None:
            self.setGeometry(parent.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Darken what is below."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor.fromRgbF(0.08, 0.1, 0.09, _DARKNESS))
        painter.end()
