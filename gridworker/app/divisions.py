"""Real places, from province to community: from the table that ships or one the office brings."""

import csv
from functools import cache
from pathlib import Path

from gridworker import resources
from gridworker.errors import NotFound, Problem
from gridworker.text import gettext

LEVELS = ("province", "city", "district", "subdistrict", "community")


@cache
def _rows(path: Path) -> dict[str, tuple[str, str, str]]:
    """(name, level, parent code) by code. Raises Problem for a file that is not a table of divisions."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = {
                row["code"].strip(): (row["name"].strip(), row["level"].strip(), (row["parent_code"] or "").strip())
                for row in csv.DictReader(file)
            }
    except (OSError, UnicodeDecodeError, KeyError, AttributeError, csv.Error) as fault:
        raise Problem(
            "The table of places {file} cannot be read: it needs the columns code, name, level and parent_code.",
            file=path.name,
        ) from fault
    return rows


def shipped() -> Path:
    """The table that ships with the program."""
    return resources.path("divisions", "huangshi.csv")


def community(code: str, table: Path | None = None) -> dict[str, str]:
    """A community with the names above it, by field of the kind. Raises NotFound, Problem."""
    rows = _rows(table or shipped())
    if rows.get(code, ("", "", ""))[1] != "community":
        raise NotFound("There is no community with the code {code} in the table of places.", code=code)
    found = {"code": code, "name": rows[code][0]}
    parent = rows[code][2]
    while parent in rows:
        name, level, above = rows[parent]
        found[level] = name
        parent = above
    return found


def below(code: str = "", table: Path | None = None) -> list[tuple[str, str, str]]:
    """(code, name, level) of the places directly below one, for the wizard's picker."""
    rows = _rows(table or shipped())
    return [(own, name, level) for own, (name, level, parent) in rows.items() if parent == code]


def level_label(level: str) -> str:
    """What a level is called."""
    labels = {
        "province": gettext("Province"), "city": gettext("City"), "district": gettext("District"),
        "subdistrict": gettext("Subdistrict"), "community": gettext("Community"),
    }  # fmt: skip
    return labels[level]
