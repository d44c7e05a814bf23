"""Import a roster: choose a ledger, see what it would change, save it in one go, take it back as a whole."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QStackedWidget, QWidget

from gridworker.app.ledger.ledgers import form_kinds
from gridworker.errors import NobodyFound, Problem
from gridworker.gui import background
from gridworker.gui.export.handingout import HandingOut
from gridworker.gui.page import Page, Shell, Touched, Undo
from gridworker.gui.pages.roster.busy import COMPARING, READING, Busy
from gridworker.gui.pages.roster.earlier import EarlierImport
from gridworker.gui.pages.roster.judging import Judging
from gridworker.gui.pages.roster.othergrid import ask_for_grid
from gridworker.gui.pages.roster.preview import PreviewPanel
from gridworker.gui.pages.roster.reporting import Reporting
from gridworker.gui.pages.roster.rows import Rows
from gridworker.gui.pages.roster.saving import Saving, read_lists_ahead
from gridworker.gui.pages.roster.start import StartPanel, ask_for_ledger, closed_panel
from gridworker.gui.pages.roster.words import imported_line, taken_back_line
from gridworker.gui.shortcuts import bind
from gridworker.gui.widgets.button import Button
from gridworker.gui.widgets.headers import PageHeader
from gridworker.gui.widgets.layout import clear, column
from gridworker.gui.widgets.state import Strip
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.ledger.forms import FormImported
    from gridworker.app.roster.rosters import Imported, Seen
    from gridworker.app.workspace import Workspace

_START, _BUSY, _PREVIEW, _CLOSED = range(4)


class RosterPage(Page):
    """The page. A path as target is read at once."""

    kinds: ClassVar[frozenset[str]] = form_kinds() | {
        "resident", "household", "household_member", "dwelling", "building", "care_membership", "grid",
    }  # fmt: skip

    def __init__(self, ws: "Workspace", shell: Shell) -> None:
        super().__init__(ws, shell)
        self._path: Path | None = None
        self._task: background.Task[Seen] | None = None
        self._saving: Saving | None = None
        self._preview: Seen | None = None
        self._saved = False
        self._make_parts()
        bind(self, "Ctrl+O", self._on_browse, gettext("Choose a file"))
        bind(self, "Ctrl+Return", self._on_import, gettext("Import"))
        bind(self, "F2", self.judging.correct, gettext("Correct this row"))
        bind(self, "F4", self.judging.turn, gettext("Not the same person"))
        for keys, button in (("X", self.export), ("R", self.report)):
            bind(self, keys, partial(self._press, button), button.label())
        for number, tab in enumerate(Rows(()).tabs()):
            bind(self, str(number + 1), partial(self.panel.choose_filter, number), tab.label)
        shell.sharing_changed.connect(self._on_sharing)
        self._show(_CLOSED if ws.session.read_only else _START)

    def _make_parts(self) -> None:
        self.other = Button(gettext("Choose another file"), "file", key="Ctrl O")
        self.other.clicked.connect(self._on_other)
        self.export = Button(gettext("Export a ledger"), "export", key="X", kind="quiet")
        self.report = Button(gettext("Save a report"), "file", key="R", kind="quiet")
        self.reporting = Reporting(self.ws, self.shell, self)
        self.report.clicked.connect(self._on_report)
        self.handing = HandingOut(self.ws, self.shell, self)
        self.export.clicked.connect(self.handing.open)
        self._header = PageHeader(
            gettext("Import a roster"), "", self.export, self.report, self.other, back=gettext("Back")
        )
        self._header.went_back.connect(self.shell.back)
        self._fault = column(gap=0)
        self._kept = column(gap=0)
        self.earlier = EarlierImport(self.ws, self.shell, self)
        self.start = StartPanel()
        self.start.browsed.connect(self._on_browse)
        self.start.file_given.connect(self.take)
        self.start.grid_chosen.connect(self._on_grid)
        self.start.grids_wanted.connect(partial(self.shell.go, "devices", None))
        self.busy = Busy()
        self.busy.cancelled.connect(self._on_cancelled)
        self.panel = PreviewPanel()
        self.panel.import_pressed.connect(self._on_import)
        self.judging = Judging(self.panel, self.ws.rosters, self._standing)
        self.judging.judged.connect(self._on_judged)
        self.judging.failed.connect(self._on_not_judged)
        self._stack = QStackedWidget()
        for part in (self.start, self.busy, self.panel, closed_panel()):
            self._stack.addWidget(part)
        layout = column(self._header, 16, self._fault, self._kept, self.earlier, margins=(28, 16, 28, 24))
        layout.addWidget(self._stack, 1)
        self.setLayout(layout)

    # ------------------------------------------------------------------------------------------------------- choosing

    @staticmethod
    def _press(button: Button) -> None:
        if button.isVisible():
            button.click()

    def title(self) -> str:
        """What it is called."""
        return gettext("Import a roster")

    def show_target(self, target: object) -> None:
        """A path is read at once; with a grid beside it, for that grid."""
        match target:
            case Path():
                self.take(target)
            case (Path() as path, int() as grid):
                self.start.prefer(grid)
                self.take(path)

    def refresh(self, touched: Touched) -> None:
        """Offer the grids there are; a preview that others' writes have overtaken is made anew."""
        background.run(self.ws.devices.grids, done=self._on_grids)
        self._look_back()
        if touched and self._stack.currentIndex() == _PREVIEW and not self._saved:
            self._read()

    def _on_grids(self, grids: Sequence[tuple[int, str]]) -> None:
        self.start.show_grids(grids)
        self._read_if_ready()

    def take(self, path: Path) -> None:
        """Read a ledger and show what it would change; where the grid is not known yet, ask for it first."""
        if self.ws.session.read_only or self._at_work():
            return
        self._path = path
        self._preview = None
        self._show_fault()
        self._show(_START)
        self.start.ask_grid(path.name)
        self._read_if_ready()

    def _on_grid(self) -> None:
        self._read_if_ready()

    def _read_if_ready(self) -> None:
        if self._path is not None and self.start.grid() and self._stack.currentIndex() == _START:
            self._read()

    def _on_browse(self) -> None:
        if self.ws.session.read_only or self._at_work():
            return
        ask_for_ledger(self, self.take)

    def _on_other(self) -> None:
        """Back to the start; the grid may be another one too."""
        self._path = None
        self._preview = None
        self._show_fault()
        self._show(_START)
        self.start.focus_first()

    # -------------------------------------------------------------------------------------------------------- reading

    def _at_work(self) -> bool:
        return self._stack.currentIndex() == _BUSY

    def _read(self) -> None:
        path, grid, before = self._path, self.start.grid(), self._preview
        if path is None or not grid:
            return
        rosters = self.ws.rosters
        begun = partial(rosters.look, path, grid)
        if before is not None and before.grid == grid:
            begun = partial(rosters.anew, before)
        self._read_by(begun)

    def _read_by(self, begun: "Callable[..., Seen]") -> None:
        self._saved = False
        self._on_stage(READING)
        self._show(_BUSY)
        self.busy.cancel.setEnabled(True)
        self.busy.cancel.setFocus()
        self._task = background.run(
            lambda report: begun(reached=report),
            done=self._on_read,
            failed=self._on_refused,
            progress=self._on_stage,
        )

    def _on_stage(self, stage: str) -> None:
        lines = {
            READING: gettext("Reading the file…"),
            COMPARING: gettext("Comparing it with what is here…"),
        }
        self.busy.show_step(str(stage), lines[str(stage)])

    def _on_cancelled(self) -> None:
        if self._saving is not None:
            self._saving.stop()
            return
        if self._task is not None:
            self._task.cancel()
        self._on_other()

    def _on_read(self, preview: "Seen") -> None:
        self._preview = preview
        self.panel.show_preview(preview, sharing=self.shell.sharing)
        self._show(_PREVIEW)
        self.panel.focus_first()
        ask_for_grid(preview, self.start, self._show_fault, self.take)

    def _on_refused(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            self._on_other()
            raise fault
        path = self._path
        self._on_other()
        said = gettext("{file} was not read. Nothing was changed.").format(file=path.name if path else "")
        by_hand = path is not None and isinstance(fault, NobodyFound) and fault.kind == "file_corrupt"
        strip = self._show_fault(said, str(fault), gettext("Choose the columns by hand") if by_hand else "")
        if path is not None:
            strip.pressed.connect(partial(self._read_bare, path))

    def _read_bare(self, path: Path) -> None:
        """Show a ledger in which nobody was found, for its columns to be chosen."""
        grid = self.start.grid()
        if not grid or self._at_work():
            return
        self._path = path
        self._show_fault()
        self._read_by(partial(self.ws.rosters.bare, path, grid))

    # --------------------------------------------------------------------------------------------------------- saving

    def _on_import(self) -> None:
        preview = self._preview
        if preview is None or self._saved or not preview.writes or self._stack.currentIndex() != _PREVIEW:
            return
        self._saved = True
        self._show_fault()
        self._saving = Saving(self.busy, self.ws.rosters, preview)
        self._show(_BUSY)
        self._saving.begin(self._on_saved, self._on_not_saved)

    def _on_saved(self, imported: "Imported | FormImported") -> None:
        self._saving = None
        said = imported_line(imported)
        self.shell.toast(said, Undo(partial(self._take_back, imported)))
        counts = gettext("{file}: {new} new, {changed} changed, {same} the same, {rejected} not taken in.")
        clear(self._kept)
        strip = Strip(
            said,
            counts.format(file=self._preview.file if self._preview else "", **imported.counts),
            tone="ok",
            icon="check",
            action=gettext("Undo this import"),
        )
        strip.pressed.connect(partial(self._take_back, imported))
        self._kept.addWidget(strip)
        self._kept.addSpacing(12)
        if self._preview is not None:
            self.panel.show_saved(self._preview)
        self._show(_PREVIEW)
        self.panel.focus_first()
        read_lists_ahead(self, self.ws)

    def _on_not_saved(self, fault: Exception) -> None:
        self._saving, self._saved = None, False
        self._show(_PREVIEW)
        if not isinstance(fault, Problem):
            raise fault
        self._show_fault(gettext("Nothing was saved."), str(fault))

    def _take_back(self, imported: "Imported | FormImported") -> None:
        """Undo an import; the strip goes at once, so that it is asked for once."""
        if self._kept.count() == 0:
            return
        clear(self._kept)
        background.run(
            lambda: taken_back_line(self.ws.rosters.take_back(imported)),
            done=self._on_taken_back,
            failed=self._on_not_taken_back,
        )

    def _on_taken_back(self, said: str) -> None:
        self.shell.toast(said)
        if self._saved and self._stack.currentIndex() == _PREVIEW:
            self._read()

    def _on_not_taken_back(self, fault: Exception) -> None:
        if not isinstance(fault, Problem):
            raise fault
        self._show_fault(gettext("The import was not taken back."), str(fault))

    # ------------------------------------------------------------------------------------------------------- judging

    def _standing(self) -> "Seen | None":
        """The preview, as long as it is not saved."""
        return None if self._saved else self._preview

    def _on_judged(self, again: "Seen") -> None:
        self._show_fault()
        self._preview = again

    def _on_not_judged(self, why: str) -> None:
        self._show_fault(gettext("The ledger cannot be read so."), why)

    def _on_report(self) -> None:
        if self._preview is not None:
            self.reporting.ask(self._preview)

    # -------------------------------------------------------------------------------------------------------- showing

    def _show(self, part: int) -> None:
        self._stack.setCurrentIndex(part)
        self.other.setVisible(part == _PREVIEW)
        hands_out = self.ws.session.knows("EXPORT PEOPLE")
        self.report.setVisible(part == _PREVIEW and hands_out)
        self.export.setVisible(part != _BUSY and hands_out)
        aside = ""
        if self._preview is not None and part == _PREVIEW:
            grid = dict(self.start.grids()).get(self._preview.grid, "")
            file = gettext(" · ").join(filter(None, (self._preview.title, self._preview.file)))
            aside = gettext("{file} · {grid}").format(file=file, grid=grid)
        self._header.show_title(gettext("Import a roster"), aside)
        self._look_back()

    def _look_back(self) -> None:
        people = self.ws.session.knows("IMPORT PEOPLE")
        self.earlier.look(wanted=people and self._stack.currentIndex() == _START and not self._kept.count())

    def _show_fault(self, text: str = "", more: str = "", action: str = "") -> Strip:
        clear(self._fault)
        strip = Strip(text, more, action=action)
        if text:
            self._fault.addWidget(strip)
            self._fault.addSpacing(12)
        return strip

    def _on_sharing(self, sharing: bool) -> None:
        if self._preview is not None:
            self.panel.show_preview(self._preview, sharing=sharing)
            if self._saved:
                self.panel.show_saved(self._preview)

    def focus_first(self) -> None:
        """The list of a preview, else the place for a file."""
        if self._stack.currentIndex() == _PREVIEW:
            self.panel.focus_first()
        else:
            self.start.focus_first()

    def regions(self) -> list[QWidget]:
        """Filters and list, or the place for a file."""
        return self.panel.regions() if self._stack.currentIndex() == _PREVIEW else [self.start, self._header]
