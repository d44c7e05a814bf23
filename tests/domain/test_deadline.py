"""First-action limits in clock time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.domain.deadline import Deadline, Light, first_action, first_action_limit

START = datetime(2026, 3, 18, 1, tzinfo=UTC)
minutes = st.integers(0, 5000).map(lambda number: timedelta(minutes=number))


@pytest.mark.parametrize(
    ("track", "on_site", "limit"),
    [
        ("F1", False, timedelta(hours=2)), ("F1", True, timedelta(hours=2)),
        ("F2", False, timedelta(hours=24)), ("F2", True, timedelta(minutes=30)),
        ("F3", False, timedelta(minutes=30)), ("F4", False, timedelta(hours=24)),
        (None, False, timedelta(hours=24)), ("F9", True, timedelta(hours=24)),
    ],
)  # fmt: skip
def test_limits(track: str | None, limit: timedelta, *, on_site: bool) -> None:
    assert first_action_limit(track, on_site=on_site) == limit
    assert first_action(track, START, on_site=on_site).due == START + limit


@pytest.mark.parametrize(
    ("minute", "light", "left"),
    [(0, Light.FINE, 120), (83, Light.FINE, 37), (84, Light.AMBER, 36), (120, Light.AMBER, 0), (121, Light.RED, -1)],
)
def test_amber_at_seventy_percent_and_red_after(minute: int, light: Light, left: int) -> None:
    deadline = first_action("F1", START)
    now = START + timedelta(minutes=minute)
    assert deadline.light(now) is light
    assert deadline.left(now) == timedelta(minutes=left)


def test_a_met_deadline_stands_still() -> None:
    later = START + timedelta(days=9)
    assert Deadline(START, timedelta(hours=2), START + timedelta(hours=2)).light(later) is Light.FINE
    breached = Deadline(START, timedelta(hours=2), START + timedelta(hours=2, minutes=35))
    assert breached.light(later) is Light.RED
    assert breached.left(later) == timedelta(minutes=-35)


@given(minutes, minutes, st.sampled_from(["F1", "F2", "F3", "F4", None]))
def test_lights_only_get_worse(first: timedelta, more: timedelta, track: str | None) -> None:
    deadline = first_action(track, START)
    order = [Light.FINE, Light.AMBER, Light.RED]
    assert order.index(deadline.light(START + first)) <= order.index(deadline.light(START + first + more))
    assert deadline.used(START + first) <= deadline.used(START + first + more)
    assert (deadline.used(START + first) > 1) == (deadline.light(START + first) is Light.RED)
