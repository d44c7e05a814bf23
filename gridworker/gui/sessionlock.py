"""Tells when the computer's own session is locked, put to sleep or handed to another user.

Linux says so on D-Bus, Windows in messages to a window. Elsewhere, and where nothing answers, the idle watch notices
sleep by the clock.
"""

import sys
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import SLOT, QAbstractNativeEventFilter, QCoreApplication, QObject, Signal, Slot
from PySide6.QtGui import QWindow

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusConnection

_SAVERS = ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver", "org.cinnamon.ScreenSaver", "org.mate.ScreenSaver")
_SESSION, _MANAGER = "org.freedesktop.login1.Session", "org.freedesktop.login1.Manager"

_POWER, _SUSPEND = 0x0218, 4
_SESSION_CHANGE = 0x02B1
_LEAVING = frozenset({2, 4, 7})
"""The console or a remote screen taken away, or the session locked (WTS_CONSOLE_DISCONNECT and its like)."""


class SessionLock(QObject):
    """``locked`` comes when whoever sat here locked the screen, closed the lid or let another user on."""

    locked = Signal()

    def __init__(self, window: QWindow) -> None:
        super().__init__(window)
        self._messages: _Messages | None = None
        if sys.platform == "linux":
            self._listen_on_buses()
        elif sys.platform == "win32":
            self._listen_to_messages(int(window.winId()))

    def _listen_on_buses(self) -> None:
        try:
            from PySide6.QtDBus import QDBusConnection
        except ImportError:  # a Qt without D-Bus
            return
        for name in _SAVERS:
            self._hear(QDBusConnection.sessionBus(), name, "ActiveChanged", SLOT("on_switched(bool)"))
        self._hear(QDBusConnection.systemBus(), _SESSION, "Lock", SLOT("on_locked()"))
        self._hear(QDBusConnection.systemBus(), _MANAGER, "PrepareForSleep", SLOT("on_switched(bool)"))

    def _hear(self, bus: "QDBusConnection", interface: str, signal: str, slot: Any) -> None:
        if bus.isConnected():
            bus.connect("", "", interface, signal, self, slot)

    def _listen_to_messages(self, handle: int) -> None:
        import ctypes

        library: Any = getattr(ctypes, "windll").wtsapi32  # noqa: B009 - the name is there on Windows only
        library.WTSRegisterSessionNotification(handle, 0)
        app = QCoreApplication.instance()
        if app is not None:
            self._messages = _Messages(self)
            app.installNativeEventFilter(self._messages)

    @Slot(bool)
    def on_switched(self, on: bool) -> None:
        """A screen saver began, or the computer is about to sleep."""
        if on:
            self.locked.emit()

    @Slot()
    def on_locked(self) -> None:
        """The session was locked."""
        self.locked.emit()


class _Messages(QAbstractNativeEventFilter):
    """Reads what Windows tells a window; everything goes on to Qt."""

    def __init__(self, owner: SessionLock) -> None:
        super().__init__()
        self._owner = owner

    def nativeEventFilter(self, kind: Any, message: Any) -> tuple[bool, int]:
        """Look at one message."""
        from ctypes import wintypes

        if bytes(kind) == b"windows_generic_MSG":
            found = wintypes.MSG.from_address(int(message))
            if is_leaving(int(found.message), int(found.wParam)):
                self._owner.on_locked()
        return False, 0


def is_leaving(message: int, about: int) -> bool:
    """Whether a message of Windows says that whoever sat here went away."""
    return (message == _SESSION_CHANGE and about in _LEAVING) or (message == _POWER and about == _SUSPEND)
