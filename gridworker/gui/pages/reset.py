"""At the office: answering a laptop whose passphrase was forgotten. Who asks is made sure of before it is answered."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from gridworker.app.access.resets import read_code_file
from gridworker.app.files.keeping_files import write_where_asked
from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.filedialogs import FileQuestion, Purpose, open_file, save_file
from gridworker.gui.messages import Question, ask
from gridworker.gui.page import DialogPage, Shell
from gridworker.gui.shortcuts import bind, bind_button
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.card import Card
from gridworker.gui.widgets.check import CheckBox
from gridworker.gui.widgets.codebox import CodeBox
from gridworker.gui.widgets.codegrid import CodeGrid
from gridworker.gui.widgets.layout import add, clear, column, row
from gridworker.gui.widgets.smalldialog import DialogFrame, cancel_of
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.access.resets import Answered, Asking
    from gridworker.app.workspace import Workspace

_HEIGHT = 520


class ResetDialog(DialogPage):
    """The question goes in, who asks is shown, the answer comes out."""

    def __init__(self, ws: "Workspace", shell: Shell, parent: QWidget) -> None:
        super().__init__(ws, shell, parent)
        told = gettext(
            "The worker chooses a new passphrase on the laptop and reads a code out, or brings a file. "
            "Nothing on the laptop is lost, and the office learns no secret."
        )
        self.frame = DialogFrame(gettext("A forgotten passphrase"), told)
        self.box = CodeBox(gettext("The laptop's question"))
        self._open = Button(gettext("Open the question file"), "file-text", key="Ctrl O", size="compact")
        self._open.clicked.connect(self._on_open)
        self._below = column()
        self._sure: CheckBox | None = None
        self._answered: Answered | None = None
        self._saved = Text("", "small", "ok")
        label = Text(gettext("The laptop's question"), "small", "ink-2")
        add(self.frame.body, row(label, None, self._open), 4, self.box, 12, self._below)
        self.go_on = Button(gettext("Who asks?"), key="Ctrl Enter", kind="primary")
        self.go_on.clicked.connect(self.submit)
        self.anew = Button(gettext("A new key for this help …"), key="Alt N", kind="quiet")
        self.anew.clicked.connect(self.renew)
        self.anew.setVisible(ws.session.can("EXPORT KEYS"))
        self.frame.set_foot(self.anew, None, cancel_of(self, gettext("Close")), self.go_on)
        self.frame.put_in(self, _HEIGHT)
        self.setAccessibleName(gettext("A forgotten passphrase"))
        bind(self, "Ctrl+Return", self.submit, gettext("Answer"))
        for button in (self._open, self.anew):
            bind_button(self, button)
        self.box.changed.connect(self._on_changed)
        self.box.entered.connect(self.submit)
        self.box.files_dropped.connect(lambda paths: self.take(paths[0]))
        self._on_changed()
        self.box.setFocus()

    def take(self, file: Path) -> None:
        """Take the question from a file."""
        try:
            self.box.set_text(read_code_file(file))
        except Problem as problem:
            self.frame.show_problem(problem)

    def submit(self) -> None:
        """Show who asks; then, once that is certain, answer."""
        if not self.go_on.isEnabled():
            return
        self.frame.say("")
        typed, sure = self.box.text(), self._sure is not None
        if sure:
            work = partial(self.ws.resets.answer, typed)
            background.run(work, done=self._show_answer, failed=self._on_failed, owner=self)
        else:
            look = partial(self.ws.resets.read, typed)
            background.run(look, done=self._show_asking, failed=self._on_failed, owner=self)

    def renew(self) -> None:
        """Ask, then make the key anew by which the office helps."""
        more = gettext(
            "Where somebody may have copied the office's data. Laptops hear of it with the next reply, and use it from "
            "their next unlocking on; until then the office goes on helping them by the earlier one."
        )
        question = Question(gettext("Make the key anew by which the office helps?"), more, gettext("Make it anew"))
        ask(self, question, self._on_renew)

    def _on_renew(self) -> None:
        words = gettext("Laptops hear of it with the next reply, and use it from their next unlocking on.")
        background.run(
            self.ws.resets.renew,
            done=lambda _serial: self.frame.say(words, good=True),
            failed=self._on_failed,
            owner=self,
        )

    def save_to(self, path: Path) -> None:
        """Write the answer; it is said once it is on the disk."""
        if self._answered is None:
            return
        write, saved = partial(write_where_asked, path, self._answered.file), self._saved
        words = gettext("Saved: {name}").format(name=path.name)
        background.run(write, done=lambda _: saved.setText(words), failed=self._on_unsaved, owner=saved)

    def _on_unsaved(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        self.frame.show_problem(Problem("The file was not written. Choose another place."))

    def _show_asking(self, asking: "Asking") -> None:
        clear(self._below)
        who = gettext("Laptop {number}, {name}").format(number=asking.laptop, name=asking.worker)
        advice = gettext("Make sure that it is they who ask: face to face, or call back on the number you know.")
        self._sure = CheckBox(gettext("It is {name} who asks").format(name=asking.worker))
        self._sure.toggled.connect(self.go_on.setEnabled)
        self._below.addWidget(
            Card(Text(who, "large", bold=True, wrap=True), Text(advice, "small", "ink-2", wrap=True), self._sure, gap=8)
        )
        self.go_on.set_label(gettext("Answer"))
        self.go_on.setEnabled(False)
        self._sure.setFocus()

    def _show_answer(self, answered: "Answered") -> None:
        self._answered, self._sure = answered, None
        clear(self._below)
        title = gettext("The answer for laptop {number}").format(number=answered.asking.laptop)
        save = Button(gettext("Save as a file"), "download-simple", size="compact")
        save.clicked.connect(self._on_save)
        self._saved = Text("", "small", "ok")
        head = row(Text(title, "small", "ink-2"), None, self._saved, save)
        told = gettext("It is good for this question and once. Whoever listens in can do nothing with it.")
        self._below.addWidget(
            Card(head, CodeGrid(answered.code, title), Text(told, "caption", "ink-3", wrap=True), gap=8)
        )
        self.go_on.hide()
        save.setFocus()

    def _on_changed(self) -> None:
        self._sure = None
        self._answered = None
        clear(self._below)
        self.frame.say("")
        self.go_on.set_label(gettext("Who asks?"))
        self.go_on.show()
        self.go_on.setEnabled(bool(self.box.text().strip()))

    def _on_failed(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        self.frame.show_problem(fault)

    def _on_open(self) -> None:
        open_file(self, FileQuestion(gettext("Open the question file"), Purpose.KEYS), self.take)

    def _on_save(self) -> None:
        if self._answered is None:
            return
        question = FileQuestion(gettext("Save as a file"), Purpose.KEYS, name=self._answered.file_name)
        save_file(self, question, self.save_to)
