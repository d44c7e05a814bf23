"""What the inbox reads of the one conflict on screen: of ten thousand a list knows how many, and who they are."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gridworker.gui import background
from gridworker.gui.page import Page
from gridworker.gui.pages.merge.conflict import ConflictCard
from gridworker.gui.pages.merge.deciding import Deciding

if TYPE_CHECKING:
    from gridworker.app.inbox.conflict_views import Conflict, Named

AHEAD = 3
"""So many are read with the one that is shown: whoever settles it goes on with the next."""


class Reading(QObject):
    """Shows the conflicts of a list one by one, each read before it is needed or when it is; keeps what was decided.

    ``again`` reads the page: what is asked for was settled meanwhile.
    """

    def __init__(self, page: Page, card: ConflictCard, again: Callable[[], object]) -> None:
        super().__init__(page)
        self._ws, self._card, self._again = page.ws, card, again
        self._told: dict[Named, Conflict] = {}
        self._decided: dict[Named, Deciding] = {}
        self._asked: tuple[Named, ...] = ()
        self._turn = 0
        """How often the page was read: what was asked for before is older than that."""

    def take(self, conflicts: "Iterable[Conflict]") -> None:
        """These were read just now; of others nobody knows what a bundle has brought since."""
        self._told = {one.named: one for one in conflicts}
        self._turn += 1

    def near(self) -> "tuple[Named, ...]":
        """The one on screen and those behind it, to be read with the page."""
        return self._asked

    def forget(self, named: "Named") -> None:
        """It is settled."""
        self._decided.pop(named, None)

    def show(self, listed: "Sequence[Named]", at: int) -> None:
        """Show one of some; where it is not known yet, as soon as it is read."""
        self._asked = tuple(listed[at : at + AHEAD])
        named, place = listed[at], (at + 1, len(listed))
        one = self._told.get(named)
        if one is None:
            self._card.wait(place)
            done = partial(self._on_told, self._turn, listed, at)
            background.look(partial(self._ws.merge.told, self._asked), done=done, owner=self)
            return
        deciding = self._decided.get(named)
        if deciding is None or deciding.conflict != one:
            deciding = Deciding(one)
        self._decided[named] = deciding
        self._card.show_conflict(deciding, place)

    def _on_told(self, turn: int, listed: "Sequence[Named]", at: int, found: "Sequence[Conflict]") -> None:
        if turn != self._turn:
            return  # the page was read meanwhile, and asked again for what it did not know
        self._told |= {one.named: one for one in found}
        if self._asked[:1] != (listed[at],):
            return  # somebody went on
        if listed[at] in self._told:
            self.show(listed, at)
        else:
            self._again()
