"""An import being saved: how far it is, and the way out, which takes back what was written of it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.pages.roster.busy import SAVING, Busy
from gridworker.gui.readingahead import ReadingAhead
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.ledger.forms import FormImported
    from gridworker.app.roster.rosters import Imported, Rosters, Seen
    from gridworker.app.workspace import Workspace


def read_lists_ahead(page: QWidget, ws: "Workspace") -> None:
    """The day and all lists of households are others now: while somebody reads what came in, they are put in order.

    The day is first: it is what is opened next, and takes seconds where very many came.
    """
    knows = ws.session.knows
    has_day = not ws.session.is_office and knows("READ VISITS")

    def work(told: background.Report) -> None:
        if has_day:
            ws.today.look_ahead()()
            told(0)
        ws.households.look_ahead()(told)

    if knows("MASKED PEOPLE"):
        ReadingAhead(page, lambda: work).begin()


class Saving:
    """One import on its way. It ends as ``done`` or ``failed``, stopped or not: a stop may come too late."""

    def __init__(self, busy: Busy, rosters: "Rosters", preview: "Seen") -> None:
        self._busy, self._rosters, self._preview = busy, rosters, preview
        self._stopped = False

    def begin(self, done: "Callable[[Imported | FormImported], object]", failed: Callable[[Exception], object]) -> None:
        """Save, all of it or nothing."""
        self._busy.show_step(SAVING, gettext("Saving all of it, or nothing…"))
        self._busy.cancel.setEnabled(True)
        background.run(self._work, done=done, failed=failed, progress=self._on_progress)

    def stop(self) -> None:
        """Write no more of it, and take back what was written."""
        self._stopped = True
        self._busy.cancel.setEnabled(False)
        self._busy.show_step(SAVING, gettext("Stopping…"))

    def _work(self, report: background.Report) -> "Imported | FormImported":
        def reached(made: int, of: int) -> None:
            if self._stopped:
                raise Problem("You stopped it before it was done.")
            report(100 * made // of)

        return self._rosters.keep(self._preview, reached=reached)

    def _on_progress(self, percent: int) -> None:
        if not self._stopped:
            self._busy.show_step(SAVING, gettext("Saving all of it, or nothing: {percent} %").format(percent=percent))
