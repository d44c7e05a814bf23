"""Grids of doors: a floor in each row, the doors of a floor beside each other, in each cell who leads the household.

The door stands in the cell (``501 张三``), in the row above (``501`` over ``张三``), or is told by floor and column.
Each column of the grid becomes a table of its own, with a door and a head in each row.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from gridworker.domain.names import may_be_name
from gridworker.domain.numerals import NUMERAL, chinese_number
from gridworker.errors import RosterProblem
from gridworker.sheets.cells import Cell, squeezed, text_of
from gridworker.sheets.clean import is_remark, names_several
from gridworker.sheets.doortext import unit_said
from gridworker.sheets.header import Merged, labelled
from gridworker.sheets.table import Table

_ROWS, _WIDTH = 200, 80
_HEADERS = ("单元", "房号", "户主姓名", "联系电话")
_BLOCK = len(_HEADERS)
_FLOORS = 2
"""So many floors make a grid; one row of names is none."""
_FLOOR = re.compile(f"第?([0-9]{{1,2}}|[{NUMERAL}]{{1,3}})(?:[楼层F]|楼层)?")
_FLOOR_SAID = re.compile(f"第?(?:[0-9]{{1,2}}|[{NUMERAL}]{{1,3}})(?:[楼层F]|楼层)")
_CORNER = re.compile("楼层|层数|层|楼层[/\\\\]?.*|.*[/\\\\].*")
_COLUMN = re.compile("(?:[0-9]{1,2}|[A-H]|[左中右东西])(?:室|号|户|房)?|[0-9]{3,4}(?:室|号|房)?")
_DOOR = re.compile("[0-9]{3,4}(?:室|号|房)?")
_WITH_NAME = re.compile("([0-9]{3,4})(?:室|号|房)?[-:：、.,，]?([^0-9][^0-9]*(?:[01][0-9-]{6,12}\\)?)?)")
_NAME = re.compile("[\u4e00-\u9fff·]{2,4}")
_WITH_PHONE = re.compile(r"([\u4e00-\u9fff·]{2,4})[:：,，、/(]?(1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8})\)?")
"""``张三 13800001234``."""
_MOST = 0.7
"""Share of the filled cells of a grid that are one name or say that nobody is there."""


class _Place(NamedTuple):
    """A door in the grid: where its household stands, and what is said of it."""

    row: int
    column: int
    unit: str
    room: str
    text: Cell


def doors_to_rows(table: Table) -> Table | None:
    """The doors of a grid as tables side by side; None where it is none.

    Raises RosterProblem for a grid with more than one name in most of its cells: nobody knows who leads there.
    """
    if len(table.rows) > _ROWS or max(map(len, table.rows), default=0) > _WIDTH:
        return None
    found = _Grid(table).doors()
    floors = {door.row for door in found}
    told = [door for door in found if squeezed(text_of(door.text))]
    if len(floors) < _FLOORS or not told:
        return None
    single = sum(_is_single(door.text) for door in told)
    if single >= _MOST * len(told) and any(_is_person(door.text) for door in told):
        return _as_rows(table, found)
    if sum(map(names_several, (door.text for door in told))) * 2 >= len(told):
        raise RosterProblem(
            "file_corrupt",
            "This is a grid of doors with several names in a cell. Write the head of the household alone into each, "
            "or make a list with a row for each person: door, name, relation.",
        )
    return None


def _named(cell: Cell) -> tuple[Cell, str]:
    """The name in a cell, and the phone beside it."""
    found = _WITH_PHONE.fullmatch(squeezed(text_of(cell)))
    return (found[1], found[2]) if found else (cell, "")


def _is_person(cell: Cell) -> bool:
    plain = squeezed(text_of(_named(cell)[0]))
    return _NAME.fullmatch(plain) is not None and may_be_name(plain) and not is_remark(cell)


def _is_single(cell: Cell) -> bool:
    return _is_person(cell) or is_remark(cell)


@dataclass
class _Grid:
    """Finds the doors of a sheet."""

    table: Table

    def doors(self) -> list[_Place]:
        """The doors, by the first way of three that finds any."""
        for way in (self._inside, self._above, self._by_floor):
            found = list(way())
            if len({door.row for door in found}) >= _FLOORS:
                return found
        return []

    def _text(self, row: int, column: int) -> str:
        cells = self.table.rows[row]
        return squeezed(text_of(cells[column])) if column < len(cells) else ""

    def _inside(self) -> Iterator[_Place]:
        """``501 张三``: the door beside the name."""
        for row, cells in enumerate(self.table.rows):
            for column, cell in enumerate(cells):
                found = _WITH_NAME.fullmatch(squeezed(text_of(cell)))
                if found and found[2].strip("()"):
                    yield _Place(row, column, self._unit(row, column), found[1], found[2])

    def _above(self) -> Iterator[_Place]:
        """Doors in one row, names in the next."""
        for row in range(len(self.table.rows) - 1):
            width = len(self.table.rows[row])
            at = [column for column in range(width) if _DOOR.fullmatch(self._text(row, column))]
            below = [self._text(row + 1, column) for column in at]
            if at and not any(_DOOR.fullmatch(text) for text in below) and any(below):
                for column in at:
                    cells = self.table.rows[row + 1]
                    name = self._with_phone(row + 1, column) or (cells[column] if column < len(cells) else "")
                    yield _Place(row + 1, column, self._unit(row, column), self._text(row, column), name)

    def _with_phone(self, row: int, column: int) -> str:
        """A name and the phone in the row below it; empty where there is none."""
        below = self._text(row + 1, column) if row + 1 < len(self.table.rows) else ""
        told = f"{self._text(row, column)} {below}"
        return told if below[:1].isdigit() and _WITH_PHONE.fullmatch(squeezed(told)) else ""

    def _by_floor(self) -> Iterator[_Place]:
        """A floor before each row, the number of the door on its floor above each column."""
        side = self._side()
        if not side:
            return
        column, first = side[0], min(side[1])
        heads = self._heads(first, column)
        for row, floor in side[1].items():
            cells = self.table.rows[row]
            for at, label in heads.items():
                yield _Place(row, at, self._unit(first, at), _room(floor, label), cells[at] if at < len(cells) else "")

    def _side(self) -> tuple[int, dict[int, str]] | None:
        """The column that says the floors, and the floor of each row; all said in words, or under a header for them."""
        for column in (0, 1):
            floors = {row: _floor(self._text(row, column)) for row in range(len(self.table.rows))}
            told = {row: floor for row, floor in floors.items() if floor}
            said = sum(_FLOOR_SAID.fullmatch(self._text(row, column)) is not None for row in told)
            headed = any(_CORNER.fullmatch(self._text(row, column)) for row in range(min(told, default=0)))
            if len(told) >= _FLOORS and len(set(told.values())) == len(told) and (said == len(told) or headed):
                return column, told
        return None

    def _heads(self, first: int, side: int) -> dict[int, str]:
        """The label of each column, in the row above the highest floor."""
        if not first:
            return {}
        width = len(self.table.rows[first - 1])
        labels = {at: self._text(first - 1, at) for at in range(side + 1, width)}
        return {at: label for at, label in labels.items() if _COLUMN.fullmatch(label)}

    def _unit(self, row: int, column: int) -> str:
        """The unit that stands above a column, over it or to the left where it is merged or left blank."""
        for above, units in reversed(self._units):
            told = [unit for at, unit in units if at <= column]
            if above < row and told:
                return told[-1]
        return ""

    @cached_property
    def _units(self) -> list[tuple[int, list[tuple[int, str]]]]:
        """The rows that say units, with the columns these begin in."""
        rows = self.table.rows
        told = (
            (row, [(at, unit_said(self._text(row, at))) for at in range(len(rows[row]))]) for row in range(len(rows))
        )
        found = ((row, [(at, unit) for at, unit in units if unit]) for row, units in told)
        return [(row, units) for row, units in found if units]


def _floor(text: str) -> str:
    found = _FLOOR.fullmatch(text)
    return (chinese_number(found[1]) or found[1]) if found else ""


def _room(floor: str, label: str) -> str:
    """The door of a floor: ``01`` of floor 5 is ``501``; ``左`` stays beside its floor; a whole number stays."""
    plain = re.sub("(?<=.)[室号户房]$", "", label)
    if plain.isdecimal():
        return plain if len(plain) > len(floor) + 1 and plain.startswith(floor) else f"{floor}{int(plain):02}"
    return f"{floor}楼{plain}"


def _as_rows(table: Table, doors: Sequence[_Place]) -> Table:
    """The tables of all columns side by side: unit, room, head, phone. What stands above them is the title."""
    columns = sorted({door.column for door in doors})
    top = min(door.row for door in doors)
    width = _BLOCK * len(columns)
    rows: list[list[Cell]] = [[""] * width for _row in table.rows]
    for door in doors:
        at = _BLOCK * columns.index(door.column)
        rows[door.row][at : at + _BLOCK] = [door.unit, door.room, *_named(door.text)]
    title = " ".join(text for row in table.rows[:top] for cell in row if (text := text_of(cell)))
    layout = labelled([*_HEADERS] * len(columns), table.sheet, title)
    return replace(table, rows=rows, merged=Merged(), layout=layout)
