"""Real places, from province to community: from the table that ships or one the office brings."""

import csv
from functools import cache
from io import TextIOWrapper
from pathlib import Path

from gridworker import resources
from gridworker.domain.divisions import Divisions
from gridworker.errors import Problem
from gridworker.plainfile import open_plain


@cache
def divisions(table: Path | None = None) -> Divisions:
    """The table of places. Raises Problem for a file that is none."""
    path = table or resources.path("divisions", "huangshi.csv")
    try:
        with TextIOWrapper(open_plain(path), encoding="utf-8-sig", newline="") as file:
            return Divisions(list(csv.DictReader(file)))
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise Problem("The table of places, {file}, cannot be read.", file=path.name) from fault
