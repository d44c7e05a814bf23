"""Needs on a household's page: raising one, opening one, moving one in the queue."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gridworker.gui import background
from gridworker.gui.draftform import DraftForm, Write
from gridworker.gui.page import Shell
from gridworker.gui.widgets.formdialog import FormDialog, FormText
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.household.needs import HouseholdNeeds
    from gridworker.app.household.people import FormView
    from gridworker.app.workspace import Workspace

Done = Callable[[str, int], None]
"""Told what was done, in words, and the act for undo."""


class Needing(QObject):
    """One page's way to the needs of its household."""

    def __init__(self, page: QWidget, ws: "Workspace", shell: Shell, done: Done) -> None:
        super().__init__(page)
        self._page, self._shell, self._done = page, shell, done
        self._needs: HouseholdNeeds = ws.needs
        self._drafts = ws.drafts

    def add(self, household: int) -> FormDialog:
        """Ask what is needed."""
        words = FormText(gettext("Add need"), gettext("Add"))
        form, draft = self._needs.form(household), f"need:{household}"
        kept = self._open(form, words, draft)
        self._write(kept, lambda values, _: self._needs.raise_need(household, values, finishes=draft).batch)
        return kept.dialog

    def open(self, household: int, need: int) -> FormDialog:
        """Show a need, to be carried on."""
        words = FormText(gettext("Need"), gettext("Save"))
        form, draft = self._needs.form(household, need), f"need:{need}:{household}"
        kept = self._open(form, words, draft)
        self._write(kept, lambda _, changes: self._needs.save(household, need, changes, finishes=draft).batch)
        return kept.dialog

    def move(self, household: int, need: int, by: int) -> None:
        """Move it up or down."""
        background.run(
            lambda: self._needs.move(household, need, by),
            done=lambda commit: self._done(gettext("Order changed."), commit.batch) if commit else None,
            owner=self,
        )

    def _open(self, form: "FormView", words: FormText, draft: str) -> DraftForm:
        dialog = FormDialog(self._page, words, form.specs, form.values)
        kept = DraftForm(dialog, self._drafts, draft, self._shell)
        dialog.open()
        return kept

    def _write(self, kept: DraftForm, write: Write) -> None:
        kept.save_by(write, partial(self._done, gettext("Saved.")))
