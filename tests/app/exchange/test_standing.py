"""The card at the foot of the sidebar: how long since the last bundle, how much waits; never red."""

from datetime import date, datetime, timedelta

import pytest

from gridworker.app.exchange.standing import Standing, standing
from gridworker.app.exchange.views import Pending
from tests.village import WEDNESDAY

TODAY = date(2026, 3, 18)


def pending(records: int, last: datetime | None) -> Pending:
    return Pending(records, {"visit": records}, None, last)


@pytest.mark.parametrize(
    ("days", "records", "title", "text", "amber"),
    [
        (0, 3, "Synced today", "3 to hand over", False),
        (1, 3, "1 day not synced", "3 to hand over", False),
        (2, 42, "2 days not synced", "42 to hand over", True),
        (7, 42, "7 days not synced", "42 to go, the office waits", True),
        (7, 0, "7 days not synced", "Everything is handed over", False),
    ],
)
def test_it_is_amber_from_the_second_day_and_urges_from_the_seventh(
    days: int, records: int, title: str, text: str, amber: bool
) -> None:
    found = standing(pending(records, WEDNESDAY - timedelta(days=days)), TODAY)
    assert (found.title, found.text, found.amber, found.count) == (title, text, amber, records)
    assert found.done == (records == 0)


@pytest.mark.parametrize("records", [0, 3])
def test_where_the_clock_was_ahead_when_it_was_synced_nobody_says_that_it_was_today(records: int) -> None:
    found = standing(pending(records, WEDNESDAY + timedelta(days=365)), TODAY)
    assert (found.title, found.amber, found.done) == ("Last synced on a day not known", records > 0, records == 0)


def test_a_new_laptop_has_never_synced_and_that_is_fine() -> None:
    assert standing(pending(5, None), TODAY) == Standing("Not synced yet", "5 to hand over", count=5)
    assert standing(pending(0, None), TODAY) == Standing("Not synced yet", "Nothing to hand over")
