"""Rows that are of another grid than the one a ledger is read for, where a column names the grid of each.

The ledger of a whole community has such a column. Read for one of its grids it brings in the people of that one: those
of the others have doors of the same numbers, and would move there or stand in the books twice.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gridworker.domain.numerals import NUMERAL, chinese_number
from gridworker.sheets.cells import Cell, text_of, word_set
from gridworker.sheets.doors import DITTO
from gridworker.sheets.findings import Finding
from gridworker.sheets.header import Merged
from gridworker.sheets.mapping import Layout
from gridworker.sheets.meanings import header_key
from gridworker.sheets.people import Resident, Roster
from gridworker.sheets.words import Field

_HEADERS = word_set(
    "网格 所属网格 所在网格 网格名称 网格名 所属网格名称 所在网格名称 网格号 网格编号 网格序号 所属网格号 片组片格 "
    "GRID GRIDNAME"
)
_NAME = re.compile(rf"(?P<before>.*?)第?(?P<number>[0-9]+|[{NUMERAL}]+)?号?(?:网格)?(?P<behind>[0-9]*)")
_LONGEST = 60
"""Characters of a name. What is longer is none, and is not taken apart: its digits could be divided too many ways."""
_BRACKETS = re.compile(r"\(.*?\)")


class _Called(NamedTuple):
    """What a grid is called: what stands before its number, and that without zeros before it."""

    before: str
    number: str


@dataclass(frozen=True, slots=True)
class GridNames:
    """What the grids of a community are called, by the id of each; ``chosen`` is the one a ledger is read for."""

    chosen: int = 0
    names: Mapping[str, int] = field(default_factory=dict)

    def other(self, text: str) -> str:
        """The name of the other grid that a cell means, empty for the chosen one and for what means none, or several.

        ``2``, ``第2网格`` and ``师院社区第二网格`` are all the second one.
        """
        said = _called(text)
        meant = {id_: name for name, id_ in self.names.items() if _are_one(said, _called(name))}
        return next(iter(meant.values())) if len(meant) == 1 and self.chosen not in meant else ""


NO_GRIDS = GridNames()


def of_other_grids(rows: Sequence[Sequence[Cell]], layout: Layout, merged: Merged, grids: GridNames) -> dict[int, str]:
    """The rows under a header that are of other grids, by their index, with the name of each one's grid.

    A blank cell is that of the row above where the door is so too.
    """
    column = grid_column(layout) if len(grids.names) > 1 else -1
    if column < 0:
        return {}
    places = [one.index for one in layout.columns if one.field in _PLACES]
    hidden, known, found, above = merged.down([column], layout.below), dict[str, str](), dict[int, str](), ""
    for index in range(layout.below, len(rows)):
        row = rows[hidden.get((index, column), index)]
        text = text_of(row[column]) if column < len(row) else ""
        if text in DITTO or (not text and not any(_filled(rows[index], places))):
            text = above
        if text not in known:
            known[text] = grids.other(text) if text else ""
        if known[text]:
            found[index] = known[text]
        above = text
    return found


def leave_elsewhere(roster: Roster, person: Resident, grid: str) -> None:
    """Say of somebody whose row is of another grid that they are not taken in for this one."""
    roster.findings.append(Finding("other_grid", person.sheet, person.row, values={"grid": grid}, member=person.member))
    roster.rejected.append(person)


_PLACES = frozenset({Field.ESTATE, Field.BUILDING, Field.UNIT, Field.ROOM, Field.ADDRESS, Field.HOUSEHOLD_NO})


def grid_column(layout: Layout) -> int:
    """The column that says the grid; one that was chosen by hand to be something else is none."""
    told = (
        one.index for one in layout.columns if one.field is Field.IGNORED and header_key(_last(one.header)) in _HEADERS
    )
    return next(told, -1)


def _last(header: str) -> str:
    return header.rpartition("›")[2]


def _filled(row: Sequence[Cell], columns: Iterable[int]) -> Iterable[bool]:
    return (row[at] != "" for at in columns if at < len(row))


def _called(text: str) -> _Called:
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if len(plain) > _LONGEST:
        return _Called(plain, "")
    plain = _BRACKETS.sub("", plain)
    found = _NAME.fullmatch(plain)
    if found is None:
        return _Called(plain, "")
    number = found["number"] or found["behind"]
    digits = (chinese_number(number) or number).lstrip("0") if number else ""
    return _Called(found["before"].removesuffix("网格"), digits)


def _are_one(said: _Called, known: _Called) -> bool:
    """Whether both mean one grid: of one number, if not of different names before it, else of one name."""
    if said.number != known.number or not (said.number or said.before):
        return False
    return said.before == known.before or bool(said.number and not (said.before and known.before))
