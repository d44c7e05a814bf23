"""Issues as a grid worker meets them: reported, answered in time or late, handled, asked about again, closed."""

from datetime import timedelta

import pytest

from gridworker.app.issue import list as issue_list
from gridworker.app.issue.case import IssueCase
from gridworker.app.issue.detail import ASK_OFFICE
from gridworker.app.issue.report import IssueDraft, report_changes
from gridworker.app.issue.views import Done, GroupView, IssueFilter, IssueRowView, StepDraft
from gridworker.app.issue.words import span
from gridworker.app.workspace import Workspace
from gridworker.errors import Invalid, NotFound, Problem
from gridworker.store.tables.changes import Change
from tests.village import HandClock, Village

GAS = IssueDraft("燃气软管老化", "C", "S2", summary="软管发硬有裂纹，过期约 2 年。")


def group(workspace: Workspace, code: str, wanted: IssueFilter | None = None) -> GroupView | None:
    return next((part for part in workspace.issues.view(wanted).groups if part.code == code), None)


def titles(workspace: Workspace, code: str, wanted: IssueFilter | None = None) -> list[str]:
    part = group(workspace, code, wanted)
    return [row.title for row in part.rows] if part else []


def only_row(workspace: Workspace) -> IssueRowView:
    rows = [row for part in workspace.issues.view().groups for row in part.rows]
    assert len(rows) == 1
    return rows[0]


def take(workspace: Workspace, issue: int, *words: str) -> Done:
    """Steps by their names; ``return_visit=1`` says what the resident answered."""
    for word in words:
        action, _, answer = word.partition("=")
        need = {"schedule_return": {"due_on": "2026-03-25"}, "reopen": {"note": "又漏了"}}.get(action, {})
        done = workspace.issues.take_step(issue, StepDraft(action, satisfaction=answer or None, **need))
    return done


# ---------------------------------------------------------------------------------------------------------- reporting


def test_a_report_is_listed_first_with_its_clock(workspace: Workspace, village: Village, clock: HandClock) -> None:
    chen = village.household("陈桂芳", "3", "1", "202")
    done = workspace.issues.report(IssueDraft("燃气软管老化", "C", "S2", household_id=chen.id))
    assert done.text == "Reported as S01-260318-01."
    part = group(workspace, "waiting")
    assert part is not None
    assert (part.title, part.aside) == ("Do these first", "no first response yet")
    row = part.rows[0]
    assert (row.title, row.about) == ("燃气软管老化", "3栋1单元202 陈桂芳·周敏·today 09:42")
    assert (row.severity.text if row.severity else "", row.done, row.step) == (
        "Soon",
        1,
        "To respond",
    )
    assert (row.mark.kind, row.mark.text, row.pace) == ("clock", "0:30 left", "fine")
    clock.move(minutes=22)
    assert (only_row(workspace).mark.kind, only_row(workspace).mark.text) == ("soon", "0:08 left")
    clock.move(minutes=43)
    row = only_row(workspace)
    assert (row.mark.kind, row.mark.text, row.pace) == ("late", "35 min late", "late")


@pytest.mark.parametrize(
    ("draft", "left"),
    [
        (IssueDraft("门禁关不上", "A"), "2:00 left"),
        (IssueDraft("楼上漏水", "B"), "24:00 left"),
        (IssueDraft("楼上漏水", "B", on_site=True), "0:30 left"),
        (IssueDraft("飞线充电", "C"), "0:30 left"),
        (IssueDraft("独自带两个孙子", "D"), "24:00 left"),
        (IssueDraft("办老年卡", "E"), "24:00 left"),
        (IssueDraft("井盖塌了", "H"), "0:30 left"),
    ],
)
def test_first_action_limits_run_in_clock_time(workspace: Workspace, draft: IssueDraft, left: str) -> None:
    workspace.issues.report(draft)
    assert only_row(workspace).mark.text == left


def test_numbers_count_the_issues_of_the_day(workspace: Workspace, village: Village, clock: HandClock) -> None:
    for number in ("01", "02"):
        done = workspace.issues.report(GAS)
        assert workspace.issues.detail(done.issue).number == f"S01-260318-{number}"
    clock.move(days=1)
    assert workspace.issues.detail(workspace.issues.report(GAS).issue).number == "S01-260319-01"


def test_two_issues_of_one_visit_get_two_numbers(workspace: Workspace, village: Village) -> None:
    chen = village.household("陈桂芳")
    visit = village.visit(chen, "2026-03-18")
    changes = report_changes(workspace.session, GAS, visit)
    changes += report_changes(workspace.session, GAS, visit, responded=True, beside=changes)
    numbers = [change.values["issue_no"] for change in changes if change.kind == "issue"]
    assert numbers == ["S01-260318-01", "S01-260318-02"]
    workspace.session.write(changes, "create")
    assert [row.mark.kind for part in workspace.issues.view().groups for row in part.rows] == ["clock", "day"]


def test_done_on_the_spot_is_the_first_response(workspace: Workspace) -> None:
    draft = IssueDraft("燃气软管老化", "C", response="当场关阀，叮嘱先用电饭锅。")
    view = workspace.issues.detail(workspace.issues.report(draft, responded=True).issue)
    assert [step.title for step in view.steps] == ["First response", "Reported"]
    assert view.steps[0].body == "当场关阀，叮嘱先用电饭锅。"
    assert [mark.text for mark in view.steps[0].marks] == ["Took 0 min, on time"]


def test_a_report_without_a_title_says_so_and_saves_nothing(workspace: Workspace) -> None:
    with pytest.raises(Invalid) as caught:
        workspace.issues.report(IssueDraft("", "", "S3"))
    assert set(caught.value.faults) == {"title", "category"}
    assert workspace.issues.view().state == "empty"


def test_an_issue_nowhere_belongs_to_the_grid_of_the_laptop(workspace: Workspace, village: Village) -> None:
    laptop = village.add("device", number=1, state="active")
    village.add("device_grid", device_id=laptop, grid_id=village.grid)
    issue = workspace.issues.report(IssueDraft("井盖松动", "F", place_text="5栋门前")).issue
    chen = village.household("陈桂芳")
    placed = workspace.issues.report(IssueDraft("漏水", "B", household_id=chen.id)).issue
    assert workspace.records.show("issue", issue).values["grid_id"] == village.grid
    assert workspace.records.show("issue", placed).values["grid_id"] is None


def test_the_draft_goes_with_the_report_it_became(workspace: Workspace) -> None:
    workspace.drafts.keep("report:new", {"title": "燃气"})
    with pytest.raises(Invalid):
        workspace.issues.report(IssueDraft("", "C"), finishes="report:new")
    assert workspace.drafts.get("report:new") is not None
    workspace.issues.report(GAS, finishes="report:new")
    assert workspace.drafts.get("report:new") is None


# --------------------------------------------------------------------------------------------------------- the way


def test_an_issue_goes_all_the_way(workspace: Workspace, clock: HandClock) -> None:
    issue = workspace.issues.report(GAS).issue
    clock.move(minutes=20)
    done = workspace.issues.take_step(issue, StepDraft("first_response", "当场关阀。"))
    assert done.text == "Done: First response."
    assert (only_row(workspace).done, only_row(workspace).mark.text) == (2, "Day 1")
    take(workspace, issue, "handle")
    assert [action.code for action in workspace.issues.detail(issue).actions[:3]] == [
        "handle",
        "resolve",
        "schedule_return",
    ]
    workspace.issues.take_step(issue, StepDraft("resolve", "换了波纹管。", result="substantial"))
    row = only_row(workspace)
    assert (row.done, row.step, row.mark.text) == (3, "Return due", "Return 25 Mar")
    view = workspace.issues.detail(issue)
    assert (view.actions[0].code, view.can_close) == ("return_visit", False)
    assert view.why_open == "It closes after a return visit, when the resident agrees."
    clock.move(days=7)
    assert only_row(workspace).mark.text == "Return today"
    workspace.issues.take_step(issue, StepDraft("return_visit", satisfaction="3", method="door"))
    assert only_row(workspace).mark.kind == "ready"
    assert workspace.issues.detail(issue).actions[0].code == "close"
    assert take(workspace, issue, "close").text == "Closed. Well done."
    view = workspace.issues.detail(issue)
    assert (view.is_open, view.actions[0].code, view.done) == (False, "reopen", 5)
    assert [step.title for step in view.steps] == [
        "Closed",
        "Return visit: Satisfied",
        "Resolved",
        "Handling",
        "First response",
        "Reported",
    ]
    assert [mark.text for mark in view.steps[4].marks] == ["Took 20 min, on time"]
    assert view.steps[2].right == "18 Mar·周敏"
    page = workspace.issues.view()
    assert (page.state, page.counts["open"], page.counts["closed"]) == ("empty", 0, 1)
    assert [(part.title, [row.mark.text for row in part.rows]) for part in page.groups] == [
        ("Closed lately", ["Satisfied"])
    ]


def test_an_early_sign_is_marked_on_the_matter(workspace: Workspace) -> None:
    issue = workspace.issues.report(GAS).issue
    done = workspace.issues.mark_early(issue, early=True)
    assert workspace.issues.detail(issue).early_sign
    assert "Early sign" in [mark.text for mark in workspace.issues.detail(issue).marks]
    workspace.issues.mark_early(issue, early=False)
    assert not workspace.issues.detail(issue).early_sign
    assert done.text == "Marked as an early sign."


def test_who_is_not_satisfied_gets_it_taken_up_again(workspace: Workspace) -> None:
    issue = workspace.issues.report(GAS).issue
    take(workspace, issue, "first_response", "resolve")
    done = take(workspace, issue, "return_visit=1")
    assert done.text == "Not satisfied, so it is taken up again."
    view = workspace.issues.detail(issue)
    assert (view.done, view.actions[0].code) == (2, "handle")
    assert "Taken up again 1×" in [mark.text for mark in view.marks]
    assert view.steps[0].pace == "late"
    assert titles(workspace, "handling") == ["燃气软管老化"]


def test_three_who_were_not_reached_allow_closing(workspace: Workspace) -> None:
    issue = workspace.issues.report(GAS).issue
    take(workspace, issue, "resolve", "return_visit=0", "return_visit=0")
    with pytest.raises(Invalid):
        take(workspace, issue, "close")
    assert not workspace.issues.detail(issue).can_close
    take(workspace, issue, "return_visit=0")
    view = workspace.issues.detail(issue)
    assert (view.can_close, view.actions[0].code) == (True, "close")
    take(workspace, issue, "close")
    assert not workspace.issues.detail(issue).is_open


def test_a_step_that_does_not_fit_is_refused_and_changes_nothing(workspace: Workspace) -> None:
    issue = workspace.issues.report(GAS).issue
    before = workspace.issues.detail(issue)
    for draft, field in ((StepDraft("close"), "action"), (StepDraft("refer"), "to_org"), (StepDraft("reject"), "note")):
        with pytest.raises(Invalid) as caught:
            workspace.issues.take_step(issue, draft)
        assert field in caught.value.faults
    assert workspace.issues.detail(issue) == before


def test_a_late_first_response_is_said_and_stays_on_record(workspace: Workspace, clock: HandClock) -> None:
    issue = workspace.issues.report(IssueDraft("门禁关不上", "A")).issue
    clock.move(hours=2, minutes=35)
    assert workspace.issues.detail(issue).breach == (
        "First response is 35 min late",
        "Target 2 h, it was due today 11:42. A call counts as a response too.",
    )
    take(workspace, issue, "handle")
    view = workspace.issues.detail(issue)
    assert view.breach is None
    assert [mark.text for mark in view.steps[0].marks] == ["Took 2 h 35 min, 35 min late"]


def test_a_late_return_visit_is_said(workspace: Workspace, clock: HandClock) -> None:
    issue = workspace.issues.report(IssueDraft("办老年卡", "E")).issue
    take(workspace, issue, "resolve")
    clock.move(days=5)
    row = only_row(workspace)
    assert (row.mark.kind, row.mark.text, row.pace) == ("late", "Return 2 d late", "late")
    assert workspace.issues.detail(issue).breach == (
        "The return visit is 2 d late",
        "It was due Sat, 21 Mar. A call counts as a return visit too.",
    )


def test_a_planned_day_shows_and_comes_before_the_rule(workspace: Workspace) -> None:
    issue = workspace.issues.report(GAS).issue
    take(workspace, issue, "first_response")
    workspace.issues.take_step(issue, StepDraft("schedule_return", "燃气公司上门换管", due_on="2026-03-20"))
    row = only_row(workspace)
    assert (row.mark.kind, row.mark.text) == ("planned", "Return Fri")
    assert workspace.issues.detail(issue).steps[0].title == "Planned: Fri, 20 Mar"


def test_the_office_can_be_asked_from_a_laptop(workspace: Workspace, village: Village, office: Workspace) -> None:
    village.add("community", code="420202001001", name="师院社区", office_name="师院社区办公室")
    issue = workspace.issues.report(GAS).issue
    assert ASK_OFFICE in [action.code for action in workspace.issues.detail(issue).actions]
    workspace.issues.take_step(issue, StepDraft(ASK_OFFICE, "要街道协调。"))
    row = only_row(workspace)
    assert (row.mark.kind, row.mark.text, row.step) == ("office", "With the office", "Passed on")
    assert workspace.issues.detail(issue).steps[0].title == "Asked the office"
    other = workspace.issues.report(GAS).issue
    workspace.issues.take_step(other, StepDraft("refer", to_org="区城管局"))
    assert workspace.issues.detail(other).steps[0].title == "Passed on to 区城管局"
    there = office.issues.report(GAS).issue
    assert ASK_OFFICE not in [action.code for action in office.issues.detail(there).actions]


def test_an_issue_on_hold_says_when_it_is_looked_at_again(workspace: Workspace, clock: HandClock) -> None:
    issue = workspace.issues.report(GAS).issue
    take(workspace, issue, "first_response")
    workspace.issues.take_step(issue, StepDraft("suspend", "等物业换房东", due_on="2026-03-20"))
    assert only_row(workspace).mark.text == "Again 20 Mar"
    clock.move(days=3)
    assert only_row(workspace).mark.kind == "soon"


def test_nobody_verifies_their_own_work(workspace: Workspace) -> None:
    issue = workspace.issues.report(GAS).issue
    take(workspace, issue, "resolve")
    assert "verify" not in [action.code for action in workspace.issues.detail(issue).actions]


def test_an_act_is_undone_as_a_whole(workspace: Workspace) -> None:
    done = workspace.issues.report(GAS, responded=True)
    step = take(workspace, done.issue, "resolve")
    workspace.issues.undo(step)
    assert workspace.issues.detail(done.issue).done == 2
    workspace.issues.undo(done)
    assert workspace.issues.view().state == "empty"
    with pytest.raises(NotFound):
        workspace.issues.detail(done.issue)


# ----------------------------------------------------------------------------------------------------------- the list


def test_what_is_due_first_comes_first(workspace: Workspace, clock: HandClock) -> None:
    take(workspace, workspace.issues.report(IssueDraft("烟感不响", "C")).issue, "first_response")
    clock.move(minutes=-90)
    workspace.issues.report(IssueDraft("飞线充电", "C"))
    clock.move(minutes=80)
    workspace.issues.report(IssueDraft("门禁关不上", "A"))
    workspace.issues.report(IssueDraft("楼道堆物", "C"))
    clock.move(minutes=10)
    answered = workspace.issues.report(IssueDraft("井盖松动", "F")).issue
    take(workspace, answered, "resolve", "return_visit=3")
    take(workspace, workspace.issues.report(IssueDraft("广场舞音响大", "B")).issue, "resolve")
    assert titles(workspace, "waiting") == ["飞线充电", "楼道堆物", "门禁关不上"]
    assert titles(workspace, "handling") == ["烟感不响"]
    assert titles(workspace, "return") == ["井盖松动", "广场舞音响大"]
    newest = IssueFilter(newest=True)
    assert titles(workspace, "waiting", newest) == ["门禁关不上", "楼道堆物", "飞线充电"]
    assert workspace.issues.waiting() == (3, 1)


def test_tiles_and_counts(workspace: Workspace, clock: HandClock) -> None:
    workspace.issues.report(IssueDraft("楼上漏水", "B", on_site=True))
    workspace.issues.report(IssueDraft("飞线充电", "C"))
    workspace.issues.report(IssueDraft("门禁关不上", "A"))
    workspace.issues.report(IssueDraft("办老年卡", "E"))
    clock.move(minutes=31)
    workspace.issues.report(IssueDraft("烟感不响", "C"))
    clock.move(minutes=25)
    closed = workspace.issues.report(IssueDraft("井盖松动", "C")).issue
    take(workspace, closed, "resolve", "return_visit=3", "close")
    view = workspace.issues.view()
    shown = [(tile.track, tile.count, tile.mark.text if tile.mark else "") for tile in view.tiles]
    assert shown == [("F1", 1, ""), ("F2", 1, "1 late"), ("F3", 2, "1 late"), ("F4", 0, "")]
    assert view.counts == {"open": 5, "waiting": 5, "handling": 0, "return": 0, "closed": 1}
    safety = workspace.issues.view(IssueFilter(track="F3"))
    assert safety.counts == {"open": 2, "waiting": 2, "handling": 0, "return": 0, "closed": 1}
    assert workspace.issues.view(IssueFilter(track="F4")).state == "filtered"


def test_the_list_is_filtered_by_building_words_and_pinyin(workspace: Workspace, village: Village) -> None:
    chen = village.household("陈桂芳", "3", "1", "202")
    huang = village.household("黄志强", "12", "2", "601")
    workspace.issues.report(IssueDraft("燃气软管老化", "C", household_id=chen.id))
    workspace.issues.report(IssueDraft("楼上漏水", "B", household_id=huang.id))
    workspace.issues.report(IssueDraft("井盖松动", "F", building_id=village.building("12"), place_text="门前"))
    buildings = {label: id_ for id_, label in workspace.issues.buildings()}
    assert list(buildings) == ["3栋", "12栋"]
    assert set(titles(workspace, "waiting", IssueFilter(building=buildings["12栋"]))) == {"楼上漏水", "井盖松动"}
    for typed, found in (
        ("漏水", "楼上漏水"),
        ("cgf", "燃气软管老化"),
        ("jgsd", "井盖松动"),
        ("12栋 门前", "井盖松动"),
    ):
        assert titles(workspace, "waiting", IssueFilter(text=typed)) == [found], typed
    assert workspace.issues.view(IssueFilter(text="没有的")).state == "filtered"


def test_closed_issues_come_page_by_page_with_those_reopened_once(workspace: Workspace, clock: HandClock) -> None:
    for number in range(5):
        clock.move(minutes=1)
        issue = workspace.issues.report(IssueDraft(f"第{number}件", "C", household_id=None)).issue
        again = ("return_visit=1", "resolve") if number == 3 else ()
        take(workspace, issue, "resolve", *again, "return_visit=3", "close")
    wanted = IssueFilter(state="closed")
    view = workspace.issues.view(wanted, most=3)
    assert titles_of(view.groups) == ["第4件", "第3件", "第2件"]
    assert (view.counts["closed"], view.more) == (5, True)
    everything = workspace.issues.view(wanted, most=6)
    assert titles_of(everything.groups) == ["第4件", "第3件", "第2件", "第1件", "第0件"]
    assert not everything.more
    assert titles_of(workspace.issues.view(IssueFilter(state="closed", text="第2")).groups) == ["第2件"]


def test_only_rows_that_are_shown_are_made_and_each_once(
    workspace: Workspace, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words for thousands of open issues would take many times as long as their order."""
    made: list[int] = []

    def counted(case: IssueCase, told: issue_list.Told) -> IssueRowView:
        made.append(case.row.id)
        return issue_list.row_view(case, told)

    monkeypatch.setattr("gridworker.app.issue.issues.row_view", counted)
    reported = []
    for number in range(6):
        clock.move(minutes=1)
        reported.append(workspace.issues.report(IssueDraft(f"第{number}件", "C")).issue)
    take(workspace, reported[0], "first_response", "resolve")
    first = workspace.issues.view(most=2)
    assert (titles_of(first.groups), first.more, first.counts["open"]) == (["第1件", "第2件"], True, 6)
    assert made == reported[1:3]
    second = workspace.issues.view(most=4)
    assert (titles_of(second.groups), second.more) == (["第1件", "第2件", "第3件", "第4件"], True)
    assert made == reported[1:5]
    everything = workspace.issues.view(most=2, to=reported[0])
    assert titles_of(everything.groups) == ["第1件", "第2件", "第3件", "第4件", "第5件", "第0件"]
    assert ([part.code for part in everything.groups], everything.more) == (["waiting", "return"], False)
    assert sorted(made) == sorted(reported)


def test_a_list_that_was_kept_is_read_again_after_any_write_and_as_time_goes_by(
    workspace: Workspace, village: Village, clock: HandClock
) -> None:
    chen = village.household("陈桂芳", "3", "1", "202")
    workspace.issues.report(IssueDraft("燃气软管老化", "C", household_id=chen.id))
    assert only_row(workspace).mark.text == "0:30 left"
    clock.move(minutes=2)
    assert only_row(workspace).mark.text == "0:28 left"
    assert "3栋1单元202" in workspace.issues.view(sharing=True).groups[0].rows[0].about
    assert "陈桂芳" not in workspace.issues.view(sharing=True).groups[0].rows[0].about
    assert "陈桂芳" in only_row(workspace).about
    village.change("resident", chen.people["陈桂芳"], {"name": "陈桂英"})
    assert "陈桂英" in only_row(workspace).about


def titles_of(groups: tuple[GroupView, ...]) -> list[str]:
    return [row.title for part in groups for row in part.rows]


def test_what_others_told_us_says_by_which_way(workspace: Workspace, village: Village) -> None:
    workspace.issues.report(IssueDraft("楼上漏水", "B", place_text="5栋501 与 601", source_channel="resident"))
    assert only_row(workspace).about == "5栋501 与 601·A resident told us·today 09:42"


def test_a_reject_leaves_the_list(workspace: Workspace) -> None:
    issue = workspace.issues.report(GAS).issue
    workspace.issues.take_step(issue, StepDraft("reject", "不归社区管，已经告诉住户找谁。"))
    assert workspace.issues.view().counts["closed"] == 1
    assert workspace.issues.view(IssueFilter(state="closed")).groups[0].rows[0].mark.text == "Not taken on"


# ----------------------------------------------------------------------------------------------------------- one issue


def test_the_detail_says_where_who_and_what(workspace: Workspace, village: Village) -> None:
    chen = village.household("陈桂芳", "3", "1", "202")
    village.care(chen, "C3", arrangement="2")
    visit = village.visit(chen, "2026-03-09")
    changes = report_changes(
        workspace.session,
        IssueDraft("燃气软管老化", "C", "S1", household_id=chen.id, early_sign=True, people_count=2, words="有点味道"),
        visit,
    )
    workspace.session.write(changes, "create")
    view = workspace.issues.detail(changes[0].record)
    assert (view.place, view.household, view.care) == ("3栋1单元202 陈桂芳", chen.id, ("Lives alone (65+)",))
    assert [mark.text for mark in view.marks] == ["Safety hazard", "Urgent", "Early sign"]
    report = view.steps[0]
    assert (report.title, report.right, report.body) == ("Reported", "today 09:42·周敏", '"有点味道"')
    assert [mark.text for mark in report.marks] == ["From the visit on 9 Mar", "2 people concerned"]
    village.change("issue", changes[0].record, {"people_count": 1})
    assert workspace.issues.detail(changes[0].record).steps[0].marks[-1].text == "1 person concerned"
    assert view.spoken == "Step 2 of 5: To respond"


def test_the_detail_says_which_shop_and_what_was_promised(workspace: Workspace, village: Village) -> None:
    shop = village.add("merchant", name="便民副食店", shop_kind="individual", building_id=village.building("3"))
    issue = village.issue("占道", "F", at="2026-03-18T01:00:00Z", merchant_id=shop, building_id=village.building("3"),
                          due_at="2026-03-20T09:00:00Z", co_orgs="property committee")  # fmt: skip
    marks = [mark.text for mark in workspace.issues.detail(issue).steps[0].marks]
    assert marks == ["便民副食店", "To be solved by 20 Mar 17:00"]
    sharing = workspace.issues.detail(issue, sharing=True).steps[0].marks
    assert "便民副食店" not in [mark.text for mark in sharing]


def test_passed_on_to_whom_and_how_it_was_solved(workspace: Workspace) -> None:
    issue = workspace.issues.report(GAS).issue
    workspace.issues.take_step(issue, StepDraft("refer", to_org="城管中队", to_person="邓涛"))
    workspace.issues.take_step(issue, StepDraft("resolve", result="substantial", solve_method="repaired"))
    solved, passed, _ = workspace.issues.detail(issue).steps
    assert passed.title == "Passed on to 城管中队, 邓涛"
    assert [mark.text for mark in solved.marks] == ["Solved", "Repaired or removed"]
    assert "邓涛" not in str(workspace.issues.detail(issue, sharing=True))


def test_whoever_looks_on_sees_no_names_and_no_words(workspace: Workspace, village: Village) -> None:
    chen = village.household("陈桂芳", "3", "1", "202")
    village.care(chen, "C3", arrangement="2")
    issue = workspace.issues.report(
        IssueDraft(
            "陈桂芳家漏水", "B", subcategory="0201", household_id=chen.id, summary="她说楼上漏水。", words="漏了"
        )
    ).issue
    take(workspace, issue, "first_response")
    view = workspace.issues.detail(issue, sharing=True)
    row = workspace.issues.view(sharing=True).groups[0].rows[0]
    shown = repr(view) + repr(row)
    assert "桂芳" not in shown
    assert "她说" not in shown
    assert "漏了" not in shown
    assert (row.title, view.care) == ("Water, drains, passage, light and air", ())
    assert "陈**" in view.place


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=59), "0 min"),
        (timedelta(minutes=35), "35 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=1, minutes=50), "1 h 50 min"),
        (timedelta(hours=47, minutes=59), "47 h 59 min"),
        (timedelta(days=3, hours=5), "3 d"),
        (timedelta(seconds=-5), "0 min"),
    ],
)
def test_spans_in_words(length: timedelta, words: str) -> None:
    assert span(length) == words


def test_a_care_case_in_hand_is_a_file_being_opened(workspace: Workspace) -> None:
    issue = workspace.issues.report(IssueDraft("独自带两个孙子", "D")).issue
    take(workspace, issue, "first_response")
    assert only_row(workspace).step == "Opening a file"
    assert workspace.issues.view(sharing=True).groups[0].rows[0].title == "Care case found"


def test_a_day_far_off_is_named_by_its_date(workspace: Workspace) -> None:
    issue = workspace.issues.report(GAS).issue
    workspace.issues.take_step(issue, StepDraft("first_response"))
    workspace.issues.take_step(issue, StepDraft("schedule_return", due_on="2026-04-02"))
    assert only_row(workspace).mark.text == "Return 2 Apr"
    other = workspace.issues.report(GAS).issue
    take(workspace, other, "resolve", "return_visit=0", "return_visit=0", "return_visit=0", "close")
    closed = workspace.issues.view(IssueFilter(state="closed")).groups[0].rows[0]
    assert closed.mark.text == "Not reached"


def test_a_long_name_is_shortened_on_the_chip_only(workspace: Workspace) -> None:
    issue = workspace.issues.report(GAS).issue
    workspace.issues.take_step(issue, StepDraft("refer", to_org="区城市管理执法局"))
    assert only_row(workspace).mark.text == "With 区城市管理…"
    assert workspace.issues.detail(issue).steps[0].title == "Passed on to 区城市管理执法局"


def test_a_step_of_an_issue_that_is_gone_says_so(workspace: Workspace) -> None:
    with pytest.raises(NotFound):
        workspace.issues.take_step(42, StepDraft("note", "x"))


def test_an_issue_from_before_its_report_step_still_tells_its_story(workspace: Workspace, village: Village) -> None:
    issue = village.add("issue", title="楼上漏水", category="B", severity="S3", reported_at="2026-03-18T01:00:00Z")
    view = workspace.issues.detail(issue)
    assert [(step.icon, step.right) for step in view.steps] == [("report", "today 09:00")]


def test_a_step_of_another_laptop_that_does_not_fit_is_marked(workspace: Workspace, village: Village) -> None:
    issue = village.issue("楼上漏水", "B", at="2026-03-18T00:00:00Z")
    village.step(issue, "close", at="2026-03-18T00:10:00Z")
    view = workspace.issues.detail(issue)
    assert view.is_open
    assert [mark.text for mark in view.steps[0].marks] == ["Does not fit the other steps"]


# ------------------------------------------------------------------------------------------------------------- choices


def test_places_are_found_by_name_door_and_building(workspace: Workspace, village: Village) -> None:
    chen = village.household("陈桂芳", "3", "1", "202")
    found = workspace.issues.choices.places("cgf")
    assert [(place.title, place.aside, place.household) for place in found] == [("3栋1单元202", "陈桂芳", chen.id)]
    assert workspace.issues.choices.places("3-1-202")[0].household == chen.id
    building = next(place for place in workspace.issues.choices.places("3栋") if place.household is None)
    assert (building.title, building.building) == ("3栋", village.building("3"))
    assert workspace.issues.choices.places("  ") == ()
    place = workspace.issues.choices.place(chen.id, sharing=True)
    assert place is not None
    assert (place.title, place.aside) == ("3栋1单元202", "陈**")
    assert workspace.issues.choices.place(1) is None


def test_the_form_offers_codes_in_words(workspace: Workspace, office: Workspace) -> None:
    choices = workspace.issues.choices
    form = choices.report()
    assert [choice.label for choice in form.severities] == ["Normal", "Soon", "Urgent"]
    assert [choice.code for choice in form.categories] == list("ABCDEFGHZ")
    assert (choices.grids(), choices.limit("C"), choices.limit("B", on_site=True)) == (
        (),
        "Target 30 min",
        "Target 30 min",
    )
    assert choices.is_shorter_on_site("B")
    assert not choices.is_shorter_on_site("C")
    assert [choice.code for choice in choices.subcategories("C")][:3] == ["C1", "C2", "C3"]
    assert len(choices.subcategories("B")) < len(choices.subcategories("B", every=True))
    assert [day.code for day in choices.coming_days()] == ["2026-03-19", "2026-03-20", "2026-03-21", "2026-03-25"]
    assert choices.coming_days()[0].label == "Thu, 19 Mar"
    assert len(choices.remarks("他的电话 13800000142")) == 1


def test_an_office_with_several_grids_asks_which(office: Workspace) -> None:
    for name in ("第一网格", "第二网格"):
        office.devices.add_grid(name)
    assert [name for _, name in office.issues.choices.grids()] == ["第一网格", "第二网格"]


# -------------------------------------------------------------------------------------------------------- append-only


def test_a_step_stays_as_it_was_written(workspace: Workspace) -> None:
    """Steps are append-only (domain.md 2.4): nobody rewrites or deletes one, by whatever way; its act can be undone."""
    issue = workspace.issues.report(GAS).issue
    take(workspace, issue, "first_response")
    steps = workspace.records.page("issue_step", where={"issue_id": issue})
    step = steps[-1].id
    before = workspace.care_of_store.digest()
    for attempt in (
        lambda: workspace.records.save("issue_step", {"note": "别的"}, step),
        lambda: workspace.records.remove("issue_step", step),
        lambda: workspace.session.write([Change("issue_step", step, {"at": "2026-03-01T00:00:00Z"})], "edit"),
        lambda: workspace.session.write([Change("issue_step", step, alive=False)], "delete"),
    ):
        with pytest.raises(Problem, match="stays as it was written"):
            attempt()
    assert workspace.care_of_store.digest() == before
    assert workspace.records.undo().kept == 0
    assert workspace.records.page("issue_step", where={"issue_id": issue}) == steps[:-1]


def test_times_that_run_backwards_are_marked_where_they_stand(workspace: Workspace, village: Village) -> None:
    """``occurred_at <= reported_at <= first action ... <= closed`` is a warning (domain.md 2.6)."""
    issue = workspace.issues.report(GAS).issue
    take(workspace, issue, "first_response")

    def odd() -> list[tuple[str, list[str]]]:
        found = [(step.icon, [mark.text for mark in step.marks if mark.kind == "odd"])
                 for step in workspace.issues.detail(issue).steps]  # fmt: skip
        return [(action, texts) for action, texts in found if texts]

    assert odd() == []
    backwards = "This time lies before the one it should follow."
    village.change("issue", issue, {"occurred_at": "2026-03-18T01:42:01Z"})
    assert odd() == [("report", [backwards])]
    village.change("issue", issue, {"occurred_at": "2026-03-20T01:00:00Z", "reported_at": "2026-03-20T02:00:00Z"})
    to_come = "This time is still to come; check the clock."
    assert odd() == [("first_response", [backwards]), ("report", [to_come, to_come])]


def test_a_script_reports_and_does_nothing_at_a_time_to_come(workspace: Workspace) -> None:
    values = {"title": "井盖缺失", "category": "F", "severity": "S3"}
    for later in ("2026-03-18T02:00:00Z", "2199-12-31T00:00:00Z"):
        with pytest.raises(Invalid, match="still to come"):
            workspace.records.save("issue", {**values, "reported_at": later})
        with pytest.raises(Invalid, match="still to come"):
            workspace.records.save("issue", {**values, "reported_at": "2026-03-18T01:00:00Z", "occurred_at": later})
    issue = workspace.records.save("issue", {**values, "reported_at": "2026-03-18T01:00:00Z"}).id
    with pytest.raises(Invalid, match="still to come"):
        workspace.records.save("issue_step", {"issue_id": issue, "action": "note", "at": "2026-03-18T02:00:00Z"})
    workspace.records.save("issue_step", {"issue_id": issue, "action": "note", "at": "2026-03-18T01:30:00Z"})


def test_an_issue_accepted_before_it_was_reported_is_marked(
    workspace: Workspace, village: Village, clock: HandClock
) -> None:
    issue = workspace.issues.report(GAS).issue
    for minutes, action in ((0, "accept"), (5, "first_response")):
        clock.move(minutes=minutes)
        take(workspace, issue, action)

    def odd() -> list[str]:
        steps = workspace.issues.detail(issue).steps
        return [step.icon for step in steps if any(mark.kind == "odd" for mark in step.marks)]

    assert odd() == []
    village.change("issue", issue, {"reported_at": "2026-03-18T01:44:00Z"})
    assert odd() == ["accept"]
