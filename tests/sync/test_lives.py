"""Devices set back to old copies: no life is lived twice, and what went meanwhile goes everywhere."""

from collections.abc import Sequence

import pytest

from gridworker.app.workspace import Workspace
from gridworker.store.health import sidecar
from gridworker.store.health.lives import take_new_life
from gridworker.store.health.lives_used import AHEAD, remember_lived
from gridworker.store.log.clock import MAX_INCARNATION
from gridworker.store.streams import Exchange
from gridworker.sync.outgoing import to_laptop
from tests.circle import Circle, Family, phones


def test_the_same_copy_put_back_twice_does_not_live_the_same_life_twice(circle: Circle, laptop: Workspace) -> None:
    offered: list[list[int]] = []

    def first(free: Sequence[int]) -> int:
        offered.append(list(free))
        return free[0]

    take_new_life(laptop.session.store, first)
    take_new_life(circle.office.session.store, first)
    assert [len(free) for free in offered] == [63, AHEAD]
    assert min(offered[1]) > 0, "the lives of an office go up"
    circle.copy("laptop-1", "copy")
    circle.open("laptop-1")
    lives = {circle.restore("laptop-1", "copy").session.store.identity.incarnation for _ in range(12)}
    assert len(lives) > 6


def test_a_later_life_is_the_later_one_though_the_offices_clock_was_set_back(circle: Circle, laptop: Workspace) -> None:
    circle.copy("laptop-1", "copy")
    circle.clock.move(days=-4000)
    again = circle.restore("laptop-1", "copy")
    circle.hand_in(again)
    with circle.office.session.store.cursor() as cursor:
        pinned = {key.device: key.at for key in Exchange(cursor).pinned()}
    assert max(pinned, key=lambda device: pinned[device]) == again.session.store.identity.device


def test_what_was_deleted_goes_from_a_laptop_though_the_office_forgot_what_it_sent(
    circle: Circle, laptop: Workspace, family: Family, grids: tuple[int, int]
) -> None:
    circle.office.records.remove("household_member", family.member)
    circle.copy("office", "copy")
    circle.restore("office", "copy")
    circle.round(laptop)
    circle.round(laptop)
    assert circle.agrees(laptop, grids[0])
    assert laptop.session.store.get("household_member", family.member) is None


def test_what_left_a_grid_leaves_a_laptop_that_was_set_back_to_before(
    circle: Circle, laptop: Workspace, family: Family, grids: tuple[int, int]
) -> None:
    other = circle.family(grids[1], "909")
    circle.copy("laptop-1", "copy")
    laptop = circle.open("laptop-1")
    circle.office.records.save("household", {"dwelling_id": other.dwelling}, family.household)
    circle.round(laptop)
    assert circle.agrees(laptop, grids[0])
    again = circle.restore("laptop-1", "copy")
    circle.round(again)
    circle.round(again)
    assert circle.agrees(again, grids[0])
    with circle.office.session.store.db.read() as connection:
        assert to_laptop(connection, 1).leave == ()


def two_at_work(circle: Circle) -> tuple[Workspace, Workspace]:
    """A laptop and a copy of it beside it, under one number: another life of it."""
    circle.copy("laptop-1", "twin")
    laptop, twin = circle.open("laptop-1"), circle.open("twin")
    take_new_life(twin.session.store)
    return laptop, twin


def test_a_copy_at_work_beside_its_laptop_brings_it_its_own_work(
    circle: Circle, laptop: Workspace, family: Family, grids: tuple[int, int]
) -> None:
    laptop, twin = two_at_work(circle)
    twin.records.remove("household_member", family.member)
    circle.round(twin)
    circle.round(laptop)
    assert laptop.session.store.get("household_member", family.member) is None
    laptop.records.save("household", {"remark": "周末在家"}, family.household)
    circle.round(laptop)
    circle.round(twin)
    assert twin.records.show("household", family.household).values["remark"] == "周末在家"
    assert circle.agrees(laptop, grids[0])


def test_one_reply_for_two_at_work_under_a_number_brings_the_slower_one_all_it_lacks(
    circle: Circle, laptop: Workspace, family: Family, grids: tuple[int, int]
) -> None:
    """Both hand in, the one that has heard more comes last, and one reply is read by both."""
    laptop, twin = two_at_work(circle)

    def go_round() -> None:
        for one in (laptop, twin):
            circle.clock.move(minutes=1)
            circle.hand_in(one)
        laptop.exchange.merge(circle.reply(twin))

    for _ in range(3):
        go_round()
    circle.office.records.save("resident", {"phones": "13800000777"}, family.resident)
    circle.reply(twin)
    for _ in range(3):
        go_round()
    assert phones(laptop, family.resident) == "13800000777"
    assert circle.agrees(laptop, grids[0])


def test_a_laptop_that_has_few_lives_left_tells_the_office_and_gets_another_number(
    circle: Circle, laptop: Workspace, family: Family, grids: tuple[int, int]
) -> None:
    """It hands in what it has first; the office takes all of it, and enrols it anew."""
    circle.round(laptop)
    assert circle.office.devices.laptops()[0].lives_left is None
    with laptop.session.store.settings() as settings:
        remember_lived(settings, range(MAX_INCARNATION - 2))
    laptop.records.save("household", {"remark": "周末在家"}, family.household)
    circle.hand_in(laptop)
    assert circle.office.records.show("household", family.household).values["remark"] == "周末在家"
    (told,) = circle.office.devices.laptops()
    assert told.lives_left == 3
    assert "3 more times" in circle.office.devices.lives_words(3)
    anew = circle.enrol("周敏", grids[0])
    circle.round(anew)
    assert anew.session.store.identity.laptop != laptop.session.store.identity.laptop
    assert [one.lives_left for one in circle.office.devices.laptops()] == [3, None]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gridworker.sync.format.header.unpack_header", None)
        assert circle.office.devices.laptops(), "headers of bundles that are here are not unpacked for every list"


def test_a_life_taken_at_a_reply_is_known_beside_the_store_before_anything_leaves_it(
    circle: Circle, laptop: Workspace
) -> None:
    take_new_life(laptop.session.store, max)
    circle.hand_in(laptop)
    assert sidecar.read(laptop.session.folder.sidecar, laptop.session.keys).lives == {0, 63}
