"""Creations that came many at a time have their values in sheaves; nobody can tell, but that fewer bytes are there."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given, settings

from gridworker.store.backup.carving import carve
from gridworker.store.backup.rescue import salvage
from gridworker.store.concerned import Concerned, names_of
from gridworker.store.engine.database import raw_cursor
from gridworker.store.erasure.compaction import compact
from gridworker.store.erasure.erasure import erase
from gridworker.store.erasure.eviction import evict
from gridworker.store.health.check import check
from gridworker.store.history import history
from gridworker.store.keys.vault import Keys
from gridworker.store.log import sheaves
from gridworker.store.log.clock import Clock, device
from gridworker.store.log.log import Log
from gridworker.store.log.op import OpRow, What, pack_create
from gridworker.store.log.sheaves import LOST, SHEAF, Sheaves, unbound
from gridworker.store.mentions import mentions
from gridworker.store.store import Store
from gridworker.store.streams import own_ops
from gridworker.store.tables.changes import AUDIT, Act
from gridworker.store.tables.layout import table_named
from gridworker.store.undo import undo_last
from gridworker.store.upgrade.reread import reread
from gridworker.store.wish import Wish
from gridworker.store.written import written_by
from tests.builders import DEK, MORNING, Wall, edit, make_store, take
from tests.pages import found_in
from tests.store.histories import RESIDENT, STEPS_ERASING, History, Step
from tests.store.intake.test_merge_store import emptied, readings, stored_heads

MANY = SHEAF + 44
"""Two sheaves, the second not full."""
AUDITED = table_named(AUDIT).kind.number
NOBODY = [("household", 7)]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """Two stores for all examples."""
    one, other = (make_store(tmp_path_factory.mktemp("store"), laptop=1000) for _ in range(2))
    yield one, other
    one.close()
    other.close()


def people(number: int = MANY, laptop: int = 2) -> list[OpRow]:
    """What a laptop made, ascending; everybody is called differently."""
    clock = Clock(device(laptop, 0), wall=Wall(MORNING, step=1))
    ids = [clock.next() for _ in range(number)]
    return [
        OpRow(
            record,
            RESIDENT,
            record,
            int(What.CREATE),
            0,
            pack_create({1: called(at), 10: "in_place", 13: f"{called(at)}家"}),
        )
        for at, record in enumerate(ids)
    ]


def called(at: int) -> str:
    return f"金丝雀{at:04d}号"


def held(store: Store) -> dict[int, object]:
    """What stands in the log for the values of residents' creations, as it stands."""
    with store.cursor() as cursor:
        cursor.execute("SELECT clk, vals FROM op WHERE kind = 6 AND what = 0 ORDER BY clk")
        return dict(cursor.fetchall())


def logged(store: Store) -> list[OpRow]:
    """All ops but those about what was done."""
    with store.cursor() as cursor:
        return [row for rows in Log(cursor).ops() for row in rows if row.kind != AUDITED]


def faults(store: Store) -> list[str]:
    return [fault.sentence for fault in check(store) if fault.serious]


def in_pages(store: Path) -> set[bytes]:
    """All values in all sheaves on all pages of a store, also on pages that are not in use."""
    found = set()
    for leaf in carve(store, DEK).leaves:
        for row in leaf.rows:
            found.update(unbound(row[2]) if len(row) == 3 and isinstance(row[2], bytes) else [])
    return found


@settings(max_examples=12)
@given(steps=STEPS_ERASING)
def test_both_forms_tell_the_same(pair: tuple[Store, Store], steps: list[Step]) -> None:
    ops = History().play(steps).ops
    lots = [list(run) for _, run in groupby(ops, lambda row: row.what == What.CREATE)]
    with emptied(pair[0]) as plain, emptied(pair[1]) as bound, pytest.MonkeyPatch.context() as patch:
        for fewest, store in ((SHEAF, plain), (1, bound)):
            patch.setattr(sheaves, "FEWEST", fewest)
            for lot in lots:
                take(store, lot)
        assert logged(bound) == logged(plain)
        assert (readings(bound), stored_heads(bound)) == (readings(plain), stored_heads(plain))
        assert faults(bound) == []
        for lot in lots:
            assert take(bound, lot).new == 1, "its row of the audit"
        reread(bound.db, lambda _: None)
        assert (readings(bound), stored_heads(bound)) == (readings(plain), stored_heads(plain))


def test_many_are_bound_and_few_are_not(office: Store) -> None:
    rows = people()
    take(office, rows)
    assert list(held(office).values()) == [SHEAF + at for at in range(MANY)], "two sheaves, of which nothing was before"
    assert logged(office) == [row._replace(author=1) for row in rows]
    few = people(SHEAF - 1, laptop=3)
    take(office, few)
    assert [held(office)[row.clk] for row in few] == [row.vals for row in few]
    assert faults(office) == []


def test_long_values_are_not_bound(office: Store) -> None:
    [first, *rest] = people()
    take(office, [first._replace(vals=pack_create({1: "长" * 2000})), *rest])
    assert all(isinstance(vals, bytes) for vals in held(office).values())


def test_creations_of_several_kinds_are_bound_together(office: Store) -> None:
    rows = [
        row._replace(kind=2, vals=pack_create({1: "第三网格"})) if at % 3 == 0 else row
        for at, row in enumerate(people())
    ]
    take(office, rows)
    assert logged(office) == [row._replace(author=1) for row in rows]
    with office.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sheaf")
        assert cursor.fetchone() == (2,)


def test_everybody_who_reads_values_finds_them(office: Store) -> None:
    rows = people()
    take(office, rows)
    one = rows[SHEAF + 7]
    edit(office, "resident", one.record, name="王小明")
    undo_last(office, 1)
    with office.db.read() as connection, office.cursor() as cursor:
        assert called(SHEAF + 7) in names_of(connection, [Concerned("resident", one.record)])
        assert history(cursor, one.record)[-1].clk == one.clk
        assert {rows[5].record} == {mention.record for mention in mentions(connection, [called(5)], NOBODY)}
        assert [row.clk for row in written_by(cursor, 2)] == [row.clk for row in rows]
        assert [row.vals for row in own_ops(cursor, 2, {})] == [row.vals for row in rows]
        kept = Log(cursor).columns([row.clk for row in rows[5:9]])
        assert list(kept.vals) == [row.vals for row in rows[5:9]]
    assert faults(office) == []


def test_nothing_of_who_is_erased_is_left_in_a_sheaf(office: Store, tmp_path: Path) -> None:
    rows = people()
    take(office, rows)
    one, other = rows[3], rows[4]
    before = in_pages(tmp_path / "office" / "store.db")
    assert {one.vals, other.vals} <= before
    erase(office, [Wish("resident", one.record)], Act.note("erase", 7))
    office.db.checkpoint()
    after = in_pages(tmp_path / "office" / "store.db")
    assert one.vals not in after
    assert other.vals in after
    assert isinstance(held(office)[one.clk], bytes)
    assert faults(office) == []
    assert take(office, rows).forks == (), "what is blank is the same op"
    assert in_pages(tmp_path / "office" / "store.db") == after


def test_the_search_of_a_stores_bytes_opens_its_sheaves(office: Store, tmp_path: Path) -> None:
    """Only there is who was renamed still called what they were created as."""
    rows = people()
    take(office, rows)
    for at in (5, SHEAF + 5):
        edit(office, "resident", rows[at].record, name="王小明", note="")
    store, once, never = tmp_path / "office" / "store.db", f"{called(5)}家", "金丝雀9999号"
    assert found_in(store, [once, never]) == {once}, "in the write-ahead log"
    office.db.checkpoint()
    assert found_in(store, [once, never]) == {once}


def test_what_leaves_leaves_its_sheaf_and_no_number_is_given_twice(laptop: Store) -> None:
    rows = people()
    take(laptop, rows)
    records = [row.record for row in rows]
    evict(laptop, records[:SHEAF], Act.note("evict", 1))
    assert list(held(laptop).values()) == [2 * SHEAF + at for at in range(MANY - SHEAF)]
    evict(laptop, records[SHEAF:], Act.note("evict", 1))
    assert held(laptop) == {}
    with laptop.cursor() as cursor:
        cursor.execute("SELECT no FROM sheaf")
        assert cursor.fetchall() == [(2,)]
        assert not any(Sheaves(cursor).opened([2 * SHEAF + at for at in range(MANY - SHEAF)]))
    again = people(laptop=3)
    take(laptop, again)
    assert min(int(str(place)) for place in held(laptop).values()) == 3 * SHEAF
    assert faults(laptop) == []


def test_what_is_compacted_leaves_its_sheaf(laptop: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from gridworker.store.erasure import compaction

    monkeypatch.setattr(compaction, "KEPT", 0)
    monkeypatch.setattr(compaction, "_is_covered", lambda *_: True)
    rows = people()
    take(laptop, rows)
    edit(laptop, "resident", rows[0].record, name="王小明", status="moved_out")
    before = readings(laptop)
    compact(laptop, Act.note("compact", 7))
    assert isinstance(held(laptop)[rows[0].clk], bytes)
    with laptop.cursor() as cursor:
        assert Sheaves(cursor).opened([SHEAF, SHEAF + 1]) == [b"", rows[1].vals]
    assert readings(laptop) == before
    assert faults(laptop) == []


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM sheaf WHERE no = 1",
        "UPDATE sheaf SET vals = x'00' WHERE no = 1",
        "UPDATE sheaf SET vals = 'not one' WHERE no = 1",
        "UPDATE sheaf SET vals = (SELECT vals FROM sheaf WHERE no = 2) WHERE no = 1",
        f"UPDATE op SET vals = vals + 1 WHERE vals = {SHEAF}",
        f"UPDATE op SET vals = -{SHEAF} WHERE vals = {SHEAF}",
        f"UPDATE op SET vals = 9000000000000000000 WHERE vals = {SHEAF}",
    ],
)
def test_a_sheaf_that_somebody_changed_is_found(office: Store, damage: str) -> None:
    take(office, people())
    with office.db.write() as connection:
        connection.exec_driver_sql(damage)
    assert "journal" in {fault.where for fault in check(office)}


def test_values_of_no_op_are_found(office: Store) -> None:
    take(office, people())
    with office.db.write() as connection:
        connection.exec_driver_sql("INSERT INTO sheaf SELECT no + 9, vals FROM sheaf WHERE no = 1")
    assert [fault.where for fault in check(office)] == ["log"]


def test_a_place_where_nothing_is_holds_what_no_op_says(office: Store) -> None:
    with office.cursor() as cursor:
        assert Sheaves(cursor).opened([b"\x90", 7]) == [b"\x90", LOST]


def test_what_is_in_sheaves_is_salvaged(tmp_path: Path) -> None:
    keys = Keys(DEK)
    damaged, sound = make_store(tmp_path / "damaged"), make_store(tmp_path / "sound")
    rows = people()
    take(damaged, rows)
    damaged.db.checkpoint()
    damaged.close()
    salvaged = salvage(tmp_path / "damaged" / "store.db", keys, sound, 1)
    assert salvaged.new >= len(rows)
    assert [row.vals for row in logged(sound)] == [row.vals for row in rows]
    with sound.db.read() as connection:
        cursor = raw_cursor(connection)
        cursor.execute("SELECT count(*) FROM resident")
        assert cursor.fetchone() == (MANY,)
    sound.close()
