"""Ledgers with the heads in one column and everybody else in another: then both are names.

One person to a row, or the head with a number of their own beside the first of the members.
"""

import re
from dataclasses import replace

from gridworker.sheets.cells import Cell, squeezed, text_of
from gridworker.sheets.mapping import Column, Layout
from gridworker.sheets.meanings import header_key, meaning_of, names_head
from gridworker.sheets.refining import AS_PEOPLE
from gridworker.sheets.words import Field

_LEAST = 2
"""So many rows of each kind make a rule of it."""
_OTHERS = re.compile("成员|家属|家人")
_OF_ONE = frozenset({Field.ID_NUMBER, Field.SEX, Field.BIRTH})
_OF_MEMBER = frozenset({
    Field.NAME, Field.ID_NUMBER, Field.ID_LAST4, Field.ID_TYPE, Field.RELATION, Field.SEX, Field.BIRTH, Field.PHONE,
})  # fmt: skip


def heads_beside(rows: list[list[Cell]], layout: Layout) -> Layout:
    """The layout with two people to a row where heads have numbers, and none of them stands among the members.

    Members are called so: where anybody is listed, and the head beside them, a head without a row is not taken in.
    """
    head, number, name = (layout.one(field) for field in (Field.HEAD, Field.HEAD_ID, Field.NAME))
    if min(head, number, name) < 0 or head > name or layout.members:
        return layout
    if not _OTHERS.search(next(column.key for column in layout.columns if column.index == name)):
        return layout
    heads = [squeezed(text_of(row[head])) for row in rows[layout.below :] if head < len(row) and row[head] != ""]
    others = {squeezed(text_of(row[name])) for row in rows[layout.below :] if name < len(row)}
    if not heads or len(heads) > len(set(heads)) or not others.isdisjoint(heads):
        return layout
    behind = {column.field for column in layout.columns if column.index > name and column.field in _OF_MEMBER}
    shared = behind == {Field.PHONE}
    return replace(layout, columns=tuple(_of_two(column, name, shared=shared) for column in layout.columns))


def _of_two(column: Column, name: int, *, shared: bool) -> Column:
    """A column as it is about the head, or about the member in the same row.

    ``shared``: nothing but a phone stands behind the names, which is then that of the household.
    """
    if column.field in AS_PEOPLE:
        return replace(column, field=AS_PEOPLE[column.field])
    if column.index < name and column.field is Field.IGNORED:  # 户主信息›性别
        group, _, word = column.header.rpartition("›")
        told = meaning_of(header_key(word)) if names_head(header_key(group)) else None
        return replace(column, field=told.field) if told and told.field in _OF_ONE else column
    if shared and column.field is Field.PHONE:
        return column
    return replace(column, member=1) if column.field in _OF_MEMBER and column.index >= name else column


def heads_among(rows: list[list[Cell]], layout: Layout) -> None:
    """Put the heads among the names, where no row has both and each row of a head says something of one person."""
    head, name = (layout.one(field) for field in (Field.HEAD, Field.NAME))
    own = [column.index for column in layout.columns if column.field in _OF_ONE and not column.member]
    if min(head, name) < 0 or not own or layout.members:
        return
    led: list[list[Cell]] = []
    bare = named = 0
    for row in rows[layout.below :]:
        told = head < len(row) and row[head] != ""
        other = name < len(row) and row[name] != ""
        if told and other:
            return
        named += other
        if told and any(at < len(row) and row[at] != "" for at in own):
            led.append(row)
        else:
            bare += told  # a sum, a signature
    if min(len(led), named) < _LEAST or bare > len(led):
        return
    for row in led:
        row += [""] * (name + 1 - len(row))
        row[name] = f"{text_of(row[head])}（户主）"
