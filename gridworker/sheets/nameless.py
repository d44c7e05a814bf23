"""Columns that are not read: those without a header in which something stands, and what is said of all of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from gridworker.sheets.asides import counts
from gridworker.sheets.cells import Cell
from gridworker.sheets.findings import Finding
from gridworker.sheets.mapping import Column, Layout, letter
from gridworker.sheets.members import names_others
from gridworker.sheets.words import Field

_KINDS: Mapping[Field, str] = MappingProxyType({
    Field.SENSITIVE: "sensitive_dropped", Field.IGNORED: "column_ignored",
})  # fmt: skip
_MOST = 60
"""So many columns are looked at; no ledger has more without a header."""


def with_nameless(layout: Layout, rows: Sequence[Sequence[Cell]]) -> Layout:
    """The layout with those of its columns marked, and those added that stand to the right of the header."""
    headed = len(layout.columns)
    width = min(max(map(len, rows[layout.below :]), default=0), headed + _MOST)
    columns = (*layout.columns, *(Column(index, "") for index in range(headed, width)))
    asked = [column.index for column in columns if not column.header][:_MOST]
    filled = {index for index in asked if _is_filled(index, rows, layout.below)}
    kept = (column for column in columns if column.index < headed or column.index in filled)
    return replace(layout, columns=tuple(replace(one, filled=True) if one.index in filled else one for one in kept))


def _is_filled(index: int, rows: Sequence[Sequence[Cell]], below: int) -> bool:
    return any(index < len(rows[at]) and rows[at][index] != "" for at in range(below, len(rows)))


def unused_columns(sheet: str | None, layout: Layout, used: int = -1) -> Iterator[Finding]:
    """What is to be said of the columns that are not read; ``used`` is one that is all the same."""
    for column in layout.columns:
        if column.index == used:
            continue
        kind = _KINDS.get(column.field, "") if column.header else "column_nameless" if column.filled else ""
        kind = "others_ignored" if kind and names_others(column) else kind
        if kind and column.field in _KINDS:
            detail = column.header or letter(column.index)
            yield Finding(kind, sheet, None, column.index, values={"detail": detail})


def without_table_beside(layout: Layout) -> Layout:
    """The layout without the columns of a table that stands apart to the right, behind a blank column.

    What it says is of others: a remark there is about nobody of the residents, and a building beside sums is where
    nobody of them lives.
    """
    columns = layout.columns
    for gap in columns:
        beside = [one for one in columns[gap.index + 1 :] if not one.member]
        if gap.header or gap.filled or not any(one.header for one in columns[: gap.index]):
            continue
        name = next((one.index for one in beside if _names_others(one, columns[: gap.index])), -1)
        if name >= 0 or _are_sums(beside):
            left_out = {one.index for one in beside}
            kept = (replace(one, field=Field.IGNORED, tag="") if one.index in left_out else one for one in columns)
            return replace(layout, columns=tuple(kept), apart=name)
    return layout


def _are_sums(beside: Sequence[Column]) -> bool:
    """Whether columns are those of a table of sums: ``楼栋 | 户数 | 人数``."""
    return counts([one.header for one in beside]) and not any(one.field is Field.NAME for one in beside)


def _names_others(column: Column, before: Sequence[Column]) -> bool:
    """Whether a column has names, and one before it too: nobody has two."""
    return column.field is Field.NAME and any(one.field is Field.NAME and not one.member for one in before)
