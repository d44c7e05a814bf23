"""Holds sleep back for the moment it takes to lock: a delay that the login manager of Linux gives out and waits for.

Without it the computer may sleep in the midst of locking, with the keys in memory, or in what is written to the disk.
It waits a few seconds at most (InhibitDelayMaxSec, 5 by default), so that nobody keeps a laptop in a bag awake. Where
nothing answers - no such manager, another system - the lock goes on as the computer wakes.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gridworker.text import gettext

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusConnection

_MANAGER, _PATH = "org.freedesktop.login1", "/org/freedesktop/login1"

Got = Callable[[object], None]
"""Told what is to be held; letting go of the last reference to it lets the computer sleep."""


class SleepDelay(QObject):
    """One delay at a time. ``ask`` asks for it and answers later, or never."""

    def __init__(self, ask: Callable[[Got], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ask = ask
        self._held: object = None
        self._wanted = 0

    def take(self) -> None:
        """Ask for it, where it is not held."""
        if self._held is None:
            self._wanted += 1
            number = self._wanted
            self._ask(lambda found: self._on_got(number, found))

    def release(self) -> None:
        """Let the computer sleep; what was asked for and comes later is not kept."""
        self._wanted += 1
        self._held = None

    def is_held(self) -> bool:
        """Whether sleep waits for us."""
        return self._held is not None

    def _on_got(self, number: int, found: object) -> None:
        if number == self._wanted:
            self._held = found


def ask_login_manager(bus: "QDBusConnection", got: Got) -> None:
    """Ask on a bus; nothing is waited for, and who refuses or is not there gives nothing."""
    from PySide6.QtDBus import QDBusMessage, QDBusPendingCallWatcher

    message = QDBusMessage.createMethodCall(_MANAGER, _PATH, f"{_MANAGER}.Manager", "Inhibit")
    message.setArguments(["sleep", "Gridworker", gettext("The data are being locked"), "delay"])
    watcher = QDBusPendingCallWatcher(bus.asyncCall(message))

    def finished() -> None:
        reply = watcher.reply()
        found = reply.arguments() if reply.type() == QDBusMessage.MessageType.ReplyMessage else []
        watcher.deleteLater()
        if found:
            got(found[0])

    watcher.finished.connect(finished)
