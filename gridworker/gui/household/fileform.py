"""The forms of a household's file: opened, kept while they are typed, written when they are submitted."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gridworker.gui import background
from gridworker.gui.draftform import DraftForm
from gridworker.gui.page import Shell
from gridworker.gui.person.form import OldNumber, watch
from gridworker.gui.widgets.formdialog import FormDialog, FormText
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.household.people import FormView
    from gridworker.app.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Way:
    """What is said when a form is saved; its draft; ``alike`` looks out for who is on the books already."""

    done: str
    draft: str
    alike: bool = False


class FileForms(QObject):
    """One page's forms. ``done`` is told the words and the act; ``consent`` asks for consent instead."""

    def __init__(
        self,
        page: QWidget,
        ws: "Workspace",
        shell: Shell,
        done: Callable[[str, int], None],
        consent: Callable[[], None],
    ) -> None:
        super().__init__(page)
        self._page, self._ws, self._shell, self._done, self._consent = page, ws, shell, done, consent

    def ask(
        self,
        household: int,
        read: "Callable[[], FormView]",
        words: FormText,
        write: Callable[[dict[str, object]], int],
        way: Way,
    ) -> DraftForm:
        """Open a form, keep it while it is typed, and write what was filled in."""
        form = read()
        if {"phones", "id_number"} & form.withheld:
            remark = gettext("ID number and phone come with consent. Without it: name, relation, year of birth.")
            words = replace(words, remark=remark, remark_action=gettext("Record consent"))
        dialog = FormDialog(self._page, words, form.specs, form.values)
        if way.alike:
            kept = watch(dialog, self._ws, self._shell, household, way.draft)
        else:
            kept = DraftForm(dialog, self._ws.drafts, way.draft, self._shell)
        OldNumber(dialog, self._ws)

        def written(batch: int) -> None:
            dialog.accept()
            self._done(way.done, batch)

        def submit(changes: dict[str, object]) -> None:
            kept.finish()
            values = dict(changes)
            background.run(lambda: write(values), done=written, failed=kept.refused, owner=dialog)

        dialog.submitted.connect(submit)
        dialog.remark_pressed.connect(dialog.reject)
        dialog.remark_pressed.connect(self._consent)
        dialog.open()
        return kept
