"""Undo: back to what was there before, and never over what somebody else did since."""

import pytest

from gridworker.errors import NotFound
from gridworker.store.changes import Act, Change
from gridworker.store.store import Store
from gridworker.store.undo import undo_batch, undo_last
from tests.builders import add, bring_back, edit, new, pour, remove, resolve

ME, OTHER = 1, 2


def value(store: Store, record: int, name: str = "note") -> object:
    return (store.get("resident", record) or {}).get(name)


def test_edits_go_back_one_by_one_and_then_the_record_itself(office: Store) -> None:
    record = add(office, "resident", who=ME, note="一")
    edit(office, "resident", record, who=ME, note="二")
    edit(office, "resident", record, who=ME, note="三")
    assert undo_last(office, ME).act == "edit"
    assert value(office, record) == "二"
    undo_last(office, ME)
    assert value(office, record) == "一"
    undo_last(office, ME)
    assert office.get("resident", record) is None
    with pytest.raises(NotFound):
        undo_last(office, ME)


def test_only_ones_own_acts_are_undone(office: Store) -> None:
    record = add(office, "resident", who=OTHER, note="一")
    with pytest.raises(NotFound):
        undo_last(office, ME)
    edit(office, "resident", record, who=ME, note="二")
    edit(office, "resident", record, who=OTHER, name="周敏")
    assert undo_last(office, ME).kept == 0
    assert value(office, record) == "一"
    assert value(office, record, "name") == "周敏"


def test_what_another_changed_since_stays(office: Store) -> None:
    record = add(office, "resident", who=OTHER, note="一")
    edit(office, "resident", record, who=ME, note="二", sex="male")
    edit(office, "resident", record, who=OTHER, note="三")
    undone = undo_last(office, ME)
    assert undone.kept == 1
    assert value(office, record) == "三"
    assert value(office, record, "sex") is None


def test_a_record_another_has_built_on_is_not_taken_away(office: Store, laptop: Store) -> None:
    kept, gone = add(office, "resident", who=ME), add(office, "resident", who=ME)
    edit(office, "resident", gone, who=ME, note="我的")
    pour(office, laptop)
    edit(laptop, "resident", kept, who=OTHER, note="刚搬来")
    pour(laptop, office)
    undo_last(office, ME)
    assert undo_last(office, ME).kept == 0
    assert office.get("resident", gone) is None
    assert undo_last(office, ME).kept == 1
    assert value(office, kept) == "刚搬来"


def test_a_deletion_and_a_return_are_undone(office: Store) -> None:
    record = add(office, "resident", who=OTHER)
    remove(office, "resident", record, who=ME)
    undo_last(office, ME)
    assert office.get("resident", record)
    remove(office, "resident", record, who=OTHER)
    bring_back(office, "resident", record, who=ME)
    undo_last(office, ME)
    assert office.get("resident", record) is None


def test_an_act_that_edited_and_deleted_is_undone_whole(office: Store) -> None:
    record = add(office, "resident", who=OTHER, note="一")
    changes = [Change("resident", record, {"note": "二"}), Change("resident", record, alive=False)]
    office.write(changes, Act("edit", ME))
    undo_last(office, ME)
    assert value(office, record) == "一"


def test_an_edit_of_what_is_deleted_now_stays_undone_quietly(office: Store) -> None:
    record = add(office, "resident", who=OTHER, note="一")
    edit(office, "resident", record, who=ME, note="二")
    remove(office, "resident", record, who=OTHER)
    assert undo_last(office, ME).kept == 1
    assert office.get("resident", record) is None


def test_a_whole_import_is_taken_back(office: Store) -> None:
    there = add(office, "resident", who=OTHER, note="一")
    others = add(office, "resident", who=OTHER, note="一")
    changes = [new(office, "resident", name=f"张{number}") for number in range(50)]
    changes += [Change("resident", there, {"note": "二"}), Change("resident", others, {"note": "二"})]
    commit = office.write(changes, Act("import", ME))
    edit(office, "resident", others, who=OTHER, note="三")
    edit(office, "resident", changes[3].record, who=OTHER, note="认识")
    undone = undo_batch(office, commit.batch, ME)
    assert undone.kept == 2
    assert value(office, there) == "一"
    assert value(office, others) == "三"
    left = [change.record for change in changes[:50] if office.get("resident", change.record)]
    assert left == [changes[3].record]


def test_undoing_a_bundle_leaves_the_side_that_was_here(office: Store, laptop: Store) -> None:
    record = add(office, "resident", who=ME, note="一")
    pour(office, laptop)
    edit(office, "resident", record, who=ME, note="办公室")
    edit(laptop, "resident", record, who=OTHER, note="入户")
    commit = pour(laptop, office)
    assert commit.conflicts == 1
    assert undo_batch(office, commit.batch, ME).commit.conflicts == 0
    assert value(office, record) == "办公室"


def test_undoing_a_settlement_shows_what_had_been_shown(office: Store, laptop: Store) -> None:
    record = add(office, "resident", who=OTHER, note="一")
    pour(office, laptop)
    edit(office, "resident", record, who=OTHER, note="办公室")
    edit(laptop, "resident", record, who=OTHER, note="入户")
    pour(laptop, office)
    shown = value(office, record)
    resolve(office, "resident", record, who=ME, note="另一个")
    undo_last(office, ME)
    assert value(office, record) == shown


def test_an_undo_has_its_audit_row_and_travels(office: Store, laptop: Store) -> None:
    record = add(office, "resident", who=ME, note="一")
    edit(office, "resident", record, who=ME, note="二")
    pour(office, laptop)
    undo_last(office, ME)
    pour(office, laptop)
    assert value(laptop, record) == "一"
    with office.db.read() as connection:
        rows = connection.exec_driver_sql("SELECT action, detail FROM audit_event WHERE action = 'undo'").fetchall()
    assert [tuple(row) for row in rows] == [("undo", "edit")]


def test_notes_are_not_undone(office: Store) -> None:
    record = add(office, "resident", who=ME, note="一")
    edit(office, "resident", record, who=ME, note="二")
    office.write([], Act.note("reveal", ME))
    undo_last(office, ME)
    assert value(office, record) == "一"
