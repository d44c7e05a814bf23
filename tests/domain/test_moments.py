"""Moments are UTC; days are China's."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from gridworker.domain import moments


def test_a_day_begins_at_midnight_in_china() -> None:
    assert moments.local_day("2026-03-17T15:59:59Z") == date(2026, 3, 17)
    assert moments.local_day("2026-03-17T16:00:00Z") == date(2026, 3, 18)
    assert moments.local(datetime(2026, 3, 17, 16, tzinfo=UTC)).hour == 0


@given(st.datetimes(timezones=st.just(UTC)))
def test_what_is_written_is_read_back(at: datetime) -> None:
    text = moments.written(at)
    assert moments.moment(text) == at.replace(microsecond=0)
    assert len(text) == len("2026-03-18T01:00:00Z")
