"""A form over the page that is kept while it is typed: closed half done, it stands there again when it is opened.

Only what differs from what stood in the form is kept: what others write meanwhile is not undone by an old draft.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gridworker.app.words import days
from gridworker.errors import Invalid, Problem
from gridworker.gui import background, messages
from gridworker.gui.autosave import Autosave
from gridworker.gui.page import Shell
from gridworker.gui.widgets.formdialog import FormDialog
from gridworker.gui.widgets.state import Strip
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.drafts import Drafts


Write = Callable[[dict[str, Any], dict[str, Any]], int]
"""Writes all values of a form, or those that were changed. Returns the act."""


Fitting = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class DraftForm(QObject):
    """Keeps one dialog's form under a name. Whoever saves it drops the draft in the same act, and says ``finish``.

    ``emptied``: it was started afresh, and stands as it did before anything was typed. ``fitting`` leaves of what was
    kept what can still be so.
    """

    emptied = Signal()

    def __init__(self, dialog: FormDialog, drafts: "Drafts", name: str, shell: Shell, fitting: Fitting = dict) -> None:
        super().__init__(dialog)
        self.dialog, self._drafts, self.name = dialog, drafts, name
        self._empty = dict(dialog.form.values())
        self._keeper = Autosave(self._keep, dialog)
        self._keeper.kept.connect(self._on_kept)
        self._keeper.failed.connect(self._on_not_kept)
        found = drafts.get(name)
        if found is not None:
            dialog.form.propose(fitting(found.fields))
            strip = Strip(gettext("Half written before; it goes on here."), tone="info", icon="pencil-simple",
                          action=gettext("Start afresh"))  # fmt: skip
            strip.pressed.connect(self._on_afresh)
            dialog.show_above("kept", strip)
            self._on_kept(found.kept_at)
        dialog.form.changed.connect(self._on_changed)
        dialog.finished.connect(self._on_finished)
        shell.closing.connect(self._keeper.flush)

    def save_by(self, write: Write, done: Callable[[int], None]) -> None:
        """Have it written when it is submitted; ``done`` is told the act."""

        def written(batch: int) -> None:
            self.dialog.accept()
            done(batch)

        def submit(changes: dict[str, Any]) -> None:
            self.finish()
            work = partial(write, dict(self.dialog.form.values()), changes)
            background.run(work, done=written, failed=self.refused, owner=self.dialog)

        self.dialog.submitted.connect(submit)

    def finish(self) -> None:
        """It is being saved: nothing is kept any more."""
        self._keeper.finish()

    def resume(self) -> None:
        """It could not be saved."""
        self._keeper.resume()
        self._note()

    def refused(self, fault: Exception) -> None:
        """It could not be saved: go on keeping it, and say why. What is no Problem is raised again."""
        self.resume()
        if isinstance(fault, Invalid):
            self.dialog.show_faults(fault)
        elif isinstance(fault, Problem):
            messages.show_problem(self.dialog, fault)
        else:
            raise fault

    def _note(self) -> None:
        changes = self.dialog.form.changes()
        if not changes:
            self.dialog.say_kept("")
        self._keeper.note(changes)

    def _keep(self, changes: Mapping[str, Any]) -> datetime | None:
        """In whatever thread. What was typed back to what stood there is no draft."""
        if changes:
            return self._drafts.keep(self.name, changes)
        self._drafts.drop(self.name)
        return None

    def _on_changed(self, _field: str) -> None:
        self._note()

    def _on_finished(self) -> None:
        self._keeper.flush()

    def _on_afresh(self) -> None:
        self._keeper.finish()
        self.dialog.form.set_values(self._empty)
        self.dialog.show_above("kept")
        self.dialog.say_kept("")
        background.run(partial(self._drafts.drop, self.name))
        self._keeper.resume()
        self.emptied.emit()

    def _on_kept(self, at: datetime) -> None:
        self.dialog.say_kept(gettext("Draft saved here {time}").format(time=days.clock(at)))

    def _on_not_kept(self, _fault: Problem) -> None:
        self.dialog.say_kept(gettext("Not saved yet, trying again"))
