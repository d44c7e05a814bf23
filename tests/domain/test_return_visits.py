"""When a resolved issue is asked about again."""

from datetime import date

import pytest

from gridworker.domain.return_visits import next_return, return_dates

DONE = date(2026, 3, 1)


@pytest.mark.parametrize(("track", "days"), [("F2", [8, 31, 90]), ("F3", [8]), ("F1", [4]), ("F4", [4]), (None, [4])])
def test_dates_by_track(track: str | None, days: list[int]) -> None:
    expected = [date(2026, 3, 8), date(2026, 3, 31), date(2026, 5, 30)] if track == "F2" else [date(2026, 3, days[0])]
    assert list(return_dates(track, DONE)) == expected


def test_each_visit_stands_for_one_date() -> None:
    first, second, third = return_dates("F2", DONE)
    assert next_return("F2", DONE) == first
    assert next_return("F2", DONE, [first]) == second
    assert next_return("F2", DONE, [first, second, third]) is None
    assert next_return(None, DONE, [DONE]) is None


def test_a_planned_date_comes_first_until_the_visit_is_made() -> None:
    planned = date(2026, 3, 20)
    assert next_return("F3", DONE, [], planned) == planned
    assert next_return("F3", DONE, [date(2026, 3, 8)], planned) == planned
    assert next_return("F3", DONE, [planned], planned) is None
