"""Work that needs the store closed (restoring a backup, changing the data key), with progress and outcome in words."""

from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject

from gridworker.app.files.bug_log import write_down
from gridworker.errors import Problem
from gridworker.gui import background, messages
from gridworker.gui.page import Errand
from gridworker.gui.widgets.state import LoadingPanel
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.gui.window import Window


class Front(Protocol):
    """What shows the pages before a store is open, and has the store closed."""

    window: "Window"

    def close_store(self) -> object:
        """Let go of the store."""

    def restart(self, words: str = "") -> None:
        """Begin another process that says these words."""

    def show_front(self) -> None:
        """Show the page in front of the store."""


class ClosedStoreWork(QObject):
    """Closes the store, does the work, then begins the program anew, for this process has held the keys.

    Whatever comes of it is said in a box that stays.
    """

    def __init__(self, program: Front) -> None:
        super().__init__()
        self._program = program

    def begin(self, errand: Errand) -> None:
        """Close the store and do it."""
        self._program.close_store()
        self._program.window.show_content(LoadingPanel(errand.meanwhile))
        background.run(errand.run, done=partial(self._on_done, errand.done), failed=self._on_failed, owner=self)

    def say(self, words: str) -> None:
        """What came of it, at the front of the program that was begun anew: a line, and more."""
        title, _, more = words.partition("\n")
        messages.tell(self._program.window, title, more)

    def _on_done(self, title: str, words: str) -> None:
        self._end(f"{title}\n{words}")

    def _on_failed(self, fault: Exception) -> None:
        """What could not be done ends this process too: it has the keys in its memory all the same."""
        if isinstance(fault, Problem):
            self._end(str(fault))
            return
        write_down(fault)  # the page for a bug would go with the process
        told = gettext("Something in the program went wrong"), gettext("What you saved is safe. The log says where.")
        self._end("\n".join(told))

    def _end(self, said: str) -> None:
        self._program.restart(said)
        self._program.show_front()
        self.say(said)
