"""Adding a building by generating its doors: one act, one undo."""

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import Invalid
from tests.village import Village

FILLED = {
    "estate_name": "师院南苑",
    "building_name": "7栋",
    "units": 3,
    "floors": 11,
    "on_a_floor": 2,
    "has_elevator": 1,
}


def test_a_building_and_all_its_doors(workspace: Workspace, village: Village) -> None:
    assert workspace.buildings.plan.told(FILLED) == "66 doors, from 1-101 to 3-1102."
    alone = {**FILLED, "units": 1, "floors": 1, "on_a_floor": 1}
    assert workspace.buildings.plan.told(alone) == "1 door, from 1-101 to 1-101."
    building, batch = workspace.buildings.plan.make({**FILLED, "without": "1-101"})
    view = workspace.buildings.view(building)
    assert view.title == "师院南苑 7栋"
    assert len(view.doors) == 65
    assert view.floors[0] == "11"
    assert {door.state for door in view.doors.values()} == {"unknown"}
    values = workspace.records.show("building", building).values
    assert (values["unit_count"], values["floor_count"], values["grid_id"]) == (3, 11, village.grid)
    workspace.records.undo_batch(batch)
    assert workspace.records.page("building") == []
    assert workspace.records.page("dwelling") == []


def test_a_tower_of_thirty_floors_and_more_than_twelve_units(workspace: Workspace, village: Village) -> None:
    building, _ = workspace.buildings.plan.make({**FILLED, "units": 14, "floors": 33, "skipped": "4 13 14 24"})
    view = workspace.buildings.view(building)
    assert (len(view.units), len(view.floors), len(view.doors)) == (14, 29, 14 * 29 * 2)


def test_a_building_that_is_here_already(workspace: Workspace, village: Village) -> None:
    workspace.buildings.plan.make(FILLED)
    with pytest.raises(Invalid) as caught:
        workspace.buildings.plan.make({**FILLED, "building_name": "7"})
    assert list(caught.value.faults) == ["building_name"]


def test_faults_stand_beside_their_fields(workspace: Workspace, village: Village) -> None:
    with pytest.raises(Invalid) as caught:
        workspace.buildings.plan.make({**FILLED, "without": "9-101"})
    assert str(caught.value.faults["without"]) == "9-101 is none of these doors."
    with pytest.raises(Invalid) as caught:
        workspace.buildings.plan.make({**FILLED, "floors": "many", "building_name": None})
    assert set(caught.value.faults) == {"floors", "building_name"}
    assert workspace.buildings.plan.told({"floors": "many"}) == ""


def test_of_several_grids_one_is_chosen(workspace: Workspace, village: Village) -> None:
    assert "grid" not in {spec.name for spec in workspace.buildings.plan.form().specs}
    other = village.add("grid", name="第四网格")
    assert "grid" in {spec.name for spec in workspace.buildings.plan.form().specs}
    building, _ = workspace.buildings.plan.make({**FILLED, "grid": str(other)})
    assert workspace.records.show("building", building).values["grid_id"] == other
