"""The plain registers: hours of volunteering, days in order, the open score of a need."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker import discover
from gridworker.domain.need_score import need_score
from gridworker.domain.volunteer_service import clean_hours
from gridworker.errors import Invalid, Problem


@given(st.integers(1, 48))
def test_hours_in_steps_of_a_half(halves: int) -> None:
    hours = f"{halves / 2:g}"
    assert clean_hours(f" {hours} 小时") == clean_hours(hours) == hours


@pytest.mark.parametrize("text", ["0", "1.3", "25", "-1", "很久", "1.5.5", ""])
def test_hours_that_are_none(text: str) -> None:
    with pytest.raises(Problem):
        clean_hours(text)


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        (
            "service_request",
            {"requested_on": "2026-03-09", "item": "老年证", "finished_on": "2026-03-08"},
            "finished_on",
        ),
        ("training_record", {"staff_id": 1, "topic": "调解", "start_on": "2026-03-09", "days": 0}, "days"),
        (
            "training_record",
            {"staff_id": 1, "topic": "调解", "start_on": "2026-03-09", "end_on": "2026-03-01", "days": 1},
            "end_on",
        ),
        (
            "disclosure",
            {"item": "低保", "item_class": "party", "posted_on": "2026-03-09", "removed_on": "2026-03-01"},
            "removed_on",
        ),
    ],
)
def test_days_run_forwards(kind: str, values: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        discover.kinds()[kind].checked(values)
    assert set(caught.value.faults) == {field}


def test_the_score_of_a_need_is_the_sum_of_its_terms() -> None:
    assert need_score("S1", 8, 3, 2, cared=True) == 9 + 6 + 2 + 2 + 2
    assert need_score("S4", 1, 1, 0, cared=False) == 0
    assert need_score("S3", 1, 99, 99, cared=False) == 3 + 5 + 6
