"""Several record ids in one text field: ``"12 45"``, ascending, one space between (steps followed, people met)."""

import re
from collections.abc import Iterable

from gridworker.errors import Problem
from gridworker.record import MAX_INTEGER

_ID = re.compile(r"[0-9]{1,19}").fullmatch


def read_ids(text: str | None) -> tuple[int, ...]:
    """The ids in a field; words that are none (a newer version's) are passed over."""
    return tuple([int(word) for word in text.split() if _ID(word)]) if text else ()


def join_ids(ids: Iterable[int]) -> str | None:
    """Ids as they are stored; None for none."""
    return " ".join(str(record) for record in sorted(set(ids))) or None


def clean_ids(text: str) -> str:
    """The check of such a field."""
    ids = read_ids(text)
    if len(ids) != len(text.split()) or any(record > MAX_INTEGER for record in ids):
        raise Problem("This must be record numbers with spaces between.")
    return join_ids(ids) or ""
