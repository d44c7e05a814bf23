"""The clock: ids that are unique and follow all their device knew of, whatever the wall clock says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.errors import StoreProblem
from gridworker.store.log.clock import (
    ABSORB_MS,
    LATEST_MS,
    MAX_INCARNATION,
    MAX_LAPTOP,
    MAX_TICK,
    TICK,
    Clock,
    device,
    device_of,
    laptop_of,
    moment_of,
    ms_of,
)
from tests.builders import MORNING, Wall

WALLS = st.lists(st.integers(-(10**14), 10**14), min_size=1, max_size=50)


@given(WALLS, st.integers(0, MAX_LAPTOP), st.integers(0, MAX_INCARNATION))
def test_every_clk_is_above_the_one_before_and_names_its_device(walls: list[int], laptop: int, life: int) -> None:
    times = iter(walls)
    clock = Clock(device(laptop, life), wall=lambda: next(times))
    clks = [clock.next() for _ in walls]
    assert clks == sorted(set(clks))
    assert {device_of(clk) for clk in clks} == {device(laptop, life)}
    assert {laptop_of(clk) for clk in clks} == {laptop}
    assert all(0 < clk < 2**63 for clk in clks)


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(1, 200))
def test_several_at_once_are_as_if_minted_one_by_one(wall: int, last: int, count: int) -> None:
    alone, together = (Clock(device(3, 1), last, wall=lambda: wall) for _ in range(2))
    assert together.several(count) == [alone.next() for _ in range(count)]
    assert together.next() == alone.next()


def test_many_in_one_millisecond_go_on_into_the_next() -> None:
    clock = Clock(device(1, 0), wall=lambda: MORNING)
    clks = [clock.next() for _ in range(200)]
    assert len(set(clks)) == 200
    assert ms_of(clks[-1]) == MORNING + 3


def test_a_remote_stamp_is_followed_ten_minutes_ahead_and_no_further() -> None:
    clock, far = Clock(device(1, 0), wall=lambda: MORNING), Clock(device(2, 0), wall=lambda: MORNING + 10**9)
    clock.absorb(far.next())
    assert ms_of(clock.next()) == MORNING + ABSORB_MS
    near = Clock(device(2, 0), wall=lambda: MORNING + 5000).next()
    other = Clock(device(1, 0), wall=lambda: MORNING)
    other.absorb(near)
    assert other.next() > near


@pytest.mark.parametrize("wall", [LATEST_MS, 10**13, 10**18])
def test_a_wall_clock_at_the_end_of_time_leaves_ids_for_a_lifetime(wall: int) -> None:
    clock = Clock(device(1, 0), wall=lambda: wall)
    clks = clock.several(10_000)
    assert moment_of(clks[0]).year == moment_of(clks[-1]).year == 2080
    clock.absorb(MAX_TICK * TICK)
    assert moment_of(clock.next()).year == 2080
    assert not clock.is_spent
    assert MAX_TICK - clock.last // TICK > 10**13


def test_a_clock_that_an_older_version_let_run_to_the_end_says_so() -> None:
    clock = Clock(device(1, 0), (MAX_TICK - 2) * TICK, wall=lambda: MORNING)
    assert clock.is_spent
    assert len(clock.several(2)) == 2
    before = clock.last
    with pytest.raises(StoreProblem, match="used up"):
        clock.next()
    assert clock.last == before
    assert not Clock(device(1, 0), LATEST_MS << 22).is_spent


def test_it_goes_on_from_where_it_was_saved() -> None:
    clock = Clock(device(1, 0), wall=Wall())
    last = clock.next()
    assert Clock(device(1, 0), clock.last, wall=lambda: 0).next() > last
    assert Clock(device(1, 0)).last == 0


def test_the_time_shown_is_that_of_the_wall() -> None:
    clk = Clock(device(1, 0), wall=lambda: MORNING).next()
    assert moment_of(clk).isoformat() == "2026-03-06T22:40:00+00:00"


@pytest.mark.parametrize(("laptop", "life"), [(MAX_LAPTOP + 1, 0), (0, MAX_INCARNATION + 1), (-1, 0)])
def test_numbers_out_of_range_are_refused(laptop: int, life: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        device(laptop, life)
