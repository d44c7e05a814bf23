"""The store: one write path, one journal, tables read from the log.

typing, undo, import -> write(changes) -.
                                        |-> take_in -> tables, conflicts, index -> journal link, one transaction
a bundle             -> apply(incoming) -'
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from gridworker.record import Value
from gridworker.store.batch import Entry
from gridworker.store.changes import Act, Change, OpWriter
from gridworker.store.clock import Clock, wall_ms
from gridworker.store.log import Cursor, Log
from gridworker.store.meta import Identity, Meta
from gridworker.store.op import Author, OpRow
from gridworker.store.transaction import NOTHING, Commit, close_link, take_in

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from gridworker.store.database import Database


Beside: TypeAlias = Callable[["Connection", Cursor], None]
"""Writes beside the log, in its transaction."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Checked ops from elsewhere. ``author`` in the rows is an index into ``authors``."""

    rows: Sequence[OpRow]
    authors: Sequence[Author]
    act: Act
    source: bytes | None = None
    """Hash of the bundle they came in."""
    beside: Beside | None = field(default=None, compare=False)
    """What has to be written in the same transaction: receipts, streams, ops set aside."""


class Store:
    """An open store. ``chain_key`` MACs the journal."""

    def __init__(self, db: "Database", chain_key: bytes, *, wall: Callable[[], int] = wall_ms) -> None:
        self.db = db
        self._chain_key = chain_key
        self._wall = wall
        with db.read() as connection:
            meta = Meta(cursor_of(connection))
            self.identity = Identity.load(meta)
            self._clock = Clock(self.identity.device, meta.number("clock"), wall)

    @property
    def chain_key(self) -> bytes:
        """The key of the journal's MACs, for the self-check."""
        return self._chain_key

    def new_id(self) -> int:
        """An id for a record to be created: the clk its creating op will have."""
        return self._clock.next()

    def write(self, changes: Sequence[Change], act: Act, beside: Beside | None = None) -> Commit:
        """Save what a person did. Only what differs from the store is logged; nothing differing writes nothing.

        ``beside`` writes what belongs to the same transaction and is no record: a draft that is finished, a bundle
        that was packed. Raises Problem where a field to be changed is in conflict and ``act`` does not resolve it.
        """
        with self._transaction() as (connection, cursor):
            author = Log(cursor).authors([Author(act.who, self.identity.scope)])[0]
            rows = OpWriter(cursor, self._clock, author).rows(changes, act)
            if beside is not None:
                beside(connection, cursor)
            if not rows and not act.always:
                return NOTHING
            return self._close(connection, cursor, act, rows, author)

    def apply(self, incoming: Incoming) -> Commit:
        """Take in ops from elsewhere, all of them or none."""
        with self._transaction() as (connection, cursor):
            log = Log(cursor)
            numbers = log.authors(incoming.authors)
            rows = [row._replace(author=numbers[row.author]) for row in incoming.rows]
            self._clock.absorb(max((row.clk for row in rows), default=0))
            author = log.authors([Author(incoming.act.who, self.identity.scope)])[0]
            commit = self._close(connection, cursor, incoming.act, rows, author, source=incoming.source)
            if incoming.beside is not None:
                incoming.beside(connection, cursor)
            return commit

    def adopt(self, identity: Identity) -> None:
        """Become another life of this device, or another device: before its first edit."""
        with self._transaction() as (_, cursor):
            identity.save(Meta(cursor))
            self.identity = identity
            self._clock = Clock(identity.device, self._clock.last, self._wall)

    def take_scope(self, scope: int) -> None:
        """Remember the scope number taken in with a reply."""
        self.adopt(replace(self.identity, scope=scope))

    @contextmanager
    def cursor(self) -> Iterator[Cursor]:
        """A reading cursor on a connection of its own."""
        with self.db.read() as connection:
            yield cursor_of(connection)

    @contextmanager
    def settings(self) -> Iterator[Meta]:
        """What the store knows of itself and its keys, for reading and writing, in a transaction of its own."""
        with self._transaction() as (_, cursor):
            yield Meta(cursor)

    def get(self, kind: str, record: int) -> dict[str, Value] | None:
        """The values of one record, or None where it is not there or deleted."""
        from gridworker.store.records import get

        with self.db.read() as connection:
            return get(connection, kind, record)

    def close(self) -> None:
        """Close all connections."""
        self.db.close()

    @contextmanager
    def _transaction(self) -> Iterator[tuple["Connection", Cursor]]:
        with self.db.write() as connection:
            yield connection, cursor_of(connection)

    def _close(
        self,
        connection: "Connection",
        cursor: Cursor,
        act: Act,
        rows: Sequence[OpRow],
        author: int,
        *,
        source: bytes | None = None,
    ) -> Commit:
        """Audit, log, merge, index and link, in the transaction that is open."""
        from gridworker.store import search

        noted = [*rows, *OpWriter(cursor, self._clock, author).audit(act, rows, self.identity.device)]
        taken = take_in(cursor, noted)
        search.refresh(connection, taken.touched)
        entry = Entry(act.name, author, self._wall(), source, act.undoes)
        commit = close_link(cursor, self._chain_key, entry, taken)
        Meta(cursor).set("clock", self._clock.last)
        return commit


def cursor_of(connection: "Connection") -> Cursor:
    """The driver's cursor of an open connection, for statements over thousands of rows."""
    cursor: Cursor = connection.connection.cursor()
    return cursor
