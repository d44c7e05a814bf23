"""The question for the office, and its answer: as codes over the telephone or as files on a stick."""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal

from gridworker.app.access.resets import read_code_file
from gridworker.app.files.keeping_files import write_where_asked
from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.filedialogs import FileQuestion, Purpose, open_file, save_file
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.codebox import CodeBox
from gridworker.gui.widgets.codegrid import CodeGrid
from gridworker.gui.widgets.layout import add, clear, column, row
from gridworker.gui.widgets.passphrase import PassphraseField
from gridworker.gui.widgets.step import Step
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext


class AnswerStep(Step):
    """``again_wanted`` carries the new passphrase, typed once more after the window was closed in between."""

    again_wanted = Signal(str)

    def __init__(self, *, knows: bool) -> None:
        """``knows``: whether the new passphrase was typed in this window."""
        text = gettext("Read the code out to the office, or take the file there. Its answer goes in below.")
        super().__init__(gettext("Ask the office"), text, action=gettext("Set the new passphrase"))
        self._asked: Any = None
        self._question = column()
        self.field = PassphraseField(gettext("The new passphrase you chose"))
        self.box = CodeBox(gettext("The office's answer"))
        self._open = Button(gettext("Open the answer file"), "file-text", size="compact")
        self._open.clicked.connect(self._on_open)
        self.field.entered.connect(self._on_typed)
        self.box.changed.connect(self._on_changed)
        self.box.entered.connect(self.submit)
        self.box.files_dropped.connect(lambda paths: self.take(paths[0]))
        label = Text(gettext("The office's answer"), "small", "ink-2")
        add(self.body, self.field, self._question, 16, row(label, None, self._open), 4, self.box)
        self.field.setVisible(not knows)
        self.setFocusProxy(self.box if knows else self.field.line())
        self._show_parts(knows)
        self.set_ready(False)

    def show_question(self, asked: Any) -> None:
        """Show what to tell the office."""
        self._asked = asked
        self.setFocusProxy(self.box)
        self.field.hide()
        clear(self._question)
        save = Button(gettext("Save as a file"), "download-simple", size="compact")
        save.clicked.connect(self._on_save)
        title = gettext("The question of laptop {number}").format(number=asked.laptop)
        self._saved = Text("", "small", "ok")
        head = row(Text(title, "small", "ink-2"), None, self._saved, save)
        self._question.addWidget(Card(head, CodeGrid(asked.code, title), gap=8))
        self._show_parts(True)
        self._on_changed()
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def answer(self) -> str:
        """What was typed or read from the file."""
        return self.box.text()

    def take(self, file: Path) -> None:
        """Take the answer from a file."""
        try:
            self.box.set_text(read_code_file(file))
        except Problem as problem:
            self.show_problem(problem)

    def save_to(self, path: Path) -> None:
        """Write the question; it is said once it is on the disk."""
        write = partial(write_where_asked, path, self._asked.file)
        background.run(write, done=lambda _: self._on_saved(path), failed=self._on_unsaved, owner=self)

    def _on_saved(self, path: Path) -> None:
        self.hide_problem()
        self._saved.setText(gettext("Saved: {name}").format(name=path.name))

    def _on_unsaved(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        self.show_problem(Problem("The file was not written. Choose another place."))

    def focus_first(self) -> None:
        """The passphrase where it is still to be typed, then the answer."""
        first = self.field.line() if self.field.isVisibleTo(self) else self.box
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_parts(self, known: bool) -> None:
        self.box.setEnabled(known)
        self._open.setEnabled(known)

    def _on_typed(self) -> None:
        if self.field.text():
            self.again_wanted.emit(self.field.text())

    def _on_changed(self) -> None:
        self.hide_problem()
        self.set_ready(self._asked is not None and bool(self.box.text().strip()))

    def _on_open(self) -> None:
        open_file(self, FileQuestion(gettext("Open the answer file"), Purpose.KEYS), self.take)

    def _on_save(self) -> None:
        question = FileQuestion(gettext("Save as a file"), Purpose.KEYS, name=self._asked.file_name)
        save_file(self, question, self.save_to)
