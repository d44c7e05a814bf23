"""The office's word on a bundle: taken back or brought back as a whole; on what was set aside: accepted or not."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gridworker.app.inbox.asides import AsideFilter
from gridworker.app.words.days import near_moment
from gridworker.errors import PlaceRefused, Problem
from gridworker.gui import background, messages
from gridworker.gui.page import Page, Undo
from gridworker.gui.undoing import undo_of
from gridworker.text import gettext, ngettext, sentences

if TYPE_CHECKING:
    from gridworker.app.exchange.bundles_back import Back
    from gridworker.app.exchange.views import Merged, SetAside


def again_words(results: "Sequence[Merged]", today: date) -> str:
    """How many bundles had been taken in before; of one that was taken back then, when, and what to do."""
    again = [result for result in results if result.again]
    if not again:
        return ""
    words = ngettext("{count} bundle was merged before.", "{count} bundles were merged before.", len(again))
    said = [words.format(count=len(again))]
    moments = [result.back for result in again if result.back]
    if moments:
        back = gettext("It was taken back: {moment}. “Bring this bundle back” in its head brings it back.")
        said.append(back.format(moment=near_moment(max(moments), today)))
    return sentences(*said)


class OfficeWords(QObject):
    """Does them for the page; ``told`` is called when one is done."""

    def __init__(self, page: Page, told: Callable[[], object]) -> None:
        super().__init__(page)
        self._page, self._ws, self._shell, self._told = page, page.ws, page.shell, told

    def take_back(self, batch: int) -> None:
        """Undo a whole bundle."""
        background.run(
            partial(self._ws.bundles_back.take_back, batch), done=self._on_taken_back, failed=self._on_problem
        )

    def bring_back(self, batch: int) -> None:
        """Undo that it was taken back."""
        background.run(
            partial(self._ws.bundles_back.bring_back, batch), done=self._on_brought_back, failed=self._on_problem
        )

    def judge(self, changes: "Sequence[SetAside]", accept: bool) -> None:
        """The office's word on changes that were set aside."""
        word, ids = self._ws.asides.accept if accept else self._ws.asides.refuse, [one.id for one in changes]
        background.run(
            lambda: word(ids).batch,
            done=self._on_accepted if accept else partial(self._on_refused, changes),
            failed=partial(self._on_unruled, changes),
        )

    def judge_all(self, bundles: list[str], accept: bool) -> None:
        """The same on all that was set aside with some bundles, also on what is not listed."""
        word = self._ws.asides.accept_all if accept else self._ws.asides.refuse_all
        background.run(
            partial(word, AsideFilter(bundles)), done=partial(self._on_ruled, accept), failed=self._on_problem
        )

    def _on_taken_back(self, back: "Back") -> None:
        said = gettext("Taken back. What it brought stays in the history.")
        if back.kept:
            said = gettext("Taken back. What was changed or used since stays: {count}.").format(count=back.kept)
        self._say(said)

    def _on_brought_back(self, back: "Back") -> None:
        said = gettext("Brought back.")
        if back.kept:
            said = gettext("Brought back. What was changed or used since stays: {count}.").format(count=back.kept)
        self._say(said)

    def _on_accepted(self, batch: int) -> None:
        self._say(gettext("Accepted."), undo_of(self._ws, self._shell, batch, self._told))

    def _on_refused(self, changes: "Sequence[SetAside]", _batch: int) -> None:
        """What was refused cannot wait again, but the office may say the other word."""
        after_all = Undo(partial(self.judge, changes, True), gettext("Accept after all"))
        said = gettext("Not accepted. It stays in the history.")
        self._say(said, after_all if all(one.acceptable for one in changes) else None)

    def _on_ruled(self, accept: bool, count: int) -> None:
        words = gettext("Accepted: {count}.") if accept else gettext("Not accepted: {count}. It stays in the history.")
        self._say(words.format(count=count))

    def _on_unruled(self, changes: "Sequence[SetAside]", fault: Exception) -> None:
        """What needs something that was not accepted is accepted with it, if the office says so."""
        if not isinstance(fault, PlaceRefused):
            self._on_problem(fault)
            return
        question = messages.Question(
            str(fault), gettext("What was not accepted is taken in as well."), gettext("Accept both")
        )
        messages.ask(self._page, question, partial(self._accept_with_places, changes))
        self._told()

    def _accept_with_places(self, changes: "Sequence[SetAside]") -> None:
        ids = [one.id for one in changes]
        background.run(
            lambda: self._ws.asides.accept(ids, places=True).batch, done=self._on_accepted, failed=self._on_problem
        )

    def _on_problem(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        self._shell.problem(fault)
        self._told()  # what was put on hold for it can be decided again

    def _say(self, said: str, undo: Undo | None = None) -> None:
        self._shell.toast(said, undo)
        self._told()
