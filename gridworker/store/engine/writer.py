"""The one writing connection: it stays out of its pool between writes, begun and committed by the driver itself.

To check a connection out, begin, look after what was begun and hand it back takes SQLAlchemy longer than the engine
takes for a short transaction, and a save is one. What is begun here holds for statements that go through SQLAlchemy
too: it has no transaction of its own beside (see database.py: nothing listens for its beginning).
"""

from collections.abc import Callable
from contextlib import closing
from types import TracebackType
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import sqlcipher3.dbapi2 as driver
    from sqlalchemy import Connection, Engine


class Writer:
    """The connection of an engine that has one. Whoever uses it sees to it that they are alone."""

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine
        self._kept: tuple[Connection, driver.Connection] | None = None
        """It, and the driver's own within: to ask for that every time takes as long as a short statement."""
        self._under_way: driver.Connection | None = None
        """That on which a transaction is open."""
        self.count = 0
        """Transactions that were committed."""

    def begun(self, *, counted: bool = True, failed: Callable[[], object] | None = None) -> "Begun":
        """BEGIN IMMEDIATE on entry, durable COMMIT on leaving; on any exception rolled back and back in the pool.

        ``failed`` is called once it was rolled back.
        """
        return Begun(self, counted, failed)

    def begin(self) -> "Connection":
        """Open a transaction on the connection, which is handed out."""
        connection, raw = self._kept or self._connected()
        self._kept, self._under_way = None, raw
        try:
            raw.execute("BEGIN IMMEDIATE")
        except BaseException:
            self.let_go(connection)
            raise
        return connection

    def commit(self, connection: "Connection") -> None:
        """Make what was written durable, and keep the connection for the next."""
        raw = cast("driver.Connection", self._under_way)
        if connection.in_transaction():
            connection.commit()
        raw.commit()
        self._kept, self._under_way = (connection, raw), None

    def let_go(self, connection: "Connection") -> None:
        """Roll back and put the connection back in the pool."""
        self._under_way = None
        connection.close()

    def interrupt(self) -> None:
        """Stop the statement that another thread runs in its transaction, if there is one."""
        raw = self._under_way
        if raw is not None:
            raw.interrupt()

    def _connected(self) -> "tuple[Connection, driver.Connection]":
        connection = self._engine.connect()
        return connection, cast("driver.Connection", connection.connection.dbapi_connection)

    def put(self, setting: str) -> None:
        """Put a setting of the connection, between writes: ``wal_autocheckpoint=0``.

        One that is in the pool goes back to it: what a write met may be a bad page, and its connection is let go then.
        """
        if self._kept is not None:
            self._kept[1].execute(f"PRAGMA {setting}")
            return
        connection, raw = self._connected()
        with closing(connection):
            raw.execute(f"PRAGMA {setting}")

    def close(self) -> None:
        """Let the connection go."""
        if self._kept is not None:
            self._kept[0].close()
            self._kept = None
        self._engine.dispose()


class Begun:
    """One transaction of the writer: see ``Writer.begun``."""

    __slots__ = ("_connection", "_counted", "_failed", "_writer")

    def __init__(self, writer: Writer, counted: bool, failed: Callable[[], object] | None) -> None:
        self._writer, self._counted, self._failed = writer, counted, failed

    def __enter__(self) -> "Connection":
        """Begin."""
        try:
            self._connection = self._writer.begin()
        except BaseException:
            self._was_not_kept()
            raise
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Commit, or roll back."""
        try:
            if error is None:
                self._writer.commit(self._connection)
                self._writer.count += self._counted
                return
        except BaseException:
            self._roll_back()
            raise
        self._roll_back()

    def _roll_back(self) -> None:
        self._writer.let_go(self._connection)
        self._was_not_kept()

    def _was_not_kept(self) -> None:
        if self._failed is not None:
            self._failed()
