"""What is copied of people and keys: off the clipboard after half a minute, and at once when the window locks.

When it locks, or closes, everything goes that came from here: also what somebody took out of a note with Ctrl C.
"""

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QApplication

KEPT_SECONDS = 30


class _Copied(QObject):
    """Remembers what was copied last, so that nothing is cleared that somebody else put there since."""

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__(app)
        self._words = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEPT_SECONDS * 1000)
        self._timer.timeout.connect(self.clear)

    def copy(self, words: str) -> None:
        self._words = words
        QApplication.clipboard().setText(words)
        self._timer.start()

    def clear(self) -> None:
        self._timer.stop()
        clipboard = QApplication.clipboard()
        if self._words and clipboard.text() == self._words:
            clipboard.clear()
        self._words = ""

    def clear_own(self) -> None:
        self.clear()
        clipboard = QApplication.clipboard()
        if clipboard.ownsClipboard():
            clipboard.clear()
        if clipboard.supportsSelection() and clipboard.ownsSelection():
            clipboard.clear(QClipboard.Mode.Selection)


def copy_private(words: str) -> None:
    """Put something about a person, or a code, on the clipboard for half a minute."""
    _copied().copy(words)


def clear_private() -> None:
    """Take away now what is still there of it, and all else that this program put there."""
    _copied().clear_own()


def _copied() -> _Copied:
    app = QCoreApplication.instance()
    if app is None:
        raise RuntimeError("there is no application")
    found: _Copied | None = app.findChild(_Copied, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return found or _Copied(app)
