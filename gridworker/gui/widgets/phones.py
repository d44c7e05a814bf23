"""The editor of phone numbers: as many lines as there are numbers, and one more."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from gridworker.gui.widgets.button import Button, IconButton
from gridworker.gui.widgets.editors import Editor
from gridworker.gui.widgets.layout import clear, column, holder, row
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.record import Value

MOST = 5


class PhonesEditor(Editor):
    """Numbers stored with a space between them; spaces and dashes inside a number are taken out."""

    def __init__(self) -> None:
        self._lines: list[QLineEdit] = []
        self._rows = column(gap=6)
        super().__init__(holder(self._rows))
        self._more = Button(gettext("Another number"), "plus", kind="link", size="compact")
        self._more.clicked.connect(self._on_more)
        self._box.addLayout(row(self._more, None))
        self._name = ""
        self.set_value(None)

    def lines(self) -> list[QLineEdit]:
        """The lines shown."""
        return self._lines

    def value(self) -> "Value":
        """The numbers, or None."""
        numbers = ["".join(one for one in line.text() if one.isdigit() or one in "+*") for line in self._lines]
        return " ".join(number for number in numbers if number) or None

    def set_value(self, value: "Value") -> None:
        """Show numbers."""
        clear(self._rows)
        self._lines = []
        for number in (str(value).split() if value else [])[:MOST] or [""]:
            self._add(number)

    def set_name(self, name: str) -> None:
        """What it is called for screen readers."""
        self._name = name
        for line in self._lines:
            line.setAccessibleName(name)

    def _add(self, number: str) -> QLineEdit:
        line = QLineEdit(number)
        line.setMaxLength(24)
        line.setInputMethodHints(Qt.InputMethodHint.ImhDialableCharactersOnly)
        line.setAccessibleName(self._name)
        line.textEdited.connect(self._on_edited)
        remove = IconButton("trash", gettext("Remove this number"), size=16)
        self._lines.append(line)
        layout = row(gap=4)
        layout.addWidget(line, 1)
        layout.addWidget(remove)
        place = holder(layout)
        remove.clicked.connect(lambda: self._remove(place, line))
        self._rows.addWidget(place)
        self._more.setVisible(len(self._lines) < MOST)
        self.setFocusProxy(self._lines[0])
        return line

    def _remove(self, place: QWidget, line: QLineEdit) -> None:
        self._lines.remove(line)
        self._rows.removeWidget(place)
        place.hide()
        place.deleteLater()
        if not self._lines:
            self._add("")
        self._more.setVisible(len(self._lines) < MOST)
        self.changed.emit()

    def _on_more(self) -> None:
        self._add("").setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_edited(self) -> None:
        self.changed.emit()
