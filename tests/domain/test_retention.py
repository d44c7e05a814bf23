"""How long things are kept: periods as they are written, what a day makes due, what another version wrote."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.domain.masking import mask_name
from gridworker.domain.names import clean_name
from gridworker.domain.retention import (
    MOST_DAYS,
    MOST_YEARS,
    RULES,
    STANDS_FOR,
    Period,
    periods,
    read_period,
    with_period,
)
from gridworker.errors import Problem

DAYS = st.dates(date(2000, 1, 1), date(2120, 12, 31))
PERIODS = st.one_of(
    st.integers(1, MOST_YEARS).map(Period),
    st.integers(1, MOST_DAYS).map(lambda days: Period(days=days)),
    st.just(Period()),
)


def test_the_usual_periods_are_those_of_the_design() -> None:
    assert {name: rule.usual.written() for name, rule in RULES.items()} == {
        "visit_words": "3y", "closed_issues": "5y", "party_names": "2y",
        "service_papers": "30d", "gone_people": "1y", "past_volunteers": "2y",
    }  # fmt: skip
    assert all(rule.usual in rule.offered and Period() in rule.offered for rule in RULES.values())


@pytest.mark.parametrize("text", [f"{MOST_YEARS + 1}y", f"{MOST_DAYS + 1}d"])
def test_a_period_that_is_too_long_says_how_long_one_may_be(text: str) -> None:
    with pytest.raises(Problem, match="at most 99 years or 3650 days"):
        read_period(text)


@given(PERIODS)
def test_a_period_is_read_as_it_was_written(period: Period) -> None:
    assert read_period(period.written()) == period


@pytest.mark.parametrize("text", ["", "0y", "99999d", "3", "y", "3 y", "-1y", "３y", "3m", "keep it"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(Problem, match="like 3y"):
        read_period(text)


@given(DAYS, PERIODS)
def test_nothing_is_due_early_and_everything_in_the_end(today: date, period: Period) -> None:
    last = period.last_due(today)
    if last is None:
        assert period.for_good
        return
    kept = timedelta(days=period.days) or timedelta(days=365 * period.years)
    assert kept <= today - last <= kept + timedelta(days=period.years // 4 + 1)


@given(DAYS, DAYS, PERIODS)
def test_what_is_due_stays_due(one: date, other: date, period: Period) -> None:
    earlier, later = (period.last_due(day) or date.min for day in sorted((one, other)))
    assert earlier <= later


@given(DAYS, st.integers(1, MOST_YEARS - 1))
def test_a_longer_period_makes_nothing_more_due(today: date, years: int) -> None:
    longer, shorter = Period(years + 1).last_due(today), Period(years).last_due(today)
    assert longer is not None
    assert shorter is not None
    assert longer < shorter


@pytest.mark.parametrize(
    ("began", "due"),
    [
        ("2025-11-26", "2026-11-26"),
        ("2024-02-29", "2025-03-01"),
        ("2027-02-28", "2028-02-28"),
        ("2027-03-01", "2028-03-01"),
    ],
)
def test_a_year_ends_on_the_day_it_began_on(began: str, due: str) -> None:
    day = date.fromisoformat(due)
    assert str(Period(1).last_due(day - timedelta(days=1))) < began <= str(Period(1).last_due(day))


@given(st.dictionaries(st.sampled_from(sorted(RULES)), PERIODS))
def test_what_the_office_set_holds_and_the_rest_is_usual(chosen: dict[str, Period]) -> None:
    stored: str | None = None
    for rule, period in chosen.items():
        stored = with_period(stored, rule, period)
    assert periods(stored) == {name: chosen.get(name, rule.usual) for name, rule in RULES.items()}


def test_the_words_of_a_newer_version_are_kept_and_passed_over() -> None:
    stored = "photos=6m visit_words=soon closed_issues=7y"
    found = periods(stored)
    assert (found["visit_words"], found["closed_issues"]) == (Period(3), Period(7))
    assert with_period(stored, "visit_words", Period(2)) == "closed_issues=7y photos=6m visit_words=2y"


def test_what_stands_for_a_name_is_a_name_and_names_nobody() -> None:
    for name in STANDS_FOR.values():
        assert clean_name(name) == name
        assert mask_name(name).startswith("某")
