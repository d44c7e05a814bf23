"""The issues that Today reads: all that ask for somebody, whatever their steps, and not those that ask for nobody."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridworker.app.due.cases import Matters, matters_of
from gridworker.domain.codes_issue import ACTION
from gridworker.domain.issue_flow import State, fold
from gridworker.domain.issue_steps import step_of
from gridworker.store.engine.database import Database
from gridworker.store.queries import open_issues
from tests.store.crowd import create, insert

SINCE = "2025-11-18"
FIRST = date(2025, 11, 1)

LIKELY = ("resolve", "resolve", "return_visit", "return_visit", "schedule_return", "handle", "reopen", "close")
STEPS = st.lists(
    st.tuples(
        st.sampled_from([*LIKELY, *LIKELY, *sorted(ACTION.labels)]),
        st.integers(0, 60),
        st.sampled_from([None, "0", "1", "2"]),
        st.sampled_from([0, -1, -1, 1, 2]),  # the step it follows; a later one where a clock was far behind
    ),
    max_size=6,
)
ISSUES = st.lists(
    st.tuples(
        st.sampled_from([None, "F1", "F2", "F3", "F4"]), st.sampled_from(["S1", "S2", "S3"]), st.booleans(),
        st.booleans(), STEPS,
    ),
    min_size=1, max_size=5,
)  # fmt: skip


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    found = Database(tmp_path_factory.mktemp("pressing") / "store.db", bytes(32), create=True)
    with found.write() as connection:
        create(connection)
    yield found
    found.close()


def asked(matters: Matters) -> tuple[object, ...]:
    """What Today takes from them."""
    returns = {
        household: sorted(due, key=lambda one: (one.on, one.issue)) for household, due in matters.returns.items()
    }
    return returns, {household: sorted(at) for household, at in matters.urgent.items()}


@settings(max_examples=300)
@given(ISSUES)
def test_nothing_that_presses_is_left_out(
    database: Database, issues: list[tuple[str | None, str, bool, bool, list[tuple[str, int, str | None, int]]]]
) -> None:
    rows: list[dict[str, Any]] = []
    steps: list[dict[str, Any]] = []
    for number, (track, severity, at_home, on_visit, several) in enumerate(issues, start=1):
        rows.append({
            "id": number, "title": "x", "category": "B", "track": track, "severity": severity,
            "reported_at": "2026-01-01T00:00:00Z", "household_id": 7 if at_home else None,
            "visit_id": 3 if on_visit else None,
        })  # fmt: skip
        for place, (action, day, satisfaction, follows) in enumerate(several, start=1):
            steps.append({
                "id": number * 100 + place, "issue_id": number, "action": action, "satisfaction": satisfaction,
                "at": f"{FIRST + timedelta(days=day)}T01:00:00Z", "due_on": "2026-01-09",
                "follows": str(number * 100 + place + follows) if follows and place + follows > 0 else None,
            })  # fmt: skip
    with database.write() as connection:
        for kind, several_rows in (("issue", rows), ("issue_step", steps)):
            connection.exec_driver_sql(f"DELETE FROM {kind}")
            if several_rows:
                insert(connection, kind, several_rows)
        few = list(open_issues.pressing(connection, SINCE))
        every = open_issues.unsettled(connection, SINCE)
        unanswered = {row.id for row in open_issues.unanswered(connection)}
    reported = set()
    for row in rows:
        own = [step_of(one["id"], one) for one in steps if one["issue_id"] == row["id"]]
        if fold(own).state is State.REPORTED:
            reported.add(row["id"])
    assert asked(matters_of(few)) == asked(matters_of(every))
    assert unanswered == reported


def test_what_is_under_way_is_not_read(database: Database) -> None:
    issue = {"id": 1, "title": "x", "category": "B", "severity": "S3", "reported_at": "2026-01-01T00:00:00Z"}
    step = {"id": 2, "issue_id": 1, "action": "handle", "at": "2026-01-02T00:00:00Z"}
    with database.write() as connection:
        for kind, row in (("issue", issue), ("issue_step", step)):
            connection.exec_driver_sql(f"DELETE FROM {kind}")
            insert(connection, kind, [row])
        assert len(open_issues.unsettled(connection, SINCE)) == 1
        assert list(open_issues.pressing(connection, SINCE)) == []


@pytest.mark.parametrize(
    ("track", "way", "read"),
    [
        ("F3", "resolve return_visit=2", False), (None, "resolve return_visit=2 close", False),
        ("F3", "resolve return_visit=2 handle", False), ("F3", "resolve return_visit=1", False),
        ("F2", "resolve return_visit=2 close", True), ("F3", "resolve return_visit=0", True),
        ("F3", "resolve return_visit=2 schedule_return", True), ("F3", "return_visit=2 resolve", True),
        ("F3", "resolve return_visit=1 resolve", True), ("F3", "resolve return_visit=2 reopen resolve", True),
        ("F3", "return_visit=2>resolve handle resolve", True), ("F3", "resolve return_visit=2>handle handle", True),
    ],
)  # fmt: skip
def test_what_was_answered_once_and_for_all_is_not_read(
    database: Database, track: str | None, way: str, read: bool
) -> None:
    """Most of those an office resolved lately: to fold them all took longer than to ask who is due."""
    words = [word.partition(">")[0] for word in way.split()]
    actions = [word.partition("=")[0] for word in words]
    steps = []
    for place, word in enumerate(way.split()):
        said, _, later = word.partition(">")
        seen = actions.index(later) if later else place - 1
        steps.append({
            "id": 100 + place, "issue_id": 1, "action": actions[place], "satisfaction": said.partition("=")[2] or None,
            "at": f"2026-01-0{place + 1}T01:00:00Z", "due_on": "2026-01-09",
            "follows": str(100 + seen) if seen >= 0 else None,
        })  # fmt: skip
    issue = {
        "id": 1, "title": "x", "category": "B", "severity": "S3", "track": track, "household_id": 7,
        "reported_at": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    with database.write() as connection:
        for kind, rows in (("issue", [issue]), ("issue_step", steps)):
            connection.exec_driver_sql(f"DELETE FROM {kind}")
            insert(connection, kind, rows)
        few = list(open_issues.pressing(connection, SINCE))
        every = open_issues.unsettled(connection, SINCE)
    assert bool(few) == read
    assert asked(matters_of(few)) == asked(matters_of(every))
