"""Reading heads, record tables, conflicts and the search index anew from the log, after an upgrade.

Record tables need no migrations: they are dropped and read again. What the older version did not understand waited in
the log and shows now. Each lot is a transaction that also keeps the place it came to, so whatever ends it, the next
start goes on from there; the tables count as not current until the last step.

    begin -> created: records as they were created -> heads -> edited: records with edits -> the index, and signed
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gridworker.record import MAX_INTEGER
from gridworker.store.engine.database import raw_cursor
from gridworker.store.intake.choosing import choose_anew
from gridworker.store.intake.intake import Taken
from gridworker.store.intake.own_ops_index import index_own_ops
from gridworker.store.intake.transaction import Progress, collecting_paused
from gridworker.store.log import unread
from gridworker.store.log.blanking import fields_of
from gridworker.store.log.derive import derived
from gridworker.store.log.log import CHUNK, Columns, Cursor, Log, Standing, chunks, unpack_heads
from gridworker.store.log.op import OpRow, What
from gridworker.store.log.verdicts import Verdicts
from gridworker.store.meta import Identity, Meta
from gridworker.store.search import search
from gridworker.store.tables.layout import Newborn
from gridworker.store.tables.projection import Places, Projection
from gridworker.store.upgrade import add_missing
from gridworker.store.upgrade.tables import REREADING, make_anew, sign, signature

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection, Database

CREATED, HEADS, EDITED, INDEX = range(4)
STEPS = 4
"""Each counts for a quarter of the way."""
LOT = CHUNK
_START = -MAX_INTEGER - 1


def reread(db: "Database", progress: Progress | None = None) -> None:
    """Read everything anew, or go on where that was cut off."""
    told = progress or _unheard
    with db.write() as connection:
        step, after = _place(raw_cursor(connection)) or _begin(connection)
    with collecting_paused():
        if step == CREATED:
            _insert_created(db, after, told)
            after = _START
        if step <= HEADS:
            told(HEADS / STEPS)
            _derive_heads(db, after if step == HEADS else _START, told)
        if step <= EDITED:
            _reread_edited(db, after if step == EDITED else _START, told)
        told(INDEX / STEPS)
        with db.write() as connection:
            search.rebuild(connection, lambda share: told((INDEX + share) / STEPS))
            Meta(raw_cursor(connection)).set(REREADING, "")
            sign(raw_cursor(connection))
        told(1.0)


def _unheard(_share: float) -> None:
    """Nobody wants to know how far it is."""


def _place(cursor: Cursor) -> tuple[int, int] | None:
    """Where this version was cut off; another one's half-read tables are begun anew."""
    kept = Meta(cursor).text(REREADING)
    if not kept:
        return None
    goal, step, after = json.loads(kept)
    return (step, after) if goal == signature() else None


def _keep(cursor: Cursor, step: int, after: int = _START) -> None:
    Meta(cursor).set(REREADING, json.dumps([signature(), step, after]))


def _begin(connection: "Connection") -> tuple[int, int]:
    """Empty what is read from the log. The signature is this version's from now on: an older program keeps away."""
    cursor = raw_cursor(connection)
    add_missing.bring_up(cursor)
    index_own_ops(cursor, Identity.load(Meta(cursor)).laptop)
    make_anew(connection)
    for name in ("head", "awaited", "conflict", "pending"):
        cursor.execute(f"DELETE FROM {name}")
    unread.rebuild(cursor)
    Log(cursor).save_newest(Log(cursor).newest_by_scan())
    Verdicts(cursor).rebuild()
    cursor.execute(
        "SELECT clk, kind, record, what, author, CAST(vals AS BLOB) FROM op WHERE what = ?", (int(What.ERASE),)
    )
    Log(cursor).add_erasures((row[2], at, row[0]) for row in cursor.fetchall() for at in fields_of(OpRow(*row)))
    sign(cursor)
    _keep(cursor, CREATED)
    return CREATED, _START


def _insert_created(db: "Database", after: int, told: Progress) -> None:
    for rows, total, done in _lots(db, after):
        with db.write() as connection:
            cursor = raw_cursor(connection)
            judged = Verdicts(cursor).all_judged()
            created = Columns.of([row for row in rows if row.what == What.CREATE and row.clk not in judged])
            if created.clk:
                newborn = Newborn.by_kind(created.kind, created.record, created.vals)
                for kind, records in newborn.items():
                    Projection(cursor).insert(kind, records)
            _keep(cursor, CREATED, rows[-1].clk)
        told(done / total / STEPS)


def _lots(db: "Database", after: int) -> Iterator[tuple[list[OpRow], int, int]]:
    """The ops above a clk in lots, with how many there are, and how many are done after each."""
    with db.read() as connection:
        cursor = raw_cursor(connection)
        cursor.execute("SELECT count(*), count(*) FILTER (WHERE clk <= ?) FROM op", (after,))
        total, done = cursor.fetchone()
        for rows in Log(cursor).ops(above=after):
            done += len(rows)
            yield rows, total, done


def _derive_heads(db: "Database", after: int, told: Progress) -> None:
    with db.read() as reading:
        for part in chunks(derived(raw_cursor(reading), Log(raw_cursor(reading)), above=after), LOT):
            with db.write() as connection:
                log = Log(raw_cursor(connection))
                log.save_heads(
                    Standing({one.record: one.kind for one in part}, {one.record: one.packed for one in part})
                )
                log.change_awaited((), (place for one in part for place in one.awaited))
                _keep(raw_cursor(connection), HEADS, part[-1].record)
            told(HEADS / STEPS)  # how many there are nobody knows, but who waits may stop it


def _reread_edited(db: "Database", after: int, told: Progress) -> None:
    with db.read() as reading:
        cursor = raw_cursor(reading)
        cursor.execute("SELECT count(*), count(*) FILTER (WHERE record <= ?) FROM head WHERE kind <> 0", (after,))
        total, done = cursor.fetchone()
    while True:
        with db.write() as connection:
            cursor = raw_cursor(connection)
            cursor.execute(
                "SELECT record, kind, k FROM head WHERE record > ? AND kind <> 0 ORDER BY record LIMIT ?",
                (after, LOT),
            )
            found = cursor.fetchall()
            if not found:
                choose_anew(cursor, Taken())
                _keep(cursor, INDEX)
                return
            after = found[-1][0]
            kinds = {record: kind for record, kind, _ in found}
            heads = {record: unpack_heads(k) for record, _, k in found}
            Projection(cursor).reread(kinds, Places(kinds, heads, Log(cursor).awaited()))
            _keep(cursor, EDITED, after)
        done += len(found)
        told((EDITED + min(done / total, 1)) / STEPS)
