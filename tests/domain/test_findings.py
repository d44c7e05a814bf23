"""Cross-checks that stop nobody."""

from datetime import UTC, date, datetime

import pytest

from gridworker.domain import findings
from gridworker.record import Value

TODAY = date(2026, 3, 18)
NOW = datetime(2026, 3, 18, 4, tzinfo=UTC)


def codes(found: tuple[findings.Finding, ...]) -> list[str]:
    return [finding.code for finding in found]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"id_number": "11010519491231002X", "birth_date": "1949-12-31", "sex": "2"}, []),
        (
            {"id_number": "11010519491231002X", "birth_date": "1949-12-13", "sex": "1"},
            ["birth_mismatch", "sex_mismatch"],
        ),
        ({"id_number": "11010519491231002X", "sex": "0"}, []),
        ({"birth_date": "2026-03-19"}, ["birth_future"]),
        ({"id_number": "110105202603180026"}, []),
        ({"id_number": "110105202603190021"}, ["id_birth_future"]),
        ({"id_number": "110105202603190021", "birth_date": "2025-03-19"}, ["birth_mismatch", "id_birth_future"]),
        ({}, []),
    ],
)
def test_residents(values: dict[str, Value], expected: list[str]) -> None:
    assert codes(findings.resident_findings(values, TODAY)) == expected


@pytest.mark.parametrize(
    ("relations", "head", "expected"),
    [
        ([], None, []), (["02", "10"], None, []), (["10", "20"], None, ["head_missing"]),
        (["02", "02"], None, ["head_duplicate"]), (["10", "20"], 0, []), (["02", "20"], 0, []),
        (["02", "20"], 1, ["head_duplicate"]), (["10", "20"], 7, ["head_missing"]),
    ],
)  # fmt: skip
def test_households(relations: list[str], head: int | None, expected: list[str]) -> None:
    assert codes(findings.household_findings(enumerate(relations), head)) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, []),
        ({"started_at": "2026-03-18T04:04:00Z"}, []),
        ({"started_at": "2026-03-18T04:06:00Z"}, ["visit_future"]),
        ({"started_at": "2026-03-11T04:00:00Z"}, []),
        ({"started_at": "2026-03-11T03:59:00Z"}, ["visit_late"]),
        ({"started_at": "2026-03-01T03:59:00Z", "backdated_reason": "笔记本送修"}, []),
    ],
)
def test_visits(values: dict[str, Value], expected: list[str]) -> None:
    assert codes(findings.visit_findings(values, NOW)) == expected


def test_times_of_an_issue() -> None:
    good = [("occurred_at", "2026-03-18T01:00:00Z"), ("reported_at", "2026-03-18T01:00:00Z"), ("closed", None)]
    assert findings.issue_findings(good, NOW) == ()
    found = findings.issue_findings(
        [
            ("occurred_at", "2026-03-18T02:00:00Z"),
            ("reported_at", "2026-03-18T01:00:00Z"),
            ("closed", "2026-04-01T01:00:00Z"),
        ],
        NOW,
    )
    assert [(finding.code, finding.field) for finding in found] == [
        ("time_order", "reported_at"),
        ("time_future", "closed"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("身份证11010519491231002X", ["id_in_text"]),
        ("电话13800001234。", ["phone_in_text"]),
        ("她总是上访", ["labelling"]),
        ("软管过期两年，编号 138000012345", []),
    ],
)
def test_text(text: str, expected: list[str]) -> None:
    found = findings.text_findings("note", text)
    assert codes(found) == expected
    assert all(str(finding) and text not in str(finding) for finding in found)
