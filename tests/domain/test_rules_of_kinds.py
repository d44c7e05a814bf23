"""What stops a save, kind by kind, and what a record is called."""

import pytest

from gridworker import discover
from gridworker.domain import codes_dispute, codes_issue, links
from gridworker.domain.codes_care import care_label
from gridworker.errors import Invalid, Problem
from gridworker.record import Value

VISIT: dict[str, object] = {
    "visit_no": "V01-260318-01", "household_id": 1, "started_at": "2026-03-18T01:00:00Z", "visitor_id": 2,
    "channel": "door", "visit_kind": "routine", "outcome": "met_person",
}  # fmt: skip
SHOP_VISIT = {name: value for name, value in VISIT.items() if name != "household_id"} | {"merchant_id": 5, "grid_id": 6}
CARE: dict[str, object] = {
    "resident_id": 1, "care_group": "C3", "basis": "own_request", "start_on": "2026-03-18", "review_on": "2026-09-18",
}  # fmt: skip
MEMBER: dict[str, object] = {"household_id": 1, "resident_id": 2}
RESIDENT: dict[str, object] = {"name": "李强", "status": "in_place"}
ISSUE: dict[str, object] = {
    "title": "燃气软管老化", "category": "C", "severity": "S2", "reported_at": "2026-03-18T01:00:00Z",
}  # fmt: skip
CONSENT: dict[str, object] = {
    "resident_id": 1, "purpose": "file", "scope": "phone", "method": "oral", "given_on": "2026-03-18",
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("visit", VISIT),
        ("visit", SHOP_VISIT | {"roster_changes": "born moved_in", "visitor_ids": "3 12"}),
        ("care_membership", CARE),
        ("consent", CONSENT),
        ("resident", RESIDENT | {"birth_date": "1968-02-26", "birth_year": 1968}),
        (
            "household_member",
            {"household_id": 1, "resident_id": 2, "valid_from": "2026-01-01", "valid_to": "2026-01-01"},
        ),
        ("issue", ISSUE),
        ("issue", ISSUE | {"merchant_id": 5, "building_id": 3, "co_orgs": "committee property"}),
        (
            "issue",
            ISSUE | {"accept_due_at": "2026-03-18T01:00:00Z", "due_at": "2026-03-18T01:00:00Z", "extended_days": 60},
        ),
        ("grid", {"name": "第四网格", "grid_kind": "special"}),
        ("issue_step", {"issue_id": 1, "action": "report", "at": "2026-03-18T01:00:00Z"}),
        ("dwelling", {"building_id": 1, "room_no": "501"}),
    ],
)
def test_good_records_pass(kind: str, values: dict[str, object]) -> None:
    assert discover.kinds()[kind].checked(values) == values


@pytest.mark.parametrize(
    ("kind", "values", "fields"),
    [
        ("visit", VISIT | {"ended_at": "2026-03-18T00:59:59Z"}, {"ended_at"}),
        ("visit", VISIT | {"follow_up_on": "2026-03-17"}, {"follow_up_on"}),
        ("visit", VISIT | {"met": "12 x"}, {"met"}),
        ("visit", VISIT | {"visitor_ids": "3 李"}, {"visitor_ids"}),
        ("visit", VISIT | {"visit_no": None}, {"visit_no"}),
        ("visit", VISIT | {"household_id": None}, {"household_id"}),
        ("visit", SHOP_VISIT | {"grid_id": None}, {"grid_id"}),
        ("visit", VISIT | {"home_checks": {"gas": "broken"}}, {"home_checks"}),
        ("care_membership", CARE | {"resident_id": None, "household_id": None}, {"resident_id"}),
        ("care_membership", CARE | {"review_on": "2026-09-19"}, {"review_on"}),
        ("care_membership", CARE | {"review_on": "2026-03-17"}, {"review_on"}),
        ("care_membership", CARE | {"end_on": "2026-03-17"}, {"end_on"}),
        ("consent", CONSENT | {"resident_id": None, "household_id": None}, {"resident_id"}),
        ("consent", CONSENT | {"withdrawn_on": "2026-03-17"}, {"withdrawn_on"}),
        ("consent", CONSENT | {"expires_on": "2026-03-01"}, {"expires_on"}),
        ("resident", RESIDENT | {"birth_year": 68}, {"birth_year"}),
        ("resident", RESIDENT | {"birth_date": "1968-02-26", "birth_year": 1969}, {"birth_year"}),
        ("resident", RESIDENT | {"tags": "社区矫正"}, {"tags"}),
        ("household_member", MEMBER | {"valid_from": "2026-01-02", "valid_to": "2026-01-01"}, {"valid_to"}),
        ("issue", {"category": "C"}, {"title", "severity", "reported_at"}),
        ("issue", ISSUE | {"title": "一" * 51}, {"title"}),
        ("issue", ISSUE | {"accept_due_at": "2026-03-18T00:59:59Z"}, {"accept_due_at"}),
        ("issue", ISSUE | {"due_at": "2026-03-18T00:59:59Z"}, {"due_at"}),
        ("issue", ISSUE | {"accept_due_at": "2026-03-19T01:00:00Z", "due_at": "2026-03-18T02:00:00Z"}, {"due_at"}),
        ("issue", ISSUE | {"extended_days": -1}, {"extended_days"}),
        ("issue", ISSUE | {"extended_days": 61}, {"extended_days"}),
        ("issue", ISSUE | {"merchant_id": 5}, {"grid_id"}),
        ("issue", ISSUE | {"co_orgs": "police"}, {"co_orgs"}),
        ("household", {"status": "active", "booklet_no": "0123456789"}, {"booklet_no"}),
        ("household", {"status": "active", "visit_policy": "V4"}, {"visit_policy"}),
    ],
)  # fmt: skip
def test_bad_records_name_their_fields(kind: str, values: dict[str, object], fields: set[str]) -> None:
    with pytest.raises(Invalid) as caught:
        discover.kinds()[kind].checked(values)
    assert set(caught.value.faults) == fields


@pytest.mark.parametrize(
    ("kind", "field", "least", "most"),
    [
        ("building", "floor_count", 1, 200),
        ("building", "unit_count", 1, 200),
        ("building", "household_count", 0, 10_000),
        ("dwelling", "floor", -10, 200),
        ("household", "people_count", 0, 50),
        ("grid", "planned_household_count", 0, 100_000),
        ("issue", "people_count", 0, 10_000),
        ("device", "number", 0, 1023),
    ],
)
def test_numbers_that_cannot_be_are_refused_in_a_sentence(kind: str, field: str, least: int, most: int) -> None:
    record = discover.kinds()[kind]
    for number in (least, most, None) if field != "number" else (least, most):
        assert record.checked({field: number}, partial=True) == {field: number}
    for number in (least - 1, most + 1, 10**17):
        with pytest.raises(Invalid) as caught:
            record.checked({field: number}, partial=True)
        assert str(caught.value) == f"{record.kind.specs[field].label}: A number from {least} to {most}."


def test_an_id_number_brings_its_last_four_along() -> None:
    resident = discover.kinds()["resident"]
    assert resident.checked({"id_number": "11010519491231002x"}, partial=True) == {
        "id_number": "11010519491231002X",
        "id_last4": "002X",
    }
    assert resident.checked({"id_last4": "0024"}, partial=True) == {"id_last4": "0024"}


@pytest.mark.parametrize(
    ("kind", "values", "caption"),
    [
        ("building", {"estate_name": "师院南苑", "building_name": "3"}, "师院南苑 3栋"),
        ("building", {"building_name": "A"}, "A座"),
        ("dwelling", {"unit_no": "2", "room_no": "501"}, "2-501"),
        ("dwelling", {"unit_no": None, "room_no": "1203"}, "1203"),
        ("household_member", {"relation": "10"}, "Spouse"),
        ("issue_step", {"action": "handle"}, "Step taken"),
        ("care_membership", {"care_group": "C3", "living_arrangement": "2"}, "Lives alone (65+)"),
        ("care_membership", {"care_group": "C3"}, "Elderly without children at home"),
        ("audit_event", {"action": "reveal"}, "Showed a masked value"),
    ],
)
def test_captions(kind: str, values: dict[str, Value], caption: str) -> None:
    assert discover.kinds()[kind].caption(values) == caption


def test_words_of_the_product(chinese: str) -> None:
    assert [str(care_label("C3", arrangement)) for arrangement in ("2", "4", None)] == [
        "独居老人",
        "空巢老人",
        "空巢老人",
    ]
    assert str(care_label("C9")) == "关爱"
    assert [str(codes_issue.severity_word(code)) for code in ("S1", "S2", "S3", "S4")] == [
        "紧急",
        "较急",
        "一般",
        "一般",
    ]
    relation = discover.kinds()["household_member"].kind.specs["relation"].codes
    assert relation is not None
    assert [relation.label(code) for code in relation.first[:5]] == ["户主", "配偶", "子", "女儿", "儿媳"]


def test_tracks_and_subcategories_belong_to_the_categories() -> None:
    assert codes_issue.TRACK_OF.keys() < codes_issue.CATEGORY.labels.keys()
    assert set(codes_issue.TRACK_OF.values()) == codes_issue.TRACK.labels.keys()
    every = [
        code for category in codes_issue.CATEGORY.labels for code in codes_dispute.subcategories(category, every=True)
    ]
    known = codes_dispute.SUBCATEGORY
    assert sorted(every) == sorted(known.labels.keys() - known.retired)
    assert {"1003", "1307"} <= known.retired
    assert known.label("1003") == known.label("1099")
    assert not [code for code in known.labels if code[:2] in {"14", "15", "16"}], "passed on instead of recorded"
    assert "0801" not in codes_dispute.subcategories("B")
    assert "0201" in codes_dispute.subcategories("B")
    assert codes_dispute.subcategories("A")[0] == "A1"


def test_ids_in_one_field() -> None:
    assert links.clean_ids("12 3 12") == "3 12"
    assert links.read_ids(None) == ()
    assert links.join_ids([2**62, 3, 2**40 + 1, 3]) == f"3 {2**40 + 1} {2**62}"
    assert links.join_ids([]) is None
    assert links.read_ids("3 newer 12") == (3, 12)
    for wrong in ("3 x", "-1", str(2**63)):
        with pytest.raises(Problem):
            links.clean_ids(wrong)
