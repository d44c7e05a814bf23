"""Ledgers that are no table with a row for each person, turned into one: then they are read as any other.

People in columns, cards with labels beside their values, lists of owners, grids of doors. Which of them a sheet is, is
told by what stands in it, is said in the preview, and is never tried where a sheet is an ordinary list.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from gridworker.sheets.cells import Cell, is_error
from gridworker.sheets.door_grid import doors_to_rows
from gridworker.sheets.label_cards import cards_above, cards_to_rows
from gridworker.sheets.mapping import Layout, cell_name
from gridworker.sheets.owner_lists import owners_to_rows
from gridworker.sheets.people import Roster
from gridworker.sheets.people_in_columns import columns_to_rows
from gridworker.sheets.read import Sheet
from gridworker.sheets.table import Table

CARDS, COLUMNS, GRID, OWNERS = "form_cards", "form_columns", "form_grid", "form_owners"
_WAYS: Mapping[str, Callable[[Table], Table | None]] = MappingProxyType({
    COLUMNS: columns_to_rows, CARDS: cards_to_rows, GRID: doors_to_rows, OWNERS: owners_to_rows,
})  # fmt: skip
"""By what is said of it (findings.py), in the order in which they are tried."""


def turned(sheet: Sheet, rows: list[list[Cell]], way: str) -> tuple[Sheet, Table] | None:
    """A sheet turned into a table in one of the ways; None where it is none of those. Raises RosterProblem."""
    told = _WAYS[way](Table(sheet.name, rows, sheet.merged))
    return None if told is None else (_with_rows(sheet, told, over=way == COLUMNS), told)


def ways(sheet: Sheet, rows: list[list[Cell]]) -> Iterator[tuple[str, Sheet, Table]]:
    """Every way in which a sheet that is no ordinary list can be read. Raises RosterProblem for what is no list."""
    for way in _WAYS:
        found = turned(sheet, rows, way) if way != OWNERS else None
        if found is not None:
            yield way, *found


def carded(
    sheet: Sheet, rows: list[list[Cell]], layout: Layout
) -> tuple[tuple[Sheet, Table] | None, list[list[Cell]]] | None:
    """The people of cards that stand over the tables of a sheet, and its rows without the cards; None for no cards."""
    people, rest = cards_above(Table(sheet.name, rows, sheet.merged), layout)
    return None if rest is rows else (None if people is None else (_with_rows(sheet, people), people), rest)


def rows_as_read(sheet: Sheet, row: int, roster: Roster) -> list[list[Cell]]:
    """The rows of a sheet as a roster was read from them, for a person in one of them (from 1)."""
    rows = sheet.rows()
    way = roster.ways.get(sheet.name, "")
    if not way or row not in roster.turned_rows[sheet.name]:
        return rows
    if way == CARDS:
        layout = next((one for one in roster.layouts if one.sheet == sheet.name and one.first >= 0), None)
        found = carded(sheet, rows, layout) if layout else None
        people = found[0] if found else turned(sheet, rows, way)
        return people[1].rows if people else rows
    told = turned(sheet, rows, way)
    return told[1].rows if told else rows


def _with_rows(sheet: Sheet, told: Table, *, over: bool = False) -> Sheet:
    """The sheet with what is known of its rows after they were turned; its cells keep the names the user sees."""
    errors = frozenset(index for index, row in enumerate(told.rows) if any(map(is_error, row)))
    labels = [column.header for column in told.layout.columns] if told.layout else []

    def called(row: int, column: int) -> str:
        if over:
            return cell_name(column, row)
        return f"{labels[column]} ({row + 1})" if column < len(labels) else cell_name(row, column)

    return replace(sheet, merged=told.merged, error_rows=errors, cell_name=called)
