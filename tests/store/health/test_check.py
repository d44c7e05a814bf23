"""The self-check finds every row that was altered, taken out or put in behind the program's back."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gridworker.record import MAX_INTEGER
from gridworker.store.health.check import Fault, check
from gridworker.store.health.search_check import mend
from gridworker.store.log.clock import Clock
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_create, pack_edits
from gridworker.store.search.search import purge
from gridworker.store.store import Incoming, Store
from gridworker.store.tables.changes import Act
from gridworker.store.upgrade.reread import reread
from tests.builders import MORNING, Wall, add, edit, make_store, pour, remove, resolve, take


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An office with all there can be: edits, a conflict, a settled one, a deletion, an edit without its record."""
    office, laptop = make_store(tmp_path / "office"), make_store(tmp_path / "laptop", laptop=1, wall=Wall(MORNING + 99))
    grid = add(office, "grid")
    records = [add(office, "resident", who=7, name=f"陈{number}") for number in range(6)]
    add(office, "device_grid", grid_id=grid, device_id=records[0])
    pour(office, laptop)
    late = add(laptop, "resident")
    for record in records[:2]:
        edit(office, "resident", record, note="办公室")
        edit(laptop, "resident", record, note="入户")
    edit(laptop, "resident", late, note="迟到")
    with laptop.cursor() as cursor:
        cursor.execute("SELECT max(no) FROM batch")
        newest = cursor.fetchone()[0]
    pour(laptop, office, after=newest - 1)
    pour(laptop, office, after=newest - 3)
    resolve(office, "resident", records[0], note="办公室")
    remove(office, "resident", records[2])
    laptop.close()
    yield office
    office.close()


def tamper(store: Store, *statements: str) -> None:
    with store.db.write() as connection:
        for statement in statements:
            assert connection.exec_driver_sql(statement).rowcount != 0, statement


def serious(store: Store) -> list[Fault]:
    return [fault for fault in check(store) if fault.serious]


def test_a_sound_store_has_only_findings_for_a_person(store: Store) -> None:
    """A reference to what is not here is none of the file's faults."""
    found = check(store)
    assert {fault.where for fault in found} == {"references"}
    assert not any(fault.serious for fault in found)


@pytest.mark.parametrize(("clk", "record"), [(MAX_INTEGER, 0), (5 << 22, MAX_INTEGER), (MAX_INTEGER, MAX_INTEGER)])
def test_the_highest_number_there_is_is_no_fault(store: Store, clk: int, record: int) -> None:
    """Who signs what it likes may bear it, or write about it: it is a number like others."""
    with store.cursor() as cursor:
        cursor.execute(f"SELECT {_ONE}")
        record = record or cursor.fetchone()[0]
    creation = record == clk
    vals = pack_create({1: "陈"}) if creation else pack_edits(record, [Edit(13, "备注", (record,))])
    row = OpRow(clk, 6, record, What.CREATE if creation else What.EDIT, 0, vals)
    store.apply(Incoming([row], [Author(7, 0)], Act("merge", 7)))
    assert serious(store) == []


_ONE = "(SELECT min(id) FROM resident)"
_EDITED = "(SELECT min(record) FROM head)"


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE resident SET name = 'x' WHERE id = {_ONE}",
        f"UPDATE resident SET birth_year = 1950 WHERE id = {_ONE}",
        f"DELETE FROM resident WHERE id = {_ONE}",
        "INSERT INTO resident (id, name) VALUES (5, 'x')",
        "INSERT INTO resident (id, name) VALUES (9223372036854775807, 'x')",
        "INSERT INTO household (id) SELECT min(id) FROM resident",
        "UPDATE grid SET name = 'x'",
        f"UPDATE head SET k = x'810d05' WHERE record = {_EDITED}",
        f"UPDATE head SET kind = 5 WHERE record = {_EDITED}",
        f"DELETE FROM head WHERE record = {_EDITED}",
        "INSERT INTO head VALUES (5, 6, x'80')",
        "DELETE FROM conflict",
        "UPDATE conflict SET waiting = 1 - waiting",
        "INSERT INTO conflict VALUES (5, 1, 6, 0)",
        "INSERT INTO pending VALUES (5, 1, 5, 6)",
        "DELETE FROM awaited",
        "INSERT INTO awaited VALUES (5, 6, 1)",
    ],
)
def test_a_reading_that_differs_from_the_log_is_found_and_mended(store: Store, statement: str) -> None:
    if "awaited" in statement:
        add(store, "resident")
    tamper(store, statement)
    assert "tables" in {fault.where for fault in serious(store)}
    reread(store.db)
    assert serious(store) == []


@pytest.mark.parametrize(
    "statement",
    [
        f"DELETE FROM search_index WHERE rowid = {_ONE}",
        "DELETE FROM search_index",
        f"DELETE FROM search_index_docsize WHERE id = {_ONE}",
        "DELETE FROM search_index_data WHERE id > 10",
        "DELETE FROM search_words WHERE rowid = (SELECT min(id) FROM resident WHERE note <> '')",
        "INSERT INTO search_index (rowid, terms) VALUES (5, 'left')",
        "INSERT INTO search_words (rowid, terms) VALUES (5, 'left')",
        f"DELETE FROM search_seen WHERE id = {_ONE}",
        f"UPDATE search_seen SET own = own + 1 WHERE id = {_ONE}",
        "INSERT INTO search_seen VALUES (6, 5, 1, '')",
        "DROP TABLE search_words",
        "DROP TABLE search_later",
    ],
)
def test_an_index_that_lacks_or_keeps_something_is_found_and_mended(store: Store, statement: str) -> None:
    edit(store, "resident", add(store, "resident", name="李"), note="周末在家")
    with store.db.write() as connection:
        purge(connection)  # its words are in the index, and wait for it no more
    with store.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM op")
        logged = cursor.fetchone()
    tamper(store, statement)
    faults = serious(store)
    assert {fault.where for fault in faults} == {"index"}
    assert all("gridworker check --mend-index" in fault.sentence for fault in faults)
    mend(store)
    assert serious(store) == []
    with store.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM op")
        assert cursor.fetchone() == logged


def test_what_has_nothing_to_be_found_by_lacks_nothing(store: Store) -> None:
    add(store, "resident", note="……")
    add(store, "household", status="active")
    assert serious(store) == []


_SOME = "(SELECT min(clk) FROM op)"


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE op SET vals = x'9201a178' WHERE clk = {_SOME}",
        f"UPDATE op SET vals = x'c1' WHERE clk = {_SOME}",
        f"UPDATE op SET kind = 7 WHERE clk = {_SOME}",
        f"UPDATE op SET kind = 'x' WHERE clk = {_SOME}",
        f"UPDATE op SET author = 2 WHERE clk = {_SOME}",
        f"UPDATE op SET what = 1 WHERE clk = {_SOME}",
        f"UPDATE op SET record = 3 WHERE clk = {_SOME}",
        f"UPDATE op SET clk = 3 WHERE clk = {_SOME}",
        f"DELETE FROM op WHERE clk = {_SOME}",
        "INSERT INTO op VALUES (3, 6, 3, 0, 1, x'9201a178')",
        "UPDATE author SET who = who + 1 WHERE no = 1",
        "UPDATE author SET scope = 9 WHERE no = 1",
        "DELETE FROM author WHERE no = 1",
        "UPDATE newest SET clk = 5",
        "DELETE FROM newest",
        "UPDATE batch SET act = 'x' WHERE no = 2",
        "UPDATE batch SET author = 1 WHERE no = 2",
        "UPDATE batch SET at = at - 1 WHERE no = 2",
        "UPDATE batch SET source = x'00' WHERE no = 2",
        "UPDATE batch SET undoes = 1 WHERE no = 2",
        "UPDATE batch SET clks = x'90' WHERE no = 2",
        "UPDATE batch SET clks = x'c1' WHERE no = 2",
        "UPDATE batch SET mac = x'00' WHERE no = 2",
        "DELETE FROM batch WHERE no = 2",
        "UPDATE batch SET no = 1000 WHERE no = 2",
    ],
)
def test_an_altered_log_is_found(store: Store, statement: str) -> None:
    tamper(store, statement)
    assert {fault.where for fault in serious(store)} & {"journal", "log"}


def test_two_links_that_changed_places_are_found(store: Store) -> None:
    tamper(
        store,
        "UPDATE batch SET no = -1 WHERE no = 2",
        "UPDATE batch SET no = 2 WHERE no = 3",
        "UPDATE batch SET no = 3 WHERE no = -1",
    )
    assert "journal" in {fault.where for fault in serious(store)}


def test_it_asks_on_its_way_whether_anybody_still_wants_it(store: Store) -> None:
    asked: list[int] = []
    assert check(store, lambda: asked.append(1)) == check(store)
    assert len(asked) > 8, "before each part, and while the pages are read"

    def no_longer() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(store, no_longer)


def test_what_an_unnoticed_copy_wrote_by_a_clock_far_ahead_is_no_journal_cut_off(tmp_path: Path) -> None:
    """It came with a bundle under this laptop's own number, and its clock is not followed."""
    wall = Wall()
    with closing(make_store(tmp_path / "laptop", laptop=1, wall=wall)) as laptop:
        record = add(laptop, "household")
        clk = Clock(laptop.identity.device, 0, lambda: wall.now + 3 * 3_600_000).next()
        take(laptop, [OpRow(clk, 5, record, What.EDIT, 0, pack_edits(record, [Edit(1, "A-12", (record,))]))])
        add(laptop, "household")
        assert laptop.newest < clk
        assert check(laptop) == []
        with laptop.db.write() as connection:
            connection.exec_driver_sql("DELETE FROM batch WHERE no = (SELECT max(no) FROM batch)")
        assert check(laptop), "and one that is, is found"
