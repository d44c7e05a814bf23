"""After the first paint of the window, what comes next is loaded, while a person reads and types.

Nothing here or in what it imports at the top may import SQLModel, SQLAlchemy or pydantic, as in start.py.
"""

from collections.abc import Sequence
from importlib import import_module

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from gridworker.gui import background, loading


class FirstPaint(QObject):
    """Waits for the first paint of a window, then loads the rest."""

    painted = Signal()
    loaded = Signal()
    """All that the first page needs is loaded."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.installEventFilter(self)

    def _on_painted(self) -> None:
        self.painted.emit()

        def go_on(_outcome: object) -> None:
            self._load_pages(loading.PAGES)  # what could not be loaded ahead says so when it is needed

        background.run(loading.load_heavy, done=go_on, failed=go_on, owner=self)

    def _load_pages(self, names: Sequence[str]) -> None:
        if names:
            import_module(names[0])
            QTimer.singleShot(0, self, lambda: self._load_pages(names[1:]))
        else:
            loading.settle()
            self.loaded.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear of the first paint."""
        if event.type() is QEvent.Type.Paint and isinstance(watched, QWidget):
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._on_painted)
        return super().eventFilter(watched, event)
