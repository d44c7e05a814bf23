"""The office's recovery sheet: printed or saved, its key file kept apart, and tried once before it is trusted."""

from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt, Signal

from gridworker.errors import Problem
from gridworker.gui.frontdoor import Recovery
from gridworker.gui.recovery.sheetcard import SheetCard
from gridworker.gui.shortcuts import bind_button
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import add
from gridworker.gui.widgets.sheetfields import SheetFields
from gridworker.gui.widgets.step import Step
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext


class RecoveryStep(Step):
    """``test_wanted`` carries the key file and the code typed; ``later`` goes on without having tried it."""

    test_wanted = Signal(object, str)
    later = Signal()

    def __init__(self, today: date) -> None:
        text = gettext(
            "Should the passphrase be lost, this code and the key file open the office again. It is shown only now."
        )
        super().__init__(gettext("Your recovery sheet"), text, action=gettext("Try it and start"), back=False)
        self.card = SheetCard(today)
        told = gettext("Try it once: take the key file from where it is kept, and type the code from the paper.")
        self.fields = SheetFields()
        self.later_button = Button(gettext("Try it later"), key="Alt L", kind="quiet", size="inline")
        """The way on without trying; there once the key file is saved, for without it the code is worth nothing."""
        words = Text(told, "small", "ink-2", wrap=True)
        add(self.body, self.card, 12, words, 8, self.fields)
        self.foot.insertWidget(1, self.later_button)
        self.later_button.clicked.connect(self.later)
        bind_button(self, self.later_button, everywhere=True)
        self.later_button.setEnabled(False)
        self.card.saved.connect(lambda: self.later_button.setEnabled(True))
        self.card.met.connect(self._on_met)
        self.fields.line.installEventFilter(self)
        self.fields.changed.connect(self._on_changed)
        self.fields.entered.connect(self.submit)
        self.went_on.connect(self._on_test)
        self.set_ready(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover the code while it is typed."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.card.cover(covered=event.type() is QEvent.Type.FocusIn)
        return super().eventFilter(watched, event)

    def show_recovery(self, recovery: Recovery) -> None:
        """Show the code."""
        self.card.show_recovery(recovery)

    def set_busy(self, busy: bool, label: str = "") -> None:
        """Working: neither way on can be taken again."""
        super().set_busy(busy, label)
        self.later_button.setEnabled(not busy)

    def focus_first(self) -> None:
        """On what comes first: there is no key file to try before the sheet is printed and the file saved."""
        self.card.print_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_met(self, problem: Problem | None) -> None:
        if problem is None:
            self.hide_problem()
        else:
            self.show_problem(problem)

    def _on_changed(self) -> None:
        self.hide_problem()
        self.set_ready(self.fields.is_filled())

    def _on_test(self) -> None:
        file = self.fields.file()
        if file is not None:
            self.test_wanted.emit(file, self.fields.code())
