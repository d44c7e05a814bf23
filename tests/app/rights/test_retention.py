"""Keeping nothing longer than the office decided: what is shown as due, what goes by a person's word, what stays."""

import json
from dataclasses import asdict
from datetime import date, timedelta

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import Denied, NotFound, Problem
from tests.builders import DEK
from tests.circle import Circle, Family, made_visit
from tests.pages import found_in
from tests.pictures import png

NAME, PHONE = "陈建国", "13800000142"
DISPUTE = {"category": "B", "severity": "S3", "reported_at": "2020-01-02T01:00:00Z"}


def save(circle: Circle, kind: str, record: int | None = None, /, **values: object) -> int:
    return circle.office.records.save(kind, values, record).id


def closed_issue(circle: Circle, on: str, **values: object) -> int:
    """An issue that was closed on a day, the straight way."""
    issue = save(circle, "issue", **{"title": "canary-title", **DISPUTE, **values})
    follows = ""
    for action in ("report", "handle", "resolve", "return_visit", "close"):
        more = {"satisfaction": "3"} if action == "return_visit" else {}
        step = {"issue_id": issue, "action": action, "at": f"{on}T02:00:00Z", "follows": follows or None, **more}
        follows = str(save(circle, "issue_step", **step, note="canary-step"))
    return issue


def attached(circle: Circle, kind: str, record: int, caption: str) -> int:
    return circle.office.attachments.add(kind, record, png(), caption).id


def ago(circle: Circle, days: int) -> str:
    return (circle.office.session.today() - timedelta(days=days)).isoformat()


def due(circle: Circle) -> dict[str, int]:
    return {rule.name: rule.due for rule in circle.office.retention.preview().rules if rule.due}


def let_go(circle: Circle, *rules: str) -> None:
    circle.office.retention.apply(rules, circle.office.retention.preview().seen)


def bytes_left(workspace: Workspace, *words: str) -> set[str]:
    assert workspace.session.store.db.checkpoint()
    return found_in(workspace.session.folder.database, words, DEK)


@pytest.fixture
def family(circle: Circle) -> Family:
    return circle.family(circle.office.devices.add_grid("第一网格"), name=NAME)


def test_the_words_of_an_old_visit_go_and_its_day_stays(circle: Circle, family: Family) -> None:
    old, young = made_visit(circle.office, family.household), made_visit(circle.office, family.household)
    photo = attached(circle, "visit", old, "canary-photo")
    for visit, day in ((old, ago(circle, 365 * 3 + 2)), (young, ago(circle, 365 * 3 - 2))):
        values = {"started_at": f"{day}T01:00:00Z", "situation_note": f"canary-note-{visit}", "topics": "safety",
                  "backdated_reason": "补记"}  # fmt: skip
        save(circle, "visit", visit, **values)
    assert due(circle) == {"visit_words": 1}
    let_go(circle, "visit_words")
    shown = circle.office.records.show("visit", old).values
    assert (shown["situation_note"], shown["topics"]) == (None, "safety")
    assert circle.office.session.store.get("attachment", photo) is None
    assert not list(circle.office.session.folder.attachments.glob("*/*"))
    assert bytes_left(circle.office, f"canary-note-{old}", "canary-photo") == set()
    assert circle.office.records.show("visit", young).values["situation_note"] == f"canary-note-{young}"
    assert due(circle) == {}


def test_an_issue_goes_five_years_after_it_was_closed_with_all_that_is_about_it(circle: Circle) -> None:
    old, young = closed_issue(circle, ago(circle, 365 * 5 + 3)), closed_issue(circle, ago(circle, 365 * 5 - 3))
    party = save(circle, "issue_party", issue_id=old, display_name="canary-party")
    circle.office.records.remove("issue_party", party)
    circle.office.retention.set_period("party_names", "keep")
    assert due(circle) == {"closed_issues": 1}
    let_go(circle, "closed_issues")
    assert circle.office.session.store.get("issue", old) is None
    assert circle.office.records.show("issue", young).values["title"] == "canary-title"
    assert {one.values["issue_id"] for one in circle.office.records.page("issue_step", limit=50)} == {young}
    assert bytes_left(circle.office, "canary-party") == set()


def test_an_issue_that_was_reopened_is_not_due(circle: Circle) -> None:
    issue = closed_issue(circle, ago(circle, 365 * 6))
    last = max(one.id for one in circle.office.records.page("issue_step", limit=50))
    assert due(circle)["closed_issues"] == 1
    long_ago = f"{ago(circle, 365 * 6 - 9)}T01:00:00Z"
    save(circle, "issue_step", issue_id=issue, action="reopen", at=long_ago, follows=str(last))
    assert due(circle) == {}


def test_names_of_parties_go_before_the_dispute_does(circle: Circle, family: Family) -> None:
    dispute, other = closed_issue(circle, ago(circle, 800)), closed_issue(circle, ago(circle, 800), category="F")
    values = {"role": "party", "display_name": "canary-party", "phone": PHONE, "resident_id": family.resident}
    party, spared = (save(circle, "issue_party", issue_id=issue, **values) for issue in (dispute, other))
    assert due(circle) == {"party_names": 1}
    let_go(circle, "party_names")
    shown = circle.office.records.show("issue_party", party).values
    assert (shown["display_name"], shown["phone"], shown["resident_id"]) == ("某当事人", None, None)
    assert (shown["role"], shown["issue_id"]) == ("party", dispute)
    assert circle.office.records.show("issue_party", spared).values["phone"] == PHONE
    assert due(circle) == {}


def test_papers_of_a_service_go_a_month_after_it(circle: Circle) -> None:
    service, repair = (closed_issue(circle, ago(circle, 31), category=category) for category in "EF")
    step = next(
        one.id for one in circle.office.records.page("issue_step", limit=9) if one.values["issue_id"] == service
    )
    papers = [attached(circle, "issue", service, "1"), attached(circle, "issue_step", step, "2")]
    kept = attached(circle, "issue", repair, "3")
    assert due(circle) == {"service_papers": 2}
    let_go(circle, "service_papers")
    assert [circle.office.session.store.get("attachment", paper) for paper in papers] == [None, None]
    assert circle.office.session.store.get("attachment", kept) is not None


def test_what_was_taken_in_for_a_request_goes_a_month_after_it(circle: Circle, family: Family) -> None:
    asked = {"requested_on": "2020-01-02", "item": "老年证", "household_id": family.household}
    done = save(circle, "service_request", **asked, materials="canary-papers", finished_on=ago(circle, 31))
    waits = save(circle, "service_request", **asked, materials="照片")
    assert due(circle) == {"service_papers": 1}
    let_go(circle, "service_papers")
    assert circle.office.records.show("service_request", done).values["materials"] is None
    assert circle.office.records.show("service_request", waits).values["materials"] == "照片"
    assert bytes_left(circle.office, "canary-papers") == set()


def test_the_photos_of_a_household_that_moved_out_go_with_its_words(circle: Circle, family: Family) -> None:
    """A photo alone makes it due: nothing else may be written of it."""
    photo = attached(circle, "household", family.household, "canary-photo")
    save(circle, "household", family.household, status="moved_out", status_date=ago(circle, 370))
    assert due(circle) == {"gone_people": 1}
    let_go(circle, "gone_people")
    assert circle.office.session.store.get("attachment", photo) is None
    assert not any(path.is_file() for path in circle.office.session.folder.attachments.rglob("*"))
    assert bytes_left(circle.office, "canary-photo") == set()
    assert due(circle) == {}


def test_who_moved_out_or_died_is_somebody_a_year_later(circle: Circle, family: Family) -> None:
    laptop = circle.enrol("周敏", circle.office.session.grids()[0])
    gone = {"status": "deceased", "status_date": ago(circle, 370), "birth_date": "1950-05-06", "sex": "1"}
    save(circle, "resident", family.resident, **gone, note="canary-note", id_number="11010519491231002X")
    care = {"care_group": "C1", "basis": "family", "start_on": "2020-01-02", "review_on": "2020-03-04"}
    care_id = save(circle, "care_membership", resident_id=family.resident, **care, reason_note="canary-reason",
                   owner_id=circle.office.session.who)  # fmt: skip
    left = {"status": "moved_out", "status_date": ago(circle, 370), "remark": "canary-remark",
            "booklet_no": "canary-bk"}  # fmt: skip
    save(circle, "household", family.household, **left)
    save(circle, "resident", family.resident, id_hash="canary-hash")
    circle.round(laptop)
    preview = circle.office.retention.preview()
    assert next((one.title, one.caption) for one in preview.going) == ("Resident", "陈*国")
    assert {one.kind for one in preview.going} == {"resident", "household"}
    let_go(circle, "gone_people")
    circle.round(laptop)
    for device in (circle.office, laptop):
        shown = device.session.store.get("resident", family.resident) or {}
        assert {name: value for name, value in shown.items() if value is not None} == {
            "name": "某居民", "sex": "1", "status": "deceased", "status_date": ago(circle, 370)
        }  # fmt: skip
        cared = device.session.store.get("care_membership", care_id) or {}
        assert (cared["reason_note"], cared["care_group"]) == (None, "C1")
        words = (NAME, PHONE, "canary-note", "1950-05-06", "11010519491231002X", "canary-reason", "canary-remark",
                 "canary-hash", "canary-bk")  # fmt: skip
        assert bytes_left(device, *words) == set()
        assert not device.care_of_store.check()
    assert due(circle) == {}


def test_a_name_that_two_changed_differently_is_no_obstacle(circle: Circle, family: Family) -> None:
    laptop = circle.enrol("周敏", circle.office.session.grids()[0])
    circle.round(laptop)
    save(circle, "resident", family.resident, name="陈建业", status="moved_out", status_date=ago(circle, 400))
    laptop.records.save("resident", {"name": "陈建中"}, family.resident)
    circle.hand_in(laptop)
    assert circle.office.merge.count() == 1
    let_go(circle, "gone_people")
    assert circle.office.merge.count() == 0
    assert circle.office.records.show("resident", family.resident).values["name"] == "某居民"


def test_who_is_gone_without_a_day_is_counted_and_kept(circle: Circle, family: Family) -> None:
    save(circle, "resident", family.resident, status="moved_out")
    preview = circle.office.retention.preview()
    assert (preview.undated, preview.going) == (1, ())
    save(circle, "household_member", family.member, valid_to=ago(circle, 380))
    preview = circle.office.retention.preview()
    assert (preview.undated, [one.since for one in preview.going]) == (0, [ago(circle, 380)])


def test_a_volunteer_is_forgotten_two_years_after_leaving(circle: Circle) -> None:
    volunteer = save(circle, "staff", name="canary-volunteer", role="volunteer", active=True, phone=PHONE)
    worker = save(circle, "staff", name="周敏", role="grid_worker", active=True)
    circle.clock.move(minutes=60 * 24 * 30)
    for one in (volunteer, worker):
        save(circle, "staff", one, active=False)
    circle.clock.move(minutes=60 * 24 * 729)
    assert due(circle) == {}
    circle.clock.move(minutes=60 * 24 * 3)
    assert due(circle) == {"past_volunteers": 1}
    let_go(circle, "past_volunteers")
    shown = circle.office.records.show("staff", volunteer).values
    assert (shown["name"], shown["phone"], shown["role"]) == ("某志愿者", None, "volunteer")
    assert bytes_left(circle.office, "canary-volunteer", PHONE) == set()
    assert circle.office.records.show("staff", worker).values["name"] == "周敏"


def test_names_in_volunteering_and_posts_go_two_years_after_the_last_of_it(circle: Circle) -> None:
    save(circle, "staff", name="还在的", role="volunteer", active=True)
    helped = {"hours": "2", "content": "打扫", "review": "canary-review"}
    names = ("canary-helper", "还在的", "canary-helper")
    gone, here, again = (save(circle, "volunteer_service", name=name, day=ago(circle, 800), **helped) for name in names)
    save(circle, "volunteer_service", again, day=ago(circle, 10))
    posts = [save(circle, "post_assignment", post="楼道岗", holder="canary-holder", until=until, review="canary-review")
             for until in (ago(circle, 800), None)]  # fmt: skip
    assert due(circle) == {"past_volunteers": 1}  # who helped again ten days ago has not left
    save(circle, "volunteer_service", again, day=ago(circle, 790))
    assert due(circle) == {"past_volunteers": 3}
    assert "canary" not in "".join(one.caption for one in circle.office.retention.preview().going)
    let_go(circle, "past_volunteers")
    shown = [circle.office.records.show("volunteer_service", one).values for one in (gone, here, again)]
    assert [(one["name"], one["review"]) for one in shown] == [
        ("某志愿者", None), ("还在的", "canary-review"), ("某志愿者", None)]  # fmt: skip
    assert shown[0]["content"] == "打扫"
    held = [circle.office.records.show("post_assignment", one).values for one in posts]
    assert [one["holder"] for one in held] == ["某任职人", "canary-holder"]
    assert bytes_left(circle.office, "canary-helper") == set()
    assert due(circle) == {}


def test_what_two_rules_let_go_of_in_one_record_goes_under_both(circle: Circle, family: Family) -> None:
    """Else the second stays for good: once the household has nothing left it is due no more."""
    asked = {"requested_on": ago(circle, 500), "finished_on": ago(circle, 450), "item": "办证"}
    words = {"materials": "canary-papers", "received_by": "canary-taker"}
    request = save(circle, "service_request", **asked, **words, household_id=family.household)
    gone = {"status": "moved_out", "status_date": ago(circle, 400), "remark": "canary-remark"}
    save(circle, "household", family.household, **gone)
    assert due(circle) == {"service_papers": 1, "gone_people": 1}
    let_go(circle, "service_papers", "gone_people")
    left = circle.office.records.show("service_request", request).values
    assert (left["materials"], left["received_by"], left["item"]) == (None, None, "办证")
    assert bytes_left(circle.office, "canary-papers", "canary-taker", "canary-remark") == set()
    assert due(circle) == {}


def test_nothing_goes_but_what_the_person_saw_and_chose(circle: Circle, family: Family) -> None:
    save(circle, "resident", family.resident, status="moved_out", status_date=ago(circle, 400))
    visit = made_visit(circle.office, family.household)
    seen = circle.office.retention.preview().seen
    old = {"started_at": f"{ago(circle, 1500)}T01:00:00Z", "situation_note": "canary", "backdated_reason": "补记"}
    save(circle, "visit", visit, **old)
    with pytest.raises(Problem, match="Something else is due"):
        circle.office.retention.apply(["gone_people"], seen)
    assert circle.office.records.show("resident", family.resident).values["name"] == NAME
    let_go(circle, "gone_people")
    assert circle.office.records.show("visit", visit).values["situation_note"] == "canary"
    assert circle.office.retention.apply(["gone_people"]).due == {}


@pytest.mark.parametrize("whose", ["resident", "household"])
def test_whom_a_care_file_names_for_an_emergency_goes_with_who_is_gone(
    circle: Circle, family: Family, whose: str
) -> None:
    care = {f"{whose}_id": getattr(family, whose), "care_group": "C3", "basis": "official_list"}
    named = save(circle, "care_membership", **care, start_on="2020-01-02", review_on="2020-06-01")
    save(circle, "care_contact", care_id=named, name="canary-daughter", phone=PHONE)
    more = {"remark": "canary"} if whose == "household" else {}
    save(circle, whose, getattr(family, whose), status="moved_out", status_date=ago(circle, 370), **more)
    circle.office.retention.apply(["gone_people"])
    assert circle.office.records.page("care_contact") == []


def test_nothing_goes_that_an_open_matter_still_needs(circle: Circle, family: Family) -> None:
    visit, office = made_visit(circle.office, family.household), circle.office
    gone = {"status": "moved_out", "status_date": ago(circle, 370)}
    save(circle, "visit", visit, started_at=f"{ago(circle, 1200)}T01:00:00Z", situation_note="canary")
    for kind, record in (("resident", family.resident), ("household", family.household)):
        save(circle, kind, record, **gone, **({"remark": "canary"} if kind == "household" else {}))
    open_issue = {"title": "canary", **DISPUTE}
    matter = save(circle, "issue", **open_issue, visit_id=visit)
    party = save(circle, "issue_party", issue_id=matter, display_name=NAME, resident_id=family.resident)
    need = {"title": "canary", "need_kind": "living", "status": "collected", "raised_on": "2020-01-02"}
    need_id = save(circle, "need", **need, household_id=family.household)
    held = {rule.name: rule.held for rule in office.retention.preview().rules if rule.held}
    assert (due(circle), held) == ({}, {"visit_words": 1, "gone_people": 2})
    office.records.remove("issue", matter)
    assert due(circle) == {"visit_words": 1}
    save(circle, "need", need_id, status="done")
    assert due(circle) == {"visit_words": 1, "gone_people": 2}
    save(circle, "issue_party", party, resident_id=None)
    closed = closed_issue(circle, ago(circle, 40), household_id=family.household, visit_id=visit)
    save(circle, "issue_party", issue_id=closed, display_name=NAME, resident_id=family.resident)
    assert due(circle) == {"visit_words": 1, "gone_people": 2}, "a closed issue needs nothing more"


def test_the_decision_is_on_record_and_cannot_be_undone(circle: Circle, family: Family) -> None:
    save(circle, "resident", family.resident, status="moved_out", status_date=ago(circle, 400))
    outcome = circle.office.retention.apply(["gone_people", "visit_words"])
    assert json.loads(json.dumps(asdict(outcome)))["due"] == {"gone_people": 1}
    row = circle.office.audit.everywhere(limit=1)[0]
    assert (row.action, row.who, row.detail) == ("retention", "刘芳", "People who moved out or died 1")
    assert not any(word in row.about + row.detail for word in (NAME, PHONE))
    assert circle.office.records.undo().erasure_stands
    assert circle.office.records.show("resident", family.resident).values["name"] == "某居民"
    save(circle, "household", family.household, remark="canary")
    assert not circle.office.records.undo().erasure_stands, "what was done after it"


def test_backups_are_made_anew(circle: Circle, family: Family) -> None:
    save(circle, "resident", family.resident, status="moved_out", status_date=ago(circle, 400))
    before = circle.office.backups.make().path
    assert circle.office.retention.apply(["gone_people"]).backups == 1
    after = circle.office.backups.list()
    assert not before.exists()
    assert [found_in(view.path / "store.db", (NAME, PHONE), DEK) for view in after] == [set(), set()]


def test_the_office_sets_the_periods_and_laptops_know_them(circle: Circle) -> None:
    laptop = circle.enrol("周敏", circle.office.devices.add_grid("第一网格"))
    circle.office.retention.set_period("visit_words", "2y")
    circle.office.retention.set_period("service_papers", "keep")
    circle.round(laptop)
    assert laptop.retention.periods() == circle.office.retention.periods()
    words = {rule.name: (rule.period, rule.words) for rule in circle.office.retention.preview().rules}
    assert words["visit_words"] == ("2y", "2 years")
    assert words["service_papers"] == ("keep", "for good")
    assert words["gone_people"] == ("1y", "1 year")
    rows = [row for row in circle.office.audit.everywhere(limit=20) if row.action == "settings"]
    assert {row.detail for row in rows} == {"How long things are kept"}
    with pytest.raises(Problem):
        circle.office.retention.set_period("visit_words", "soon")
    with pytest.raises(NotFound, match="There are: visit_words"):
        circle.office.retention.set_period("photos", "2y")
    for refused in (lambda: laptop.retention.set_period("visit_words", "1y"), laptop.retention.preview):
        with pytest.raises(Denied):
            refused()
    with pytest.raises(Denied):
        laptop.retention.apply(["visit_words"])


@pytest.mark.parametrize("role", ["administrator", "grid_worker"])
def test_only_who_may_erase_decides(circle: Circle, family: Family, role: str) -> None:
    save(circle, "resident", family.resident, status="moved_out", status_date=ago(circle, 400))
    circle.office.session.who = save(circle, "staff", name="王敏", role=role, active=True)
    circle.office.session._staff = None
    assert not circle.office.retention.is_allowed
    for refused in (circle.office.retention.preview, lambda: circle.office.retention.apply(["gone_people"])):
        with pytest.raises(Denied):
            refused()


def test_the_audit_is_under_no_rule(circle: Circle) -> None:
    rows = len(circle.office.audit.everywhere(limit=500))
    circle.clock.move(minutes=60 * 24 * 365 * 20)
    circle.office.retention.apply([rule.name for rule in circle.office.retention.preview().rules])
    assert len(circle.office.audit.everywhere(limit=500)) == rows
    assert date(2040, 1, 1) < circle.office.session.today()
