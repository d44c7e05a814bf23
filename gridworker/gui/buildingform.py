"""The form that adds a building: its numbers, the exceptions, and under way how many doors that makes."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gridworker.gui import background
from gridworker.gui.kept import KeptForm
from gridworker.gui.page import Shell
from gridworker.gui.widgets.formdialog import FormDialog, FormText
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.building_plan import BuildingPlan
    from gridworker.app.workspace import Workspace

NAME = "building:new"
"""Of the draft."""


class BuildingForm(QObject):
    """One building. ``done`` is told its id and the act to undo."""

    def __init__(self, page: QWidget, ws: "Workspace", shell: Shell, done: Callable[[tuple[int, int]], None]) -> None:
        super().__init__(page)
        self._page, self._ws, self._shell, self._done = page, ws, shell, done
        self._plan: BuildingPlan = ws.buildings.plan

    def ask(self) -> FormDialog:
        """Open it."""
        form = self._plan.form()
        words = FormText(gettext("Add a building"), gettext("Make the doors"))
        dialog = FormDialog(self._page, words, form.specs, form.values)
        kept = KeptForm(dialog, self._ws.drafts, NAME, self._shell)
        dialog.form.changed.connect(lambda _field: self._tell(dialog))
        dialog.submitted.connect(lambda _changes: self._submit(dialog, kept))
        self._tell(dialog)
        dialog.open()
        return dialog

    def _tell(self, dialog: FormDialog) -> None:
        told = self._plan.told(dialog.form.values())
        dialog.show_above("count", *([Text(told, "small", "ink-2", wrap=True)] if told else []))

    def _submit(self, dialog: FormDialog, kept: KeptForm) -> None:
        kept.finish()
        values = dict(dialog.form.values())
        background.run(
            lambda: self._plan.make(values, finishes=NAME),
            done=partial(self._on_made, dialog),
            failed=kept.refused,
            owner=dialog,
        )

    def _on_made(self, dialog: FormDialog, made: tuple[int, int]) -> None:
        dialog.accept()
        self._done(made)
