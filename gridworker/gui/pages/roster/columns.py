"""Which column of a ledger was read as what, in words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from gridworker.text import Label, gettext

if TYPE_CHECKING:
    from gridworker.app.roster.rosters import Seen

_SHUT = frozenset({"sensitive"})
"""Columns that are not kept whatever anybody chooses (domain.md 7.2)."""

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
        "floor": Label("Floor"),
        "room": Label("Room"),
        "address": Label("Address in one line"),
        "household_no": Label("Household number"),
        "contact": Label("Emergency contact"),
        "contact_relation": Label("Relation of the emergency contact"),
        "contact_phone": Label("Phone of the emergency contact"),
        "tags": Label("Tags"),
        "tag": Label("A tag, where ticked"),
        "note": Label("Remark"),
        "change": Label("What became of the person"),
        "change_date": Label("Day of what became of the person"),
        "moved_out": Label("Moved out"),
        "deceased": Label("Deceased"),
        "residence": Label("How the person is registered"),
        "serial": Label("Running number"),
        "ignored": Label("Not used"),
    }
)


class ReadColumn(NamedTuple):
    """A column with a header: what it is remembered by, and what it was read as, as a word and for people."""

    key: str
    header: str
    word: str
    field: str


def choices() -> list[tuple[str, str]]:
    """The fields a column can be read as: word and label."""
    return [(word, str(label)) for word, label in _FIELDS.items()]


def columns_of(preview: "Seen") -> list[tuple[str, list[ReadColumn]]]:
    """By sheet: the columns that have a header, are filled or are used. What is not kept is named elsewhere."""
    from gridworker.app.ledger.forms import FormPreview

    if isinstance(preview, FormPreview):
        return [(sheet or "", [ReadColumn(*column) for column in columns]) for sheet, columns in preview.columns]
    return [
        (
            layout.sheet or "",
            [
                ReadColumn(
                    column.key, _header(column.header, column.key), str(column.field), _field(column.field, column.tag)
                )
                for column in layout.columns
                if column.field not in _SHUT
                and (column.header or column.filled or column.field != "ignored" or not layout.depth)
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
