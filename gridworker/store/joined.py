"""Which records went into which when a clerk made one of two, and is it still so.

The deletion of the one that went says it in the log (op.into_in). What is remembered beside the log finds it without a
walk through all of it, and outlives an undo: that counts while the act stands and the record is off the books. Of an
act that this store knows from others alone (a laptop; an office that was restored from before it) the log is asked.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import compress
from typing import NamedTuple

from gridworker import discover
from gridworker.record import ALIVE
from gridworker.store.log.clock import OFFICE, laptop_of
from gridworker.store.log.heads import heads_of
from gridworker.store.log.log import Columns, Cursor, Log
from gridworker.store.log.op import What, into_in, unpack_all
from gridworker.store.remembering import Remembering
from gridworker.store.tables.reading import all_heads, read
from gridworker.store.undone import Undoing, taken_back

JOINED = "same"
"""The act that makes one of two."""
_JOINED = "joined:"
"""Begins what is remembered of each record that went into another: by kind and number, which one, and by which act."""

_HEARD = 0
"""In place of an act: it was another's, or one of this office in a life before it was restored."""

_MOVED = "moved:"
"""Begins what is remembered of each reference that followed: where it is, whom it named, and whom it names since."""
_AGAIN = "again:"
"""Begins those that were written to after they had gone, and went once more: an undo of the act leaves them gone."""

_FOLDED = "folded:"
"""Begins those of them that went themselves, for what they then said stood there already: by kind and number."""


class Moved(NamedTuple):
    """Field ``field`` of a record named ``named``, a kind and a number, and names ``now`` since.

    ``beside``: in a list of people, or a conflict, in which that one stood already.
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


def hear(cursor: Cursor, ops: Columns) -> None:
    """Remember it too where deletions of the office that come in say so; inside their transaction."""
    if What.DELETE not in ops.what:
        return
    wanted = [what == What.DELETE and laptop_of(clk) == OFFICE for clk, what in zip(ops.clk, ops.what, strict=True)]
    places = list(compress(zip(ops.kind, ops.record, strict=True), wanted))
    known = discover.by_number()
    for (number, gone), flat in zip(places, unpack_all(list(compress(ops.vals, wanted))), strict=True):
        into = into_in(flat)
        if into and number in known:
            _keep_heard(cursor, f"{_JOINED}{known[number].kind.name}:{gone}", into)


def _keep_heard(cursor: Cursor, name: str, into: int) -> None:
    memory = Remembering(cursor)
    own = [told for rest, told in memory.all(name).items() if not rest]
    batch = int(own[0].split()[1]) if own else _HEARD
    if batch == _HEARD or batch in taken_back(cursor):
        memory.keep(name, f"{into} {_HEARD}")


def joined(cursor: Cursor) -> dict[tuple[str, int], int]:
    """Those that went, by kind and number, and into which; not where it was undone or the record is back."""
    remembered = Remembering(cursor).all(_JOINED)
    found, back = {}, taken_back(cursor) if remembered else {}
    for (kind, gone), told in _by_record(remembered):
        keep = 0 if _is_here(cursor, kind, gone) else _standing(cursor, gone, told, back)
        if keep:
            found[kind, gone] = keep
    return found


def come_back(cursor: Cursor) -> dict[tuple[str, int], int]:
    """Those that went and are here again since a laptop wrote about them without having heard, and into which."""
    remembered = Remembering(cursor).all(_JOINED)
    found, back = {}, taken_back(cursor) if remembered else {}
    for (kind, gone), told in _by_record(remembered):
        cursor.execute("SELECT 1 FROM conflict WHERE record = ? AND field = ?", (gone, ALIVE))
        if cursor.fetchone() and _is_here(cursor, kind, gone) and (keep := _standing(cursor, gone, told, back)):
            found[kind, gone] = keep
    return found


def in_circles(into: Mapping[tuple[str, int], int]) -> set[tuple[str, int]]:
    """Of records that went into each other in a circle the eldest of each: there is none that all of them are.

    An office that was restored may have made one of two the other way round before it heard of its first act.
    """
    found = set[tuple[str, int]]()
    for kind, start in into:
        way, at = list[int](), start
        while (kind, at) in into and at not in way:
            way.append(at)
            at = into[kind, at]
        if at in way:
            found.add((kind, min(way[way.index(at) :])))
    return found


def _by_record(remembered: Mapping[str, str]) -> Iterator[tuple[tuple[str, int], str]]:
    for name, told in remembered.items():
        kind, gone = name.split(":")
        yield (kind, int(gone)), told


def _standing(cursor: Cursor, gone: int, told: str, back: Mapping[int, Undoing]) -> int:
    """Into which a record went, by an act that stands; 0 where none does."""
    keep, batch = map(int, told.split())
    if batch == _HEARD:
        return _by_the_log(cursor, gone)
    return 0 if batch in back else keep


def _by_the_log(cursor: Cursor, gone: int) -> int:
    """Into which a record went by the newest of its heads that says so; 0 where none does any more."""
    log = Log(cursor)
    heads = [clk for record, packed in log.heads([gone]).items() for clk in heads_of(packed, record, ALIVE)]
    rows = [row for _, row in sorted(log.rows(heads).items()) if row.what == What.DELETE]
    return next(filter(None, map(into_in, unpack_all([row.vals for row in reversed(rows)]))), 0)


def gone_again(cursor: Cursor) -> list[tuple[str, int]]:
    """Those that went once more, where the act is undone: that undo need not have brought them back.

    Not those that were erased since: nothing is left of them.
    """
    memory = Remembering(cursor)
    acts, again = memory.all(_JOINED), memory.all(_AGAIN)
    found, back = [], taken_back(cursor) if again else {}
    for name in again:
        kind, gone = name.split(":")
        if int(acts[name].split()[1]) in back and is_left(cursor, kind, int(gone)):
            found.append((kind, int(gone)))
    return found


def is_left(cursor: Cursor, kind: str, record: int) -> bool:
    """Whether anything is left of a record that is off the books: all may have been erased."""
    log = Log(cursor)
    if not log.erasures([record]):
        return True
    packed = log.heads([record]).get(record, {})
    left = read(record, packed, log.rows(all_heads(record, packed)), discover.kinds()[kind].kind)
    return any(value is not None for value in left.row.values())


def remember_moved(
    cursor: Cursor, moved: Iterable[Moved], again: Iterable[tuple[str, int]], folded: Iterable[tuple[str, int]] = ()
) -> None:
    """Remember what followed, what went by that, and what went once more, inside the transaction of that."""
    memory = Remembering(cursor)
    for kind, number in folded:
        memory.keep(f"{_FOLDED}{kind}:{number}", "1")
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


def folded(cursor: Cursor) -> set[tuple[str, int]]:
    """Of what followed so far what went by that."""
    found = (name.split(":") for name in Remembering(cursor).all(_FOLDED))
    return {(kind, int(number)) for kind, number in found}


def forget_moved(
    cursor: Cursor, gone_back: Iterable[Moved], again: Iterable[tuple[str, int]], folded: Iterable[tuple[str, int]] = ()
) -> None:
    """They name again whom they named, and what had gone by that, or once more, is back."""
    memory = Remembering(cursor)
    for kind, number in folded:
        memory.forget(f"{_FOLDED}{kind}:{number}")
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


def ever_into(cursor: Cursor, kind: str, records: Collection[int]) -> dict[int, int]:
    """Those of a kind that ever went into some records, also by way of others, and into which of the records."""
    told = Remembering(cursor).all(f"{_JOINED}{kind}:")
    into = {int(gone): int(words.split()[0]) for gone, words in told.items()}
    found: dict[int, int] = {}
    latest = {record: record for record in records}
    while latest:
        latest = {gone: latest[keep] for gone, keep in into.items() if keep in latest and gone not in found}
        found |= latest
    return found


def _moved_name(one: Moved) -> str:
    kind, number = one.named
    return f"{_MOVED}{one.kind}:{one.record}:{one.field}:{kind}:{number}"


def _is_here(cursor: Cursor, kind: str, record: int) -> bool:
    cursor.execute(f'SELECT 1 FROM "{discover.kinds()[kind].kind.name}" WHERE id = ?', (record,))
    return cursor.fetchone() is not None
