"""Tells when the computer's own session is locked, put to sleep or handed to another user.

Linux says so on D-Bus, Windows in messages to a window, macOS to whoever observes the workspace. Elsewhere, and where
nothing answers, the idle watch notices sleep by the clock.

Desktops of Linux have no one word for it: most tell that a saver became active, those of UOS and Deepin that their lock
is visible, that of Kylin that it locked. What all set, where they set anything, is a hint with the login manager, which
also tells that another user's session came to the front.
"""

import os
import sys
from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import SLOT, QAbstractNativeEventFilter, QCoreApplication, QObject, Signal, Slot
from PySide6.QtGui import QWindow

from gridworker.gui.locking.sleepdelay import SleepDelay, ask_login_manager

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusConnection

_SAVERS = (
    *(f"org.{desktop}.ScreenSaver" for desktop in ("freedesktop", "gnome", "cinnamon", "mate")),
    "org.xfce.ScreenSaver",
)
_DEEPIN = ("com.deepin.dde.lockFront", "org.deepin.dde.LockFront1")
_KYLIN = "org.ukui.ScreenSaver"
_SESSION, _MANAGER = "org.freedesktop.login1.Session", "org.freedesktop.login1.Manager"
_PROPERTIES = "org.freedesktop.DBus.Properties"

_POWER, _SUSPEND = 0x0218, 4
_SESSION_CHANGE = 0x02B1
_LEAVING = frozenset({2, 4, 7})
"""The console or a remote screen taken away, or the session locked (WTS_CONSOLE_DISCONNECT and its like)."""

_WORKSPACE = (
    "NSWorkspaceWillSleepNotification", "NSWorkspaceScreensDidSleepNotification",
    "NSWorkspaceSessionDidResignActiveNotification",
)  # fmt: skip
"""What the workspace of macOS says: sleep, a dark screen, another user in front."""
_EVERYWHERE = ("com.apple.screenIsLocked", "com.apple.screensaver.didstart")
"""What macOS tells all programs."""


class SessionLock(QObject):
    """``locked`` comes when whoever sat here locked the screen, closed the lid or let another user on."""

    locked = Signal()

    def __init__(self, window: QWindow) -> None:
        super().__init__(window)
        self._messages: _Messages | None = None
        self._delay: SleepDelay | None = None
        self._observer: Any = None
        """Of macOS, which does not keep it."""
        if sys.platform == "linux":
            self._listen_on_buses()
        elif sys.platform == "win32":
            self._listen_to_messages(int(window.winId()))
        elif sys.platform == "darwin":
            self._observe_workspace()

    def _listen_on_buses(self) -> None:
        try:
            from PySide6.QtDBus import QDBusConnection
        except ImportError:  # a Qt without D-Bus
            return
        session, system = QDBusConnection.sessionBus(), QDBusConnection.systemBus()
        for name in _SAVERS:
            self._hear(session, name, "ActiveChanged", SLOT("on_switched(bool)"))
        for name in _DEEPIN:
            self._hear(session, name, "Visible", SLOT("on_switched(bool)"))
        self._hear(session, _KYLIN, "lock", SLOT("on_locked()"))
        self._hear(system, _SESSION, "Lock", SLOT("on_locked()"))
        self._hear(system, _MANAGER, "PrepareForSleep", SLOT("on_sleep(bool)"))
        if system.isConnected():
            self.hold_sleep_by(SleepDelay(partial(ask_login_manager, system), self))
        if own := own_session(os.environ.get("XDG_SESSION_ID", "")):
            changed = SLOT("on_changed(QString,QVariantMap,QStringList)")
            self._hear(system, _PROPERTIES, "PropertiesChanged", changed, own)

    def _hear(self, bus: "QDBusConnection", interface: str, signal: str, slot: Any, path: str = "") -> None:
        if bus.isConnected():
            bus.connect("", path, interface, signal, self, slot)

    def _listen_to_messages(self, handle: int) -> None:
        import ctypes

        library: Any = getattr(ctypes, "windll").wtsapi32  # noqa: B009 - the name is there on Windows only
        library.WTSRegisterSessionNotification(handle, 0)
        app = QCoreApplication.instance()
        if app is not None:
            self._messages = _Messages(self)
            app.installNativeEventFilter(self._messages)

    def _observe_workspace(self) -> None:
        try:
            appkit, foundation = import_module("AppKit"), import_module("Foundation")
        except ImportError:  # a Python without the bridge
            return
        self._observer = observer = _observers(foundation.NSObject).alloc().init()
        observer.leave = self.on_locked
        workspace = appkit.NSWorkspace.sharedWorkspace().notificationCenter()
        for name in _WORKSPACE:
            workspace.addObserver_selector_name_object_(observer, "told:", getattr(appkit, name), None)
        everywhere = foundation.NSDistributedNotificationCenter.defaultCenter()
        at_once = foundation.NSNotificationSuspensionBehaviorDeliverImmediately  # another program may be in front
        for name in _EVERYWHERE:
            everywhere.addObserver_selector_name_object_suspensionBehavior_(observer, "told:", name, None, at_once)

    def hold_sleep_by(self, delay: SleepDelay) -> None:
        """Have sleep wait until the lock is done, from now on."""
        self._delay = delay
        delay.take()

    @Slot(bool)
    def on_sleep(self, begins: bool) -> None:
        """The computer is about to sleep, or woke: it sleeps once whoever listens to ``locked`` is done."""
        try:
            self.on_switched(begins)
        finally:
            if self._delay is not None:
                (self._delay.release if begins else self._delay.take)()

    @Slot(bool)
    def on_switched(self, on: bool) -> None:
        """A screen saver began, or the computer is about to sleep."""
        if on:
            self.locked.emit()

    @Slot(str, "QVariantMap", "QStringList")
    def on_changed(self, _interface: str, changed: dict[str, Any], _gone: list[str]) -> None:
        """Something about our own session: that it is locked, or that another user's is in front of it."""
        if changed.get("LockedHint") is True or changed.get("Active") is False:
            self.locked.emit()

    @Slot()
    def on_locked(self) -> None:
        """The session was locked."""
        self.locked.emit()


@cache
def _observers(base: type[Any]) -> Any:
    """A class that macOS tells by ``told:``; it may be made once only. Sleep waits until that returns."""
    return type("GridworkerObserver", (base,), {"told_": lambda self, _note: self.leave()})


def own_session(id_: str) -> str:
    """Where the login manager has a session of this id; '' for none. What is no letter or digit is written in hex."""
    escaped = "".join(
        sign if sign.isascii() and sign.isalnum() and not (place == 0 and sign.isdigit()) else f"_{ord(sign):02x}"
        for place, sign in enumerate(id_)
    )
    return f"/org/freedesktop/login1/session/{escaped}" if id_ else ""


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
