"""What issues ask of households: return visits, and a call after something urgent."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridworker.app.due.cases import Matters, call_of, case_of, matters_of
from gridworker.domain.issue_steps import Step
from gridworker.domain.moments import moment, written
from gridworker.domain.visit_due import next_visit
from gridworker.store.queries.open_issues import IssueFile, IssueRow
from gridworker.store.queries.today import CallRow, CareRow, HouseRow
from tests.village import WEDNESDAY

HOME, TODAY = 7, date(2026, 3, 18)


def issue(*steps: Step, track: str = "F3", severity: str = "S3", visit: int | None = None) -> IssueFile:
    row = IssueRow(1, HOME, None, "x", "C", None, track, severity, "2026-03-01T02:00:00Z", visit, None, None)
    return IssueFile(row, [Step(10, "report", "2026-03-01T02:00:00Z"), *steps])


def step(number: int, action: str, at: str, **more: str) -> Step:
    return Step(number, action, f"{at}T02:00:00Z", follows=(number - 1,), **more)  # type: ignore[arg-type]  # names of Step


RESOLVED = step(11, "resolve", "2026-03-10")
ANSWERED = step(12, "return_visit", "2026-03-17", satisfaction="3")


@pytest.mark.parametrize(
    ("steps", "track", "on"),
    [
        ((), "F3", None),
        ((step(11, "schedule_return", "2026-03-02", due_on="2026-03-20"),), "F3", date(2026, 3, 20)),
        ((RESOLVED,), "F3", date(2026, 3, 17)),
        ((RESOLVED, ANSWERED), "F3", None),
        ((RESOLVED, ANSWERED, step(13, "close", "2026-03-18")), "F2", date(2026, 4, 9)),
        ((RESOLVED, ANSWERED, step(13, "reopen", "2026-03-18")), "F2", None),
        ((step(11, "reject", "2026-03-02"),), "F3", None),
    ],
)
def test_the_next_return_visit(steps: tuple[Step, ...], track: str, on: date | None) -> None:
    found = matters_of([issue(*steps, track=track)])
    assert [due.on for due in found.returns.get(HOME, [])] == ([on] if on else [])
    assert found.issues[0].return_on == on


def test_closed_without_an_answer_nobody_is_asked_any_more() -> None:
    failed = [step(number, "return_visit", "2026-03-17", satisfaction="0") for number in (12, 13, 14)]
    assert matters_of([issue(RESOLVED, *failed, step(15, "close", "2026-03-18"))]).returns == {}


def test_something_urgent_asks_for_a_call_until_it_is_settled_unless_it_was_found_on_a_visit() -> None:
    assert matters_of([issue(severity="S1")]).urgent == {HOME: [moment("2026-03-01T02:00:00Z")]}
    assert matters_of([issue(severity="S2", visit=5)]).urgent == {}
    assert matters_of([issue(step(11, "reject", "2026-03-02"), severity="S1")]).urgent == {}
    assert matters_of([issue(severity="S3")]).urgent == {}


def test_an_issue_of_no_household_asks_nothing_of_one() -> None:
    file = issue(RESOLVED, severity="S1")
    bare = IssueFile(file.issue._replace(household=None), file.steps)
    found = matters_of([bare])
    assert (found.returns, found.urgent, len(found.issues)) == ({}, {}, 1)


CALLS = st.lists(
    st.tuples(
        st.integers(0, 300),
        st.sampled_from(["met_person", "met_person", "met_person", "declined", "nobody_home", "met_neighbour"]),
        st.sampled_from(["door", "phone"]),
        st.none() | st.integers(-30, 60),
    ),
    max_size=8,
    unique_by=lambda call: call[0],
)
CADENCES = st.lists(st.sampled_from(["V1", "V2", "V3", None]), max_size=3)


@settings(max_examples=500)
@given(
    CALLS,
    CADENCES,
    st.sampled_from([None, "phone_only", "not_wanted"]),
    st.booleans(),
    st.sampled_from([None, "V1", "V3"]),
)
def test_the_calls_passed_over_change_nothing(
    calls: list[tuple[int, str, str, int | None]],
    cadences: list[str | None],
    wish: str | None,
    rented: bool,
    own: str | None,
) -> None:
    rows = [
        CallRow(
            HOME,
            number,
            written(WEDNESDAY - timedelta(days=days)),
            outcome,
            channel,
            (TODAY - timedelta(days=follow)).isoformat() if follow is not None else None,
        )
        for number, (days, outcome, channel, follow) in enumerate(sorted(calls))
    ]
    cares = [CareRow(HOME, cadence, "C3", "2025-01-01", None, None) for cadence in cadences]
    house = HouseRow(HOME, wish, rented, None, None, None, None, own, None)
    case = case_of(house, date(2025, 1, 1), rows, cares, Matters())
    every = case._replace(calls=tuple(call_of(row) for row in reversed(rows)))
    assert next_visit(case, TODAY) == next_visit(every, TODAY)
