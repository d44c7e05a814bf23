"""The last person of the community office keeps the role, whatever way it would go; a sentence says why."""

from collections.abc import Callable

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import Problem
from gridworker.store.tables.changes import Change
from tests.circle import Circle

LAST = "the last person of the community office"


@pytest.fixture
def office(circle: Circle) -> Workspace:
    return circle.office


def staff(office: Workspace, role: str = "office", **values: object) -> int:
    return office.records.save("staff", {"name": "王敏", "role": role, "active": True, **values}).id


WAYS: dict[str, Callable[[Workspace, int], object]] = {
    "another role": lambda office, who: office.records.save("staff", {"role": "administrator"}, who),
    "not at work": lambda office, who: office.records.save("staff", {"active": False}, who),
    "deleted": lambda office, who: office.records.remove("staff", who),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_the_last_one_stays(office: Workspace, way: Callable[[Workspace, int], object]) -> None:
    clerk = office.session.who
    staff(office, active=False)
    with pytest.raises(Problem, match=LAST):
        way(office, clerk)
    another = staff(office)
    with pytest.raises(Problem, match="last person of the community office who can unlock"):
        way(office, clerk)
    office.people_here.add(another, "窗户 稻田 老虎 铅笔")
    way(office, clerk)
    office.session.who, office.session._staff = another, None
    with pytest.raises(Problem, match=LAST):
        way(office, another)
    assert office.records.show("staff", another).values["role"] == "office"


def test_everything_else_of_them_can_be_changed(office: Workspace) -> None:
    office.records.save("staff", {"name": "刘芳芳", "phone": "13800000142"}, office.session.who)
    office.records.save("staff", {"role": "office", "active": True}, office.session.who)
    assert office.session.person == "刘芳芳"


def test_the_role_is_not_undone_away(office: Workspace) -> None:
    first, second = office.session.who, staff(office)
    office.people_here.add(second, "窗户 稻田 老虎 铅笔")
    office.session.who = second
    office.records.save("staff", {"role": "duty"}, first)
    office.session.who = first
    with pytest.raises(Problem, match="of the office alone"):
        office.records.undo()  # of having made the second one
    assert office.records.show("staff", second).values["role"] == "office"


def test_nobody_takes_the_passphrase_of_the_last_one_away(circle: Circle) -> None:
    office = circle.office
    office.people_here.add(staff(office, "administrator"), "山茶 砚台 毛巾 秋天")
    [clerk, administrator] = office.people_here.listed()
    office.session.keys = type(office.session.keys)(office.session.keys.dek, administrator.slot, administrator.person)
    with pytest.raises(Problem, match="last person of the community office who can unlock"):
        office.people_here.remove(clerk.slot)
    office.people_here.add(staff(office), "窗户 稻田 老虎 铅笔")
    office.people_here.remove(clerk.slot)
    assert len(office.people_here.listed()) == 2


def test_a_laptop_keeps_to_it_too(circle: Circle) -> None:
    laptop = circle.enrol("周敏", circle.office.devices.add_grid("第一网格"))
    laptop.session.who = circle.office.session.who
    with pytest.raises(Problem, match=LAST):
        laptop.session.write([Change("staff", circle.office.session.who, {"role": "duty"})], "role")
