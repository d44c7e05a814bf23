"""What one column of a ledger is read as, to be changed by hand."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox

from gridworker.gui.pages.roster.columns import ReadColumn, choices


class ColumnBox(QComboBox):
    """The fields to choose from; ``picked`` carries the key of the column and the word of the field."""

    picked = Signal(str, str)

    def __init__(self, column: ReadColumn) -> None:
        super().__init__()
        self._key = column.key
        self.setAccessibleName(column.header)
        offered = choices()
        if column.word not in {word for word, _label in offered}:
            offered.insert(0, (column.word, column.field))
        for word, label in offered:
            self.addItem(label, word)
        self.setCurrentIndex(self.findData(column.word))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.activated.connect(self._on_activated)

    def choose(self, word: str) -> None:
        """Pick a field as a person does."""
        self.setCurrentIndex(self.findData(word))
        self._on_activated()

    def _on_activated(self) -> None:
        self.picked.emit(self._key, str(self.currentData()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling past it changes nothing."""
        event.ignore()
