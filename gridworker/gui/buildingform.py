"""The forms that add a building and change one: its numbers, exceptions, and under way how many doors that makes."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gridworker.gui import background
from gridworker.gui.draftform import DraftForm
from gridworker.gui.page import Shell
from gridworker.gui.widgets.formdialog import FormDialog, FormText
from gridworker.gui.widgets.state import StatePanel
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.household.people import FormView
    from gridworker.app.workspace import Workspace

NAME = "building:new"
"""Of the draft."""

Told = Callable[[Mapping[str, object]], str]
Write = Callable[[Mapping[str, object], str], tuple[int, int]]
"""Takes the values and the draft they came from; gives the building and the act to undo."""


def no_building_panel(*, office: bool, may_add: bool) -> StatePanel:
    """Where buildings come from, before there are any."""
    return StatePanel(
        "empty",
        gettext("No buildings yet"),
        gettext("They come with a roster, or make one yourself.")
        if office
        else gettext("They come with the bundle from the office, or with a roster. You can make one yourself."),
        gettext("Add a building") if may_add else "",
        icon="buildings",
    )


def no_grid_panel() -> StatePanel:
    """What an office sees before its community has grids."""
    return StatePanel(
        "empty",
        gettext("There is no grid yet."),
        gettext("Divide the community into grids first; a building stands in one of them."),
        gettext("Devices and people"),
        icon="map-trifold",
    )


class BuildingForm(QObject):
    """One building. ``done`` is told its id and the act to undo."""

    def __init__(self, page: QWidget, ws: "Workspace", shell: Shell, done: Callable[[tuple[int, int]], None]) -> None:
        super().__init__(page)
        self._page, self._ws, self._shell, self._done = page, ws, shell, done

    def ask(self) -> FormDialog | None:
        """Open the form of a new one; where none can be added, say why."""
        plan = self._ws.buildings.plan
        obstacle = plan.obstacle()
        if obstacle is not None:
            self._shell.problem(obstacle)
            return None
        words = FormText(gettext("Add a building"), gettext("Make the doors"))
        return self._open(words, plan.form(), NAME, plan.told, lambda values, draft: plan.make(values, finishes=draft))

    def change(self, building: int) -> FormDialog:
        """Open the form of one that is here."""
        change = self._ws.buildings.change
        words = FormText(gettext("Change the building"), gettext("Save"))
        return self._open(
            words,
            change.form(building),
            f"building:{building}",
            partial(change.told, building),
            lambda values, draft: (building, change.save(building, values, finishes=draft)),
        )

    def _open(self, words: FormText, form: "FormView", draft: str, told: Told, write: Write) -> FormDialog:
        dialog = FormDialog(self._page, words, form.specs, form.values)
        kept = DraftForm(dialog, self._ws.drafts, draft, self._shell)

        def tell(_field: str = "") -> None:
            said = told(dialog.form.values())
            dialog.show_above("count", *([Text(said, "small", "ink-2", wrap=True)] if said else []))

        def submit(_changes: dict[str, object]) -> None:
            kept.finish()
            work = partial(write, dict(dialog.form.values()), draft)
            background.run(work, done=partial(self._on_made, dialog), failed=kept.refused, owner=dialog)

        dialog.form.changed.connect(tell)
        dialog.submitted.connect(submit)
        tell()
        dialog.open()
        return dialog

    def _on_made(self, dialog: FormDialog, made: tuple[int, int]) -> None:
        dialog.accept()
        self._done(made)
