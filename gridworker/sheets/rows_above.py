"""People above the header of their table: new rows pasted over it, or a table whose header is repeated too late.

Nobody can tell whether the columns below are theirs, so they are not read; and none is lost without a word. A row that
a person corrects in the preview is one of the table: then it is read as those below.
"""

import re
from collections.abc import Container, Iterator, Sequence

from gridworker.domain.names import may_be_name
from gridworker.sheets.asides import Asides
from gridworker.sheets.cells import Cell, squeezed, text_of
from gridworker.sheets.clean import Cleaner
from gridworker.sheets.mapping import Layout
from gridworker.sheets.meanings import header_key, is_about_others
from gridworker.sheets.words import ALIASES, Field

_NAME = re.compile("[\u4e00-\u9fff·]{2,12}")
_DOOR = re.compile("[0-9]{3}|[0-9][#栋幢楼单室号-]")
_TOLD = 2
"""So many cells beside the name say who somebody is; a title with a place beside it has fewer."""
_PLACES = (Field.BUILDING, Field.UNIT, Field.ROOM, Field.ADDRESS)


def people_above(
    rows: Sequence[list[Cell]], layout: Layout, cleaner: Cleaner, told: Container[int]
) -> Iterator[tuple[int, list[Cell]]]:
    """The rows above a header in which somebody stands, as wide as its columns, but for those told of before."""
    asides, width = Asides(layout), max((column.index for column in layout.columns), default=0) + 1
    for index, cells in enumerate(rows[: max(layout.first, 0)]):
        row = cells + [""] * (width - len(cells))
        if index not in told and not asides.kind(index, row, named=True) and _is_person(row, layout, cleaner):
            yield index, row


def _is_person(row: Sequence[Cell], layout: Layout, cleaner: Cleaner) -> bool:
    """Whether a usual name stands where names do, and an ID number or two of a phone, a door and more beside it."""
    at = layout.one(Field.NAME)
    name = squeezed(text_of(row[at])) if at >= 0 else ""
    if not name or header_key(name) in ALIASES or not cleaner.name(row[at]):
        return False
    if any(is_about_others(header_key(text_of(cell))) for cell in row[:at]):  # 楼栋长 | 张三 | 13800000001
        return False
    number = layout.one(Field.ID_NUMBER)
    if number >= 0 and cleaner.id_number(row[number]).number:
        return True
    if not _NAME.fullmatch(name) or not may_be_name(name):
        return False
    phones = any(cleaner.phones(row[column]).phones for column in layout.of(Field.PHONE))
    doors = any(_DOOR.search(text_of(row[column])) for field in _PLACES for column in layout.of(field))
    return (phones or doors) and sum(cell != "" for cell in row) > _TOLD
