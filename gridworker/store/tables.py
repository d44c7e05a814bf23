"""Making the tables, and reading them anew from the log after an upgrade.

Record tables need no migrations: they are dropped and read again. What the older version did not understand waited
in the log and shows now.
"""

import json
from typing import TYPE_CHECKING, Any

from sqlmodel import SQLModel

from gridworker import __version__, discover
from gridworker.errors import StoreNewer
from gridworker.store import search
from gridworker.store.blanking import fields_of
from gridworker.store.corrected import choose_anew
from gridworker.store.database import raw_cursor
from gridworker.store.derive import derived
from gridworker.store.faults import damaged
from gridworker.store.intake import Taken
from gridworker.store.layout import Newborn
from gridworker.store.log import CHUNK, Columns, Cursor, Log, Standing, chunks, unpack_heads
from gridworker.store.meta import Meta
from gridworker.store.op import OpRow, What, unpack_all
from gridworker.store.projection import Places, Projection
from gridworker.store.schema import EXCHANGE, LOG
from gridworker.store.transaction import Progress, collecting_paused
from gridworker.store.verdicts import Verdicts

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.engine import Connection

FORMAT = 1
"""Of the tables that are not record tables; a store of a higher one is refused."""


def create(connection: "Connection") -> None:
    """All tables of a new store."""
    cursor = raw_cursor(connection)
    for statement in f"{LOG}{EXCHANGE}".split(";"):
        cursor.execute(statement)
    SQLModel.metadata.create_all(connection, tables=_tables())
    for statement in search.schema():
        cursor.execute(statement)
    _sign(cursor)


def is_current(connection: "Connection") -> bool:
    """Whether the record tables were written by this set of kinds.

    Raises StoreNewer where they were written by a program that knew more.
    """
    meta = Meta(raw_cursor(connection))
    try:
        known = json.loads(meta.text("signature", "{}"))
    except ValueError as fault:  # the engine may cut a value off where a page of it is damaged
        raise damaged() from fault
    newer = set(map(tuple, known.get("known", ()))) - set(_known())
    if newer or known.get("format", FORMAT) > FORMAT:
        raise StoreNewer(
            "This store was written by Gridworker {version}, and this is {here}. Install the newer one to open it.",
            version=meta.text("version"),
            here=__version__,
        )
    return bool(known == _signature())


def rebuild(connection: "Connection", progress: Progress | None = None) -> None:
    """Read heads, record tables, conflicts and the search index anew from the log, in the transaction that is open."""
    cursor = raw_cursor(connection)
    SQLModel.metadata.drop_all(connection, tables=_tables())
    SQLModel.metadata.create_all(connection, tables=_tables())
    for name in ("head", "awaited", "conflict", "pending"):
        cursor.execute(f"DELETE FROM {name}")
    Log(cursor).save_newest(Log(cursor).newest_by_scan())
    Verdicts(cursor).rebuild()
    cursor.execute("SELECT clk, kind, record, what, author, vals FROM op WHERE what = ?", (int(What.ERASE),))
    Log(cursor).add_erasures((row[2], at, row[0]) for row in cursor.fetchall() for at in fields_of(OpRow(*row)))
    with collecting_paused():
        _insert_created(cursor, progress)
        _derive_heads(raw_cursor(connection), cursor)
        _reread_edited(cursor)
        choose_anew(cursor, Taken())
    search.rebuild(connection)
    _sign(cursor)


def _insert_created(cursor: Cursor, progress: Progress | None) -> None:
    cursor.execute("SELECT count(*) FROM op")
    total, done = cursor.fetchone()[0], 0
    judged = Verdicts(cursor).all_judged()
    for rows in Log(cursor).ops():
        created = Columns.of([row for row in rows if row.what == What.CREATE and row.clk not in judged])
        if created.clk:
            newborn = Newborn.by_kind(created.kind, created.record, unpack_all(created.vals))
            for kind, records in newborn.items():
                Projection(cursor).insert(kind, records)
        done += len(rows)
        if progress:
            progress(done, total)


def _derive_heads(reading: Cursor, cursor: Cursor) -> None:
    log = Log(cursor)
    for part in chunks(derived(reading, log)):
        log.save_heads(Standing({one.record: one.kind for one in part}, {one.record: one.packed for one in part}))
        log.change_awaited((), (place for one in part for place in one.awaited))


def _reread_edited(cursor: Cursor) -> None:
    awaited = Log(cursor).awaited()
    last = -1
    while True:
        cursor.execute(
            "SELECT record, kind, k FROM head WHERE record > ? AND kind <> 0 ORDER BY record LIMIT ?", (last, CHUNK)
        )
        found = cursor.fetchall()
        if not found:
            return
        last = found[-1][0]
        kinds = {record: kind for record, kind, _ in found}
        heads = {record: unpack_heads(k) for record, _, k in found}
        Projection(cursor).reread(kinds, Places(kinds, heads, awaited))


def _known() -> list[tuple[str | int, ...]]:
    """Everything this version understands: (kind, field) and (list, code)."""
    specs = [(kind.kind.number, spec) for kind in discover.kinds().values() for spec in kind.kind.specs.values()]
    fields = [(number, spec.number) for number, spec in specs]
    codes = {(spec.codes.name, code) for _, spec in specs if spec.codes for code in spec.codes.labels}
    return [*sorted(fields), *sorted(codes)]


def _signature() -> dict[str, Any]:
    """What the record tables follow from, as it comes back from JSON."""
    columns = [
        [
            kind.kind.name,
            kind.kind.number,
            [[spec.name, spec.number, spec.type.value] for spec in kind.kind.specs.values()],
        ]
        for kind in discover.kinds().values()
    ]
    return {"format": FORMAT, "known": list(map(list, _known())), "columns": columns, "search": search.VERSION}


def _sign(cursor: Cursor) -> None:
    meta = Meta(cursor)
    meta.set("signature", json.dumps(_signature()))
    meta.set("version", __version__)


def _tables() -> "list[Table]":
    return [SQLModel.metadata.tables[name] for name in discover.kinds()]
