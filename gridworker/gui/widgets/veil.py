"""The veil over a page while a dialog is open above it."""

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QWidget

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


class _Veiled(QObject):
    """Lays the veil when a dialog is shown and takes it away when it goes, however it goes."""

    def __init__(self, dialog: QDialog) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        self._veil: Veil | None = None
        dialog.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A window that is made small and comes back tells of itself too; that changes nothing."""
        if watched is self._dialog and not event.spontaneous():
            if event.type() is QEvent.Type.Show:
                self._lay()
            elif event.type() is QEvent.Type.Hide:
                self._take_away()
        return super().eventFilter(watched, event)

    def _lay(self) -> None:
        below = self._dialog.parentWidget()
        if below is not None and self._veil is None:
            self._veil = Veil(below.window())

    def _take_away(self) -> None:
        veil, self._veil = self._veil, None
        if veil is not None and shiboken6.isValid(veil):
            veil.hide()
            veil.deleteLater()


def veil_under(dialog: QDialog) -> None:
    """Darken the window below a dialog as long as it is shown."""
    _Veiled(dialog)
