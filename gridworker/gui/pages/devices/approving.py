"""The office's word on an export that a laptop asks for: the code it asked with, what that says, the code in answer."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from gridworker.app.files.keeping_files import write_where_asked
from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.clipboard import copy_private
from gridworker.gui.codefile import ask_place
from gridworker.gui.look import theme as themes
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import column, holder, row
from gridworker.gui.widgets.text import Text
from gridworker.gui.widgets.veil import veil_under
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.ledger.approvals import Approvals, Asked

_WIDTH, _HEIGHT = 560, 460


class ApproveDialog(QDialog):
    """Read the code first; approve only what was read."""

    def __init__(self, parent: QWidget, approvals: "Approvals") -> None:
        super().__init__(parent)
        self._approvals = approvals
        self.setModal(True)
        veil_under(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Gridworker")
        title = gettext("Approve an export")
        self.setAccessibleName(title)
        self.code = QLineEdit()
        self.code.setAccessibleName(gettext("The code the laptop shows"))
        self.code.setMaxLength(60)
        self.code.textEdited.connect(self._on_edited)
        self.said = Text("", "body", wrap=True)
        self.fault_words = Text("", "small", "due", wrap=True)
        self.given = Text("", "body", bold=True, wrap=True)
        self.given.setAccessibleName(gettext("The signed answer"))
        self.given.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.copy = Button(gettext("Copy the answer"), "copy", key="Ctrl Shift C", size="compact")
        self.copy.clicked.connect(self._on_copy)
        self.save = Button(gettext("Save as a file"), "download-simple", size="compact")
        self.save.clicked.connect(self._on_save)
        self.saved = Text("", "small", "ok")
        self.ways = holder(row(self.copy, self.save, self.saved, None))
        self.ways.hide()
        self._code = ""
        self.look = Button(gettext("Read the code"), key="Ctrl Enter", kind="primary")
        self.look.clicked.connect(self.submit)
        close = Button(gettext("Done"))
        close.clicked.connect(self.reject)
        told = gettext(
            "The worker reads six groups from the laptop. The answer is signed and long: copy it and send it to them. "
            "It is good for one export."
        )
        self.setLayout(
            column(
                Text(title, "title"), 4, Text(told, "small", "ink-3", wrap=True), 16,
                Text(gettext("The code the laptop shows"), "small", "ink-2"), 4, self.code, 12, self.said, 6,
                self.fault_words, 6, self.given, 10, self.ways, None, row(None, close, self.look),
                margins=(24, 20, 24, 16),
            )
        )  # fmt: skip
        bind(self, "Ctrl+Return", self.submit, gettext("Read the code"))
        bind(self, "Ctrl+Shift+C", self._on_copy, gettext("Copy the answer"))
        self._asked: Asked | None = None
        self._on_edited()
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)
        themes.follow(self._restyle)

    def _restyle(self) -> None:
        theme = themes.current()
        self.resize(theme.px(_WIDTH), theme.px(_HEIGHT))

    def submit(self) -> None:
        """Read the code; once it was read, approve."""
        typed = self.code.text()
        if self._asked is None:
            self._run(partial(self._approvals.asked, typed), self._on_read)
        elif not self.given.text():
            self._run(partial(self._approvals.approve, typed), self._on_given)

    def _run(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        background.run(work, done=done, failed=self._on_failed, owner=self)

    def _on_edited(self, _text: str = "") -> None:
        self._asked, self._code = None, ""
        for words in (self.said, self.fault_words, self.given, self.saved):
            words.setText("")
        self.ways.hide()
        self.look.setText(gettext("Read the code"))
        self.look.setEnabled(bool(self.code.text().strip()))

    def _on_read(self, asked: "Asked") -> None:
        self._asked = asked
        text = ngettext(
            "Laptop {laptop} of {worker} asks for {count} person, {grid}.",
            "Laptop {laptop} of {worker} asks for {count} people, {grid}.",
            asked.count,
        ).format(laptop=asked.laptop, worker=asked.worker, count=asked.count, grid=asked.grid or gettext("All grids"))
        if asked.minors:
            text = f"{text} {gettext('With all that is known of under-14s.')}"
        self.said.setText(text)
        self.look.setText(gettext("Approve"))

    def _on_given(self, code: str) -> None:
        self._code = code
        self.given.setText(code.replace("-", " "))  # so that its lines break between groups
        self.look.setEnabled(False)
        self.ways.show()
        self.copy.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_copy(self) -> None:
        if not self._code:
            return
        copy_private(self._code)
        self.saved.setText(gettext("Copied, for half a minute"))

    def _on_save(self) -> None:
        if self._asked is not None:
            ask_place(self, f"approval-laptop-{self._asked.laptop:02d}.txt", self.save_to)

    def save_to(self, path: Path) -> None:
        """Write the answer; it is said once it is on the disk."""
        write = partial(write_where_asked, path, f"{self._code}\n".encode())
        done = partial(self.saved.setText, gettext("Saved: {name}").format(name=path.name))
        background.run(write, done=lambda _: done(), failed=self._on_failed, owner=self)

    def _on_failed(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        self.fault_words.setText(str(fault))
