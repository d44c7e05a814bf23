"""Giving out a device kit: for whom, for which grids, where to; then its code, once."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QDialog, QLineEdit, QStackedWidget, QWidget

from gridworker.gui.clipboard import copy_private
from gridworker.gui.filedialogs import Purpose, choose_folder
from gridworker.gui.look import theme as themes
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import column, holder, row
from gridworker.gui.widgets.options import Option, OptionChips
from gridworker.gui.widgets.text import Text
from gridworker.gui.widgets.veil import veil_under
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.exchange.devices import NewKit

_WIDTH, _HEIGHT = 560, 420


class KitDialog(QDialog):
    """The form, then the code. ``wanted`` carries the worker, the grids' ids and the folder."""

    wanted = Signal(str, list, object)

    def __init__(self, parent: QWidget, grids: Sequence[tuple[int, str]], staff: Sequence[str]) -> None:
        super().__init__(parent)
        self.setModal(True)
        veil_under(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Gridworker")
        self.setAccessibleName(gettext("Give out a device bundle"))
        self.worker = QLineEdit()
        self.worker.setAccessibleName(gettext("Grid worker"))
        self.worker.setCompleter(QCompleter(list(staff), self))
        self.grids = OptionChips([Option(str(id_), name) for id_, name in grids], several=True, name=gettext("Grids"))
        if len(grids) == 1:
            self.grids.set_values([str(grids[0][0])])
        self.fault_words = Text("", "small", "due", wrap=True)
        self.fault_words.hide()
        self.write = Button(gettext("Write the device bundle"), "package", key="Ctrl Enter", kind="primary")
        self.write.clicked.connect(self.submit)
        cancel = Button(gettext("Cancel"), key="Esc")
        cancel.clicked.connect(self.reject)
        form = column(
            Text(gettext("Give out a device bundle"), "title"), 16,
            Text(gettext("Grid worker"), "small", "ink-2"), 4, self.worker, 14,
            Text(gettext("Grids"), "small", "ink-2"), 4, self.grids, 14,
            Text(gettext("The device bundle holds these grids and nothing else. Give its code apart from it."),
                 "small", "ink-2", wrap=True), 8,
            self.fault_words, None, row(None, cancel, self.write), margins=(24, 18, 24, 16),
        )  # fmt: skip
        self._pages = QStackedWidget()
        self._pages.addWidget(holder(form))
        self.setLayout(column(self._pages))
        bind(self, "Ctrl+Return", self.submit, gettext("Write the device bundle"))
        themes.follow(self._restyle)
        self.worker.setFocus()

    def _restyle(self) -> None:
        theme = themes.current()
        self.resize(theme.px(_WIDTH), theme.px(_HEIGHT))

    def submit(self) -> None:
        """Ask where to write, unless something is missing."""
        if not self.worker.text().strip():
            self.show_fault(gettext("Whose laptop is it?"))
        elif not self.grids.values():
            self.show_fault(gettext("Choose at least one grid for the laptop."))
        else:
            choose_folder(self, Purpose.BUNDLES, self.write_to)

    def write_to(self, folder: Path) -> None:
        """Write it into a folder."""
        self.write.setEnabled(False)
        self.wanted.emit(self.worker.text().strip(), [int(value) for value in self.grids.values()], folder)

    def show_fault(self, words: str) -> None:
        """Say what is missing or went wrong."""
        self.write.setEnabled(True)
        self.fault_words.setText(words)
        self.fault_words.show()

    def show_kit(self, kit: "NewKit") -> None:
        """It is written: show its code."""
        self._pages.addWidget(code_panel(self, kit))
        self._pages.setCurrentIndex(1)


def code_panel(dialog: QDialog, kit: "NewKit") -> QWidget:
    """The code of a kit, to write down or copy; it is shown this once."""
    code = Text(kit.code, "large", bold=True, wrap=True)
    code.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    code.setAccessibleName(gettext("The code of the device bundle"))
    copy = Button(gettext("Copy the code"), "copy")
    copy.clicked.connect(lambda: copy_private(kit.code))
    done = Button(gettext("Done"), kind="primary")
    done.clicked.connect(dialog.accept)
    written = gettext("The device bundle for laptop {number} is written: {file}").format(
        number=kit.laptop, file=kit.path.name
    )
    told = gettext("This code opens it. It is shown only now: give it apart from the device bundle, best by telephone.")
    return holder(
        column(
            Text(written, "body", bold=True, wrap=True), 12, Text(told, "small", "ink-2", wrap=True), 12,
            holder(column(code, margins=(16, 14, 16, 14)), "sunken"), 12, row(copy, None), None, row(None, done),
            margins=(24, 20, 24, 16),
        )
    )  # fmt: skip


class CodeDialog(QDialog):
    """The code of a kit that was issued again."""

    def __init__(self, parent: QWidget, kit: "NewKit") -> None:
        super().__init__(parent)
        self.setModal(True)
        veil_under(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Gridworker")
        self.setLayout(column(code_panel(self, kit)))
        self.resize(themes.current().px(_WIDTH), themes.current().px(300))
