"""Two lives of a laptop that count alike are told from two computers that share a life: only those are asked anew."""

from pathlib import Path

from gridworker.store.health.lives import take_new_life
from gridworker.store.recall import Recall
from gridworker.store.streams import Exchange
from gridworker.sync.format.header import kept_header
from gridworker.sync.standing import Standing, standing_of
from tests.circle import Circle, made_visit


def standings(circle: Circle, path: Path) -> tuple[Standing, Standing]:
    """How what a copy hands in stands to what the laptop did, of another life and of the very same."""
    circle.office.exchange.merge(path)
    with circle.office.session.store.cursor() as cursor:
        exchange = Exchange(cursor)
        rows = exchange.bundles(peer=1, outgoing=False)
        header = kept_header(rows[0].header)
        first = standing_of(exchange, header, rows[0].hash, peer=1, office=True)
        return first, standing_of(exchange, header, b"another", peer=1, office=True)


def test_two_lives_with_one_number_fork_and_share_no_life(tmp_path: Path) -> None:
    circle = Circle(tmp_path)
    laptop = circle.enrol("周敏", circle.office.devices.add_grid("第一网格"))
    circle.copy("laptop-1", "twin")
    laptop, twin = circle.open("laptop-1"), circle.open("twin")
    take_new_life(twin.session.store)
    circle.hand_in(laptop)
    apart, same = standings(circle, twin.exchange.pack(circle.stick))
    circle.close()
    assert (apart.forked, apart.is_shared) == (True, False)
    assert (same.forked, same.is_shared) == (True, True)


def test_an_office_that_waits_on_two_lives_is_done_with_each_that_answered(tmp_path: Path) -> None:
    """Their bundles bear the same numbers, and still each is one chain: none is asked anew for what it gave back."""
    circle = Circle(tmp_path)
    grid = circle.office.devices.add_grid("第一网格")
    family, laptop = circle.family(grid), circle.enrol("周敏", grid)
    circle.round(laptop)
    circle.copy("office", "copy")
    circle.open("office")
    circle.office.records.save("household", {"remark": "门铃坏了"}, family.household)
    circle.round(laptop)
    circle.copy("laptop-1", "twin")
    circle.restore("office", "copy")
    laptop, twin = circle.open("laptop-1"), circle.open("twin")
    take_new_life(twin.session.store)
    for _ in range(2):
        circle.round(laptop)
        circle.round(twin)
    assert circle.office.records.show("household", family.household).values["remark"] == "门铃坏了"
    for device in (laptop, twin, laptop, twin):
        circle.clock.move(minutes=1)
        circle.hand_in(device)
        with circle.office.session.store.cursor() as cursor:
            asked = Recall(cursor).asked(device.session.store.identity.device)
            forked = Exchange(cursor).bundles(peer=1, outgoing=False, limit=2)
        assert asked
        assert not [one for one in asked if one.is_open]
    assert len({row.n for row in forked}) == 1, "both go on counting from the same"
    circle.close()


def test_what_came_to_a_new_life_of_the_office_is_confirmed_though_numbers_begin_anew_with_it(tmp_path: Path) -> None:
    circle = Circle(tmp_path)
    grid = circle.office.devices.add_grid("第一网格")
    family, laptop = circle.family(grid), circle.enrol("周敏", grid)
    for _ in range(3):
        circle.round(laptop)
    circle.copy("office", "copy")
    circle.restore("office", "copy")
    circle.reply(laptop)
    made_visit(laptop, family.household)
    circle.clock.move(minutes=1)
    circle.hand_in(laptop)
    circle.reply(laptop)
    with circle.office.session.store.cursor() as cursor:
        numbers = [row.n for row in Exchange(cursor).bundles(peer=1, outgoing=False)]
    assert numbers[0] < max(numbers)
    assert laptop.exchange.pending().records == 0
    circle.close()
