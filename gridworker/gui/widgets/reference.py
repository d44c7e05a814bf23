"""The editor of references: a record chosen by what it is called, found while typing."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QStringListModel, QTimer
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView

from gridworker.gui import background
from gridworker.gui.widgets.editors import Editor

if TYPE_CHECKING:
    from gridworker.record import Value

MOST = 12


@dataclass(frozen=True, slots=True)
class Referred:
    """A record one can refer to: its id and what it is called."""

    id: int
    caption: str


class References(Protocol):
    """Where references are looked up."""

    def find(self, kind: str, text: str, limit: int) -> list[Referred]:
        """The records of a kind that match what is typed; asked in a worker."""

    def caption(self, kind: str, id_: int) -> str:
        """What a record is called; at once."""


class ReferenceEditor(Editor):
    """Type a few letters, take one of the list. What matches nothing refers to nothing."""

    def __init__(self, kind: str, references: References) -> None:
        self.line = QLineEdit()
        super().__init__(self.line)
        self._kind, self._references = kind, references
        self._id: int | None = None
        self._looked_up: str | None = None
        self._found: list[Referred] = []
        self._model = QStringListModel(self)
        self._completer = QCompleter(self._model, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(MOST)
        self._menu = QListView()
        self._menu.setProperty("kind", "menu")
        self._completer.setPopup(self._menu)
        self._completer.activated.connect(self._on_taken)
        self.line.setCompleter(self._completer)
        self.line.textEdited.connect(self._on_edited)
        self.line.editingFinished.connect(self._on_finished)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(80)
        self._wait.timeout.connect(self.look)

    def value(self) -> "Value":
        """The id of the record, or None."""
        return self._id

    def set_value(self, value: "Value") -> None:
        """Show a record."""
        self._id = value if isinstance(value, int) else None
        self.line.setText(self._references.caption(self._kind, self._id) if self._id is not None else "")

    def look(self) -> None:
        """Look up what is typed and offer it."""
        text = self._typed()
        work = partial(self._references.find, self._kind, text, MOST)
        background.look(work, done=partial(self._on_found, text), owner=self)

    def _on_found(self, text: str, found: list[Referred]) -> None:
        if text != self._typed():
            return  # what was typed since is looked up as well
        self._looked_up, self._found = text, found
        self._model.setStringList([one.caption for one in found])
        if found and self.line.hasFocus() and self._id is None:
            self._completer.complete()

    def _typed(self) -> str:
        return self.line.text().strip()

    def _called(self, caption: str) -> Referred | None:
        return next((one for one in self._found if one.caption == caption), None)

    def offered(self) -> list[str]:
        """What is offered now."""
        return [one.caption for one in self._found]

    def take(self, number: int) -> None:
        """Take one of what is offered."""
        self._id = self._found[number].id
        self.line.setText(self._found[number].caption)
        self.changed.emit()

    def _on_edited(self) -> None:
        self._id = None
        self._wait.start()
        self.changed.emit()

    def _on_taken(self) -> None:
        number = self._menu.currentIndex().row()
        if 0 <= number < len(self._found):
            QTimer.singleShot(0, self, lambda: self.take(number))

    def _on_finished(self) -> None:
        """A caption typed in full counts as taken, also by who was quicker than the list of those offered."""
        text = self._typed()
        if self._id is not None or not text:
            return
        same = self._called(text)  # one that the arrows went to stands there before Enter takes it
        if same is None and self._looked_up != text:
            self._looked_up, self._found = text, self._references.find(self._kind, text, MOST)
            same = self._called(text)
        if same is not None:
            self._id = same.id
            self.changed.emit()
