"""Deleting what others rest on, and writing past a service of its own, is refused in a sentence; nothing is changed."""

from collections.abc import Mapping

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import Problem
from tests.circle import Circle, Family, delete, head, made_visit


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


def unsaved(office: Workspace, kind: str, values: Mapping[str, object], id_: int | None = None) -> str:
    """The sentence a save is refused with, of a store that stays as it was."""
    before = head(office)
    with pytest.raises(Problem) as told:
        office.records.save(kind, values, id_)
    assert head(office) == before
    return str(told.value)


def test_a_grid_stays_while_there_is_something_in_it(circle: Circle, office: Workspace, grid: int) -> None:
    family: Family = circle.family(grid)
    assert refused(office, "grid", grid) == '"第一网格" stays: there is something in it yet (Buildings 1).'
    circle.enrol("周敏", grid)
    assert "Grids of laptops 1" in refused(office, "grid", grid)
    empty = office.devices.add_grid("第二网格")
    office.records.remove("grid", empty)
    assert [id_ for id_, _ in office.devices.grids()] == [grid]
    office.devices.add_grid("第二网格")
    delete(office, "building", family.building)
    assert refused(office, "grid", grid).endswith("(Grids of laptops 1).")


def test_a_building_and_a_door_stay_while_there_is_something_in_them(
    circle: Circle, office: Workspace, grid: int
) -> None:
    family: Family = circle.family(grid)
    visit = made_visit(office, family.household)
    assert refused(office, "building", family.building) == ('"3栋" stays: there is something in it yet (Dwellings 1).')
    assert '"1-101" stays: there is something in it yet (Households 1).' in refused(office, "dwelling", family.dwelling)
    assert office.records.resting_on("household", family.household) == "Members 1, Visits 1"
    for kind, id_ in (("visit", visit), ("household_member", family.member), ("household", family.household),
                      ("dwelling", family.dwelling), ("building", family.building), ("grid", grid)):  # fmt: skip
        office.records.remove(kind, id_)
    assert office.devices.grids() == []


def test_what_is_gone_already_holds_nothing(circle: Circle, office: Workspace, grid: int) -> None:
    family: Family = circle.family(grid)
    for kind, id_ in (("household", family.household), ("dwelling", family.dwelling)):
        delete(office, kind, id_)
    office.records.remove("resident", family.resident)
    office.records.remove("building", family.building)
    assert office.records.page("resident") == office.records.page("building") == []


def test_a_household_and_a_person_go_and_what_names_them_is_counted(
    circle: Circle, office: Workspace, grid: int
) -> None:
    """References are findings, never constraints (sync.md 3); one undo brings back what went by mistake."""
    family: Family = circle.family(grid)
    before = office.care_of_store.digest()
    for kind, id_, what in (("resident", family.resident, "Households 1, Members 1"),
                            ("household", family.household, "Members 1")):  # fmt: skip
        assert office.records.resting_on(kind, id_) == what
        office.records.remove(kind, id_)
        assert office.care_of_store.check() == []
        office.records.undo()
        assert office.care_of_store.digest() == before


def test_the_community_stays_and_there_is_no_second_one(office: Workspace) -> None:
    (community,) = office.records.page("community")
    assert refused(office, "community", community.id) == "The community stays: all there is lies in it."
    values = {"code": "420204001007", "name": "湖滨社区"}
    assert unsaved(office, "community", values).startswith("A store has one community: it comes with the office")


def test_plain_fields_of_the_community_are_saved_and_its_code_looks_like_one(office: Workspace) -> None:
    (community,) = office.records.page("community")
    for code in ("42020400100", "4202040010067", "４２０２０４００１００６", "花湖"):
        assert "The code of a community has 12 digits." in unsaved(office, "community", {"code": code}, community.id)
    office.records.save("community", {"code": "420204001007", "office_name": "湖滨"}, community.id)
    assert office.records.show("community", community.id).values["office_name"] == "湖滨"


@pytest.mark.parametrize(
    ("values", "instead"),
    [
        ({"short_ids": 1}, "page Settings, or with gridworker office ids"),
        ({"id_key": "0" * 64}, "page Settings, or with gridworker office ids"),
        ({"export_cap": 999_999}, "page Settings, or with gridworker approval cap"),
        ({"retention": "visits=1d"}, "page of that name, or with gridworker retention set"),
    ],
)
def test_the_rules_of_the_office_have_services_of_their_own(
    office: Workspace, values: dict[str, object], instead: str
) -> None:
    office.rules.set_export_cap(500)
    (community,) = office.records.page("community")
    assert instead in unsaved(office, "community", values, community.id)
    saved = office.records.save("community", {"export_cap": 500, "office_name": "花湖"}, community.id)
    assert saved.values["office_name"] == "花湖", "the same value again is no change"


def test_a_device_stays_and_is_neither_made_nor_switched_by_hand(circle: Circle, office: Workspace, grid: int) -> None:
    circle.enrol("周敏", grid)
    (laptop,) = office.devices.laptops()
    (staff,) = (id_ for id_, name, _ in office.devices.staff() if name == "周敏")
    assert refused(office, "device", laptop.id).startswith("A laptop stays on the books")
    assert "gridworker device issue" in unsaved(office, "device", {"number": 7, "state": "active"})
    for values in ({"number": 2}, {"state": "revoked"}, {"issued_on": "2020-01-01"}, {"number": 2, "state": "retired"}):
        told = unsaved(office, "device", values, laptop.id)
        assert told.count("gridworker device readmit, retire or revoke") == 1
    saved = office.records.save("device", {"number": 1, "label": "一号", "staff_id": staff}, laptop.id)
    assert saved.values["label"] == "一号"
    assert "A number from 0 to 1023." in unsaved(office, "device", {"number": 1024}, laptop.id)


def test_grids_of_a_laptop_and_clocks_are_not_plain_records(circle: Circle, office: Workspace, grid: int) -> None:
    circle.enrol("周敏", grid)
    (laptop,) = office.devices.laptops()
    other = office.devices.add_grid("第二网格")
    (given,) = office.records.page("device_grid")
    scope = "gridworker device scope"
    assert scope in refused(office, "device_grid", given.id)
    assert scope in unsaved(office, "device_grid", {"grid_id": other}, given.id)
    assert scope in unsaved(office, "device_grid", {"device_id": laptop.id, "grid_id": other})
    wrong = {"since": "2026-03-01T00:00:00Z", "seconds": -60}
    office.clocks.correct(1, wrong)
    (correction,) = office.records.page("clock_correction")
    clock = "gridworker device clock"
    assert clock in refused(office, "clock_correction", correction.id)
    assert clock in unsaved(office, "clock_correction", {"seconds": 86_400}, correction.id)
    assert clock in unsaved(office, "clock_correction", {"laptop": 1, **wrong})


def test_what_a_service_of_its_own_writes_is_not_brought_back_past_it(
    circle: Circle, office: Workspace, grid: int
) -> None:
    circle.enrol("周敏", grid)
    second = office.devices.add_grid("第二网格")
    held = {one.values["grid_id"]: one.id for one in office.records.page("device_grid")}
    office.grids.give(1, [second])
    before = head(office)
    with pytest.raises(Problem, match="Which grids a laptop holds"):
        office.records.bring_back("device_grid", held[grid])
    assert head(office) == before
    plain = office.devices.add_grid("第三网格")
    office.records.remove("grid", plain)
    office.records.bring_back("grid", plain)
    assert office.records.show("grid", plain).caption == "第三网格"
