"""Which records went into which when a clerk made one of two, and is it still so: known at the office alone.

What was remembered at the time outlives an undo; it counts while the act stands and the record is off the books.
"""

from collections.abc import Collection

from gridworker import discover
from gridworker.store.log import Cursor
from gridworker.store.remembering import Remembering

_JOINED = "joined:"
"""Begins what is remembered of each record that went into another: by kind and number, which one, and by which act."""


def remember(cursor: Cursor, kind: str, gone: int, keep: int, batch: int) -> None:
    """Remember that a record went into another by an act, inside the transaction of that act."""
    Remembering(cursor).keep(f"{_JOINED}{kind}:{gone}", f"{keep} {batch}")


def joined(cursor: Cursor) -> dict[tuple[str, int], int]:
    """Those that went, by kind and number, and into which; not where it was undone or the record is back."""
    found = {}
    for name, told in Remembering(cursor).all(_JOINED).items():
        (kind, gone), (keep, batch) = name.split(":"), told.split()
        if _stands(cursor, int(batch)) and not _is_here(cursor, kind, int(gone)):
            found[kind, int(gone)] = int(keep)
    return found


def once_joined(cursor: Cursor, kind: str) -> set[int]:
    """All of a kind that ever went into another, those too that are back."""
    return {int(name) for name in Remembering(cursor).all(f"{_JOINED}{kind}:")}


def gone_into(cursor: Cursor, kind: str, records: Collection[int]) -> list[int]:
    """Those of a kind that went into some records, also by way of others."""
    into = {gone: keep for (of, gone), keep in joined(cursor).items() if of == kind}
    found: dict[int, None] = {}
    latest = set(records)
    while latest:
        latest = {gone for gone, keep in into.items() if keep in latest and gone not in found}
        found.update(dict.fromkeys(sorted(latest)))
    return [one for one in found if one not in records]


def _stands(cursor: Cursor, batch: int) -> bool:
    """Whether an act was not undone, or its undo was."""
    cursor.execute("SELECT no FROM batch WHERE undoes = ?", (batch,))
    return not any(_stands(cursor, row[0]) for row in cursor.fetchall())


def _is_here(cursor: Cursor, kind: str, record: int) -> bool:
    cursor.execute(f'SELECT 1 FROM "{discover.kinds()[kind].kind.name}" WHERE id = ?', (record,))
    return cursor.fetchone() is not None
