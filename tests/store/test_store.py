"""The store as others hold it: opening, one transaction for everything, who it is, reading lists."""

import gc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pytest
import sqlcipher3.dbapi2 as driver

from gridworker.errors import DiskFull, NotFound, Problem
from gridworker.store import records
from gridworker.store.engine.connection import connect
from gridworker.store.engine.turn import Turn
from gridworker.store.health.check import check
from gridworker.store.intake import transaction
from gridworker.store.intake.transaction import Commit
from gridworker.store.log.clock import device_of, laptop_of
from gridworker.store.log.log import Log
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_create, pack_edits
from gridworker.store.meta import Identity
from gridworker.store.search import search
from gridworker.store.store import FEW, Incoming, Store
from gridworker.store.tables.changes import Act, Change
from tests.builders import Wall, add, edit, make_store, new, pour, remove, reopen, take

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from gridworker.store.tables.creations import Lot


MOST_STATEMENTS = 20


def creation(store: Store, name: str = "陈建国") -> OpRow:
    record = store.new_id()
    return OpRow(record, 6, record, What.CREATE, 0, pack_create({1: name, 10: "in_place"}))


def add_many(store: Store, many: int) -> set[int]:
    changes = [new(store, "resident") for _ in range(many)]
    store.write(changes, Act("import", 1))
    return {change.record for change in changes}


def count(store: Store) -> int:
    with store.db.read() as connection:
        return records.count(connection, "resident")


def test_what_is_written_beside_is_in_the_same_transaction(office: Store) -> None:
    told: list[Commit] = []

    def beside(connection: "Connection", commit: Commit) -> None:
        told.append(commit)
        connection.exec_driver_sql("INSERT OR REPLACE INTO setting VALUES ('x', 1)")

    commit = office.apply(Incoming([creation(office)], [Author(1, 0)], Act("merge", 1), beside=beside))
    assert told == [commit]
    assert commit.new == 2

    def fails(connection: "Connection", commit: Commit) -> None:
        raise Problem("The disk is full.")

    with pytest.raises(Problem):
        office.apply(Incoming([creation(office)], [Author(1, 0)], Act("merge", 1), beside=fails))
    with pytest.raises(Problem):
        office.write([new(office, "resident")], Act("create", 1), fails)
    assert count(office) == 1
    office.write([], Act("edit", 1), beside)
    assert told[-1].batch == 0


def test_a_bundle_is_read_as_it_is_asked_for(office: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction, "LOT", 10)
    commit = take(office, (creation(office, f"张{number}") for number in range(35)))
    assert commit.new == 36
    assert count(office) == 35


def test_large_bundles_are_brought_into_the_file_behind_their_commit(
    office: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought = list[bool]()
    monkeypatch.setattr("gridworker.store.store.MANY", 3)
    monkeypatch.setattr(office.db._brought_in, "_bring", lambda: brought.append(True))
    take(office, [creation(office) for _ in range(2)])
    office.db.checkpoint()
    assert brought == []
    take(office, [creation(office) for _ in range(3)])
    office.db.checkpoint()
    assert brought == [True]
    with office.together(much=True):
        take(office, [creation(office)])
    office.db.checkpoint()
    assert brought == [True, True]


def test_authors_get_our_numbers_and_keep_their_scope(office: Store) -> None:
    rows = [creation(office)._replace(author=at % 2) for at in range(4)]
    office.apply(Incoming(rows, [Author(71, 3), Author(72, 5)], Act("merge", 1)))
    with office.cursor() as cursor:
        log = Log(cursor)
        people = log.author_table()
        found = [people[row.author] for row in log.rows(row.clk for row in rows).values()]
    assert sorted(found) == [Author(71, 3), Author(71, 3), Author(72, 5), Author(72, 5)]


def test_a_new_life_writes_under_its_own_number_and_above_all_before(office: Store, tmp_path: Path) -> None:
    before = office.new_id()
    office.adopt(replace(office.identity, laptop=7, incarnation=2))
    after = office.new_id()
    assert after > before
    assert (laptop_of(after), device_of(after) & 63) == (7, 2)
    office.take_scope(4)
    again = reopen(office, tmp_path / "office")
    assert (again.identity.laptop, again.identity.incarnation, again.identity.scope) == (7, 2, 4)
    assert add(again, "resident", who=9)
    with again.cursor() as cursor:
        assert Author(9, 4) in Log(cursor).author_table().values()
    again.close()


def test_the_collector_runs_again_after_a_write_that_failed(office: Store) -> None:
    with pytest.raises(NotFound):
        office.write([Change("resident", 5, {"name": "x"})], Act("edit", 1))
    assert gc.isenabled()


def test_records_are_read_by_pages_and_by_equal_values(office: Store) -> None:
    ids = [add(office, "resident", name=f"张{'甲乙'[number % 2]}") for number in range(7)]
    with office.db.read() as connection:
        first = records.page(connection, "resident", limit=4)
        rest = records.page(connection, "resident", after=first[-1][0])
        assert [record for record, _ in first + rest] == ids
        some = records.page(connection, "resident", where={"name": "张乙", "note": None})
        assert [record for record, _ in some] == ids[1::2]
        assert records.count(connection, "resident") == 7
        assert set(records.get_many(connection, "resident", [*ids[:2], 5])) == set(ids[:2])
        with pytest.raises(NotFound):
            records.page(connection, "resident", where={"no_such": 1})
        with pytest.raises(NotFound):
            records.count(connection, "no_such")
        with pytest.raises(NotFound):
            records.get(connection, "no_such", 1)


def test_acts_together_refresh_the_index_once_and_all_go_or_none(
    office: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[set[int]] = []
    planted: list[set[int]] = []
    plant = search.plant
    monkeypatch.setattr(
        "gridworker.store.search.search.refresh", lambda _, named, __: asked.append(set(named.get("resident", ())))
    )

    def planting(connection: "Connection", lots: "Sequence[Lot]") -> dict[str, frozenset[int]]:
        planted.append({record for lot in lots for one in lot.born() for record in one.records})
        return plant(connection, lots)

    monkeypatch.setattr("gridworker.store.search.search.plant", planting)
    with office.together():
        few = {add(office, "resident"), add(office, "resident")}
        edit(office, "resident", min(few), name="周敏")
        many = add_many(office, FEW + 1)
        assert count(office) == FEW + 3
    assert asked == [few]
    assert planted == [many], "side by side, and indexed from what is at hand"
    identity = office.identity

    def fails() -> None:
        with office.together():
            add(office, "resident")
            office.adopt(replace(identity, incarnation=identity.incarnation + 1))
            raise Problem("The disk is full.")

    with pytest.raises(Problem):
        fails()
    assert office.identity == identity
    assert count(office) == FEW + 3
    add(office, "resident")
    assert len(asked) == 2


def test_what_is_put_on_record_of_a_merge_bears_no_clk_that_came_with_it(office: Store, tmp_path: Path) -> None:
    """Two copies whose clock is years behind follow the office just as far, and mint the same from there on."""
    laptop, copy = (make_store(tmp_path / name, laptop=1, wall=Wall(now=0, step=0)) for name in ("one", "other"))
    with closing(laptop), closing(copy):
        record = add(office, "resident")
        pour(office, copy)
        remove(copy, "resident", record)
        assert pour(copy, laptop).forks == ()
        with laptop.cursor() as cursor:
            assert Log(cursor).rows([laptop.newest])
        assert laptop.get("resident", record) is None
        assert not check(laptop)


def test_who_writes_next_finds_the_clock_of_before_acts_together_that_were_not_committed(
    office: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else they would write as a life that was not kept, and this store would give out the same ids again."""
    before, seen = office.identity, list[Identity]()

    class Watched(Turn):
        def __exit__(self, *met: Any) -> None:
            seen.append(office.identity)
            super().__exit__(*met)

    def acts() -> None:
        with office.together():
            office.adopt(replace(before, scope=9))

    monkeypatch.setattr(office.db, "_turn", Watched(office.db._breaking.end))
    monkeypatch.setattr(office.db._breaking, "go_past", Mock(side_effect=DiskFull("full")))
    with pytest.raises(DiskFull):
        acts()
    assert seen[0] == before
    assert office.identity == before


def test_acts_together_in_another_thread_wait_and_leave_what_follows_alone(
    office: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A watched folder takes bundles in beside the window: it begins before the window heard that its own are done."""
    begun, left, together = Event(), Event(), office.db.together

    @contextmanager
    def heard_late(*, much: bool = False, failed: Callable[[], object]) -> Iterator["Connection"]:
        with together(much=much, failed=failed) as connection:
            yield connection
        assert begun.wait(10)

    def second() -> int:
        with office.together():
            begun.set()
            assert left.wait(10)
            add(office, "resident")
            return count(office)

    monkeypatch.setattr(office.db, "together", heard_late)
    with ThreadPoolExecutor(1) as pool:
        with office.together():
            waiting = pool.submit(second)
            add(office, "resident")
        left.set()
        assert waiting.result() == 2
    assert list(check(office)) == []


def test_what_fails_after_it_waited_takes_back_its_own_alone(office: Store) -> None:
    identity = replace(office.identity, incarnation=office.identity.incarnation + 1)

    def fails() -> None:
        with office.together():
            raise Problem("The disk is full.")

    with ThreadPoolExecutor(1) as pool:
        with office.together():
            waiting = pool.submit(fails)
            wait([waiting], timeout=0.2)
            office.adopt(identity)
        with pytest.raises(Problem):
            waiting.result()
    assert office.identity == identity


def test_what_was_read_of_records_before_counts_only_where_nobody_can_have_written_since(office: Store) -> None:
    one, other = add(office, "resident"), add(office, "resident")
    with office.cursor() as cursor:
        before = Log(cursor).standing({6: ("resident", [one, other])})
    edit(office, "resident", one, name="周敏")
    ops = [
        OpRow(record + (1 << 22) | 64, 6, record, What.EDIT, 0, pack_edits(record, [Edit(1, "李敏", (record,))]))
        for record in (one, other)
    ]
    commit = office.apply(Incoming(ops, [Author(1, 0)], Act("merge", 1, always=True), known=before))
    assert commit.conflicts == 1
    assert list(check(office)) == []


def test_only_records_with_a_watched_field_changed_are_indexed(office: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    record = add(office, "resident")
    asked: list[tuple[int, ...]] = []
    monkeypatch.setattr(
        "gridworker.store.search.search.refresh",
        lambda _, *changed: asked.append(tuple(len(records.get("resident", ())) for records in changed)),
    )
    edit(office, "resident", record, basis="visit")
    edit(office, "resident", record, name="周敏")
    edit(office, "resident", record, note="周末在家")
    office.write([Change("resident", record, alive=False)], Act("delete", 1))
    add(office, "resident")
    assert asked == [(0, 0), (1, 0), (0, 1), (1, 1), (1, 1)], "names, numbers and places; free text; one that is new"


def test_a_save_is_few_statements_and_one_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is a call through the driver, and what reads one record three times shows where the disk is quick."""
    ran: list[str] = []
    monkeypatch.setattr(
        "gridworker.store.engine.database.connect", lambda *given, **named: _traced(connect(*given, **named), ran)
    )
    with closing(make_store(tmp_path / "o")) as office:
        record = add(office, "resident")
        ran.clear()
        edit(office, "resident", record, note="人不在家，邻居说在女儿那边")
        edited = ran.copy()
        ran.clear()
        add(office, "resident", note="周末在家")
    assert len(edited) <= MOST_STATEMENTS
    assert len(ran) <= MOST_STATEMENTS
    for statements in (edited, ran):
        assert [statements[0], statements[-1]] == ["BEGIN IMMEDIATE", "COMMIT"]
        assert sum("INSERT INTO op " in one for one in statements) == 2, "what was done, and its row of the audit"


def _traced(connection: driver.Connection, ran: list[str]) -> driver.Connection:
    """It tells of its statements, but not of those with which the search index keeps its own tables."""
    connection.set_trace_callback(lambda sql: None if sql.startswith("--") else ran.append(sql))
    return connection


def test_a_save_does_not_read_all_authors_there_ever_were(office: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """One for each person in each scope: in a large office there are thousands, and a save took three times as long."""
    resident = add(office, "resident", 9)
    monkeypatch.delattr(Log, "author_table")
    assert edit(office, "resident", resident, 9, note="周末在家").touched
