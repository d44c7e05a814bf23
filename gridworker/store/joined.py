"""Which records went into which when a clerk made one of two, and is it still so: known at the office alone.

What was remembered at the time outlives an undo; it counts while the act stands and the record is off the books.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from gridworker import discover
from gridworker.record import ALIVE
from gridworker.store.log.log import Cursor
from gridworker.store.remembering import Remembering

JOINED = "same"
"""The act that makes one of two."""
_JOINED = "joined:"
"""Begins what is remembered of each record that went into another: by kind and number, which one, and by which act."""

_MOVED = "moved:"
"""Begins what is remembered of each reference that followed: where it is, whom it named, and whom it names since."""
_AGAIN = "again:"
"""Begins those that were written to after they had gone, and went once more: an undo of the act leaves them gone."""


class Moved(NamedTuple):
    """Field ``field`` of a record named ``named``, a kind and a number, and names ``now`` since.

    ``beside``: in a list of people in which that one stood already.
    """

    kind: str
    record: int
    field: str
    named: tuple[str, int]
    now: int
    beside: bool = False


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


def come_back(cursor: Cursor) -> dict[tuple[str, int], int]:
    """Those that went and are here again since a laptop wrote about them without having heard, and into which."""
    found = {}
    for name, told in Remembering(cursor).all(_JOINED).items():
        (kind, gone), (keep, batch) = name.split(":"), told.split()
        cursor.execute("SELECT 1 FROM conflict WHERE record = ? AND field = ?", (int(gone), ALIVE))
        if cursor.fetchone() and _is_here(cursor, kind, int(gone)) and _stands(cursor, int(batch)):
            found[kind, int(gone)] = int(keep)
    return found


def gone_again(cursor: Cursor) -> list[tuple[str, int]]:
    """Those that went once more, where the act is undone: that undo need not have brought them back."""
    memory = Remembering(cursor)
    acts = memory.all(_JOINED)
    found = []
    for name in memory.all(_AGAIN):
        kind, gone = name.split(":")
        if not _stands(cursor, int(acts[name].split()[1])):
            found.append((kind, int(gone)))
    return found


def remember_moved(cursor: Cursor, moved: Iterable[Moved], again: Iterable[tuple[str, int]]) -> None:
    """Remember what followed, and what went once more, inside the transaction of that."""
    memory = Remembering(cursor)
    for one in moved:
        memory.keep(_moved_name(one), f"{one.now} {int(one.beside)}")
    for kind, number in again:
        memory.keep(f"{_AGAIN}{kind}:{number}", "1")


def moved(cursor: Cursor) -> list[Moved]:
    """What followed so far."""
    found = []
    for name, told in Remembering(cursor).all(_MOVED).items():
        kind, record, field, named, number = name.split(":")
        now, beside = told.split()
        found.append(Moved(kind, int(record), field, (named, int(number)), int(now), beside == "1"))
    return found


def forget_moved(cursor: Cursor, gone_back: Iterable[Moved], again: Iterable[tuple[str, int]]) -> None:
    """They name again whom they named, and what had gone once more is back."""
    memory = Remembering(cursor)
    for kind, number in again:
        memory.forget(f"{_AGAIN}{kind}:{number}")
    for one in gone_back:
        memory.forget(_moved_name(one))


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


def _moved_name(one: Moved) -> str:
    kind, number = one.named
    return f"{_MOVED}{one.kind}:{one.record}:{one.field}:{kind}:{number}"


def _stands(cursor: Cursor, batch: int) -> bool:
    """Whether an act was not undone, or its undo was."""
    cursor.execute("SELECT no FROM batch WHERE undoes = ?", (batch,))
    return not any(_stands(cursor, row[0]) for row in cursor.fetchall())


def _is_here(cursor: Cursor, kind: str, record: int) -> bool:
    cursor.execute(f'SELECT 1 FROM "{discover.kinds()[kind].kind.name}" WHERE id = ?', (record,))
    return cursor.fetchone() is not None
