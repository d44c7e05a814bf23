"""The list of households and one household's file, as they are read."""

from typing import Any
from unittest.mock import Mock

import pytest

from gridworker.app.household import households, order
from gridworker.app.household.order import Order, orders
from gridworker.app.household.view import FileView, MomentView
from gridworker.app.workspace import Workspace
from gridworker.errors import NotFound
from gridworker.store.engine.connection import scanning
from gridworker.store.queries.households import several_estates
from gridworker.store.search import homes as search_homes
from gridworker.store.tables.changes import Act, Change
from tests.village import Home, Village

NUMBER = "11010519491231002X"


def names(workspace: Workspace, query: str = "", order: str = "door") -> list[str]:
    return [row.name for row in workspace.households.rows(workspace.households.ids(query, order))]


def told(view: FileView) -> list[tuple[str, str]]:
    return [(moment.title, moment.body) for moment in view.moments]


def moment(view: FileView, title: str) -> MomentView:
    return next(moment for moment in view.moments if moment.title == title)


@pytest.fixture
def chen(village: Village) -> Home:
    """A widow of 78 who is in weekly care, with a daughter who lives elsewhere."""
    home = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")
    village.change(
        "resident", home.people["陈桂芳"],
        {"phones": "13800000142", "id_number": NUMBER, "id_last4": "002X", "tags": "低保 独居老人"},
    )  # fmt: skip
    daughter = village.add("resident", name="李红", birth_date="1974-01-01", phones="13900000867", status="in_place")
    village.add("household_member", household_id=home.id, resident_id=daughter, relation="30", lives_here=0)
    home.people["李红"] = daughter
    village.care(home, "C3", cadence="V1", arrangement="2", person="陈桂芳")
    village.visit(home, "2026-03-09", note="女儿周末才能来。", home_checks="gas=problem power=ok fire=not_checked")
    return home


def test_in_the_order_of_doors_or_of_the_last_visit(workspace: Workspace, village: Village) -> None:
    village.visit(village.household("赵一", "10", "1", "101"), "2026-03-01")
    village.visit(village.household("钱二", "2", "2", "101"), "2026-03-09")
    village.household("孙三", "2", "1", "1001")
    village.visit(village.household("李四", "2", "1", "201"), "2026-03-05")
    assert names(workspace) == ["李四", "孙三", "钱二", "赵一"]
    assert names(workspace, order="visit") == ["孙三", "赵一", "李四", "钱二"]


@pytest.mark.parametrize("query", ["陈桂", "cgf", "chenguifang", "3-1-202"])
def test_filtered_by_name_pinyin_or_door(workspace: Workspace, village: Village, chen: Home, query: str) -> None:
    village.household("钱二", "2", "2", "101")
    assert chen.people
    assert names(workspace, query) == ["陈桂芳"]


@pytest.mark.parametrize("query", ["0142", "13800000142", "002X", NUMBER, "陈桂芳 0142"])
def test_nobody_is_found_by_a_number_past_the_record(workspace: Workspace, chen: Home, query: str) -> None:
    """The search box asks who may, and puts it on record; the list does neither."""
    assert chen.people
    assert names(workspace, query) == []


def test_some_come_first_where_very_many_fit(
    workspace: Workspace, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes = [village.household("陈桂芳", "3", "1", room).id for room in ("301", "101", "201")]
    assert workspace.households.likeliest("cgf", 3) == ()  # all are known as soon
    monkeypatch.setattr(search_homes, "MANY", 2)
    for down in (False, True):
        assert list(workspace.households.likeliest("cgf", 3, down=down)) == list(
            workspace.households.ids("cgf", down=down)
        )
    assert len(workspace.households.likeliest("cgf", 1)) == 1
    assert set(workspace.households.likeliest("cgf", 1)) < set(homes)


@pytest.mark.parametrize("asked", orders())
def test_many_who_fit_stand_as_few_would(
    workspace: Workspace, village: Village, asked: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many are picked out of all by door, where these are known."""
    for at, name in enumerate(("陈桂芳", "陈小明", "程国", "陈二")):
        village.visit(village.household(name, str(3 - at % 3), "1", f"{at + 1}01"), f"2026-03-0{at + 1}")
    nowhere = village.add("household", status="active")
    village.member(Home(nowhere, 0), "陈六", "02")
    few = workspace.households.ids("陈", asked.by, down=asked.down).tolist()
    assert len(few) == 4
    for module in (order, households):
        monkeypatch.setattr(module, "SOME", 0)
    assert workspace.households.ids("陈", asked.by, down=asked.down).tolist() == few
    assert len(workspace.households.ids()) == 5  # all by door are known from here on
    assert workspace.households.ids("陈", asked.by, down=asked.down).tolist() == few


def test_a_walk_through_everybody_keeps_few_pages_and_a_search_those_it_asks_for_again(
    workspace: Workspace, chen: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    walked = Mock(wraps=scanning)
    monkeypatch.setattr("gridworker.app.household.households.scanning", walked)
    assert list(workspace.households.ids("陈")) == [chen.id]
    walked.assert_not_called()
    assert list(workspace.households.ids()) == [chen.id]
    assert walked.call_count == 1


def test_a_row_of_the_list(workspace: Workspace, chen: Home) -> None:
    (row,) = workspace.households.rows([chen.id])
    assert (row.name, row.door, row.people, row.last) == ("陈桂芳", "3栋1单元202", "1 person", "9 d ago")
    assert [sign.text for sign in row.cares] == ["Lives alone (65+)·Weekly"]
    assert row.due is not None
    assert row.due.text == "2 d overdue"


def test_doors_are_told_by_their_estate_from_when_there_are_several(
    workspace: Workspace, village: Village, chen: Home
) -> None:
    village.change("building", village.building("3"), {"estate_name": "师院南苑"})
    assert workspace.households.rows([chen.id])[0].door == "3栋1单元202"
    village.household("钱二", "5")
    village.change("building", village.building("5"), {"estate_name": "湖滨花园"})
    assert workspace.households.rows([chen.id])[0].door == "师院南苑·3栋1单元202"


@pytest.mark.parametrize(
    ("estates", "several"),
    [
        ((None, None), False), ((None, ""), False), (("师院南苑", "师院南苑"), False), (("师院南苑", None), True),
        (("", "师院南苑"), True), (("湖滨花园", "师院南苑"), True),
    ],
)  # fmt: skip
def test_buildings_of_no_estate_are_told_from_those_of_one(
    workspace: Workspace, village: Village, estates: tuple[str | None, ...], *, several: bool
) -> None:
    for name, estate in zip("35", estates, strict=True):
        village.change("building", village.building(name), {"estate_name": estate})
    with workspace.session.store.db.read() as connection:
        assert several_estates(connection) == several


def test_where_there_is_no_building_there_are_not_several_estates(workspace: Workspace) -> None:
    with workspace.session.store.db.read() as connection:
        assert not several_estates(connection)


def test_all_buildings_are_asked_for_their_estates_once(
    workspace: Workspace, chen: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Mock(return_value=False)
    monkeypatch.setattr("gridworker.store.queries.households.several_estates", asked)
    for _ in range(3):
        workspace.households.rows([chen.id])
    assert asked.call_count == 1


def test_the_last_visit_is_shown_behind_any_number_of_attempts(
    workspace: Workspace, village: Village, chen: Home
) -> None:
    for day in range(10, 18):
        village.visit(chen, f"2026-03-{day}", outcome="nobody_home")
    assert workspace.households.rows([chen.id])[0].last == "9 d ago"


def test_a_visit_that_is_still_ahead_has_its_day(workspace: Workspace, village: Village, chen: Home) -> None:
    village.visit(chen, "2026-03-17")
    (row,) = workspace.households.rows([chen.id])
    assert row.due is not None
    assert (row.due.kind, row.due.text) == ("usual", "24 Mar")


def test_who_moved_out_is_not_in_the_list(workspace: Workspace, village: Village, chen: Home) -> None:
    village.change("household", chen.id, {"status": "moved_out", "status_date": "2026-03-01"})
    assert not workspace.households.ids()
    view = workspace.households.file(chen.id)
    assert "Moved out 1 Mar" in view.strips["moved"], "a day in words"
    assert not view.may_visit
    assert view.home.last == "9 d ago"


def test_a_household_of_a_named_head_alone_is_called_by_it(workspace: Workspace, village: Village) -> None:
    door = village.add("dwelling", building_id=village.building("3"), room_no="9")
    home = village.add("household", status="active", dwelling_id=door, head_name="赵大山")
    (row,) = workspace.households.rows([home])
    assert row.name == "赵大山"
    assert workspace.households.file(home).home.name == "赵大山"
    assert workspace.visits.start(home).sheet.name == "赵大山"
    assert "赵大山" in str(workspace.today.view())
    (shared,) = workspace.households.rows([home], sharing=True)
    assert shared.name == "赵**"
    assert "赵大山" not in str(workspace.today.view(sharing=True))


def test_the_head_of_the_file(workspace: Workspace, chen: Home) -> None:
    view = workspace.households.file(chen.id)
    home = view.home
    assert (home.name, home.about, home.door, home.house) == ("陈桂芳", "78 y", "3栋1单元202", "Lived in by the owner")
    assert (home.last, home.next_on, home.overdue) == ("9 d ago", "16 Mar", "2 d overdue")
    assert home.why == 'For "Lives alone (65+)·Weekly"'
    assert (home.note, home.note_about) == ("女儿周末才能来。", "9 d ago·visited by 周敏")
    assert [sign.text for sign in home.signs] == ["Lives alone (65+)·Weekly", "低保"]
    assert view.people == "1 person"


def test_members_are_masked(workspace: Workspace, chen: Home) -> None:
    first, second = workspace.households.file(chen.id).home.members
    assert (first.name, first.relation, first.phone, first.id_number) == (
        "陈桂芳", "Head of household", "138****0142", "110105********002X",
    )  # fmt: skip
    assert (second.name, second.relation, second.age, second.aside) == ("李红", "Daughter", "52 y", "lives elsewhere")
    assert "13800000142" not in repr(workspace.households.file(chen.id))
    assert NUMBER not in repr(workspace.households.file(chen.id))


def test_open_issues_and_home_safety(workspace: Workspace, village: Village, chen: Home) -> None:
    village.issue("燃气软管老化", at="2026-03-09T02:00:00Z", home=chen)
    closed = village.issue("楼道灯不亮", "F", at="2026-03-01T02:00:00Z", home=chen)
    village.step(closed, "reject", at="2026-03-01T03:00:00Z")
    view = workspace.households.file(chen.id)
    (issue,) = view.home.issues
    assert (issue.title, issue.about) == ("燃气软管老化", "Safety hazard·since 9 Mar")
    assert [(check.label, check.mark) for check in view.checks] == [("Gas", "problem"), ("Electricity", "ok")]
    assert view.checked_on == "9 Mar"


def test_the_timeline_tells_visits_steps_and_changes(workspace: Workspace, village: Village, chen: Home) -> None:
    village.issue("燃气软管老化", at="2026-03-10T02:00:00Z", home=chen)
    village.change("resident", chen.people["陈桂芳"], {"phones": "13700000555"})
    view = workspace.households.file(chen.id)
    visit = moment(view, "Regular visit")
    assert (visit.body, visit.right, visit.part) == ("女儿周末才能来。", "9 Mar·周敏", "visit")
    assert [sign.text for sign in visit.signs] == ["Gas: Problem"]
    assert moment(view, "Reported: 燃气软管老化").part == "issue"
    phone = view.moments[0]
    assert (phone.title, phone.body, phone.change) == ("Phone changed", "陈桂芳", ("138****0142", "137****0555"))
    assert phone.right == "18 Mar·周敏"
    village.change("household", chen.id, {"status_date": "2026-03-08"})
    village.change("household", chen.id, {"status_date": "2025-03-09"})
    assert workspace.households.file(chen.id).moments[0].change == ("8 Mar", "9 Mar 2025"), "no days as they are stored"
    assert ("File opened", "") in told(view)
    assert ("Person added", "李红, Daughter") in told(view)
    assert view.moments[0].year == "2026"
    assert moment(view, "File opened").part == "change"


def test_no_consent_says_so_until_one_is_recorded(workspace: Workspace, village: Village, chen: Home) -> None:
    assert "consent" in workspace.households.file(chen.id).strips
    village.add("consent", household_id=chen.id, purpose="file", scope="phone", method="oral", given_on="2026-03-01")
    view = workspace.households.file(chen.id)
    assert "consent" not in view.strips
    assert ("Consent recorded", "Phone") in told(view)


def test_a_contested_phone_is_said(workspace: Workspace, chen: Home) -> None:
    resident = chen.people["陈桂芳"]
    session = workspace.session
    session.write([Change("resident", resident, {"phones": "13700000555"})], "edit")
    contest(workspace, resident, "13600000311")
    view = workspace.households.file(chen.id)
    assert view.strips["conflict"] == "The office is checking: Phone."
    assert view.home.members[0].contested == {"resident.phones"}


def contest(workspace: Workspace, resident: int, phones: str) -> None:
    """An edit of the phone made elsewhere by somebody who knew nothing of ours."""
    from gridworker.store.log.op import Author, Edit, OpRow, What, pack_edits
    from gridworker.store.store import Incoming

    store = workspace.session.store
    clk = (store.new_id() & ~0xFFFF) | (7 << 6)
    vals = pack_edits(resident, [Edit(5, phones, (resident,))])
    row = OpRow(clk, 6, resident, What.EDIT, 0, vals)
    store.apply(Incoming([row], [Author(workspace.session.who, 0)], Act("merge", workspace.session.who, always=True)))


def test_share_mode_shows_surname_and_door_only(workspace: Workspace, village: Village, chen: Home) -> None:
    village.issue("陈桂芳家燃气软管老化", at="2026-03-09T02:00:00Z", home=chen)
    view = workspace.households.file(chen.id, sharing=True)
    assert (view.home.name, view.home.about, view.home.why) == ("陈**", "70s", "By the visit plan")
    assert [sign.text for sign in view.home.signs] == ["Tags hidden"]
    shown = repr(view)
    for secret in ("陈桂芳", "李红", "0142", "002X", "女儿周末", "低保", "Lives alone", "软管"):
        assert secret not in shown, secret
    (row,) = workspace.households.rows([chen.id], sharing=True)
    assert (row.name, row.cares) == ("陈**", ())


def test_neighbours_by_door(workspace: Workspace, village: Village) -> None:
    first, second, third = (village.household("赵一", "3", "1", room) for room in ("101", "201", "1001"))
    village.household("钱二", "4", "1", "101")
    view = workspace.households.file(second.id)
    assert (view.before, view.after) == (first.id, third.id)
    assert workspace.households.file(first.id).before is None


def test_a_household_of_another_grid_shows_its_door_and_whose_it_is(workspace: Workspace, village: Village) -> None:
    mine, other = village.grid, village.add("grid", name="第五网格")
    zhao = village.add("staff", name="赵海", role="grid_worker", active=True)
    for number, staff, grid in ((1, workspace.session.who, mine), (2, zhao, other)):
        device = village.add("device", number=number, staff_id=staff, state="active")
        village.add("device_grid", device_id=device, grid_id=grid)
    building = village.add("building", grid_id=other, building_name="9")
    dwelling = village.add("dwelling", building_id=building, unit_no="1", room_no="101")
    head = village.add("resident", name="周平", status="in_place")
    household = village.add("household", dwelling_id=dwelling, head_id=head, status="active")
    village.add("household_member", household_id=household, resident_id=head, relation="02")
    view = workspace.households.file(household)
    assert view.strips == {"foreign": "This household is in 第五网格, 赵海."}
    assert (view.home.name, view.home.members, view.moments) == ("9栋1单元101", (), ())
    assert (view.may_edit, view.may_visit) == (False, False)
    assert workspace.households.file(village.household("钱二").id).may_edit


def test_a_household_that_is_gone(workspace: Workspace) -> None:
    with pytest.raises(NotFound):
        workspace.households.file(4711)


def test_files_last_opened_newest_first(workspace: Workspace) -> None:
    for household in (1, 2, 3, 1):
        workspace.households.opened(household)
    assert workspace.households.last_opened() == [1, 3, 2]


def test_any_list_calls_a_household_by_its_door_and_head_where_it_has_no_number(
    workspace: Workspace, village: Village, chen: Home
) -> None:
    numbered = village.household("赵一", room="203", household_no="H-7")
    doorless = village.add("household", status="moved_out", head_name="钱二")
    bare = village.add("household", status="active")
    called = {one.id: one.caption for one in workspace.records.page("household")}
    assert called == {chen.id: "3栋1单元202·陈桂芳", numbered.id: "H-7", doorless: "钱二", bare: ""}
    assert workspace.records.show("household", chen.id).caption == called[chen.id]
    assert workspace.records.save("household", {"remark": "x"}, chen.id).caption == called[chen.id]


def test_what_looks_wrong_is_said_above_the_file_and_stops_nobody(
    workspace: Workspace, village: Village, chen: Home
) -> None:
    """Cross-checks of domain.md 2.6: one head, ID number against birth and sex, nobody born tomorrow."""
    village.change("resident", chen.people["陈桂芳"], {"birth_date": "1949-12-31"})
    assert "attention" not in workspace.households.file(chen.id).strips
    village.change(
        "resident",
        chen.people["陈桂芳"],
        {"id_number": "11010519491231002X", "birth_date": "1949-12-13", "sex": "1"},
    )
    village.member(chen, "陈小宝", "02", birth="2026-03-19")
    assert workspace.households.file(chen.id).strips["attention"] == (
        "More than one is named as head of the household. "
        "陈桂芳: The ID number says another date of birth. 陈桂芳: The ID number says another sex. "
        "陈小宝: The date of birth is still to come."
    )
    assert "attention" not in workspace.households.file(chen.id, sharing=True).strips


def test_a_visit_says_what_it_brought_up(workspace: Workspace, village: Village) -> None:
    """The issue that was found on it, and the needs that were told that day; of nobody at home nothing."""
    home = village.household("程国富", "3", "1", "301")
    visit = village.visit(home, "2026-03-09T02:00:00Z", note="软管硬了。")
    village.visit(home, "2026-03-09T09:00:00Z", "nobody_home")
    village.visit(home, "2026-03-10T02:00:00Z")
    village.issue("燃气软管老化", at="2026-03-09T02:10:00Z", home=home, visit_id=visit)
    village.issue("楼道灯不亮", at="2026-03-09T02:20:00Z", home=home)
    need: dict[str, Any] = {
        "need_kind": "living",
        "status": "queued",
        "household_id": home.id,
        "raised_on": "2026-03-09",
    }
    village.add("need", title="代买药", source_channel="visit", **need)
    village.add("need", title="换灯泡", source_channel="hotline", **need)
    visits = [one for one in workspace.households.file(home.id).moments if one.part == "visit"]
    brought = [[sign.text for sign in one.signs] for one in visits]
    assert brought == [[], [], ["Issue: 燃气软管老化", "Need: 代买药"]]
    hidden = workspace.households.file(home.id, sharing=True).moments
    assert not any(one.signs for one in hidden)
