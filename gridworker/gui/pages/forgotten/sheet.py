"""The office's recovery sheet: the code on paper and the key file."""

from pathlib import Path

from gridworker.gui.widgets.sheetfields import SheetFields
from gridworker.gui.widgets.step import Step
from gridworker.text import gettext


class SheetStep(Step):
    """Both are needed."""

    def __init__(self) -> None:
        text = gettext("The key file from the stick, and the code from the sheet. The office keeps both.")
        super().__init__(gettext("Open with the recovery sheet"), text, action=gettext("Set the new passphrase"))
        self.fields = SheetFields()
        self.body.addWidget(self.fields)
        self.setFocusProxy(self.fields)
        self.fields.changed.connect(self._on_changed)
        self.fields.entered.connect(self.submit)
        self.set_ready(False)

    def file(self) -> Path | None:
        """The key file."""
        return self.fields.file()

    def code(self) -> str:
        """The code."""
        return self.fields.code()

    def focus_first(self) -> None:
        """The file first."""
        self.fields.focus_first()

    def _on_changed(self) -> None:
        self.hide_problem()
        self.set_ready(self.fields.is_filled())
