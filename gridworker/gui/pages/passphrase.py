"""Changing one's passphrase: the present one, the new one twice, its strength in words, and the key ring."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from gridworker.app.staff.passphrases import judge
from gridworker.errors import Problem, WrongPassphrase
from gridworker.gui import background
from gridworker.gui.page import DialogPage, Shell
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.check import CheckBox
from gridworker.gui.widgets.layout import add
from gridworker.gui.widgets.passphrase import NewPassphrase, PassphraseField
from gridworker.gui.widgets.smalldialog import DialogFrame, cancel_of
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace

_HEIGHT = 460


class PassphraseDialog(DialogPage):
    """Cut off at any moment, the old passphrase or the new one opens the data."""

    def __init__(self, ws: "Workspace", shell: Shell, parent: QWidget) -> None:
        super().__init__(ws, shell, parent)
        told = gettext("It counts from the next unlocking on. Write the new one down and keep it at home.")
        self.frame = DialogFrame(gettext("Change the passphrase"), told)
        self.old = PassphraseField(gettext("The present passphrase"))
        self.new = NewPassphrase(judge, gettext("New passphrase"))
        self.ring = CheckBox(gettext("Together with the key ring of this computer"))
        more = gettext("Six characters are enough then, but they open the data on this computer only.")
        self._about_ring = Text(more, "caption", "ink-3", wrap=True)
        add(self.frame.body, self.old, 6, self.new, 10, self.ring, 2, self._about_ring)
        self.save = Button(gettext("Change the passphrase"), key="Ctrl Enter", kind="primary")
        self.save.clicked.connect(self.submit)
        self.frame.set_foot(None, cancel_of(self), self.save)
        self.frame.put_in(self, _HEIGHT)
        self.setAccessibleName(gettext("Change the passphrase"))
        bind(self, "Ctrl+Return", self.submit, gettext("Change the passphrase"))
        self.old.changed.connect(lambda _: self._on_changed())
        self.new.changed.connect(self._on_changed)
        self.new.fields()[1].entered.connect(self.submit)
        self.ring.toggled.connect(self._on_ring)
        self._show_ring(False)
        background.run(ws.people_here.ring_is_there, done=self._show_ring, owner=self)
        self._on_changed()
        self.old.line().setFocus()

    def submit(self) -> None:
        """Change it."""
        if not self.save.isEnabled():
            return
        self.save.setEnabled(False)
        self.frame.say("")
        work = partial(
            self.ws.people_here.change, self.old.text(), self.new.passphrase(), with_ring=self.ring.isChecked()
        )
        background.run(work, done=self._on_done, failed=self._on_failed, owner=self)

    def _on_done(self, _nothing: object) -> None:
        self.shell.toast(gettext("The new passphrase counts from now on."))
        self.accept()

    def _on_failed(self, fault: Exception) -> None:
        self.save.setEnabled(True)
        if isinstance(fault, WrongPassphrase):
            self.old.clear()
            self.old.warn(gettext("That is not the present passphrase."))
            self.old.line().setFocus()
        elif isinstance(fault, Problem):
            self.frame.show_problem(fault)
        else:
            raise fault

    def _on_changed(self) -> None:
        self.save.setEnabled(bool(self.old.text() and self.new.passphrase()))

    def _on_ring(self, with_ring: bool) -> None:
        self.new.judge_by(partial(judge, with_ring=with_ring))

    def _show_ring(self, there: bool) -> None:
        self.ring.setVisible(there)
        self._about_ring.setVisible(there)
