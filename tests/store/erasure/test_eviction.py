"""Records leave a laptop without a trace, and the journal stays as sound as it was."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgpack
import pytest

from gridworker import discover
from gridworker.errors import NotFound, StoreDamaged
from gridworker.paths import Folder
from gridworker.store import relink
from gridworker.store.engine.database import raw_cursor
from gridworker.store.erasure.eviction import evict
from gridworker.store.health import freshness
from gridworker.store.health.check import check
from gridworker.store.health.freshness import Reason
from gridworker.store.health.lives import freshen, raise_mark, store_state
from gridworker.store.history import history
from gridworker.store.keys.vault import Keys
from gridworker.store.log.clock import DEVICE_BITS
from gridworker.store.log.journal import Journal
from gridworker.store.log.log import Log, ops_on
from gridworker.store.log.op import Author, Edit, OpRow, What, pack_edits
from gridworker.store.log.verdicts import Ruling, Verdict
from gridworker.store.search import search
from gridworker.store.store import Store
from gridworker.store.streams import Aside, Exchange, clks_since
from gridworker.store.tables.changes import Act
from gridworker.store.undo import undo_last
from gridworker.store.upgrade.reread import reread
from tests.builders import CHAIN_KEY, DEK, add, batches, edit, make_store, reopen, take

ACT = Act("evict", 7)
RESIDENT = discover.kinds()["resident"].kind


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = make_store(tmp_path, laptop=1)
    yield opened
    opened.close()


def faults(store: Store) -> list[str]:
    return [fault.sentence for fault in check(store) if fault.serious]


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    with store.db.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(sql)]


def worked(store: Store) -> tuple[int, int]:
    """Two residents with everything: edits, a deletion, an edit whose predecessor is not here."""
    going, staying = add(store, "resident", name="陈建国"), add(store, "resident", name="王秀英")
    for record in (going, staying):
        edit(store, "resident", record, note="入户")
        missing = OpRow(store.new_id(), 6, record, 1, 0, b"\x93\x04\xcd\x07\x9e\x05")  # born 1950, over what never came
        take(store, [missing], [Author(3, 0)])
    edit(store, "resident", going, note="再来")
    return going, staying


def test_nothing_of_an_evicted_record_is_left_and_all_of_the_others(store: Store) -> None:
    going, staying = worked(store)
    before = rows(store, f"SELECT * FROM op WHERE record = {staying}")
    commit = evict(store, {going}, ACT)
    assert commit.touched["resident"] == {going}
    for table in ("op", "head", "awaited", "pending", "conflict"):
        assert not rows(store, f"SELECT * FROM {table} WHERE record = {going}"), table
    assert store.get("resident", going) is None
    with store.db.read() as connection:
        assert not search.find(connection, "陈建国")
        assert search.find(connection, "王秀英")
    assert rows(store, f"SELECT * FROM op WHERE record = {staying}") == before
    assert faults(store) == []


def test_what_stays_waits_for_what_it_names_where_another_of_that_number_left(store: Store) -> None:
    """Copies of a laptop gave one clk to an edit of somebody who leaves and to what an edit that stays names."""
    going, staying = add(store, "resident", name="陈建国"), add(store, "resident", name="王秀英")
    edit(store, "resident", going, note="入户")
    clk = rows(store, f"SELECT max(clk) FROM op WHERE record = {going}")[0][0]
    named = OpRow(store.new_id(), 6, staying, 1, 0, msgpack.packb([4, 1950, clk]))
    of_nobody = OpRow(store.new_id(), 6, clk, 1, 0, msgpack.packb([4, 1951, 0]))
    take(store, [named, of_nobody], [Author(3, 0)])
    evict(store, {going}, ACT)
    assert {row[:2] for row in rows(store, "SELECT clk, record FROM awaited")} == {(clk, staying), (clk, clk)}
    assert faults(store) == []


def test_verdicts_on_it_and_what_only_a_newer_version_reads_go_too(store: Store) -> None:
    going = add(store, "resident", note="一")
    refused, newer = (
        OpRow(store.new_id(), 6, going, int(What.EDIT), 0, pack_edits(going, [Edit(number, "二", (going,))]))
        for number in (RESIDENT.specs["note"].number, 9999)
    )
    word = Verdict(store.new_id() >> DEVICE_BITS << DEVICE_BITS, refused.clk, going, 6, Ruling.REFUSED)
    take(store, [refused, newer, word.row(0)], [Author(3, 0)])
    tables = ("pending", "ruling", "judged")
    assert all(rows(store, f"SELECT * FROM {table} WHERE record = {going}") for table in tables)
    evict(store, [going], ACT)
    assert not any(rows(store, f"SELECT * FROM {table} WHERE record = {going}") for table in tables)


def test_it_is_put_on_record_in_the_same_transaction(store: Store) -> None:
    going, staying = worked(store)
    told = []
    evict(store, [going, staying], ACT, lambda _, commit: told.append(commit.touched["resident"]))
    found = rows(store, "SELECT count FROM audit_event WHERE action = 'evict'")
    assert found == [(2,)]
    assert told == [{going, staying}]


def test_a_fault_beside_it_leaves_everything(store: Store) -> None:
    going, _ = worked(store)
    before = rows(store, "SELECT * FROM op ORDER BY clk")

    def fail(_connection: object, _commit: object) -> None:
        raise NotFound("No.")

    with pytest.raises(NotFound):
        evict(store, [going], ACT, fail)
    assert rows(store, "SELECT * FROM op ORDER BY clk") == before
    assert store.get("resident", going)
    assert faults(store) == []


def test_what_was_evicted_comes_again_whole(store: Store) -> None:
    going, _ = worked(store)
    held = store.get("resident", going)
    [*found] = [(rows_, authors) for rows_, authors in batches(store) if any(row.record == going for row in rows_)]
    heads = rows(store, "SELECT * FROM head ORDER BY record")
    evict(store, [going], ACT)
    for ops, authors in found:
        take(store, [row for row in ops if row.record == going], authors)
    assert store.get("resident", going) == held
    assert rows(store, "SELECT * FROM head ORDER BY record") == heads
    assert faults(store) == []


def test_history_undo_streams_and_reading_anew_go_on(store: Store) -> None:
    going, staying = worked(store)
    edit(store, "resident", staying, who=9, note="三次")
    numbers = [link[0] for link in rows(store, "SELECT no FROM batch ORDER BY no")]
    evict(store, [going], ACT)
    with store.cursor() as cursor:
        clks, newest = clks_since(cursor, 0)
        assert set(clks) == Log(cursor).present(clks)
        assert len(history(cursor, staying)) == 4
        assert history(cursor, going) == []
        assert ops_on(cursor, [going]) == []
    assert newest == numbers[-1] + 1
    assert undo_last(store, 9).commit.touched["resident"] == {staying}
    reread(store.db)
    assert faults(store) == []


def test_undoing_an_act_whose_records_are_gone_finds_nothing(store: Store) -> None:
    going = add(store, "resident", who=5)
    edit(store, "resident", going, who=5, note="入户")
    evict(store, [going], ACT)
    assert undo_last(store, 5).kept == 1
    assert faults(store) == []


def test_a_number_that_was_given_out_is_not_given_again(store: Store, tmp_path: Path) -> None:
    """The life of the op that left stays known, also after the tables are read anew."""
    going = add(store, "resident")
    foreign = OpRow(going + (2 << 6), 6, going + (2 << 6), 0, 0, b"\x92\x01\xa1x")
    take(store, [foreign], [Author(3, 0)])
    before = rows(store, "SELECT * FROM newest ORDER BY device")
    evict(store, [foreign.clk], ACT)
    reread(store.db)
    after = dict(rows(store, "SELECT * FROM newest"))
    assert set(dict(before)) == set(after)
    assert faults(store) == []
    take(store, [foreign], [Author(3, 0)])
    assert store.get("resident", foreign.clk)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE op SET vals = x'9201a178' WHERE clk = (SELECT max(clk) FROM op WHERE what = 0 AND kind = 6)",
        "UPDATE batch SET at = at + 1 WHERE no = 3",
        "DELETE FROM batch WHERE no = 3",
        "DELETE FROM batch WHERE no = 1",
        "DELETE FROM op WHERE clk = (SELECT max(clk) FROM op)",
    ],
)
def test_what_was_altered_is_never_covered_up(store: Store, statement: str) -> None:
    going, _ = worked(store)
    with store.db.write() as connection:
        assert connection.exec_driver_sql(statement).rowcount == 1
    before = rows(store, "SELECT no, mac FROM batch")
    with pytest.raises(StoreDamaged):
        evict(store, [going], ACT)
    assert rows(store, "SELECT no, mac FROM batch") == before
    assert faults(store)


def test_links_before_the_first_one_touched_stay_as_they_are(store: Store) -> None:
    worked(store)
    with store.cursor() as cursor:
        last, _ = Journal(cursor, CHAIN_KEY).last()
    before = rows(store, f"SELECT * FROM batch WHERE no <= {last}")
    late = add(store, "resident")
    evict(store, [late], ACT)
    assert rows(store, f"SELECT * FROM batch WHERE no <= {last}") == before
    assert faults(store) == []


def test_a_planted_bug_that_keeps_the_old_codes_is_caught(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    going, _ = worked(store)
    monkeypatch.setattr(relink, "_anew", lambda *_: ())
    evict(store, [going], ACT)
    assert faults(store)


def test_the_mark_outside_fits_whenever_the_power_goes(store: Store, tmp_path: Path) -> None:
    """Right after an eviction the mark names codes that are no more: that is no alarm. A store set back still is."""
    folder, keys = Folder(tmp_path), Keys(DEK)
    going, _ = worked(store)
    freshen(store, folder, keys)
    raise_mark(store, folder, keys)
    evict(store, [going], ACT)
    assert freshen(reopen(store, tmp_path), folder, keys).fresh
    opened = reopen(store, tmp_path)
    raise_mark(opened, folder, keys)
    assert freshen(opened, folder, keys).fresh
    with opened.db.write() as connection:
        connection.exec_driver_sql("UPDATE batch SET mac = x'00' WHERE no = (SELECT max(no) FROM batch)")
    assert freshness.check(folder, keys, store_state(opened)).reason is Reason.FORKED
    opened.close()


def test_what_was_set_aside_of_others_stays(store: Store) -> None:
    going, staying = worked(store)
    with store.db.write() as connection:
        Exchange(raw_cursor(connection)).set_aside([Aside(999, 6, staying, 1, 3, 0, b"\x90", "fork", b"bundle")])
    evict(store, {going}, ACT)
    with store.cursor() as cursor:
        assert [op.record for op in Exchange(cursor).aside()] == [staying]
