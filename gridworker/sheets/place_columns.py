"""What columns of an address hold where only the columns beside them tell: 栋 门 号, 房屋编号, hamlets."""

import re
from collections.abc import Sequence

from gridworker.domain.address import parse_door
from gridworker.sheets.cells import Cell, text_of
from gridworker.sheets.mapping import Layout
from gridworker.sheets.words import ALIASES, Field, Meaning

_HAMLETS = frozenset(
    {"村民小组", "村民组", "居民小组", "小组", "组别", "村组", "组", "自然村", "村湾", "湾组", "塆", "屋场"}
)
"""Where houses have numbers and no buildings, these tell one number from the same elsewhere."""
_HOUSES = ("门牌号", "门牌", "门牌号码", "号")
_HOUSE = re.compile("[0-9]{1,4}(?:-[0-9]{1,3})?号?")
_SHORT_PLACES = ("门", "号", "户")


def places(layout: Layout, sample: Sequence[Sequence[Cell]]) -> dict[int, Meaning]:
    """Other meanings for some columns, by their index."""
    fields = layout.fields
    changed: dict[int, Meaning] = {}
    if Field.BUILDING in fields and not fields & {Field.ROOM, Field.ADDRESS}:
        changed = dict.fromkeys(layout.of(Field.HOUSEHOLD_NO), Meaning(Field.ROOM)) or _short_places(layout)
    if {Field.ROOM, Field.ADDRESS} <= fields and _is_code(layout, sample):
        changed[layout.one(Field.ROOM)] = Meaning(Field.IGNORED if layout.has_numbers else Field.HOUSEHOLD_NO)
    if not fields & {Field.BUILDING, Field.ADDRESS}:
        changed |= _house_numbers(layout, sample)
    if not fields & {Field.ESTATE, Field.BUILDING, Field.ADDRESS}:
        changed |= {column.index: Meaning(Field.ESTATE) for column in layout.columns if column.key in _HAMLETS}
    return changed


def _house_numbers(layout: Layout, sample: Sequence[Sequence[Cell]]) -> dict[int, Meaning]:
    """``门牌号 | 室号``, ``弄 | 号 | 室``: the number of the house is that of the building, the other is the room."""
    filled = [column for column in layout.columns if not column.member and any(_texts(column.index, sample))]
    ends = {column.key.rpartition("›")[2]: column.index for column in filled}
    house = next((ends[end] for end in _HOUSES if end in ends), -1)
    rooms = (at for end, at in ends.items() if ALIASES.get(end) is Field.ROOM and end not in _HOUSES)
    room = next(rooms, -1)
    if min(house, room) < 0 or not all(_HOUSE.fullmatch(text) for text in _texts(house, sample)):
        return {}
    return {house: Meaning(Field.BUILDING), room: Meaning(Field.ROOM)}


def _texts(index: int, sample: Sequence[Sequence[Cell]]) -> list[str]:
    return [text for row in sample if index < len(row) and (text := text_of(row[index]))]


def _is_code(layout: Layout, sample: Sequence[Sequence[Cell]]) -> bool:
    """Whether 房屋编号 beside whole addresses is a number of the register, not that on the door."""
    column = next(column for column in layout.columns if column.field is Field.ROOM and not column.member)
    if not column.key.endswith("编号") or Field.BUILDING in layout.fields:
        return False
    doors = [parse_door(text_of(row[at])) for row in sample for at in layout.of(Field.ADDRESS) if at < len(row)]
    return sum(door is not None and bool(door.room) for door in doors) * 2 > sum(
        column.index < len(row) and row[column.index] != "" for row in sample
    )


def _short_places(layout: Layout) -> dict[int, Meaning]:
    """栋 门 号: beside a building the last two are its unit and the room; the one alone is the room."""
    ends = {column.index: column.key.rpartition("›")[2] for column in layout.columns if column.field != Field.BUILDING}
    found = {end: index for index, end in ends.items() if end in _SHORT_PLACES}
    order = [found[key] for key in _SHORT_PLACES if key in found]
    apart = len(order) > 1 and Field.UNIT not in layout.fields
    fields = (Field.UNIT, Field.ROOM) if apart else (Field.ROOM,)
    return {index: Meaning(field) for index, field in zip(order[-len(fields) :], fields, strict=False)}
