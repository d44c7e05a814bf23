"""Before somebody is erased: what goes with them, and every text of others that names them, each with what to do.

The search goes through the whole log, so the dialog opens at once and says how far it is. The texts are taken care of
in the same act as the erasure; where there are more than fit a list, alone and first.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from gridworker.app.rights.mentioned import Rewording, Way
from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.person.writtenanew import WrittenAnew
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import clear, column, holder, scrolling
from gridworker.gui.widgets.placecard import Place, PlaceCard
from gridworker.gui.widgets.progress import Bar
from gridworker.gui.widgets.smalldialog import DialogFrame, cancel_of
from gridworker.gui.widgets.text import Text
from gridworker.gui.widgets.veil import veil_under
from gridworker.text import Label, gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.rights.erasing import Erasing, Outcome, Preview
    from gridworker.app.rights.mentioned import Mentioned

_MEMBERSHIP = "household_member"
_HEIGHT = 640
SHOWN = 50
"""Places in the list at once."""
EARLIER = 5
"""Earlier texts of one place that are shown before it only says how many more there are."""

_WAYS = {
    Way.REWRITE: Label("Take the name out"),
    Way.BLANK: Label("Blank it"),
    Way.EARLIER: Label("Blank the earlier text"),
    Way.LEAVE: Label("Leave it"),
}


class EraseDialog(QDialog):
    """Asks and erases ``whom``, a kind and a number; of a membership the person.

    ``erased`` carries the outcome; ``cleared`` that of the texts alone.
    """

    erased = Signal(object)
    cleared = Signal(object)

    def __init__(self, parent: QWidget, erasing: "Erasing", whom: tuple[str, int]) -> None:
        super().__init__(parent)
        self._erasing, self._whom = erasing, whom
        self._kind, self._record = whom[0], 0
        self._cards: list[tuple[Mentioned, PlaceCard]] = []
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = gettext("Erase a person")
        self.setAccessibleName(title)
        self._frame = DialogFrame(title, grows=True)
        self._list = column(gap=10, margins=(0, 0, 12, 8))
        self._list_area = scrolling(holder(self._list))
        self._list_area.setAccessibleName(gettext("Where else they are named"))
        self._bar = Bar()
        self._bar.setAccessibleName(gettext("Looking for the name, in earlier texts too"))
        self._head = column(gap=6, margins=(0, 0, 0, 12))
        self._working = WrittenAnew()
        self._frame.body.addLayout(self._head)
        self._frame.body.addWidget(self._list_area, 1)
        self._frame.body.addWidget(self._working)
        self._frame.body.addStretch(0)
        self.erase = Button(gettext("Erase"), key="Ctrl Enter", kind="danger")
        self.erase.clicked.connect(self._on_erase)
        self.clear = Button(gettext("Only these texts"))
        self.clear.clicked.connect(self._on_clear)
        cancel = cancel_of(self)
        self._frame.set_foot(cancel, None, self.clear, self.erase)
        self._frame.put_in(self, _HEIGHT)
        veil_under(self)
        bind(self, "Ctrl+Return", self._on_erase, gettext("Erase"))
        cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        self._task: background.Task[Preview] | None = None
        self._look()

    def _look(self) -> None:
        self._allow(erase=False, clear=False)
        clear(self._head)
        clear(self._list)
        self._list_area.hide()
        self._cards = []
        self._bar = Bar()
        self._bar.setAccessibleName(gettext("Looking for the name, in earlier texts too"))
        self._head.addWidget(Text(gettext("Looking for the name, in earlier texts too"), "small", "ink-2"))
        self._head.addWidget(self._bar)
        erasing, (kind, record) = self._erasing, self._whom

        def work(report: background.Report) -> "Preview":
            if kind == _MEMBERSHIP:
                return erasing.preview("resident", erasing.member(record), report=report)
            return erasing.preview(kind, record, report=report)

        self._task = background.look(
            work, done=self._on_preview, failed=self._on_failed, progress=self._bar.show_share, owner=self
        )

    def _on_preview(self, preview: "Preview") -> None:
        clear(self._head)
        self._kind, self._record = preview.going[0].kind, preview.going[0].record
        question = gettext("Erase {name} everywhere and for good?").format(name=preview.going[0].caption)
        more = ngettext(
            "{count} record goes, on every laptop, from the log and from the files. Nobody can undo it.",
            "{count} records go, on every laptop, from the log and from the files. Nobody can undo it.",
            len(preview.going),
        )
        self._head.addWidget(Text(question, "large", bold=True, wrap=True))
        self._head.addWidget(Text(more.format(count=len(preview.going)), "small", "ink-2", wrap=True))
        if preview.drafts:
            drafts = ngettext("{count} draft loses the name.", "{count} drafts lose the name.", preview.drafts)
            self._head.addWidget(Text(drafts.format(count=preview.drafts), "small", "ink-2", wrap=True))
        if preview.mentioned:
            told = gettext(
                "Others named them here. An ordinary change would keep the old text; what you choose here does not. "
                "What a laptop wrote in such a field and has not handed over yet goes too."
            )
            self._head.addSpacing(8)
            self._head.addWidget(Text(told, "small", "ink-2", wrap=True))
        self._show_places(preview)
        self._allow(erase=True, clear=any(card.ways for _, card in self._cards))

    def _show_places(self, preview: "Preview") -> None:
        """What something is usually done about comes first."""
        found = sorted(preview.mentioned, key=lambda one: not one.ways or one.ways[0] is Way.LEAVE)
        for one in found[:SHOWN]:
            card = PlaceCard(place_of(one))
            self._cards.append((one, card))
            self._list.addWidget(card)
        if len(found) > SHOWN:
            more = gettext("and {count} more: they come up once these are taken care of.")
            self._list.addWidget(Text(more.format(count=len(found) - SHOWN), "small", "ink-2", wrap=True))
        self._list.addStretch(1)
        self._list_area.setVisible(bool(found))

    def rewordings(self) -> list[Rewording]:
        """What was picked, but for what is left."""
        return [
            Rewording(one.kind, one.record, one.field, Way(card.way()), card.text(), was=one.mark)
            for one, card in self._cards
            if card.way() not in {"", Way.LEAVE}
        ]

    def _on_erase(self) -> None:
        if self.erase.isEnabled():
            chosen = self.rewordings()
            self._do(
                lambda told: self._erasing.erase(self._kind, self._record, rewordings=chosen, report=told),
                self._on_erased,
            )

    def _on_clear(self) -> None:
        chosen = self.rewordings()
        if chosen:
            self._do(lambda told: self._erasing.clear(self._kind, self._record, chosen, report=told), self._on_cleared)

    def _do(self, work: "Callable[[background.Report], Outcome]", done: "Callable[[Outcome], None]") -> None:
        """Nothing cancels this: a dialog that is closed meanwhile leaves it to come to its end."""
        self._allow(erase=False, clear=False)
        self._frame.say("")
        background.run(work, done=done, failed=self._on_failed, progress=self._working.show_share, owner=self)

    def _on_erased(self, outcome: "Outcome") -> None:
        self.accept()
        self.erased.emit(outcome)

    def _on_cleared(self, outcome: "Outcome") -> None:
        self._working.hide()
        self.cleared.emit(outcome)
        self._look()

    def _on_failed(self, fault: Exception) -> None:
        self._working.hide()
        if not isinstance(fault, Problem):
            raise fault
        self._frame.show_problem(fault)
        self._allow(erase=bool(self._record), clear=bool(self._cards))

    def _allow(self, *, erase: bool, clear: bool) -> None:
        self.erase.setEnabled(erase)
        self.clear.setEnabled(clear)

    def done(self, result: int) -> None:
        """Nobody waits for the search any more."""
        if self._task is not None:
            self._task.cancel()
        super().done(result)


def place_of(one: "Mentioned") -> Place:
    """A place in words."""
    earlier = [text.told for text in one.earlier[:EARLIER]]
    if len(one.earlier) > EARLIER:
        earlier.append(gettext("and {count} more").format(count=len(one.earlier) - EARLIER))
    return Place(
        gettext("{place}, {about}").format(place=one.title, about=one.label),
        one.caption,
        [line for line in (one.excerpt, *earlier, _why_not(one)) if line],
        [(str(way), str(_WAYS[way])) for way in one.ways],
        str(Way.REWRITE),
        one.suggestion,
    )


def _why_not(one: "Mentioned") -> str:
    if one.ways:
        return ""
    if not one.excerpt and not one.earlier:
        return gettext("Points to the person; there is no name in it.")
    if any(text.stands == "aside" for text in one.earlier):
        return gettext("It was set aside. Rule on it first, then look again.")
    return gettext("This one cannot be changed here.")
