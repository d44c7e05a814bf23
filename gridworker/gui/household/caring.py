"""Care on a household's page: opening a care file, changing or ending one, and whom it names for an emergency."""

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
    from gridworker.app.household.people import FormView
    from gridworker.app.workspace import Workspace

Done = Callable[[str, int], None]
"""Told what was done, in words, and the act for undo."""


class Caring(QObject):
    """One page's way to the care files of its household."""

    def __init__(self, page: QWidget, ws: "Workspace", shell: Shell, done: Done) -> None:
        super().__init__(page)
        self._page, self._ws, self._shell, self._done = page, ws, shell, done

    def add(self, household: int) -> FormDialog:
        """Ask whom it is for and why."""
        words, draft = FormText(gettext("Open a care file"), gettext("Open it")), f"care:{household}"
        return self._open(
            self._ws.care.form(household),
            words,
            draft,
            lambda values, _: self._ws.care.open(household, values, finishes=draft).batch,
        ).dialog

    def open(self, household: int, care: int) -> FormDialog:
        """Show one, to be changed or ended."""
        words, draft = FormText(gettext("Care file"), gettext("Save")), f"care:{care}:{household}"
        return self._open(
            self._ws.care.form(household, care),
            words,
            draft,
            lambda _, changes: self._ws.care.save(household, care, changes, finishes=draft).batch,
        ).dialog

    def ask_contact(self, household: int, care: int, contact: int | None = None) -> FormDialog:
        """Ask whom to ring in an emergency, or show one who is named, to be changed or taken out."""
        contacts, title = self._ws.care.contacts, gettext("Emergency contact")
        form = contacts.form(household, care, contact)
        if contact is None:
            draft = f"contact:{care}:{household}"
            return self._open(
                form,
                FormText(title, gettext("Add")),
                draft,
                lambda values, _: contacts.add(household, care, values, finishes=draft).batch,
            ).dialog
        draft = f"contact:{contact}:{care}:{household}"
        kept = self._open(
            form,
            FormText(title, gettext("Save"), also=gettext("Take out")),
            draft,
            lambda _, changes: contacts.save(household, care, contact, changes, finishes=draft).batch,
        )
        kept.dialog.also_pressed.connect(
            partial(self._take_out, kept, lambda: contacts.remove(household, care, contact, finishes=draft).batch)
        )
        return kept.dialog

    def _take_out(self, kept: DraftForm, remove: Callable[[], int]) -> None:
        kept.finish()
        kept.dialog.reject()
        background.run(remove, done=partial(self._done, gettext("Taken out.")), owner=self)

    def _open(
        self,
        form: "FormView",
        words: FormText,
        draft: str,
        write: Write,
    ) -> DraftForm:
        dialog = FormDialog(self._page, words, form.specs, form.values)
        kept = DraftForm(dialog, self._ws.drafts, draft, self._shell)
        kept.save_by(write, partial(self._done, gettext("Saved.")))
        dialog.open()
        return kept
