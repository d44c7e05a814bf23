"""Deleting what others rest on, and giving a number twice, is refused in a sentence; nothing is changed."""

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import Invalid, Problem
from tests.circle import Circle, Family, head


@pytest.fixture
def office(circle: Circle) -> Workspace:
    return circle.office


@pytest.fixture
def grid(office: Workspace) -> int:
    return office.devices.add_grid("第一网格")


def refused(office: Workspace, kind: str, id_: int) -> str:
    """The sentence a deletion is refused with, of a store that stays as it was."""
    before = head(office)
    with pytest.raises(Problem) as told:
        office.records.remove(kind, id_)
    assert head(office) == before
    return str(told.value)


def test_a_grid_stays_while_there_is_something_in_it(circle: Circle, office: Workspace, grid: int) -> None:
    family: Family = circle.family(grid)
    assert refused(office, "grid", grid) == "“第一网格” stays: there is something in it yet (Buildings 1)."
    circle.enrol("周敏", grid)
    assert "Grids of devices 1" in refused(office, "grid", grid)
    empty = office.devices.add_grid("第二网格")
    office.records.remove("grid", empty)
    assert [id_ for id_, _ in office.devices.grids()] == [grid]
    office.devices.add_grid("第二网格")
    office.records.remove("building", family.building)
    assert refused(office, "grid", grid).endswith("(Grids of devices 1).")


def test_the_community_stays_while_it_has_grids(office: Workspace, grid: int) -> None:
    (community,) = office.records.page("community")
    assert refused(office, "community", community.id) == "“花湖社区” stays: there is something in it yet (Grids 1)."
    office.records.remove("grid", grid)
    office.records.remove("community", community.id)
    assert office.records.page("community") == []


def test_a_device_that_is_out_stays_in_whatever_state_it_is(circle: Circle, office: Workspace, grid: int) -> None:
    office.devices.issue_kit("周敏", [grid], circle.stick / "laptop.gwk")
    (laptop,) = office.devices.laptops()
    for act in (office.devices.retire, office.devices.revoke, office.devices.readmit):
        act(laptop.number)
        assert refused(office, "device", laptop.id).startswith(
            "“Laptop 01” stays: this computer is in use, or was given"
        )
    here = office.records.save("device", {"number": 0, "state": "active", "label": "办公室"})
    assert refused(office, "device", here.id).startswith("“办公室” stays: this computer is in use")
    never_given = office.records.save("device", {"number": 7, "state": "active"})
    office.records.remove("device", never_given.id)
    assert len(office.records.page("device")) == 2


def test_no_two_devices_have_one_number(circle: Circle, office: Workspace, grid: int) -> None:
    circle.enrol("周敏", grid)
    (laptop,) = office.devices.laptops()
    before = head(office)
    with pytest.raises(Invalid, match="There is a device with the number 1 already"):
        office.records.save("device", {"number": 1, "state": "active"})
    assert head(office) == before
    other = office.records.save("device", {"number": 2, "state": "active"})
    with pytest.raises(Invalid, match="There is a device with the number 1 already"):
        office.records.save("device", {"number": 1}, other.id)
    office.records.save("device", {"number": 1, "label": "一号"}, laptop.id)
    assert sorted(str(one.values["number"]) for one in office.records.page("device")) == ["1", "2"]
