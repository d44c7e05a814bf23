"""What a sheet as a whole says of places: the building it is about, and the name its rooms are told apart by."""

import re
from collections.abc import Sequence

from gridworker.domain.address import Door
from gridworker.sheets.cells import Cell
from gridworker.sheets.doortext import building_said, title_words, unit_said
from gridworker.sheets.mapping import Layout

_NAMELESS = re.compile(r"(?:sheet|表|工作表|页|第)?\s*[0-9()]*页?", re.IGNORECASE)
"""What spreadsheets call a sheet that nobody named."""
_LONGEST = 30


def told_by_name(sheet: str | None) -> str:
    """What tells the rooms of a sheet from those of another where neither says a building; empty for no such name.

    That of a unit tells them apart by itself.
    """
    name = (sheet or "").strip()
    return "" if _NAMELESS.fullmatch(name) or unit_said(name) else name[:_LONGEST]


def default_door(rows: Sequence[Sequence[Cell]], layout: Layout, building: int, names: tuple[str | None, str]) -> Door:
    """The building the whole sheet is about, if no column has any: its name, its title or the file says it.

    ``building`` is the column of buildings, ``names`` are those of the sheet and of the file.
    """
    if building >= 0 and any(building < len(row) and row[building] != "" for row in rows[layout.below :]):
        return Door("")
    sheet, stem = names[0] or "", names[1] if names[0] is None else ""
    return building_said((*layout.groups, sheet, *title_words(layout.title), stem), sheet)
