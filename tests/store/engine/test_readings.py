"""Readings of other threads are ended when the store is closed; a write that is under way is not."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from threading import Event

import pytest
import sqlcipher3.dbapi2 as driver

from gridworker.errors import StoreClosed
from gridworker.looking import is_looking, looking
from gridworker.store.engine import database as module
from gridworker.store.engine import page_check
from gridworker.store.engine.connection import connect
from gridworker.store.engine.database import Connection, Database, raw_cursor
from gridworker.store.engine.readings import Readings
from tests.store.engine.test_database import count, insert, made

FOR_EVER = "SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT i FROM n)"
"""Never ends by itself: whoever waits for it waits for who ends it, however fast the machine is."""
IN_TIME = 20


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    database = made(path)
    insert(database, 0, 3)
    yield database
    database.close()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def ask(connection: Connection) -> object:
    return raw_cursor(connection).execute(FOR_EVER).fetchall()


def reading(
    pool: ThreadPoolExecutor, database: Database, work: Callable[[Connection], object] = ask, *, looks: bool = False
) -> "Future[None]":
    """Begin to read in another thread; its connection is taken when this returns."""
    begun = Event()

    def read() -> None:
        with looking() if looks else nullcontext(), database.read() as connection:
            begun.set()
            work(connection)

    future = pool.submit(read)
    assert begun.wait(IN_TIME)
    return future


def is_open(connection: driver.Connection) -> bool:
    try:
        connection.execute("SELECT 1")
    except driver.ProgrammingError:
        return False
    return True


def test_a_statement_without_end_is_ended_by_closing_and_its_connection_is_closed(
    database: Database, pool: ThreadPoolExecutor, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections = list[driver.Connection]()

    def connected(path: Path, dek: bytes, *, query_only: bool) -> driver.Connection:
        connections.append(connect(path, dek, query_only=query_only))
        return connections[-1]

    monkeypatch.setattr(module, "connect", connected)
    futures = [reading(pool, database), reading(pool, database, looks=True)]
    database.close()
    for future in futures:
        assert isinstance(future.exception(IN_TIME), StoreClosed)
    assert len(connections) == 2
    assert not any(map(is_open, connections))
    assert not path.with_name("store.db-wal").exists(), "it was closed in order"
    again = Database(path, bytes(range(32)))
    assert count(again) == 3
    again.close()


def test_what_is_between_two_statements_is_met_at_the_next(database: Database, pool: ThreadPoolExecutor) -> None:
    held = Event()

    def slowly(connection: Connection) -> None:
        held.wait(IN_TIME)
        ask(connection)

    future = reading(pool, database, slowly)
    closing = pool.submit(database.close)
    while not database._readings._all_end:
        Event().wait(0.01)
    held.set()
    assert isinstance(future.exception(IN_TIME), StoreClosed)
    closing.result(IN_TIME)


def test_only_what_looks_is_ended_before_the_store_is_closed(database: Database, pool: ThreadPoolExecutor) -> None:
    """Whoever saves reads first."""
    held = Event()

    def slowly(connection: Connection) -> None:
        held.wait(IN_TIME)
        assert connection.exec_driver_sql("SELECT count(*) FROM t").scalar_one() == 3
        with database.read() as another:
            assert another.exec_driver_sql("SELECT count(*) FROM t").scalar_one() == 3

    saving, looks = reading(pool, database, slowly), reading(pool, database, looks=True)
    database.stop_looking()
    assert isinstance(looks.exception(IN_TIME), StoreClosed)
    with looking(), pytest.raises(StoreClosed):
        count(database)
    assert count(database) == 3
    held.set()
    saving.result(IN_TIME)


def test_what_is_read_meanwhile_looks_where_whoever_asked_does(database: Database, pool: ThreadPoolExecutor) -> None:
    seen = list[bool]()

    def more(connection: Connection) -> object:
        seen.append(is_looking())
        return ask(connection)

    def both() -> None:
        with looking(), database.meanwhile(more) as found:
            found()

    future = pool.submit(both)
    while not seen:
        Event().wait(0.01)
    database.stop_looking()
    assert isinstance(future.exception(IN_TIME), StoreClosed)
    assert seen == [True]


def test_a_write_that_is_under_way_ends_is_kept_and_may_read_beside_it(
    database: Database, pool: ThreadPoolExecutor, path: Path
) -> None:
    begun, held = Event(), Event()

    def write() -> None:
        with database.write() as connection:
            raw_cursor(connection).execute("INSERT INTO t VALUES (10, 'first')")
            begun.set()
            held.wait(IN_TIME)
            with database.read() as beside:
                assert beside.exec_driver_sql("SELECT count(*) FROM t").scalar_one() == 3
            raw_cursor(connection).execute(
                "INSERT INTO t (text) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) "
                "SELECT i FROM n"
            )

    writing, looks = pool.submit(write), reading(pool, database)
    assert begun.wait(IN_TIME)
    closing = pool.submit(database.close)
    assert isinstance(looks.exception(IN_TIME), StoreClosed)
    held.set()
    writing.result(IN_TIME)
    closing.result(IN_TIME)
    again = Database(path, bytes(range(32)))
    assert count(again) == 200_004
    assert again.integrity() == []
    again.close()


def test_a_check_and_a_copy_are_ended_too(
    database: Database, pool: ThreadPoolExecutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert(database, 10, 3000, "x" * 3000)
    monkeypatch.setattr(module, "COPIED_AT_ONCE", 1)
    checking, copying = Event(), Event()

    def check() -> None:
        while True:
            checking.set()
            database.integrity()

    def copy(connection: Connection) -> None:
        database.copy(connection, tmp_path / "copy.db", lambda _share: copying.set())

    checked, copied = pool.submit(check), reading(pool, database, copy)
    assert checking.wait(IN_TIME)
    assert copying.wait(IN_TIME)
    database.close()
    assert isinstance(checked.exception(IN_TIME), StoreClosed)
    assert isinstance(copied.exception(IN_TIME), StoreClosed)


def test_the_check_of_the_pages_listens_on_its_way_and_ends_with_the_store(
    database: Database, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine's own goes through all pages in one piece, and a lock waited for it."""
    insert(database, 10, 3000, "x" * 3000)
    monkeypatch.setattr(page_check, "AT_ONCE", 1)
    asked: list[int] = []

    def no_longer() -> None:
        asked.append(1)
        if len(asked) == 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        database.integrity(no_longer)
    assert len(asked) == 40
    on_its_way, closed = Event(), Event()

    def meanwhile() -> None:
        on_its_way.set()
        assert closed.wait(IN_TIME)

    checked = pool.submit(database.integrity, meanwhile)
    assert on_its_way.wait(IN_TIME)
    database.stop_looking()
    database._readings.stop(0)
    closed.set()
    assert isinstance(checked.exception(IN_TIME), StoreClosed)


def test_what_does_something_else_than_reading_is_not_waited_for_without_end(
    database: Database, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LEFT_OFF", 0.05)
    held = Event()
    future = reading(pool, database, lambda _connection: held.wait(IN_TIME))
    database.close()
    assert not future.done()
    assert len(database._readings._under_way) == 1
    held.set()
    future.result(IN_TIME)
    assert not database._readings._under_way


def test_whoever_closes_does_not_wait_for_itself(database: Database) -> None:
    with database.read() as connection:
        assert database._readings.stop(0)
        assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1


def test_one_that_was_closed_just_now_is_passed_over() -> None:
    closed = driver.connect(":memory:", check_same_thread=False)
    closed.close()
    readings = Readings()
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(readings.begin, closed).result()
        assert not readings.stop(0)
    readings.end(reading)
    assert readings.stop(0)
    with pytest.raises(StoreClosed):
        readings.begin(closed)
    assert not readings._under_way


def test_what_is_met_and_that_what_has_ended_stays_so() -> None:
    """Before the store is closed only what looks, and never what is within a write."""
    readings, connection = Readings(), driver.connect(":memory:", check_same_thread=False)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(readings.begin, connection, writes=True).result()
        saving = pool.submit(readings.begin, connection).result()
    assert readings.stop(0, looks=True)
    readings.end(saving)
    assert readings.stop(0)
    assert readings.stop(0, looks=True)
    with pytest.raises(StoreClosed):
        readings.begin(connection)
    connection.close()


def test_whoever_comes_after_the_lock_hears_of_that_and_not_of_a_file_that_is_elsewhere_by_now(
    database: Database, path: Path
) -> None:
    """A merge that begins just then: a restore moves the file away, a stick is pulled out."""
    database.close()
    path.rename(path.with_name("aside.db"))
    for begin in (database.write, database.read, database.together, database.lying_still):
        with pytest.raises(StoreClosed, match="locked"), begin():
            pytest.fail("nothing is open")
    for look in (database.checkpoint, database.integrity, database.write_anew):
        with pytest.raises(StoreClosed, match="locked"):
            look()
