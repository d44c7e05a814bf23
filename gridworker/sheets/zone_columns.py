"""Columns of streets, phases and parts of an estate: where one door stands under two of them, they are estates.

Mostly such a column says the same of everybody, or no more than the building does: then it stays unused.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from gridworker.sheets.cells import Cell, text_of
from gridworker.sheets.doors import DITTO
from gridworker.sheets.mapping import Column, Layout, Mapping
from gridworker.sheets.words import Field

_ZONE = re.compile(
    "(?:所属|所在|居住)?(?:期|期数|分期|期号|片|片区|区域|分区|小区分区|院|院子|院号|大院|楼院|家属院|家属区|宿舍|宿舍区|单位宿舍|组团|苑|园区|地块"
    "|路|路名|道路|街|街名|街道|街巷|街路巷|路巷|巷|弄|弄号|路弄|里弄|胡同|自然村|村|村庄|湾|自然湾)(?:名称|名)?"
)
_PARTS = (Field.ESTATE, Field.BUILDING, Field.UNIT, Field.FLOOR, Field.ROOM)


def with_zones(rows: list[list[Cell]], layout: Layout, mapping: Mapping) -> Layout:
    """The layout with such columns as the estate of every row, where they tell doors apart. Changes the rows then."""
    zones = [column.index for column in layout.columns if _is_zone(column, mapping)]
    if not zones or Field.ROOM not in layout.fields or Field.ADDRESS in layout.fields:
        return layout
    estate = layout.one(Field.ESTATE)
    named = sorted([estate, *zones]) if estate >= 0 else zones
    parts = [layout.one(field) for field in _PARTS if field in layout.fields and field is not Field.ESTATE]
    if not _tell_apart(_carried(rows[layout.below :], [*named, *parts]), len(named)):
        return layout
    for row, texts in zip(rows[layout.below :], list(_carried(rows[layout.below :], named)), strict=True):
        if max(named) < len(row) and any(row[at] != "" for at in named):
            row[named[0]] = "".join(texts)
    columns = (replace(one, field=Field.ESTATE) if one.index == named[0] else one for one in layout.columns)
    return replace(layout, columns=tuple(columns))


def _is_zone(column: Column, mapping: Mapping) -> bool:
    last = column.key.rpartition("›")[2]
    free = column.field is Field.IGNORED and not column.member and mapping.meaning(column.key) is None
    return free and _ZONE.fullmatch(last) is not None


def _carried(rows: Sequence[Sequence[Cell]], columns: Sequence[int]) -> Iterator[list[str]]:
    """What stands in some columns of each row, or above where a row leaves it out, down to the first it names anew."""
    above = [""] * len(columns)
    for row in rows:
        texts = [text_of(row[at]) if at < len(row) else "" for at in columns]
        said = next((at for at, text in enumerate(texts) if text and text not in DITTO), len(columns))
        above = [
            over if at < said or text in DITTO else text
            for at, (text, over) in enumerate(zip(texts, above, strict=True))
        ]
        yield above


def _tell_apart(told: Iterator[list[str]], count: int) -> bool:
    """Whether one door stands under two zones, ``count`` of the texts being those of the zone."""
    seen: dict[tuple[str, ...], str] = {}
    for texts in told:
        zone, door = "".join(texts[:count]), tuple(texts[count:])
        if zone and door[-1] and seen.setdefault(door, zone) != zone:
            return True
    return False
