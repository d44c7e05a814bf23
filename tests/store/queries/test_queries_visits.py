"""What the visit form reads: the visits before this one, today's numbers, whether it is written down already."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from gridworker.store.engine.database import Database
from gridworker.store.log.clock import EPOCH, MS_SHIFT
from gridworker.store.queries import numbers, open_issues, visits
from tests.store.crowd import create, insert
from tests.village import WEDNESDAY

NOW = int((WEDNESDAY - EPOCH).total_seconds() * 1000)
Rows = list[dict[str, object]]


def id_at(ms: int, step: int = 0) -> int:
    return (ms + step) << MS_SHIFT


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    found = Database(tmp_path / "store.db", bytes(32), create=True)
    with found.write() as connection:
        create(connection)
    yield found
    found.close()


def test_the_visits_before_come_newest_first_and_no_more_than_asked(database: Database) -> None:
    rows: Rows = [
        {"id": number, "household_id": 7, "started_at": f"2026-03-{number:02}T01:00:00Z", "outcome": "met_person"}
        for number in range(1, 6)
    ]
    with database.write() as connection:
        insert(connection, "visit", [*rows, {"id": 9, "household_id": 8, "started_at": "2026-03-09T01:00:00Z"}])
        found = visits.past(connection, 7, limit=3)
    assert [row.at[8:10] for row in found] == ["05", "04", "03"]


def test_the_numbers_given_today_are_those_of_records_made_today(database: Database) -> None:
    midnight = NOW - (9 * 60 + 42) * 60_000
    rows: Rows = [
        {"id": id_at(midnight - 1), "visit_no": "V01-260317-09", "household_id": 7},
        {"id": id_at(midnight), "visit_no": "V01-260318-01", "household_id": 7},
        {"id": id_at(NOW), "visit_no": "V01-260318-02", "household_id": 7},
        {"id": id_at(NOW, 1), "visit_no": None, "household_id": 7},
    ]
    with database.write() as connection:
        insert(connection, "visit", rows)
        assert numbers.given(connection, "visit", date(2026, 3, 18)) == ["V01-260318-01", "V01-260318-02"]


def test_a_visit_is_known_by_its_household_and_its_second(database: Database) -> None:
    with database.write() as connection:
        insert(connection, "visit", [{"id": 1, "household_id": 7, "started_at": "2026-03-18T01:42:00Z"}])
        assert visits.written_down(connection, 7, "2026-03-18T01:42:00Z") == 1
        assert visits.written_down(connection, 7, "2026-03-18T01:42:01Z") == 0
        assert visits.written_down(connection, 8, "2026-03-18T01:42:00Z") == 0


def test_closed_issues_are_passed_over_unless_they_were_resolved_lately(database: Database) -> None:
    issues: Rows = [
        {"id": number, "title": "x", "category": "B", "severity": "S3", "reported_at": "2026-01-01T00:00:00Z",
         "household_id": 7}
        for number in (1, 2, 3)
    ]  # fmt: skip
    steps: Rows = [
        {"id": 11, "issue_id": 1, "action": "report", "at": "2026-01-01T00:00:00Z"},
        {"id": 21, "issue_id": 2, "action": "resolve", "at": "2026-01-02T00:00:00Z"},
        {"id": 22, "issue_id": 2, "action": "close", "at": "2026-01-03T00:00:00Z"},
        {"id": 31, "issue_id": 3, "action": "resolve", "at": "2026-03-01T00:00:00Z"},
        {"id": 32, "issue_id": 3, "action": "close", "at": "2026-03-02T00:00:00Z", "follows": "31"},
    ]
    with database.write() as connection:
        insert(connection, "issue", issues)
        insert(connection, "issue_step", steps)
        found = {file.issue.id: file for file in open_issues.unsettled(connection, "2026-02-01")}
        every = open_issues.of_household(connection, 7)
    assert sorted(found) == [1, 3]
    assert [step.action for step in sorted(found[3].steps, key=lambda step: step.id)] == ["resolve", "close"]
    assert next(step for step in found[3].steps if step.id == 32).follows == (31,)
    assert len(every) == 3
