"""Erasure: the one thing that takes values out of the log for good (sync.md 9, security.md "Deletion duty").

A person has the right to be forgotten. The office erases; the op travels to every laptop like a change, and wherever it
comes, in the transaction that takes it in::

    values of every op that had not seen it: blanked, in the log, what is set aside, drafts
    heads and rows: read anew from what is left    index: refreshed, its old parts merged away
    journal: MACed anew (relink.py)                files of the outbox and the archive: to be gone through (unredacted)

What is left is the skeleton: ids, clks, fields, who replaced what. The list of erasures is given out with ``erasures``
to lie outside the store too, and ``reapply`` brings it back to a store that was restored from an older copy, with the
ops, where another copy has them (borne.py).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from gridworker import discover
from gridworker.record import ALIVE, Kind
from gridworker.store.engine.database import raw_cursor
from gridworker.store.erasure.borne import Borne, bear_ops, beyond, borne
from gridworker.store.erasure.staying import Staying, require_unchanged, staying
from gridworker.store.intake.intake import Taken, by_name
from gridworker.store.joined import gone_into
from gridworker.store.log.blanking import emptied
from gridworker.store.log.log import Cursor, Log
from gridworker.store.log.op import What, unpack_create
from gridworker.store.meta import BORNE, BORNE_OPS, LATE_LOOKED, STALE, Meta
from gridworker.store.settling import Settling
from gridworker.store.tables.changes import Act, Change
from gridworker.store.wish import Wish

ACTS = frozenset({"erase", "note:erase", "note:retention"})
"""The acts that erase."""

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from gridworker.store.intake.transaction import Commit
    from gridworker.store.store import Beside, Store


class Erasure(NamedTuple):
    """One erasure: its op, its record, the numbers of the fields it named."""

    clk: int
    record: int
    fields: tuple[int, ...]


Known: TypeAlias = Erasure | tuple[int, int, tuple[int, ...]]


def erase(store: "Store", wishes: Sequence[Wish], act: Act, beside: "Beside | None" = None) -> "Commit":
    """Erase, at the office, as one act that cannot be undone.

    Raises NotFound for a record that never was here, Problem where something else stands there than ``was``. Of the
    first one it is noted where the journal was: what came before cannot have come late.
    """
    with store.cursor() as cursor:
        is_first = not Log(cursor).count_erasures()

    def also(connection: "Connection", commit: "Commit") -> None:
        if is_first:
            Meta(raw_cursor(connection)).set(LATE_LOOKED, commit.batch - 1)
        if beside is not None:
            beside(connection, commit)

    def plan(cursor: Cursor) -> list[Change]:
        wanted = [*wishes, *_of_joined(cursor, wishes)]
        numbers = _numbers(Log(cursor), [wish.record for wish in wanted])
        return [_change(cursor, wish, numbers.get(wish.record, frozenset())) for wish in wanted]

    return store.write(plan, act, also)


def erasures(cursor: Cursor) -> list[Erasure]:
    """Every erasure that was ever heard of, by clk."""
    cursor.execute("SELECT clk, record, field FROM erased ORDER BY clk, record, field")
    found: dict[tuple[int, int], list[int]] = {}
    for clk, record, field in cursor.fetchall():
        found.setdefault((clk, record), []).append(field)
    return [Erasure(clk, record, tuple(fields)) for (clk, record), fields in found.items()]


def reapply(store: "Store", known: Collection[Known], act: Act, ops: Iterable[Borne] = ()) -> "Commit | None":
    """Erase once more in a store that was restored from a copy older than these erasures; None where it knew them all.

    Their ``ops``, as far as they are at hand, and those that the copy was made to ``bear`` are taken in, so that all
    others hear of them: other backups may not know of them, nor a laptop. Where there are none the erasures stand
    without, until ops come back from the laptops, or for good.
    """
    from gridworker.store.store import Incoming

    with store.cursor() as cursor:
        new, bears = _new(cursor, known), Meta(cursor).number(BORNE)
        whole = {one.row.clk: one for one in (*borne(cursor), *ops)}
    if not (new or bears or whole):
        return None

    def settle(connection: "Connection", commit: "Commit") -> None:
        meta = Meta(raw_cursor(connection))
        _settle(store, connection, _new(raw_cursor(connection), known))
        meta.set(STALE, commit.batch)  # the one that was put back, and those made after it
        meta.set(BORNE, 0)
        meta.set(BORNE_OPS, None)

    numbers = {author: number for number, author in enumerate({one.author for one in whole.values()})}
    rows = [one.row._replace(author=numbers[one.author]) for one in whole.values()]
    return store.apply(Incoming(rows, list(numbers), replace(act, always=True), beside=settle))


def bear(store: "Store", present: Cursor) -> None:
    """Erase in a copy what was erased in the ``present`` store. It stays of its time, so it gets no link for that."""
    known = erasures(present)
    with store.cursor() as cursor:
        new, ops = _new(cursor, known), beyond(cursor, present)
    if new or ops:
        with store.db.write() as connection:
            _settle(store, connection, new)
            bear_ops(raw_cursor(connection), ops)
            Meta(raw_cursor(connection)).set(BORNE, 1)


def _new(cursor: Cursor, known: Iterable[Known]) -> list[Erasure]:
    here = set(map(tuple, erasures(cursor)))
    return [
        one for one in (Erasure(clk, record, tuple(fields)) for clk, record, fields in known) if tuple(one) not in here
    ]


def _settle(store: "Store", connection: "Connection", new: Collection[Erasure]) -> None:
    from gridworker.store.search import search

    if not new:
        return
    Log(raw_cursor(connection)).add_erasures((one.record, at, one.clk) for one in new for at in one.fields)
    taken = Taken(erased={one.record for one in new})
    settling = Settling(connection, taken)
    settling.read_anew()
    search.refresh(connection, by_name(taken.to_index.to_name()), by_name(taken.to_index.to_tell()))
    search.purge(connection)
    settling.blank(store.chain_key)


def ever_held(cursor: Cursor, kind: Kind, field: str) -> set[int]:
    """The records of a kind that the log holds a value of in a field, be it replaced or the record deleted."""
    log, wanted = Log(cursor), {kind.specs[field].number}
    ops = (row for rows in log.ops() for row in rows if row.kind == kind.number)
    held = {row.record for row in ops if emptied(row, wanted) is not row}
    known = log.kinds(held)
    return {record for record in held if known.get(record) == kind.number}


def _of_joined(cursor: Cursor, wishes: Sequence[Wish]) -> list[Wish]:
    """The same of what went into one of them when a clerk made one of two: it is off the books, its values are not."""
    named = {wish.record for wish in wishes}
    return [
        Wish(wish.kind, gone, wish.fields, numbers=wish.numbers)
        for wish in wishes
        for gone in gone_into(cursor, wish.kind, [wish.record])
        if gone not in named
    ]


def _numbers(log: Log, records: Collection[int]) -> dict[int, set[int]]:
    """All fields that ever had a value on records, by number: also those of a newer version."""
    heads = log.heads(records)
    rows = log.rows(records)
    found = {record: {field for field in packed if field > ALIVE} for record, packed in heads.items()}
    for record, row in rows.items():
        if row.what == What.CREATE:
            found.setdefault(record, set()).update(unpack_create(row.vals))
    return found


def _change(cursor: Cursor, wish: Wish, numbers: Collection[int]) -> Change:
    kind = discover.kinds()[wish.kind].kind
    require_unchanged(cursor, kind, wish.record, wish.was)
    stays = Staying(wish.instead, {})
    if wish.keep is not None:
        stays = staying(cursor, kind, wish.record, wish.fields or (), wish.keep)
    return Change(
        wish.kind, wish.record, stays.values, erase=_wanted(wish, numbers),
        alive=False if wish.gone else None, again=stays.again,
    )  # fmt: skip


def _wanted(wish: Wish, numbers: Collection[int]) -> frozenset[int]:
    kind = discover.kinds()[wish.kind].kind
    if wish.fields is not None:
        return wish.numbers.union(kind.specs[name].number for name in wish.fields)
    return frozenset(numbers) | kind.numbered.keys()
