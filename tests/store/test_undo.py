"""Undo: back to what was there before, and never over what somebody else did since."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gridworker.errors import NotFound, Problem
from gridworker.record import Value
from gridworker.store.conflicts import Contested, contested
from gridworker.store.health.check import check
from gridworker.store.log.log import Log
from gridworker.store.log.op import Author
from gridworker.store.store import Incoming, Store
from gridworker.store.tables.changes import Act, Change
from gridworker.store.undo import undo_batch, undo_last
from tests.builders import add, bring_back, edit, make_store, new, pour, remove, resolve

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


def test_what_left_the_grids_by_itself_is_passed_over(office: Store) -> None:
    """An eviction bears the name of whoever was at work then; it is no act of theirs."""
    record = add(office, "resident", who=ME, note="一")
    edit(office, "resident", record, who=ME, note="二")
    office.write([], Act("evict", ME, always=True))
    assert undo_last(office, ME).act == "edit"
    assert value(office, record) == "一"


def test_only_ones_own_acts_are_undone(office: Store) -> None:
    record = add(office, "resident", who=OTHER, note="一")
    with pytest.raises(NotFound):
        undo_last(office, ME)
    edit(office, "resident", record, who=ME, note="二")
    edit(office, "resident", record, who=OTHER, name="周敏")
    assert undo_last(office, ME).kept == 0
    assert value(office, record) == "一"
    assert value(office, record, "name") == "周敏"


def test_what_came_in_place_of_ops_written_anew_is_nobodys_own_act(office: Store, laptop: Store) -> None:
    """The other laptop's ops under clks that were given twice come with no bundle of their own."""
    record = add(office, "resident", who=ME, note="一")
    other = add(laptop, "resident", who=OTHER, note="二")
    with laptop.cursor() as cursor:
        rows = [row._replace(author=0) for row in Log(cursor).rows([other]).values()]
    office.apply(Incoming(rows, [Author(OTHER, 0)], Act("merge", ME)))
    assert undo_last(office, ME).act == "create"
    assert office.get("resident", record) is None
    assert value(office, other) == "二"


def test_acts_undone_first_to_last_leave_what_was_before_the_first(office: Store) -> None:
    """The first one was left, for the second had changed what it gave: with that one it goes."""
    record = add(office, "resident", who=ME, note="一")
    first = edit(office, "resident", record, who=ME, note="二")
    second = edit(office, "resident", record, who=OTHER, note="三")
    assert undo_batch(office, first.batch, ME).kept == 1
    assert value(office, record) == "三"
    undo_batch(office, second.batch, OTHER)
    assert value(office, record) == "一"
    assert check(office) == []


def test_an_act_that_was_undone_and_brought_back_stands_below_a_later_one(office: Store) -> None:
    record = add(office, "resident", who=ME, note="一")
    first = edit(office, "resident", record, who=ME, note="二")
    undone = undo_batch(office, first.batch, ME)
    undo_batch(office, undone.commit.batch, ME)
    later = edit(office, "resident", record, who=OTHER, note="三")
    undo_batch(office, later.batch, OTHER)
    assert value(office, record) == "二"


def test_an_undo_is_undone_and_that_too(office: Store) -> None:
    record = add(office, "resident", who=ME, note="一")
    batch = edit(office, "resident", record, who=ME, note="二").batch
    for expected in ("一", "二") * 3:
        batch = undo_batch(office, batch, ME).commit.batch
        assert value(office, record) == expected
    assert check(office) == []


def test_what_comes_back_comes_without_what_was_undone_while_it_was_gone(office: Store) -> None:
    record = add(office, "resident", who=ME, note="一")
    first = edit(office, "resident", record, who=ME, note="二")
    second = remove(office, "resident", record, who=OTHER)
    undo_batch(office, first.batch, ME)
    assert office.get("resident", record) is None
    undo_batch(office, second.batch, OTHER)
    assert value(office, record) == "一"
    assert contested_of(office) == []


def test_what_an_undo_gave_back_goes_with_the_act_that_had_given_it(office: Store) -> None:
    """Be it undone while the record was gone, or left because a later act had changed it."""
    record, other = (add(office, "resident", who=ME, note="一") for _ in range(2))
    first = edit(office, "resident", record, who=ME, note="二")
    undo_batch(office, edit(office, "resident", record, who=ME, note="三").batch, ME)
    gone = remove(office, "resident", record, who=OTHER)
    undo_batch(office, first.batch, ME)
    undo_batch(office, gone.batch, OTHER)
    assert value(office, record) == "一"
    first = edit(office, "resident", other, who=ME, note="二")
    undo_batch(office, edit(office, "resident", other, who=ME, note="三").batch, ME)
    assert value(office, other) == "二"
    last = edit(office, "resident", other, who=OTHER, note="四")
    undo_batch(office, first.batch, ME)
    assert value(office, other) == "四"
    undo_batch(office, last.batch, OTHER)
    assert value(office, other) == "一"
    assert contested_of(office) == []
    assert check(office) == []


def contested_of(store: Store) -> list[object]:
    with store.cursor() as cursor:
        return list(contested(cursor))


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


@pytest.fixture
def third(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path / "third", laptop=2)
    yield store
    store.close()


def test_undoing_a_bundle_leaves_the_sides_that_were_here(office: Store, laptop: Store, third: Store) -> None:
    record = add(office, "resident", who=ME, note="一")
    for device in (laptop, third):
        pour(office, device)
    for device, note in ((office, "办公室"), (laptop, "入户"), (third, "电话")):
        edit(device, "resident", record, who=OTHER, note=note)
    pour(laptop, office)
    commit = pour(third, office)
    undo_batch(office, commit.batch, ME)
    assert sides(office) == [["入户", "办公室"]]


def in_conflict(store: Store) -> list[Contested]:
    """What stands against each other, field by field."""
    with store.cursor() as cursor:
        return contested(cursor)


def sides(store: Store) -> list[list[Value]]:
    """The values that do, each once and in order."""
    return [sorted({side.value for side in one.sides}, key=str) for one in in_conflict(store)]


@pytest.fixture
def disputed(office: Store, laptop: Store) -> int:
    """A resident with a note from the office against one of a laptop, and the same sex from both."""
    record = add(office, "resident", who=OTHER, note="一")
    pour(office, laptop)
    edit(office, "resident", record, who=OTHER, note="办公室", sex="1")
    edit(laptop, "resident", record, who=OTHER, note="入户", sex="1")
    pour(laptop, office)
    return record


@pytest.mark.parametrize("decision", ["办公室", "入户", "另一个", None])
def test_undoing_a_settlement_opens_the_conflict_again(
    office: Store, laptop: Store, disputed: int, decision: str | None
) -> None:
    shown = value(office, disputed)
    waiting = in_conflict(office)
    resolve(office, "resident", disputed, who=ME, note=decision)
    undone = undo_last(office, ME)
    assert (undone.commit.conflicts, undone.kept) == (1, 0)
    assert value(office, disputed) == shown
    assert in_conflict(office) == waiting
    with pytest.raises(Problem, match="differently"):
        edit(office, "resident", disputed, who=ME, note="三")
    pour(office, laptop)
    assert sides(laptop) == sides(office) == [["入户", "办公室"]]
    assert value(laptop, disputed) == shown
    assert not check(office)


def test_settled_and_opened_again_and_again_it_is_still_told_who_gave_what(office: Store, disputed: int) -> None:
    waiting = in_conflict(office)
    for decision in ("办公室", "另一个", "入户"):
        resolve(office, "resident", disputed, who=ME, note=decision)
        undo_last(office, ME)
        assert in_conflict(office) == waiting


def test_a_settlement_that_was_built_on_stays(office: Store, disputed: int) -> None:
    resolve(office, "resident", disputed, who=ME, note="另一个")
    edit(office, "resident", disputed, who=OTHER, note="后来")
    assert undo_last(office, ME).kept == 1
    assert (value(office, disputed), sides(office)) == ("后来", [])


@pytest.mark.parametrize("decision", ["入户", "办公室"])
def test_what_another_settled_stays_be_it_ones_own_value(
    office: Store, laptop: Store, disputed: int, decision: str
) -> None:
    """The office kept the laptop's value: that is its own word now, and no undo on the laptop overturns it."""
    worker = 3
    edit(laptop, "resident", disputed, who=worker, name="李秀兰")
    pour(laptop, office)
    resolve(office, "resident", disputed, who=ME, note=decision)
    pour(office, laptop)
    assert undo_last(laptop, worker).kept == 0
    assert undo_last(laptop, OTHER).kept == 1
    assert (value(laptop, disputed), sides(laptop)) == (decision, [])
    pour(laptop, office)
    assert (value(office, disputed), sides(office)) == (decision, [])


def test_a_settlement_in_favour_of_a_bundle_outlives_it(office: Store, laptop: Store) -> None:
    record = add(office, "resident", who=ME, note="一")
    pour(office, laptop)
    edit(office, "resident", record, who=ME, note="办公室")
    edit(laptop, "resident", record, who=OTHER, note="入户")
    commit = pour(laptop, office)
    resolve(office, "resident", record, who=ME, note="入户")
    assert undo_batch(office, commit.batch, ME).kept == 1
    assert value(office, record) == "入户"


def test_what_an_undo_of_another_brought_back_is_undone_in_turn(office: Store) -> None:
    record = add(office, "resident", who=OTHER, note="一")
    edit(office, "resident", record, who=ME, note="二")
    edit(office, "resident", record, who=OTHER, note="三")
    undo_last(office, OTHER)
    assert value(office, record) == "二"
    assert undo_last(office, ME).kept == 0
    assert value(office, record) == "一"


def test_a_settlement_that_came_with_a_bundle_is_taken_back_with_it(
    office: Store, laptop: Store, disputed: int
) -> None:
    pour(office, laptop)
    resolve(laptop, "resident", disputed, who=OTHER, note="另一个")
    commit = pour(laptop, office)
    assert sides(office) == []
    undo_batch(office, commit.batch, ME)
    assert sides(office) == [["入户", "办公室"]]


def test_a_side_and_its_settlement_taken_back_together_leave_the_other_side(office: Store, laptop: Store) -> None:
    """What the laptop settled it settled against a value that the office had replaced long before."""
    record = add(office, "resident", who=OTHER, note="一")
    pour(office, laptop)
    edit(office, "resident", record, who=OTHER, note="办公室")
    edit(laptop, "resident", record, who=OTHER, note="入户")
    pour(office, laptop)
    resolve(laptop, "resident", record, who=OTHER, note="另一个")
    commit = pour(laptop, office)
    undo_batch(office, commit.batch, ME)
    assert (value(office, record), sides(office)) == ("办公室", [])


@pytest.mark.parametrize("alive", [True, False])
def test_a_deletion_stands_against_the_edit_again(office: Store, laptop: Store, alive: bool) -> None:
    record = add(office, "resident", who=OTHER, note="一")
    pour(office, laptop)
    remove(office, "resident", record, who=OTHER)
    edit(laptop, "resident", record, who=OTHER, note="刚入户")
    pour(laptop, office)
    waiting = in_conflict(office)
    assert [side.value for one in waiting for side in one.sides] == [0, 1]
    office.write([Change("resident", record, alive=alive)], Act("resolve", ME, resolve=True))
    undone = undo_last(office, ME)
    assert (undone.commit.conflicts, undone.kept) == (1, 0)
    assert value(office, record) == "刚入户"
    assert in_conflict(office) == waiting
    pour(office, laptop)
    assert sides(laptop) == sides(office)
    assert not check(office)


@pytest.mark.parametrize("alive", [True, False])
def test_a_deletion_that_had_seen_a_conflict_still_has_when_all_is_opened_again(
    office: Store, laptop: Store, disputed: int, alive: bool
) -> None:
    """What stands against it is the edit it had not seen, and not the values that the undo wrote anew."""
    pour(office, laptop)
    remove(office, "resident", disputed, who=OTHER)
    edit(laptop, "resident", disputed, who=OTHER, name="李秀兰")
    pour(laptop, office)
    waiting = in_conflict(office)
    assert [(one.field, len(one.sides)) for one in waiting] == [("alive", 2), ("note", 2)]
    settled = [Change("resident", disputed, {"note": "另一个"}), Change("resident", disputed, alive=alive)]
    office.write(settled, Act("resolve", ME, resolve=True))
    assert undo_last(office, ME).kept == 0
    assert in_conflict(office) == waiting
    assert not check(office)


@pytest.mark.parametrize("alive", [True, False])
def test_a_deletion_that_had_seen_neither_side_of_a_conflict_is_still_its_authors(
    office: Store, laptop: Store, third: Store, alive: bool
) -> None:
    """Not one edit that it had not seen is older than the settlement: the undo wrote both anew."""
    deleter, edited, contradicted = 3, 4, 5
    record = add(office, "resident", who=OTHER, note="一")
    pour(office, laptop)
    pour(office, third)
    remove(office, "resident", record, who=deleter)
    edit(laptop, "resident", record, who=edited, note="二")
    edit(third, "resident", record, who=contradicted, note="三")
    pour(laptop, office)
    pour(third, office)
    waiting = in_conflict(office)
    assert [(one.field, [side.who for side in one.sides]) for one in waiting] == [
        ("alive", [deleter, edited, contradicted]), ("note", [edited, contradicted])
    ]  # fmt: skip
    for decision in ("另一个", "二"):
        settled = [Change("resident", record, {"note": decision}), Change("resident", record, alive=alive)]
        office.write(settled, Act("resolve", ME, resolve=True))
        assert undo_last(office, ME).kept == 0
        assert in_conflict(office) == waiting
    assert not check(office)


@pytest.mark.parametrize("alive", [True, False])
def test_a_deletion_against_a_return_is_still_its_authors_when_it_is_opened_again(
    office: Store, laptop: Store, alive: bool
) -> None:
    deleter, returner = 3, 4
    record = add(office, "resident", who=OTHER)
    pour(office, laptop)
    remove(office, "resident", record, who=deleter)
    remove(laptop, "resident", record, who=OTHER)
    bring_back(laptop, "resident", record, who=returner)
    pour(laptop, office)
    waiting = in_conflict(office)
    assert [(side.value, side.who) for one in waiting for side in one.sides] == [(0, deleter), (1, returner)]
    office.write([Change("resident", record, alive=alive)], Act("resolve", ME, resolve=True))
    assert undo_last(office, ME).kept == 0
    assert in_conflict(office) == waiting


def test_a_return_that_somebody_has_built_on_is_not_disputed_by_undo(office: Store) -> None:
    record = add(office, "resident", who=OTHER, note="一")
    remove(office, "resident", record, who=OTHER)
    bring_back(office, "resident", record, who=ME)
    edit(office, "resident", record, who=OTHER, note="回来了")
    assert undo_last(office, ME).kept == 1
    assert (value(office, record), sides(office)) == ("回来了", [])


def test_a_deletion_made_anew_is_its_authors_own(office: Store, laptop: Store) -> None:
    """Deleted, brought back and deleted again: that is no undo, and the last one stands against a later edit."""
    record = add(office, "resident", who=OTHER, note="一")
    pour(office, laptop)
    remove(office, "resident", record, who=OTHER)
    bring_back(office, "resident", record, who=OTHER)
    for _ in range(20):
        laptop.new_id()  # time passes
    edit(laptop, "resident", record, who=OTHER, note="入户")
    remove(office, "resident", record, who=ME)
    pour(laptop, office)
    with office.cursor() as cursor:
        (one,) = contested(cursor)
    assert [side.who for side in one.sides] == [ME, OTHER]


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
