"""The write path: only what differs is logged, nobody's edit is overwritten blindly, every deed has its audit row."""

import pytest

from gridworker.errors import NotFound, Problem
from gridworker.store.conflicts import contested
from gridworker.store.log.journal import Journal
from gridworker.store.log.log import Log
from gridworker.store.log.op import OpRow, What, pack_create, unpack_create, unpack_edits
from gridworker.store.store import Store
from gridworker.store.tables.changes import Act, Change
from tests.builders import (
    CHAIN_KEY,
    add,
    bring_back,
    edit,
    new,
    pour,
    remove,
    resolve,
    take,
)


def last_ops(store: Store) -> list[OpRow]:
    """The ops of the newest transaction: the deed's, then its audit row."""
    with store.cursor() as cursor:
        *_, link = Journal(cursor, CHAIN_KEY).links()
        return list(Log(cursor).rows(link.op_clks).values())


def audits(store: Store) -> list[tuple[object, ...]]:
    with store.db.read() as connection:
        return [
            tuple(row)
            for row in connection.exec_driver_sql(
                "SELECT action, staff_id, record_kind, record, count FROM audit_event ORDER BY id"
            )
        ]


def test_only_what_differs_is_logged(office: Store) -> None:
    record = add(office, "resident", name="陈建国", note="三楼")
    edit(office, "resident", record, name="陈建国", note="四楼", sex=None)
    op = next(row for row in last_ops(office) if row.record == record)
    assert op.what == What.EDIT
    assert [(one.field, one.value, one.over) for one in unpack_edits(record, op.vals)] == [(13, "四楼", (record,))]


def test_nothing_differing_writes_nothing(office: Store) -> None:
    record = add(office, "resident", name="陈建国")
    before = audits(office)
    assert edit(office, "resident", record, name="陈建国", note=None).batch == 0
    assert audits(office) == before


def test_the_deed_and_its_audit_row_are_one_transaction(office: Store) -> None:
    record = add(office, "resident", who=7)
    commit = edit(office, "resident", record, who=7, name="周敏")
    assert [row.kind for row in last_ops(office)] == [6, 16]
    assert audits(office) == [("create", 7, "resident", record, 1), ("edit", 7, "resident", record, 1)]
    assert set(commit.touched) == {"resident", "audit_event"}
    assert commit.touched["resident"] == {record}


def test_a_deed_that_fails_leaves_no_trace(office: Store) -> None:
    record = add(office, "resident")
    before = audits(office)
    with pytest.raises(NotFound):
        office.write(
            [Change("resident", record, {"name": "周敏"}), Change("resident", 5, {"name": "x"})], Act("edit", 1)
        )
    assert audits(office) == before
    assert (office.get("resident", record) or {})["name"] == "陈建国"


def test_a_note_is_put_on_record_and_changes_nothing(office: Store) -> None:
    commit = office.write([], Act.note("reveal", 7, kind="resident", record=12, count=1))
    assert audits(office) == [("reveal", 7, "resident", 12, 1)]
    assert commit.batch == 1


def test_two_people_editing_different_fields_both_keep_their_edit(office: Store, laptop: Store) -> None:
    record = add(office, "resident")
    pour(office, laptop)
    edit(office, "resident", record, note="养猫")
    edit(laptop, "resident", record, name="陈国栋")
    assert pour(laptop, office).conflicts == 0
    assert pour(office, laptop).conflicts == 0
    for store in (office, laptop):
        values = store.get("resident", record) or {}
        assert (values["name"], values["note"]) == ("陈国栋", "养猫")


@pytest.fixture
def conflict(office: Store, laptop: Store) -> int:
    """A resident whose name two people gave differently."""
    record = add(office, "resident")
    pour(office, laptop)
    edit(office, "resident", record, name="陈国梁")
    edit(laptop, "resident", record, name="陈国栋")
    pour(office, laptop)
    pour(laptop, office)
    return record


def test_a_field_in_conflict_is_not_overwritten_blindly(office: Store, conflict: int) -> None:
    with pytest.raises(Problem, match="Full name"):
        edit(office, "resident", conflict, name="陈国庆")
    edit(office, "resident", conflict, note="别的字段照常")


def test_settling_replaces_every_side_everywhere(office: Store, laptop: Store, conflict: int) -> None:
    with office.cursor() as cursor:
        [one] = contested(cursor, conflict)
    assert {side.value for side in one.sides} == {"陈国梁", "陈国栋"}
    resolve(office, "resident", conflict, name="陈国梁")
    assert pour(office, laptop).conflicts == 0
    for store in (office, laptop):
        assert (store.get("resident", conflict) or {})["name"] == "陈国梁"
        with store.cursor() as cursor:
            assert contested(cursor) == []


def test_who_settles_a_field_says_nothing_of_the_others(office: Store, laptop: Store, conflict: int) -> None:
    """The form hands over all it shows: what was meant to stay must not meet an edit that comes later."""
    edit(laptop, "resident", conflict, note="养猫")
    resolve(office, "resident", conflict, name="陈国梁", note=None)
    assert pour(laptop, office).conflicts == 0
    assert (office.get("resident", conflict) or {})["note"] == "养猫"


def test_the_same_value_from_two_people_is_no_conflict(office: Store, laptop: Store) -> None:
    record = add(office, "resident")
    pour(office, laptop)
    edit(office, "resident", record, name="陈国梁")
    edit(laptop, "resident", record, name="陈国梁")
    assert pour(laptop, office).conflicts == 0
    edit(office, "resident", record, name="陈国庆")
    pour(office, laptop)
    assert (laptop.get("resident", record) or {})["name"] == "陈国庆"


def test_a_deletion_that_met_an_edit_it_had_not_seen_hides_nothing(office: Store, laptop: Store) -> None:
    record = add(office, "resident")
    pour(office, laptop)
    remove(office, "resident", record)
    edit(laptop, "resident", record, note="刚搬来")
    assert pour(laptop, office).conflicts == 1
    assert (office.get("resident", record) or {})["note"] == "刚搬来"
    remove(office, "resident", record)
    assert office.get("resident", record) is None
    assert pour(office, laptop).conflicts == 0
    assert laptop.get("resident", record) is None


def test_two_who_each_deleted_what_they_had_just_edited_are_at_one(office: Store, laptop: Store) -> None:
    """Neither saw the other's edit, but each edit was seen by somebody who deleted all the same."""
    record = add(office, "resident")
    pour(office, laptop)
    edit(office, "resident", record, note="养猫")
    remove(office, "resident", record)
    edit(laptop, "resident", record, name="陈国栋")
    remove(laptop, "resident", record)
    assert pour(laptop, office).conflicts == pour(office, laptop).conflicts == 0
    assert office.get("resident", record) is None
    assert laptop.get("resident", record) is None


def test_what_is_deleted_is_not_edited_and_can_come_back(office: Store) -> None:
    record = add(office, "resident", note="三楼")
    remove(office, "resident", record)
    with pytest.raises(NotFound):
        edit(office, "resident", record, note="四楼")
    bring_back(office, "resident", record)
    assert (office.get("resident", record) or {})["note"] == "三楼"


def test_one_act_may_bring_back_and_edit_or_edit_and_delete(office: Store) -> None:
    record = add(office, "resident", note="三楼")
    remove(office, "resident", record)
    office.write([Change("resident", record, {"note": "四楼"}, alive=True)], Act("restore", 1))
    assert (office.get("resident", record) or {})["note"] == "四楼"
    office.write(
        [Change("resident", record, {"note": "五楼"}), Change("resident", record, alive=False)], Act("edit", 1)
    )
    assert office.get("resident", record) is None
    bring_back(office, "resident", record)
    assert (office.get("resident", record) or {})["note"] == "五楼"


def test_several_changes_of_a_record_in_one_act_are_one_op(office: Store) -> None:
    record = add(office, "resident")
    changes = [
        Change("resident", record, {"note": "三楼"}),
        Change("resident", record, {"note": "四楼", "sex": "male"}),
    ]
    commit = office.write(changes, Act("edit", 1))
    assert commit.new == 2
    assert commit.conflicts == 0
    assert (office.get("resident", record) or {})["note"] == "四楼"


@pytest.mark.parametrize("kind", ["household", "no_such_kind"])
def test_a_record_is_only_changed_as_what_it_is(office: Store, kind: str) -> None:
    record = add(office, "resident")
    with pytest.raises(NotFound):
        office.write([Change(kind, record, {"status": "active"})], Act("edit", 1))


def test_creating_twice_is_a_bug_and_writes_nothing(office: Store) -> None:
    record = add(office, "resident")
    with pytest.raises(RuntimeError):
        office.write([new(office, "resident", record, name="周敏")], Act("create", 1))
    assert (office.get("resident", record) or {})["name"] == "陈建国"


def test_the_clock_goes_on_after_a_restart_and_follows_what_came(office: Store, laptop: Store) -> None:
    later = Store(office.db, CHAIN_KEY, wall=lambda: 0)
    record = add(later, "resident")
    pour(office, laptop)
    assert min(row.clk for row in last_ops(laptop) if row.clk != record) > record
    assert Store(laptop.db, CHAIN_KEY, wall=lambda: 0).new_id() > record


def test_an_edit_as_another_kind_stays_within_the_record(office: Store) -> None:
    """The kind of a record is that of its creation, whatever a later op says, and in any order."""
    record, clk = office.new_id(), office.new_id()
    creation = OpRow(record, 6, record, What.CREATE, 0, pack_create({1: "陈建国", 10: "in_place"}))
    foreign = OpRow(clk, 5, record, What.EDIT, 0, pack_create({}) + b"")._replace(vals=b"\x93\x01\xa3abc\x00")
    take(office, [foreign])
    take(office, [creation])
    assert (office.get("resident", record) or {})["name"] == "abc"
    with office.db.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM household").scalar() == 0


def test_ops_that_cannot_be_are_given_back(office: Store) -> None:
    one, other = office.new_id(), office.new_id()
    vals = pack_create({1: "陈建国"})
    bad = [
        OpRow(one, 6, other, What.CREATE, 0, vals),
        OpRow(other, 6, other, What.EDIT, 0, vals),
    ]
    commit = take(office, bad)
    assert sorted(commit.bad) == sorted(bad)
    assert commit.new == 1


def test_the_same_clk_with_another_content_is_a_fork(office: Store) -> None:
    record = add(office, "resident")
    twin = OpRow(record, 6, record, What.CREATE, 0, pack_create({1: "周敏"}))
    commit = take(office, [twin, twin])
    assert commit.forks == (twin, twin)
    assert (office.get("resident", record) or {})["name"] == "陈建国"
    kept = next(row for row in last_ops(office))
    assert unpack_create(kept.vals)
