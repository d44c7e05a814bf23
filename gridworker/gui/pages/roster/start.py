"""Where an import starts: which grid the ledger is for, and the place to drop it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from gridworker.gui.filedialogs import FileQuestion, Purpose, open_file
from gridworker.gui.widgets.dropzone import DropZone
from gridworker.gui.widgets.layout import column, holder
from gridworker.gui.widgets.options import Option, OptionChips
from gridworker.gui.widgets.state import StatePanel
from gridworker.gui.widgets.text import Text
from gridworker.text import gettext

EXTENSIONS = (".xlsx", ".xls", ".ods", ".csv", ".txt")


def ask_for_ledger(parent: QWidget, chosen: Callable[[Path], object]) -> None:
    """Ask for the file of a ledger; where none is chosen nothing happens."""
    pattern = " ".join(f"*{one}" for one in EXTENSIONS)
    filters = [f"{gettext('Ledgers')} ({pattern})", f"{gettext('All files')} (*)"]
    open_file(parent, FileQuestion(gettext("Choose a ledger"), Purpose.LEDGERS, filters), chosen)


def closed_panel() -> StatePanel:
    """What stands there while nothing can be imported in this window."""
    return StatePanel(
        "locked",
        gettext("Another window is writing; this one only shows."),
        gettext("A roster is imported in the window that writes. Export works here too."),
    )


class StartPanel(QWidget):
    """Grid and file. With one grid there is nothing to choose; with none there is nothing to import into."""

    browsed = Signal()
    file_given = Signal(object)
    grid_chosen = Signal()
    grids_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._grids: list[tuple[int, str]] = []
        self._preferred: int | None = None
        self._question = Text(gettext("Which grid is the ledger of?"), "small", "ink-2")
        self.chips = OptionChips(name=gettext("Grid"))
        self.chips.chosen.connect(self._on_chosen)
        self.zone = DropZone(
            gettext("Drag the ledger here, or click to choose it"),
            gettext("Excel, WPS or text ({endings}). You see everything before it is saved.").format(
                endings=" ".join(EXTENSIONS)
            ),
            icon="table",
            extensions=EXTENSIONS,
        )
        self.zone.pressed.connect(self.browsed)
        self.zone.files_dropped.connect(self._on_dropped)
        ready = column(self._question, 6, self.chips, 16)
        ready.addWidget(self.zone, 1)
        nowhere = StatePanel(
            "empty",
            gettext("There is no grid yet."),
            gettext("Divide the community into grids first; the ledger goes into one of them."),
            gettext("Devices and people"),
            icon="map-trifold",
        )
        nowhere.pressed.connect(self.grids_wanted)
        self._stack = QStackedWidget()
        self._stack.addWidget(holder(ready))
        self._stack.addWidget(nowhere)
        self.setLayout(column(self._stack))

    def show_grids(self, grids: Sequence[tuple[int, str]]) -> None:
        """Offer these grids; a single one is picked."""
        if list(grids) != self._grids:
            self._grids = list(grids)
            self.chips.set_options([Option(str(id_), name) for id_, name in grids])
        if len(grids) == 1:
            self.chips.set_values([str(grids[0][0])])
        elif self._preferred in [id_ for id_, _ in grids]:
            self.chips.set_values([str(self._preferred)])
        self._stack.setCurrentIndex(0 if grids else 1)

    def prefer(self, grid: int) -> None:
        """Pick a grid, now or as soon as it is offered."""
        self._preferred = grid
        self.show_grids(self._grids)

    def grids(self) -> list[tuple[int, str]]:
        """The grids offered, by id and name."""
        return self._grids

    def grid(self) -> int | None:
        """The grid picked."""
        picked = self.chips.values()
        return int(picked[0]) if picked else None

    def ask_grid(self, name: str) -> None:
        """Where no grid is picked yet, ask for it by the name of the file."""
        if self.grid() is None:
            self._question.setText(gettext("Which grid is {file} of? Pick one and it is read.").format(file=name))
            self._question.set_ink("accent")
            self.chips.focus_first()

    def focus_first(self) -> None:
        """The grids while none is picked, then the place for the file."""
        if self.grid() is None and self._grids:
            self.chips.focus_first()
        else:
            self.zone.setFocus()

    def _on_dropped(self, paths: list[Path]) -> None:
        self.file_given.emit(paths[0])

    def _on_chosen(self, _picked: list[str]) -> None:
        self._question.setText(gettext("Which grid is the ledger of?"))
        self._question.set_ink("ink-2")
        self.grid_chosen.emit()
