"""The forms that superiors want: a list to add to, change and remove from; the last removal can be taken back."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.draftform import DraftForm
from gridworker.gui.page import Shell
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.formdialog import FormDialog, FormText
from gridworker.gui.widgets.rowlist import RowList
from gridworker.gui.widgets.rows import Row
from gridworker.gui.widgets.smalldialog import DialogFrame, cancel_of
from gridworker.gui.widgets.state import StatePanel
from gridworker.gui.widgets.veil import veil_under
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.ledger.presets import Preset, Presets
    from gridworker.app.workspace import Workspace

_HEIGHT = 520


class PresetsDialog(QDialog):
    """The list. A new form begins with the usual columns of ``ledger``."""

    def __init__(self, parent: QWidget, ws: "Workspace", shell: Shell, ledger: str) -> None:
        super().__init__(parent)
        self._presets: Presets = ws.presets
        self._drafts, self._shell, self._ledger = ws.drafts, shell, ledger
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = gettext("Forms of ledgers")
        self.setAccessibleName(title)
        told = gettext("Laid down once, used by everybody. Laptops hear of them with the next reply.")
        self._frame = DialogFrame(title, told)
        self.list = RowList(name=title)
        self.list.row_activated.connect(lambda _: self._on_change())
        self._none = StatePanel("empty", gettext("No forms yet."), icon="file-text")
        self._frame.body.addWidget(self.list)
        self._frame.body.addWidget(self._none)
        self.add = Button(gettext("New form"), "plus", key="N", kind="primary")
        self.add.clicked.connect(self._on_add)
        self.change = Button(gettext("Change"), "pencil-simple", key="Enter")
        self.change.clicked.connect(self._on_change)
        self.remove = Button(gettext("Remove"), "trash", kind="quiet", key="Del")
        self.remove.clicked.connect(self._on_remove)
        self.undo = Button(gettext("Undo"), "arrow-counter-clockwise", kind="quiet", key="Ctrl Z")
        self.undo.clicked.connect(self._on_undo)
        self.undo.hide()
        self._removed = 0
        self._frame.set_foot(self.remove, self.undo, self.change, None, cancel_of(self, gettext("Done")), self.add)
        self._frame.put_in(self, _HEIGHT)
        veil_under(self)
        bind(self, "N", self._on_add, gettext("New form"))
        bind(self, "Del", self._on_remove, gettext("Remove"))
        bind(self, "Ctrl+Z", self._on_undo, gettext("Undo"))
        self._read()

    def _read(self, current: object = None) -> None:
        background.run(self._presets.all, done=partial(self._show, current), owner=self)

    def _show(self, current: object, found: "list[Preset]") -> None:
        ledgers = self._presets.words()
        self.list.show_rows([Row(one.id, one.name, subtitle=ledgers.get(one.ledger, "")) for one in found], current)
        self.list.setVisible(bool(found))
        self._none.setVisible(not found)
        for button in (self.change, self.remove):
            button.setVisible(bool(found))
        (self.list if found else self.add).setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_add(self) -> None:
        self._ask(None)

    def _on_change(self) -> None:
        key = self.list.current_key()
        if isinstance(key, int):
            self._ask(key)

    def _ask(self, preset: int | None) -> None:
        specs, values = self._presets.form(preset, self._ledger)
        title = gettext("New form") if preset is None else gettext("Change the form")
        remark = gettext("A column is a name of the ledger, or name=Header. =Header is left blank, to be filled in.")
        dialog = FormDialog(self, FormText(title, gettext("Save"), remark), specs, values)
        kept = DraftForm(dialog, self._drafts, f"preset:{preset or 'new'}", self._shell)
        dialog.submitted.connect(lambda _: self._save(kept, preset))
        dialog.form.changed.connect(lambda name: self._on_typed(dialog, name))
        dialog.open()

    def _on_typed(self, dialog: FormDialog, name: str) -> None:
        """Another ledger has other columns: they take the place of usual ones, not of what somebody wrote."""
        if name != "ledger":
            return
        values = dialog.form.values()
        usual = {self._presets.columns(ledger) for ledger in self._presets.words()}
        if values["ledger"] and (values["columns"] or "") in usual | {""}:
            dialog.form.editor("columns").set_value(self._presets.columns(str(values["ledger"])))

    def _save(self, kept: DraftForm, preset: int | None) -> None:
        values = kept.dialog.form.values()

        def saved(made: "Preset") -> None:
            kept.dialog.accept()
            self._read(made.id)

        kept.finish()
        work = partial(self._presets.save, values, preset, finishes=kept.name)
        background.run(work, done=saved, failed=kept.refused, owner=kept.dialog)

    def _on_remove(self) -> None:
        key = self.list.current_key()
        if isinstance(key, int):
            self._removed = key
            work = partial(self._presets.remove, key)
            background.run(work, done=lambda _: self._on_removed(), failed=self._on_problem, owner=self)

    def _on_removed(self) -> None:
        self.undo.show()
        self._read()

    def _on_undo(self) -> None:
        if self.undo.isHidden():
            return
        self.undo.hide()
        work = partial(self._presets.bring_back, self._removed)
        background.run(work, done=lambda made: self._read(made.id), failed=self._on_problem, owner=self)

    def _on_problem(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        self._frame.show_problem(fault)
