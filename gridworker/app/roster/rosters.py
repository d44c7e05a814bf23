"""Ledgers in and out: what an import would do, doing it, taking it back, and handing a roster out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from gridworker.app.files.keeping_files import refuse_data_folder
from gridworker.app.gate import Action, Matter, Service, free, needs
from gridworker.app.ledger.forms import LedgerForms
from gridworker.app.ledger.heads import other_form, usual_words
from gridworker.app.ledger.preview_rows import RowPlan, RowState
from gridworker.app.roster.export import ExportWish, LedgerExport
from gridworker.app.roster.outcome import outcome
from gridworker.app.roster.plan import Planner
from gridworker.app.roster.preview import Preview
from gridworker.app.roster.register import Register
from gridworker.app.session import Session
from gridworker.store.intake.transaction import collecting_paused
from gridworker.store.log.clock import EPOCH
from gridworker.store.tables.changes import IMPORT

if TYPE_CHECKING:
    from gridworker.app.ledger.forms import FormImported, FormPreview
    from gridworker.app.ledger.stream import Report
    from gridworker.errors import RosterProblem
    from gridworker.sheets.ledger_row import LedgerCell
    from gridworker.sheets.mapping import Mapping as ColumnMapping
    from gridworker.sheets.other_grids import GridNames
    from gridworker.sheets.roster import Choices, OtherForm
    from gridworker.store.intake.transaction import Commit
    from gridworker.store.undo import Undone


class Stage(StrEnum):
    """How far a comparison is."""

    READING = "reading"
    COMPARING = "comparing"


Reached = Callable[[Stage], object]
"""Told when a stage begins; whatever it raises ends the comparison."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. ``batch`` takes it back later."""

    batch: int
    counts: Mapping[str, int]
    commit: "Commit" = field(repr=False)

    @property
    def kind(self) -> str:
        """The kind that was imported."""
        return "resident"


Seen: TypeAlias = "Preview | FormPreview"
"""What an import would do, whatever it is of."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An import that stands, and when it was done."""

    batch: int
    at: datetime


LATELY = timedelta(days=30)
"""How long an import is offered to be taken back as a whole: later, most of what it brought is in use."""


class Rosters(Service):
    """Import, undo of an import, export."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @staticmethod
    @free("it touches no store")
    def read(path: Path, *, mapping: "ColumnMapping | None" = None) -> dict[str, Any]:
        """What an import would see, in the neutral form. Raises RosterProblem."""
        from gridworker.sheets.roster import read_roster

        return read_roster(path, mapping=mapping, other=partial(other_form, usual_words())).to_neutral()

    @staticmethod
    @free("it touches no store")
    def refused(problem: "RosterProblem") -> dict[str, Any]:
        """The neutral form of a file that is refused: nobody, and the refusal as a problem of the whole file."""
        whole = {"row": None, "sheet": None, "kind": problem.kind, "action": "refuse", "detail": str(problem)}
        return {"households": [], "residents": [], "problems": [whole]}

    @staticmethod
    @free("it touches no store")
    def columns(path: Path, *, mapping: "ColumnMapping | None" = None) -> dict[str, Any]:
        """How the columns of a ledger are read, in the form of a mapping file. Raises RosterProblem."""
        from gridworker.sheets.mapping_file import to_json
        from gridworker.sheets.roster import read_roster

        return to_json(read_roster(path, mapping=mapping, other=partial(other_form, usual_words())))

    @staticmethod
    @free("it touches no store")
    def mapping(path: Path) -> "ColumnMapping":
        """The columns chosen by hand in a mapping file. Raises NotFound, Problem."""
        from gridworker.sheets.mapping_file import read_mapping

        return read_mapping(path)

    @needs(Action.IMPORT, Matter.PEOPLE)
    def preview(
        self, path: Path, grid: int, *, mapping: "ColumnMapping | None" = None, reached: Reached | None = None
    ) -> Preview:
        """Compare a ledger with the store. Saves nothing. Raises RosterProblem, NotFound for a grid not held here.

        Without a ``mapping`` the columns are read as they were chosen for a ledger like it, else as their headers say.
        """
        from gridworker.app.roster import memory as roster_memory
        from gridworker.sheets.roster import Choices

        choices = Choices(mapping, roster_memory.load(self._session.store))
        return self._compare(path, grid, choices, reached)

    @free("asked for people, or for the kind of the ledger")
    def look(
        self, path: Path, grid: int, *, mapping: "ColumnMapping | None" = None, reached: Reached | None = None
    ) -> "Preview | FormPreview":
        """``preview``, of a filled-in form of another ledger too. Raises OtherLedger for one that is not taken in."""
        from gridworker.app.ledger.heads import OtherLedger
        from gridworker.app.roster import memory as roster_memory
        from gridworker.sheets.roster import Choices

        try:
            return self._compare(path, grid, Choices(mapping, roster_memory.load(self._session.store)), reached)
        except OtherLedger as found:
            if not found.taken_in:
                raise
            return self.forms.preview(path, grid, found.ledger)

    @free("asked as by look")
    def anew(self, preview: Seen, *, reached: Reached | None = None) -> Seen:
        """A preview made anew after the store was changed, with what was chosen in it. See ``look``."""
        if isinstance(preview, Preview):
            return self.again(preview, preview.choices, reached=reached)
        return self.forms.again(preview, preview.corrections)

    @free("asked as by look")
    def corrected(self, preview: Seen, row: RowPlan, texts: Mapping[int, str]) -> Seen:
        """A preview made anew with cells of a row corrected: texts by column. Raises as ``again``."""
        if isinstance(preview, Preview):
            return self.again(preview, preview.with_cells(row, texts))
        return self.forms.again(preview, preview.with_cells(row, texts))

    @cached_property
    @free("a service of its own")
    def forms(self) -> LedgerForms:
        """Filled-in forms of other ledgers."""
        return LedgerForms(self._session)

    @needs(Action.IMPORT, Matter.PEOPLE)
    def bare(self, path: Path, grid: int, *, reached: Reached | None = None) -> Preview:
        """A ledger in which nobody was found, for a person to say what its columns hold. Raises RosterProblem."""
        from gridworker.sheets.roster import Choices

        return self._compare(path, grid, Choices(bare=True), reached)

    @needs(Action.IMPORT, Matter.PEOPLE)
    def again(self, preview: Preview, choices: "Choices", *, reached: Reached | None = None) -> Preview:
        """Compare the same ledger anew after a column or a cell was changed in its preview, or the store was.

        Raises RosterProblem where nobody is left in it, Problem where the file was changed under corrected cells.
        """
        return self._compare(preview.path, preview.grid, choices, reached)

    @needs(Action.IMPORT, Matter.PEOPLE)
    def told_apart(self, preview: Preview, places: Sequence[str]) -> Preview:
        """The same with rows told apart from who moved, by the number of each or ``SHEET:ROW``.

        Raises Problem for a row that is taken for nobody from another door.
        """
        return self.again(preview, preview.with_told_apart(places))

    @free("asked as by look")
    def cells(self, preview: Seen, row: RowPlan) -> "list[LedgerCell]":
        """A row of a preview as it stands in its ledger, to be corrected. Raises Denied, NotFound, Problem."""
        from gridworker.sheets.ledger_row import row_cells

        if not isinstance(preview, Preview):
            return preview.cells(row)
        self.require(Action.IMPORT, Matter.PEOPLE)
        return row_cells(preview.path, preview.roster, (row.sheet, row.row), preview.corrections)

    def _other(self, choices: "Choices") -> "OtherForm | None":
        """Tells the sheets that are forms of other ledgers, where nobody said by hand what they hold."""
        return partial(other_form, self.forms.words()) if choices.mapping is None and not choices.bare else None

    def _compare(self, path: Path, grid: int, choices: "Choices", reached: Reached | None) -> Preview:
        from gridworker.sheets.roster import read_ledger

        self._session.require_grid(grid)
        tell = reached or (lambda _stage: None)
        today = self._session.today()
        with collecting_paused():
            tell(Stage.READING)
            asked = replace(choices, other=self._other(choices), grids=self._grids(grid))
            roster = read_ledger(path, asked, today)
            self.require(Action.IMPORT, Matter.PEOPLE)
            tell(Stage.COMPARING)
            known = Register.load(self._session.store, grid, today)
            plan = Planner(known, self._session.new_ids(), today).plan(roster)
            return Preview(path, grid, choices, roster, plan)

    def _grids(self, chosen: int) -> "GridNames":
        """What the grids are called; one that was merged into another is called that one too."""
        from gridworker.sheets.other_grids import GridNames
        from gridworker.store.records import page

        with self._session.store.db.read() as connection:
            known = dict(page(connection, "grid", limit=10_000))
        into = {id_: grid["merged_into"] for id_, grid in known.items()}
        names: dict[str, int] = {}
        for id_, grid in known.items():
            last, seen = id_, {id_}
            while (after := into.get(last)) in known and after not in seen:
                last = int(str(after))
                seen.add(last)
            names.setdefault(str(grid["name"] or ""), last)
        return GridNames(chosen, names)

    @needs(Action.IMPORT, Matter.PEOPLE)
    def save(self, preview: Preview, *, reached: Callable[[int, int], object] | None = None) -> Imported:
        """Import what a preview shows, all of it in one transaction, as one act. Raises StoreBusy, DiskFull.

        ``reached`` is told how many records are made, and of how many; whatever it raises takes all of it back.

        Columns chosen by hand are remembered in the same transaction, for the next ledger with a header like it: at
        the office for all its computers. That is an act of its own: an import that is taken back leaves them.
        """
        from gridworker.app.roster import memory as roster_memory

        rows, plan = preview.counts, preview.plan
        if reached is not None:
            plan.new.reached = reached
        with collecting_paused(), roster_memory.keeping(self._session, preview.roster, preview.choices.mapping) as keep:
            commit = self._session.write(plan.changes, IMPORT, keep, plan.new, count=len(plan.rows))
        return Imported(commit.batch, {state.value: rows.get(state.value, 0) for state in RowState}, commit)

    @free("asked by what saves it")
    def keep(
        self, preview: "Seen", *, reached: Callable[[int, int], object] | None = None
    ) -> "Imported | FormImported":
        """``save``, of a form of another ledger too."""
        return self.save(preview, reached=reached) if isinstance(preview, Preview) else self.forms.save(preview)

    @free("asked by what takes it back")
    def take_back(self, imported: "Imported | Earlier | FormImported") -> "Undone":
        """``undo``, of the import of a form too."""
        return self.undo(imported) if isinstance(imported, Imported | Earlier) else self.forms.undo(imported)

    @needs(Action.EXPORT, Matter.PEOPLE)
    def report(self, preview: "Preview | FormPreview", path: Path, *, purpose: str) -> int:
        """Write the rows of a preview with the reason beside each to .xlsx or .csv; masked and put on record.

        Returns how many rows. Raises StoreBusy, Problem, DiskFull.
        """
        from gridworker.app.roster.report import RosterReport

        return RosterReport(self._session, preview).write(path, purpose)

    @needs(Action.EXPORT, Matter.PEOPLE)
    def check_report(self, path: Path) -> None:
        """Raise Denied, Problem where no report could be written under this name, before an import is begun."""
        from gridworker.sheets.write import check_table_path

        check_table_path(path)
        refuse_data_folder(path, self._session.folder.root)

    @needs(Action.IMPORT, Matter.PEOPLE)
    def latest(self) -> Earlier | None:
        """The newest import of this computer that stands, where it was done lately."""
        from gridworker.store.undone import newest_standing

        with self._session.store.cursor() as cursor:
            found = newest_standing(cursor, IMPORT)
        at = EPOCH + timedelta(milliseconds=found.at) if found else EPOCH
        return Earlier(found.no, at) if found and self._session.now() - at < LATELY else None

    @needs(Action.IMPORT, Matter.PEOPLE)
    def undo(self, imported: Imported | Earlier) -> "Undone":
        """Take a whole import back; what somebody changed since stays."""
        from gridworker.app.undoing import undo_batch

        return undo_batch(self._session, imported.batch)

    @needs(Action.IMPORT, Matter.PEOPLE)
    def neutral(self, grid: int | None = None) -> dict[str, Any]:
        """What is in the store, in the neutral form of the roster corpus; the look at the numbers is put on record."""
        told = outcome(self._session.store, grid, masked=self._session.read_only)
        if not self._session.read_only:
            self._session.note("reveal", kind="resident", count=len(told["residents"]))
        return told

    @needs(Action.EXPORT, Matter.PEOPLE)
    def export(self, wish: ExportWish, report: "Report | None" = None) -> int:
        """Write a ledger of a grid, or of all, to .xlsx or .csv; numbers masked. Returns how many people or entries.

        The export is put on record with its purpose and count, before anything is written. Of under-14s only relation
        and year of birth are written, unless the office approved more. Raises NeedsApproval above the cap of a laptop,
        Denied for a code that does not approve this export, StoreBusy, Problem, DiskFull. ``report`` is told how many
        rows are there, again and again; where it raises, nothing is written.
        """
        return LedgerExport(self._session, wish, report).write()

    @staticmethod
    @free("what the program knows, no record")
    def ledgers() -> list[tuple[str, str]]:
        """The ledgers that can be written, with their titles, in order."""
        from gridworker.app.ledger.ledgers import ledgers
        from gridworker.domain.codes_export import LEDGER

        return [(name, LEDGER.label(name)) for name in ledgers()]

    @staticmethod
    @free("a blank form: it touches no store")
    def template(path: Path, ledger: str = "residents") -> None:
        """Write a blank form of a ledger to .xlsx or .csv, as an import reads it. Raises NotFound, Problem."""
        from gridworker.app.ledger.template import write_template

        write_template(path, ledger)
