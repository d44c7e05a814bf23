"""The history of a record: every op on it, newest first, found without an index by record."""

from pathlib import Path

from gridworker.store.history import Event, history
from gridworker.store.log.op import What, seen_in, unpack_all
from gridworker.store.records import kind_named
from gridworker.store.store import Store
from gridworker.store.streams import histories
from gridworker.store.tables.changes import Act, Change
from tests.builders import MORNING, Wall, add, edit, make_store, pour, remove, resolve

YEAR = 365 * 24 * 3600 * 1000


def events(store: Store, record: int) -> list[Event]:
    with store.cursor() as cursor:
        return history(cursor, record)


def test_every_edit_is_there_with_before_and_after(office: Store) -> None:
    record = add(office, "resident", who=7, name="陈建国", note="一")
    for note in ("二", "三"):
        edit(office, "resident", record, who=8, note=note)
    third, second, first = events(office, record)
    assert [event.what for event in (first, second, third)] == [What.CREATE, What.EDIT, What.EDIT]
    assert [event.who for event in (first, second, third)] == [7, 8, 8]
    [change] = third.changes
    assert (change.field, change.before, change.after, change.current) == ("note", ("二",), "三", True)
    [change] = second.changes
    assert (change.before, change.after, change.current) == (("一",), "二", False)
    assert {change.field: change.after for change in first.changes} == {
        "name": "陈建国", "status": "in_place", "note": "一",
    }  # fmt: skip


def test_a_deletion_is_part_of_it_and_it_outlives_the_record(office: Store) -> None:
    record = add(office, "resident")
    remove(office, "resident", record)
    assert [(event.what, event.changes[0].field) for event in events(office, record)[:1]] == [(What.DELETE, "alive")]


def test_an_edit_stands_above_what_it_replaced_whatever_the_clocks_said(office: Store, tmp_path: Path) -> None:
    record = add(office, "resident", note="一")
    behind = make_store(tmp_path / "laptop", laptop=1, wall=Wall(MORNING - 3 * YEAR))
    pour(office, behind)
    edit(behind, "resident", record, note="二")
    pour(behind, office)
    edit(office, "resident", record, note="三")
    assert [event.changes[0].after for event in events(office, record)[:2]] == ["三", "二"]
    assert events(office, record)[1].at < events(office, record)[2].at
    behind.close()


def in_conflict(office: Store, folder: Path) -> tuple[Store, int]:
    """A laptop, and a record whose note it and the office changed without knowing of each other."""
    laptop = make_store(folder / "laptop", laptop=1)
    record = add(office, "resident")
    pour(office, laptop)
    edit(office, "resident", record, note="办公室")
    edit(laptop, "resident", record, note="入户")
    pour(laptop, office)
    return laptop, record


def test_both_sides_of_a_conflict_are_current(office: Store, tmp_path: Path) -> None:
    laptop, record = in_conflict(office, tmp_path)
    assert {
        event.changes[0].after
        for event in events(office, record)
        if event.what == What.EDIT and event.changes[0].current
    } == {
        "办公室",
        "入户",
    }
    laptop.close()


def test_who_settled_it_is_told_with_all_that_was_replaced(office: Store, tmp_path: Path) -> None:
    """The value that lost can be brought back from there, whichever it was."""
    laptop, record = in_conflict(office, tmp_path)
    resolve(office, "resident", record, note="入户")
    [change] = events(office, record)[0].changes
    assert (set(change.before), change.after) == ({"办公室", "入户"}, "入户")
    laptop.close()


def test_what_is_not_here_has_none(office: Store) -> None:
    assert events(office, 5) == []


def test_an_edit_whose_record_has_not_come_is_shown_alone(office: Store, tmp_path: Path) -> None:
    laptop = make_store(tmp_path / "laptop", laptop=1)
    record = add(office, "resident")
    edit(office, "resident", record, note="二")
    pour(office, laptop, after=1)
    assert [event.changes[0].after for event in events(laptop, record)] == ["二"]
    assert laptop.get("resident", record) is None
    laptop.close()


def test_what_a_deletion_saw_goes_along_with_it_though_it_was_erased(office: Store, tmp_path: Path) -> None:
    """Its author had not heard of the erasure, so nobody replaced it: who holds the record would wait for it."""
    laptop = make_store(tmp_path / "laptop", laptop=1)
    record = add(office, "resident", note="一")
    pour(office, laptop)
    edit(laptop, "resident", record, note="二")
    remove(laptop, "resident", record)
    note = kind_named("resident").kind.specs["note"].number
    office.write([Change("resident", record, erase=frozenset({note}))], Act("erase", 1))
    pour(laptop, office)
    with office.cursor() as cursor:
        told = {row.clk: row for row in histories(cursor, [record])}
    saw = {clk for row in told.values() if row.what == What.DELETE for clk in seen_in(*unpack_all([row.vals]))}
    assert saw
    assert saw <= told.keys()
    laptop.close()
