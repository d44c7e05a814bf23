"""A lock does not wait for whoever writes very much: it is ended, rolled back and told, and others go on."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from gridworker.errors import StoreClosed
from gridworker.store.engine.breaking_off import BreakingOff
from gridworker.store.engine.database import Connection, Database, raw_cursor
from tests.store.engine.test_database import count, insert, made

SOON = 0.05
SLOW = "INSERT INTO t (text) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
"""Writes for ever."""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = made(tmp_path / "data" / "store.db")
    yield database
    database.close()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


def writing(
    pool: ThreadPoolExecutor, database: Database, work: Callable[[Connection], object]
) -> "tuple[Future[None], Event]":
    """Begin to write in another thread; the transaction is open when this returns."""
    begun = Event()

    def write() -> None:
        with database.write() as connection:
            raw_cursor(connection).execute("INSERT INTO t (text) VALUES ('first')")
            begun.set()
            work(connection)

    future = pool.submit(write)
    assert begun.wait(10)
    return future, begun


def test_a_statement_that_goes_on_and_on_is_ended_and_all_of_it_goes_back(
    database: Database, pool: ThreadPoolExecutor
) -> None:
    insert(database, 0, 3)
    future, _ = writing(pool, database, lambda connection: raw_cursor(connection).execute(SLOW))
    start = monotonic()
    assert database.break_off(SOON)
    assert monotonic() - start < 5
    with pytest.raises(StoreClosed):
        future.result()
    assert count(database) == 3
    insert(database, 10, 2)
    assert count(database) == 5, "whoever comes after it writes"
    assert database.integrity() == []


def test_what_is_between_two_statements_is_not_committed(database: Database, pool: ThreadPoolExecutor) -> None:
    held = Event()
    future, _ = writing(pool, database, lambda _connection: held.wait(10))
    with ThreadPoolExecutor(1) as other:
        broken = other.submit(database.break_off, SOON)
        Event().wait(4 * SOON)
        held.set()
        assert broken.result()
    with pytest.raises(StoreClosed):
        future.result()
    assert count(database) == 0


def test_who_stands_in_line_behind_it_writes(database: Database, pool: ThreadPoolExecutor) -> None:
    """As a draft does that is kept at the lock."""
    future, _ = writing(pool, database, lambda connection: raw_cursor(connection).execute(SLOW))
    behind = pool.submit(insert, database, 20, 1)
    assert database.break_off(SOON)
    behind.result()
    with pytest.raises(StoreClosed):
        future.result()
    assert count(database) == 1


def test_what_ends_in_time_is_left_in_peace(database: Database, pool: ThreadPoolExecutor) -> None:
    future, _ = writing(pool, database, lambda _connection: Event().wait(SOON))
    assert not database.break_off(10)
    future.result()
    assert count(database) == 1


def test_where_nobody_writes_there_is_nothing_to_end(database: Database) -> None:
    assert not database.break_off(0)
    with database.write() as connection:
        raw_cursor(connection).execute("INSERT INTO t (text) VALUES ('own')")
        assert not database.break_off(0), "not what this thread writes itself"
    assert count(database) == 1


def test_nobody_else_is_met_and_nothing_is_committed_while_one_is_broken_off(pool: ThreadPoolExecutor) -> None:
    """The draft that stands in line behind it would be lost, and what is told as not saved would be."""
    begun, breaking_off, passed = Event(), Event(), Event()

    def interrupt() -> None:
        if not breaking_off.is_set():
            breaking_off.set()
            assert not passed.wait(4 * SOON), "it went past while it was broken off"

    breaking = BreakingOff(interrupt)

    def write() -> None:
        breaking.begin()
        begun.set()
        breaking_off.wait(10)
        try:
            breaking.go_past()
        finally:
            passed.set()
            breaking.end()

    future = pool.submit(write)
    assert begun.wait(10)
    assert breaking.break_off(0)
    with pytest.raises(StoreClosed):
        future.result()


def test_who_writes_next_is_not_met_in_the_stead_of_one_that_ended_just_now() -> None:
    met: list[str] = []
    breaking = BreakingOff(lambda: met.append("next"))
    breaking.begin(lambda: met.append("first"))
    first = breaking._writing
    assert first is not None
    breaking.end()
    breaking.begin()
    breaking._break(first)
    breaking.go_past()
    assert (met, first.broken) == ([], False)


def test_a_statement_that_is_begun_after_it_was_broken_off_is_ended_too(
    database: Database, pool: ThreadPoolExecutor
) -> None:
    """What is stopped between two statements does not notice; the next may take for ever."""
    held = Event()

    def slowly(connection: Connection) -> None:
        held.wait(10)
        raw_cursor(connection).execute(SLOW)

    future, _ = writing(pool, database, slowly)
    broken = pool.submit(database.break_off, SOON)
    Event().wait(4 * SOON)
    held.set()
    try:
        assert broken.result(10)
        with pytest.raises(StoreClosed):
            future.result()
    finally:
        database._writes.interrupt()
    assert count(database) == 0


def test_acts_together_are_ended_as_one(database: Database, pool: ThreadPoolExecutor) -> None:
    begun = Event()

    def together() -> None:
        with database.together():
            insert(database, 0, 2)
            begun.set()
            with database.write() as connection:
                raw_cursor(connection).execute(SLOW)

    future = pool.submit(together)
    assert begun.wait(10)
    assert database.break_off(SOON)
    with pytest.raises(StoreClosed):
        future.result()
    assert count(database) == 0


def test_writing_the_whole_file_anew_is_ended_and_leaves_it_as_it_was(
    database: Database, pool: ThreadPoolExecutor
) -> None:
    """After an erasure that takes long; it is due again with the next start."""
    insert(database, 0, 20_000, "x" * 3000)
    future = pool.submit(database.write_anew)
    while not (broken := database.break_off(0)):
        assert not future.done()
    assert broken
    with pytest.raises(StoreClosed):
        future.result()
    assert count(database) == 20_000
    assert database.integrity() == []
