"""What left a laptop's grids goes only once all that any of its lives wrote is safe at the office."""

from pathlib import Path

import pytest

from gridworker.store.departed import Departed, Entry, may_go
from gridworker.store.engine.database import raw_cursor
from gridworker.store.health.lives import take_new_life
from gridworker.store.log.log import Log
from gridworker.store.streams import Exchange, Stream
from tests.builders import add, make_store

OFFICE_LIFE = 0


@pytest.mark.parametrize(
    ("confirmed", "safe", "exit_safe", "goes"),
    [(1, 1, 5, True), (1, 0, 5, False), (1, 1, 4, False), (0, 0, 5, False)],
    ids=["all is safe", "confirmed alone", "the exit is in no backup", "nothing came"],
)
def test_what_left_goes_when_our_work_and_the_exit_are_in_the_offices_backup(
    tmp_path: Path, confirmed: int, safe: int, exit_safe: int, goes: bool
) -> None:
    store = make_store(tmp_path, laptop=1)
    record = add(store, "resident")
    with store.db.write() as connection:
        cursor = raw_cursor(connection)
        exchange, ((device, newest),) = Exchange(cursor), Log(cursor).newest().items()
        Departed(cursor).leave({record: Entry(OFFICE_LIFE, 5)}, newest)
        exchange.save_stream(Stream(OFFICE_LIFE, received=5, backed_up=exit_safe))
        exchange.set_marks([(device, confirmed * newest)])
        exchange.set_backed_up([(device, safe * newest)])
        found = may_go(cursor, store.identity)
    store.close()
    assert found == [record] * goes


def test_an_older_word_takes_no_newer_one_back(tmp_path: Path) -> None:
    """Told that it left, that it had come before that, and that it left once more: it is here until it is removed."""
    store = make_store(tmp_path, laptop=1)
    record = add(store, "resident")
    with store.db.write() as connection:
        departed = Departed(raw_cursor(connection))
        departed.leave({record: Entry(OFFICE_LIFE, 5)}, 0)
        for number in (4, 5):
            departed.enter({record: Entry(OFFICE_LIFE, number)})
        assert departed.here() == {record}
        departed.leave({record: Entry(OFFICE_LIFE, 7)}, 0)
        departed.leave({record: Entry(OFFICE_LIFE, 6)}, 0)
        assert departed.among([record]) == {record: Entry(OFFICE_LIFE, 7)}
        assert departed.here() == {record}
        departed.enter({record: Entry(OFFICE_LIFE, 8)})
        assert departed.is_empty()
    store.close()


def test_work_of_a_former_life_that_is_on_its_way_keeps_everything(tmp_path: Path) -> None:
    store = make_store(tmp_path, laptop=1)
    record = add(store, "resident")
    take_new_life(store)
    add(store, "resident")
    with store.db.write() as connection:
        cursor = raw_cursor(connection)
        exchange, written = Exchange(cursor), Log(cursor).newest()
        Departed(cursor).leave({record: Entry(OFFICE_LIFE, 1)}, 0)
        exchange.save_stream(Stream(OFFICE_LIFE, backed_up=5))
        present = {device: clk for device, clk in written.items() if device == store.identity.device}
        found = []
        for safe in (present, written):
            exchange.set_marks(safe.items())
            exchange.set_backed_up(safe.items())
            found.append(may_go(cursor, store.identity))
    store.close()
    assert len(written) == 2
    assert found == [[], [record]]
