"""The connections that are kept open: one that writes, and several that read one unchanging view each."""

from collections.abc import Callable

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

READERS = 4
MORE_READERS = 12


def writing_pool(connect: Callable[[], driver.Connection]) -> Engine:
    """The pool of the one writer; ``connect`` makes its connection."""
    return _pool(connect, 1, 0)


def reading_pool(connect: Callable[[], driver.Connection]) -> Engine:
    """The pool of readers: each begins a transaction at once, so that all it sees is of one state."""
    pool = _pool(connect, READERS, MORE_READERS)
    event.listen(pool, "begin", _begin_to_read)
    return pool


def _pool(connect: Callable[[], driver.Connection], size: int, overflow: int) -> Engine:
    return create_engine(
        "sqlite://",
        module=driver,  # without it the driver's exceptions arrive unmapped
        creator=connect,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=overflow,
        pool_use_lifo=True,  # the reader with the warm cache goes out first
        hide_parameters=True,  # values are people's data and stay out of exceptions and logs
    )


def _begin_to_read(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
