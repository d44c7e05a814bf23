"""What is said once for several rows: cells merged over them, and floors.

Blank cells below a floor are the same floor, where the room beside them is one of a floor.
"""

from collections.abc import Sequence

from gridworker.sheets.cells import Cell, text_of
from gridworker.sheets.doors import PlaceColumns
from gridworker.sheets.doortext import building_named, is_floor, is_on_floor, unit_said, with_floor
from gridworker.sheets.header import Merged
from gridworker.sheets.mapping import Layout
from gridworker.sheets.words import Field

_PLACES = frozenset(
    {Field.ESTATE, Field.BUILDING, Field.UNIT, Field.FLOOR, Field.ROOM, Field.ADDRESS, Field.HEAD, Field.HOUSEHOLD_NO}
)


def spread(rows: Sequence[list[Cell]], merged: Merged, layout: Layout) -> set[int]:
    """Say in each row what is merged over it of addresses and heads. The rows in which that was done."""
    said: set[int] = set()
    columns = [column.index for column in layout.columns if column.field in _PLACES]
    for (row, column), top in merged.down(columns, layout.below).items():
        if row < len(rows) and column < len(rows[row]) and rows[row][column] == "":
            rows[row][column] = rows[top][column]
            said.add(row)
    return said


def carry_floors(rows: Sequence[list[Cell]], below: int, place: PlaceColumns) -> None:
    """Fill the blank cells of a column of floors from row ``below`` on with the floor above, within one building."""
    if place.floor < 0 <= place.room:
        _tell_floors(rows[below:], place.room)
    if place.floor < 0 or place.room < 0:
        return
    said, house = "", ""
    for row in rows[below:]:
        if len(row) <= max(place.floor, place.room, place.building, place.unit):
            continue
        told, floor = _house(row, place), text_of(row[place.floor])
        if floor or (told and told != house):
            said = floor if is_floor(floor) else ""
        elif said and is_on_floor(text_of(row[place.room])):
            row[place.floor] = said
        house = told or house


def _tell_floors(rows: Sequence[list[Cell]], room: int) -> None:
    """Say the floor in the rooms below a line that names it and nothing else: ``二层`` over ``01``, ``02``."""
    said = ""
    for row in rows:
        if len(row) - row.count("") == 1:
            line = next(filter(None, map(text_of, row)), "")
            if line.endswith("层"):  # 2楼 is a building
                said = line if is_floor(line) else ""
            elif building_named(line) or unit_said(line):
                said = ""
        elif said and room < len(row) and is_on_floor(told := text_of(row[room])):
            row[room] = with_floor(said, told)


def _house(row: Sequence[Cell], place: PlaceColumns) -> str:
    return "|".join(text_of(row[index]) for index in (place.building, place.unit) if index >= 0).strip("|")
