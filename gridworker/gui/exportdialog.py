"""Handing a roster out: what for, of which grid, as what file. Numbers are masked; it is written down who did it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QFileDialog, QWidget

from gridworker.app.purposes import purposes
from gridworker.app.roster_export import ExportWish
from gridworker.gui import theme as themes
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.layout import column, row, rule
from gridworker.gui.widgets.options import Option, OptionChips
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

_WIDTH = 560
_ALL = "0"


class ExportDialog(QDialog):
    """The questions before an export. ``wished`` carries an ExportWish; nothing is picked beforehand but the format."""

    wished = Signal(object)

    def __init__(self, parent: QWidget, grids: Sequence[tuple[int, str]], grid: int | None) -> None:
        super().__init__(parent)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Gridworker")
        title = gettext("Export a roster")
        self.setAccessibleName(title)
        offered = [Option(key, label, str(n)) for n, (key, label) in enumerate(purposes(), start=1)]
        self.purpose = OptionChips(offered, name=gettext("What is it for?"))
        self.purpose.chosen.connect(self._on_picked)
        places = [Option(_ALL, gettext("All grids")), *(Option(str(id_), name) for id_, name in grids)]
        self.grid = OptionChips(places, name=gettext("Grid"))
        self.grid.set_values([str(grid) if grid is not None else _ALL])
        formats = [Option(".xlsx", gettext("Excel (.xlsx)")), Option(".csv", gettext("Text (.csv)"))]
        self.format = OptionChips(formats, name=gettext("File format"))
        self.format.set_values([".xlsx"])
        self.save = Button(gettext("Choose where to save"), key="Ctrl Enter", kind="primary")
        self.save.clicked.connect(self._on_save)
        self.minors = QCheckBox(gettext("With all that is known of under-14s"))
        cancel = Button(gettext("Cancel"))
        cancel.clicked.connect(self.reject)
        advice = gettext("ID numbers and phones are masked. Who exported what, and what for, is written down.")
        body = column(
            Text(title, "title"), 4, Text(advice, "small", "ink-3", wrap=True), 16,
            Text(gettext("What is it for?"), "small", "ink-2"), 6, self.purpose, 14,
            Text(gettext("Grid"), "small", "ink-2"), 6, self.grid, 14,
            Text(gettext("File format"), "small", "ink-2"), 6, self.format, 14, self.minors,
            margins=(24, 20, 24, 20),
        )  # fmt: skip
        foot = row(None, cancel, self.save, margins=(24, 12, 24, 14))
        self._parts = column(body, None, rule(), foot)
        self.setLayout(self._parts)
        bind(self, "Ctrl+Return", self._on_save, gettext("Choose where to save"))
        self._on_picked([])
        self.purpose.focus_first()
        themes.follow(self._restyle)

    def _restyle(self) -> None:
        width = themes.current().px(_WIDTH)
        self.setFixedWidth(width)
        self.setMinimumHeight(self._parts.totalHeightForWidth(width))

    def showEvent(self, event: QShowEvent) -> None:
        """Lines that wrap know their height only now."""
        super().showEvent(event)
        self._restyle()

    def wish(self, path: Path) -> ExportWish:
        """What was picked, for a file."""
        grid = int(self.grid.values()[0])
        purpose = self.purpose.values()[0]
        suffix = self.format.values()[0]
        named = path if path.suffix.lower() == suffix else path.with_name(path.name + suffix)
        return ExportWish(named, purpose, grid or None, self.minors.isChecked())

    def _on_picked(self, picked: list[str]) -> None:
        self.save.setEnabled(bool(picked))

    def _on_save(self) -> None:
        if not self.purpose.values():
            return
        suffix = self.format.values()[0]
        dialog = QFileDialog(self, gettext("Export a roster"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([f"*{suffix}"])
        dialog.setDefaultSuffix(suffix.lstrip("."))
        dialog.selectFile(gettext("roster") + suffix)
        dialog.fileSelected.connect(self._on_named)
        dialog.open()

    def _on_named(self, name: str) -> None:
        self.wished.emit(self.wish(Path(name)))
        self.accept()
