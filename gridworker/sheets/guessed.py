"""Columns whose field is only guessed from a word in the header, held against what stands in them and beside them.

``危房``, ``购房时间`` and ``电费户号`` name no door, though the words for rooms are in them; nor is ``储藏室`` one
beside whole addresses.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from gridworker.domain.address import parse_door
from gridworker.sheets.cells import Cell, text_of
from gridworker.sheets.mapping import Column, Layout, Mapping
from gridworker.sheets.meanings import is_listed
from gridworker.sheets.words import ALIASES, Field

_PARTS = frozenset({Field.BUILDING, Field.UNIT, Field.ROOM})
_NO_PART = re.compile(
    r"[√✓✔☑×✗✘☐□是否有无YN/—-]|没有|(?:19|20)[0-9]{2}[-./年].*|[^0-9A-Z]*[0-9A-Z]?[0-9]{7,}.*", re.IGNORECASE
)
"""A tick, a day, the number of a register: none of it stands on a door."""
_OF_DATE = re.compile("(?:出生)?(?:年|月|月份|日)")


def without_guesses(layout: Layout, sample: Sequence[Sequence[Cell]], mapping: Mapping) -> Layout:
    """The layout without guesses that what stands there, or a plainer column, speaks against."""
    guessed = [column for column in layout.columns if not column.member and _is_guessed(column, mapping)]
    places = [column for column in guessed if column.field in _PARTS]
    whole = bool(places) and _says_whole_doors(layout, sample)
    left_out = {column.index for column in places if whole or _holds_no_part(column, sample)}
    if any(column.field is Field.BIRTH and _last(column) in ALIASES for column in layout.columns):
        left_out |= {one.index for one in guessed if one.field is Field.BIRTH and not _OF_DATE.fullmatch(_last(one))}
    columns = (
        replace(column, field=Field.IGNORED) if column.index in left_out else column for column in layout.columns
    )
    return replace(layout, columns=tuple(columns)) if left_out else layout


def _is_guessed(column: Column, mapping: Mapping) -> bool:
    return not (_last(column) in ALIASES or is_listed(_last(column)) or mapping.meaning(column.key))


def _says_whole_doors(layout: Layout, sample: Sequence[Sequence[Cell]]) -> bool:
    """Whether most addresses name building and room."""
    texts = [text for row in sample for at in layout.of(Field.ADDRESS) if at < len(row) and (text := text_of(row[at]))]
    doors = [parse_door(text) for text in texts]
    return sum(door is not None and bool(door.room) for door in doors) * 2 > len(texts)


def _holds_no_part(column: Column, sample: Sequence[Sequence[Cell]]) -> bool:
    texts = [text for row in sample if column.index < len(row) and (text := text_of(row[column.index]))]
    return sum(_NO_PART.fullmatch(text) is not None for text in texts) * 2 > len(texts)


def _last(column: Column) -> str:
    return column.key.rpartition("›")[2]
