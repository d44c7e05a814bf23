"""Making the tables, and reading them anew from the log after an upgrade.

Record tables need no migrations: they are dropped and read again. What the older version did not understand waited
in the log and shows now.
"""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlmodel import SQLModel

from gridworker import discover
from gridworker.record import Record
from gridworker.store import search
from gridworker.store.log import CHUNK, Log, unpack_heads
from gridworker.store.meta import Meta
from gridworker.store.op import OpRow, What
from gridworker.store.projection import Projection
from gridworker.store.schema import EXCHANGE, LOG

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Progress = Callable[[int, int], None]
"""Called with ops read so far and ops in all."""


def signature() -> str:
    """A hash over the declared kinds and fields: tables written under another one are read anew."""
    declared = [
        (
            record.kind.number,
            record.kind.name,
            [(spec.number, spec.name, spec.type.value) for spec in record.kind.specs.values()],
        )
        for record in discover.kinds().values()
    ]
    codes = [
        (spec.codes.name, sorted(spec.codes.labels))
        for record in discover.kinds().values()
        for spec in record.kind.specs.values()
        if spec.codes is not None
    ]
    return hashlib.sha256(repr((declared, codes, search.VERSION)).encode()).hexdigest()


def create(connection: "Connection") -> None:
    """All tables of a new store."""
    for statement in f"{LOG}{EXCHANGE}".split(";"):
        if statement.strip():
            connection.exec_driver_sql(statement)
    _create_record_tables(connection)
    for statement in search.schema():
        connection.exec_driver_sql(statement)
    Meta(connection.connection.cursor()).set("signature", signature())


def is_current(connection: "Connection") -> bool:
    """Whether the record tables were written by this set of kinds."""
    return Meta(connection.connection.cursor()).text("signature") == signature()


def rebuild(connection: "Connection", progress: Progress = lambda done, total: None) -> None:
    """Read every record table, conflict and the search index anew from the log, in the transaction that is open."""
    cursor = connection.connection.cursor()
    SQLModel.metadata.drop_all(connection, tables=_tables())
    _create_record_tables(connection)
    for name in ("conflict", "pending"):
        cursor.execute(f"DELETE FROM {name}")
    cursor.execute("SELECT count(*) FROM op")
    total = cursor.fetchone()[0]
    _insert_created(connection, progress, total)
    _reread_edited(connection)
    search.rebuild(connection)
    Meta(cursor).set("signature", signature())


def _insert_created(connection: "Connection", progress: Progress, total: int) -> None:
    reading, writing = connection.connection.cursor(), connection.connection.cursor()
    projection = Projection(writing)
    last, done = -1, 0
    while True:
        reading.execute(
            "SELECT clk, kind, record, what, author, vals FROM op WHERE clk > ? ORDER BY clk LIMIT ?", (last, CHUNK)
        )
        rows = [OpRow(*row) for row in reading.fetchall()]
        if not rows:
            return
        last, done = rows[-1].clk, done + len(rows)
        projection.insert(row for row in rows if row.what == What.CREATE)
        progress(done, total)


def _reread_edited(connection: "Connection") -> None:
    cursor = connection.connection.cursor()
    awaited = Log(cursor).awaited()
    last = -1
    while True:
        cursor.execute("SELECT record, kind, k FROM head WHERE record > ? ORDER BY record LIMIT ?", (last, CHUNK))
        found = cursor.fetchall()
        if not found:
            return
        last = found[-1][0]
        Projection(cursor).reread({record: (kind, unpack_heads(k)) for record, kind, k in found}, awaited)


def _create_record_tables(connection: "Connection") -> None:
    SQLModel.metadata.create_all(connection, tables=_tables())


def _tables() -> list:  # type: ignore[type-arg]
    return [_table(record) for record in discover.kinds().values()]


def _table(record: type[Record]):  # type: ignore[no-untyped-def]
    return record.__table__  # type: ignore[attr-defined]
