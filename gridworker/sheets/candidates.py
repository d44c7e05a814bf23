"""The sheets of a file that may be lists of residents, each with the layout found in it and how surely it is one.

A sheet that is no ordinary list is looked at once more, turned into one (turned.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from gridworker.domain.identity import id_fault, normal_id, upgraded
from gridworker.errors import RosterProblem
from gridworker.sheets.cells import Cell, squeezed, text_of
from gridworker.sheets.corrections import Corrections
from gridworker.sheets.file_reading import FileReading
from gridworker.sheets.findings import Finding
from gridworker.sheets.header import Worth, is_aside, layout_of, settled, worth
from gridworker.sheets.heads_apart import heads_among
from gridworker.sheets.mapping import Layout, Mapping
from gridworker.sheets.people_in_columns import MOST_LABELS, tells_person
from gridworker.sheets.read import Sheet
from gridworker.sheets.said_of_heads import with_heads
from gridworker.sheets.same_address import say_registered
from gridworker.sheets.shown_errors import any_shows_error
from gridworker.sheets.split_numbers import with_whole_numbers
from gridworker.sheets.table import Table
from gridworker.sheets.turned import CARDS, COLUMNS, OWNERS, carded, turned, ways
from gridworker.sheets.words import Field
from gridworker.sheets.zone_columns import with_zones


@dataclass(slots=True)
class Candidate:
    """A sheet with the layout found in it."""

    sheet: Sheet
    rows: list[list[Cell]]
    layout: Layout
    worth: Worth
    mapping: Mapping
    findings: list[Finding]
    only_doors: bool = False
    """A list of households beside a list of people that names no doors, only numbers or heads of households."""
    way: str = ""
    """How it was turned into a list, empty where it is one."""

    def note(self, reading: FileReading) -> None:
        """Tell the roster how the sheet is read."""
        roster = reading.roster
        roster.mapping = Mapping({**roster.mapping.fields, **self.mapping.fields})
        roster.findings += self.findings
        if self.way:
            roster.ways[self.sheet.name] = self.way
            rows = frozenset(at for at, row in enumerate(self.rows, start=1) if any(row))
            roster.turned_rows[self.sheet.name] = rows
            roster.findings.append(Finding(self.way, self.sheet.name))


def candidates_of(sheet: Sheet, reading: FileReading) -> list[Candidate]:
    """How a sheet can be read as lists of people, the main one last; none where it is no list."""
    if reading.mapping.sheets is not None and sheet.name not in reading.mapping.sheets:
        return []
    rows = sheet.rows()
    sheet.error_texts = any_shows_error(rows)
    reading.roster.rows += sum(map(any, rows))
    other = reading.other(rows) if reading.other else None
    if other is not None:
        reading.others.append(other)
        return []
    pointed_out = sheet.name in reading.mapping.headers
    owners = None if pointed_out else turned(sheet, rows, OWNERS)
    if owners is not None:
        return _first(_as_turned(OWNERS, *owners, reading))
    found = _plain(sheet, rows, reading)
    if found is not None and pointed_out:
        return [found]
    if found is not None and not _is_turned(found):
        return [*_cards_above(found, reading), found]
    return _first(_turned(sheet, sheet.rows(), reading))


def has_heads_of_its_own(one: Candidate, surer: Iterable[Candidate]) -> bool:
    """Whether a list of heads with ID numbers is of other people than the surer lists of a file.

    As a rule it is of the heads of the same households once more; then it brings in nobody.
    """
    if not one.layout.lists_heads or is_aside(one.layout):
        return False
    heads = _numbers(one)
    return bool(heads) and all(heads.isdisjoint(_numbers(other)) for other in surer)


def has_doors_of(one: Candidate, surer: Iterable[Candidate]) -> bool:
    """Whether a list of heads says the doors of people of whom a surer list says no more than their heads."""
    if not (one.layout.lists_heads and one.layout.has_doors) or is_aside(one.layout):
        return False
    heads = _texts(one, Field.NAME)
    led = (_texts(other, Field.HEAD) for other in surer if not (other.layout.has_doors or other.layout.has_numbers))
    return any(len(named & heads) * 2 > len(named) for named in led)


def _texts(one: Candidate, wanted: Field) -> set[str]:
    """What stands in the columns of a field."""
    columns = one.layout.of(wanted)
    cells = (row[at] for row in one.rows[one.layout.below :] for at in columns if at < len(row))
    return {squeezed(text_of(cell)) for cell in cells if cell != ""}


def _numbers(one: Candidate) -> set[str]:
    """The good ID numbers of a sheet, each in its long form."""
    columns = [column.index for column in one.layout.columns if column.field is Field.ID_NUMBER]
    cells = (row[at] for row in one.rows[one.layout.below :] for at in columns if at < len(row))
    plain = (normal_id(cell) for cell in cells if isinstance(cell, str) and cell)
    return {upgraded(text) for text in plain if id_fault(text) is None}


def _first(found: Iterator[Candidate]) -> list[Candidate]:
    one = next(found, None)
    return [] if one is None else [one]


def _plain(sheet: Sheet, rows: list[list[Cell]], reading: FileReading) -> Candidate | None:
    corrected = reading.corrections.put_into(sheet.name, rows)
    for mapping in reading.mappings_for(rows):
        layout = layout_of(rows, sheet.name, mapping, sheet.merged)
        value = Worth.NONE if layout is None else _worth(layout, pointed_out=sheet.name in mapping.headers)
        if layout is not None and value:
            layout = with_whole_numbers(rows, layout)
            heads_among(rows, layout)
            layout = with_heads(rows, layout, mapping)
            say_registered(rows, layout)
            layout = with_zones(rows, layout, mapping)
            return Candidate(sheet, rows, layout, value, mapping, corrected)
    return None


def _is_turned(found: Candidate) -> bool:
    """Whether what was taken for a header is a line of a card, or there is nobody below it but in the columns."""
    if len(found.rows) > MOST_LABELS or any(
        tells_person(row, found.layout) for row in found.rows[found.layout.below :]
    ):
        return found.layout.depth > 0 and _is_in_card(found)
    return turned(found.sheet, found.rows, COLUMNS) is not None or (found.layout.depth > 0 and _is_in_card(found))


def _is_in_card(found: Candidate) -> bool:
    """Whether the header is a line of a card, and as many people are on cards as stand below it: none is lost."""
    cards = turned(found.sheet, found.rows, CARDS)
    if cards is None or found.layout.first not in cards[1].lines:
        return False
    below = sum(tells_person(row, found.layout) for row in found.rows[found.layout.below :])
    return below <= sum(map(any, cards[1].rows))


def _worth(layout: Layout, *, pointed_out: bool) -> Worth:
    """How surely a sheet lists people. One whose header was pointed out does, but for a list of heads beside others."""
    found = worth(layout)
    return found if not pointed_out or (found is Worth.WEAK and layout.lists_heads) else Worth.SURE


def _turned(sheet: Sheet, rows: list[list[Cell]], reading: FileReading) -> Iterator[Candidate]:
    """A sheet that is no ordinary list, turned into one; what refuses that is kept, for other sheets may be lists."""
    try:
        for way, turn, table in ways(sheet, rows):
            yield from _as_turned(way, turn, table, reading)
    except RosterProblem as refused:
        reading.others.append(refused)


def _as_turned(
    way: str, sheet: Sheet, table: Table, reading: FileReading, corrections: Corrections | None = None
) -> Iterator[Candidate]:
    corrected = (corrections or reading.corrections).put_into(sheet.name, table.rows)
    told = [replace(one, values={"cell": sheet.cell_name(*_place(one))}) for one in corrected]
    for mapping in reading.mappings_for(table.rows):
        layout = (
            settled(table.layout, table.rows, mapping)
            if table.layout
            else layout_of(table.rows, sheet.name, Mapping(mapping.fields), table.merged)
        )
        if layout is not None and worth(layout):
            layout = with_heads(table.rows, layout, mapping)
            yield Candidate(sheet, table.rows, layout, Worth.TURNED, mapping, [*told, *table.findings], way=way)


def _place(finding: Finding) -> tuple[int, int]:
    """Row and column of a finding about one cell, from 0."""
    return (finding.row or 1) - 1, finding.column or 0


def _cards_above(found: Candidate, reading: FileReading) -> Iterator[Candidate]:
    """Those whom cards above the tables of a sheet name, and who stand in none of the tables.

    Corrections of their rows are of their columns, not of the sheet's.
    """
    corrections = reading.corrections
    rows = found.sheet.rows() if corrections.cells else found.rows
    told = carded(found.sheet, rows, found.layout)
    if told is None:
        return
    people, found.rows = told
    named = frozenset(at for at, row in enumerate(people[1].rows, start=1) if any(row)) if people else frozenset[int]()
    if corrections.cells:
        found.findings = corrections.of_rows(named, inside=False).put_into(found.sheet.name, found.rows)
    if people is not None:
        turns = _as_turned(CARDS, *people, reading, corrections.of_rows(named, inside=True))
        yield from (replace(one, worth=found.worth) for one in islice(turns, 1))
