"""A small act that is taken in at once leaves the very store that merging it leaves."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from gridworker.store import store as store_module
from gridworker.store.engine.database import Connection
from gridworker.store.erasure.erasure import erase
from gridworker.store.health.check import check
from gridworker.store.intake.fast_path import take_fast
from gridworker.store.store import Store
from gridworker.store.tables.changes import Act, Change
from gridworker.store.undo import undo_last
from gridworker.store.wish import Wish
from tests.builders import Wall, add, bring_back, edit, make_store, new, pour, remove, reopen, resolve

Tables = dict[str, list[tuple[object, ...]]]


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Of every act so far that wrote something: whether it was taken in at once."""
    told: list[bool] = []

    def telling(*args: object) -> object:
        taken = take_fast(*args)  # type: ignore[arg-type]  # passed on as they come
        told.append(taken is not None)
        return taken

    monkeypatch.setattr(store_module, "take_fast", telling)
    return told


def all_of(store: Store) -> Tables:
    """Every row of every table, those of the search index among them."""
    with store.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
        found = {}
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT * FROM "{name}"')
            found[name] = sorted(map(tuple, cursor.fetchall()), key=repr)
        return found


def a_day(folder: Path) -> Store:
    """What somebody may do in one: new records, notes, several fields, several records, undoing, deleting, a look."""
    wall = Wall()
    store = make_store(folder, wall=wall)
    who = add(store, "staff", name="周敏", role="grid_worker")
    resident = add(store, "resident", who, name="陈桂芳", note="独居")
    edit(store, "resident", resident, who, note="女儿每周来")
    edit(store, "resident", resident, who, note=None, name="陈桂芬", phones="13900001111")
    other = new(store, "resident", name="李建国", status="in_place")
    edit(store, "resident", resident, who, note="在别处写过以后")
    store.write([other, Change("resident", resident, {"note": "二人同住"})], Act("edit", who))
    store.write([], Act.note("reveal", who, kind="resident", record=resident))
    remove(store, "resident", resident, who)
    bring_back(store, "resident", resident, who)
    edit(store, "resident", other.record, who, note="回来了")
    undo_last(store, who)
    store = reopen(store, folder, wall)
    edit(store, "resident", other.record, who, note="换了电话")
    return store


def test_it_leaves_the_store_that_merging_leaves(
    tmp_path: Path, at_once: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(a_day(tmp_path / "one")) as one:
        assert at_once.count(True) >= 8
        monkeypatch.setattr(store_module, "take_fast", lambda *_: None)
        with closing(a_day(tmp_path / "other")) as other:
            assert all_of(one) == all_of(other)
        assert check(one) == []


def test_what_is_in_conflict_deleted_or_settled_is_merged(office: Store, laptop: Store, at_once: list[bool]) -> None:
    resident = add(office, "resident", name="陈桂芳")
    pour(office, laptop)
    edit(laptop, "resident", resident, name="陈桂芬", phones="13900001111")
    edit(office, "resident", resident, name="陈桂", phones="13900001111")
    pour(laptop, office)
    at_once.clear()
    edit(office, "resident", resident, phones="13900002222")
    resolve(office, "resident", resident, name="陈桂芬")
    remove(office, "resident", resident)
    bring_back(office, "resident", resident)
    edit(office, "resident", resident, note="照旧")
    assert at_once == [False] * 5
    assert check(office) == []


def test_what_was_erased_once_is_merged(office: Store, at_once: list[bool]) -> None:
    resident = add(office, "resident", name="陈桂芳", note="独居")
    erase(office, [Wish("resident", resident, ("note",), gone=False)], Act("erase", 1))
    at_once.clear()
    edit(office, "resident", resident, note="照旧")
    assert at_once == [False]
    assert (office.get("resident", resident) or {})["note"] == "照旧"
    assert check(office) == []


def test_what_an_op_from_elsewhere_waits_for_is_merged(
    tmp_path: Path, office: Store, laptop: Store, at_once: list[bool]
) -> None:
    """A record was edited elsewhere before its creation is here: it shows what the edit says."""
    record = office.new_id()
    with closing(make_store(tmp_path / "other", laptop=2)) as other:
        other.write([new(other, "resident", record, name="陈桂芳")], Act("create", 1))
        edit(other, "resident", record, note="先到的话")
        pour(other, laptop, after=1)
    pour(laptop, office)
    at_once.clear()
    office.write([new(office, "resident", record, name="陈桂芳")], Act("create", 1))
    assert at_once == [False]
    assert (office.get("resident", record) or {})["note"] == "先到的话"


def test_a_number_that_a_rollback_took_back_is_not_believed(office: Store) -> None:
    """Who saves is numbered in the transaction: where that is rolled back their number is another one's next."""

    def stop(*_: object) -> None:
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        office.write([], Act.note("reveal", 7), stop)
    with pytest.raises(RuntimeError):
        _together(office, lambda: office.write([], Act.note("reveal", 7)), stop)
    office.write([], Act.note("reveal", 7))
    office.write([], Act.note("reveal", 8))
    assert check(office) == []
    with office.cursor() as cursor:
        cursor.execute("SELECT a.who FROM batch b JOIN author a ON a.no = b.author ORDER BY b.no")
        assert [who for (who,) in cursor.fetchall()] == [7, 8]


def test_a_number_that_is_taken_back_later_is_not_believed_meanwhile(
    office: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waited for their turn has it before those who failed hear that they did."""
    together = office.db.together

    @contextmanager
    def and_another(*, much: bool, failed: Callable[[], object]) -> Iterator[Connection]:
        try:
            with together(much=much, failed=failed) as connection:
                yield connection
        finally:
            office.write([], Act.note("reveal", 7))

    def stop() -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(office.db, "together", and_another)
    with pytest.raises(RuntimeError):
        _together(office, lambda: office.write([], Act.note("reveal", 7)), stop)
    assert check(office) == []
    with office.cursor() as cursor:
        cursor.execute("SELECT a.who FROM batch b JOIN author a ON a.no = b.author")
        assert cursor.fetchall() == [(7,)]


def _together(store: Store, *steps: Callable[[], object]) -> None:
    with store.together():
        for step in steps:
            step()
