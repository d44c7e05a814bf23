"""What is copied of people and keys: off the clipboard after half a minute, and at once when the window locks."""

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer
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


def copy_private(words: str) -> None:
    """Put something about a person, or a code, on the clipboard for half a minute."""
    _copied().copy(words)


def clear_private() -> None:
    """Take it away now, if it is still there."""
    _copied().clear()


def _copied() -> _Copied:
    app = QCoreApplication.instance()
    if app is None:
        raise RuntimeError("there is no application")
    found: _Copied | None = app.findChild(_Copied, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return found or _Copied(app)
