"""What is said at the head of the form before a word is written: what stands in the way, and what is there already."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import clear, column
from gridworker.gui.widgets.state import Strip
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.visit.view import OpenedVisit

_SIDE = 28


class WrittenToday(Strip):
    """That this household was called on today and it is written down: nobody types one visit twice unawares."""

    further = Signal()

    def __init__(self, at: str) -> None:
        words = gettext("You wrote down a visit here today at {time}.").format(time=at)
        told = gettext("If you went there again, go on: it counts as a further visit.")
        super().__init__(words, told, tone="info", icon="check", action=gettext("Open that one"))
        further = Button(gettext("A further visit"), size="compact")
        further.clicked.connect(self.further)
        self._row.addWidget(further)


class FormStrips(QWidget):
    """The strips. ``open_wanted`` carries the id of a visit; ``further_wanted``: it is another one."""

    open_wanted = Signal(object)
    further_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._strips = column(gap=8, margins=(_SIDE, 8, _SIDE, 0))
        self._written: WrittenToday | None = None
        self.setLayout(self._strips)

    def show_opened(self, opened: "OpenedVisit") -> None:
        """What is to be said of a form that was opened."""
        clear(self._strips)
        self._written = None
        if opened.earlier is not None:
            self._written = WrittenToday(opened.earlier.at)
            self._written.pressed.connect(partial(self.open_wanted.emit, opened.earlier.visit))
            self._written.further.connect(self._on_further)
            self._strips.addWidget(self._written)
        if opened.room is not None:
            words = gettext("Only {count} MB left on the disk.").format(count=opened.room)
            self._strips.addWidget(Strip(words, gettext("What is written is saved all the same.")))
        for name in opened.others:
            words = gettext("{name} began a visit here and has not finished it.").format(name=name)
            told = gettext("It stays until they come back; what you write is your own.")
            self._strips.addWidget(Strip(words, told, tone="info", icon="note-pencil"))

    def asks(self) -> bool:
        """Whether there is something to choose here."""
        return self._written is not None

    def focus_first(self) -> bool:
        """The likelier answer, where something is asked: it is that one. Returns whether that is so."""
        if self._written is not None:
            self._written.button.setFocus(Qt.FocusReason.OtherFocusReason)
        return self.asks()

    def _on_further(self) -> None:
        if self._written is not None:
            self._written.deleteLater()
            self._written.hide()
            self._written = None
        self.further_wanted.emit()
