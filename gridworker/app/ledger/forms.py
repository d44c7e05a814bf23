"""Filled-in forms of the registers, taken in: shops, requests, volunteering, shifts, training, posts, what is public.

Which ledgers these are, what their columns fill and what tells one entry from another is declared in ledgers.py. Who
may write entries of a kind may take in a form of them; what every computer has is taken in at the office, as the
register's form has it.
"""

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.gate import Action, Service, free
from gridworker.app.ledger.file import FormFile, read_form
from gridworker.app.ledger.heads import Words, words_with
from gridworker.app.ledger.ledgers import Ledger, ledger_named
from gridworker.app.ledger.names import Names
from gridworker.app.ledger.plan import FormPlan, FormPlanner
from gridworker.app.ledger.preview_rows import RowPlan, RowState
from gridworker.domain.codes_export import LEDGER
from gridworker.domain.masking import share_name
from gridworker.errors import Denied, NotFound
from gridworker.sheets.cells import text_of
from gridworker.sheets.corrections import NO_CORRECTIONS, Corrections
from gridworker.sheets.ledger_row import MIDNIGHT, LedgerCell
from gridworker.sheets.mapping import letter
from gridworker.store.records import kind_named, page
from gridworker.store.tables.changes import IMPORT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gridworker.app.session import Session
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.undo import Undone

_PRESETS = 500


@dataclass
class FormPreview:
    """What an import of a form would do."""

    path: Path
    grid: int
    ledger: str
    form: FormFile = field(repr=False)
    plan: FormPlan = field(repr=False)
    corrections: Corrections = NO_CORRECTIONS

    @property
    def file(self) -> str:
        """The name of the file."""
        return self.path.name

    @property
    def title(self) -> str:
        """What the ledger is called."""
        return LEDGER.label(self.ledger)

    @property
    def kind(self) -> str:
        """The kind of its entries."""
        return ledger_named(self.ledger).kind

    @property
    def notices(self) -> "Sequence[str]":
        """About the file as a whole: sheets and columns left out, and why."""
        return self.form.notices

    @property
    def rows(self) -> "Sequence[RowPlan]":
        """The rows in the order of the file."""
        return self.plan.rows

    @cached_property
    def counts(self) -> "Mapping[str, int]":
        """Rows by state."""
        states = [row.state for row in self.plan.rows]
        return {state.value: states.count(state) for state in RowState if state in states}

    @cached_property
    def suspect(self) -> int:
        """Rows taken in that somebody should look at."""
        return sum(row.suspect for row in self.plan.rows)

    @property
    def by_hand(self) -> bool:
        """Whether columns are read as somebody chose: those of a form never are."""
        return False

    @property
    def columns(self) -> "Sequence[tuple[str | None, Sequence[tuple[str, str, str, str]]]]":
        """By sheet: each header that is one of the ledger, as key and as it stands; the column's name and label."""
        return [
            (sheet, [(text, text, one.name, str(one.label)) for one, text in head.named()])
            for sheet, head in self.form.heads
        ]

    @property
    def writes(self) -> bool:
        """Whether an import would change anything."""
        return bool(self.plan.changes)

    def with_cells(self, row: RowPlan, texts: "Mapping[int, str]") -> Corrections:
        """What is corrected, with cells of a row more: texts by column."""
        corrections = replace(self.corrections, digest=self.form.digest)
        for column, text in texts.items():
            corrections = corrections.changed((row.sheet, row.row, column), text)
        return corrections

    def cells(self, row: RowPlan) -> list[LedgerCell]:
        """The cells of a row under headers of the ledger. Raises NotFound where there is no such row."""
        here = next((one for one in self.form.rows if (one.sheet, one.number) == (row.sheet, row.row)), None)
        if here is None:
            raise NotFound("There is no such row.")
        told = [(here.head.place(column.name), header, column.name) for column, header in here.head.named()]
        return [
            LedgerCell(at, header, name, text_of(here.cell(name)).removesuffix(MIDNIGHT))
            for at, header, name in told
            if at is not None
        ]

    def fault_column(self, row: RowPlan) -> int | None:
        """The column that the first thing to be said of a row is about: its cell is named there."""
        said = " ".join(row.reasons[:1])
        columns = (cell.column for cell in self.cells(row))
        return next((at for at in columns if re.search(rf"\b{letter(at)}{row.row}\b", said)), None)

    def shared_rows(self) -> list[RowPlan]:
        """The rows for share mode: the first character of what they are called, and nothing of the values."""
        return [
            row._replace(name=share_name(row.name) if row.name else "", door="", changes=(), reasons=())
            for row in self.plan.rows
        ]


@dataclass(frozen=True, slots=True)
class FormImported:
    """What an import did. ``batch`` takes it back later."""

    batch: int
    kind: str
    counts: "Mapping[str, int]"
    commit: "Commit" = field(repr=False)


class LedgerForms(Service):
    """Preview, save and undo. What each needs depends on the ledger, and is asked once that is known."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    @free("headers of forms, no record")
    def words(self) -> Words:
        """By which headers forms are known: our own in every language, and those of the office's presets."""
        with self._session.store.db.read() as connection:
            presets = page(connection, "export_preset", limit=_PRESETS)
        return words_with(values for _, values in presets)

    @free("asked for the kind of the ledger")
    def preview(self, path: Path, grid: int, ledger: str, corrections: Corrections = NO_CORRECTIONS) -> FormPreview:
        """Compare a form of a ledger, with cells as they were corrected, with what is here. Saves nothing.

        Raises RosterProblem for a form that is empty or none, Denied, NotFound for a grid not held here, Problem where
        the file was changed under corrected cells.
        """
        found = ledger_named(ledger)
        self._require(found)
        self._session.require_grid(grid)
        form = read_form(path, ledger, self.words(), corrections)
        plan = FormPlanner(self._session, found, Names(self._session.store), grid).plan(form)
        return FormPreview(path, grid, ledger, form, plan, corrections)

    @free("asked for the kind of the ledger")
    def again(self, preview: FormPreview, corrections: Corrections) -> FormPreview:
        """The same form compared anew, with cells corrected. See ``preview``."""
        return self.preview(preview.path, preview.grid, preview.ledger, corrections)

    @free("asked for the kind of the ledger")
    def save(self, preview: FormPreview) -> FormImported:
        """Import what a preview shows, all of it in one transaction, as one act. Raises Denied, StoreBusy, DiskFull."""
        self._require(ledger_named(preview.ledger))
        rows = preview.counts
        commit = self._session.write(preview.plan.changes, IMPORT, kind=preview.kind, count=len(preview.rows))
        counts = {state.value: rows.get(state.value, 0) for state in RowState}
        return FormImported(commit.batch, preview.kind, counts, commit)

    @free("asked for the kind of the ledger")
    def undo(self, imported: FormImported) -> "Undone":
        """Take a whole import back; what somebody changed since stays. Raises Denied, StoreBusy."""
        from gridworker.app.undoing import undo_batch

        self.require(Action.CHANGE, self.matter(imported.kind))
        return undo_batch(self._session, imported.batch)

    def _require(self, ledger: Ledger) -> None:
        """Raise Denied where the person at the keyboard may not read and write entries of a ledger here."""
        for action in (Action.READ, Action.CREATE, Action.CHANGE):
            self.require(action, self.matter(ledger.kind))
        if kind_named(ledger.kind).kind.everywhere and not self._session.is_office:
            raise Denied(
                "Every computer has the ledger “{ledger}”, so it is taken in at the office.",
                ledger=LEDGER.label(ledger.name),
            )
