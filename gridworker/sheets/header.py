"""Find the header of a sheet by what it says: behind titles, in one row or several, merged or not, and judge the sheet.

A sheet of people has names and something that makes them residents: ID numbers, relations, doors. Instructions, sums
and phone books have not.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import pairwise

from gridworker.sheets.card_rows import are_cards
from gridworker.sheets.cells import Cell, text_of
from gridworker.sheets.content import layout_by_content, names_by_values
from gridworker.sheets.doortext import building_named, unit_said
from gridworker.sheets.mapping import SINGLE, Column, Layout, Mapping
from gridworker.sheets.meanings import header_key, is_about_others, is_listed, meaning_below, meaning_of
from gridworker.sheets.members import numbered, told_apart, without_theirs
from gridworker.sheets.nameless import with_nameless, without_table_beside
from gridworker.sheets.refining import AS_PEOPLE, refined, single
from gridworker.sheets.whose import without_others
from gridworker.sheets.words import ALIASES, Field, Meaning

_ROWS = 40
_DEPTHS = (1, 2, 3)
_COLUMNS = 400
_WORD, _WORDS, _LONGEST_NAME = 24, 2, 12
"""Characters of a header, and how many there are at least in a row that may be one."""
_SAMPLE, _BELOW = 200, 12
_NO_LABELS = frozenset({Field.HEAD, Field.TAG, Field.NAME})
"""Words that stand in rows of people too, or in a header printed again."""
_WEIGHTS = {
    Field.NAME: 4.0, Field.ID_NUMBER: 3.0, Field.RELATION: 2.0, Field.HEAD: 2.0, Field.SERIAL: 0.2,
    Field.IGNORED: 0.0, Field.SENSITIVE: 0.0,
}  # fmt: skip
_OWN = frozenset({"本人", "个人", "自己"})
"""Under a group of phones, beside 家属."""
_HEADS_AT_DOORS = frozenset({Field.HEAD, Field.ROOM})
"""``房号 | 户主`` is a list of households, however little else it says."""
_MARKS = "①②③④⑤⑥⑦⑧⑨⑩⑴⑵⑶⑷⑸ \n"
_SURE = frozenset({Field.ID_NUMBER, Field.RELATION})
_VALUE = re.compile(r"\d{3}")
"""Three digits in a row: a door, a day, a number; no header has them."""
_TOLD = re.compile(r"[^:：]+[:：]\s*[^:：\s].*")
_ID = re.compile(r"[0-9]{17}[0-9Xx]|[0-9]{15}")
_PHONE = re.compile("1[3-9][0-9]{9}")
_DUTY = re.compile("职务|职位|岗位|部门|科室|分工|办公|短号|值班|职责|包保|任职")
_ASIDE = re.compile("说明|示例|样例|样表|字典|代码|通讯录|通信录|电话[本簿表]|值班")


class Worth(IntEnum):
    """How surely a sheet is a list of residents."""

    NONE = 0
    WEAK = 1
    """People, but nothing that says they live here: used only where no sheet is better."""
    TURNED = 2
    """People, but no list of them until it was turned into one (turned.py): used only where no sheet is a list."""
    SURE = 3


def find_layout(
    rows: Sequence[Sequence[Cell]], sheet: str | None, mapping: Mapping, merged: "Merged | None" = None
) -> Layout | None:
    """The layout of a sheet, or None where no header of people is found in its first rows."""
    head = [_expanded(row, number, merged) for number, row in enumerate(rows[: _ROWS + max(_DEPTHS)])]
    if sheet in mapping.headers:
        row, depth = mapping.headers[sheet]
        found = _layout(head, row - 1, max(1, depth), sheet) if 0 < row <= len(head) else None
    else:
        found = _best((head, _filled_down(head, merged)), sheet, mapping)
    return _settled(found, rows, mapping) if found else None


def layout_of(
    rows: Sequence[Sequence[Cell]], sheet: str | None, mapping: Mapping, merged: "Merged | None" = None
) -> Layout | None:
    """The layout of a sheet by its header, else by what stands in its columns."""
    headed = sheet not in mapping.headers or mapping.headers[sheet][1] > 0
    found = find_layout(rows, sheet, mapping, merged) if headed else None
    if found is None and sheet not in mapping.headers:
        found = _with_names_unheard(rows, sheet, mapping, merged)
    if found is None and (not headed or sheet not in mapping.headers):
        told = layout_by_content(rows, sheet)
        found = _settled(told, rows, mapping) if told else None
    return found


def _with_names_unheard(
    rows: Sequence[Sequence[Cell]], sheet: str | None, mapping: Mapping, merged: "Merged | None"
) -> Layout | None:
    """The layout of a header with a word for names that nobody knows: those stand in one of its other columns."""
    head = [_expanded(row, number, merged) for number, row in enumerate(rows[: _ROWS + max(_DEPTHS)])]
    told = []
    for first in range(min(_ROWS, len(head))):
        for depth in _DEPTHS:
            found = _layout(head, first, depth, sheet) if first + depth <= len(head) else None
            if found is None:
                break
            told.append(found)
    sure = (one for one in told if one.fields & _SURE and not one.fields & {Field.NAME, Field.HEAD})
    named = ((one, names_by_values(one.columns, rows[one.below :])) for one in sure)
    possible = [one.with_fields({at: Meaning(Field.NAME)}) for one, at in named if at >= 0]
    best = max(possible, key=_score, default=None)
    return _settled(best, rows, mapping) if best and _score(best) and _is_header(head, best) else None


def _settled(found: Layout, rows: Sequence[Sequence[Cell]], mapping: Mapping) -> Layout:
    """The layout with what was chosen by hand, and what only the values tell."""
    found = without_table_beside(with_nameless(found, rows))
    sample = rows[found.below : found.below + _SAMPLE]
    return refined(replace(found, columns=mapping.applied(single(found.columns))), sample, mapping)


def labelled(labels: Sequence[str], sheet: str | None, title: str = "") -> Layout | None:
    """The layout of rows whose headers stand in none of them: the first row is the first of people."""
    found = _layout([list(labels)], 0, 1, sheet)
    return replace(found, first=-1, title=title) if found else None


def settled(found: Layout, rows: Sequence[Sequence[Cell]], mapping: Mapping) -> Layout:
    """A layout with what was chosen by hand, and what only the values tell."""
    return _settled(replace(found, columns=mapping.applied(found.columns)), rows, mapping)


def bare_layout(rows: Sequence[Sequence[Cell]], sheet: str | None, mapping: Mapping) -> Layout | None:
    """What may be the header where none was found: of the first rows the one with most words, for a person to say."""
    head = [_expanded(row, number, None) for number, row in enumerate(rows[:_ROWS])]
    wordy = [(-len({text for text in row if 0 < len(text) <= _WORD}), first) for first, row in enumerate(head)]
    for words, first in sorted(wordy):
        found = _layout(head, first, 1, sheet) if words <= -_WORDS else None
        if found is not None:
            return replace(found, columns=mapping.applied(found.columns))
    return None


def is_aside(layout: Layout) -> bool:
    """Whether a sheet is called instructions, an example, a phone book."""
    return _ASIDE.search(layout.sheet or "") is not None


def worth(layout: Layout) -> Worth:
    """Whether a sheet with this layout is taken for a list of residents."""
    fields = layout.fields
    if not layout.depth:
        return Worth.SURE if Field.ID_NUMBER in fields else Worth.WEAK
    duty = any(_DUTY.search(column.header) for column in layout.columns)
    door = bool(fields & {Field.ROOM, Field.ADDRESS})
    known = bool(fields & {Field.ID_NUMBER, Field.RELATION}) or {Field.SEX, Field.BIRTH} <= fields
    if duty and not (Field.RELATION in fields or Field.ROOM in fields or (door and Field.ID_NUMBER in fields)):
        return Worth.NONE
    if Field.NAME in fields and (layout.members or not layout.lists_heads) and (known or door):
        return Worth.WEAK if is_aside(layout) else Worth.SURE
    return Worth.WEAK if fields & {Field.NAME, Field.HEAD} and len(fields) > 1 else Worth.NONE


# -------------------------------------------------------------------------------------------------- merged header cells


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged ranges of a sheet: (first row, first column, last row, last column), from 0, both ends included."""

    ranges: tuple[tuple[int, int, int, int], ...] = ()

    def in_row(self, row: int) -> Iterator[tuple[int, int, int, int]]:
        """The ranges that touch a row."""
        return (span for span in self.ranges if span[0] <= row <= span[2])

    def down(self, columns: Iterable[int], below: int) -> dict[tuple[int, int], int]:
        """For the given columns under a header: the cells hidden under a merged one, and the row that one begins in."""
        wanted = set(columns)
        return {
            (row, left): top
            for top, left, bottom, _right in self.ranges
            if left in wanted and top >= below and bottom > top
            for row in range(top + 1, bottom + 1)
        }


def _expanded(row: Sequence[Cell], number: int, merged: Merged | None) -> list[str]:
    """The texts of a possible header row; one merged over several columns stands in each of them."""
    texts = [text_of(cell) if isinstance(cell, str) else "" if cell == "" else "\0" for cell in row[:_COLUMNS]]
    for top, left, _bottom, right in merged.in_row(number) if merged else ():
        if top == number and left < len(texts):
            for column in range(left + 1, min(right + 1, len(texts))):
                texts[column] = texts[column] or texts[left]
    return texts


# ------------------------------------------------------------------------------------------------ the rows of a header


def _filled_down(head: Sequence[list[str]], merged: Merged | None) -> Sequence[list[str]]:
    """The same, with headers that are merged over several rows in each of them: the lowest may be the header alone."""
    filled = [list(row) for row in head]
    for top, left, bottom, right in merged.ranges if merged else ():
        if (
            left != right
            or bottom >= len(head)
            or left >= len(head[top])
            or meaning_of(header_key(head[top][left])) is None
        ):
            continue
        for row in filled[top + 1 : bottom + 1]:
            if left < len(row):
                row[left] = row[left] or head[top][left]
    return filled


def _best(heads: tuple[Sequence[list[str]], Sequence[list[str]]], sheet: str | None, mapping: Mapping) -> Layout | None:
    found = list(_possible(heads, sheet, mapping))
    best = max(found, key=_score, default=None)
    above = [one for one in found if best is not None and one.below < best.first and worth(one) is Worth.SURE]
    lead = next((one for one in above if best and _has_people(heads[0][one.below : best.first], one)), None)
    return max((one for one in above if lead and lead.first <= one.first <= lead.below), key=_score, default=best)


def _possible(
    heads: tuple[Sequence[list[str]], Sequence[list[str]]], sheet: str | None, mapping: Mapping
) -> Iterator[Layout]:
    """Every layout with a header that says enough, from above."""
    head, filled = heads
    for first in range(min(_ROWS, len(head))):
        for depth in _DEPTHS:
            if depth == 1 and _is_under_others(head, first):
                continue
            rows = filled if depth == 1 else head
            found = _layout(rows, first, depth, sheet) if first + depth <= len(head) else None
            if found is None:
                break
            found = replace(found, columns=mapping.applied(found.columns))
            if _score(found) and _is_header(head, found):
                yield found


def _has_people(rows: Sequence[Sequence[str]], layout: Layout) -> bool:
    """Whether anybody stands in rows below a header: the header of another table below them is not theirs."""
    name = layout.one(Field.NAME)
    return any(
        name < len(row)
        and 1 < len(row[name]) <= _LONGEST_NAME
        and (
            any(_ID.fullmatch(text) or _PHONE.fullmatch(text) for text in row)
            or any(text == "\0" or _VALUE.search(text) for text in row)
        )
        for row in rows
    )


def _is_header(head: Sequence[list[str]], found: Layout) -> bool:
    """Whether rows are none of a card: no values beside their labels, and no other labels where names should stand."""
    if are_cards(head[found.first : found.below]):
        return False
    column = max(found.one(Field.NAME), found.one(Field.HEAD))
    below = [row[column] for row in head[found.below :] if 0 <= column < len(row) and row[column]]
    known = sum(ALIASES.get(header_key(text), Field.HEAD) not in _NO_LABELS for text in below[:_BELOW])
    return known < _WORDS or known * 2 < len(below[:_BELOW])


def _is_under_others(head: Sequence[list[str]], first: int) -> bool:
    """Whether the row above tells that some columns are about somebody else: guardians, contacts. It is header too."""
    above, row = (head[first - 1], head[first]) if first else ([], [])
    if len({text for text in above if text}) < _WORDS:
        return False
    pairs = zip(above, row, strict=False)
    return any(
        text and group not in {"", text} and above.count(group) > 1 and is_about_others(header_key(group))
        for group, text in pairs
    )


def _score(layout: Layout) -> float:
    """How much a header says: its fields, and a little for every column; a deeper header must say more to be chosen.

    Two columns with what a person has once speak against it: then a group above tells them apart.
    """
    fields = {column.field for column in layout.columns}
    if not fields & {Field.NAME, Field.HEAD}:
        return 0
    if Field.NAME not in fields and layout.depth > 1:  # heads below a group are its people, and worth as much
        fields = {AS_PEOPLE.get(field, field) for field in fields}
    total = sum(_WEIGHTS.get(field, 1.0) for field in fields)
    told = len({column.key for column in layout.columns if column.field not in {Field.IGNORED, Field.SENSITIVE}})
    single = [column for column in layout.columns if column.field in SINGLE]
    headers = [column.key for column in single]
    apart = {(column.field, column.member if headers.count(column.key) == 1 else 0) for column in single}
    doubled = len(single) - len(apart)
    deeper = 0.05 if _is_header_below(layout) else -0.1 * (layout.depth - 1)
    return total + 0.15 * told - doubled + deeper if total > 4 or fields >= _HEADS_AT_DOORS else 0


def _is_header_below(layout: Layout) -> bool:
    """Whether all that stands under the groups of a header is known for headers: no row of people is like it."""
    below = {header_key(column.header.rpartition("›")[2]) for column in layout.columns if "›" in column.header}
    unheard = (text for text in below - _OWN if meaning_of(text) is None or re.search("[0-9]", text))
    return len(below) >= _WORDS and not any(unheard)


def _layout(head: Sequence[list[str]], first: int, depth: int, sheet: str | None) -> Layout | None:
    """The layout if the header were these rows; None where they cannot be one."""
    block = [list(row) for row in head[first : first + depth]]
    if not any(block[0]) or "\0" in {text for row in block for text in row}:
        return None
    width = max(map(len, block))
    for row in block:
        row += [""] * (width - len(row))
    if depth > 1 and not _is_block(block):
        return None
    plain = _without_marks(block)
    read = [_column(index, [row[index] for row in block], plain) for index in range(width)]
    columns = told_apart(_dated([column for column, _number in read]), [number for _column, number in read])
    columns = without_theirs(without_others(columns))
    title = " ".join(text for row in head[:first] for text in dict.fromkeys(row) if text and text != "\0")
    return Layout(sheet, first, depth, columns, title)


def _is_block(block: Sequence[list[str]]) -> bool:
    """Whether rows under the first are headers too, not a title over a header and not people under one.

    Blank cells right of a group belong to it. A complete header has nothing under it but other headers.
    """
    for upper, lower in pairwise(block):
        groups = {text for text in upper if text}
        if len(groups) < 2 or any(_VALUE.search(text) or _is_told(text) for text in groups) or _is_section(lower):
            return False
        _fill_right(upper, lower)
        pairs = [(above, below) for above, below in zip(upper, lower, strict=True) if below and below != above]
        if not any(above for above, _below in pairs) or not all(_fits(above, below) for above, below in pairs):
            return False
    return True


def _is_told(text: str) -> bool:
    """Whether a text says something behind its label, as a line above a header does: ``审核人：李四``."""
    return _TOLD.fullmatch(re.sub(r"[(（\[【].*", "", text.strip())) is not None


def _is_section(row: Sequence[str]) -> bool:
    """Whether a row says nothing but the building, or the unit, of those below it: ``3栋`` under ``序号``."""
    texts = {text for text in row if text}
    return len(texts) == 1 and any(building_named(text) or unit_said(text) for text in texts)


def _fill_right(upper: list[str], lower: Sequence[str]) -> None:
    for index in range(1, len(upper)):
        if not upper[index] and lower[index] and lower[index - 1]:
            upper[index] = upper[index - 1]


def _fits(above: str, below: str) -> bool:
    """Whether ``below`` can be a header under ``above``: known as one, or any short word under what is only a group."""
    if (len(below) > 12 and not is_listed(header_key(below))) or _VALUE.search(below):
        return False
    complete = above and header_key(above) in ALIASES and ALIASES[header_key(above)] not in {Field.TAGS, Field.ADDRESS}
    meaning = meaning_below([header_key(above)] if above else [], header_key(below))
    if complete:
        alone = meaning_below([], header_key(below))
        part = header_key(below) in {"年", "月", "日"} or meaning == Meaning(Field.ID_TYPE)
        return part or (alone is not None and alone.field is not Field.HEAD)
    return meaning is not None or bool(above)


def _column(index: int, texts: Sequence[str], plain: dict[str, str]) -> tuple[Column, int]:
    """One column, and the number of a person in its header. ``plain`` are headers without their marks."""
    path = list(dict.fromkeys(text for text in texts if text))
    if not path:
        return Column(index, ""), 0
    keys, number = numbered([header_key(plain.get(text, text)) for text in path])
    meaning = meaning_below(keys[:-1], keys[-1]) or Meaning(Field.IGNORED)
    return Column(index, "›".join(path), meaning.field, meaning.tag), number


def _without_marks(block: Sequence[Sequence[str]]) -> dict[str, str]:
    """Headers with the mark of a note below the table, ``户主姓名①``, without it; not where it tells members apart."""
    marked = {text for row in block for text in row if text and text[-1] in _MARKS}
    found = {text: rest for text in marked if meaning_of(header_key(rest := text.rstrip(_MARKS))) is not None}
    return found if len(set(found.values())) == len(found) else {}


def _dated(columns: list[Column]) -> list[Column]:
    """The same, with ``月`` and ``日`` beside a year of birth taken for its month and day."""
    for before, column in pairwise(range(len(columns))):
        if columns[before].field is Field.BIRTH and columns[column].key in {"月", "月份", "日"}:
            columns[column] = replace(columns[column], field=Field.BIRTH)
    return columns
