"""Ledgers with a row for each field and a column for each person: turned over, column C is row 3."""

import re
from collections.abc import Sequence
from itertools import zip_longest

from gridworker.domain.address import parse_door
from gridworker.domain.identity import id_fault, normal_id
from gridworker.domain.names import may_be_name
from gridworker.domain.phones import read_phones
from gridworker.sheets.card_rows import labels_of
from gridworker.sheets.cells import Cell, squeezed, text_of
from gridworker.sheets.header import Merged, Worth, find_layout, worth
from gridworker.sheets.mapping import NO_MAPPING, Layout
from gridworker.sheets.meanings import header_key
from gridworker.sheets.relations import read_relation
from gridworker.sheets.table import Table
from gridworker.sheets.words import Field

MOST_LABELS, _PEOPLE = 120, 2000
"""So many rows and columns such a sheet has at most."""
_INSTRUCTION = re.compile("填表说明|填写|请填|示例|样例|样表|范例|举例|必填|选填|字段|格式|18位")
_NAME = re.compile("[\u4e00-\u9fff·]{2,12}")
_DAY = re.compile(r"(?:19|20)[0-9]{2}[-./年]?[0-9]{1,2}.*")
_SEXES = frozenset({"男", "女", "男性", "女性"})
_TOLD = 2
"""So much must be said of somebody besides the name: instructions have examples, and no more."""


def columns_to_rows(table: Table) -> Table | None:
    """The table turned over, None where its columns are not plainly people."""
    rows, width = table.rows, max(map(len, table.rows), default=0)
    if not 1 < len(rows) <= MOST_LABELS or not 1 < width <= _PEOPLE:
        return None
    over = [list(column) for column in zip_longest(*rows, fillvalue="")]
    merged = Merged(tuple((left, top, right, bottom) for top, left, bottom, right in table.merged.ranges))
    layout = find_layout(over, table.sheet, NO_MAPPING, merged)
    if layout is None or worth(layout) is not Worth.SURE:
        return None
    below = over[layout.below :]
    told = sum(tells_person(row, layout) for row in below)
    if (
        not told or _has_labels([*over[: layout.first], *below], layout) or (told < _TOLD and instructs(table))
    ):  # one may be an example
        return None
    return Table(table.sheet, over, merged)


def _has_labels(rows: Sequence[Sequence[Cell]], layout: Layout) -> bool:
    """Whether there are labels beside the first ones: then each is beside a value of its own, as on a card."""
    here = {key for column in layout.columns for key in column.key.split("›")}
    told = (pair for row in rows for pair in labels_of(row).items())
    found = {header_key(label) for label, (_at, field) in told if field is not Field.IGNORED}
    return len(found - here) >= _TOLD


def instructs(table: Table) -> bool:
    """Whether a sheet shows how another one is to be filled in."""
    texts = (cell for row in table.rows[:MOST_LABELS] for cell in row[:6] if isinstance(cell, str) and len(cell) < 30)
    return any(_INSTRUCTION.search(text) for text in (table.sheet or "", *texts))


def tells_person(row: Sequence[Cell], layout: Layout) -> bool:
    """Whether a row has a usual name and its number beside it, or two of sex, day of birth, phone, door, relation."""
    cells = [squeezed(text_of(cell)) for cell in row]
    names = [column.index for column in layout.columns if column.field in {Field.NAME, Field.HEAD}]
    if not any(at < len(cells) and _NAME.fullmatch(cells[at]) and may_be_name(cells[at]) for at in names):
        return False
    if any(id_fault(normal_id(text)) is None for text in cells if text):
        return True
    kinds = (lambda text: text in _SEXES), _DAY.fullmatch, is_phone, parse_door, _is_relation
    return sum(any(map(kind, filter(None, cells))) for kind in kinds) >= _TOLD


def _is_relation(text: str) -> bool:
    return not text.isdecimal() and text not in _SEXES and read_relation(text).word is not None


def is_phone(text: str) -> bool:
    """Whether a text is a phone number, and no other."""
    found = read_phones(text) if len(text) > 6 else None
    return found is not None and bool(found.valid) and not found.invalid
