"""A row of a ledger to be corrected in its preview: a field for every cell that is read."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import column, row
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.roster.preview import LedgerCell

_LONGEST = 2000


class Correction(QWidget):
    """The fields. ``corrected`` carries the texts that were changed, by column; ``dropped`` nothing.

    Where nothing was changed, that of ``as_it_is`` is carried, if that is a column: the row is read because of it.
    """

    corrected = Signal(object)
    dropped = Signal()

    def __init__(self, cells: "Sequence[LedgerCell]", as_it_is: int | None = None) -> None:
        super().__init__()
        self._as_it_is = as_it_is
        self._before = {cell.column: cell.text for cell in cells}
        self.fields: dict[int, QLineEdit] = {}
        parts = column(gap=0)
        for cell in cells:
            field = self.fields[cell.column] = QLineEdit(cell.text.replace("\n", " "))
            field.setMaxLength(_LONGEST)
            field.setAccessibleName(cell.header)
            field.returnPressed.connect(self.submit)
            parts.addWidget(Text(cell.header, "caption", "ink-3", wrap=True))
            parts.addSpacing(2)
            parts.addWidget(field)
            parts.addSpacing(8)
        self.button = Button(gettext("Correct"), key="Enter", kind="primary")
        self.button.clicked.connect(self.submit)
        leave = Button(gettext("Leave as it is"), key="Esc", kind="quiet")
        leave.clicked.connect(self.dropped)
        parts.addLayout(row(self.button, leave, None))
        self.setLayout(parts)

    def event(self, event: QEvent) -> bool:
        """Esc ends the correction: the window's own would leave the page."""
        if event.type() is QEvent.Type.ShortcutOverride and _is_escape(event):
            event.accept()  # then it comes as a key
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the row as it is."""
        if _is_escape(event):
            self.dropped.emit()
        else:
            super().keyPressEvent(event)

    def focus(self, column: int | None) -> QWidget | None:
        """Go to the field of a column, else to the first; it is returned, if there is any."""
        field = self.fields.get(column if column is not None else -1, next(iter(self.fields.values()), None))
        if field is not None:
            field.setFocus()
            field.selectAll()
        return field

    def submit(self) -> None:
        """Hand on what was changed; nothing changed is left as it is."""
        texts = {at: field.text() for at, field in self.fields.items()}
        changed = {at: text for at, text in texts.items() if text != self._before[at].replace("\n", " ")}
        if not changed and self._as_it_is in self._before:
            changed = {self._as_it_is: self._before[self._as_it_is]}
        if changed:
            self.corrected.emit(changed)
        else:
            self.dropped.emit()


def _is_escape(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
