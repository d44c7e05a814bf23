"""What a recovery sheet is tried with: the key file, and the code that stands on the paper."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from gridworker.gui.filedialogs import FileQuestion, Purpose, open_file
from gridworker.gui.widgets.dropzone import DropZone
from gridworker.gui.widgets.layout import column, row
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

_SIGNS = 20


class SheetFields(QWidget):
    """``changed`` with every change, ``entered`` for Enter in the code."""

    changed = Signal()
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._file: Path | None = None
        self._zone = DropZone(gettext("Drag the key file here"), gettext("or click to choose the file"), icon="key")
        self._zone.files_dropped.connect(lambda paths: self.take(paths[0]))
        self._zone.pressed.connect(self._on_browse)
        self.line = QLineEdit()
        self.line.setAccessibleName(gettext("Recovery code"))
        self.line.setPlaceholderText("7K2MX-QF9XR-3D8AW-PW4C0")
        self.line.setMaxLength(40)
        self.line.textChanged.connect(self.changed)
        self.line.returnPressed.connect(self.entered)
        self.setFocusProxy(self._zone)
        label = Text(gettext("Recovery code"), "small", "ink-2")
        typed = row(label, gap=12)
        typed.addWidget(self.line, 1)
        self.setLayout(column(self._zone, 8, typed))

    def take(self, file: Path) -> None:
        """Take a key file."""
        self._file = file
        self._zone.show_taken(file.name)
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def file(self) -> Path | None:
        """The key file taken."""
        return self._file

    def code(self) -> str:
        """The code typed."""
        return self.line.text().strip()

    def is_filled(self) -> bool:
        """Whether there is enough to try."""
        return self._file is not None and len(self.code()) >= _SIGNS

    def focus_first(self) -> None:
        """The zone first, then the code."""
        (self.line if self._file else self._zone).setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_browse(self) -> None:
        open_file(self, FileQuestion(gettext("Choose the key file"), Purpose.KEYS), self.take)
