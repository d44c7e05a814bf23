"""Somebody wishes to be forgotten: the worker asks the office, the office erases, or keeps and says why."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gridworker.app.words.purposes import keep_reasons
from gridworker.errors import Problem
from gridworker.gui import background, messages
from gridworker.gui.messages import Question
from gridworker.gui.widgets.pickdialog import PickDialog, PickText
from gridworker.text import gettext, sentences

if TYPE_CHECKING:
    from gridworker.app.household.asked import Asked
    from gridworker.app.household.view import FileView, WishView
    from gridworker.app.rights.erasing import Erasing
    from gridworker.app.session import Session
    from gridworker.gui.person.eraser import Eraser

    Wish: TypeAlias = WishView | Asked


class Wishes(QObject):
    """Asks and answers for the page that holds it. ``told`` carries what was done, in words."""

    told = Signal(str)

    def __init__(self, page: QWidget, session: "Session", erasing: "Erasing", eraser: "Eraser") -> None:
        super().__init__(page)
        self._page, self._session, self._erasing, self._eraser = page, session, erasing, eraser

    def verb(self) -> str:
        """What a form about somebody offers to who may erase, or else ask for it; '' to everybody else."""
        if self._erasing.is_allowed:
            return gettext("Erase")
        return gettext("Ask the office to forget them") if self._erasing.asked.may_ask else ""

    def begin(self, membership: int, view: "FileView | None") -> None:
        """Do that, about the person of a membership."""
        if self._erasing.is_allowed:
            self._eraser.begin("household_member", membership)
            return
        people = (*view.home.members, *view.former) if view else ()
        for one in people:
            if one.membership == membership and view is not None:
                asked = any((wish.kind, wish.record) == ("resident", one.resident) for wish in view.asked)
                self._ask(one.resident, one.name, asked=asked)
                return

    def erase(self, wish: "Wish") -> None:
        """The office does as was wished; the dialog asks."""
        self._eraser.begin(wish.kind, wish.record)

    def keep(self, wish: "Wish") -> None:
        """The office does not, for a reason."""
        words = PickText(
            gettext("Keep what is known of {name}?").format(name=wish.whom),
            gettext("It goes on record that this was not done, and why. They can ask again."),
            gettext("Why is it kept? Tell them, too."),
            gettext("Keep"),
        )
        dialog = PickDialog(self._page, words, keep_reasons())
        dialog.chosen.connect(partial(self._on_kept, wish))
        dialog.open()

    def _on_kept(self, wish: "Wish", why: str) -> None:
        work = partial(self._erasing.asked.keep, wish.kind, wish.record, why)
        self._do(work, gettext("Kept. It is on record."))

    def take_back(self, wish: "Wish") -> None:
        """Nobody wishes it any more; they can ask again, so no question."""
        words = gettext("Taken back.")
        self._do(partial(self._erasing.asked.take_back, wish.kind, wish.record), words)

    def _ask(self, resident: int, name: str, *, asked: bool) -> None:
        before = gettext("This was asked before.") if asked else ""
        more = gettext(
            "The office decides. If it erases, what is known of them goes for good, everywhere. Until then all stays."
        )
        question = Question(
            gettext("Ask the office to forget {name}?").format(name=name), sentences(before, more), gettext("Ask")
        )
        words = gettext("Asked; the office sees it with the next bundle.")
        if self._session.is_office:
            words = gettext("Asked; who decides at the office sees it.")
        work = partial(self._erasing.ask_for, "resident", resident)
        messages.ask(self._page, question, partial(self._do, work, words))

    def _do(self, work: Callable[[], None], words: str) -> None:
        background.run(
            work,
            done=lambda _nothing: self.told.emit(words),
            failed=self._on_failed,
            owner=self,
        )

    def _on_failed(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        messages.show_problem(self._page, fault)
