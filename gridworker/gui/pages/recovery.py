"""Trying the office's recovery sheet: only what was tried once can be relied on."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.page import DialogPage, Shell
from gridworker.gui.recovery.inforce import say_in_force
from gridworker.gui.shortcuts import bind, bind_button
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.sheetfields import SheetFields
from gridworker.gui.widgets.smalldialog import DialogFrame, cancel_of
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.access.recovery import Tried
    from gridworker.app.workspace import Workspace

_HEIGHT = 380


class RecoveryDialog(DialogPage):
    """The key file and the code, as they are kept."""

    def __init__(self, ws: "Workspace", shell: Shell, parent: QWidget) -> None:
        super().__init__(ws, shell, parent)
        told = gettext("Take the key file from its stick and type the code from the paper. Nothing is changed by it.")
        self.frame = DialogFrame(gettext("Try the recovery sheet"), told)
        self.fields = SheetFields()
        self.frame.body.addWidget(self.fields)
        self.test = Button(gettext("Try it"), key="Ctrl Enter", kind="primary")
        self.test.clicked.connect(self.submit)
        self.anew = Button(gettext("Lost? Make a new sheet …"), key="Alt N", kind="quiet")
        self.anew.clicked.connect(self.make_anew)
        self.anew.setVisible(ws.session.can("EXPORT KEYS"))
        self.frame.set_foot(self.anew, None, cancel_of(self), self.test)
        self.frame.put_in(self, _HEIGHT)
        self.setAccessibleName(gettext("Try the recovery sheet"))
        bind(self, "Ctrl+Return", self.submit, gettext("Try it"))
        bind_button(self, self.anew)
        self.fields.changed.connect(self._on_changed)
        self.fields.entered.connect(self.submit)
        self._on_changed()
        self.fields.focus_first()

    def make_anew(self) -> None:
        """Go on to making another one: what was never printed or saved cannot be tried."""
        self.reject()
        self.shell.go("newsheet")

    def submit(self) -> None:
        """Try it."""
        file = self.fields.file()
        if file is None or not self.test.isEnabled():
            return
        self.test.setEnabled(False)
        self.frame.say("")
        work = partial(self.ws.recovery.test, file, self.fields.code())
        background.run(work, done=self._on_done, failed=self._on_failed, owner=self)

    def _on_done(self, tried: "Tried") -> None:
        if tried.renewed:  # it was the new one, which was made and left to be tried later
            say_in_force(self, tried.elsewhere)
        else:
            self.shell.toast(gettext("The recovery sheet opens the office. Put the paper and the stick away again."))
        self.accept()

    def _on_failed(self, fault: Exception) -> None:
        self.test.setEnabled(True)
        if not isinstance(fault, Problem):
            raise fault
        self.frame.show_problem(fault)

    def _on_changed(self) -> None:
        self.frame.say("")
        self.test.setEnabled(self.fields.is_filled())
