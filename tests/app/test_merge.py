"""Conflicts as people see them, and what settling one writes."""

import pytest

from gridworker.app.showing import show_apart
from gridworker.app.workspace import Workspace
from gridworker.errors import NotFound, Problem
from gridworker.store.records import kind_named
from tests.circle import Circle, Family, phones

SPECS = kind_named("resident").kind.specs


@pytest.fixture
def family(circle: Circle) -> Family:
    return circle.family(circle.office.devices.add_grid("第一网格"))


@pytest.fixture
def laptop(circle: Circle, family: Family) -> Workspace:
    """A laptop whose number for the resident stands against the office's."""
    laptop = circle.enrol("周敏", circle.office.devices.grids()[0][0])
    laptop.records.save("resident", {"phones": "13811110001"}, family.resident)
    circle.office.records.save("resident", {"phones": "13822220001"}, family.resident)
    circle.hand_in(laptop)
    return laptop


@pytest.mark.parametrize(
    ("name", "values", "shown"),
    [
        ("phones", ("13800000142", "13800000124"), ["138****0142", "138****0124"]),
        ("phones", ("13811110001", "13822220001"), ["13811110001", "13822220001"]),
        ("phones", ("13811110001", "13811110001"), ["138****0001", "138****0001"]),
        ("name", ("陈桂芳", "陈桂方"), ["陈桂芳", "陈桂方"]),
        ("phones", ("13811110001", None), ["138****0001", "(empty)"]),
    ],
)
def test_masks_give_way_only_where_values_differ(name: str, values: tuple[str | None, ...], shown: list[str]) -> None:
    assert show_apart(SPECS[name], values) == shown


def test_a_settled_conflict_stays_settled_everywhere(circle: Circle, laptop: Workspace, family: Family) -> None:
    (conflict,) = circle.office.merge.conflicts()
    assert (conflict.door, conflict.caption, conflict.title) == ("3栋1单元101", "陈建国", "3栋1单元101 陈建国")
    assert not conflict.waiting
    (field,) = conflict.fields
    assert field.can_keep_both
    both = circle.office.merge.both("resident", "phones", tuple(side.value for side in field.sides))
    circle.office.merge.resolve("resident", family.resident, {"phones": both})
    assert circle.office.merge.count() == 0
    circle.round(laptop)
    assert phones(laptop, family.resident) == phones(circle.office, family.resident) == both


def test_what_is_no_conflict_cannot_be_settled(circle: Circle, laptop: Workspace, family: Family) -> None:
    del laptop
    with pytest.raises(NotFound):
        circle.office.merge.resolve("resident", family.resident, {"name": "陈"})
    with pytest.raises(NotFound):
        circle.office.merge.resolve("resident", family.resident, {})
    with pytest.raises(Problem, match="cannot keep both"):
        circle.office.merge.both("resident", "name", ("陈桂芳", "陈桂方"))


def test_an_undone_decision_is_a_decision_taken_back(circle: Circle, laptop: Workspace, family: Family) -> None:
    """Both sides wait again, each with who gave it and when, below the bundle that brought them; on the laptop too."""
    office = circle.office
    (arrival,) = office.merge.arrivals()
    shown = phones(office, family.resident)
    office.merge.resolve("resident", family.resident, {"phones": "13833330001"})
    circle.reply(laptop)
    circle.clock.move(minutes=5)
    assert office.records.undo().kept == 0
    assert office.merge.arrivals() == [arrival]
    assert phones(office, family.resident) == shown
    circle.round(laptop)
    assert laptop.merge.conflicts() == list(arrival.conflicts)
    assert phones(laptop, family.resident) == shown
    office.merge.resolve("resident", family.resident, {"phones": "13844440001"})
    circle.round(laptop)
    assert office.merge.count() == laptop.merge.count() == 0
    assert phones(laptop, family.resident) == "13844440001"
    assert not office.care_of_store.check()


def test_conflicts_stand_with_the_bundle_that_brought_them(circle: Circle, laptop: Workspace, family: Family) -> None:
    del laptop, family
    (arrival,) = circle.office.merge.arrivals()
    assert (arrival.worker, arrival.grids, len(arrival.conflicts)) == ("周敏", ("第一网格",), 1)
    assert circle.office.merge.unclaimed([arrival]) == []
    assert len(circle.office.merge.unclaimed([])) == 1


def test_every_record_of_a_household_is_called_by_its_door(circle: Circle, family: Family) -> None:
    laptop = circle.enrol("周敏", circle.office.devices.grids()[0][0])
    save = circle.office.records.save
    issue = save(
        "issue",
        {
            "title": "楼道灯不亮",
            "household_id": family.household,
            "category": "F",
            "severity": "S3",
            "reported_at": "2026-03-18T01:00:00Z",
        },
    ).id
    circle.round(laptop)
    edits = {
        ("household_member", family.member): "relation",
        ("dwelling", family.dwelling): "hazard_note",
        ("issue", issue): "summary",
    }
    for (kind, record), field in edits.items():
        laptop.records.save(kind, {field: "30" if field == "relation" else "一"}, record)
        save(kind, {field: "40" if field == "relation" else "二"}, record)
    circle.hand_in(laptop)
    assert [conflict.title for conflict in circle.office.merge.conflicts()] == [
        "3栋1单元101",
        "3栋1单元101 陈建国",
        "3栋1单元101 楼道灯不亮",
    ]
