"""Which column of a ledger was read as what, in words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from gridworker.text import Label, gettext

if TYPE_CHECKING:
    from gridworker.app.roster_preview import Preview

UNUSED = frozenset({"ignored", "serial", "sensitive"})

_FIELDS: Mapping[str, Label] = MappingProxyType(
    {
        "name": Label("Full name"),
        "id_number": Label("ID number"),
        "id_last4": Label("Last four of the ID number"),
        "id_type": Label("Kind of document"),
        "sex": Label("Sex"),
        "birth_date": Label("Date of birth"),
        "relation": Label("Relation to head"),
        "phone": Label("Phone"),
        "head": Label("Head of household"),
        "is_head": Label("Whether head of household"),
        "head_id_number": Label("ID number of the head"),
        "head_phone": Label("Phone of the household"),
        "estate": Label("Estate"),
        "building": Label("Building"),
        "unit": Label("Unit"),
        "room": Label("Room"),
        "address": Label("Address in one line"),
        "household_no": Label("Household number"),
        "tags": Label("Tags"),
        "tag": Label("A tag, where ticked"),
        "note": Label("Remark"),
        "change": Label("What became of the person"),
        "moved_out": Label("Moved out"),
        "deceased": Label("Deceased"),
        "residence": Label("How the person is registered"),
    }
)


def columns_of(preview: "Preview") -> list[tuple[str, list[tuple[str, str]]]]:
    """By sheet: the header of each column used, and the field it was read as."""
    return [
        (
            layout.sheet or "",
            [
                (_header(column.header, column.key), _field(str(column.field), column.tag))
                for column in layout.columns
                if column.field not in UNUSED
            ],
        )
        for layout in preview.roster.layouts
    ]


def _header(text: str, key: str) -> str:
    return text or gettext("Column {letter}").format(letter=key.lstrip("#"))


def _field(word: str, tag: str) -> str:
    if word == "tag" and tag:
        return gettext("Tag: {tag}").format(tag=tag)
    label = _FIELDS.get(word)
    return str(label) if label else word
