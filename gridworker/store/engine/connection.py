"""One connection to the encrypted file: the driver, the key, and the order of the statements that come first.

The recipe of security.md; each line is there because without it something was lost or left in clear.
"""

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver
from sqlalchemy.exc import DBAPIError

from gridworker.errors import StoreProblem
from gridworker.store.engine.file_bytes import refuse_other_logs

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from gridworker.store.engine.cursor import Cursor

UNSAFE_ENGINES = ((3, 7, 0), (3, 51, 2))
"""From and to: SQLite's write-ahead log could be reset at the wrong moment and damage the file."""

BUSY_SECONDS = 5.0
CACHE_KIB, READING_KIB, SCANNING_KIB, APPENDING_KIB = 64 * 1024, 12 * 1024, 2 * 1024, 2 * 1024
"""With so much cache encryption costs almost nothing (security.md). Readers are several, each with a cache of its own,
and what a page or a search asks for again fits in less. What goes through very much once, or only appends, does not ask
for its pages again."""
STATEMENTS = 512
"""Compiled statements a connection keeps. A merge goes round some two hundred for every bundle: with the driver's own
128, the oldest goes first, each of them was compiled again each time."""


def connect(path: Path, dek: bytes, *, query_only: bool) -> driver.Connection:
    """Open a connection with its key and its settings. Raises StoreProblem where a pipe stands in place of a log."""
    refuse_other_logs(path)
    _silence()
    _bind_quickly()
    connection = driver.connect(
        str(path),
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=STATEMENTS,
    )
    try:
        unlock(connection, dek)
        for pragma in _pragmas(query_only=query_only):
            connection.execute(f"PRAGMA {pragma}").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def refuse_engine(version: tuple[int, int, int]) -> None:
    """Raise StoreProblem for an SQLite that is known to damage files."""
    first, last = UNSAFE_ENGINES
    if first <= version <= last:
        raise StoreProblem(
            "SQLite {version} on this computer has a fault that can damage the data. Install Gridworker again, with "
            "its own packages.",
            version=".".join(map(str, version)),
        )


def unlock(connection: driver.Connection, dek: bytes) -> None:
    """The key comes first, always: a key after the first use is taken without a word and fails later."""
    connection.execute(f"PRAGMA key=\"x'{dek.hex()}'\"")
    if not connection.execute("PRAGMA cipher_version").fetchone():
        raise RuntimeError("this SQLite does not encrypt")


def _pragmas(*, query_only: bool) -> Iterator[str]:
    if not query_only:
        yield "journal_mode=WAL"
        yield "synchronous=FULL"  # NORMAL loses acknowledged work at a power cut
        yield "secure_delete=ON"
        yield "recursive_triggers=ON"  # a row that is replaced leaves like one that is deleted (last_calls.py)
    if sys.platform == "darwin":
        yield "fullfsync=ON"
        yield "checkpoint_fullfsync=ON"
    yield "trusted_schema=OFF"
    yield "temp_store=MEMORY"  # sorting must not leave people's data in temporary files
    yield "mmap_size=0"
    yield f"cache_size=-{READING_KIB if query_only else CACHE_KIB}"
    if query_only:
        yield "query_only=ON"


@contextmanager
def appending(cursor: "Cursor") -> Iterator[None]:
    """Keep fewer pages while very much is written that is new: pages that are full are not needed again."""
    cursor.execute(f"PRAGMA cache_size=-{APPENDING_KIB}")
    try:
        yield
    finally:
        with suppress(driver.Error):  # a disk that is full says so first
            cursor.execute(f"PRAGMA cache_size=-{CACHE_KIB}")


@contextmanager
def scanning(connection: "Connection") -> Iterator[None]:
    """Keep few pages while something is gone through once, and none of them afterwards.

    A reader that waits in the pool would keep them for nobody: who reads next is given the one that is warm.
    """
    connection.exec_driver_sql(f"PRAGMA cache_size=-{SCANNING_KIB}")
    try:
        yield
    finally:
        with suppress(driver.Error, DBAPIError):  # what was met in the block is said
            connection.exec_driver_sql("PRAGMA shrink_memory")
            connection.exec_driver_sql(f"PRAGMA cache_size=-{READING_KIB}")


@cache
def _silence() -> None:
    """SQLCipher prints key failures to stderr, for all connections of the process; the exceptions say it already."""
    with closing(driver.connect(":memory:")) as connection:
        connection.execute("PRAGMA cipher_log_level=NONE").fetchall()


@cache
def _bind_quickly() -> None:
    """Give None and bytes an adapter that does nothing. Where there is none, the driver looks for it every time.

    That takes a microsecond: a row with two nulls among its twelve columns took three times as long to insert.
    """
    driver.register_adapter(type(None), {None: None}.get)
    driver.register_adapter(bytes, bytes)
