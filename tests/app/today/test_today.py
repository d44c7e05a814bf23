"""Today as a grid worker reads it: who is next and why."""

from dataclasses import replace
from datetime import date
from typing import Any
from unittest.mock import Mock

import pytest
from sqlalchemy import Connection

from gridworker.app.due.today_view import FIRST, SectionView, TodayRow, TodayView
from gridworker.app.today.parts import ROWS
from gridworker.app.today.today import Today
from gridworker.app.words import days
from gridworker.app.workspace import Workspace
from gridworker.domain.today_order import Place
from gridworker.store.queries import today as today_rows
from gridworker.store.queries.open_issues import issues
from tests.village import WEDNESDAY, HandClock, Home, Village

TODAY = date(2026, 3, 18)


def section(view: TodayView, code: str) -> SectionView:
    return next(part for part in view.sections if part.code == code)


def names(view: TodayView, code: str) -> list[str]:
    return [row.name for part in view.sections if part.code == code for row in part.rows]


def every(view: TodayView) -> dict[int, TodayRow]:
    rows = [row for part in view.sections for row in part.rows]
    return {row.household: row for row in ([view.hero.row, *rows] if view.hero else rows)}


def signs(row: TodayRow) -> list[tuple[str, str]]:
    return [(sign.kind, sign.text) for sign in row.signs]


@pytest.fixture
def chen(village: Village) -> Home:
    """Two days overdue for her weekly visit."""
    home = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")
    village.care(home, "C3", cadence="V1", arrangement="2")
    village.visit(home, "2026-03-09", note="女儿周末才能来，\n答应帮忙代买。")
    return home


@pytest.fixture
def huang(village: Village) -> Home:
    """A day overdue for a monthly visit."""
    home = village.household("黄志强", "5", "2", "601", birth="1985-01-01")
    village.care(home, "C5", cadence="V2")
    village.visit(home, "2026-02-15")
    return home


@pytest.fixture
def wu(village: Village) -> Home:
    """Due today."""
    home = village.household("吴秀英", "3", "2", "101", birth="1944-01-01")
    village.care(home, "C3", cadence="V1", arrangement="4")
    village.visit(home, "2026-03-11")
    return home


@pytest.fixture
def sun(village: Village) -> Home:
    """Due on Friday."""
    home = village.household("孙国庆", "7", "2", "201", birth="1970-01-01")
    village.care(home, "C5", cadence="V2")
    village.visit(home, "2026-02-18")
    return home


# ----------------------------------------------------------------------------------------------------------- the list


def test_nobody_on_the_books(workspace: Workspace) -> None:
    view = workspace.today.view()
    assert (view.state, view.hero, view.sections, view.date_text) == ("first", None, (), "Wed 18 March")


def test_the_longest_overdue_care_is_next(workspace: Workspace, chen: Home, huang: Home) -> None:
    view = workspace.today.view()
    assert view.hero is not None
    row = view.hero.row
    assert (row.household, row.name, row.about, row.door, row.ago) == (
        chen.id, "陈桂芳", "78 y", "3栋1单元202", "9 d ago",
    )  # fmt: skip
    assert signs(row) == [("overdue", "2 d overdue"), ("care", "Lives alone (65+)·Weekly")]
    assert row.signs[1].group == "C3-2"
    assert view.hero.note == "Last time (9 Mar): 女儿周末才能来， 答应帮忙代买。"
    assert (names(view, "overdue"), section(view, "overdue").aside) == (["黄志强"], "1 more")


def test_overdue_today_and_early_in_the_week(
    workspace: Workspace, chen: Home, wu: Home, sun: Home, village: Village
) -> None:
    far = village.household("钱丽华", "5", "1", "402")
    village.visit(far, "2026-03-01")
    view = workspace.today.view()
    assert {part.code: [row.name for row in part.rows] for part in view.sections} == {
        "today": ["吴秀英"],
        "early": ["孙国庆"],
    }
    assert signs(section(view, "early").rows[0])[-1] == ("due", "Due Fri")
    assert section(view, "early").rows[0].day == date(2026, 3, 20)


def test_in_the_order_of_the_doors(workspace: Workspace, chen: Home, huang: Home, wu: Home, sun: Home) -> None:
    view = workspace.today.view(by_route=True)
    assert view.hero is not None
    assert (view.hero.row.name, names(view, "route"), names(view, "early")) == (
        "陈桂芳",
        ["吴秀英", "黄志强"],
        ["孙国庆"],
    )
    assert [part.code for part in view.sections] == ["route", "early"]


def test_the_reason_is_always_printed(workspace: Workspace, village: Village, chen: Home) -> None:
    tenant = village.household("钱丽华", "5", "1", "402", since="2026-03-01", usage="rented")
    usual = village.household("赵文彬", "3", "3", "301", since="2024-01-01")
    issue = village.issue("楼上漏水", "B", at="2026-03-02T02:00:00Z", home=usual)
    village.step(issue, "resolve", at="2026-03-09T02:00:00Z")
    rows = every(workspace.today.view())
    assert (rows[tenant.id].about, rows[tenant.id].ago) == ("New here", "Never")
    assert ("first", "First visit") in signs(rows[tenant.id])
    assert {kind for kind, _ in signs(rows[usual.id])} == {"overdue", "return", "usual"}
    assert all(any(sign.kind not in {"overdue", "due"} for sign in row.signs) for row in rows.values())


def test_the_resident_in_care_is_named_and_a_child_is_not(workspace: Workspace, village: Village) -> None:
    father = village.household("刘建国", "3", "3", "502", birth="1950-01-01")
    village.member(father, "刘建军", "20", birth="1981-01-01")
    village.care(father, "C4", cadence="V2", person="刘建军")
    granny = village.household("何奶奶", "7", "1", "302", birth="1955-01-01")
    village.member(granny, "何小宇", "41", birth="2016-01-01")
    village.care(granny, "C2", cadence="V1", person="何小宇")
    view = workspace.today.view()
    assert {row.name for row in every(view).values()} == {"刘建军", "何奶奶"}


def test_nobody_home_comes_first_in_the_hero(workspace: Workspace, village: Village, chen: Home) -> None:
    village.visit(chen, "2026-03-16", "nobody_home")
    view = workspace.today.view()
    assert view.hero is not None
    assert (view.hero.note, view.hero.row.ago) == ("Last time (16 Mar): Nobody home", "9 d ago")


def test_the_week_counts_what_was_made_and_what_is_planned(
    workspace: Workspace, village: Village, chen: Home, wu: Home, sun: Home
) -> None:
    for day, room in (("2026-03-16", "301"), ("2026-03-16", "302"), ("2026-03-18", "303")):
        village.visit(village.household("某", "9", "1", room), day)
    view = workspace.today.view()
    assert [(day.done, day.planned, day.overdue) for day in view.week] == [
        (2, 0, 0), (0, 0, 0), (1, 1, 1), (0, 0, 0), (0, 1, 0), (0, 0, 0), (0, 0, 0),
    ]  # fmt: skip
    assert view.week[2].is_today
    assert view.week[2].words == "Wed, 18 Mar: 1 visited, 1 planned, 1 overdue"
    assert section(view, "today").aside == "1 to go·1 done"
    assert (view.week_done, view.week_all) == (3, 6)


def test_all_done_and_nothing_to_do(workspace: Workspace, village: Village, wu: Home, sun: Home) -> None:
    assert workspace.today.view().state == "some"
    village.visit(wu, "2026-03-18T01:00:00Z")
    done = workspace.today.view()
    assert (done.state, done.hero, done.visited_today) == ("done", None, 1)


def test_tomorrow_is_counted_where_today_is_empty(workspace: Workspace, village: Village, sun: Home) -> None:
    home = village.household("周一", "8", "1", "101")
    village.care(home, "C5", cadence="V2")
    village.visit(home, "2026-02-17")
    view = workspace.today.view()
    assert (view.state, view.tomorrow) == ("empty", 1)


def test_on_sunday_tomorrow_is_next_week(workspace: Workspace, village: Village, clock: HandClock) -> None:
    clock.at = WEDNESDAY.replace(day=22)
    home = village.household("周一", "8", "1", "101")
    village.visit(home, "2026-03-20", follow_up_on="2026-03-23")
    view = workspace.today.view()
    assert (view.tomorrow, names(view, "early")) == (1, ["周一"])


def test_regular_visits_beyond_what_anybody_makes_are_only_counted(
    workspace: Workspace, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridworker.app.today.round.BESIDE", 1 - ROWS)  # one of each is looked at closely
    for number, day in enumerate(("2025-09-01", "2025-09-02", "2025-09-19", "2025-09-20")):
        home = village.household("某", "9", "1", str(101 + number), since="2024-01-01")
        village.visit(home, day)
    village.household("租", "9", "2", "101", since="2026-03-01", usage="rented")
    view = workspace.today.view()
    assert {part.code: (part.count, len(part.rows)) for part in view.sections} == {
        "overdue": (2, 0),
        "today": (1, 1),
        "early": (1, 1),
    }
    assert view.hero is not None
    assert (view.hero.row.overdue, view.to_go) == (18, 4)


def test_a_household_that_arranged_for_it_comes_as_often(workspace: Workspace, village: Village) -> None:
    home = village.household("陈桂芳", visit_policy="V1")
    village.visit(home, "2026-03-09")
    view = workspace.today.view()
    assert view.hero is not None
    assert signs(view.hero.row) == [("overdue", "2 d overdue"), ("own", "As arranged·Weekly")]
    workspace.people.save_house(home.id, {"visit_policy": None})
    assert workspace.today.view().hero is None


def test_what_asks_for_a_visit_is_urgent_when_the_issue_is(
    workspace: Workspace, village: Village, chen: Home, sun: Home
) -> None:
    village.issue("家里进水", "C", at="2026-03-16T02:00:00Z", home=sun, severity="S1")
    view = workspace.today.view()
    row = every(view)[sun.id]
    assert ("urgent", "After an urgent issue") in signs(row)
    assert row.overdue == 1


# ------------------------------------------------------------------------------------------------------- looked over


def test_who_looks_on_sees_surnames_and_doors(
    workspace: Workspace, village: Village, chen: Home, wu: Home, sun: Home
) -> None:
    village.issue("楼上陈桂芳家漏水", "B", at="2026-03-18T00:00:00Z", home=wu)
    workspace.drafts.keep(f"visit:{sun.id}", {"note": "x"})
    view = workspace.today.view(sharing=True)
    assert view.hero is not None
    assert (view.hero.row.name, view.hero.row.about, view.hero.note) == ("陈**", "70s", "")
    assert signs(view.hero.row) == [("overdue", "2 d overdue")]
    assert view.waiting.first[0].title == "Dispute"
    words = repr(view)
    assert all(given not in words for given in ("桂芳", "秀英", "国庆", "Lives alone", "漏水"))


# ----------------------------------------------------------------------------------------------------------- waiting


def test_first_responses_count_down(workspace: Workspace, village: Village, chen: Home) -> None:
    village.issue("飞线充电", "C", at="2026-03-18T01:30:00Z", place_text="3栋1单元")
    late = village.issue("楼上漏水", "B", at="2026-03-17T01:07:00Z", home=chen)
    answered = village.issue("门禁坏了", "A", at="2026-03-18T01:00:00Z")
    village.step(answered, "first_response", at="2026-03-18T01:30:00Z")
    view = workspace.today.view()
    assert [(one.title, one.about, one.left, one.whole) for one in view.waiting.first] == [
        ("楼上漏水", "Dispute·3栋1单元202", -35 * 60, 24 * 3600),
        ("飞线充电", "Safety hazard·3栋1单元", 18 * 60, 30 * 60),
    ]
    assert view.waiting.late == 1
    assert view.waiting.first[0].issue == late


def test_only_the_first_of_many_are_put_into_words(
    workspace: Workspace, village: Village, chen: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridworker.app.today.waiting.SHOWN", 2)
    whole = Mock(wraps=issues)
    monkeypatch.setattr("gridworker.app.today.waiting.issues", whole)
    for number in range(3):
        village.issue(f"旧事{number}", "B", at=f"2026-03-0{number + 1}T01:00:00Z")
    running = village.issue("新事", "B", at="2026-03-18T01:30:00Z", home=chen)
    waiting = workspace.today.view().waiting
    assert (waiting.count, waiting.late, [one.title for one in waiting.first]) == (4, 3, ["旧事0", "旧事1"])
    assert waiting.running is not None
    assert waiting.running.issue == running
    assert [len(call.args[1]) for call in whole.call_args_list] == [3], "of the others only the clocks are read"
    assert workspace.issues.waiting() == (4, 3)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(72 * 60, "1:12 left"), (59, "0:01 left"), (0, "0 min late"), (-35 * 60, "35 min late"), (-5 * 3600, "5 h late"),
     (-60 * 3600, "2 d late")],
)  # fmt: skip
def test_time_left_in_words(seconds: int, words: str) -> None:
    assert days.time_left(seconds) == words


def test_limits_in_words() -> None:
    assert [days.limit(seconds) for seconds in (1800, 7200)] == ["Target 30 min", "Target 2 h"]


# ----------------------------------------------------------------------------------------------------- left for later


def test_put_off_is_a_plan_of_this_device_and_no_record(workspace: Workspace, chen: Home, huang: Home) -> None:
    before = workspace.records.page("visit")
    putting = workspace.today.put_off(chen.id)
    assert putting.text == "Left for Thu, 19 Mar."
    view = workspace.today.view()
    assert view.hero is not None
    assert (view.hero.row.name, names(view, "later")) == ("黄志强", ["陈桂芳"])
    assert signs(section(view, "later").rows[0]) == [
        ("overdue", "2 d overdue"), ("care", "Lives alone (65+)·Weekly"), ("later", "Left for Thu, 19 Mar"),
    ]  # fmt: skip
    assert workspace.records.page("visit") == before
    workspace.today.put_back(putting)
    assert names(workspace.today.view(), "later") == []


def test_put_off_twice_is_a_day_later_and_undone_step_by_step(workspace: Workspace, chen: Home) -> None:
    workspace.today.put_off(chen.id)
    again = workspace.today.put_off(chen.id)
    assert again.text == "Left for Fri, 20 Mar."
    workspace.today.put_back(again)
    assert section(workspace.today.view(), "later").rows[0].day == date(2026, 3, 19)


def test_put_off_ends_on_its_day_and_with_the_next_visit(
    workspace: Workspace, village: Village, clock: HandClock, chen: Home, huang: Home
) -> None:
    workspace.today.put_off(chen.id)
    workspace.today.put_off(huang.id, date(2026, 3, 25))
    clock.move(days=1)
    assert names(workspace.today.view(), "later") == ["黄志强"]
    village.visit(huang, "2026-03-19", "nobody_home", follow_up_on="2026-03-20")
    assert names(workspace.today.view(), "later") == []


# -------------------------------------------------------------------------------------------------------------- odds


def test_a_draft_waits_at_the_side_and_on_its_row(workspace: Workspace, chen: Home, clock: HandClock) -> None:
    workspace.drafts.keep(f"visit:{chen.id}", {"note": "写到一半"})
    clock.move(hours=20)
    view = workspace.today.view()
    assert [one.text for one in view.parked] == ["陈桂芳·3栋1单元202·yesterday 09:42"]
    assert view.hero is not None
    assert ("draft", "Draft") in signs(view.hero.row)


def test_a_clock_that_went_back_is_noticed(workspace: Workspace, chen: Home, clock: HandClock) -> None:
    assert not workspace.today.view().clock_wrong
    clock.at = WEDNESDAY.replace(year=2020)
    assert workspace.today.view().clock_wrong


def test_doors_name_their_estate_where_there_are_several(workspace: Workspace, village: Village, chen: Home) -> None:
    building = village.add("building", grid_id=village.grid, building_name="1", estate_name="师院南苑")
    dwelling = village.add("dwelling", building_id=building, room_no="101")
    village.add("household", since="2024-01-01", dwelling_id=dwelling, status="active")
    doors = {row.door for row in every(workspace.today.view()).values()}
    assert doors == {"3栋1单元202", "师院南苑 1栋101"}


def test_a_household_nobody_is_named_in_is_called_by_its_door(workspace: Workspace, village: Village) -> None:
    dwelling = village.add("dwelling", building_id=village.building("3"), unit_no="1", room_no="101")
    village.add("household", since="2024-01-01", dwelling_id=dwelling, status="active")
    view = workspace.today.view()
    assert view.hero is not None
    assert (view.hero.row.name, view.hero.row.about) == ("3栋1单元101", "")


@pytest.fixture
def reads(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> list[TodayView]:
    """Every reading of the day."""
    read, found = workspace.today._read, list[TodayView]()

    def counted(**asked: Any) -> TodayView:
        found.append(read(**asked))
        return found[-1]

    monkeypatch.setattr(workspace.today, "_read", counted)
    return found


def test_a_day_read_ahead_is_used_while_nothing_was_written(
    workspace: Workspace, village: Village, chen: Home, reads: list[TodayView]
) -> None:
    workspace.today.look_ahead()()
    assert chen.id in every(workspace.today.view(most=FIRST))
    assert len(reads) == 1
    huang = village.household("黄志强", "3", "1", "102")
    assert huang.id in every(workspace.today.view(by_route=False))
    workspace.today.look_ahead()()
    assert workspace.today.view(by_route=True).by_route
    assert len(reads) == 3


@pytest.mark.usefixtures("huang")
def test_the_page_the_number_beside_it_and_the_empty_search_box_read_the_day_once(
    workspace: Workspace, chen: Home, reads: list[TodayView]
) -> None:
    assert workspace.today.to_go() == workspace.today.view().to_go == 2
    assert workspace.search.start().parts[-1].hits[0].household == chen.id
    assert len(reads) == 1
    workspace.today.put_off(chen.id)
    assert workspace.today.view(by_route=True).to_go == workspace.today.to_go() == 1
    assert len(reads) == 2
    assert "陈桂芳" not in str(workspace.today.view(sharing=True).sections)
    assert len(reads) == 3


def test_a_day_that_was_kept_goes_with_the_clock(
    workspace: Workspace, village: Village, clock: HandClock, chen: Home, reads: list[TodayView]
) -> None:
    village.issue("烟感不响", at="2026-03-18T01:40:00Z", home=chen)
    before = workspace.today.view().waiting.first[0].left
    clock.move(minutes=2)
    assert workspace.today.view().waiting.first[0].left == before - 120
    assert len(reads) == 1
    clock.move(days=1)
    assert workspace.today.view().day == date(2026, 3, 19)
    assert len(reads) == 2


def test_a_reason_that_two_people_of_a_home_give_is_told_once(workspace: Workspace, village: Village) -> None:
    home = village.household("陈桂芳", birth="1948-02-01")
    village.member(home, "陈大", "20")
    village.member(home, "陈二", "20")
    village.care(home, "C3", cadence="V1", arrangement="2", person="陈桂芳")
    for person in ("陈大", "陈二"):
        village.care(home, "C4", cadence="V2", person=person)
    village.visit(home, "2026-01-05")
    told = [sign.text for sign in every(workspace.today.view())[home.id].signs]
    assert len(told) == len(set(told))
    assert len([words for words in told if words.startswith("Disability")]) == 1


@pytest.mark.usefixtures("chen", "huang", "sun")
def test_what_is_due_now_is_counted_as_the_page_counts_it(workspace: Workspace, wu: Home) -> None:
    assert workspace.today.to_go() == workspace.today.view().to_go == 3
    workspace.today.put_off(wu.id)
    assert workspace.today.to_go() == workspace.today.view().to_go == 2


@pytest.mark.usefixtures("chen", "huang", "sun")
def test_what_was_read_ahead_is_counted_without_reading_it_again(
    workspace: Workspace, wu: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.today.look_ahead()()
    with monkeypatch.context() as patched:
        patched.setattr("gridworker.app.today.today.begin_round", None)
        assert workspace.today.to_go() == 3
    workspace.today.look_ahead()()
    workspace.today.put_off(wu.id)
    assert workspace.today.to_go() == 2


def test_the_first_rows_are_the_first_of_all_and_count_as_many(workspace: Workspace, village: Village) -> None:
    for number in range(20):
        home = village.household("某", "9", "1", str(101 + number), since="2024-01-01")
        village.visit(home, "2025-09-01")
    first = workspace.today.view(most=FIRST)
    whole = workspace.today.view()
    assert [len(part.rows) for part in first.sections] == [FIRST]
    assert [part.rows[:FIRST] for part in whole.sections] == [part.rows for part in first.sections]
    assert [replace(part, rows=()) for part in whole.sections] == [replace(part, rows=()) for part in first.sections]
    assert (first.hero, first.week, first.to_go) == (whole.hero, whole.week, whole.to_go)
    assert len(whole.sections[0].rows) == 19


def test_among_many_equals_the_kept_order_of_doors_says_the_same(
    workspace: Workspace, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridworker.app.today.urgent._MANY", 3)
    for number in range(12):
        home = village.household("某", str(number * 7 % 5 + 8), "1", str(101 + number * 5 % 7), since="2024-01-01")
        village.visit(home, "2025-09-01")
    village.visit(
        Home(village.add("household", status="active", head_name="安宁", since="2024-01-01"), 0), "2025-09-01"
    )
    expected = Today(workspace.session).view(most=FIRST)
    workspace.households.look_ahead()()
    asked = list[int]()
    doors = today_rows.doors

    def noted(connection: Connection, ids: list[int]) -> dict[int, Place]:
        asked.extend(ids)
        return doors(connection, ids)

    monkeypatch.setattr(today_rows, "doors", noted)
    monkeypatch.setattr("gridworker.app.today.round.BESIDE", 5 - FIRST)
    found = Today(workspace.session).view(most=FIRST)
    assert not asked
    assert found.hero == expected.hero
    assert [row.household for row in found.sections[0].rows] == [row.household for row in expected.sections[0].rows[:4]]
