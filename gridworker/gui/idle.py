"""Locks an unattended window: after minutes without a key or a click, and when the computer slept."""

import time

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QWindow

DEFAULT_MINUTES = 5
_TICK_SECONDS = 5
_SLEPT_SECONDS = 60
_ALIVE = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
}


class IdleWatch(QObject):
    """Watches one native window, which sees far fewer events than the application does.

    ``idled`` comes once; ``start`` arms it again. Times are wall-clock, so that sleep counts.
    """

    idled = Signal()

    def __init__(self, window: QWindow, minutes: int = DEFAULT_MINUTES) -> None:
        super().__init__(window)
        self._limit = max(1, min(minutes, 15)) * 60
        self._last = self._tick = time.time()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_SECONDS * 1000)
        self._timer.timeout.connect(self.check)
        window.installEventFilter(self)

    def start(self) -> None:
        """Begin to count from now."""
        self._last = self._tick = time.time()
        self._timer.start()

    def stop(self) -> None:
        """Stop counting."""
        self._timer.stop()

    def check(self, now: float | None = None) -> None:
        """Look at the clock."""
        now = time.time() if now is None else now
        slept = now - self._tick > _SLEPT_SECONDS
        self._tick = now
        if slept or now - self._last >= self._limit:
            self._timer.stop()
            self.idled.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Somebody is there."""
        if event.type() in _ALIVE:
            self._last = time.time()
        return super().eventFilter(watched, event)
