"""Closing the window while something is being written: it says so, waits for its end, and offers to break it off."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from gridworker.gui import background, messages
from gridworker.gui.clipboard import clear_private
from gridworker.gui.window import Window
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace

MOMENT = 0.5
"""Seconds that are waited for without a word: what one save or one reading takes."""
_LOOK_MS = 200


class Closing(QObject):
    """Holds the window open for what is under way, and closes it by itself when that is done.

    ``open_store``: whether there is a store to be written to. ``broken_off`` is what the person chose.
    """

    def __init__(self, window: Window, open_store: Callable[[], bool]) -> None:
        super().__init__(window)
        self.broken_off = False
        self._window, self._open_store = window, open_store
        self._asked = False
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._close_when_done)
        window.may_close = self.may_close

    def may_close(self) -> bool:
        """Whether nothing holds it open; else the person is asked."""
        if self.broken_off or not self._open_store() or background.is_quiet(MOMENT):
            return True
        if not self._asked:
            self._ask()
        return False

    def _ask(self) -> None:
        question = messages.Question(
            gettext("Something is still being worked on. The window closes by itself when it is done."),
            gettext(
                "Broken off, what is being saved is not there the next time: it is saved whole or not at all. Bundles "
                "can be taken in again, and an erasure goes on by itself."
            ),
            gettext("Break it off and close"),
            gettext("Do not close"),
        )
        self._asked = True
        self._box = messages.ask(self._window, question, self._on_broken_off)
        self._box.finished.connect(self._on_answered)
        self._look.start()

    def _on_broken_off(self) -> None:
        self.broken_off = True
        QTimer.singleShot(0, self, self._window.close)  # the box has gone by then

    def _on_answered(self) -> None:
        self._asked = False
        self._look.stop()

    def _close_when_done(self) -> None:
        if self._asked and background.is_quiet():
            self._box.reject()
            self._window.close()


def leave_off(ws: "Workspace | None") -> None:
    """Nobody looks any more: what was copied goes, and what is only read ends, whatever statement it is in."""
    clear_private()
    background.stop_looking()
    if ws is not None:
        ws.session.stop_looking()
