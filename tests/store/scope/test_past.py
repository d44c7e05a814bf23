"""What a restored office keeps of the log says what the whole log says, whatever comes, goes and is judged."""

from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.store.engine.database import raw_cursor
from gridworker.store.health.check import check
from gridworker.store.health.search_check import mend
from gridworker.store.log.clock import Clock, device, laptop_of
from gridworker.store.log.op import Author, OpRow
from gridworker.store.log.verdicts import Ruling, Verdict
from gridworker.store.recall import Recall
from gridworker.store.scope import past
from gridworker.store.scope.past import ever_in_scope, keep
from gridworker.store.store import Incoming, Store
from gridworker.store.streams import last_number
from gridworker.store.tables.changes import Act
from tests.builders import MORNING, Wall, make_store
from tests.past import by_definition
from tests.store.scope.test_scope_histories import STEPS, Village

YEAR = 365 * 24 * 3600 * 1000


def restored(folder: Path) -> Store:
    """An office's store that was put back once."""
    store = make_store(folder)
    with store.db.write() as connection:
        Recall(raw_cursor(connection)).add_lost(device(0, 0), 1)
    return store


def take(store: Store, rows: list[OpRow]) -> None:
    store.apply(Incoming(rows, [Author(1, 1)], Act("merge", 1)))


def verdicts(ops: list[OpRow], chance: Random) -> list[OpRow]:
    """The office refuses some of what laptops wrote."""
    clock = Clock(device(0, 0), wall=Wall(MORNING + YEAR, step=1))
    own = [row for row in ops if laptop_of(row.clk)]
    picked = chance.sample(own, len(own) // 4)
    return [Verdict(clock.next(), row.clk, row.record, row.kind, Ruling.REFUSED).row(0) for row in picked]


def differing(store: Store, grids: list[int]) -> list[tuple[int, ...]]:
    with store.cursor() as cursor:
        return [
            (laptop, *some)
            for laptop in (1, 2)
            for some in ((), grids[:1], grids[1:])
            if ever_in_scope(cursor, some, laptop) != by_definition(cursor, some, laptop)
        ]


def kept(store: Store) -> list[tuple[int, ...]]:
    with store.cursor() as cursor:
        cursor.execute("SELECT how, place, record, clk FROM past")
        return cursor.fetchall()


@given(STEPS, st.randoms(use_true_random=False))
def test_what_is_kept_says_what_the_log_says(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int, int]], chance: Random
) -> None:
    """Ops come in any order, and some never."""
    folder, village = tmp_path_factory.mktemp("village"), Village().play(steps)
    ops = [*village.ops, *verdicts(village.ops, chance)]
    chance.shuffle(ops)
    store = restored(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(past, "LINKS", 2)
        try:
            for at in range(0, len(ops) * 7 // 8, 6):
                take(store, ops[at : at + 6])
                if chance.randrange(3):
                    keep(store.db, folder)
                assert differing(store, village.grids) == []
                with store.cursor() as cursor:
                    assert list(past.differing(cursor)) == []
        finally:
            store.close()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM past WHERE record = (SELECT max(record) FROM past WHERE how = 0)",
        "UPDATE past SET place = place + 65536 WHERE record = (SELECT max(record) FROM past WHERE how = 0)",
        "INSERT INTO past SELECT how, place, record + 65536, clk FROM past WHERE how = 4 LIMIT 1",
        "INSERT INTO past VALUES (3, 2, 12345678901, 0)",
    ],
)
def test_the_self_check_notices_where_what_is_kept_is_not_what_the_log_says(tmp_path: Path, statement: str) -> None:
    store, village = restored(tmp_path), Village()
    for at in range(12):
        village._make("building", at, at)
    take(store, village.ops)
    keep(store.db, tmp_path)
    take(store, Village().ops)  # what came since is not in the table, and need not be
    assert _wrong_places(store) == []
    with store.db.write() as connection:
        assert connection.exec_driver_sql(statement).rowcount > 0
    [said] = _wrong_places(store)
    assert "--mend-index" in said
    mend(store)
    assert _wrong_places(store) == []
    store.close()


def _wrong_places(store: Store) -> list[str]:
    return [fault.sentence for fault in check(store) if "where it was before" in fault.sentence]


def test_a_store_that_was_never_restored_keeps_nothing(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    take(store, Village().ops)
    keep(store.db, tmp_path)
    assert kept(store) == []
    store.close()


@pytest.mark.parametrize("size", [1, 5, 1000])
def test_it_is_read_in_lots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(past, "CHUNK", size)
    store, village = restored(tmp_path), Village()
    for at in range(12):
        village._make("building", at, at)
        take(store, village.ops[-1:])
    keep(store.db, tmp_path)
    with store.cursor() as cursor:
        assert past._kept_upto(cursor) == last_number(cursor)
    assert set(kept(store)) == {tuple(one) for row in village.ops[3:] for one in past._said_by(row)} != set()
    assert differing(store, village.grids) == []
    store.close()


def test_on_a_disk_that_is_nearly_full_it_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past, "free_bytes", lambda _folder: past.ROOM - 1)
    store, village = restored(tmp_path), Village()
    village._make("building", 0, 1)
    take(store, village.ops)
    keep(store.db, tmp_path)
    assert kept(store) == []
    assert differing(store, village.grids) == []
    store.close()


def test_a_window_that_only_reads_keeps_nothing(tmp_path: Path) -> None:
    store, village = restored(tmp_path), Village()
    village._make("building", 0, 1)
    take(store, village.ops)
    with closing(store.db.beside(tmp_path / "store.db")) as reading:
        keep(reading, tmp_path)
    assert kept(store) == []
    store.close()


def test_what_other_rules_made_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, village = restored(tmp_path), Village()
    village._make("building", 0, 1)
    take(store, village.ops)
    keep(store.db, tmp_path)
    before = kept(store)
    with store.db.write() as connection:
        connection.exec_driver_sql("UPDATE past SET place = place + 1")
    monkeypatch.setattr(past, "_FORM", past._FORM + 1)
    assert differing(store, village.grids) == []
    keep(store.db, tmp_path)
    assert kept(store) == before
    store.close()
