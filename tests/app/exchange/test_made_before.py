"""What a laptop made is not told to it again, but where some of it may be new to it.

Under a scope it has no more: it may have heard that it left, from an office that was set back since and does not
remember; the convergence machine found it. And where another life of it had written about it before it came.
"""

import pytest

from gridworker.store.health.lives import take_new_life
from gridworker.store.log.clock import device_of
from gridworker.store.log.log import Cursor
from gridworker.store.log.op import OpRow
from gridworker.store.streams import own_ops
from gridworker.sync import outgoing
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


def test_what_one_life_said_of_a_record_before_it_came_reaches_the_one_that_made_it(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two copies of one laptop: the edit comes first, then a reply goes to who made it, and then the creation comes."""
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid)
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    made = made_visit(laptop, family.household)
    circle.copy("laptop-1", "twin")
    laptop, twin = circle.open("laptop-1"), circle.open("twin")
    take_new_life(twin.session.store)
    twin.records.save("visit", {"backdated_reason": "补一句"}, made)

    def of_the_twin(cursor: Cursor, number: int, marks: dict[int, int]) -> list[OpRow]:
        life = twin.session.store.identity.device
        return [row for row in own_ops(cursor, number, marks) if device_of(row.clk) == life]

    with monkeypatch.context() as patched:  # as in bundles that had no room for more
        patched.setattr(outgoing, "own_ops", of_the_twin)
        circle.round(twin)
        circle.round(laptop)
    for _ in range(2):
        circle.round(laptop)
    assert circle.office.records.show("visit", made).values["backdated_reason"] == "补一句"
    assert laptop.records.show("visit", made).values["backdated_reason"] == "补一句"
