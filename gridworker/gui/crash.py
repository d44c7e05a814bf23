"""What happens to a bug: it is logged without personal data, and the person is told that nothing is lost.

The log holds where and what sort, never the words of an exception: those may quote what somebody typed.
"""

import logging
import sys
import threading
import traceback
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from gridworker.errors import Problem
from gridworker.paths import log_file

if TYPE_CHECKING:
    from gridworker.gui.crashpage import CrashPage

_LOG = logging.getLogger("gridworker")


def without_words(fault: BaseException) -> str:
    """A traceback of places and types, without the exceptions' own words and without home folders."""
    lines: list[str] = []
    link: BaseException | None = fault
    while link is not None:
        places = [
            f"  {place.filename}:{place.lineno} {place.name}" for place in traceback.extract_tb(link.__traceback__)
        ]
        lines += [type(link).__name__, *places]
        link = link.__cause__ or link.__context__
    return "\n".join(lines)


def open_log() -> None:
    """Write the program's log to its folder, once; half a megabyte at most."""
    from logging.handlers import RotatingFileHandler

    path = log_file().absolute()
    if any(isinstance(handler, RotatingFileHandler) and handler.baseFilename == str(path) for handler in _LOG.handlers):
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=250_000, backupCount=1, encoding="utf-8")
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    _LOG.addHandler(handler)


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

    def page(self) -> "CrashPage | None":
        """The page on screen."""
        return self._page

    def _hook(self, kind: type[BaseException], fault: BaseException | None, trace: TracebackType | None) -> None:
        if fault is None or issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, fault or kind(), trace)
            QApplication.quit()
            return
        if not isinstance(fault, Problem):
            _LOG.error("%s", without_words(fault))
        self.caught.emit(fault)

    def _on_caught(self, fault: BaseException) -> None:
        window = QApplication.activeWindow()
        if isinstance(fault, Problem):
            from gridworker.gui import messages

            messages.show_problem(window, fault)
        elif self._page is None:
            from gridworker.gui.crashpage import CrashPage

            self._page = CrashPage(without_words(fault), window)
            self._page.finished.connect(self._on_finished)
            self._page.open()

    def _on_finished(self) -> None:
        self._page = None
