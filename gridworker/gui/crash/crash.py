"""What happens to a bug: it is logged without personal data, and the person is told that nothing is lost.

What the log holds is in app/files/bug_log.py.
"""

import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from gridworker.app.files.bug_log import without_words, write_down
from gridworker.errors import Problem

if TYPE_CHECKING:
    from gridworker.gui.crash.crashpage import CrashPage


def _on_unraisable(args: "sys.UnraisableHookArgs") -> None:
    """What goes wrong as an object is let go has nobody to go to. Python would write its words to standard error.

    A desktop keeps that in a file, and the words may be what somebody typed.
    """
    if args.exc_value is not None:
        write_down(args.exc_value)


class Crashes(QObject):
    """Takes every exception nobody caught, from any thread, and shows one page at a time in the window's thread."""

    caught = Signal(object)

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._page: CrashPage | None = None
        self.caught.connect(self._on_caught, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Become the hook of the interpreter and of its threads."""
        sys.excepthook = self._hook
        threading.excepthook = lambda args: self._hook(args.exc_type, args.exc_value, args.exc_traceback)
        sys.unraisablehook = _on_unraisable

    def page(self) -> "CrashPage | None":
        """The page on screen; one that stood over a dialog has gone with it."""
        return self._page if self._page is not None and shiboken6.isValid(self._page) else None

    def _hook(self, kind: type[BaseException], fault: BaseException | None, trace: TracebackType | None) -> None:
        if fault is None or issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, fault or kind(), trace)
            QApplication.quit()
            return
        if not isinstance(fault, Problem):
            write_down(fault)
        self.caught.emit(fault)

    def _on_caught(self, fault: BaseException) -> None:
        window = QApplication.activeWindow()
        if isinstance(fault, Problem):
            from gridworker.gui import messages

            messages.show_problem(window, fault)
        elif self.page() is None:
            from gridworker.gui.crash.crashpage import CrashPage

            self._page = CrashPage(without_words(fault), window)
            self._page.finished.connect(self._on_finished)
            self._page.open()

    def _on_finished(self) -> None:
        self._page = None
