"""A ledger's rows in words: codes by their labels, days as a superior wants them, numbers masked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from gridworker.app.id_keeping import number_shown
from gridworker.app.ledger.ledgers import Column
from gridworker.domain.codes_export import DAY_PATTERN, IN_FULL, LAST_FOUR, MASKED
from gridworker.domain.masking import mask_in_text, mask_phones
from gridworker.domain.moments import local
from gridworker.record import CodeList, Type
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.record import Value

Cell: TypeAlias = "str | int | None"

SEX = {"1": "男", "2": "女"}
"""As ledgers write it; what is unknown or not stated stays empty."""


@dataclass(frozen=True, slots=True)
class Style:
    """How days and numbers are written."""

    day_form: str = "dash"
    number_form: str = MASKED

    def day(self, day: date) -> str:
        """A day."""
        return DAY_PATTERN[self.day_form].format(day)


@dataclass(frozen=True, slots=True)
class Shown:
    """One column as it is written: its header, and the ledger's column; None is one to be filled in by hand."""

    header: str
    column: Column | None


def cells(row: "Mapping[str, Value]", shown: Sequence[Shown], style: Style) -> list[Cell]:
    """One row."""
    return [_cell(row, one.column, style) if one.column is not None else None for one in shown]


def words_of(column: Column) -> tuple[str, ...]:
    """What a column can hold where that is a list: the words of its codes, the usual ones."""
    if column.type is Type.FLAG:
        return gettext("Yes"), gettext("No")
    if column.codes is None or column.type is not Type.CODE:
        return ()
    if column.codes.name == "sex":
        return tuple(SEX.values())
    return tuple(map(column.codes.label, column.codes.first or column.codes.offered))


def _cell(row: "Mapping[str, Value]", column: Column, style: Style) -> Cell:
    value = row.get(column.name)
    if column.type is Type.ID_NUMBER:
        return _id_number(row, style)
    if value is None or value == "":
        return None
    if isinstance(value, int):
        return _number(value, column)
    return _text(value, column, style)


def _number(value: int, column: Column) -> Cell:
    if column.type is Type.FLAG:
        return gettext("Yes") if value else gettext("No")
    return value if column.type is Type.NUMBER else str(value)


def _text(text: str, column: Column, style: Style) -> str:
    match column.type:
        case Type.CODE if column.codes:
            return _label(column.codes, text)
        case Type.CODES if column.codes:
            return "、".join(map(column.codes.label, text.split()))
        case Type.DAY:
            return style.day(date.fromisoformat(text)) if len(text) == 10 else text
        case Type.MOMENT:
            at = local(text)
            return f"{style.day(at.date())} {at:%H:%M}"
        case Type.PHONES:
            return text if style.number_form == IN_FULL else mask_phones(text)
        case _:
            return text if style.number_form == IN_FULL else mask_in_text(text)


def _label(codes: CodeList, code: str) -> str:
    return SEX.get(code, "") if codes.name == "sex" else codes.label(code)


def _id_number(row: "Mapping[str, Value]", style: Style) -> Cell:
    number, last = str(row.get("id_number") or ""), str(row.get("id_last4") or "")
    if style.number_form == LAST_FOUR:
        return last or number[-4:] or None
    return number if number and style.number_form == IN_FULL else number_shown(row) or None
