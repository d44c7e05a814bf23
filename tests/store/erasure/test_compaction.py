"""A laptop lets go of values that were replaced, and nothing else changes; above the office's backup nothing goes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker import discover
from gridworker.errors import Denied, NotFound
from gridworker.store.engine.database import raw_cursor
from gridworker.store.erasure import compaction
from gridworker.store.erasure.compaction import COMPACTED, compact, covered
from gridworker.store.health.check import check
from gridworker.store.history import history
from gridworker.store.log.clock import INCARNATION_BITS, device_of
from gridworker.store.log.log import Log
from gridworker.store.log.op import Edit, OpRow, What, pack_edits
from gridworker.store.meta import Meta
from gridworker.store.store import Store
from gridworker.store.streams import BundleRow, Exchange
from gridworker.store.tables.changes import Act
from gridworker.store.undo import undo_batch, undo_last
from gridworker.store.upgrade.reread import reread
from gridworker.sync.summary import Summary
from tests.builders import add, batches, edit, make_store, pour, take
from tests.pages import found_in
from tests.store.histories import STEPS_ERASING, History, Step
from tests.store.intake.test_merge_store import emptied, readings, shared, stored_heads

__all__ = ["shared"]

ACT = Act.note("compact", 7)
RESIDENT = discover.kinds()["resident"].kind
OF_ANOTHER = 4 << INCARNATION_BITS
"""Makes a clk of laptop 1 one of laptop 5."""


@pytest.fixture
def laptop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(compaction, "KEPT", 0)
    store = make_store(tmp_path, laptop=1)
    yield store
    store.close()


def back_up(store: Store) -> None:
    """The office says that all of this laptop's own is in its backup."""
    with store.db.write() as connection:
        cursor = raw_cursor(connection)
        Exchange(cursor).set_backed_up((device, clk) for device, clk in Log(cursor).newest().items())


def faults(store: Store) -> list[str]:
    return [fault.sentence for fault in check(store) if fault.serious]


def test_replaced_values_go_and_the_last_one_stays(laptop: Store, tmp_path: Path) -> None:
    record = add(laptop, "resident", note="canary-first")
    for note in ("canary-second", "canary-third"):
        edit(laptop, "resident", record, note=note)
    before = stored_heads(laptop)
    back_up(laptop)
    done = compact(laptop, ACT)
    assert done.ops == 2
    assert done.bytes == len("canary-first") + len("canary-second") + 2  # the field's number too; a null in place
    assert laptop.db.checkpoint()
    assert found_in(tmp_path / "store.db", ["canary-first", "canary-second"]) == set()
    assert (laptop.get("resident", record) or {})["note"] == "canary-third"
    assert stored_heads(laptop) == before
    assert faults(laptop) == []
    with laptop.cursor() as cursor:
        assert [event.what for event in history(cursor, record)] == [What.EDIT, What.EDIT, What.CREATE]
        assert not Log(cursor).awaited()
    reread(laptop.db)
    assert faults(laptop) == []
    assert compact(laptop, ACT).ops == 0


def test_nothing_above_the_backup_goes(laptop: Store) -> None:
    record = add(laptop, "resident", note="eins")
    edit(laptop, "resident", record, note="zwei")
    assert compact(laptop, ACT).ops == 0
    back_up(laptop)
    edit(laptop, "resident", record, note="drei")
    assert compact(laptop, ACT).ops == 1  # "eins"; "zwei" was replaced by what is not in the backup
    with laptop.cursor() as cursor:
        values = [change.after for event in history(cursor, record) for change in event.changes if change.after]
    assert "zwei" in values
    assert "eins" not in values


def test_a_link_that_is_not_covered_stops_it(laptop: Store) -> None:
    record = add(laptop, "resident", note="eins")
    edit(laptop, "resident", record, note="zwei")
    with laptop.cursor() as cursor:
        newest = Log(cursor).newest()
    [(device, clk)] = newest.items()
    assert device_of(clk) == device
    with laptop.db.write() as connection:
        Exchange(raw_cursor(connection)).set_backed_up([(device, clk - (1 << 22))])
    with laptop.cursor() as cursor:
        assert covered(cursor) < 2
    assert compact(laptop, ACT).ops == 0


def test_what_came_after_what_replaced_it_goes_by_its_own_link(laptop: Store) -> None:
    """It is in the backup of the office no sooner than the link it came with, whatever named it before."""
    record, number = add(laptop, "resident", note="eins"), RESIDENT.specs["note"].number
    early, late = (laptop.new_id() ^ OF_ANOTHER for _ in range(2))
    edits = {early: Edit(number, "zwei", (record,)), late: Edit(number, "drei", (early,))}
    for clk in (late, early):
        take(laptop, [OpRow(clk, RESIDENT.number, record, What.EDIT, 0, pack_edits(record, [edits[clk]]))])
    back_up(laptop)
    with laptop.cursor() as cursor:
        assert covered(cursor) == 1, "no reply says yet that the office has what came without one in a backup"
    with laptop.db.write() as connection:
        exchange = Exchange(raw_cursor(connection))
        exchange.save_stream(exchange.stream(0)._replace(backed_up=1))
    with laptop.cursor() as cursor:
        last = covered(cursor)
    assert last == 3
    compact(laptop, ACT, last - 1)
    with laptop.cursor() as cursor:
        assert {change.after for event in history(cursor, record) for change in event.changes} >= {"zwei", "drei"}
    assert compact(laptop, ACT, last).ops == 2
    with laptop.cursor() as cursor:
        left = {change.after for event in history(cursor, record) for change in event.changes}
    assert left.isdisjoint({"eins", "zwei"})


def test_nothing_behind_a_link_that_is_not_covered_counts_as_covered(
    laptop: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = add(laptop, "resident", note="eins")
    for note in ("zwei", "drei"):
        edit(laptop, "resident", record, note=note)
    monkeypatch.setattr(compaction, "_is_covered", lambda _exchange, link, *_: link.no != 2)
    with laptop.cursor() as cursor:
        assert covered(cursor) == 1


def test_what_came_with_a_reply_is_covered_once_the_office_has_backed_that_up(laptop: Store) -> None:
    record = add(laptop, "resident", note="eins")
    clk = laptop.new_id() ^ OF_ANOTHER
    vals = pack_edits(record, [Edit(RESIDENT.specs["note"].number, "zwei", (record,))])
    take(laptop, [OpRow(clk, RESIDENT.number, record, What.EDIT, 0, vals)])
    back_up(laptop)
    reply = BundleRow(b"bundle", 0, 1, 0, "merged", 0, "00-1-00000000.gwb", b"", Summary(upto=9).pack())
    ends = []
    for backed_up in (8, 9):
        with laptop.db.write() as connection:
            exchange = Exchange(raw_cursor(connection))
            exchange.save_bundle(reply)
            exchange.save_stream(exchange.stream(0)._replace(received=9, backed_up=backed_up))
        with laptop.cursor() as cursor:
            ends.append(covered(cursor))
    assert ends == [1, 2], "it came, but stands in no backup yet"


def test_the_newest_links_are_left_for_undo(laptop: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "KEPT", 2)
    record = add(laptop, "resident", who=7, note="eins")
    edit(laptop, "resident", record, who=7, note="zwei")
    edit(laptop, "resident", record, who=7, note="drei")
    back_up(laptop)
    compact(laptop, ACT)
    undo_last(laptop, 7)
    assert (laptop.get("resident", record) or {})["note"] == "zwei"


def test_fifty_links_are_left_for_undo(tmp_path: Path) -> None:
    store = make_store(tmp_path, laptop=1)
    record = add(store, "resident", note="eins")
    for number in range(52):
        edit(store, "resident", record, note=str(number))
    back_up(store)
    assert compact(store, ACT).ops == 2
    store.close()


def test_what_was_let_go_cannot_be_undone_into_nothing(laptop: Store) -> None:
    record = add(laptop, "resident", who=7, note="eins")
    edit(laptop, "resident", record, who=7, note="zwei")
    back_up(laptop)
    compact(laptop, ACT)
    with laptop.cursor() as cursor:
        last = Meta(cursor).number(COMPACTED)
    with pytest.raises(NotFound):
        undo_batch(laptop, last, 7)
    with pytest.raises(NotFound):
        undo_last(laptop, 7)
    assert (laptop.get("resident", record) or {})["note"] == "zwei"


def test_the_whole_op_again_is_no_fork(laptop: Store) -> None:
    record = add(laptop, "resident", note="eins")
    edit(laptop, "resident", record, note="zwei")
    whole = batches(laptop)
    back_up(laptop)
    compact(laptop, ACT)
    for rows, authors in whole:
        assert take(laptop, rows, authors).forks == ()
    assert faults(laptop) == []


def test_it_is_due_only_after_much_has_come(laptop: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "EVERY", 3)
    record = add(laptop, "resident", note="0")
    for number in range(3):
        edit(laptop, "resident", record, note=str(number + 1))
    assert not compaction.is_due(laptop)
    back_up(laptop)
    assert compaction.is_due(laptop)
    compact(laptop, ACT)
    assert not compaction.is_due(laptop)


def test_the_office_drops_nothing(tmp_path: Path) -> None:
    office = make_store(tmp_path)
    with pytest.raises(Denied):
        compact(office, ACT)
    office.close()


def test_a_conflict_keeps_both_its_sides(laptop: Store, tmp_path: Path) -> None:
    other = make_store(tmp_path / "other", laptop=2)
    record = add(laptop, "resident", note="eins")
    pour(laptop, other)
    edit(laptop, "resident", record, note="links")
    edit(other, "resident", record, note="rechts")
    pour(other, laptop)
    back_up(laptop)
    with laptop.db.write() as connection:
        connection.exec_driver_sql("UPDATE batch SET source = NULL")  # as if its own: what matters here is the heads
    before = readings(laptop)
    with laptop.cursor() as cursor:
        vals, _ = compaction._replaced(cursor, covered(cursor))
    assert record in vals
    assert len(vals) == 1
    assert readings(laptop) == before
    other.close()


@given(steps=STEPS_ERASING, share=st.integers(1, 9))
def test_nothing_but_values_changes(shared: Store, steps: list[Step], share: int) -> None:
    ops = History().play(steps).ops
    with emptied(shared) as store, pytest.MonkeyPatch.context() as patch:
        patch.setattr(compaction, "KEPT", 0)
        patch.setattr(compaction, "_is_covered", lambda *_: True)
        for at in range(0, len(ops), share):
            take(store, ops[at : at + share])
        before, heads = readings(store), stored_heads(store)
        compact(store, replace(ACT))
        assert readings(store) == before
        assert stored_heads(store) == heads
        assert faults(store) == []
        for at in range(0, len(ops), share):
            assert take(store, ops[at : at + share]).forks == ()
        assert readings(store) == before
