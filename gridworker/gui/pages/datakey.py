"""Another data key for the store of this computer: what it means, one's passphrase, and then it is done closed."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from gridworker.errors import Problem, WrongPassphrase
from gridworker.gui import background
from gridworker.gui.page import DialogPage, Errand, Shell
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import add
from gridworker.gui.widgets.passphrase import PassphraseField
from gridworker.gui.widgets.smalldialog import DialogFrame, cancel_of
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.backup.data_key import Rekeying
    from gridworker.app.workspace import Workspace

_HEIGHT = 380


class DataKeyDialog(DialogPage):
    """A verified backup is made first; killed in the middle, the old key holds or the new one."""

    def __init__(self, ws: "Workspace", shell: Shell, parent: QWidget) -> None:
        super().__init__(ws, shell, parent)
        title = gettext("A new data key")
        told = gettext(
            "Where a copy of these data and a way to open it may be in other hands. All data are encrypted anew on "
            "this computer, and its backups are made anew. It takes a while; nothing is lost."
        )
        self.frame = DialogFrame(title, told)
        self.passphrase = PassphraseField(gettext("The present passphrase"))
        self.losing = Text("", "small", "due", wrap=True)
        self.losing.hide()
        add(self.frame.body, self.passphrase, 12, self.losing)
        self.go_on = Button(gettext("Encrypt anew"), key="Ctrl Enter", kind="primary")
        self.go_on.clicked.connect(self.submit)
        self.frame.set_foot(None, cancel_of(self), self.go_on)
        self.frame.put_in(self, _HEIGHT)
        self.setAccessibleName(title)
        bind(self, "Ctrl+Return", self.submit, gettext("Encrypt anew"))
        self.passphrase.changed.connect(lambda _: self._on_changed())
        self.passphrase.entered.connect(self.submit)
        self._on_changed()
        self.passphrase.line().setFocus()
        background.run(ws.data_key.losing, done=self._show_losing, owner=self)

    def submit(self) -> None:
        """Make the backup, then leave the rest to whoever can close the store."""
        if not self.go_on.isEnabled():
            return
        self.go_on.setEnabled(False)
        self.frame.say("")
        work = partial(self.ws.data_key.prepare, self.passphrase.text())
        background.run(work, done=self._on_prepared, failed=self._on_failed, owner=self)

    def _on_prepared(self, ready: "Rekeying") -> None:
        self.accept()
        meanwhile, done = gettext("The data are encrypted anew …"), gettext("Encrypted anew.")
        self.shell.away_wanted.emit(Errand(ready.words, meanwhile, done))

    def _show_losing(self, names: tuple[str, ...]) -> None:
        words = gettext("They need a new passphrase from you afterwards: {names}")
        self.losing.setText(words.format(names=gettext(", ").join(names)))
        self.losing.setVisible(bool(names))

    def _on_failed(self, fault: Exception) -> None:
        self._on_changed()
        if isinstance(fault, WrongPassphrase):
            self.passphrase.clear()
            self.passphrase.warn(gettext("That is not the present passphrase."))
            self.passphrase.line().setFocus()
        elif isinstance(fault, Problem):
            self.frame.show_problem(fault)
        else:
            raise fault

    def _on_changed(self) -> None:
        self.go_on.setEnabled(bool(self.passphrase.text()))
