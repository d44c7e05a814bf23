"""A preview judged anew: other columns, a row corrected, somebody who is not the person they were taken for."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gridworker.errors import Problem
from gridworker.gui import background
from gridworker.gui.pages.roster.correction import Correction
from gridworker.gui.pages.roster.preview import PreviewPanel
from gridworker.gui.pages.roster.words import of_people

if TYPE_CHECKING:
    from gridworker.app.ledger.preview_rows import RowPlan
    from gridworker.app.roster.preview import Choices, LedgerCell
    from gridworker.app.roster.rosters import Rosters, Seen


class Judging(QObject):
    """Answers what is chosen in the panel. ``judged`` carries the new preview, ``failed`` why there is none.

    The preview stays in sight meanwhile; while one is made nothing else can be chosen.
    """

    judged = Signal(object)
    failed = Signal(str)

    def __init__(self, panel: PreviewPanel, rosters: "Rosters", standing: "Callable[[], Seen | None]") -> None:
        """``standing`` gives the preview that can still be judged: none once it is saved."""
        super().__init__(panel)
        self._panel, self._rosters, self._standing = panel, rosters, standing
        panel.aside.columns.picked.connect(self.pick_column)
        panel.aside.columns.reset.connect(self.reset_columns)
        panel.aside.correction_wanted.connect(self.correct)
        panel.aside.turn_wanted.connect(self.turn)

    def correct(self) -> None:
        """Fetch the cells of the row chosen; they come beside the list."""
        preview, row = self._standing(), self._panel.aside.chosen()
        if preview is None or row is None:
            return

        def show(cells: "list[LedgerCell]") -> None:
            if self._standing() is preview and self._panel.aside.chosen() is row:
                people = of_people(preview)
                fields = Correction(cells, people.read_as_it_is(row) if people else None)
                fields.corrected.connect(
                    lambda texts: self._judge_by(partial(self._rosters.corrected, preview, row, texts), row)
                )
                self._panel.aside.show_correction(fields, preview.fault_column(row))

        background.run(partial(self._rosters.cells, preview, row), done=show, failed=self._on_failed, owner=self)

    def turn(self) -> None:
        """Whoever the row was taken for is somebody else."""
        preview, row = of_people(self._standing()), self._panel.aside.chosen()
        if preview is not None and row is not None and row.presumed is not None:
            self._judge(preview.with_turned(row), row)

    def pick_column(self, key: str, word: str) -> None:
        """A column is taken for something else."""
        if (preview := of_people(self._standing())) is not None:
            self._judge(preview.with_column(key, word))

    def reset_columns(self) -> None:
        """Every column is taken for what it was guessed to be."""
        if (preview := of_people(self._standing())) is not None:
            self._judge(preview.as_guessed())

    def _judge(self, choices: "Choices", row: "RowPlan | None" = None) -> None:
        """Judge a ledger of people anew by what was chosen for it."""
        if (preview := of_people(self._standing())) is not None:
            self._judge_by(partial(self._rosters.again, preview, choices), row)

    def _judge_by(self, work: "Callable[[], Seen]", row: "RowPlan | None" = None) -> None:
        """Judge anew; ``row`` is the one that was corrected."""
        if self._standing() is None or not self._panel.isEnabled():
            return
        self._panel.setEnabled(False)

        def show(again: "Seen") -> None:
            self._panel.setEnabled(True)
            self.judged.emit(again)
            self._panel.show_again(again, row)
            self._panel.focus_first()

        background.run(work, done=show, failed=self._on_failed, owner=self)

    def _on_failed(self, fault: Exception) -> None:
        """The preview stays as it was."""
        self._panel.setEnabled(True)
        if not isinstance(fault, Problem):
            raise fault
        if (preview := self._standing()) is not None:
            self._panel.show_again(preview, self._panel.aside.chosen())
        self.failed.emit(str(fault))
