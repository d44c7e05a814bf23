"""Who comes and goes on one day is the same to the office and to every laptop that holds the household."""

import pytest

from gridworker.app.workspace import Workspace
from tests.circle import Circle, Family

TODAY = "2026-03-18"


@pytest.fixture
def grids(circle: Circle) -> list[int]:
    return [circle.office.devices.add_grid(name) for name in ("第一网格", "第二网格")]


@pytest.fixture
def homes(circle: Circle, grids: list[int]) -> list[Family]:
    return [circle.family(grid, name=name) for grid, name in zip(grids, ("陈建国", "钱二"), strict=True)]


@pytest.fixture
def laptops(circle: Circle, grids: list[int], homes: list[Family]) -> list[Workspace]:
    del homes
    return [circle.enrol(name, grid) for name, grid in zip(("周敏", "赵海"), grids, strict=True)]


def stands(workspace: Workspace, household: int, resident: int) -> tuple[object, bool, bool]:
    """A person's status, and whether the file of a household has them among those who live there, and who left."""
    file = workspace.households.file(household)
    return (
        workspace.records.show("resident", resident).values["status"],
        resident in {one.resident for one in file.home.members},
        resident in {one.resident for one in file.former},
    )


def test_moved_in_and_out_and_back_on_one_day(
    circle: Circle, grids: list[int], homes: list[Family], laptops: list[Workspace]
) -> None:
    office, laptop, home = circle.office, laptops[0], homes[0].household
    office.people.add(home, {"name": "赵六", "relation": "80"}, came_by="moved_in")
    resident = office.records.page("resident", where={"name": "赵六"})[0].id
    circle.round(laptop)
    left = office.life.do("moved_out", home, {"who": str(resident), "day": TODAY})
    circle.round(laptop)
    assert stands(laptop, home, resident) == stands(office, home, resident) == ("moved_out", False, True)
    assert circle.agrees(laptop, grids[0])
    office.records.undo_batch(left.batch)
    circle.round(laptop)
    assert stands(laptop, home, resident) == ("in_place", True, False)
    laptop.life.do("moved_out", home, {"who": str(resident), "day": TODAY})
    laptop.life.do("back", home, {"who": str(resident), "day": TODAY})
    circle.round(laptop)
    assert stands(laptop, home, resident) == stands(office, home, resident) == ("in_place", True, False)
    assert circle.agrees(laptop, grids[0])


def test_joined_a_household_of_another_grid_and_left_it_on_one_day(
    circle: Circle, grids: list[int], homes: list[Family], laptops: list[Workspace]
) -> None:
    office, (first, second) = circle.office, homes
    office.people.add(first.household, {"name": "赵六", "relation": "80", "valid_from": TODAY}, came_by="moved_in")
    resident = office.records.page("resident", where={"name": "赵六"})[0].id
    circle.round(*laptops)
    office.life.do("join", first.household, {"who": str(resident), "household_id": second.household, "day": TODAY})
    circle.round(*laptops)
    assert stands(laptops[0], first.household, resident) == ("in_place", False, True)
    assert stands(laptops[1], second.household, resident) == ("in_place", True, False)
    laptops[1].life.do("moved_out", second.household, {"who": str(resident), "day": TODAY})
    circle.round(*laptops)
    circle.round(*laptops)
    for laptop, grid, home in zip(laptops, grids, homes, strict=True):
        assert circle.agrees(laptop, grid)
        assert stands(laptop, home.household, resident) == ("moved_out", False, True)
        assert stands(office, home.household, resident) == ("moved_out", False, True)
