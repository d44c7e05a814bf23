"""What an import of a form would do: row by row what is new, changed, the same, or not taken in, and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gridworker.app.entry.entry_rules import standing
from gridworker.app.ledger.cells import Shown, Style, cells
from gridworker.app.ledger.fill import Filled, FilledRow, Filler
from gridworker.app.ledger.match import Known, paired
from gridworker.app.ledger.preview_rows import FieldChange, PlannedRows, RowPlan, RowState
from gridworker.app.ledger.reading import same_text, uncovered
from gridworker.app.ledger.rows import Asked, ledger_rows
from gridworker.domain.masking import mask_in_text, mask_phones
from gridworker.domain.numbering import NUMBERED, next_number
from gridworker.errors import Invalid, NotFound, Problem
from gridworker.record import Record, Type
from gridworker.sheets.cells import text_of
from gridworker.store.queries.ledgers import Wanted
from gridworker.store.queries.numbers import given
from gridworker.store.records import get_many, kind_named
from gridworker.store.tables.changes import Change
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.ledger.file import FormFile, FormRow
    from gridworker.app.ledger.ledgers import Column, Ledger
    from gridworker.app.ledger.names import Names
    from gridworker.app.session import Session
    from gridworker.record import Value

_GRID = "grid_id"
_HIDES = frozenset({Type.TEXT, Type.NOTE, Type.PHONES})
"""Types in which texts that look alike once numbers are covered may still differ."""


@dataclass(slots=True)
class FormPlan:
    """The rows, and the changes that an import would write."""

    rows: PlannedRows = field(default_factory=PlannedRows)
    changes: list[Change] = field(default_factory=list)


@dataclass(slots=True)
class _Row:
    """A row on its way: what it would set, and what is to be said of it."""

    filled: FilledRow
    values: "dict[str, Value]" = field(default_factory=dict)
    shown: list[FieldChange] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def refuse(self, column: "Column", fault: object) -> None:
        """Say why it is not taken in, and in which cell that stands."""
        self.faults.append(_at(self.filled.row, column, fault))

    def doubt(self, column: "Column", reason: str) -> None:
        """Say what was left out of it."""
        self.doubts.append(_at(self.filled.row, column, reason))


class FormPlanner:
    """Plans the rows of one form for one grid."""

    def __init__(self, session: "Session", ledger: "Ledger", names: "Names", grid: int) -> None:
        self._session, self._ledger, self._names, self._grid = session, ledger, names, grid
        self._record: type[Record] = kind_named(ledger.kind)
        self._kind = self._record.kind
        self._fields = {one.name: ledger.fields_of(one) for one in ledger.columns}
        self._held = frozenset(session.grids())
        self._numbers: list[str] = []

    def plan(self, form: "FormFile") -> FormPlan:
        """Compare a form with what is here."""
        filler = Filler(self._ledger, self._names, self._grid, self._session.today())
        rows = [filler.filled(row) for row in form.rows]
        pairs = paired(self._ledger, [row.texts for row in rows], [row.row.number for row in rows], self._known())
        self._numbers = self._taken(rows)
        plan = FormPlan()
        for at, filled in enumerate(rows):
            row, known = _Row(filled), pairs.known.get(at)
            if at in pairs.faults:
                row.faults.append(str(pairs.faults[at]))
            if at in pairs.doubts:
                told = gettext("Row {other} is much like it; is one of the two too many?")
                row.doubts.append(told.format(other=pairs.doubts[at]))
            change = self._change(row, known) if known is not None else self._creation(row)
            self._add(plan, row, known, change)
        return plan

    # ------------------------------------------------------------------------------------------------- what is here

    def _known(self) -> Iterator[Known]:
        asked = Asked(Wanted(self._session.today(), gone=True), self._session.stamp())
        with self._session.store.db.read() as connection:
            rows = {int(str(row["id"])): row for row in ledger_rows(connection, self._ledger.name, asked)}
            values = get_many(connection, self._kind.name, rows)
        columns = [one for one in self._ledger.columns if self._fields[one.name]]
        for id_, row in rows.items():
            if id_ in values:
                texts = {one.name: same_text(one, row.get(one.name)) for one in columns}
                yield Known(id_, values[id_], row, texts)

    def _taken(self, rows: Iterable[FilledRow]) -> list[str]:
        """The numbers that new entries may not get: those given today, and those that stand in the form."""
        field_name = NUMBERED.get(self._kind.name, ("",))[0]
        if not field_name:
            return []
        with self._session.store.db.read() as connection:
            told = given(connection, self._kind.name, self._session.today())
        return [*told, *(row.cells[self._ledger.number].text for row in rows if self._ledger.number in row.cells)]

    # --------------------------------------------------------------------------------------------------- one that is

    def _change(self, row: _Row, known: Known) -> Change | None:
        for column in self._columns(row):
            self._compare(row, column, row.filled.cells[column.name], known)
        if known.row.get("closed_on"):
            row.doubts.append(gettext("It is closed here; it stays so."))
        after = {**standing(self._record, known.values), **row.values}
        if row.values and not row.faults:
            self._check_grid(row, after)
            row.values = self._checked(row, row.values, after)
        return Change(self._kind.name, known.id, row.values) if row.values and not row.faults else None

    def _compare(self, row: _Row, column: "Column", cell: Filled, known: Known) -> None:
        """Take what a cell says that is not known yet. One that is empty says nothing."""
        if cell.told.blank or self._is_known(column, cell, known):
            return
        if cell.told.fault is not None:
            row.refuse(column, cell.told.fault)
            return
        if cell.told.covered:
            bare = self._uncovered(column, cell, known)
            if bare is None:
                row.doubt(column, gettext("Numbers in it are covered; it was left out, and what is here stays."))
                return
            cell = bare
        row.values.update(self._others(cell, known))
        row.values.update(cell.values)
        row.shown.append(FieldChange(str(column.label), self._written(column, known), _covered(row, column)))

    def _is_known(self, column: "Column", cell: Filled, known: Known) -> bool:
        """Whether an entry says the same: as far as the cell shows it where numbers in it are covered."""
        if all(known.values.get(name) == value for name, value in cell.values.items()) and cell.values:
            return True
        if cell.text != known.texts[column.name]:
            return False
        hides = column.type in _HIDES and len(self._fields[column.name]) == 1 and self._is_plain(column)
        return not hides or cell.told.covered or cell.told.fault is not None

    def _is_plain(self, column: "Column") -> bool:
        return all(self._kind.specs[name].type is not Type.REF for name in self._fields[column.name])

    def _uncovered(self, column: "Column", cell: Filled, known: Known) -> Filled | None:
        """A cell with the numbers that it covers as the entry has them."""
        name = self._fields[column.name][-1]
        bare = uncovered(column, str(cell.told.value), str(known.values.get(name) or ""))
        return None if bare is None else cell._replace(values={name: bare})

    def _others(self, cell: Filled, known: Known) -> "dict[str, Value]":
        """Where one of several fields is set to a record, the others say nothing any more."""
        fields = next((one for one in self._fields.values() if cell.values.keys() <= set(one)), ())
        refers = any(self._kind.specs[name].type is Type.REF for name in cell.values)
        return {name: None for name in fields if refers and known.values.get(name) is not None}

    def _written(self, column: "Column", known: Known) -> str:
        (text,) = cells(known.row, [Shown(str(column.label), column)], Style())
        return "" if text is None else str(text)

    # ------------------------------------------------------------------------------------------------ one that is new

    def _creation(self, row: _Row) -> Change | None:
        for column in self._columns(row):
            self._take(row, column, row.filled.cells[column.name])
        self._miss(row)
        if row.faults:
            return None
        self._place(row)
        if number := self._number(row):
            row.values[NUMBERED[self._kind.name][0]] = number
        self._check_grid(row, row.values)
        values = self._checked(row, row.values, None)
        return None if row.faults else Change(self._kind.name, self._session.new_id(), values, create=True)

    def _take(self, row: _Row, column: "Column", cell: Filled) -> None:
        if cell.told.fault is not None:
            row.refuse(column, cell.told.fault)
        elif cell.told.covered and column.type is Type.PHONES:
            row.doubt(column, gettext("The number is covered; it was left out."))
        else:
            row.values.update(cell.values)

    def _miss(self, row: _Row) -> None:
        """Refuse a row without what its ledger needs; the grid is the one chosen where none is named."""
        for column in self._ledger.columns:
            cell = row.filled.cells.get(column.name)
            if column.required and self._fields[column.name] != (_GRID,) and (cell is None or cell.told.blank):
                row.refuse(column, Problem("This is needed."))

    def _place(self, row: _Row) -> None:
        """Say which grid it is in where nothing nearer says it."""
        nearer = [name for name in self._kind.within if name != _GRID]
        if any(row.values.get(name) for name in nearer):
            row.values.pop(_GRID, None)
        elif _GRID in self._kind.within and not row.values.get(_GRID):
            row.values[_GRID] = self._grid

    def _number(self, row: _Row) -> str:
        """The number of a new entry of a kind that has numbers, where the form gives none."""
        field_name = NUMBERED.get(self._kind.name, ("",))[0]
        if not field_name or row.values.get(field_name):
            return ""
        laptop = self._session.store.identity.laptop
        number = next_number(self._kind.name, laptop, self._session.today(), self._numbers)
        self._numbers = [number]  # the highest by now: the next one follows it
        return number

    # --------------------------------------------------------------------------------------------------------- both

    def _columns(self, row: _Row) -> "list[Column]":
        return [self._ledger.column(name) for name in row.filled.cells]

    def _check_grid(self, row: _Row, after: "Mapping[str, Value]") -> None:
        """Refuse a place in a grid that is not held here, and a grid in which the door of the entry does not lie."""
        said = [name for name in self._kind.within if row.values.get(name)]
        nearest = next((name for name in self._kind.within if after.get(name)), None)
        if not said or nearest is None:
            return
        lies = self._names.grid_of(self._kind.specs[nearest].ref or "", after[nearest])
        fault: Problem | None = None
        if said == [_GRID] and lies != row.values[_GRID]:
            fault = Problem("Its door lies in another grid; say in the window where it is.")
        elif self._held and not self._session.is_office and lies is not None and lies not in self._held:
            fault = NotFound("This laptop does not hold this grid; that is for the office to do.")
        column = next((one for one in self._ledger.columns if said[0] in self._fields[one.name]), None)
        if fault is not None and column is not None:
            row.refuse(column, fault)
        elif fault is not None:
            row.faults.append(str(fault))

    def _checked(
        self, row: _Row, values: "Mapping[str, Value]", after: "Mapping[str, Value] | None"
    ) -> "dict[str, Value]":
        """The values by all rules of their kind; ``after`` is the whole entry as it would be then, if there is one."""
        try:
            if after is not None:
                self._record.checked(after, partial=True)
            return self._record.checked(values, partial=after is not None)
        except Invalid as refused:
            for name, fault in refused.faults.items():
                column = next((one for one in self._ledger.columns if name in self._fields[one.name]), None)
                if column is not None:
                    row.refuse(column, fault)
                else:
                    row.faults.append(f"{self._kind.specs[name].label}: {fault}")
            return {}

    def _add(self, plan: FormPlan, row: _Row, known: Known | None, change: Change | None) -> None:
        if change is not None:
            plan.changes.append(change)
        state = RowState.SAME if known is not None else RowState.NEW
        if row.faults:
            state = RowState.REJECTED
        elif known is not None and change is not None:
            state = RowState.CHANGED
        shown = tuple(row.shown) if state is RowState.CHANGED else ()
        reasons, suspect = (*row.faults, *row.doubts), bool(row.doubts) and not row.faults
        name, door = self._called(row)
        plan.rows.add(RowPlan(row.filled.row.sheet, row.filled.row.number, name, door, state, shown, reasons, suspect))

    def _called(self, row: _Row) -> tuple[str, str]:
        """What the row is called in the preview, and where it is: as it stands in the form, numbers covered."""
        named = [self._ledger.column(name) for name in self._ledger.told_by[:3]]
        places = [one for one in named if self._refers_to_place(one)]
        said = [_covered(row, one) for one in named if one not in places]
        return " ".join(filter(None, said)), " ".join(filter(None, (_covered(row, one) for one in places)))

    def _refers_to_place(self, column: "Column") -> bool:
        return any(name in self._kind.within for name in self._fields[column.name])


def _covered(row: _Row, column: "Column") -> str:
    """What stands in a cell of a row, numbers covered."""
    text = text_of(row.filled.row.cell(column.name)).removesuffix(" 00:00:00")
    return mask_phones(text) if column.type is Type.PHONES and "*" not in text else mask_in_text(text)


def _at(row: "FormRow", column: "Column", said: object) -> str:
    place = row.place(column.name)
    if not place:
        return gettext("{label}: {fault}").format(label=column.label, fault=said)
    return gettext("Cell {cell}, {label}: {fault}").format(cell=place, label=column.label, fault=said)
