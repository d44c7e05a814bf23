"""Laptops hold their grids and nothing else, whatever is lost on the way, and nothing they wrote is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings

from gridworker.app.workspace import Workspace
from gridworker.errors import Invalid, NotFound, Problem
from gridworker.record import Value
from gridworker.store.departed import Departed
from gridworker.store.tables.changes import Change
from tests.app.roundabout import STEPS, Roundabout, Step
from tests.circle import delete, made_visit, phones


@settings(max_examples=12)
@given(STEPS)
def test_in_the_end_every_laptop_holds_its_grids_and_nothing_is_lost(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Step]
) -> None:
    around = Roundabout(tmp_path_factory.mktemp("round"))
    try:
        assert around.play(steps).settle().faults() == []
    finally:
        around.close()


UNSENT: list[Step] = [
    ("move", 0, 2),
    ("visit", 0, 0),
    ("work", 0, 0),
    ("back_up", 0, 0),
    ("pack_reply", 0, 0),
    ("take", 0, 0),
]
"""A household leaves while a visit to it is only on the laptop."""


def test_that_test_sees_a_scope_exit_that_forgets_unsent_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test of the test: the planted bug removes what left at once."""
    sound = Roundabout(tmp_path / "sound")
    assert sound.play(UNSENT).settle().faults() == []
    sound.close()
    monkeypatch.setattr(
        "gridworker.sync.departing.may_go",
        lambda cursor, _identity: [record for record, *_ in Departed(cursor).waiting()],
    )
    broken = Roundabout(tmp_path / "broken")
    assert [fault for fault in broken.play(UNSENT).settle().faults() if "lost" in fault]
    broken.close()


@pytest.fixture
def around(tmp_path: Path) -> Iterator[Roundabout]:
    around = Roundabout(tmp_path)
    yield around
    around.close()


def _ops_on(laptop: Workspace, record: int) -> int:
    with laptop.session.store.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM op WHERE record = ?", (record,))
        count: int = cursor.fetchone()[0]
        return count


def test_what_leaves_is_read_only_then_removed_and_comes_back_whole(around: Roundabout) -> None:
    circle, (one, two), (home, _, target, _) = around.circle, around.laptops, around.homes
    visit = made_visit(one, home.household)
    circle.office.records.save("household", {"dwelling_id": target.dwelling}, home.household)
    circle.reply(one)
    assert one.households.file(home.household).strips.keys() >= {"left"}
    assert one.records.show("household", home.household).values["dwelling_id"] == target.dwelling
    assert not one.households.file(home.household).may_edit
    with pytest.raises(Problem, match="moved to another grid"):
        one.records.save("household", {"remark": "x"}, home.household)
    with pytest.raises(Problem, match="moved to another grid"):
        made_visit(one, home.household)
    circle.round(one)
    circle.round(one)
    assert one.records.show("household", home.household).id == home.household  # all is in, but in no backup yet
    around.settle()
    for kind, record in (("household", home.household), ("resident", home.resident), ("visit", visit)):
        with pytest.raises(NotFound):
            one.records.show(kind, record)
        assert _ops_on(one, record) == 0
        assert circle.office.records.show(kind, record).id == record
        assert two.records.show(kind, record).id == record
    assert {found.values["action"] for found in one.records.page("audit_event")} >= {"evict"}
    circle.office.records.save("household", {"dwelling_id": home.dwelling}, home.household)
    circle.office.records.save("resident", {"phones": "13800000777"}, home.resident)
    circle.round(one, two)
    assert one.records.show("visit", visit).values["household_id"] == home.household
    assert phones(one, home.resident) == "13800000777"
    assert _ops_on(one, home.household) == _ops_on(circle.office, home.household)
    one.records.save("household", {"remark": "回来了"}, home.household)
    assert around.settle().faults() == []


def test_a_late_exit_written_to_a_former_life_of_the_laptop_takes_nothing_away(around: Roundabout) -> None:
    """It left, the laptop was set back, it came back: the reply that told of the exit turns up last."""
    circle, (one, _), (home, _, target, _) = around.circle, around.laptops, around.homes
    circle.copy("laptop-1", "before")
    one = circle.open("laptop-1")
    circle.hand_in(one)
    circle.office.records.save("household", {"dwelling_id": target.dwelling}, home.household)
    late = circle.office.exchange.pack(circle.stick, 1)
    one = around.laptops[0] = circle.restore("laptop-1", "before")
    circle.office.records.save("household", {"dwelling_id": home.dwelling}, home.household)
    circle.round(one)
    circle.round(one)
    one.exchange.merge(late)
    assert around.settle().faults() == []
    assert one.records.show("household", home.household).id == home.household


def test_a_late_exit_from_before_the_office_was_set_back_takes_nothing_away(around: Roundabout) -> None:
    """It left, the office was set back and told that it is here: the reply that told of the exit turns up once more."""
    circle, (one, _), (home, _, target, _) = around.circle, around.laptops, around.homes
    circle.copy("office", "before")
    circle.open("office")
    circle.office.records.save("household", {"dwelling_id": target.dwelling}, home.household)
    circle.reply(one)
    late = circle.office.exchange.pack(circle.stick, 1)
    circle.restore("office", "before")
    circle.round(one)
    circle.office.records.save("household", {"dwelling_id": home.dwelling}, home.household)
    circle.round(one)
    one.exchange.merge(late)
    assert one.households.file(home.household).may_edit
    assert around.settle().faults() == []
    assert one.records.show("household", home.household).id == home.household


def test_what_a_laptop_made_comes_back_though_the_office_forgot_that_it_had_left(around: Roundabout) -> None:
    """A grid is taken and given back; between, the office told of the exit and was set back to before it did."""
    circle, (one, _), (home, *_) = around.circle, around.laptops, around.homes
    visit = made_visit(one, home.household)
    circle.round(one)
    circle.office.grids.give(1, around.grids[1:2])
    circle.copy("office", "before")
    circle.open("office")
    circle.reply(one)
    with pytest.raises(Problem, match="moved to another grid"):
        one.records.remove("visit", visit)
    circle.restore("office", "before")
    circle.office.grids.give(1, around.grids[:2])
    circle.round(one)
    with one.session.store.cursor() as cursor:
        assert not Departed(cursor).among([visit])
    assert around.settle().faults() == []
    assert one.records.show("visit", visit).id == visit


def _called_on(laptop: Workspace) -> set[int]:
    view = laptop.today.view()
    rows = [*(row for section in view.sections for row in section.rows), *([view.hero.row] if view.hero else [])]
    return {row.household for row in rows}


def test_what_has_left_is_marked_in_lists_and_nobody_is_sent_there(around: Roundabout) -> None:
    circle, one, (home, other, target, _) = around.circle, around.laptops[0], around.homes
    circle.clock.move(days=200)
    assert {home.household, other.household} <= _called_on(one)
    circle.office.records.save("household", {"dwelling_id": target.dwelling}, home.household)
    circle.reply(one)
    assert home.household not in _called_on(one)
    assert other.household in _called_on(one)
    signs = {row.id: row.due.kind if row.due else "" for row in one.households.rows(one.households.ids())}
    assert signs[home.household] == "left"
    assert signs[other.household] == "overdue"
    circle.office.grids.give(1, [around.grids[0]])  # the second grid leaves with its buildings
    circle.reply(one)
    assert other.household not in _called_on(one)
    door = one.buildings.view(other.building).door_of(other.household)
    assert door is not None
    assert (door.note, door.overdue, door.due_today) == ("Left this grid", False, "")


def test_an_edit_made_before_the_exit_was_known_counts_and_one_made_after_is_set_aside(
    around: Roundabout, monkeypatch: pytest.MonkeyPatch
) -> None:
    circle, (one, _), (home, _, target, _) = around.circle, around.laptops, around.homes
    circle.office.records.save("household", {"dwelling_id": target.dwelling}, home.household)
    lost = circle.office.exchange.pack(circle.stick, 1)  # the office knows, the laptop does not
    one.records.save("resident", {"phones": "13800000001"}, home.resident)
    visit = made_visit(one, home.household)
    circle.hand_in(one)
    assert phones(circle.office, home.resident) == "13800000001"
    assert circle.office.records.show("visit", visit).values["household_id"] == home.household
    one.exchange.merge(lost)
    monkeypatch.setattr("gridworker.store.store.refuse_departed", lambda _cursor, _changes: None)
    one.records.save("resident", {"phones": "13800000002"}, home.resident)
    late = made_visit(one, home.household)
    circle.hand_in(one)
    assert phones(circle.office, home.resident) == "13800000001"
    assert {(aside.record, aside.reason) for aside in circle.office.asides.waiting()} == {
        (home.resident, "out_of_scope"), (late, "out_of_scope"),
    }  # fmt: skip


def test_a_laptop_puts_nothing_into_a_grid_that_is_not_its_own(around: Roundabout) -> None:
    circle, (one, _) = around.circle, around.laptops
    elsewhere: dict[str, Value] = {"grid_id": around.grids[2], "building_name": "9"}
    with pytest.raises(Invalid, match="does not hold the grid"):
        one.records.save("building", elsewhere)
    building = one.session.new_id()  # as a broken program would
    one.session.write([Change("building", building, elsewhere, create=True)], "create")
    circle.hand_in(one)
    with pytest.raises(NotFound):
        circle.office.records.show("building", building)
    assert [aside.reason for aside in circle.office.asides.waiting()] == ["out_of_scope"]


def test_a_grid_taken_from_one_laptop_and_given_to_another(around: Roundabout) -> None:
    circle, (one, two) = around.circle, around.laptops
    circle.office.grids.give(1, around.grids[:1])
    circle.office.grids.give(2, around.grids[1:])
    written = one.records.save(
        "building", {"grid_id": around.grids[1], "building_name": "9"}
    ).id  # it knows nothing yet
    assert around.settle().faults() == []
    assert two.records.show("building", written).id == written
    assert [grid for grid, _ in circle.office.grids.of(2)] == sorted(around.grids[1:])
    assert one.session.grids() == around.grids[:1]


def test_a_merged_grid_keeps_what_comes_late_and_a_split_one_loses_nobody(around: Roundabout) -> None:
    circle, (one, two), first = around.circle, around.laptops, around.homes[0]
    written = two.records.save("building", {"grid_id": around.grids[2], "building_name": "9"}).id
    merged = circle.office.grids.merge(around.grids[2], around.grids[0])
    assert around.settle().faults() == []
    assert one.records.show("building", written).id == written
    homes = {home.household for home in around.homes}
    assert {found.id for found in one.records.page("household")} == homes
    assert {found.id for found in two.records.page("household")} == homes - {around.homes[1].household}
    assert [grid for grid, _ in circle.office.devices.grids()] == around.grids[:2]
    circle.office.records.undo_batch(merged.batch)
    assert [grid for grid, _ in circle.office.devices.grids()] == around.grids
    assert circle.office.records.show("building", around.homes[2].building).values["grid_id"] == around.grids[2]
    assert around.settle().faults() == []
    new = circle.office.grids.split(around.grids[0], "第四网格", [first.building])
    assert around.settle().faults() == []
    assert one.records.show("building", first.building).values["grid_id"] == new
    circle.office.grids.give(1, around.grids[:2])
    circle.office.grids.give(2, [around.grids[2], new])
    assert around.settle().faults() == []
    assert two.records.show("household", first.household).id == first.household


def test_what_somebody_began_to_write_keeps_a_household_that_left(around: Roundabout) -> None:
    circle, (one, _), (home, _, target, _) = around.circle, around.laptops, around.homes
    one.drafts.keep(f"visit:{home.household}", {"note": "写到一半"})
    circle.office.records.save("household", {"dwelling_id": target.dwelling}, home.household)
    around.settle()
    assert one.records.show("household", home.household).id == home.household
    one.drafts.drop(f"visit:{home.household}")
    assert around.settle().faults() == []
    assert _ops_on(one, home.household) == 0


def test_what_was_removed_does_not_come_back_in_parts_from_an_office_that_was_set_back(around: Roundabout) -> None:
    circle, (one, two), (home, _, target, _) = around.circle, around.laptops, around.homes
    circle.office.records.save("household", {"dwelling_id": target.dwelling}, home.household)
    assert around.settle().faults() == []
    circle.copy("office", "old")
    circle.open("office")
    made_visit(two, target.household)
    circle.round(one, two)
    circle.restore("office", "old")
    circle.round(one, two)
    circle.round(one, two)
    assert _ops_on(one, home.household) == 0
    assert around.settle().faults() == []
    circle.office.records.save("household", {"dwelling_id": home.dwelling}, home.household)
    assert around.settle().faults() == []
    assert one.records.show("household", home.household).id == home.household


def test_of_what_lay_in_what_was_deleted_it_is_not_said_that_it_moved(around: Roundabout) -> None:
    circle, (one, _), (home, *_) = around.circle, around.laptops, around.homes
    visit = made_visit(one, home.household)
    circle.round(one)
    delete(circle.office, "household", home.household)
    circle.round(one)
    with pytest.raises(Problem, match="or what it was in was deleted"):
        one.records.save("visit", {"outcome": "nobody_home"}, visit)


def test_a_deletion_that_the_office_has_taken_in_is_undone_on_the_laptop_all_the_same(around: Roundabout) -> None:
    """What is deleted has no place, but it did not leave."""
    circle, (one, _), (home, *_) = around.circle, around.laptops, around.homes
    visit = made_visit(one, home.household)
    circle.round(one)
    one.records.remove("visit", visit)
    circle.round(one)
    one.records.undo()
    circle.round(one)
    assert circle.office.records.show("visit", visit).id == one.records.show("visit", visit).id == visit
    assert circle.office.asides.waiting() == []


def test_the_undo_of_a_change_of_an_issue_of_two_grids_goes_in(around: Roundabout) -> None:
    circle, (one, _), (home, _, other, _) = around.circle, around.laptops, around.homes
    values: dict[str, Value] = {
        "title": "渗水", "category": "B", "severity": "S3", "reported_at": "2026-03-18T09:00:00+08:00",
        "household_id": home.household, "building_id": other.building,
    }  # fmt: skip
    issue = circle.office.records.save("issue", values).id
    circle.round(one)
    one.records.save("issue", {"building_id": home.building}, issue)
    circle.round(one)
    one.records.undo()
    circle.round(one)
    assert circle.office.asides.waiting() == []
    assert circle.office.records.show("issue", issue).values["building_id"] == other.building
    assert one.records.show("issue", issue).values["building_id"] == other.building
    assert around.settle().faults() == []
