"""What the columns of a ledger hold by what stands in them: for ledgers without a header, or with words nobody knows.

Only what cannot be mistaken is taken: names with ID numbers or with doors beside them. The rest a person says by hand.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from gridworker.domain.address import parse_door
from gridworker.domain.identity import id_fault, normal_id
from gridworker.domain.names import may_be_name
from gridworker.domain.phones import read_phones
from gridworker.sheets.cells import Cell, squeezed, text_of
from gridworker.sheets.doors import DITTO
from gridworker.sheets.mapping import Column, Layout
from gridworker.sheets.meanings import header_key, is_about_others, meaning_of
from gridworker.sheets.relations import read_relation
from gridworker.sheets.whose import without_others
from gridworker.sheets.words import Field, Meaning

_ROWS, _COLUMNS = 60, 60
"""So much of a sheet is looked at."""
_MOST, _SOME = 0.8, 0.6
"""Shares of the values of a column that must be of a kind: where others may be right too, where some may be wrong."""
_SURE = frozenset({Field.ID_NUMBER, Field.ADDRESS, Field.ROOM})
_LONGEST = 80
"""Characters that are looked at whether they are a name: no name is as long."""
_BESIDE = re.compile(r"^['*]+|\(.*\)$")
_NAME = re.compile("[\u4e00-\u9fff]{2,4}")
_BUILDING = re.compile(r"(?:[0-9]{1,3}|[A-Z])(?:栋|幢|座|号楼|#楼?)")
_UNIT = re.compile(r"[0-9]{1,2}单元")
_ROOM = re.compile(r"(?!20[0-2][0-9]$|19[0-9]{2}$)[0-9]{3,4}(?:室|号|房)?")
_BIRTH = re.compile(r"(?:19|20)[0-9]{2}[-./年]?[0-9]{1,2}(?:[-./月]?[0-9]{1,2}日?)?(?: 00:00:00)?")


def _is_id(text: str) -> bool:
    return id_fault(normal_id(text)) is None


def _is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None and may_be_name(text) and not read_relation(text).word


def _is_relation(text: str) -> bool:
    return read_relation(text).word is not None


def _is_door(text: str) -> bool:
    door = parse_door(text)
    return door is not None and bool(door.room)


_KINDS: tuple[tuple[Field, float, Callable[[str], bool]], ...] = (
    (Field.ID_NUMBER, _SOME, _is_id),
    (Field.SEX, _MOST, lambda text: text in {"男", "女"}),
    (Field.PHONE, _SOME, lambda text: len(text) > 6 and bool(read_phones(text).valid)),
    (Field.RELATION, _MOST, _is_relation),
    (Field.NAME, _SOME, _is_name),
    (Field.ADDRESS, _SOME, _is_door),
    (Field.BUILDING, _MOST, lambda text: _BUILDING.fullmatch(text) is not None),
    (Field.UNIT, _MOST, lambda text: _UNIT.fullmatch(text) is not None),
    (Field.ROOM, _MOST, lambda text: _ROOM.fullmatch(text) is not None),
    (Field.BIRTH, _MOST, lambda text: _BIRTH.fullmatch(text) is not None),
)


def layout_by_content(rows: Sequence[Sequence[Cell]], sheet: str | None) -> Layout | None:
    """The layout that the values speak for, with the row above the first person as header where it may be one."""
    width = min(max(map(len, rows[:_ROWS]), default=0), _COLUMNS)
    first = _first_person(rows, width)
    found = _Found({}, rows[first : first + _ROWS], width) if first is not None else None
    if first is None or found is None or not found.tells_people():
        return None
    return _laid_out(rows, sheet, first, found.fields, width)


def names_by_values(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> int:
    """The one column with a header nobody knows in which the names of many stand; -1 for none, or for several."""
    found = [
        column.index
        for column in columns
        if column.header and column.field is Field.IGNORED and _may_name(header_key(column.header.rpartition("›")[2]))
        if _are_names([text for row in rows[:_ROWS] if column.index < len(row) and (text := _plain(row[column.index]))])
    ]
    return found[0] if len(found) == 1 else -1


def _may_name(header: str) -> bool:
    """Whether a header may be a word for those who live here: it is none of others, whose names are known words."""
    return meaning_of(header) is None and not is_about_others(header)


def _plain(cell: Cell) -> str:
    return _BESIDE.sub("", squeezed(text_of(cell))[:_LONGEST])


def _are_names(texts: Sequence[str]) -> bool:
    good = [text for text in texts if _is_name(text)]
    return len(good) > 1 and len(good) >= _SOME * len(texts) and _is_various(good)


def _first_person(rows: Sequence[Sequence[Cell]], width: int) -> int | None:
    """The first row with a name and a number or a door in the columns of such."""
    sample = rows[:_ROWS]
    for start in range(len(sample)):
        if not _may_be_person(sample[start]):
            continue
        found = _Found({}, sample[start:], width)
        if found.tells_people() and found.is_person(sample[start]):
            return start
    return None


def _may_be_person(row: Sequence[Cell]) -> bool:
    texts = [squeezed(text_of(cell)) for cell in row[:_COLUMNS]]
    return any(map(_is_name, texts)) and any(_is_id(text) or _is_door(text) or _ROOM.fullmatch(text) for text in texts)


@dataclass
class _Found:
    """Fields by column, of each field the first column, of names the one next to the numbers, in some rows."""

    fields: dict[int, Field]
    rows: Sequence[Sequence[Cell]]
    width: int

    def tells_people(self) -> bool:
        """Look at every column; whether there are names, and numbers or doors."""
        for index in range(self.width):
            texts = [squeezed(text_of(row[index])) for row in self.rows if index < len(row)]
            self._take(index, [text for text in texts if text and text not in DITTO])
        self._name_by_number()
        fields = set(self.fields.values())
        doors = Field.ADDRESS in fields or {Field.BUILDING, Field.ROOM} <= fields
        return Field.NAME in fields and (doors or Field.ID_NUMBER in fields)

    def _take(self, index: int, texts: Sequence[str]) -> None:
        for field, share, fits in _KINDS:
            if field in self.fields.values():
                continue
            good = [text for text in texts if fits(text)]
            if good and len(good) >= share * len(texts) and (field is not Field.NAME or _is_various(good)):
                self.fields[index] = field
                return

    def _name_by_number(self) -> None:
        """Of several columns of names take the one next to the ID numbers: the others are of whom else a row names."""
        number = next((index for index, field in self.fields.items() if field is Field.ID_NUMBER), -1)
        first = next((index for index, field in self.fields.items() if field is Field.NAME), -1)
        if min(number, first) < 0:
            return
        free = (index for index in range(first + 1, self.width) if index not in self.fields)
        named = [first, *(index for index in free if self._holds_names(index))]
        nearest = min(named, key=lambda index: abs(index - number))
        del self.fields[first]
        self.fields[nearest] = Field.NAME

    def _holds_names(self, index: int) -> bool:
        texts = [squeezed(text_of(row[index])) for row in self.rows if index < len(row)]
        return _are_names([text for text in texts if text and text not in DITTO])

    def is_person(self, row: Sequence[Cell]) -> bool:
        """Whether a row has a name and a number or a door."""
        fits = {field: fit for field, _share, fit in _KINDS}
        good = {
            field
            for index, field in self.fields.items()
            if index < len(row) and fits[field](squeezed(text_of(row[index])))
        }
        return Field.NAME in good and bool(good & _SURE)


def _is_various(names: Sequence[str]) -> bool:
    """Whether these are the names of many: not of one grid worker in every row."""
    return len(set(names)) * 2 > len(names)


def _laid_out(
    rows: Sequence[Sequence[Cell]], sheet: str | None, first: int, fields: dict[int, Field], width: int
) -> Layout:
    above = rows[first - 1] if first else []
    texts = [cell for cell in above[:width] if isinstance(cell, str) and 0 < len(cell.strip()) <= 24]
    headed = len(texts) * 2 > len(fields) and len(set(texts)) > 1
    columns = []
    for index in range(width):
        header = text_of(above[index]) if headed and index < len(above) else ""
        column = Column(index, header, fields.get(index, Field.IGNORED))
        known = meaning_of(header_key(header)) if header else None
        columns.append(_told(column, known, set(fields.values())) if known else column)
    return Layout(sheet, first - headed, int(headed), without_others(columns))


def _told(column: Column, known: Meaning, taken: set[Field]) -> Column:
    """What a header we know says counts, but for what other columns were seen to hold."""
    if column.field is Field.IGNORED and known.field in taken:
        return column
    return replace(column, field=known.field, tag=known.tag)
