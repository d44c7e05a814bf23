"""Others who may look on: a second screen is connected, or a program takes pictures of the window.

Share mode offers itself when a screen appears (ui/ux.md, 8). Where the system can, other programs see nothing of the
window until share mode is on: a picture, a recording or a call then shows it black instead of people in clear.
"""

import ctypes
import sys
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QScreen, QWindow

from gridworker.gui.page import Shell
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.state import Strip
from gridworker.text import gettext

_SHOWN, _LEFT_OUT = 0x00, 0x11
"""WDA_NONE and WDA_EXCLUDEFROMCAPTURE (Windows 10 2004); an older Windows refuses the second and nothing changes."""


class Onlookers(QObject):
    """Watches while a desk is open. ``screen_came`` where one more is there and share mode is off."""

    screen_came = Signal()
    screen_went = Signal()

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.screenAdded.connect(self.on_screen)
            app.screenRemoved.connect(self._on_screen_gone)
            app.focusWindowChanged.connect(self._on_window)
        shell.sharing_changed.connect(self._on_sharing)
        self._on_sharing(shell.sharing)

    def on_screen(self, _screen: QScreen) -> None:
        """One more screen is connected."""
        if not self._shell.sharing:
            self.screen_came.emit()

    def _on_screen_gone(self, _screen: QScreen) -> None:
        if len(QGuiApplication.screens()) <= 1:
            self.screen_went.emit()

    def _on_window(self, window: QWindow | None) -> None:
        """Dialogs are windows of their own: each is covered when it first has the focus."""
        if window is not None:
            hide_from_capture(window, hidden=not self._shell.sharing)

    def _on_sharing(self, sharing: bool) -> None:
        for window in QGuiApplication.topLevelWindows():
            hide_from_capture(window, hidden=not sharing)


class ScreenOffer(Strip):
    """What is said when a screen came. ``pressed`` turns share mode on."""

    def __init__(self) -> None:
        super().__init__(
            gettext("Another screen is connected. Share mode hides names, phones, tags and notes."),
            tone="info", icon="eye-slash", action=gettext("Share mode"),
        )  # fmt: skip
        later = Button(gettext("Not now"), kind="quiet", size="compact")
        later.clicked.connect(self.hide)
        self._row.addWidget(later)
        self.hide()


def hide_from_capture(window: QWindow, *, hidden: bool) -> None:
    """Have the system leave a window out of what other programs take of the screen, or let it in again."""
    if sys.platform == "win32" and window.isVisible():
        library: Any = getattr(ctypes, "windll").user32  # noqa: B009 - the name is there on Windows only
        library.SetWindowDisplayAffinity(int(window.winId()), _LEFT_OUT if hidden else _SHOWN)
