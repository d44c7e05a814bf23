"""The strip on the office's pages until its recovery sheet was tried once."""

from functools import partial
from typing import TYPE_CHECKING

from gridworker.gui import background
from gridworker.gui.page import Shell
from gridworker.gui.shortcuts import bind_button
from gridworker.gui.widgets.state import Strip
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace


class RecoveryReminder(Strip):
    """Hidden where nothing is due."""

    def __init__(self, ws: "Workspace", shell: Shell) -> None:
        super().__init__(
            gettext("The recovery sheet was never tried."),
            gettext("Should the passphrase be lost, it is the only way back in. It takes a minute."),
            action=gettext("Try it now"),
        )
        self.button.set_key("Ctrl T")
        bind_button(self, self.button, everywhere=True)
        self._ws = ws
        self.pressed.connect(partial(shell.go, "recovery"))
        self.hide()

    def refresh(self) -> None:
        """Ask again whether it is due; who may not try the sheet is not told to."""
        if not self._ws.session.can("CHANGE KEYS"):
            return
        background.run(self._ws.recovery.is_due, done=self.setVisible, owner=self)
