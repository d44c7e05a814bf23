"""Bundles before which something lies open: they go in at once, no receipt moves over them, forks are seen there."""

from pathlib import Path

import pytest

from gridworker.app.workspace import Workspace
from gridworker.store.streams import Exchange, Stream
from tests.app.exchange.test_traces import twin_of
from tests.circle import Circle, Family, made_visit, phones


def stream_of(laptop: Workspace, office: Workspace) -> Stream:
    with laptop.session.store.cursor() as cursor:
        return Exchange(cursor).stream(office.session.store.identity.device)


def set_back(circle: Circle, family: Family) -> tuple[Workspace, Path]:
    """A laptop is put back to before a reply that it had confirmed. Returns that reply too; the next begins above."""
    circle.copy("laptop-1", "old")
    laptop = circle.open("laptop-1")
    circle.office.records.save("resident", {"phones": "13800000001"}, family.resident)
    before = circle.reply(laptop)
    circle.hand_in(laptop)
    laptop = circle.restore("laptop-1", "old")
    circle.office.records.save("household", {"remark": "门铃坏了"}, family.household)
    circle.clock.move(minutes=1)
    return laptop, before


def remark(laptop: Workspace, family: Family) -> object:
    return laptop.records.show("household", family.household).values["remark"]


@pytest.mark.parametrize("late", [True, False])
def test_a_reply_over_a_gap_goes_in_at_once_and_what_lies_open_comes(
    circle: Circle, laptop: Workspace, family: Family, late: bool
) -> None:
    """Be it that the reply before it turns up late, or that all is asked for again."""
    laptop, before = set_back(circle, family)
    received = stream_of(laptop, circle.office).received
    circle.reply(laptop)
    assert remark(laptop, family) == "门铃坏了"
    assert phones(laptop, family.resident) == "13800000142"
    assert stream_of(laptop, circle.office).received == received, "no receipt for what is open"
    if late:
        laptop.exchange.merge(before)
    else:
        circle.round(laptop)
    assert phones(laptop, family.resident) == "13800000001"


def test_a_fork_shows_where_the_twins_own_bundle_of_that_number_is_lost(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """No number came twice: that the bundle follows another than the one that came is all that tells."""
    twin = twin_of(circle, "laptop-1")
    laptop = circle.opened["laptop-1"]
    for one in (laptop, twin):
        made_visit(one, family.household)
        circle.clock.move(minutes=1)
    circle.hand_in(laptop)
    twin.exchange.pack(circle.stick).unlink()
    circle.clock.move(minutes=1)
    path = circle.hand_in(twin)
    trips = [trip for trip in circle.office.exchange.trips() if not trip.outgoing]
    assert len({trip.n for trip in trips}) == len(trips), "every number came once"
    assert [trip.forked for trip in trips if trip.file == path.name] == [True]


def test_one_that_was_damaged_is_named_with_the_time_it_was_written(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """Its sender has been told; the next that comes names it all the same."""
    made_visit(laptop, family.household)
    sent = laptop.exchange.pack(circle.stick)
    written = circle.clock.at
    sent.write_bytes(sent.read_bytes()[:-20] + bytes(20))
    assert [one.problem is not None for one in circle.office.exchange.merge_all([sent])] == [True]
    circle.reply(laptop)
    circle.clock.move(hours=2)
    circle.hand_in(laptop)
    (one,) = circle.office.exchange.missing()
    assert one.written is not None
    assert abs((one.written - written).total_seconds()) < 2


def test_a_bundle_that_comes_late_takes_no_receipt_back(circle: Circle, laptop: Workspace, family: Family) -> None:
    """It says that its laptop has less than a later one said: that was so when it was written."""
    late = laptop.exchange.pack(circle.stick)
    circle.office.records.save("resident", {"phones": "13800000001"}, family.resident)
    circle.reply(laptop)
    circle.clock.move(minutes=1)
    circle.hand_in(laptop)

    def known() -> tuple[int, set[str]]:
        with circle.office.session.store.cursor() as cursor:
            acked = Exchange(cursor).stream(1).acked
        return acked, {trip.state for trip in circle.office.exchange.trips() if trip.outgoing}

    before = known()
    circle.office.exchange.merge(late)
    assert known() == before


def test_a_reply_that_comes_late_makes_nothing_unconfirmed(circle: Circle, laptop: Workspace, family: Family) -> None:
    made_visit(laptop, family.household)
    circle.hand_in(laptop)
    late = circle.office.exchange.pack(circle.stick, 1)
    circle.clock.move(minutes=1)
    made_visit(laptop, family.household)
    circle.hand_in(laptop)
    circle.reply(laptop)
    laptop.exchange.merge(late)
    assert {trip.state for trip in laptop.exchange.trips() if trip.outgoing} == {"confirmed"}
    assert laptop.exchange.pending().records == 0


def test_what_entered_with_a_reply_that_was_lost_comes_whole_with_the_next(
    circle: Circle, laptop: Workspace, family: Family, grids: tuple[int, int]
) -> None:
    other = circle.family(grids[1], "909", "王秀英")
    circle.round(laptop)
    circle.office.records.save("household", {"dwelling_id": family.dwelling}, other.household)
    circle.office.exchange.pack(circle.stick, 1).unlink()
    circle.office.records.save("resident", {"phones": "13800000009"}, other.resident)
    circle.reply(laptop)
    assert laptop.records.show("resident", other.resident).values["name"] == "王秀英"
    assert phones(laptop, other.resident) == "13800000009"
    circle.round(laptop)
    assert circle.agrees(laptop, grids[0])


def test_news_that_have_no_room_in_a_reply_come_with_the_next(
    circle: Circle, laptop: Workspace, family: Family, grid: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    families = [family, *(circle.family(grid, f"20{room}", "王秀英") for room in range(3))]
    circle.round(laptop)
    monkeypatch.setattr("gridworker.sync.outgoing.MAX_OPS", 12)
    for number in range(5):
        for one in families:
            circle.office.records.save("resident", {"phones": f"1380000000{number}"}, one.resident)
    circle.reply(laptop)
    assert {phones(laptop, one.resident) for one in families} == {"13800000142", "13800000004"}, "not all had room"
    for _ in range(3):
        circle.round(laptop)
    assert {phones(laptop, one.resident) for one in families} == {"13800000004"}
    assert circle.agrees(laptop, grid)


def test_a_scope_counts_for_a_laptop_only_once_all_before_it_is_here(
    circle: Circle, laptop: Workspace, family: Family, grids: tuple[int, int]
) -> None:
    """It was set back and knows of no exit: what it writes is not judged by the scope of a later reply."""
    near, far = circle.family(grids[0], "102"), circle.family(grids[1], "909")
    circle.round(laptop)
    circle.copy("laptop-1", "old")
    laptop = circle.open("laptop-1")
    circle.office.records.save("household", {"dwelling_id": far.dwelling}, family.household)
    circle.reply(laptop)
    circle.hand_in(laptop)
    laptop = circle.restore("laptop-1", "old")
    circle.office.records.save("resident", {"phones": "13800000005"}, near.resident)
    circle.clock.move(minutes=1)
    circle.reply(laptop)
    assert phones(laptop, near.resident) == "13800000005"
    laptop.records.save("resident", {"phones": "13800000006"}, family.resident)
    circle.hand_in(laptop)
    assert circle.office.asides.waiting() == []
    assert phones(circle.office, family.resident) == "13800000006"


def test_a_reply_that_was_overtaken_is_past_and_the_one_that_came_is_confirmed(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    circle.office.exchange.pack(circle.stick, 1).unlink()
    circle.office.records.save("resident", {"phones": "13800000001"}, family.resident)
    circle.reply(laptop)
    circle.hand_in(laptop)
    assert [trip.state for trip in circle.office.exchange.trips() if trip.outgoing][:2] == ["confirmed", "past"]
