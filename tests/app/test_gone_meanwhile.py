"""What a restored office deleted before it got back that a laptop holds it: the laptop hears of it."""

from tests.circle import Circle


def test_what_was_deleted_before_the_grid_came_back_is_told(circle: Circle) -> None:
    first, second = (circle.office.devices.add_grid(name) for name in ("第一网格", "第二网格"))
    family = circle.family(first)
    circle.family(second, "201")
    laptop = circle.enrol("周敏", second)
    circle.round(laptop)
    circle.copy("office", "copy")
    circle.open("office").grids.give(1, [first, second])
    circle.round(laptop)
    circle.restore("office", "copy").records.remove("household_member", family.member)
    for _ in range(3):
        circle.round(laptop)
    assert first in laptop.session.grids()
    assert circle.agrees(laptop, first, second)
