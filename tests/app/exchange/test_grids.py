"""Cutting grids anew at the office: what is refused, and that each is one act and one undo."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gridworker.app.roster.export import ExportWish
from gridworker.app.workspace import Workspace
from gridworker.errors import Denied, NotFound, Problem
from tests.circle import Circle


def test_a_grid_is_renamed_to_a_name_of_its_own(circle: Circle) -> None:
    first, second = (circle.office.devices.add_grid(name) for name in ("第一网格", "第二网格"))
    circle.office.grids.rename(first, "北网格")
    circle.office.grids.rename(first, "北网格")
    assert circle.office.devices.grids() == [(first, "北网格"), (second, "第二网格")]
    with pytest.raises(Problem, match="already"):
        circle.office.grids.rename(second, "北网格")
    circle.office.records.undo()
    assert circle.office.devices.grid("第一网格") == first


def test_a_split_takes_buildings_of_the_grid_only_and_is_one_undo(circle: Circle) -> None:
    first, second = (circle.office.devices.add_grid(name) for name in ("第一网格", "第二网格"))
    here, there = circle.family(first), circle.family(second)
    for buildings in ([], [there.building], [here.building, there.building]):
        with pytest.raises(Problem, match="that is split"):
            circle.office.grids.split(first, "第三网格", buildings)
    new = circle.office.grids.split(first, "第三网格", [here.building])
    assert circle.office.records.show("building", here.building).values["grid_id"] == new
    circle.office.records.undo()
    assert circle.office.records.show("building", here.building).values["grid_id"] == first
    assert [grid for grid, _ in circle.office.devices.grids()] == [first, second]


def test_a_laptop_has_the_grids_it_was_given_and_no_others(circle: Circle) -> None:
    first, second, third = (circle.office.devices.add_grid(name) for name in ("第一网格", "第二网格", "第三网格"))
    circle.enrol("周敏", first, second)
    circle.enrol("李静", second)
    grids = circle.office.grids
    grids.give(1, [second, third])
    assert [id_ for id_, _ in grids.of(1)] == [second, third]
    grids.give(1, [third])
    assert (grids.of(1), grids.of(2)) == ([(third, "第三网格")], [(second, "第二网格")])
    circle.office.records.undo()
    assert [id_ for id_, _ in grids.of(1)] == [second, third]


def issue(office: Workspace, grid: int, building: int) -> int:
    values = {"title": "井盖缺失", "category": "F", "severity": "S3", "reported_at": "2026-03-18T01:00:00Z"}
    return office.records.save("issue", {**values, "grid_id": grid, "building_id": building}).id


def grids_of(office: Workspace, *records: tuple[str, int]) -> list[object]:
    return [office.records.show(kind, id_).values["grid_id"] for kind, id_ in records]


def test_what_names_its_grid_goes_with_its_building_and_the_rest_stays(circle: Circle) -> None:
    """Doors that lie in another grid than their building are overridden; issues name the grid they were seen in."""
    office = circle.office
    first, second = (office.devices.add_grid(name) for name in ("第一网格", "第二网格"))
    placed = list[tuple[str, int]]()
    for family in (circle.family(first), circle.family(first, "102", "王秀英")):
        door = office.records.save(
            "dwelling", {"building_id": family.building, "unit_no": "1", "room_no": "909", "grid_id": first}
        ).id
        at = [("building", family.building), ("dwelling", door), ("issue", issue(office, first, family.building))]
        placed += at
    new = office.grids.split(first, "第三网格", [placed[0][1]])
    (community,) = (one.id for one in office.records.page("community"))
    assert [office.records.show("grid", grid).values["community_id"] for grid in (first, new)] == [community] * 2
    assert grids_of(office, *placed) == [new] * 3 + [first] * 3
    office.grids.merge(first, second)
    assert grids_of(office, *placed) == [new] * 3 + [second] * 3


def test_nobody_loses_a_grid_by_a_cut_and_who_is_given_others_holds_those_alone(circle: Circle) -> None:
    office = circle.office
    first, second = (office.devices.add_grid(name) for name in ("第一网格", "第二网格"))
    family = circle.family(first)
    circle.enrol("周敏", first)
    circle.enrol("赵海", first, second)

    def held() -> list[list[int]]:
        return [[grid for grid, _ in office.grids.of(laptop)] for laptop in (1, 2)]

    new = office.grids.split(first, "第三网格", [family.building])
    assert held() == [[first, new], [first, second, new]]
    office.grids.merge(first, second)
    assert held() == [[second, new], [second, new]]
    office.grids.give(1, [new])
    assert held() == [[new], [second, new]]


def test_what_is_written_late_in_a_grid_that_was_merged_twice_reaches_who_has_it_now(circle: Circle) -> None:
    first, second, third = (circle.office.devices.add_grid(name) for name in ("第一网格", "第二网格", "第三网格"))
    circle.family(first)
    writer, other = circle.enrol("周敏", first), circle.enrol("赵海", third)
    circle.round(writer, other)
    circle.office.grids.merge(first, second)
    circle.office.grids.merge(second, third)
    late = writer.records.save("building", {"grid_id": first, "building_name": "9"}).id
    circle.round(writer, other)
    assert other.records.show("building", late).values["building_name"] == "9"
    assert circle.office.asides.waiting() == []


def test_what_cannot_be_is_refused(circle: Circle) -> None:
    first = circle.office.devices.add_grid("第一网格")
    with pytest.raises(Problem, match="two different"):
        circle.office.grids.merge(first, first)
    with pytest.raises(NotFound):
        circle.office.grids.merge(first, 7)
    laptop = circle.enrol("周敏", first)
    with pytest.raises(Problem, match="at least one"):
        circle.office.grids.give(1, [])
    with pytest.raises(NotFound):
        circle.office.grids.give(1, [7])
    with pytest.raises(NotFound):
        circle.office.grids.of(9)
    for work in (
        lambda: laptop.grids.give(1, [first]), lambda: laptop.grids.rename(first, "x"),
        lambda: laptop.grids.split(first, "x", []), lambda: laptop.grids.merge(first, first),
    ):  # fmt: skip
        with pytest.raises(Denied):
            work()


STRANGE_GRID: dict[str, Callable[[Workspace, int, Path], object]] = {
    "import": lambda laptop, grid, folder: laptop.rosters.preview(folder / "ledger.csv", grid),
    "correct by hand": lambda laptop, grid, folder: laptop.rosters.bare(folder / "ledger.csv", grid),
    "export": lambda laptop, grid, folder: laptop.rosters.export(ExportWish(folder / "out.csv", "report", grid)),
    "building": lambda laptop, grid, _: laptop.records.save("building", {"building_name": "9栋", "grid_id": grid}),
    "issue": lambda laptop, grid, _: laptop.records.save(
        "issue",
        {
            "title": "井盖缺失",
            "category": "F",
            "severity": "S3",
            "grid_id": grid,
            "reported_at": "2026-03-18T01:00:00Z",
        },
    ),
    "digest": lambda laptop, grid, _: laptop.care_of_store.digest(str(grid)),
}


@pytest.mark.parametrize("way", STRANGE_GRID)
def test_a_laptop_takes_nothing_into_a_grid_it_does_not_hold(circle: Circle, way: str, tmp_path: Path) -> None:
    mine, other = (circle.office.devices.add_grid(name) for name in ("第一网格", "第二网格"))
    laptop = circle.enrol("周敏", mine)
    (tmp_path / "ledger.csv").write_text("姓名,楼栋,室\n王强,9,101\n", encoding="utf-8")
    before = laptop.care_of_store.digest()
    with pytest.raises(Problem, match="does not hold the grid 第二网格"):
        STRANGE_GRID[way](laptop, other, tmp_path)
    assert laptop.care_of_store.digest() == before
    assert not (tmp_path / "out.csv").exists()
    STRANGE_GRID[way](laptop, mine, tmp_path)
