"""A laptop whose clock is wrong: saying so, and correcting the times it gave out."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gridworker.errors import Invalid, Problem
from gridworker.gui import background
from gridworker.gui.page import Shell
from gridworker.gui.undoing import undo_of
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.formdialog import FormDialog, FormText
from gridworker.gui.widgets.layout import column, row
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.exchange.clocks import Off
    from gridworker.app.workspace import Workspace


class ClockPart(QVBoxLayout):
    """By how much the clock of a laptop is wrong, and the way to a correction."""

    def __init__(self, off: "Off", page: QWidget, ws: "Workspace", shell: Shell) -> None:
        super().__init__()
        self._off, self._page, self._ws, self._shell = off, page, ws, shell
        words = gettext("Its clock is {words}, at least. Have it set right there.")
        if off.is_over:
            words = gettext(
                "Its clock was {words} and is right now. What it writes bears the wrong time: correct that."
            )
        self.button = Button(gettext("Correct its times"), "clock", key="T", size="compact")
        self.button.clicked.connect(self.correct)
        if not ws.session.can("CHANGE DEVICES"):
            self.button.hide()
        told = Text(words.format(words=off.words), "small", "due", wrap=True)
        self.addLayout(column(told, 4, row(self.button, None)))

    def correct(self) -> None:
        """A form with what the bundles tell, for a person to look at."""
        specs = self._ws.records.kind("clock_correction").kind.specs
        told = gettext(
            "It decides which side of a conflict is shown and how histories are ordered, everywhere; no entry changes."
        )
        title = gettext("Clock of laptop {number}").format(number=self._off.laptop)
        names = ("since", "until", "seconds")
        dialog = FormDialog(
            self._page, FormText(title, gettext("Save"), told), [specs[name] for name in names],
            self._ws.clocks.suggestion(self._off.laptop),
        )  # fmt: skip

        def submit(_changes: object) -> None:
            values: dict[str, object] = dict(dialog.form.values())
            save = partial(self._ws.clocks.correct, self._off.laptop, values)
            background.run(lambda: save().batch, done=done, failed=failed, owner=dialog)

        def done(batch: int) -> None:
            dialog.accept()
            undo = undo_of(self._ws, self._shell, batch)
            self._shell.toast(gettext("All laptops hear of it with their next replies."), undo)

        def failed(fault: Exception) -> None:
            if isinstance(fault, Invalid):
                dialog.show_faults(fault)
            elif isinstance(fault, Problem):
                self._shell.problem(fault)
            else:
                raise fault

        dialog.submitted.connect(submit)
        dialog.open()
