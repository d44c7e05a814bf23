"""Changing a building later: what is known of it, doors that were missing, doors there are not; one act, one undo."""

from typing import Any

import pytest

from gridworker.app.building.view import DoorView
from gridworker.app.workspace import Workspace
from gridworker.errors import Denied, Invalid
from tests.app.test_gate import act_as
from tests.village import Home, Village


@pytest.fixture
def chen(village: Village) -> Home:
    return village.household("陈桂芳", "3", "1", "202")


def values(workspace: Workspace, building: int, **typed: Any) -> dict[str, Any]:
    return {**workspace.buildings.change.form(building).values, **typed}


def doors(workspace: Workspace, building: int) -> dict[str, DoorView]:
    return {door.words.split(", ")[0]: door for door in workspace.buildings.view(building).doors.values()}


def test_a_building_of_a_ledger_gets_the_doors_nobody_was_written_down_behind(
    workspace: Workspace, village: Village, chen: Home
) -> None:
    building = village.building("3")
    typed = values(workspace, building, units=2, floors=3, on_a_floor=2, besides="1-B01", without="2-302")
    assert workspace.buildings.change.told(building, typed) == "Doors that come: 11, that go: 0."
    batch = workspace.buildings.change.save(building, typed)
    found = doors(workspace, building)
    assert len(found) == 12
    assert (found["3栋1单元202"].household, found["3栋1单元B01"].state) == (chen.id, "unknown")
    assert "3栋2单元302" not in found
    workspace.records.undo_batch(batch)
    assert list(doors(workspace, building)) == ["3栋1单元202"]


def test_a_door_there_is_not_goes_unless_somebody_has_it(workspace: Workspace, village: Village, chen: Home) -> None:
    building = village.building("3")
    village.add("dwelling", building_id=building, unit_no="1", room_no="203")
    with pytest.raises(Invalid) as caught:
        workspace.buildings.change.save(building, values(workspace, building, without="203, 202"))
    assert "there is something in it yet" in str(caught.value.faults["without"])
    workspace.buildings.change.save(building, values(workspace, building, without="203"))
    assert list(doors(workspace, building)) == ["3栋1单元202"]
    with pytest.raises(Invalid) as caught:
        workspace.buildings.change.save(building, values(workspace, building, without="203"))
    assert str(caught.value.faults["without"]) == "1-203 is none of these doors."


@pytest.mark.usefixtures("chen")
def test_what_is_known_of_it_is_changed_and_shown(workspace: Workspace, village: Village) -> None:
    building = village.building("3")
    village.building("4")
    workspace.buildings.change.save(building, values(workspace, building, head_name="汪德生", estate_name="师院南苑"))
    view = workspace.buildings.view(building)
    assert (view.title, view.units[0].aside) == ("师院南苑 3栋", "Building head 汪德生")
    assert workspace.buildings.view(building, sharing=True).units[0].aside == "Building head 汪**"
    with pytest.raises(Invalid) as caught:
        workspace.buildings.change.save(building, values(workspace, building, estate_name=None, building_name="4号楼"))
    assert list(caught.value.faults) == ["building_name"]


def test_the_counts_of_units_and_floors_follow_the_doors(workspace: Workspace, village: Village) -> None:
    building = village.building("3")
    village.add("dwelling", building_id=building, unit_no="3", room_no="901")

    def counts() -> tuple[object, object]:
        shown = workspace.records.show("building", building).values
        return shown["unit_count"], shown["floor_count"]

    workspace.buildings.change.save(building, values(workspace, building, besides="1-501"))
    assert counts() == (None, None)  # nobody said how many there are besides
    workspace.buildings.change.save(building, values(workspace, building, units=2, floors=6, on_a_floor=2))
    assert counts() == (3, 6)
    workspace.buildings.change.save(building, values(workspace, building, besides="4-701"))
    assert counts() == (4, 7)
    batch = workspace.buildings.change.save(building, values(workspace, building, units=5, floors=8, on_a_floor=1))
    workspace.records.undo_batch(batch)
    assert counts() == (4, 7)
    workspace.buildings.change.save(building, values(workspace, building, without="4-701"))
    assert counts() == (4, 7)


def test_numbers_that_say_too_little_or_nothing(workspace: Workspace, village: Village, chen: Home) -> None:
    building = village.building("3")
    assert workspace.buildings.change.told(building, values(workspace, building)) == ""
    assert workspace.buildings.change.told(building, values(workspace, building, units="two")) == ""
    with pytest.raises(Invalid) as caught:
        workspace.buildings.change.save(building, values(workspace, building, units=2, floors=3))
    assert list(caught.value.faults) == ["on_a_floor"]
    act_as(workspace.session, "duty")
    with pytest.raises(Denied):
        workspace.buildings.change.save(building, values(workspace, building, besides="1-B01"))


def test_a_door_is_marked_vacant_and_not_vacant(workspace: Workspace, village: Village) -> None:
    building = village.building("3")
    door = village.add("dwelling", building_id=building, unit_no="1", room_no="203", usage="unused")
    assert doors(workspace, building)["3栋1单元203"].state == "vacant"
    workspace.buildings.change.mark(door, vacant=False)
    assert doors(workspace, building)["3栋1单元203"].state == "unknown"
    batch = workspace.buildings.change.mark(door, vacant=True)
    assert doors(workspace, building)["3栋1单元203"].state == "vacant"
    workspace.records.undo_batch(batch)
    assert doors(workspace, building)["3栋1单元203"].state == "unknown"


def test_doors_stand_over_each_other_though_some_are_missing(workspace: Workspace, village: Village) -> None:
    for room in ("102", "201", "202", "302"):
        village.household("赵一", "3", "1", room)
    for room in ("1", "2", "7"):
        village.household("钱二", "5", "1", room)
    placed = {door.room: at for (_, _, at), door in workspace.buildings.view(village.building("3")).doors.items()}
    assert placed == {"102": 1, "201": 0, "202": 1, "302": 1}
    assert workspace.buildings.view(village.building("5")).units[0].columns == 3


@pytest.mark.usefixtures("chen")
def test_the_next_building_stands_where_the_others_do(workspace: Workspace, village: Village) -> None:
    workspace.buildings.change.save(village.building("3"), values(workspace, village.building("3"), estate_name="南苑"))
    assert workspace.buildings.plan.form().values["estate_name"] == "南苑"
    village.building("4")
    assert workspace.buildings.plan.form().values["estate_name"] is None
