"""The office's clock jumps back by years: what was handed in is confirmed all the same."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.circle import Circle, made_visit
from tests.village import WEDNESDAY, HandClock


@pytest.fixture
def circle(tmp_path: Path) -> Iterator[Circle]:
    circle = Circle(tmp_path, clocks={"office": HandClock(WEDNESDAY)})
    yield circle
    circle.close()


def test_an_office_set_back_by_years_goes_on_confirming(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid)
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    circle.clocks["office"].at -= timedelta(days=3650)
    made_visit(laptop, family.household)
    circle.round(laptop)
    assert laptop.exchange.pending().records == 0


def test_a_bundle_that_comes_late_does_not_take_a_confirmation_back(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid)
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    late = laptop.exchange.pack(circle.stick)
    made_visit(laptop, family.household)
    circle.hand_in(laptop)
    circle.clocks["office"].move(minutes=5)
    circle.office.exchange.merge(late)
    circle.reply(laptop)
    assert laptop.exchange.pending().records == 0
