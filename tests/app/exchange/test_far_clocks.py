"""A clock at the end of time, 2095 or 2099, as computers allow. Nothing falls over, and no store is dead for good."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gridworker.app.backup.self_check import SelfCheck
from gridworker.app.workspace import Workspace
from gridworker.store.health.freshness import Reason
from gridworker.store.log.clock import MAX_TICK, TICK, moment_of
from tests.circle import Circle, Family, phones
from tests.village import WEDNESDAY, HandClock

FAR = datetime(2095, 12, 1, tzinfo=UTC)
MANY = 200
"""More than there are ids in one millisecond."""


@pytest.fixture
def circle(tmp_path: Path) -> Iterator[Circle]:
    circle = Circle(tmp_path, clocks={name: HandClock(WEDNESDAY) for name in ("office", "laptop-1")})
    yield circle
    circle.close()


def set_up(circle: Circle) -> tuple[int, Family, Workspace, Workspace]:
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid)
    laptop, other = circle.enrol("周敏", grid), circle.enrol("王强", grid)
    circle.round(laptop, other)
    return grid, family, laptop, other


def use(workspace: Workspace, family: Family, number: str) -> None:
    """Save, and use up ids as many saves would."""
    assert len({workspace.session.store.new_id() for _ in range(MANY)}) == MANY
    workspace.records.save("resident", {"phones": number}, family.resident)


@pytest.mark.parametrize(("name", "off"), [("laptop-1", "53 years ahead"), ("office", "69 years behind")])
def test_a_device_goes_on_saving_and_exchanging(circle: Circle, name: str, off: str) -> None:
    """Of the laptop's clock that is told which went into its ids, for that is what a correction is about."""
    grid, family, laptop, other = set_up(circle)
    wrong = circle.opened[name]
    circle.clocks[name].at = FAR
    use(wrong, family, "13800000001")
    circle.round(laptop, other)
    assert circle.office.clocks.off()[1].words == off
    circle.clocks[name].at = WEDNESDAY + timedelta(days=3)
    use(wrong, family, "13800000002")
    circle.round(laptop, other)
    for one in (circle.office, laptop, other):
        assert phones(one, family.resident) == "13800000002"
        assert one.care_of_store.check() == []
    assert circle.agrees(laptop, grid)
    use(circle.office, family, "13800000003")


def test_ids_from_the_end_of_the_range_are_data_like_any_other(circle: Circle) -> None:
    """As a version that followed its clock to the end would have written them."""
    grid, family, laptop, other = set_up(circle)
    with laptop.session.store.settings() as settings:
        settings.set("clock", (MAX_TICK - 20) * TICK)
    circle.close("laptop-1")
    laptop = circle.open("laptop-1")
    laptop.records.save("resident", {"phones": "13800000001"}, family.resident)
    circle.hand_in(laptop)
    assert (
        moment_of(max(event.clk for event in circle.office.records.history("resident", family.resident))).year == 2089
    )
    assert circle.office.clocks.off()[1].words == "63 years ahead"
    circle.office.records.save("resident", {"note": "办公室"}, family.resident)
    other.records.save("resident", {"phones": "13800000002"}, family.resident)
    circle.round(other)
    for one in (circle.office, other):
        assert moment_of(one.session.store.newest).year == 2026
        assert one.care_of_store.check() == []
    assert circle.agrees(other, grid)


def test_a_store_at_the_end_is_told_of_at_its_start(circle: Circle) -> None:
    session = circle.office.session
    session.started = Reason.IDS_SPENT
    found = SelfCheck(session).at_start()
    assert found is not None
    assert "numbers" in found.sentence
    assert "clock right" in found.todo
