"""Deciding which pairs are one: the words and keys of the card, beside the page that shows the bundle."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.page import Page, Undo
from gridworker.gui.pages.merge.pair import PairCard
from gridworker.gui.shortcuts import bind
from gridworker.gui.undoing import undone_line
from gridworker.text import gettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gridworker.app.inbox.duplicate_views import Pair


class Pairing(QObject):
    """The pairs of the bundle on screen. ``refresh`` reads the page again."""

    def __init__(self, page: Page, card: PairCard, refresh: Callable[[], None]) -> None:
        super().__init__(page)
        self._page, self.card, self._refresh = page, card, refresh
        self._pairs: Sequence[Pair] = ()
        self._at = 0
        self._runs = False
        """A decision is being written; the card waits until the page was read again after it."""
        card.same.connect(self.same)
        card.different.connect(self.apart)
        card.stepped.connect(self.step)
        if page.ws.session.knows("DECIDE CONFLICTS"):
            bind(page, "M", self.same, gettext("The same, merge"))
            bind(page, "N", self.apart, gettext("Not the same"))

    def show(self, pairs: "Sequence[Pair]") -> None:
        """Show those of a bundle, the one that was shown if it is still among them."""
        self._pairs = pairs
        if not self._runs:
            self.card.set_waiting(False)
        if pairs:
            self._at = min(self._at, len(pairs) - 1)
            self.card.show_pair(pairs[self._at], (self._at + 1, len(pairs)))

    def begin(self) -> None:
        """At the first pair, of another bundle."""
        self._at = 0

    def now(self) -> "Pair | None":
        """The pair on screen."""
        shown = self.card.isVisibleTo(self._page) and bool(self._pairs)
        return self._pairs[self._at] if shown else None

    def step(self, by: int) -> None:
        """To the next pair, or the one before."""
        if self._pairs and not self.card.waiting:
            self._at = (self._at + by) % len(self._pairs)
            self.show(self._pairs)

    def same(self) -> None:
        """They are one."""
        pair, keep = self.now(), self.card.keep
        if pair is not None and not self.card.waiting:
            self._run(lambda: self._page.ws.merge.duplicates.same(pair, keep).batch, partial(self._on_same, pair))

    def apart(self) -> None:
        """They are two."""
        pair = self.now()
        if pair is not None and not self.card.waiting:
            self._run(lambda: self._page.ws.merge.duplicates.apart(pair), partial(self._on_apart, pair))

    def _run(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        self._runs = True
        self.card.set_waiting(True)
        background.run(work, done=done, failed=self._on_failed, owner=self._page)

    def _on_same(self, pair: "Pair", batch: int) -> None:
        words = gettext("{name} is on the books once now.").format(name=pair.one.name)
        undo = partial(self._page.ws.records.undo_batch, batch)
        self._said(words, undo)

    def _on_apart(self, pair: "Pair", _nothing: object) -> None:
        words = gettext("Remembered: {name} and {other} are different.")
        names = {"name": pair.one.name, "other": pair.other.name}
        self._said(words.format(**names), partial(self._page.ws.merge.duplicates.ask_again, pair))

    def _said(self, words: str, undo: Callable[[], object]) -> None:
        self._page.shell.toast(words, Undo(partial(self._run, undo, self._on_undone)))
        self._read_again()

    def _on_undone(self, _result: object) -> None:
        self._read_again()
        self._page.shell.toast(undone_line())

    def _read_again(self) -> None:
        self._runs = False
        self._refresh()

    def _on_failed(self, fault: Exception) -> None:
        self._runs = False
        if not isinstance(fault, Problem):
            raise fault
        self._page.shell.problem(fault)
        self._read_again()
