"""A grid given to a laptop twice: an office that was put back was told so again before it heard of the first time."""

import pytest

from gridworker.app.workspace import Workspace
from gridworker.store.tables.changes import Change
from tests.circle import Circle


@pytest.fixture
def twice(circle: Circle) -> tuple[Workspace, int, int]:
    """The office, the grid that laptop 1 was given twice, and another one."""
    office = circle.office
    grid, other = office.devices.add_grid("第一网格"), office.devices.add_grid("第二网格")
    circle.enrol("周敏", grid)
    (device,) = (laptop.id for laptop in office.devices.laptops())
    again = Change("device_grid", office.session.new_id(), {"device_id": device, "grid_id": grid}, create=True)
    office.session.write([again], "scope")
    return office, grid, other


def rows(office: Workspace) -> list[int]:
    return [int(str(one.values["grid_id"])) for one in office.records.page("device_grid")]


def test_it_is_named_once(twice: tuple[Workspace, int, int]) -> None:
    office, grid, _ = twice
    assert rows(office) == [grid, grid]
    assert [laptop.grids for laptop in office.devices.laptops()] == [("第一网格",)]
    assert office.grids.of(1) == [(grid, "第一网格")]


def test_it_is_taken_away_whole(twice: tuple[Workspace, int, int]) -> None:
    office, _, other = twice
    office.grids.give(1, [other])
    assert rows(office) == [other]


def test_one_of_the_two_goes_where_it_keeps_the_grid(twice: tuple[Workspace, int, int]) -> None:
    office, grid, other = twice
    office.grids.give(1, [grid, other])
    assert sorted(rows(office)) == sorted([grid, other])


def test_one_grid_comes_of_it_where_it_is_merged(twice: tuple[Workspace, int, int]) -> None:
    office, grid, other = twice
    office.grids.merge(grid, other)
    assert rows(office) == [other]
