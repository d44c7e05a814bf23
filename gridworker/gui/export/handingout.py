"""Handing a ledger out: which, what for, where to; on a laptop above the cap, the office's code first."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QWidget

from gridworker.app.ledger.approvals import read_answer_file
from gridworker.app.roster.export import ExportWish, NeedsApproval
from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.codefile import ask_file
from gridworker.gui.export.exportdialog import RESIDENTS, ExportDialog, forms_of
from gridworker.gui.export.presetsdialog import PresetsDialog
from gridworker.gui.look import theme as themes
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.codebox import CodeBox
from gridworker.gui.widgets.layout import column, row
from gridworker.gui.widgets.smalldialog import DialogFrame, cancel_of
from gridworker.gui.widgets.text import Text
from gridworker.gui.widgets.veil import veil_under
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace
    from gridworker.gui.page import Shell

_WIDTH, _HEIGHT, _LOW = 560, 440, 180
_LONGEST = 400
"""Signs of an answer; what is longer on the clipboard is none."""


class ApprovalDialog(QDialog):
    """The code to read to the office, and a place for the one it answers with. ``answered`` carries what was typed."""

    answered = Signal(str)

    def __init__(self, parent: QWidget, why: str, ask: str) -> None:
        super().__init__(parent)
        self.setModal(True)
        veil_under(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Gridworker")
        title = gettext("The office has to approve this")
        self.setAccessibleName(title)
        self.ask = Text(ask, "large", bold=True)
        self.ask.setAccessibleName(gettext("Read this to the office"))
        self.ask.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.code = CodeBox(gettext("What the office answers"))
        self.code.changed.connect(self._on_typed)
        self.code.entered.connect(self.submit)
        self.code.files_dropped.connect(lambda paths: self.take(paths[0]))
        paste = Button(gettext("Paste"), "clipboard-text", size="compact")
        paste.clicked.connect(self.paste)
        file = Button(gettext("Open the answer file"), "file-text", size="compact")
        file.clicked.connect(lambda: ask_file(self, gettext("Open the answer file"), self.take))
        self.fault_words = Text("", "small", "due", wrap=True)
        self.export = Button(gettext("Export"), key="Ctrl Enter", kind="primary")
        self.export.clicked.connect(self.submit)
        cancel = Button(gettext("Cancel"), key="Esc")
        cancel.clicked.connect(self.reject)
        self.setLayout(
            column(
                Text(title, "title"), 4, Text(why, "small", "ink-3", wrap=True), 16,
                Text(gettext("Read this to the office"), "small", "ink-2"), 4, self.ask, 16,
                row(Text(gettext("What the office answers"), "small", "ink-2"), None, paste, file), 4, self.code, 6,
                self.fault_words, None,
                row(None, cancel, self.export), margins=(24, 20, 24, 16),
            )
        )  # fmt: skip
        bind(self, "Ctrl+Return", self.submit, gettext("Export"))
        self._on_typed()
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)
        themes.follow(self._restyle)

    def _restyle(self) -> None:
        theme = themes.current()
        self.resize(theme.px(_WIDTH), theme.px(_HEIGHT))

    def submit(self) -> None:
        """Hand on what was typed."""
        if self.code.text().strip():
            self.answered.emit(self.code.text())

    def show_fault(self, words: str) -> None:
        """Say why it did not go through; the ask stays good."""
        self.fault_words.setText(words)

    def paste(self) -> None:
        """Put in what was copied."""
        self.code.set_text(QGuiApplication.clipboard().text()[:_LONGEST].strip())
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    def take(self, file: Path) -> None:
        """Take the answer from a file."""
        try:
            self.code.set_text(read_answer_file(file))
        except Problem as problem:
            self.show_fault(str(problem))

    def _on_typed(self) -> None:
        self.fault_words.setText("")
        self.export.setEnabled(bool(self.code.text().strip()))


class WritingDialog(QDialog):
    """How far a long ledger is, with a way to break it off: nothing is written then."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = gettext("The ledger is being written")
        self.setAccessibleName(title)
        self.told = Text("", "small", "ink-2")
        self.cancel = cancel_of(self)
        frame = DialogFrame(title)
        frame.body.addWidget(self.told)
        frame.set_foot(None, self.cancel)
        frame.put_in(self, _LOW)
        veil_under(self)

    def show_rows(self, count: int) -> None:
        """So many are there."""
        self.told.setText(ngettext("{count} row so far", "{count} rows so far", count).format(count=count))


class _Writing(QObject):
    """One export under way. Its dialog is shown once it turns out to be a long one."""

    def __init__(self, page: QWidget, owner: QObject) -> None:
        super().__init__(owner)
        self._page = page
        self._dialog: WritingDialog | None = None

    def run(
        self, work: Callable[..., int], done: Callable[[int], object], failed: Callable[[Exception], object]
    ) -> None:
        """Do it; neither is called where it was broken off."""
        self._done, self._failed = done, failed
        self._task = background.run(
            work, done=self._on_done, failed=self._on_failed, progress=self._on_rows, owner=self
        )

    def _on_rows(self, count: int) -> None:
        if self._dialog is None:
            self._dialog = WritingDialog(self._page)
            self._dialog.rejected.connect(self._on_cancelled)
            self._dialog.open()
        self._dialog.show_rows(count)

    def _on_cancelled(self) -> None:
        self._dialog = None
        self._task.cancel()
        self.deleteLater()

    def _on_done(self, count: int) -> None:
        self._end()
        self._done(count)

    def _on_failed(self, fault: Exception) -> None:
        self._end()
        self._failed(fault)

    def _end(self) -> None:
        if self._dialog is not None:
            self._dialog.accept()
        self.deleteLater()


class HandingOut(QObject):
    """The way of one page to an export."""

    def __init__(self, ws: "Workspace", shell: "Shell", page: QWidget) -> None:
        super().__init__(page)
        self._ws, self._shell, self._page = ws, shell, page

    def open(self) -> None:
        """The questions."""
        grids = self._ws.devices.grids_here()
        mine = grids[0][0] if len(grids) == 1 else None
        dialog = ExportDialog(self._page, grids, mine, forms_of(self._ws.presets, self._ws.session.today()))
        dialog.wished.connect(self.write)
        dialog.form_wanted.connect(partial(self.write_form, dialog))
        dialog.presets_wanted.connect(self.change_forms)
        dialog.open()

    def write_form(self, dialog: ExportDialog, path: Path, ledger: str) -> None:
        """Write a blank form, and say so in the dialog, which stays."""

        def failed(fault: Exception) -> None:
            if not isinstance(fault, Problem):
                raise fault
            dialog.tell(str(fault), written=False)

        def done(_nothing: object) -> None:
            dialog.tell(gettext("Saved: {name}").format(name=path.name), written=True)

        work = partial(self._ws.rosters.template, path, ledger)
        background.run(work, done=done, failed=failed, owner=dialog)

    def change_forms(self, ledger: str) -> None:
        """The forms that superiors want; then the questions again."""
        dialog = PresetsDialog(self._page, self._ws, self._shell, ledger)
        dialog.finished.connect(lambda _: self.open())
        dialog.open()

    def write(self, wish: ExportWish) -> None:
        """Write it, or ask the office first."""
        self._run(wish, partial(self._on_failed, wish))

    def _run(self, wish: ExportWish, failed: Callable[[Exception], None]) -> None:
        work = partial(self._ws.rosters.export, wish)
        _Writing(self._page, self).run(work, partial(self._on_written, wish), failed)

    def _on_written(self, wish: ExportWish, people: int) -> None:
        if wish.preset or wish.ledger not in {"", RESIDENTS}:
            said = ngettext("{count} row written to {file}.", "{count} rows written to {file}.", people)
        else:
            said = ngettext("{count} person written to {file}.", "{count} people written to {file}.", people)
        self._shell.toast(said.format(count=people, file=wish.path.name))

    def _on_failed(self, wish: ExportWish, fault: Exception) -> None:
        if isinstance(fault, NeedsApproval):
            count = int(str(fault.values["count"]))
            ask = partial(self._ws.approvals.ask, wish.grid, count, minors=wish.minors)
            background.run(ask, done=partial(self._on_asked, wish, str(fault)), failed=self._on_problem, owner=self)
        else:
            self._on_problem(fault)

    def _on_asked(self, wish: ExportWish, why: str, ask: str) -> None:
        dialog = ApprovalDialog(self._page, why, ask)

        def failed(fault: Exception) -> None:
            if not isinstance(fault, Problem):
                raise fault
            dialog.show_fault(str(fault))

        def written(people: int) -> None:
            dialog.accept()
            self._on_written(wish, people)

        def go_on(code: str) -> None:
            approved = replace(wish, approval=code)
            _Writing(dialog, dialog).run(partial(self._ws.rosters.export, approved), written, failed)

        dialog.answered.connect(go_on)
        dialog.open()

    def _on_problem(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        self._shell.problem(fault)
