"""What needs the store closed - putting a backup back - with words on screen meanwhile and afterwards."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gridworker.errors import Problem
from gridworker.gui import background, messages
from gridworker.gui.widgets.state import LoadingPanel
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.gui.start import Program


class Away(QObject):
    """Closes the store, does the work, then begins the program anew, for this process has held the keys.

    Whatever comes of it is said in a box that stays.
    """

    def __init__(self, program: "Program") -> None:
        super().__init__(program)
        self._program = program

    def begin(self, work: Callable[[], str]) -> None:
        """Close the store and do it."""
        self._program.close_store()
        self._program.window.show_content(LoadingPanel(gettext("The backup is being put back …")))
        background.run(work, done=self._on_done, failed=self._on_failed)

    def say(self, words: str) -> None:
        """What came of it, at the front of the program that was begun anew."""
        messages.tell(self._program.window, gettext("Put back."), words)

    def _on_done(self, words: str) -> None:
        self._program.begin_anew(words)
        self._program.show_front()
        self.say(words)

    def _on_failed(self, fault: Exception) -> None:
        self._program.show_front()
        if not isinstance(fault, Problem):
            raise fault
        messages.tell(self._program.window, str(fault))
