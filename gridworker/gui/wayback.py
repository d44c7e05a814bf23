"""A way on from the unlock page where the store is damaged or gone: the newest whole backup, looked for and offered.

Nothing is done until a person has seen what is newer than the backup and agreed; the store that is here is kept aside.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gridworker.app.session import LOCAL
from gridworker.errors import Problem
from gridworker.gui import background, messages
from gridworker.gui.filedialogs import Purpose, choose_folder
from gridworker.gui.page import Errand
from gridworker.gui.widgets.state import Strip
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.backup.way_back import WayBack
    from gridworker.gui.pages.unlock import UnlockPage


class WayBackOffer(QObject):
    """Looks for a backup and offers it on the page. ``agreed`` carries the Errand that puts it back."""

    agreed = Signal(object)

    def __init__(self, page: "UnlockPage", look: "Callable[[str, Path | None], WayBack | None]") -> None:
        """``look`` finds the newest whole backup for a passphrase, in the data folder or in a place."""
        super().__init__(page)
        self._page, self._look = page, look
        self._fault = ""

    def begin(self, fault: str, passphrase: str, place: Path | None = None) -> None:
        """Look for one. ``fault`` is why the store does not open."""
        self._fault = fault
        self._page.show_strips(Strip(fault), Strip(gettext("Looking for a backup …"), tone="info", icon="floppy-disk"))
        background.run(
            partial(self._look, passphrase, place),
            done=partial(self._on_looked, passphrase),
            failed=partial(self._on_failed, passphrase),
            owner=self,
        )

    def _on_failed(self, passphrase: str, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        self._page.show_strips(Strip(self._fault), Strip(str(fault)), self._place_strip(passphrase, ""))

    def _on_looked(self, passphrase: str, found: "WayBack | None") -> None:
        if found is None:
            none = gettext("No backup that this passphrase opens was found here.")
            self._page.show_strips(Strip(self._fault), self._place_strip(passphrase, none))
            return
        words = gettext("The backup of {moment} is whole.").format(moment=_moment(found.at))
        offer = Strip(words, tone="ok", icon="floppy-disk", action=gettext("Put back …"))
        offer.pressed.connect(partial(self._ask, found))
        self._page.show_strips(Strip(self._fault), offer, self._place_strip(passphrase, ""))

    def _place_strip(self, passphrase: str, words: str) -> Strip:
        elsewhere = words or gettext("A newer one may lie on a stick or in another folder.")
        place = Strip(elsewhere, tone="info", icon="floppy-disk", action=gettext("Choose a place"))
        place.pressed.connect(partial(self._choose_place, passphrase))
        return place

    def _ask(self, found: "WayBack") -> None:
        text = gettext("Put the backup of {moment} back?").format(moment=_moment(found.at))
        more = (
            *found.newer, "",
            gettext("The store that is here now is kept aside, and what is whole in it is taken over."),
            *([gettext("What the backup lacks comes back with the next bundles.")] if found.lacks else []),
        )  # fmt: skip
        errand = Errand(found.restoring.put_back, gettext("The backup is being put back …"), gettext("Put back."))
        question = messages.Question(text, "\n".join(more), gettext("Put it back"))
        messages.ask(self._page, question, partial(self.agreed.emit, errand))

    def _choose_place(self, passphrase: str) -> None:
        choose_folder(self._page, Purpose.BACKUPS, partial(self.begin, self._fault, passphrase))


def _moment(at: datetime) -> str:
    from gridworker.app.words.days import near_moment

    return near_moment(at, datetime.now(LOCAL).date())
