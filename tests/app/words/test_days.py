"""Days and spans as people say them, in both languages."""

from datetime import UTC, date, datetime

import pytest

from gridworker.app.words import days

WEDNESDAY = date(2026, 3, 18)


def test_days_in_english() -> None:
    assert days.long_day(WEDNESDAY) == "Wed 18 March"
    assert days.full_day(date(2026, 3, 25)) == "Wed, 25 Mar"
    assert days.short_day(date(2026, 3, 9)) == "9 Mar"
    assert days.short_day(date(2025, 12, 31), WEDNESDAY) == "31 Dec 2025"


def test_days_in_chinese(chinese: str) -> None:
    assert days.long_day(WEDNESDAY) == "3月18日 星期三"
    assert days.full_day(date(2026, 3, 25)) == "3月25日 周三"
    assert days.short_day(date(2026, 3, 9)) == "3月9日"
    assert days.short_day(date(2025, 12, 31), WEDNESDAY) == "2025年12月31日"
    assert days.ago(date(2026, 3, 10), WEDNESDAY) == "8 天前"
    assert days.time_left(72 * 60) == "剩 1:12"
    assert days.time_left(-35 * 60) == "超 35 分"


@pytest.mark.parametrize(
    ("day", "words"),
    [(None, "Never"), (WEDNESDAY, "today"), (date(2026, 3, 17), "yesterday"), (date(2026, 3, 10), "8 d ago")],
)
def test_how_long_ago(day: date | None, words: str) -> None:
    assert days.ago(day, WEDNESDAY) == words


@pytest.mark.parametrize(
    ("hour", "day", "words"),
    [
        (5, 18, "today 13:00"), (17, 17, "today 01:00"), (5, 17, "yesterday 13:00"), (5, 19, "tomorrow 13:00"),
        (5, 15, "15 Mar 13:00"),
    ],
)  # fmt: skip
def test_moments_nearby_in_the_time_of_the_country(hour: int, day: int, words: str) -> None:
    assert days.near_moment(datetime(2026, 3, day, hour, tzinfo=UTC), WEDNESDAY) == words
