"""What a restored office deleted before it got back that a laptop holds it: the laptop hears of it."""

import pytest

from tests.circle import Circle, made_visit


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


@pytest.mark.parametrize("copied", [False, True])
def test_what_a_laptop_made_is_told_it_where_it_may_have_heard_that_it_left(circle: Circle, copied: bool) -> None:
    """From an office that was set back since and knows nothing of it, but for the scope the laptop has taken in.

    Whether what it made came before that, or a copy of it was there first and the bundle with it lay about.
    """
    grid = circle.office.devices.add_grid("第一网格")
    family, laptop = circle.family(grid), circle.enrol("周敏", grid)
    circle.round(laptop)
    circle.copy("laptop-1", "copy")
    laptop = circle.open("laptop-1")
    visit = made_visit(laptop, family.household)
    late = laptop.exchange.pack(circle.stick)
    if not copied:
        circle.office.exchange.merge(late)
        assert told_from(circle, visit) == 0, "it knows what it made itself"
    ahead = circle.open("copy") if copied else laptop
    with ahead.session.store.settings() as settings:
        settings.set("scope", 9)
    ahead.session.store.take_scope(9)
    circle.hand_in(ahead)
    if copied:
        circle.office.exchange.merge(late)
    assert told_from(circle, visit) > 0


def told_from(circle: Circle, record: int) -> int:
    """The stream number with which a record is told to the laptop that has it; 0: it is not."""
    with circle.office.session.store.cursor() as cursor:
        cursor.execute("SELECT entered FROM span WHERE record = ?", (record,))
        return int(cursor.fetchone()[0])
