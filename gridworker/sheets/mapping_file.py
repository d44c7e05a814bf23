"""A mapping as a file: what a person chose for the columns, to keep beside the ledgers and to give to a command.

JSON: ``{"fields": {"乳名": "name", "监护人›姓名": "ignored", "#C": "tag:低保"}, "headers": {"台账": [2, 1]},
"sheets": ["台账"]}``.
All parts may be left out. A text file has no sheet: its name is "".
"""

import json
from collections.abc import Mapping as Pairs
from pathlib import Path
from typing import Any

from gridworker.errors import NotFound, Problem
from gridworker.plainfile import open_plain
from gridworker.sheets.mapping import Mapping
from gridworker.sheets.people import Roster

_LONGEST = 2**20


def read_mapping(path: Path) -> Mapping:
    """The mapping of a file. Raises NotFound for no file, Problem for one that is no mapping."""
    try:
        with open_plain(path) as file:
            told = json.loads(file.read(_LONGEST))
        found = Mapping(_fields(told), _headers(told), _sheets(told))
    except FileNotFoundError:
        raise NotFound("There is no file {name}.", name=path.name) from None
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as fault:
        raise Problem("{name} holds no columns chosen by hand.", name=path.name) from fault
    unknown = [key for key in found.fields if found.meaning(key) is None]
    if unknown:
        raise Problem("{name} names no field that there is for the column {key}.", name=path.name, key=unknown[0])
    return found


def to_json(roster: Roster) -> dict[str, Any]:
    """How the columns of a ledger were read, in the form of such a file: to be changed and given back."""
    columns = [column for layout in roster.layouts for column in layout.columns if column.header or column.filled]
    fields = {column.key: f"tag:{column.tag}" if column.tag else str(column.field) for column in columns}
    return {
        "fields": fields,
        "headers": {
            layout.sheet or "": [layout.first + 1, layout.depth]
            for layout in reversed(roster.layouts)
            if layout.sheet not in roster.ways
        },
    }


def _fields(told: Pairs[str, Any]) -> dict[str, str]:
    return {str(key): str(word) for key, word in told.get("fields", {}).items()}


def _headers(told: Pairs[str, Any]) -> dict[str | None, tuple[int, int]]:
    return {name or None: (int(place[0]), int(place[1])) for name, place in told.get("headers", {}).items()}


def _sheets(told: Pairs[str, Any]) -> tuple[str | None, ...] | None:
    sheets = told.get("sheets")
    return None if sheets is None else tuple(str(name) or None for name in sheets)
