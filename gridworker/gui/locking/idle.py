"""Locks an unattended window: after minutes without a key or a click, and when the computer slept."""

import time

import shiboken6
from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

DEFAULT_MINUTES, LEAST_MINUTES, MOST_MINUTES = 5, 1, 15
_TICK_SECONDS = 5
_SLEPT_SECONDS = 60
_ALIVE = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
    QEvent.Type.InputMethod,
}


class IdleWatch(QObject):
    """Watches the native windows, which see far fewer events than the application does.

    Dialogs have windows of their own: each is watched from when it first has the focus. So is the field that has it:
    an input method keeps the keys from the window, and only what it makes of them arrives, at the field. ``idled``
    comes once; ``start`` arms it again. Two clocks are read: that on the wall, so that sleep counts, and a steady one,
    so that setting the other back keeps nothing open.
    """

    idled = Signal()

    def __init__(self, window: QWindow, minutes: int = DEFAULT_MINUTES) -> None:
        super().__init__(window)
        self.set_minutes(minutes)
        self._last = self._tick = (time.time(), time.monotonic())
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_SECONDS * 1000)
        self._timer.timeout.connect(self.check)
        self._field: QObject | None = None
        self._watch(window)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._watch)
            app.focusObjectChanged.connect(self._watch_field)
            self._watch_field(app.focusObject())

    def set_minutes(self, minutes: int) -> None:
        """How long nobody may be there: 1 to 15 minutes."""
        self._limit = max(LEAST_MINUTES, min(minutes, MOST_MINUTES)) * 60

    def start(self) -> None:
        """Begin to count from now."""
        self._last = self._tick = (time.time(), time.monotonic())
        self._timer.start()

    def stop(self) -> None:
        """Stop counting."""
        self._timer.stop()

    def check(self, wall: float | None = None, steady: float | None = None) -> None:
        """Look at the clocks."""
        now = (time.time() if wall is None else wall, time.monotonic() if steady is None else steady)
        slept = now[0] - self._tick[0] > _SLEPT_SECONDS
        self._tick = now
        if slept or max(now[0] - self._last[0], now[1] - self._last[1]) >= self._limit:
            self._timer.stop()
            self.idled.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Somebody is there."""
        if event.type() in _ALIVE:
            self._last = (time.time(), time.monotonic())
        return super().eventFilter(watched, event)

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)  # a second time moves it, it is not called twice

    def _watch_field(self, field: QObject | None) -> None:
        if self._field is not None and shiboken6.isValid(self._field) and not isinstance(self._field, QWindow):
            self._field.removeEventFilter(self)
        self._field = field
        if field is not None:
            field.installEventFilter(self)
