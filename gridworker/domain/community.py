"""The community an office works for."""

import re
from typing import ClassVar

from gridworker.errors import Problem
from gridworker.record import Kind, Privacy, Record, Type, field
from gridworker.text import Label


def is_key(text: str) -> bool:
    """Whether this is a key of 32 bytes in lower-case hex."""
    return re.fullmatch(r"[0-9a-f]{64}", text) is not None


def clean_key(text: str) -> str:
    """The check of such a key. Raises Problem."""
    if not is_key(text.lower()):
        raise Problem("This is no key: 64 digits and letters up to f.")
    return text.lower()


def clean_code(text: str) -> str:
    """The check of the code of a community in the list of divisions: 12 digits. Raises Problem."""
    if re.fullmatch(r"[0-9]{12}", text) is None:
        raise Problem("The code of a community has 12 digits.")
    return text


class Community(Record, table=True):
    """A residents' committee's area, with the names of what it belongs to (domain.md 2.2, divisions list)."""

    kind: ClassVar[Kind] = Kind(1, Label("Community"), Label("Communities"), caption=("name",), everywhere=True)

    code: str | None = field(1, Label("Division code"), required=True, max_length=15, check=clean_code)
    name: str | None = field(2, Label("Name"), required=True, max_length=50, search=True)
    province: str | None = field(3, Label("Province"), max_length=50)
    city: str | None = field(4, Label("City"), max_length=50)
    district: str | None = field(5, Label("District"), max_length=50)
    subdistrict: str | None = field(6, Label("Subdistrict"), max_length=50)
    office_name: str | None = field(7, Label("Office name"), max_length=50)
    export_cap: int | None = field(8, Label("People exported without the office's code"), Type.NUMBER)
    retention: str | None = field(9, Label("How long things are kept"), max_length=400)
    short_ids: int | None = field(10, Label("Only the last four of ID numbers are kept"), Type.FLAG)
    id_key: str | None = field(
        11, Label("Key of the ID numbers"), privacy=Privacy.SENSITIVE, max_length=64, check=clean_key
    )
