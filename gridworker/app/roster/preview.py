"""A ledger compared with the store, before anything is saved, and what a person decided about it on the way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.ledger.preview_rows import RowPlan, RowState
from gridworker.app.roster.plan import Plan
from gridworker.errors import Problem
from gridworker.sheets.corrections import Corrections
from gridworker.sheets.ledger_row import LedgerCell
from gridworker.sheets.mapping import Mapping as ColumnMapping
from gridworker.sheets.roster import Choices
from gridworker.text import ngettext

if TYPE_CHECKING:
    from gridworker.sheets.people import Roster

__all__ = ["Choices", "LedgerCell", "Preview"]


@dataclass
class Preview:
    """What an import would do. ``choices`` are the columns and cells that a person changed."""

    path: Path
    grid: int
    choices: Choices
    roster: "Roster"
    plan: Plan

    @property
    def file(self) -> str:
        """The name of the file."""
        return self.path.name

    @property
    def title(self) -> str:
        """What the ledger is called, where it is not what the page is for."""
        return ""

    @property
    def kind(self) -> str:
        """The kind its rows are of."""
        return "resident"

    @cached_property
    def notices(self) -> tuple[str, ...]:
        """About the file as a whole: households that move out, sheets and columns left out, and why."""
        people = {(row.sheet, row.row) for row in self.plan.rows}
        left_out = (
            str(finding)
            for finding in self.roster.findings
            if finding.row is None or (finding.action == "info" and (finding.sheet, finding.row) not in people)
        )
        return tuple(dict.fromkeys((*self._moving_out(), *self._contacts_left(), *left_out)))

    def _moving_out(self) -> Iterator[str]:
        if self.plan.emptied:
            said = ngettext(
                "{count} household has nobody left and moves out; it is said beside the row of who leaves last.",
                "{count} households have nobody left and move out; it is said beside the rows of who leaves last.",
                self.plan.emptied,
            )
            yield said.format(count=self.plan.emptied)

    def _contacts_left(self) -> Iterator[str]:
        if self.plan.contacts_left:
            said = ngettext(
                "{count} emergency contact was not kept: it belongs to a care file, and this person has none.",
                "{count} emergency contacts were not kept: they belong to a care file, and these people have none.",
                self.plan.contacts_left,
            )
            yield said.format(count=self.plan.contacts_left)

    @property
    def of_grid(self) -> str:
        """The grid that this ledger seems to be of, where that is not the one chosen for it."""
        return self.plan.of_grid

    @property
    def rows(self) -> Sequence[RowPlan]:
        """The rows in the order of the file."""
        return self.plan.rows

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Rows by state."""
        counts = self.plan.rows.counts()
        return {state.value: counts[state] for state in RowState if counts[state]}

    @cached_property
    def suspect(self) -> int:
        """Rows taken in that somebody should look at."""
        return sum(row.suspect for row in self.plan.rows)

    @property
    def writes(self) -> bool:
        """Whether an import would change anything: care and heads of households may be new where the people are not."""
        return bool(self.plan.changes or self.plan.new)

    @property
    def corrected(self) -> int:
        """Cells corrected."""
        return len(self.choices.corrections.cells)

    @property
    def by_hand(self) -> bool:
        """Whether columns are read as somebody chose, now or for a ledger like it."""
        return bool(self.roster.mapping.fields)

    def shared_rows(self) -> list[RowPlan]:
        """The rows for share mode: surnames, and nothing of the values."""
        from gridworker.domain.masking import share_name

        return [row._replace(name=share_name(row.name) if row.name else "", changes=()) for row in self.plan.rows]

    def with_column(self, key: str, word: str) -> Choices:
        """The choices with another field for a column, by its key."""
        mapping = self.choices.mapping or self.roster.mapping
        return replace(self.choices, mapping=replace(mapping, fields={**mapping.fields, key: word}))

    def as_guessed(self) -> Choices:
        """The choices with every column as its header says."""
        return replace(self.choices, mapping=ColumnMapping())

    def with_cells(self, row: RowPlan, texts: Mapping[int, str]) -> Choices:
        """The choices with cells of a row corrected: texts by column."""
        corrections = replace(self.choices.corrections, digest=self.roster.digest)
        for column, text in texts.items():
            corrections = corrections.changed((row.sheet, row.row, column), text)
        return replace(self.choices, corrections=corrections)

    def with_turned(self, row: RowPlan) -> Choices:
        """The choices with a row that is taken for somebody who moved told apart from them, or taken for them again."""
        corrections = replace(self.choices.corrections, digest=self.roster.digest)
        return replace(self.choices, corrections=corrections.turned((row.sheet, row.row, row.member)))

    def with_told_apart(self, places: Sequence[str]) -> Choices:
        """The choices with rows told apart from who moved, by the number of each or ``SHEET:ROW``. Raises Problem."""
        told = self
        for place in places:
            sheet, _, number = place.rpartition(":")
            found = [row for row in self.rows if str(row.row) == number and sheet in {"", row.sheet} and row.presumed]
            if not found:
                raise Problem("Row {row} is taken for nobody who moved; there is nobody to tell it from.", row=place)
            for row in found:
                told = replace(told, choices=told.with_turned(row))
        return told.choices

    def fault_column(self, row: RowPlan) -> int | None:
        """The column that the first thing to be said of a row is about."""
        here = (row.sheet, row.row, row.member)
        places = (one.column for one in self.roster.findings if (one.sheet, one.row, one.member) == here)
        return next((column for column in places if column is not None), None)

    def read_as_it_is(self, row: RowPlan) -> int | None:
        """The column of a row above the header that, corrected or confirmed, has the row read; None for other rows."""
        here = (row.sheet, row.row)
        above = (one.column for one in self.roster.findings if one.kind == "row_above" and (one.sheet, one.row) == here)
        return next(above, None)

    @property
    def corrections(self) -> Corrections:
        """The cells corrected so far."""
        return self.choices.corrections
