"""``户主 | 身份证号 | 联系电话 | 家庭成员``: what stands between the heads and the names is said of the heads.

It is of those named where rows show it: a row has it without a head, a head has two numbers, or heads stand among the
names with numbers of their own. A number given to somebody else would be a wrong one.
"""

from collections.abc import Sequence

from gridworker.sheets.cells import Cell, squeezed, text_of
from gridworker.sheets.heads_apart import heads_beside
from gridworker.sheets.mapping import Column, Layout, Mapping
from gridworker.sheets.words import Field, Meaning

_OF_HEAD = {Field.ID_NUMBER: Field.HEAD_ID, Field.PHONE: Field.HEAD_PHONE}
_TOLD = frozenset({*_OF_HEAD, Field.SEX, Field.BIRTH, Field.ID_LAST4, Field.ID_TYPE})


def with_heads(rows: list[list[Cell]], layout: Layout, mapping: Mapping) -> Layout:
    """The layout with what is said of heads, and with two people to a row where heads stand beside members.

    What was chosen by hand stays as it is.
    """
    between = [] if layout.members else [one for one in _between(layout) if mapping.meaning(one.key) is None]
    if not between or not _are_of_heads(rows[layout.below :], layout, between):
        return heads_beside(rows, layout)
    told = {one.index: Meaning(_OF_HEAD[one.field]) for one in between if one.field in _OF_HEAD}
    found = heads_beside(rows, layout.with_fields(told))
    return found if found.members else found.with_fields(_left_out(between))


def _left_out(columns: Sequence[Column]) -> dict[int, Meaning]:
    """Sex and birth of heads who are not taken in: they are nobody's."""
    return {one.index: Meaning(Field.IGNORED) for one in columns if one.field not in _OF_HEAD}


def _between(layout: Layout) -> list[Column]:
    """The columns between that of the heads and that of the names, but for those in one group with the names."""
    head, name = layout.one(Field.HEAD), layout.one(Field.NAME)
    group = next((one.header.rpartition("›")[0] for one in layout.columns if one.index == name), "")
    return [
        one
        for one in layout.columns
        if 0 <= head < one.index < name
        and one.field in _TOLD
        and not (group and one.header.rpartition("›")[0] == group)
    ]


def _are_of_heads(rows: Sequence[Sequence[Cell]], layout: Layout, between: Sequence[Column]) -> bool:
    head, name = layout.one(Field.HEAD), layout.one(Field.NAME)
    numbers = next((one.index for one in between if one.field is Field.ID_NUMBER), -1)
    led, called = dict[str, set[str]](), dict[str, set[str]]()
    among = False
    for row in rows:
        leads, named, number = (
            squeezed(text_of(row[at])) if 0 <= at < len(row) else "" for at in (head, name, numbers)
        )
        told = any(one.index < len(row) and row[one.index] != "" for one in between)
        if told and named and not leads:
            return False
        among = among or (leads != "" and named.startswith(leads))  # 张三（户主）
        if number and leads:
            led.setdefault(leads, set()).add(number)
            called.setdefault(number, set()).update({named} - {""})
    if any(len(names) > 1 for names in called.values()):
        return True
    return not among and all(len(found) == 1 for found in led.values())
