"""While a ledger is read, compared or saved: where it stands, and a way out."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gridworker.gui.look import theme as themes
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import column, holder, row
from gridworker.gui.widgets.progress import Stepper
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

READING, COMPARING, SAVING = "reading", "comparing", "saving"
_STEPS = (READING, COMPARING, "looking", SAVING)
_WIDTH = 520


class Busy(QWidget):
    """The four steps of an import with the one at work; ``cancelled`` while nothing is written for good."""

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        labels = [gettext("Read the file"), gettext("Compare"), gettext("Look it over"), gettext("Save")]
        self._steps = Stepper(labels)
        self._line = Text("", "small", "ink-2", wrap=True)
        self.cancel = Button(gettext("Cancel"))
        self.cancel.clicked.connect(self.cancelled)
        self._inner = holder(column(self._steps, 20, row(None, self._line, None), 16, row(None, self.cancel, None)))
        self.setLayout(row(None, column(None, self._inner, None), None))
        themes.follow(self._restyle)

    def _restyle(self) -> None:
        self._inner.setFixedWidth(themes.current().px(_WIDTH))

    def show_step(self, step: str, line: str) -> None:
        """Say what is going on."""
        self._steps.show_step(_STEPS.index(step), description=line)
        self._line.setText(line)
        self.setAccessibleName(line)
