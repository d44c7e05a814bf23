"""A field for a long code: typed, pasted, or a small file dropped on it."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit

from gridworker.gui.look import theme as themes

_LINES = 3


class CodeBox(QPlainTextEdit):
    """``changed`` with every change; ``entered`` for Enter; ``files_dropped`` carries paths."""

    changed = Signal()
    entered = Signal()
    files_dropped = Signal(list)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setPlaceholderText("7K2MX-QF9XR-3D8AW-PW4C0-…")
        self.setTabChangesFocus(True)
        self.textChanged.connect(self.changed)
        themes.follow(self._restyle)

    def text(self) -> str:
        """What is in it."""
        return self.toPlainText()

    def set_text(self, text: str) -> None:
        """Put a code in."""
        self.setPlainText(text)

    def _restyle(self) -> None:
        self.setFixedHeight(themes.current().px(20 * _LINES + 22))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on; a code needs no lines of its own."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files are welcome too."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
        else:
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Anywhere on it."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
        else:
            super().dragMoveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """A file goes to who listens; text goes in."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.files_dropped.emit(paths)
        else:
            super().dropEvent(event)
