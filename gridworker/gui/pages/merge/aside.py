"""What a bundle brought that was set aside: each change with its reason, and the office's word on one or on all."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from gridworker.app.inbox.aside_words import along_words, reason_words
from gridworker.gui.pages.merge.found import Waits
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.layout import row
from gridworker.gui.widgets.rowlist import RowList
from gridworker.gui.widgets.rows import Row
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.exchange.views import SetAside


class AsideCard(Card):
    """The list and the buttons. ``ruled`` carries the numbers of the changes, and whether they are accepted.

    ``all_ruled`` is about all that waits of some bundles, listed or not, and carries these.
    """

    ruled = Signal(list, bool)
    all_ruled = Signal(list, bool)

    def __init__(self, *, may: bool = True) -> None:
        """``may``: whether who sits here has the office's word."""
        super().__init__(margins=(0, 0, 0, 0))
        self._may = may
        self._waits = Waits()
        self.list = RowList(name=gettext("Set aside"))
        self.list.row_chosen.connect(self._on_chosen)
        self.accept, self.refuse = Button(gettext("Accept"), "check"), Button(gettext("Do not accept"), "x")
        self.accept_all, self.refuse_all = Button("", kind="quiet"), Button("", kind="quiet")
        self.accept.clicked.connect(lambda: self._rule(self._chosen(), accept=True))
        self.refuse.clicked.connect(lambda: self._rule(self._chosen(), accept=False))
        self.accept_all.clicked.connect(lambda: self.all_ruled.emit(list(self._waits.bundles), True))
        self.refuse_all.clicked.connect(lambda: self.all_ruled.emit(list(self._waits.bundles), False))
        self.more = Text("", "small", "ink-2")
        told = gettext("What is not accepted stays in the history, and its author is told.")
        foot = Text(told if may else gettext("The community office decides."), "small", "ink-2")
        if not may:
            self.accept.hide()
            self.refuse.hide()
        self.body.addWidget(self.list, 1)
        self.body.addLayout(row(self.more, None, margins=(16, 8, 16, 0)))
        self.body.addLayout(row(foot, None, margins=(16, 8, 16, 0)))
        buttons = row(self.accept, self.refuse, None, self.accept_all, self.refuse_all, gap=8, margins=(16, 8, 16, 14))
        self.body.addLayout(buttons)

    def show_aside(self, waits: Waits) -> None:
        """Show the changes of one bundle, the first of them where there are very many."""
        self._waits = waits
        rows = [Row(one.id, reason_words(one), "", _about(one)) for one in waits.shown]
        self.list.show_rows(rows, self.list.current_key())
        listed, count = len(rows), waits.acceptable
        self.more.setText(gettext("Listed: the first {listed} of {count}").format(listed=listed, count=waits.count))
        self.more.setVisible(listed < waits.count)
        self.accept_all.set_label(ngettext("Accept {count}", "Accept all {count}", count).format(count=count))
        self.accept_all.setVisible(self._may and count > 1)
        self.refuse_all.set_label(gettext("Accept none of the {count}").format(count=waits.count))
        self.refuse_all.setVisible(self._may and waits.count > 1)
        self._on_chosen(self.list.current_key())

    def _on_chosen(self, _key: object) -> None:
        chosen = self._chosen()
        self.accept.setEnabled(bool(chosen) and chosen[0].acceptable)
        self.refuse.setEnabled(bool(chosen))

    def _chosen(self) -> "list[SetAside]":
        key = self.list.current_key()
        return [one for one in self._waits.shown if one.id == key]

    def _rule(self, ops: "Sequence[SetAside]", *, accept: bool) -> None:
        if ops:
            self.ruled.emit([one.id for one in ops], accept)


def _about(one: "SetAside") -> str:
    what = {
        "create": gettext("New: {record}"),
        "delete": gettext("Deleted: {record}"),
        "restore": gettext("Brought back: {record}"),
    }.get(one.what, gettext("Changed: {record}"))
    pairs = () if one.what == "create" else one.fields.items()
    fields = gettext(", ").join(f"{label} {value}" for label, value in pairs)
    return gettext(" · ").join(
        filter(None, (what.format(record=one.caption or one.kind), fields, along_words(one), one.who))
    )
