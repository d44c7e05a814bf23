"""Room for the write-ahead log: a save finds its blocks there, and nothing else is any different."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from gridworker.store.backup.carving import carve
from gridworker.store.engine.database import Database
from gridworker.store.engine.log_room import ROOM, make_log_room
from tests.store.engine.test_database import DEK, count, insert, made


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "store.db"


@pytest.fixture
def log(path: Path) -> Path:
    return path.with_name("store.db-wal")


def test_no_save_makes_the_file_longer(path: Path, log: Path) -> None:
    database = made(path)
    insert(database, 0, 1)
    assert log.stat().st_size < ROOM
    database.make_log_room()
    assert log.stat().st_size == ROOM
    for number in range(50):
        insert(database, 10 + number, 1)
        assert log.stat().st_size == ROOM
    database.close()
    assert not log.exists()
    assert _count(path) == 51


def test_there_is_room_again_after_it_was_cut_to_nothing(path: Path, log: Path) -> None:
    database = made(path)
    database.make_log_room()
    insert(database, 0, 100)
    assert database.checkpoint()
    assert log.read_bytes() == bytes(ROOM)
    insert(database, 200, 1)
    assert log.stat().st_size == ROOM
    database.close()
    assert _count(path) == 101


def test_what_was_saved_is_there_after_a_program_that_was_killed(path: Path, log: Path) -> None:
    """The log with its zeros is what is left: what the engine finds in it ends where they begin."""
    database = made(path)
    database.make_log_room()
    insert(database, 0, 3)
    left = path.parent.parent / "left"
    left.mkdir()
    for file in (path, log):
        (left / file.name).write_bytes(file.read_bytes())
    database.close()
    assert _count(left / path.name) == 3


def test_a_log_of_zeros_alone_is_none(path: Path, log: Path) -> None:
    made(path).close()
    before = carve(path, DEK)
    make_log_room(log, ROOM)
    assert carve(path, DEK) == before
    assert _count(path) == 0


def test_where_no_room_is_asked_for_nothing_is_made(path: Path, log: Path) -> None:
    database = made(path)
    insert(database, 0, 100)
    assert database.checkpoint()
    assert log.stat().st_size == 0
    database.close()
    make_log_room(log, 0)
    assert not log.exists()


def test_a_longer_log_stays_as_it_is(log: Path) -> None:
    log.parent.mkdir()
    log.write_bytes(b"log" * 20)
    make_log_room(log, 50)
    assert log.read_bytes() == b"log" * 20
    make_log_room(log, 70)
    assert log.read_bytes() == b"log" * 20 + bytes(10)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
def test_nothing_waits_for_a_pipe_in_its_place(log: Path) -> None:
    log.parent.mkdir()
    os.mkfifo(log)
    make_log_room(log, ROOM)
    assert log.is_fifo()


def test_where_it_cannot_be_made_saves_go_on(path: Path, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> int:
        raise OSError(28, "No space left on device")

    database = made(path)
    monkeypatch.setattr("gridworker.store.engine.log_room.os.write", fails)
    database.make_log_room()
    monkeypatch.undo()
    insert(database, 0, 2)
    database.close()
    assert _count(path) == 2


def _count(path: Path) -> int:
    with closing(Database(path, DEK)) as database:
        return count(database)
