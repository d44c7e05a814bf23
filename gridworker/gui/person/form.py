"""Writing down a person: the form, kept while it is typed, and who on the books it may be already."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from gridworker.gui import background
from gridworker.gui.draftform import DraftForm
from gridworker.gui.page import Shell
from gridworker.gui.widgets.alikelist import AlikeList
from gridworker.gui.widgets.formdialog import FormDialog
from gridworker.gui.widgets.state import Strip
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.search.alike import AlikeView
    from gridworker.app.workspace import Workspace

WAIT = 150
"""Milliseconds without a key before it is looked up."""

ASKED_BY = frozenset({"name", "id_number", "birth_date", "birth_year", "phones"})
"""The fields that speak for a person."""


class Lookout(QObject):
    """Looks up who may be meant while a form of a new person is filled in. ``looked`` carries a household to open."""

    looked = Signal(object)

    def __init__(self, dialog: FormDialog, ws: "Workspace", shell: Shell, household: int) -> None:
        super().__init__(dialog)
        self._dialog, self._ws, self._shell, self._household = dialog, ws, shell, household
        self._asked, self._noted = 0, False
        self._shown: tuple[AlikeView, ...] = ()
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT)
        self._wait.timeout.connect(self.look)
        dialog.form.changed.connect(self._on_changed)

    def look(self) -> None:
        """Look up what stands in the form now."""
        self._asked += 1
        asked, values, sharing = self._asked, dict(self._dialog.form.values()), self._shell.sharing
        work = partial(self._ws.alike.to, self._household, values, sharing=sharing)
        background.look(lambda: (asked, work()), done=self._on_found, owner=self)

    def _on_changed(self, field: str) -> None:
        if field in ASKED_BY:
            self._wait.start()

    def _on_found(self, found: "tuple[int, tuple[AlikeView, ...]]") -> None:
        asked, people = found
        if asked != self._asked or people == self._shown:
            return
        self._shown = people
        if not self._noted and any(one.by_number for one in people):
            self._noted = True
            background.run(self._ws.search.noted)
        if not people:
            self._dialog.pin(None)
            return
        shown = AlikeList(people)
        shown.looked.connect(self.looked)
        self._dialog.pin(shown)


class OldNumber(QObject):
    """Offers an old ID number of 15 digits in the 18 of today; a person takes it or leaves it as it is."""

    def __init__(self, dialog: FormDialog, ws: "Workspace") -> None:
        super().__init__(dialog)
        self._dialog, self._people = dialog, ws.people
        dialog.form.changed.connect(self._on_changed)
        self.look()

    def look(self) -> None:
        """See whether an old number stands in the form."""
        longer = self._people.longer_number(self._dialog.form.values().get("id_number"))
        if not longer:
            self._dialog.show_above("number")
            return
        words = gettext("An old number of 15 digits; in 18 it is {number}. Compare it with the card.")
        strip = Strip(words.format(number=longer), tone="info", icon="info", action=gettext("Take the 18 digits"))
        strip.pressed.connect(partial(self._dialog.form.propose, {"id_number": longer}))
        strip.pressed.connect(self.look)
        self._dialog.show_above("number", strip)

    def _on_changed(self, field: str) -> None:
        if field == "id_number":
            self.look()


def watch(dialog: FormDialog, ws: "Workspace", shell: Shell, household: int, name: str) -> DraftForm:
    """Keep a new person's form and look out for who is here already. Opening somebody's file leaves it half written."""
    kept = DraftForm(dialog, ws.drafts, name, shell)
    lookout = Lookout(dialog, ws, shell, household)
    lookout.looked.connect(dialog.reject)
    lookout.looked.connect(partial(shell.go, "household"))
    lookout.look()
    return kept
