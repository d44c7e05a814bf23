"""Grids, people, laptops and kits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gridworker.errors import Denied, Invalid, NotForUs, NotFound, Problem, StoreProblem
from tests.circle import Circle


@pytest.fixture
def circle(tmp_path: Path) -> Iterator[Circle]:
    circle = Circle(tmp_path)
    yield circle
    circle.close()


def test_grids_have_names_of_their_own(circle: Circle) -> None:
    devices = circle.office.devices
    grid = devices.add_grid("第一网格")
    assert devices.grid("第一网格") == devices.grid(str(grid)) == grid
    with pytest.raises(Problem, match="already"):
        devices.add_grid("第一网格")
    with pytest.raises(NotFound):
        devices.grid("第九网格")


def test_a_person_needs_a_name(circle: Circle) -> None:
    with pytest.raises(Invalid):
        circle.office.devices.add_staff({"role": "grid_worker"})
    circle.office.devices.add_staff({"name": "赵海", "role": "grid_worker"})
    assert ("赵海", "grid_worker") in [(name, role) for _, name, role in circle.office.devices.staff()]


def test_a_kit_that_was_not_written_is_issued_again(circle: Circle) -> None:
    devices, grid = circle.office.devices, circle.office.devices.add_grid("第一网格")
    with pytest.raises(StoreProblem):
        devices.issue_kit("周敏", [grid], circle.folder / "gone" / "kit.gwk")
    (laptop,) = devices.laptops()
    assert not laptop.introduced
    kit = devices.reissue_kit(laptop.number, circle.stick)
    assert kit.path == circle.stick / "laptop-01.gwk"
    enrolled = circle.set_up(kit.path, kit.code, "laptop-1")
    circle.round(enrolled)
    assert circle.agrees(enrolled, grid)
    with pytest.raises(NotFound):
        devices.reissue_kit(9, circle.stick)


def test_a_kit_opens_with_its_own_code_only(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    first = circle.office.devices.issue_kit("周敏", [grid], circle.stick, circle.stick / "code.txt")
    second = circle.office.devices.issue_kit("赵海", [grid], circle.stick)
    assert (circle.stick / "code.txt").read_text().strip() == first.code
    with pytest.raises(NotForUs):
        circle.set_up(first.path, second.code, "wrong")


def test_a_laptop_decides_nothing_about_devices(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    laptop = circle.enrol("周敏", grid)
    with pytest.raises(Denied):
        laptop.devices.add_grid("第二网格")
    with pytest.raises(Denied):
        laptop.devices.issue_kit("赵海", [grid], circle.stick)
    with pytest.raises(Problem, match="at least one grid"):
        circle.office.devices.issue_kit("赵海", [], circle.stick)


def test_numbers_are_never_given_twice(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    numbers = [circle.office.devices.issue_kit("周敏", [grid], circle.stick).laptop for _ in range(3)]
    assert numbers == [1, 2, 3]
    assert [laptop.worker for laptop in circle.office.devices.laptops()] == ["周敏"] * 3
