"""First the new passphrase: the office's answer is of use only together with it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal

from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import add, row
from gridworker.gui.widgets.passphrase import Judged, NewPassphrase
from gridworker.gui.widgets.step import Step
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext


class ChooseStep(Step):
    """``sheet_wanted``: by the recovery sheet, not by asking. ``who`` is whose it is, where several share it."""

    sheet_wanted = Signal()

    def __init__(self, judge: Callable[[str], Judged], who: str, *, helped: bool) -> None:
        """``helped``: whether the office can answer for this computer."""
        if helped:
            text = gettext("Think of a new one first. Then the office gives you a code with which it counts.")
        else:
            text = gettext("Think of a new one first. Then the office's recovery sheet opens this computer.")
        action = gettext("Ask the office") if helped else gettext("Next")
        super().__init__(gettext("Forgotten the passphrase"), text, action=action)
        self.helped = helped
        self._new = NewPassphrase(judge)
        if who:
            add(self.body, Text(gettext("For {name}").format(name=who), bold=True), 10)
        self.body.addWidget(self._new)
        if helped:
            sheet = Button(gettext("Use the office's recovery sheet instead"), "key", kind="quiet", size="inline")
            sheet.clicked.connect(self._on_sheet)
            add(self.body, 6, row(sheet, None))
            self._sheet = sheet
        self._new.changed.connect(self._on_changed)
        self._new.fields()[1].entered.connect(self.submit)
        self.setFocusProxy(self._new.fields()[0].line())
        self._on_changed()

    def passphrase(self) -> str:
        """The new passphrase, or '' while it is not good."""
        return self._new.passphrase()

    def fields(self) -> NewPassphrase:
        """The two fields."""
        return self._new

    def focus_first(self) -> None:
        """The first field."""
        self._new.fields()[0].line().setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_sheet(self) -> None:
        self.sheet_wanted.emit()

    def _on_changed(self) -> None:
        self.hide_problem()
        self.set_ready(bool(self.passphrase()))
        if self.helped:
            self._sheet.setEnabled(bool(self.passphrase()))
