"""The parts of the index are put together while nobody works; what is found stays the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gridworker.store.engine.database import Database, raw_cursor
from gridworker.store.search import parts as parts_module
from gridworker.store.search import search
from gridworker.store.search.index import INDEXES
from gridworker.store.search.later import FEW
from gridworker.store.search.parts import SHARE, STEP, parts, put_together
from tests.store import crowd

PEOPLE = 600


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Written to thirteen times, so that its index has as many parts."""
    database = Database(tmp_path / "store.db", bytes(32), create=True)
    with database.write() as connection:
        crowd.create(connection)
    for start in range(13):
        _add(database, start * PEOPLE, PEOPLE)
    yield database
    database.close()


def _add(database: Database, start: int, number: int) -> None:
    ids = range(start + 1, start + number + 1)
    people = [
        {"id": record, "name": name, "status": "in_place", "note": f"{name}家厨房水管漏水{record}"}
        for record, name in zip(ids, crowd.names(number, seed=start), strict=True)
    ]
    with database.write() as connection:
        crowd.insert(connection, "resident", people)
        search.refresh(connection, {"resident": list(ids)})


def _sizes(database: Database) -> list[list[int]]:
    with database.read() as connection:
        return [sorted(parts(raw_cursor(connection), index)) for index in INDEXES]


def _found(database: Database) -> list[list[int]]:
    """What some searches find, in their order."""
    with database.read() as connection:
        return [
            [hit.id for hit in search.find(connection, text)]
            for text in ("wang", "lix", "张", "漏水", "王 漏水", "漏水77")
        ]


def _unhindered() -> bool:
    """Nobody works."""
    return True


def _not_worth_it() -> bool:
    raise AssertionError("nothing is to be done")


def test_many_parts_become_one_and_find_the_same(database: Database) -> None:
    before = _found(database)
    assert all(len(sizes) == 13 for sizes in _sizes(database))
    put_together(database, _unhindered)
    assert [len(sizes) for sizes in _sizes(database)] == [1, 1]
    assert _found(database) == before
    assert all(map(any, before))


def test_a_large_part_is_left_alone_while_what_is_beside_it_is_small(database: Database) -> None:
    put_together(database, _unhindered)
    for start in range(6):
        _add(database, (20 + start) * PEOPLE, FEW + 1)
    sizes = _sizes(database)
    assert all(len(each) == 7 and sum(each[:-1]) * SHARE <= each[-1] for each in sizes)
    put_together(database, _not_worth_it)
    for start in range(5):
        _add(database, (30 + start) * PEOPLE, PEOPLE)
    put_together(database, _unhindered)
    assert [len(each) for each in _sizes(database)] == [1, 1]


def test_it_may_be_stopped_at_every_step_and_goes_on_where_it_was(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first two times somebody saves before it goes on."""
    monkeypatch.setattr(parts_module, "STEP", 4)
    stopped = 0
    for start in range(100):
        steps = iter((True, True, False))
        put_together(database, steps.__next__)
        if next(steps, None) is not None:
            break
        stopped += 1
        if start < 2:
            _add(database, (90 + start) * PEOPLE, 1)
        assert all(map(any, _found(database)))
    assert stopped > 5
    found = _found(database)
    with database.write() as connection:
        search.rebuild(connection)
    assert _found(database) == found


def test_who_saves_at_every_step_neither_waits_for_more_nor_keeps_it_from_ending(database: Database) -> None:
    """Each step is a transaction of its own: what is saved between two of them is found at once."""
    saved: list[int] = []
    largest = max(sum(sizes) for sizes in _sizes(database))

    def save() -> bool:
        if len(saved) < 3 * largest // STEP:
            saved.append((50 + len(saved)) * PEOPLE + 1)
            _add(database, saved[-1] - 1, 1)
            with database.read() as connection:
                assert search.find(connection, f"漏水{saved[-1]}")[0].id == saved[-1]
        return True

    put_together(database, save)
    assert len(saved) > largest // STEP
    assert all(len(sizes) <= 5 for sizes in _sizes(database))


def test_an_empty_index_has_nothing_to_put_together(tmp_path: Path) -> None:
    database = Database(tmp_path / "empty.db", bytes(32), create=True)
    with database.write() as connection:
        crowd.create(connection)
    put_together(database, _not_worth_it)
    assert _sizes(database) == [[0], [0]]
    database.close()
