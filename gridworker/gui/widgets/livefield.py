"""A search line that answers while an input method is still composing: ``cgf`` finds 陈桂芳 either way."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

_APART = str.maketrans("", "", "' ’")


class LiveField(QLineEdit):
    """``typed`` carries the text with the composition in it; ``moved`` the arrow keys that belong to the list below."""

    typed = Signal(str)
    moved = Signal(int)
    """A key (Up, Down, Page Up, Page Down) the list is to answer."""

    def __init__(self, hint: str, *, kind: str = "") -> None:
        super().__init__()
        self._composing = ""
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setClearButtonEnabled(False)
        if kind:
            self.setProperty("kind", kind)
        self.textChanged.connect(self._on_changed)

    def live_text(self) -> str:
        """What is typed, finished or not."""
        return self.text() + self._composing

    def composing(self) -> bool:
        """Whether an input method has unfinished text: Enter is its own then."""
        return bool(self._composing)

    def _on_changed(self, _text: str) -> None:
        self.typed.emit(self.live_text())

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Read what is being composed."""
        self._composing = event.preeditString().translate(_APART)
        super().inputMethodEvent(event)
        self.typed.emit(self.live_text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down go to the list."""
        if event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}:
            self.moved.emit(int(event.key()))
        else:
            super().keyPressEvent(event)
