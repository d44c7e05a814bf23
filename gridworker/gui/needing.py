"""Needs on a household's page: raising one, opening one, moving one in the queue."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gridworker.errors import Invalid, Problem
from gridworker.gui import background, messages
from gridworker.gui.widgets.formdialog import FormDialog, FormText
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.household_needs import HouseholdNeeds
    from gridworker.app.people import FormView
    from gridworker.record import Value

Done = Callable[[str, int], None]
"""Told what was done, in words, and the act for undo."""
Write = Callable[["dict[str, Value]", "dict[str, Value]"], int]
"""Writes all values of a form, or those that were changed. Returns the act."""


class Needing(QObject):
    """One page's way to the needs of its household."""

    def __init__(self, page: QWidget, needs: "HouseholdNeeds", done: Done) -> None:
        super().__init__(page)
        self._page, self._needs, self._done = page, needs, done

    def add(self, household: int) -> FormDialog:
        """Ask what is needed."""
        words = FormText(gettext("Add need"), gettext("Add"))
        form = self._needs.form(household)
        return self._ask(form, words, lambda values, _: self._needs.raise_need(household, values).batch)

    def open(self, household: int, need: int) -> FormDialog:
        """Show a need, to be carried on."""
        words = FormText(gettext("What is needed"), gettext("Save"))
        form = self._needs.form(household, need)
        return self._ask(form, words, lambda _, changes: self._needs.save(household, need, changes).batch)

    def move(self, household: int, need: int, by: int) -> None:
        """Move it up or down."""
        background.run(
            lambda: self._needs.move(household, need, by),
            done=lambda commit: self._done(gettext("Moved."), commit.batch) if commit else None,
            owner=self,
        )

    def _ask(self, form: "FormView", words: FormText, write: "Write") -> FormDialog:
        dialog = FormDialog(self._page, words, form.specs, form.values)

        def failed(fault: Exception) -> None:
            if isinstance(fault, Invalid):
                dialog.show_faults(fault)
            elif isinstance(fault, Problem):
                messages.show_problem(self._page, fault)
            else:
                raise fault

        def written(batch: int) -> None:
            dialog.accept()
            self._done(gettext("Saved."), batch)

        def submit(changes: "dict[str, Value]") -> None:
            background.run(partial(write, dialog.form.values(), changes), done=written, failed=failed, owner=dialog)

        dialog.submitted.connect(submit)
        dialog.open()
        return dialog
