import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread, current_thread

import pytest
import sqlcipher3.dbapi2 as driver
from sqlalchemy.exc import IntegrityError, OperationalError

from gridworker.errors import DiskFull, StoreBusy, StoreClosed, StoreDamaged, StoreMissing, StoreProblem
from gridworker.store.engine import connection as module
from gridworker.store.engine.connection import refuse_engine
from gridworker.store.engine.database import PAGE_SIZE, Connection, Database, raw_cursor
from gridworker.store.engine.diskspace import Ballast

DEK = bytes(range(32))
ROOT = Path(__file__).parents[3]
PAGE = 4096


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    database = made(path)
    yield database
    database.close()


def made(path: Path, ballast: Ballast | None = None) -> Database:
    database = Database(path, DEK, create=True, ballast=ballast)
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)")
    return database


def insert(database: Database, start: int, count: int, text: str = "x") -> None:
    with database.write() as connection:
        raw_cursor(connection).executemany("INSERT INTO t VALUES (?,?)", [(start + n, text) for n in range(count)])


def count(database: Database) -> int:
    with database.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM t").scalar_one())


def test_a_write_is_there_after_reopening(database: Database, path: Path) -> None:
    insert(database, 0, 3)
    database.close()
    again = Database(path, DEK)
    assert count(again) == 3
    again.close()


def test_an_exception_rolls_the_write_back(database: Database) -> None:
    def interrupted() -> None:
        with database.write() as connection:
            connection.exec_driver_sql("INSERT INTO t VALUES (1,'x')")
            raise KeyError

    with pytest.raises(KeyError):
        interrupted()
    assert count(database) == 0


def test_a_savepoint_does_not_survive_the_outer_rollback(database: Database) -> None:
    def interrupted() -> None:
        with database.write() as connection:
            with connection.begin_nested():
                connection.exec_driver_sql("INSERT INTO t VALUES (1,'x')")
            raise KeyError

    with pytest.raises(KeyError):
        interrupted()
    assert count(database) == 0


def test_a_savepoint_rolls_back_alone(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (1,'x')")
        savepoint = connection.begin_nested()
        connection.exec_driver_sql("INSERT INTO t VALUES (2,'x')")
        savepoint.rollback()
    assert count(database) == 1


@pytest.mark.usefixtures("as_shipped")
def test_the_recipe_is_in_force(database: Database) -> None:
    wanted = {
        "journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "trusted_schema": 0, "temp_store": 2,
        "cache_size": -module.CACHE_KIB, "query_only": 0,
    }  # fmt: skip
    with database.write() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
    assert found == wanted
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA query_only").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA cache_size").scalar() == -module.READING_KIB
        assert connection.exec_driver_sql("PRAGMA trusted_schema").scalar() == 0
        assert connection.exec_driver_sql("PRAGMA temp_store").scalar() == 2


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(StoreProblem), database.read() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (1,'x')")
    assert count(database) == 0


def test_readers_in_other_threads_see_one_state_while_a_write_goes_on(database: Database) -> None:
    insert(database, 0, 5)
    inside, seen = Event(), Event()

    def look() -> tuple[int, int]:
        with database.read() as connection:
            before = int(connection.exec_driver_sql("SELECT count(*) FROM t").scalar_one())
            inside.set()
            assert seen.wait(10)
            return before, int(connection.exec_driver_sql("SELECT count(*) FROM t").scalar_one())

    with ThreadPoolExecutor(4) as pool:
        with database.write() as connection:
            connection.exec_driver_sql("INSERT INTO t VALUES (100,'x')")
            assert pool.submit(count, database).result(10) == 5
            looking = pool.submit(look)
            assert inside.wait(10)
        assert pool.submit(count, database).result(10) == 6
        seen.set()
        assert looking.result(10) == (5, 5)


def test_writers_in_several_threads_take_turns(database: Database) -> None:
    insert(database, 0, 1, "0")

    def increment(_: int) -> None:
        with database.write() as connection:
            number = int(connection.exec_driver_sql("SELECT text FROM t WHERE id = 0").scalar_one())
            connection.exec_driver_sql("UPDATE t SET text = ? WHERE id = 0", (str(number + 1),))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(increment, range(100)))
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT text FROM t").scalar() == "100"


def test_a_write_inside_a_write_is_a_bug_and_no_deadlock(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write(), database.write():
        pass
    insert(database, 1, 1)
    assert count(database) == 1


def test_writes_together_see_each_other_and_nobody_else_does(database: Database) -> None:
    with ThreadPoolExecutor(1) as other, database.together():
        insert(database, 0, 3)
        insert(database, 3, 3)
        assert count(database) == 6
        assert other.submit(count, database).result() == 0
        waiting = other.submit(insert, database, 6, 1)
    waiting.result()
    assert count(database) == 7


def test_writes_together_are_all_undone_or_none(database: Database) -> None:
    def twice() -> None:
        with database.together():
            insert(database, 0, 3)
            insert(database, 2, 3)

    with pytest.raises(driver.IntegrityError):
        twice()
    assert count(database) == 0
    insert(database, 0, 1)
    with pytest.raises(RuntimeError, match="a write inside a write"), database.write(), database.write():
        pass


def test_the_wrong_key_opens_nothing_and_prints_nothing(
    database: Database, path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    database.close()
    with pytest.raises(StoreDamaged):
        Database(path, bytes(32))
    assert capfd.readouterr() == ("", "")


def test_a_missing_an_empty_and_an_existing_file(database: Database, path: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        Database(tmp_path / "none.db", DEK)
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "empty.db").touch()
    with pytest.raises(StoreDamaged):
        Database(tmp_path / "empty.db", DEK)
    with pytest.raises(StoreMissing):
        Database(path, DEK, create=True)


def test_a_key_of_the_wrong_length_is_a_bug(path: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Database(path, b"short", create=True)


def test_a_plain_sqlite_file_is_refused(tmp_path: Path) -> None:
    plain = driver.connect(str(tmp_path / "plain.db"))
    plain.execute("CREATE TABLE t (a)")
    plain.close()
    with pytest.raises(StoreDamaged):
        Database(tmp_path / "plain.db", DEK)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_only_this_user_may_read_the_files(database: Database, path: Path) -> None:
    insert(database, 0, 1)
    modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert modes == {"store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600}
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_an_empty_file_left_by_a_cut_set_up_becomes_private(path: Path) -> None:
    path.parent.mkdir()
    path.touch(0o644)
    made(path).close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_nothing_in_the_files_can_be_read(database: Database, path: Path) -> None:
    canary = "王小明 138 0000 4321 梧桐苑"
    insert(database, 0, 2000, canary)
    database.checkpoint()
    insert(database, 5000, 2000, canary)
    files = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    assert {"store.db", "store.db-wal"} <= files.keys()
    for name, content in files.items():
        assert len(content) > PAGE, name
        assert canary.encode() not in content, name
        assert "王小明".encode() not in content, name
        assert b"SQLite format" not in content, name
        assert DEK not in content, name


def test_the_checkpoint_empties_the_log(database: Database, path: Path) -> None:
    insert(database, 0, 100)
    log = path.with_name("store.db-wal")
    assert log.stat().st_size > 0
    assert database.checkpoint()
    assert log.stat().st_size == 0


def test_a_reader_holds_a_checkpoint_up(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.01)
    with database.read() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM t").fetchall()
        insert(database, 0, 10)
        assert not database.checkpoint()
        with pytest.raises(StoreProblem, match="being read"):
            database.integrity()
    assert database.checkpoint()


def test_another_writer_makes_it_busy(database: Database, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.01)
    with database.write(), pytest.raises(StoreBusy):
        Database(path, DEK)


def test_read_only_sees_the_others_writes_and_writes_nothing(database: Database, path: Path) -> None:
    insert(database, 0, 3)
    second = Database(path, DEK, read_only=True)
    assert count(second) == 3
    insert(database, 10, 1)
    assert count(second) == 4
    with pytest.raises(StoreProblem), second.write():
        pass
    assert second.integrity() == []
    second.close()
    insert(database, 20, 1)
    assert count(database) == 5


def test_exceptions_show_no_values(database: Database) -> None:
    insert(database, 1, 1)
    with pytest.raises(IntegrityError) as caught, database.write() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (?,?)", (1, "王小明"))
    assert "王小明" not in str(caught.value)
    assert "王小明" not in repr(caught.value)


def test_a_bug_in_the_sql_stays_a_bug(database: Database) -> None:
    with pytest.raises(OperationalError), database.read() as connection:
        connection.exec_driver_sql("SELECT nonsense FROM t")
    assert count(database) == 0


def test_a_full_disk_changes_nothing_and_lets_the_ballast_go(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path / "ballast", 4096)
    assert ballast.ensure()
    database = made(tmp_path / "store.db", ballast)
    insert(database, 0, 10)
    with database.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 1}")
    with pytest.raises(DiskFull):
        insert(database, 100, 100, "x" * 900)
    assert not (tmp_path / "ballast").exists()
    assert count(database) == 10
    with database.write() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=100000")
    insert(database, 100, 100, "x" * 900)
    assert count(database) == 110
    assert database.integrity() == []
    database.close()


@pytest.fixture
def tiny_disk() -> Iterator[Path]:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        disk = Path(folder)
        mount = [shutil.which("mount") or "true", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]
        subprocess.run(mount, capture_output=True, check=False)
        if not disk.is_mount():
            pytest.skip("needs the right to mount a small disk")
        try:
            yield disk
        finally:
            subprocess.run(["umount", "-l", folder], check=True)


def fill(disk: Path) -> None:
    with (disk / "filler").open("wb", buffering=0) as filler, suppress(OSError):
        while True:
            filler.write(bytes(4096))


def insert_until_full(database: Database) -> int:
    for written in range(0, 10_000, 5):
        try:
            insert(database, written, 5, "x" * 2000)
        except DiskFull:
            return written
    raise AssertionError("never full")


def test_a_really_full_disk(tiny_disk: Path) -> None:
    ballast = Ballast(tiny_disk / "ballast", 200 * 1024)
    assert ballast.ensure()
    database = made(tiny_disk / "store.db", ballast)
    written = insert_until_full(database)
    assert not (tiny_disk / "ballast").exists()
    assert count(database) == written
    insert(database, written, 5)
    database.close()
    subprocess.run(["mount", "-o", "remount,size=8m", tiny_disk], check=True)
    again = Database(tiny_disk / "store.db", DEK)
    assert count(again) == written + 5
    assert again.integrity() == []
    again.close()


def test_opening_on_a_full_disk_lets_the_ballast_go(tiny_disk: Path) -> None:
    made(tiny_disk / "store.db").close()
    ballast = Ballast(tiny_disk / "ballast", 200 * 1024)
    assert ballast.ensure()
    fill(tiny_disk)
    with pytest.raises(DiskFull):
        Database(tiny_disk / "store.db", DEK)
    database = Database(tiny_disk / "store.db", DEK, ballast=ballast)
    insert(database, 0, 5)
    assert count(database) == 5
    database.close()


def filled(path: Path) -> int:
    database = made(path)
    insert(database, 0, 600, "x" * 900)
    database.close()
    return path.stat().st_size // PAGE


def test_every_damaged_page_is_noticed(path: Path) -> None:
    pages = filled(path)
    whole = path.read_bytes()
    for page in range(1, pages, 7):
        damaged = bytearray(whole)
        damaged[page * PAGE + 1234] ^= 1
        path.write_bytes(damaged)
        database = Database(path, DEK)
        assert database.integrity(), page
        database.close()


def test_a_damaged_page_met_by_a_reader_is_said_in_a_sentence(path: Path) -> None:
    pages = filled(path)
    damaged = bytearray(path.read_bytes())
    damaged[pages // 2 * PAGE + 99] ^= 0x80
    path.write_bytes(damaged)
    database = Database(path, DEK)
    for _ in range(2):
        with pytest.raises(StoreDamaged), database.read() as connection:
            connection.exec_driver_sql("SELECT sum(length(text)) FROM t").fetchall()
    with database.read() as connection:  # and the pages that are whole can still be read
        for number in (0, 599):
            assert connection.exec_driver_sql("SELECT length(text) FROM t WHERE id = ?", (number,)).scalar() == 900
    database.close()


def test_a_damaged_page_that_holds_nothing_now_is_noticed(path: Path) -> None:
    filled(path)
    database = Database(path, DEK)
    with database.write() as connection:
        connection.exec_driver_sql("DELETE FROM t WHERE id > 9")
    database.close()
    damaged = bytearray(path.read_bytes())
    damaged[-PAGE // 2] ^= 1
    path.write_bytes(damaged)
    database = Database(path, DEK)
    assert database.integrity()
    database.close()


@pytest.mark.parametrize("size", [1, 100, PAGE - 1, PAGE + 1, 10 * PAGE])
def test_a_truncated_file_is_noticed(path: Path, size: int) -> None:
    filled(path)
    os.truncate(path, size)
    try:
        database = Database(path, DEK)
    except StoreDamaged:
        return
    assert database.integrity()
    database.close()


def test_a_whole_file_has_no_faults(database: Database) -> None:
    insert(database, 0, 1000)
    assert database.integrity() == []


def test_a_closed_store_gives_nothing(database: Database) -> None:
    insert(database, 0, 1)
    with database.read() as connection:
        connection.exec_driver_sql("SELECT 1").fetchall()
        held = connection.connection.driver_connection
        database.close()
    assert held is not None
    with pytest.raises(driver.ProgrammingError, match="closed"):
        held.execute("SELECT 1")
    with pytest.raises(StoreClosed):
        count(database)
    assert database._dek == b""


@pytest.mark.parametrize("version", [(3, 7, 0), (3, 40, 1), (3, 51, 2)])
def test_engines_that_damage_files_are_refused(version: tuple[int, int, int]) -> None:
    with pytest.raises(StoreProblem):
        refuse_engine(version)
    refuse_engine((3, 51, 3))


@pytest.mark.skipif(os.name == "nt", reason="needs fork and SIGKILL")
def test_no_acknowledged_write_is_lost_when_the_writer_is_killed(tmp_path: Path) -> None:
    script = Path(__file__).parents[1] / "killed_writer.py"
    done = subprocess.run(
        [sys.executable, script, tmp_path, "40", "7"],
        capture_output=True, text=True, timeout=120, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 100


def test_what_reads_beside_another_keeps_few_pages_and_no_more_afterwards(database: Database) -> None:
    def cache(connection: Connection) -> object:
        return connection.exec_driver_sql("PRAGMA cache_size").scalar()

    with database.meanwhile(cache) as meanwhile:
        assert meanwhile() == -module.SCANNING_KIB
    with database.read() as connection:
        assert cache(connection) == -module.READING_KIB


def test_very_much_is_brought_into_the_file_behind_its_commit(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bring, go_on = Database._bring_in, Event()
    monkeypatch.setattr(Database, "_bring_in", lambda self: go_on.wait(10) and bring(self))
    database = made(path)
    small = path.stat().st_size
    with database.write(much=True) as connection:
        raw_cursor(connection).executemany("INSERT INTO t VALUES (?,?)", [(n, "x" * 2000) for n in range(3000)])
    assert count(database) == 3000
    assert path.stat().st_size == small
    with ThreadPoolExecutor(1) as pool:
        emptied = pool.submit(database.checkpoint)
        with suppress(TimeoutError):
            emptied.result(0.1)
        assert not emptied.done()  # the engine would refuse it while another brings in
        go_on.set()
        assert emptied.result()
    assert path.stat().st_size > 3000 * 2000
    database.close()


def test_a_store_that_is_closed_waits_for_what_is_brought_in(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bring, brought = Database._bring_in, list[bool]()
    monkeypatch.setattr(Database, "_bring_in", lambda self: brought.append(not Event().wait(0.1) and bring(self)))
    database = made(path)
    with database.write(much=True) as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (1, 'x')")
    database.close()
    assert brought == [True]


def test_later_commits_bring_in_what_they_write_themselves(database: Database) -> None:
    for fails in (False, True):
        with suppress(ValueError), database.write(much=True) as connection:
            connection.exec_driver_sql("DELETE FROM t")
            if fails:
                raise ValueError("somebody thinks better of it")
        with database.write() as connection:
            assert connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar_one() == 1000


def test_a_bad_page_met_by_who_writes_much_spoils_nothing_that_comes_after(path: Path) -> None:
    """After one bad page a connection refuses whole ones too."""
    pages = filled(path)
    damaged = bytearray(path.read_bytes())
    damaged[pages // 2 * PAGE + 99] ^= 0x80
    path.write_bytes(damaged)
    with closing(Database(path, DEK)) as database:
        with pytest.raises(StoreDamaged), database.write(much=True) as connection:
            connection.exec_driver_sql("SELECT sum(length(text)) FROM t").fetchall()
        with database.write() as connection:
            assert connection.exec_driver_sql("SELECT length(text) FROM t WHERE id = 599").scalar() == 900


def test_what_is_written_is_written_where_no_thread_can_be_begun(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Thread, "start", refuse)
    for number in range(2):
        with database.write(much=True) as connection:
            connection.exec_driver_sql("INSERT INTO t VALUES (?, 'x')", (number,))
    assert database.checkpoint()
    assert count(database) == 2


def test_a_disk_that_is_full_behind_a_commit_keeps_the_ballast_for_who_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, met = Database._connect, list[str]()

    def full(self: Database, *, query_only: bool) -> driver.Connection:
        if current_thread().name != "bringing in":
            return connect(self, query_only=query_only)
        met.append("full")
        error = driver.OperationalError("database or disk is full")
        error.sqlite_errorcode = 13
        raise error

    ballast = Ballast(tmp_path / "ballast", 4096)
    assert ballast.ensure()
    monkeypatch.setattr(Database, "_connect", full)
    with closing(made(tmp_path / "store.db", ballast)) as database:
        with database.write(much=True) as connection:
            connection.exec_driver_sql("INSERT INTO t VALUES (1, 'x')")
        assert database.checkpoint()
    assert met == ["full"]
    assert (tmp_path / "ballast").exists()


def test_what_was_saved_beside_a_backup_is_brought_in_by_it_and_by_no_later_save(path: Path) -> None:
    """The first save after it would wait until all of that is in the file."""
    database = made(path)
    with database.lying_still():
        with database.write() as connection:
            raw_cursor(connection).executemany("INSERT INTO t VALUES (?,?)", [(n, "x" * 2000) for n in range(3000)])
        assert path.stat().st_size < 3000 * 2000
    assert path.stat().st_size > 3000 * 2000
    with database.write() as connection:
        assert connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar_one() == 1000
    with database.lying_still():
        database.close()


def test_whatever_page_is_damaged_it_is_said_when_all_is_written_anew(tmp_path: Path) -> None:
    """Of some the engine says that it has no memory."""
    kept = Path(__file__).parents[2] / "data" / "lives" / "format-2" / "office" / "store.db"
    whole, file = kept.read_bytes(), tmp_path / "store.db"
    for page in (37, 38, 39):
        at = page * PAGE_SIZE + 200
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with closing(Database(file, DEK)) as db, pytest.raises(StoreDamaged):
            db.write_anew()
