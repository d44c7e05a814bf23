"""What the cells of a row come to as fields of its kind: each checked by the field's own rule, names looked up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from gridworker.app.ledger.reading import BLANK, Told, same_text, told
from gridworker.errors import Problem
from gridworker.record import Type
from gridworker.store.records import kind_named

if TYPE_CHECKING:
    from datetime import date

    from gridworker.app.ledger.file import FormRow
    from gridworker.app.ledger.ledgers import Column, Ledger
    from gridworker.app.ledger.names import Names
    from gridworker.record import Spec, Value


class Filled(NamedTuple):
    """What one cell comes to: fields of the kind, and its text by which it is compared. See ``Told``."""

    values: "Mapping[str, Value]"
    told: Told

    @property
    def text(self) -> str:
        """What it is compared by."""
        return self.told.text


NOTHING = Filled({}, BLANK)


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row of a form, by column of its ledger."""

    row: "FormRow"
    cells: Mapping[str, Filled] = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, str]:
        """What its cells are compared by."""
        return {name: one.text for name, one in self.cells.items()}


class Filler:
    """Reads the rows of one ledger for one grid."""

    def __init__(self, ledger: "Ledger", names: "Names", grid: int, today: "date") -> None:
        self._ledger, self._names, self._grid, self._today = ledger, names, grid, today
        self._specs = kind_named(ledger.kind).kind.specs

    def filled(self, row: "FormRow") -> FilledRow:
        """A row with what each of its cells comes to. The grid it names is where its doors are looked for."""
        columns = [one for one in row.head.columns if one is not None and self._ledger.fields_of(one)]
        columns.sort(key=lambda one: self._ledger.fields_of(one) != ("grid_id",))
        grid, cells = self._grid, dict[str, Filled]()
        for column in columns:
            found = cells[column.name] = self._cell(column, told(column, row.cell(column.name), self._today), grid)
            named = found.values.get("grid_id")
            grid = named if isinstance(named, int) and column is columns[0] else grid
        return FilledRow(row, {one.name: cells[one.name] for one in row.head.columns if one and one.name in cells})

    def _cell(self, column: "Column", said: Told, grid: int) -> Filled:
        if said.blank:
            return NOTHING
        if said.fault is not None or (said.covered and column.type is Type.PHONES):
            return Filled({}, said)
        fault: Problem | None = None
        for name in self._ledger.fields_of(column):
            try:
                return self._field(column, self._specs[name], said, grid)
            except Problem as found:
                fault = fault or found
        return Filled({}, said._replace(fault=fault))

    def _field(self, column: "Column", spec: "Spec", said: Told, grid: int) -> Filled:
        if spec.type is Type.REF and spec.ref:
            one = self._names.one(spec.ref, str(said.value), grid)
            return Filled({spec.name: one.id}, said._replace(text=same_text(column, one.called or said.value)))
        value = spec.clean(said.value)
        return Filled({spec.name: value}, said._replace(value=value, text=same_text(column, value)))
