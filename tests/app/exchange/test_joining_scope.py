"""Who may make one of two, where; and laptops that hold one of two grids while the pair lies across both."""

from typing import TYPE_CHECKING

import pytest

from gridworker.app.inbox.duplicate_views import Copy, Pair
from gridworker.app.workspace import Workspace
from gridworker.errors import Denied
from gridworker.store.records import get_many, page
from tests.app.exchange.test_joining import written_twice
from tests.app.inbox.test_duplicates import asked, everything, laptops, values, written
from tests.app.test_gate import act_as
from tests.circle import Circle, made_visit
from tests.village import Home

if TYPE_CHECKING:
    from gridworker.store.engine.database import Connection

__all__ = ["laptops"]  # a fixture

Two = tuple[Workspace, Workspace]
Across = tuple[Two, tuple[Home, Home], list[int]]


@pytest.fixture
def across(circle: Circle) -> Across:
    """Two laptops with a grid each, and the same person and household written down on both."""
    grids = [circle.office.devices.add_grid(name) for name in ("第一网格", "第二网格")]
    houses = [circle.office.records.save("building", {"grid_id": grid, "building_name": "3"}).id for grid in grids]
    two = circle.enrol("周敏", grids[0]), circle.enrol("赵海", grids[1])
    homes = []
    for laptop, house in zip(two, houses, strict=True):
        circle.clock.move(minutes=5)
        homes.append(written(laptop, house, "101", birth_date="1973-02-03", phones="13900000867"))
        circle.hand_in(laptop)
    circle.round(*two)
    return two, (homes[0], homes[1]), grids


def settle(circle: Circle, two: Two) -> None:
    for _ in range(2):
        circle.round(*two)


@pytest.mark.parametrize("role", ["grid_worker", "branch_secretary", "building_head", "duty", "administrator",
                                  "auditor", "volunteer", None])  # fmt: skip
def test_only_the_office_decides_and_takes_back(circle: Circle, laptops: Two, role: str | None) -> None:
    written_twice(circle, laptops, ("202", "301"))
    (pair,) = asked(circle.office)
    clerk = circle.office.session.who
    act_as(circle.office.session, role)
    before = as_stored(circle.office)
    duplicates = circle.office.merge.duplicates
    for decide in (lambda: duplicates.same(pair, pair.one.record), lambda: duplicates.apart(pair),
                   lambda: duplicates.ask_again(pair)):  # fmt: skip
        with pytest.raises(Denied):
            decide()
    assert as_stored(circle.office) == before
    circle.office.session.who, circle.office.session._staff = clerk, None
    batch = duplicates.same(pair, pair.one.record).batch
    act_as(circle.office.session, role)
    with pytest.raises(Denied):
        circle.office.records.undo_batch(batch)
    circle.office.session.who, circle.office.session._staff = clerk, None
    assert len(circle.office.records.page("resident")) == 1
    circle.office.records.undo_batch(batch)
    assert as_stored(circle.office) == before


def as_stored(at: Workspace) -> list[object]:
    """People and households, whoever is at the keyboard."""
    with at.session.store.db.read() as connection:
        return [get_many(connection, kind, living_of(connection, kind)) for kind in ("resident", "household")]


def living_of(connection: "Connection", kind: str) -> list[int]:
    return [row for row, _ in page(connection, kind)]


def test_a_laptop_makes_one_of_none_whoever_sits_at_it(circle: Circle, laptops: Two) -> None:
    written_twice(circle, laptops, ("202", "301"))
    (pair,) = asked(circle.office)
    circle.round(*laptops)
    act_as(laptops[0].session, "office")
    before = everything(laptops[0])
    duplicates = laptops[0].merge.duplicates
    for decide in (lambda: duplicates.same(pair, pair.one.record), lambda: duplicates.apart(pair)):
        with pytest.raises(Denied, match="Only the office"):
            decide()
    assert everything(laptops[0]) == before


@pytest.mark.parametrize("which", [0, 1])
def test_a_person_of_two_grids_is_held_by_both_laptops(circle: Circle, across: Across, which: int) -> None:
    two, homes, grids = across
    people = [home.people["李红"] for home in homes]
    keep, gone = people[which], people[1 - which]
    (pair,) = asked(circle.office)
    assert pair.kind == "resident"
    circle.office.merge.duplicates.same(pair, keep)
    late = two[1 - which]
    late.records.save("resident", {"note": "右耳听不清"}, gone)
    seen = made_visit(late, homes[1 - which].id, met=str(gone))
    settle(circle, two)
    for at, home in zip(two, homes, strict=True):
        assert [row.id for row in at.records.page("resident")] == [keep]
        assert values(at, "resident", keep)["note"] == "右耳听不清"
        assert values(at, "household", home.id)["head_id"] == keep
    assert values(late, "visit", seen)["met"] == str(keep)
    require_settled(circle, two, grids)


@pytest.mark.parametrize("which", [0, 1])
def test_a_household_across_two_grids_leaves_one_of_them(circle: Circle, across: Across, which: int) -> None:
    """No inbox asks about such a pair; a clerk who knows better may have it so by way of a script."""
    two, homes, grids = across
    copies = [Copy(home.id, "", "", "") for home in homes]
    both = Pair("household", copies[0], copies[1], (), (), "", ((homes[0].people["李红"], homes[1].people["李红"]),))
    stays, goes = homes[which], homes[1 - which]
    early = made_visit(two[1 - which], goes.id, met=str(goes.people["李红"]))
    circle.hand_in(two[1 - which])
    circle.office.merge.duplicates.same(both, stays.id)
    late = made_visit(two[1 - which], goes.id, met=str(goes.people["李红"]))
    two[1 - which].records.save("household", {"remark": "狗凶"}, goes.id)
    settle(circle, two)
    for visit in (early, late):
        seen = values(circle.office, "visit", visit)
        assert (seen["household_id"], seen["met"]) == (stays.id, str(stays.people["李红"]))
        assert values(two[which], "visit", visit) == seen
    assert values(two[which], "household", stays.id)["remark"] == "狗凶"
    assert values(two[which], "resident", stays.people["李红"])["phones"] == "13900000867"
    require_settled(circle, two, grids)


def require_settled(circle: Circle, two: Two, grids: list[int]) -> None:
    assert circle.office.merge.conflicts() == []
    assert circle.office.asides.waiting() == []
    for at, grid in zip(two, grids, strict=True):
        assert circle.agrees(at, grid)
        assert at.care_of_store.check() == []
        assert not at.exchange.pending().records
