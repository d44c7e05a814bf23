"""What a laptop made under a scope it has no more is told to it once: it may have heard that it left.

So it may from an office that was set back since and does not remember. The convergence machine found it.
"""

from gridworker.sync.outgoing import to_laptop
from tests.circle import Circle, made_visit


def entering(circle: Circle) -> tuple[int, ...]:
    with circle.office.session.store.db.read() as connection:
        return to_laptop(connection, 1).enter


def test_it_is_told_once_and_nothing_made_since_is(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid)
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    before = made_visit(laptop, family.household)
    circle.family(grid, "102")
    circle.reply(laptop)
    since = made_visit(laptop, family.household)
    circle.hand_in(laptop)
    assert before in entering(circle)
    assert since not in entering(circle)
    circle.reply(laptop)
    circle.hand_in(laptop)
    assert before not in entering(circle)
    assert circle.agrees(laptop, grid)
