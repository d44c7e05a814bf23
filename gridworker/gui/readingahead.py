"""Reading what may be asked for next, while nobody does anything with a page."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QScrollBar, QWidget

from gridworker.gui import background

QUIET = 2_000
"""Milliseconds nothing was asked for nor scrolled. While somebody scrolls, the window needs the computer for itself."""


class ReadingAhead(QObject):
    """Begins when a page has been quiet, and stops after the piece it is at when it is not quiet any more.

    ``work`` gives what is to be run in a worker; it says after each piece how far it is. What was read stays read, so
    to begin again is to go on.
    """

    def __init__(self, page: QWidget, work: Callable[[], Callable[[background.Report], None]]) -> None:
        super().__init__(page)
        self._page, self._work = page, work
        self._task: background.Task[None] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET)
        self._timer.timeout.connect(self.begin)

    def stop(self) -> None:
        """The page is being read: whoever waits for it does not share the computer."""
        self._timer.stop()
        if self._task is not None:
            self._task.cancel()

    def begin_soon(self) -> None:
        """The page stands there whole: begin when it has been quiet."""
        self.stop()
        self._timer.start()

    def is_wanted(self) -> bool:
        """Whether it is under way or will be soon."""
        reading = self._task is not None and self._task.running and not self._task.cancelled
        return reading or self._timer.isActive()

    def give_way(self, bar: QScrollBar) -> None:
        """Wait whenever this bar moves."""
        bar.valueChanged.connect(self._on_scrolled)

    def begin(self) -> None:
        """Begin, if the page is in sight; what was stopped is let come to the end of its piece before."""
        if self._task is not None and self._task.running:
            self._timer.start()
        elif self._page.isVisible():
            self._task = background.look(self._work(), progress=_unseen)

    def _on_scrolled(self, _top: int) -> None:
        if self.is_wanted():
            self.begin_soon()


def _unseen(_share: object) -> None:
    """How far it is shows nowhere; asking makes it possible to stop it."""
