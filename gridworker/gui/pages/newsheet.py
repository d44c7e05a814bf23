"""Another recovery sheet of the office: made, printed and saved, and in force once it was tried."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.frontdoor import Recovery
from gridworker.gui.page import DialogPage, Shell
from gridworker.gui.recovery.inforce import say_in_force
from gridworker.gui.recovery.sheetcard import SheetCard
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import add, column, holder
from gridworker.gui.widgets.sheetfields import SheetFields
from gridworker.gui.widgets.smalldialog import DialogFrame, cancel_of
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.access.founding import RecoverySheet
    from gridworker.app.access.recovery import Tried
    from gridworker.app.workspace import Workspace

_HEIGHT, _LOW = 640, 220


class NewSheetDialog(DialogPage):
    """First what it means, then the sheet and the place to try it."""

    def __init__(self, ws: "Workspace", shell: Shell, parent: QWidget) -> None:
        super().__init__(ws, shell, parent)
        title = gettext("Make a new recovery sheet")
        told = gettext("Where the sheet or its key file was lost, or seen by others. The old one stays in force until "
                       "the new one was tried; then it opens the office no more.")  # fmt: skip
        self.frame = DialogFrame(title, told)
        self.card = SheetCard(ws.session.today())
        self.card.met.connect(self._on_met)
        self.fields = SheetFields()
        self.fields.line.installEventFilter(self)
        self.fields.changed.connect(self._on_changed)
        self.fields.entered.connect(self.submit)
        once = gettext("Try it once: take the key file from where it is kept, and type the code from the paper.")
        self._sheet = holder(column(self.card, 14, Text(once, "small", "ink-2", wrap=True), 8, self.fields))
        self._sheet.hide()
        add(self.frame.body, self._sheet)
        self.make = Button(gettext("Make it"), "key", key="Ctrl Enter", kind="primary")
        self.make.clicked.connect(self.begin)
        self.use = Button(gettext("Try it and use it"), key="Ctrl Enter", kind="primary")
        self.use.clicked.connect(self.submit)
        self.use.hide()
        self.frame.set_foot(None, cancel_of(self), self.make, self.use)
        self.frame.put_in(self, _LOW)
        self.setAccessibleName(title)
        bind(self, "Ctrl+Return", self._on_key, gettext("Try it and use it"))
        self._on_changed()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover the code while it is typed."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.card.cover(covered=event.type() is QEvent.Type.FocusIn)
        return super().eventFilter(watched, event)

    def begin(self) -> None:
        """Make it."""
        self.make.setEnabled(False)
        background.run(self.ws.recovery.renew, done=self._on_made, failed=self._on_failed, owner=self)

    def _on_key(self) -> None:
        """What the one loud button of the moment does."""
        (self.use if self.use.isVisible() else self.make).click()

    def submit(self) -> None:
        """Try it: from then on it is in force."""
        file = self.fields.file()
        if file is None or not self.use.isEnabled() or not self.use.isVisible():
            return
        self.use.setEnabled(False)
        self.frame.say("")
        work = partial(self.ws.recovery.test, file, self.fields.code())
        background.run(work, done=self._on_tried, failed=self._on_failed, owner=self)

    def _on_made(self, sheet: "RecoverySheet") -> None:
        office = self.ws.exchange.office_key().name
        self.card.show_recovery(Recovery(sheet.code, sheet.sealed, office, sheet.fingerprint, sheet.words))
        self._sheet.show()
        self.frame.grow(_HEIGHT)
        self.make.hide()
        self.use.show()
        self.card.print_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_tried(self, tried: "Tried") -> None:
        if not tried.renewed:
            self.use.setEnabled(True)
            self.frame.show_problem(Problem("This is the sheet in force, not the new one."))
            return
        say_in_force(self, tried.elsewhere)
        self.accept()

    def _on_met(self, problem: Problem | None) -> None:
        self.frame.say(str(problem) if problem else "")

    def _on_failed(self, fault: Exception) -> None:
        self.make.setEnabled(True)
        self._on_changed()
        if not isinstance(fault, Problem):
            raise fault
        self.frame.show_problem(fault)

    def _on_changed(self) -> None:
        self.use.setEnabled(self.fields.is_filled())
