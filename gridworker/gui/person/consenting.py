"""Consents on a household's page: an answer, yes or no; taking one back; and what a no lets go of, at the office."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from gridworker.app.rights.consents import follow_words
from gridworker.errors import Problem
from gridworker.gui import background, messages
from gridworker.gui.draftform import DraftForm
from gridworker.gui.page import Shell
from gridworker.gui.person.writtenanew import WrittenAnew
from gridworker.gui.shortcuts import bind
from gridworker.gui.undoing import undo_of
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.formdialog import FormDialog, FormText
from gridworker.gui.widgets.layout import clear, column, holder, row, rule
from gridworker.gui.widgets.smalldialog import DialogFrame, cancel_of
from gridworker.gui.widgets.text import Text
from gridworker.gui.widgets.veil import veil_under
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.rights.consents import Consents, ConsentView, Consequence
    from gridworker.app.workspace import Workspace

Done = Callable[[str, int], None]
"""Told what was done, in words, and the act for undo; 0: only that the page is to be read again."""

_HEIGHT = 520
_KEYS = 9
"""So many consents have a number that takes them back."""
_SHOWN = 8
"""Files named in a box."""


class ConsentDialog(QDialog):
    """Lists the answers. ``answer_wanted`` asks for the form of another; ``done`` is told of every act with an undo.

    ``cleared`` says in words that something was let go of, which nobody can undo. ``undo_wanted`` carries the act
    to take back: the line at the foot of the window, that offers it too, lies out of reach behind this dialog.
    """

    answer_wanted = Signal()
    cleared = Signal(str)
    undo_wanted = Signal(object)

    def __init__(self, page: QWidget, consents: "Consents", household: int, done: Done) -> None:
        super().__init__(page)
        self._consents, self._household, self._done = consents, household, done
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = gettext("What they agreed to")
        self.setAccessibleName(title)
        told = gettext(
            "After a no to everything only the door and how many live there may be kept; nothing of them is handed "
            "out. A no to some of it closes that alone."
        )
        self._frame = DialogFrame(title, told)
        self._rows, self._follows = column(gap=8), column(gap=6, margins=(0, 12, 0, 0))
        self._frame.body.addLayout(self._rows)
        self._frame.body.addLayout(self._follows)
        self.working = WrittenAnew()
        self._frame.body.addWidget(self.working)
        self.record = Button(gettext("Record an answer"), "plus", key="Ctrl Enter", kind="primary")
        self.record.clicked.connect(self.answer_wanted)
        self.undo = Button(gettext("Undo"), "arrow-counter-clockwise", key="Ctrl Z", kind="quiet")
        self.undo.clicked.connect(self._on_undo)
        self.undo.hide()
        self._written = 0
        self._frame.set_foot(cancel_of(self, gettext("Close")), self.undo, None, self.record)
        self._frame.put_in(self, _HEIGHT)
        veil_under(self)
        self._withdraw: list[Button] = []
        self._clear: dict[str, Button] = {}
        bind(self, "Ctrl+Return", self.answer_wanted.emit, gettext("Record an answer"))
        bind(self, "Ctrl+Z", self._on_undo, gettext("Undo"))
        for number in range(1, _KEYS + 1):
            bind(self, str(number), partial(self._press_withdraw, number), gettext("Withdraw") if number == 1 else "")
        bind(self, "C", partial(self._press_clear, "C"), gettext("Clear what was kept …"))
        bind(self, "L", partial(self._press_clear, "L"), gettext("Also what the ledger says …"))
        self.refresh()

    def refresh(self) -> None:
        """Read again what was answered, and what follows from it."""
        household = self._household

        def read() -> "tuple[tuple[ConsentView, ...], Consequence, Consequence]":
            some = self._consents.consequence(household)
            return self._consents.listed(household), some, self._consents.consequence(household, ledgers=True)

        background.run(read, done=self._show, failed=self._on_failed, owner=self)

    def _show(self, found: "tuple[tuple[ConsentView, ...], Consequence, Consequence]") -> None:
        views, some, everything = found
        clear(self._rows)
        self._withdraw = []
        for view in views:
            self._rows.addWidget(self._line(view))
            self._rows.addWidget(rule())
        if not views:
            self._rows.addWidget(Text(gettext("Nobody was asked yet."), "small", "ink-2"))
        self._show_follows(some, everything)

    def _line(self, view: "ConsentView") -> QWidget:
        words = column(
            Text(gettext("{name}: {field}").format(name=view.who, field=view.state), bold=True, wrap=True),
            Text(view.about, "small", "ink-2", wrap=True),
            gap=2,
        )
        line = row(gap=8)
        line.addLayout(words, 1)
        if view.may_withdraw and self._consents.may_write:
            number = len(self._withdraw) + 1
            withdraw = Button(
                gettext("Withdraw"), kind="danger", size="compact", key=str(number) if number <= _KEYS else ""
            )
            self._withdraw.append(withdraw)
            withdraw.setAccessibleName(gettext("Withdraw: {name}, {about}").format(name=view.who, about=view.about))
            withdraw.clicked.connect(partial(self._on_withdraw, view.id))
            line.addWidget(withdraw)
        return holder(line)

    def _show_follows(self, some: "Consequence", everything: "Consequence") -> None:
        clear(self._follows)
        self._clear = {}
        for words in follow_words(some):
            self._follows.addWidget(Text(words, "small", "ink-2", wrap=True))
        if not everything.records:
            return
        if not self._consents.is_allowed:
            self._follows.addWidget(Text(gettext("The office clears what was kept."), "small", "ink-2", wrap=True))
            return
        buttons = row(gap=8)
        if some.records:
            self.clear = Button(gettext("Clear what was kept …"), "trash", kind="danger", size="compact", key="C")
            self._clear["C"] = self.clear
            self.clear.clicked.connect(partial(self._on_clear, some, ledgers=False))
            buttons.addWidget(self.clear)
        if everything.records > some.records:
            self.clear_all = Button(gettext("Also what the ledger says …"), kind="danger", size="compact", key="L")
            self._clear["L"] = self.clear_all
            self.clear_all.clicked.connect(partial(self._on_clear, everything, ledgers=True))
            buttons.addWidget(self.clear_all)
        buttons.addStretch(1)
        self._follows.addLayout(buttons)

    def _press_withdraw(self, number: int) -> None:
        if number <= len(self._withdraw):
            self._withdraw[number - 1].click()

    def _press_clear(self, key: str) -> None:
        if key in self._clear:
            self._clear[key].click()

    def _on_withdraw(self, consent: int) -> None:
        background.run(
            lambda: self._consents.withdraw(self._household, consent).batch,
            done=partial(self._on_written, gettext("Withdrawn.")),
            failed=self._on_failed,
            owner=self,
        )

    def _on_clear(self, plan: "Consequence", *, ledgers: bool) -> None:
        more = ngettext(
            "{count} record loses what it says, on every laptop, in the log and in backups. Nobody can undo it.",
            "{count} records lose what they say, on every laptop, in the log and in backups. Nobody can undo it.",
            plan.records,
        )
        whole = plan.people or plan.home
        question = messages.Question(
            gettext("Keep only the door and how many live there?")
            if whole
            else gettext("Let go of what they said no to?"),
            "\n".join([*follow_words(plan), "", more.format(count=plan.records)]),
            gettext("Clear"),
        )
        messages.ask(self, question, partial(self._on_agreed, ledgers=ledgers))

    def _on_agreed(self, *_checked: bool, ledgers: bool) -> None:
        for button in self._clear.values():
            button.setEnabled(False)
        background.run(
            lambda told: self._consents.carry_out(self._household, ledgers=ledgers, report=told),
            done=self._on_cleared,
            failed=self._on_failed,
            progress=self.working.show_share,
            owner=self,
        )

    def _on_written(self, words: str, batch: int) -> None:
        self._offer_undo(batch)
        self._done(words, batch)
        self.refresh()

    def _offer_undo(self, batch: int) -> None:
        """Of the newest act; the button that did it goes, and the keys with it, so that they go on here."""
        self._written = batch
        self.undo.setVisible(bool(batch))
        (self.undo if batch else self.record).setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_undo(self) -> None:
        if self._written:
            batch = self._written
            self._offer_undo(0)
            self.undo_wanted.emit(batch)

    def _on_cleared(self, done: "Consequence") -> None:
        self.working.hide()
        self._offer_undo(0)
        self.cleared.emit(gettext("Erased for good. Nobody can undo it."))
        if done.elsewhere:
            left = [*done.elsewhere[:_SHOWN]]
            if len(done.elsewhere) > _SHOWN:
                left.append(gettext("and {count} more").format(count=len(done.elsewhere) - _SHOWN))
            messages.tell(self, gettext("Gone. This is left to see to:"), "\n".join(left))
        self.refresh()

    def _on_failed(self, fault: Exception) -> None:
        self.working.hide()
        for button in self._clear.values():
            button.setEnabled(True)
        if not isinstance(fault, Problem):
            raise fault
        self._frame.show_problem(fault)


class Consenting(QObject):
    """One page's way to the consents of its household."""

    _undone = Signal()

    def __init__(self, page: QWidget, ws: "Workspace", shell: Shell, done: Done) -> None:
        super().__init__(page)
        self._page, self._ws, self._shell, self._done = page, ws, shell, done

    def open(self, household: int) -> ConsentDialog:
        """Show what was answered."""
        dialog = ConsentDialog(self._page, self._ws.erasing.consents, household, self._done)
        dialog.undo_wanted.connect(self._on_undo_wanted)
        self._undone.connect(dialog.refresh)
        dialog.answer_wanted.connect(dialog.accept)
        dialog.answer_wanted.connect(partial(self.ask, household))
        dialog.cleared.connect(self._on_cleared)
        dialog.open()
        return dialog

    def _on_undo_wanted(self, batch: int) -> None:
        undo_of(self._ws, self._shell, batch, self._on_undone).run()

    def _on_undone(self) -> None:
        self._undone.emit()
        self._done("", 0)

    def _on_cleared(self, words: str) -> None:
        self._shell.toast(words)
        self._done("", 0)

    def ask(self, household: int) -> FormDialog:
        """The form of an answer."""
        draft, form = f"consent:{household}", self._ws.erasing.consents.form(household)
        words = FormText(gettext("Record an answer"), gettext("Record"))
        dialog = FormDialog(self._page, words, form.specs, form.values)
        kept = DraftForm(dialog, self._ws.drafts, draft, self._shell)
        kept.save_by(
            lambda values, _: self._ws.erasing.consents.record(household, values, finishes=draft).batch,
            partial(self._done, gettext("Answer recorded.")),
        )
        dialog.open()
        return dialog
