"""What the columns of a header hold as only their values and the columns beside them tell.

An ID column without a header, ticks under unknown words, flags, heads who are the people of a list.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from gridworker.domain.identity import normal_id
from gridworker.sheets.cells import Cell, text_of
from gridworker.sheets.clean import names_several
from gridworker.sheets.content import names_by_values
from gridworker.sheets.guessed import without_guesses
from gridworker.sheets.mapping import SINGLE, Column, Layout, Mapping
from gridworker.sheets.meanings import header_key, is_period, meaning_below
from gridworker.sheets.place_columns import places
from gridworker.sheets.words import ALIASES, Field, Meaning

_TICK = re.compile("[√✓✔☑]")
_TICK_CELL = re.compile("[√✓✔☑×✗✘☐□/\\-—]?")
_FLAG_CELL = re.compile("[√✓✔☑×✗✘☐□是否YN10]?", re.IGNORECASE)
_ID_CELL = re.compile(r"\d{17}[\dXx]|\d{15}|\d(\.\d+)?E\+1[67]")
_OF_PERSON = frozenset({Field.ID_NUMBER, Field.ID_LAST4, Field.ID_TYPE, Field.SEX})
AS_PEOPLE = {Field.HEAD: Field.NAME, Field.HEAD_ID: Field.ID_NUMBER, Field.HEAD_PHONE: Field.PHONE}


def single(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Where two columns hold a field that can have one, that of the name is it, else the one with the plain header.

    Under the group of the names is what is said of them; between a column of heads and one of names stands what is
    said of the heads.
    """
    names = {column.member: column for column in columns if column.field is Field.NAME}
    heads = [column.index for column in columns if column.field is Field.HEAD]
    chosen: dict[tuple[Field, int], Column] = {}
    for column in (column for column in columns if column.field in SINGLE):
        key = column.field, column.member
        name = names.get(column.member)
        if key not in chosen or _nearness(column, name, heads) > _nearness(chosen[key], name, heads):
            chosen[key] = column
    kept = {column.index for column in chosen.values()}
    first = next((one.index for one in columns if one.field is Field.NAME and not one.member), -1)
    theirs = range(heads[0], first) if heads and not any(one.field is Field.HEAD_ID for one in columns) else range(0)
    return tuple(
        replace(column, field=_displaced(column, theirs))
        if column.field in SINGLE and column.index not in kept
        else column
        for column in _with_phones_of_heads(columns, heads)
    )


def _displaced(column: Column, theirs: range) -> Field:
    """What a column holds in place of a field that another one has: between heads and names the number of a head."""
    return Field.HEAD_ID if column.field is Field.ID_NUMBER and column.index in theirs else Field.IGNORED


def _with_phones_of_heads(columns: Sequence[Column], heads: Sequence[int]) -> Iterator[Column]:
    """The same; ``户主 | 电话 | 姓名 | 电话``: the first phone is that of the head, whoever stands behind it."""
    name = next((one.index for one in columns if one.field is Field.NAME and not one.member), -1)
    phones = [one.index for one in columns if one.field is Field.PHONE and not one.member]
    theirs = {at for at in phones if heads and heads[0] < at < name < phones[-1]}
    for column in columns:
        yield replace(column, field=Field.HEAD_PHONE) if column.index in theirs else column


def _nearness(column: Column, name: Column | None, heads: Sequence[int]) -> tuple[bool, ...]:
    """How surely a column says something of whom a column of names is about."""
    group = column.header.rpartition("›")[0]
    same = name is not None and bool(group) and group == name.header.rpartition("›")[0]
    of_head = name is not None and column.field in _OF_PERSON and any(at < column.index < name.index for at in heads)
    return same, not of_head, _is_plain(column), column.field is Field.NAME and "姓名" in column.key


def _is_plain(column: Column) -> bool:
    return header_key(column.header.rpartition("›")[2]) in ALIASES


def refined(layout: Layout, sample: Sequence[Sequence[Cell]], mapping: Mapping) -> Layout:
    """The layout once the values were looked at: an ID column without a header, ticks under unknown words, flags."""
    layout = without_guesses(layout, sample, mapping)
    changed: dict[int, Meaning] = {}
    fields = layout.fields
    for column in layout.columns:
        if mapping.meaning(column.key):
            continue
        values = [text for row in sample if column.index < len(row) and (text := text_of(row[column.index]))]
        meaning = _by_values(column, values, fields)
        if meaning:
            changed[column.index] = meaning
    changed |= places(layout, sample)
    if Field.HEAD in fields and (told := layout.one(Field.NAME)) >= 0 and _name_whole_families(sample, told):
        changed[told] = Meaning(Field.IGNORED)
        fields -= {Field.NAME}
    if Field.NAME not in fields:
        changed |= _members_unheard(layout, sample) or _heads_as_people(layout)
    return layout.with_fields(changed)


def _name_whole_families(sample: Sequence[Sequence[Cell]], index: int) -> bool:
    """Whether a column beside that of heads has all the names of a household in a cell: then the heads are people."""
    values = [row[index] for row in sample if index < len(row) and text_of(row[index])]
    return sum(map(names_several, values)) * 2 >= len(values) > 0


def _by_values(column: Column, values: Sequence[str], fields: frozenset[Field]) -> Meaning | None:
    if not values:
        return None
    if column.field is Field.HEAD and all(_FLAG_CELL.fullmatch(value) for value in values):
        return Meaning(Field.IS_HEAD)
    if column.field is not Field.IGNORED:
        return None
    ids = sum(_ID_CELL.fullmatch(normal_id(value)) is not None for value in values)
    if Field.ID_NUMBER not in fields and meaning_below([], header_key(column.header)) is None and ids * 2 > len(values):
        return Meaning(Field.ID_NUMBER)
    word = header_key(column.header.rpartition("›")[2])
    ticks = any(_TICK.search(value) for value in values) and all(_TICK_CELL.fullmatch(value) for value in values)
    if ticks and word and not word.startswith(("是否", "有无")) and not is_period(word):
        return Meaning(Field.TAG, word)
    return None


def _members_unheard(layout: Layout, sample: Sequence[Sequence[Cell]]) -> dict[int, Meaning]:
    """Beside heads, with what everybody is to them: the names of all, under a word nobody knows."""
    told = names_by_values(layout.columns, sample) if Field.RELATION in layout.fields and not layout.members else -1
    return {told: Meaning(Field.NAME)} if told >= 0 else {}


def _heads_as_people(layout: Layout) -> dict[int, Meaning]:
    """A list of households names only heads: then the heads are its people."""
    return {column.index: Meaning(AS_PEOPLE[column.field]) for column in layout.columns if column.field in AS_PEOPLE}
