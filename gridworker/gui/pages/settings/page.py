"""The page: display, lock and keys on the left, the keys of the data and what the program is made of on the right."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from gridworker import text
from gridworker.errors import Problem
from gridworker.gui import background, messages
from gridworker.gui.crash.logfile import save_log
from gridworker.gui.entries import permitted, present
from gridworker.gui.look import theme as themes
from gridworker.gui.page import FIELD, OFFICE, Page, Shell, Touched
from gridworker.gui.pages.settings.about import AboutCard
from gridworker.gui.pages.settings.habits import HabitsCard, guard_choices, look_choices
from gridworker.gui.pages.settings.keys import KeysCard
from gridworker.gui.pages.settings.rules import RulesCard
from gridworker.gui.preferences import Preferences
from gridworker.gui.shortcuts import bind, bind_button, offer
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.headers import PageHeader
from gridworker.gui.widgets.layout import column, holder, row, scrolling
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.about import Ingredient
    from gridworker.app.exchange.exchange import KeyCard
    from gridworker.app.office_rules import Shortened
    from gridworker.app.workspace import Workspace

_MARGIN = 28
NARROW = 900
"""Pixels at 100 % below which choices and keys do not stand side by side."""
_SHOWN = 8
"""Files named in a box."""
WAYS = frozenset({
    "passphrase", "peoplehere", "drafts", "recovery", "newsheet", "datakey", "reset", "backups", "looks", "audit",
})  # fmt: skip
"""What else concerns keys, people and who saw what, on pages of its own."""


class SettingsPage(Page):
    """The page. It has no targets and shows no records."""

    def __init__(self, ws: "Workspace", shell: Shell) -> None:
        super().__init__(ws, shell)
        self.look = HabitsCard(gettext("Display"), look_choices(), self._in_use)
        self.guard = HabitsCard(gettext("Lock and masking"), guard_choices(), self._in_use)
        role = OFFICE if ws.session.is_office else FIELD
        self.keys = KeysCard([entry for entry in permitted(ws.session, present(role)) if entry.name in WAYS])
        self.keys.wanted.connect(shell.go)
        self.about = AboutCard()
        self.rules = RulesCard(may_shorten=ws.session.can("ERASE PEOPLE"))
        if not ws.session.is_office:
            self.rules.hide()
        self.rules.setEnabled(ws.session.can("CHANGE RULES"))
        self.rules.cap_wanted.connect(self._on_cap_wanted)
        self.rules.retention_wanted.connect(partial(shell.go, "retention"))
        self.rules.short_ids_wanted.connect(self._on_short_ids_wanted)
        for card in (self.look, self.guard):
            card.changed.connect(shell.preferred)
        self.about.log_wanted.connect(self._on_log_wanted)
        left = column(self.look, self.guard, self.rules, None, gap=20)
        right = column(self.keys, self.about, None, gap=20)
        self._both = row(gap=20)
        self._both.addLayout(left, 3)
        self._both.addLayout(right, 2)
        self._both.setContentsMargins(0, 0, 0, _MARGIN)
        log = Button(gettext("Who looked at what"), "eye", key="W")
        log.clicked.connect(self._on_log)
        if not ws.session.knows("READ OWN_LOG"):
            log.hide()
        bind(self, "W", self._on_log, gettext("Who looked at what"))
        for button in (*self.keys.ways.values(), self.rules.retention, self.about.save_log):
            if len(button.key()) == 1:  # the others lead there from everywhere
                offer(bind_button(self, button), there=ws.session.is_office or button is not self.rules.retention)
        layout = column(PageHeader(gettext("Settings"), "", log), 16, margins=(_MARGIN, 16, _MARGIN, 0))
        layout.addWidget(scrolling(holder(self._both)), 1)
        self.setLayout(layout)
        background.run(self._read, done=self._show)
        themes.follow(self._on_look)

    def title(self) -> str:
        """What it is called."""
        return gettext("Settings")

    def refresh(self, touched: Touched) -> None:
        """Show what is chosen now: keys change some of it on every page."""
        del touched
        preferences = self._in_use()
        preferences.language = text.language()  # the one in use: the pictures of the tour are in one nobody chose
        for card in (self.look, self.guard):
            card.show_preferences(preferences)

    def _in_use(self) -> Preferences:
        """A copy of what holds now, also where the disk could not take it."""
        return replace(self.shell.preferences) if self.shell.preferences else Preferences.load()

    def _on_look(self) -> None:
        """Keys changed the text or the colours: the program kept that before it is told here."""
        self.refresh({})

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the window is narrow for the size of the text, the keys stand below the choices."""
        super().resizeEvent(event)
        beside = self.width() >= themes.current().px(NARROW)
        self._both.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    def focus_first(self) -> None:
        """On the first choice."""
        self.look.settings["language"].choice.setFocus(Qt.FocusReason.OtherFocusReason)

    def regions(self) -> list[QWidget]:
        """Its cards."""
        return [self.look, self.guard, *([self.rules] if self.ws.session.is_office else []), self.keys, self.about]

    def _read(self) -> "tuple[tuple[KeyCard, KeyCard], Sequence[Ingredient], tuple[int, bool]]":
        from gridworker.app.about import ingredients

        rules = (self.ws.rules.export_cap(), self.ws.rules.short_ids()) if self.ws.session.is_office else (0, False)
        return (self.ws.exchange.office_key(), self.ws.exchange.key()), ingredients(), rules

    def _show(self, found: "tuple[tuple[KeyCard, KeyCard], Sequence[Ingredient], tuple[int, bool]]") -> None:
        keys, parts, (cap, short) = found
        self.rules.show_short_ids(short=short)
        self.keys.show_keys(*keys)
        self.about.show_ingredients(parts)
        self.rules.show_cap(cap)

    def _on_cap_wanted(self, cap: int) -> None:
        background.run(
            lambda: self.ws.rules.set_export_cap(cap),
            done=lambda _: self._on_cap_set(cap),
            failed=self._on_refused,
            owner=self,
        )

    def _on_short_ids_wanted(self, short: bool) -> None:
        if not short:
            self._set_short_ids(short=False)
            return
        self.rules.show_short_ids(short=False)  # until it is agreed to
        question = messages.Question(
            gettext("Keep only the last four of ID numbers?"),
            gettext(
                "Every number goes, on every laptop, from the log and from kept files too. The last four stay, with a "
                "hash that tells people apart. Nobody can undo it."
            ),
            gettext("Keep the last four"),
        )
        messages.ask(self, question, partial(self._set_short_ids, short=True))

    def _set_short_ids(self, *, short: bool) -> None:
        background.run(
            lambda: self.ws.rules.set_short_ids(short),
            done=partial(self._on_ids_set, short=short),
            failed=self._on_refused,
            owner=self,
        )

    def _on_refused(self, fault: Exception) -> None:
        """A rule that could not be set, on a full disk, is not shown as if it were."""
        if not isinstance(fault, Problem):
            raise fault
        self.shell.problem(fault)
        background.run(self._read, done=self._show, owner=self)

    def _on_ids_set(self, done: "Shortened", *, short: bool) -> None:
        self.rules.show_short_ids(short=short)
        said = ngettext("{count} ID number was shortened.", "{count} ID numbers were shortened.", done.people)
        self.shell.toast(said.format(count=done.people))
        if done.elsewhere:
            messages.tell(self, gettext("Erased. This is left to see to:"), "\n".join(done.elsewhere[:_SHOWN]))

    def _on_cap_set(self, cap: int) -> None:
        self.rules.show_cap(cap)
        self.shell.toast(gettext("Laptops hear of it with the next reply."))

    def _on_log(self) -> None:
        self.shell.go("log")

    def _on_log_wanted(self) -> None:
        try:
            saved = save_log(self)
        except Problem as problem:
            self.shell.problem(problem)
            return
        if saved:
            self.shell.toast(gettext("The log is saved as {file}.").format(file=saved))
