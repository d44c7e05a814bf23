"""Buildings as they are walked: tabs, floors from the top, what a door says."""

from typing import Any

import pytest

from gridworker.app.building.view import BuildingView, DoorView
from gridworker.app.today.due_book import DueBook
from gridworker.app.workspace import Workspace
from gridworker.record import Value
from gridworker.store.records import kind_named
from gridworker.store.tables.changes import Change
from tests.app.test_gate import act_as
from tests.village import HandClock, Home, Village


def door(view: BuildingView, room: str, unit: int = 0) -> DoorView:
    return next(door for (_, at, _), door in view.doors.items() if door.room == room and at == unit)


def test_no_building_has_no_tabs(workspace: Workspace) -> None:
    assert workspace.buildings.tabs() == ()


def test_tabs_are_in_the_order_of_numbers_and_count_what_is_overdue(workspace: Workspace, village: Village) -> None:
    village.building("10")
    chen = village.household("陈桂芳", "2", "1", "202")
    village.care(chen, "C3", cadence="V1", arrangement="2")
    village.visit(chen, "2026-03-09")
    assert [(tab.label, tab.overdue) for tab in workspace.buildings.tabs()] == [("2栋", 1), ("10栋", 0)]


def test_buildings_are_told_by_their_estate_where_there_are_several(workspace: Workspace, village: Village) -> None:
    """On tabs, in the filter of the households, and among the issues as far as it is needed there."""
    places = [("师院南苑", "10"), ("师院南苑", "2"), ("北苑", "2"), (None, "10A"), (None, "10")]
    made = [
        village.add("building", grid_id=village.grid, estate_name=estate, building_name=name) for estate, name in places
    ]
    order = ["10栋", "10A栋", "北苑 2栋", "师院南苑 2栋", "师院南苑 10栋"]
    assert [tab.label for tab in workspace.buildings.tabs()] == order
    assert [one.label for one in workspace.households.choices()["building"][1:]] == order
    for building in made[:2]:
        village.add(
            "issue", issue_no="I1", title="楼道灯", category="F", severity="S3", building_id=building,
            reported_at="2026-03-17T02:00:00Z",
        )  # fmt: skip
    assert [label for _, label in workspace.issues.buildings()] == ["2栋", "10栋"]
    village.change("building", made[1], {"building_name": "12"})
    assert [label for _, label in workspace.issues.buildings()] == ["10栋", "12栋"]


def test_tabs_count_all_that_are_overdue_each_in_its_own_building(
    workspace: Workspace, village: Village, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However few Today looks at closely, and though another building has the same name."""
    monkeypatch.setattr("gridworker.app.today.round.MOST", 1)
    homes = [village.household("陈桂芳", "2", "1", f"20{room}") for room in range(3)]
    for home in homes:
        village.care(home, "C3", cadence="V1")
        village.visit(home, "2026-03-09")
    village.add("building", grid_id=village.grid, building_name="2")

    def counts() -> list[tuple[str, int]]:
        return sorted((tab.label, tab.overdue) for tab in workspace.buildings.tabs())

    assert counts() == [("2栋", 0), ("2栋", 3)]
    village.visit(homes[0], "2026-03-17")
    assert counts() == [("2栋", 0), ("2栋", 2)]
    clock.move(days=-8)
    assert counts() == [("2栋", 0), ("2栋", 0)]


def test_tabs_are_there_before_anybody_counts_what_is_overdue(
    workspace: Workspace, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    chen = village.household("陈桂芳", "2", "1", "202")
    village.care(chen, "C3", cadence="V1")
    village.visit(chen, "2026-03-09")
    with monkeypatch.context() as patch:
        patch.setattr(DueBook, "asks", None)
        assert [(tab.label, tab.overdue) for tab in workspace.buildings.tabs(counted=False)] == [("2栋", 0)]
    assert workspace.buildings.tabs()[0].overdue == 1
    village.building("10")
    with monkeypatch.context() as patch:
        patch.setattr(DueBook, "asks", None)
        found = [(tab.label, tab.overdue) for tab in workspace.buildings.tabs(counted=False)]
    assert found == [("2栋", 1), ("10栋", 0)], "with what was counted last"


def test_floors_from_the_top_and_units_side_by_side(workspace: Workspace, village: Village) -> None:
    for unit, room in (("1", "101"), ("1", "102"), ("2", "101"), ("1", "1001"), ("2", "201")):
        village.household("赵一", "3", unit, room)
    view = workspace.buildings.view(village.building("3"))
    assert view.title == "3栋"
    assert view.floors == ("10", "2", "1")
    assert [(unit.title, unit.columns) for unit in view.units] == [("Unit 1", 2), ("Unit 2", 1)]
    assert {place: door.room for place, door in view.doors.items()} == {
        (2, 0, 0): "101", (2, 0, 1): "102", (2, 1, 0): "101", (0, 0, 0): "1001", (1, 1, 0): "201",
    }  # fmt: skip


def test_a_door_says_who_and_when(workspace: Workspace, village: Village) -> None:
    chen = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")
    village.member(chen, "李红", "30")
    village.care(chen, "C3", cadence="V1", arrangement="2")
    village.visit(chen, "2026-03-09")
    village.issue("燃气软管老化", at="2026-03-09T02:00:00Z", home=chen)
    found = door(workspace.buildings.view(village.building("3")), "202")
    assert (found.name, found.people, found.note) == ("陈桂芳", "2 p.", "Late 2 d")
    assert (found.state, found.recency, found.overdue, found.issues) == ("home", "r2", True, 1)
    assert [(sign.text, sign.group) for sign in found.cares] == [("Lives alone (65+)·Weekly", "C3-2")]
    assert found.words == "3栋1单元202, 陈桂芳, 2 people, Lives alone (65+)·Weekly, 2 d overdue, 1 open issue"


def test_doors_by_the_days_since_the_last_visit(workspace: Workspace, village: Village) -> None:
    for room, day in (("101", "2026-03-11"), ("102", "2026-03-10"), ("103", "2026-02-16"), ("104", "2026-02-15")):
        village.visit(village.household("赵一", room=room), day)
    village.household("赵一", room="105", since="2026-03-01")
    view = workspace.buildings.view(village.building("3"))
    assert [door(view, room).recency for room in ("101", "102", "103", "104", "105")] == ["r3", "r2", "r2", "r1", "r1"]
    assert door(view, "105").note == "Never"


def test_vacant_unknown_and_refused_doors(workspace: Workspace, village: Village) -> None:
    building = village.building("3")
    village.add("dwelling", building_id=building, unit_no="1", room_no="101", vacancy="vacant")
    village.add("dwelling", building_id=building, unit_no="1", room_no="102", usage="own")
    village.household("孙立", room="201", visit_wish="not_wanted")
    gone = village.household("周平", room="202")
    village.change("household", gone.id, {"status": "moved_out"})
    view = workspace.buildings.view(building)
    assert [door(view, room).state for room in ("101", "102", "201", "202")] == [
        "vacant", "unknown", "refused", "unknown",
    ]  # fmt: skip
    assert door(view, "201").note == "No visits"
    assert view.aside == "Households: 1, vacant: 1, not recorded: 2. Visited within 30 days: 0, overdue: 0"


def test_several_households_behind_one_door(workspace: Workspace, village: Village) -> None:
    first = village.household("赵一", room="301")
    second = village.add("household", dwelling_id=first.dwelling, status="active")
    found = door(workspace.buildings.view(village.building("3")), "301")
    assert (found.name, found.household, found.others) == ("赵一 +1", first.id, ((second, "No name yet"),))


def test_of_several_households_behind_one_door_all_that_waits_is_seen(workspace: Workspace, village: Village) -> None:
    owner = village.household("赵一", room="301")
    village.visit(owner, "2026-03-11")
    village.member(owner, "赵二", "20")
    tenants = village.household("周八", room="999")
    village.change("household", tenants.id, {"dwelling_id": owner.dwelling})
    village.care(tenants, "C3", cadence="V1", arrangement="2")
    village.visit(tenants, "2026-03-09")
    village.issue("燃气软管老化", at="2026-03-09T02:00:00Z", home=tenants)
    workspace.drafts.keep(f"visit:{owner.id}", {"note": "半句"})
    view = workspace.buildings.view(village.building("3"))
    found = door(view, "301")
    assert (found.household, found.name, found.others) == (tenants.id, "周八 +1", ((owner.id, "赵一"),))
    assert (found.overdue, found.note, found.issues, found.draft, found.people) == (True, "Late 2 d", 1, True, "3 p.")
    assert len(found.cares) == 1
    assert found.words == "3栋1单元301, 周八 +1, 3 people, Lives alone (65+)·Weekly, 2 d overdue, Draft, 1 open issue"
    assert view.door_of(owner.id) is found
    village.visit(tenants, "2026-03-18")
    calm = door(workspace.buildings.view(village.building("3")), "301")
    assert (calm.household, calm.overdue) == (owner.id, False), "as they came, where nobody waits"


def test_a_visit_begun_marks_its_door(workspace: Workspace, village: Village) -> None:
    home = village.household("赵文彬", room="301")
    workspace.drafts.keep(f"visit:{home.id}", {"note": "半句"})
    found = door(workspace.buildings.view(village.building("3")), "301")
    assert found.draft
    assert "Draft" in found.words


def test_a_visit_begun_hides_neither_what_is_overdue_nor_what_is_due(workspace: Workspace, village: Village) -> None:
    late, today = village.household("陈桂芳", room="301"), village.household("吴秀英", room="302")
    for home, before in ((late, "2026-03-09"), (today, "2026-03-11")):
        village.care(home, "C3", cadence="V1", arrangement="2")
        village.visit(home, before)
        workspace.drafts.keep(f"visit:{home.id}", {"note": "半句"})
    view = workspace.buildings.view(village.building("3"))
    first, second = door(view, "301"), door(view, "302")
    assert (first.draft, first.overdue, first.note) == (True, True, "Late 2 d")
    assert "2 d overdue, Draft" in first.words
    assert (second.draft, second.due_today) == (True, "Due today")


def test_share_mode_leaves_surnames_and_no_care(workspace: Workspace, village: Village) -> None:
    chen = village.household("陈桂芳", "3", "1", "202")
    village.care(chen, "C3", cadence="V1", arrangement="2")
    found = door(workspace.buildings.view(village.building("3"), sharing=True), "202")
    assert (found.name, found.cares) == ("陈**", ())
    assert "陈桂芳" not in repr(found)


def test_a_vacant_door_is_occupied_from_when_a_file_is_opened_there(workspace: Workspace, village: Village) -> None:
    dwelling = village.add("dwelling", building_id=village.building("3"), unit_no="1", room_no="101", vacancy="vacant")
    _, batch = workspace.buildings.settle(dwelling)
    assert (workspace.session.store.get("dwelling", dwelling) or {})["vacancy"] == "occupied"
    workspace.records.undo_batch(batch)
    assert (workspace.session.store.get("dwelling", dwelling) or {})["vacancy"] == "vacant"


def test_somebody_moves_in_behind_an_unknown_door(workspace: Workspace, village: Village) -> None:
    building = village.building("3")
    dwelling = village.add("dwelling", building_id=building, unit_no="1", room_no="102")
    household, batch = workspace.buildings.settle(dwelling)
    assert door(workspace.buildings.view(building), "102").household == household
    workspace.records.undo_batch(batch)
    assert door(workspace.buildings.view(building), "102").state == "unknown"


def _shop(village: Village, name: str, **values: Value) -> int:
    given: dict[str, Any] = {"name": name, "shop_kind": "individual", "phone": "13800000144", **values}
    return village.add("merchant", **given)


def test_shops_stand_at_street_level_and_no_longer_among_the_doors(workspace: Workspace, village: Village) -> None:
    building = village.building("3")
    village.household("孙立", room="201")
    below = village.add("dwelling", building_id=building, unit_no="1", room_no="101")
    also = village.add("dwelling", building_id=building, unit_no="1", room_no="102")
    office = village.add("dwelling", building_id=building, unit_no="1", room_no="301")
    village.household("周平", room="103")
    lived_in = village.household("李红", room="104")
    shop = _shop(village, "便民副食店", dwelling_id=below, trade="副食", contact_name="王五", verified_on="2026-03-01")
    _shop(village, "旧书店", dwelling_id=also, closed_on="2026-01-01")
    above = _shop(village, "会计事务所", dwelling_id=office)
    in_a_flat = _shop(village, "裁缝铺", dwelling_id=lived_in.dwelling)
    anywhere = _shop(village, "理发店", building_id=building)
    view = workspace.buildings.view(building)
    names = [(one.name, one.vacant) for one in view.shops]
    assert names == [("理发店", False), ("便民副食店", False), ("Vacant", True), ("裁缝铺", False)]
    assert {one.id for one in view.every_shop} >= {shop, above, in_a_flat, anywhere}
    rooms = {room: found.state for room, found in ((found.room, found) for found in view.doors.values())}
    assert rooms == {"201": "home", "103": "home", "104": "home", "301": "shop"}
    assert (door(view, "301").name, door(view, "301").shop) == ("会计事务所", above)
    first = next(one for one in view.shops if one.id == shop)
    assert first.facts == ("Self-employed·副食", "王五·138****0144", "Last verified on 1 Mar")
    assert first.words == "101, 便民副食店, Shop, Self-employed·副食"
    hidden = next(one for one in workspace.buildings.view(building, sharing=True).shops if one.id == shop)
    assert "王五" not in " ".join(hidden.facts)


def test_a_tower_of_many_units_and_floors_with_a_cellar(workspace: Workspace, village: Village) -> None:
    building = village.building("3")
    changes = [
        Change("dwelling", village.session.new_id(),
               kind_named("dwelling").checked({"building_id": building, "unit_no": str(unit), "room_no": room,
                                               "floor": floor}), create=True)
        for unit in range(1, 14)
        for floor in (-1, *range(1, 33))
        for room in ([f"{floor}01", f"{floor}02"] if floor > 0 else ["B01"])
    ]  # fmt: skip
    village.session.write(changes, "create")
    view = workspace.buildings.view(building)
    assert view.floors == (*map(str, range(32, 0, -1)), "-1")
    assert [(unit.title, unit.columns) for unit in view.units] == [(f"Unit {n}", 2) for n in range(1, 14)]
    assert len(view.doors) == len(changes)
    assert (view.doors[0, 12, 1].room, view.doors[32, 0, 0].room) == ("3202", "B01")


def test_a_cellar_is_below_the_ground_though_nobody_wrote_its_floor_down(
    workspace: Workspace, village: Village
) -> None:
    for room in ("B01", "-102", "B201", "102", "202", "201"):
        village.household("赵一", room=room)
    view = workspace.buildings.view(village.building("3"))
    assert view.floors == ("2", "1", "-1", "-2")
    assert {door.room: at[0] for at, door in view.doors.items()}["B01"] == 2
    assert (view.doors[1, 0, 1].room, view.doors[0, 0, 1].room) == ("102", "202"), "no door beside it, and in its place"


def test_a_wing_called_b_is_not_below_the_ground(workspace: Workspace, village: Village) -> None:
    for room in ("A01", "B01"):
        village.household("赵一", room=room)
    assert workspace.buildings.view(village.building("3")).floors == ("1",)


def test_a_door_that_wants_no_visits_says_so_and_when_to_ask_again(workspace: Workspace, village: Village) -> None:
    home = village.household("孙立", room="201", visit_wish="not_wanted")
    found = door(workspace.buildings.view(village.building("3")), "201")
    assert (found.state, found.note, found.name) == ("refused", "No visits", "孙立")
    village.visit(home, "2026-03-09")
    village.add("visit", household_id=home.id, started_at="2026-03-10T02:00:00Z", visitor_id=village.session.who,
                channel="phone", outcome="met_person", visit_kind="routine", follow_up_on="2026-09-05")  # fmt: skip
    found = door(workspace.buildings.view(village.building("3")), "201")
    assert (found.note, found.brief) == ("Not till 5 Sep", "5 Sep")
    village.add("visit", household_id=home.id, started_at="2026-03-11T02:00:00Z", visitor_id=village.session.who,
                channel="phone", outcome="met_person", visit_kind="routine", follow_up_on="2027-01-05")  # fmt: skip
    found = door(workspace.buildings.view(village.building("3")), "201")
    assert found.note == "Not till 5 Jan", "a door is narrow, and it is the next one"


def ask_for(village: Village, home: Home, item: str, day: str, done: str | None = None) -> int:
    return village.add("service_request", household_id=home.id, item=item, requested_on=day, finished_on=done)


def test_the_task_at_hand_is_what_most_doors_are_still_to_do(workspace: Workspace, village: Village) -> None:
    homes = [village.household("赵一", "3", "1", room) for room in ("101", "102", "103", "104")]
    view = workspace.buildings.view(village.building("3"))
    assert (view.task, door(view, "101").task) == ("", "")
    ask_for(village, homes[0], "老年证", "2026-03-09")
    ask_for(village, homes[0], "医保核对", "2026-03-01", "2026-03-05")
    ask_for(village, homes[1], "医保核对", "2026-03-01")
    ask_for(village, homes[1], "医保核对", "2026-01-01", "2026-01-02")
    for home in homes[:3]:
        ask_for(village, home, "旧事", "2025-01-01", "2025-02-01")
    view = workspace.buildings.view(village.building("3"))
    assert view.task == "医保核对"
    assert [door(view, room).task for room in ("101", "102", "103", "104")] == ["done", "todo", "", ""]
    assert door(view, "102").words.endswith("医保核对: To do")
    assert (workspace.buildings.view(village.building("3"), sharing=True).task) == ""
    act_as(workspace.session, "building_head")
    assert workspace.buildings.view(village.building("3"), sharing=True).task == ""


def test_where_all_is_done_the_task_is_what_was_asked_for_last(workspace: Workspace, village: Village) -> None:
    first, last = village.household("赵一", "3", "1", "101"), village.household("钱二", "3", "1", "102")
    ask_for(village, first, "医保核对", "2026-02-01", "2026-02-05")
    ask_for(village, first, "高龄津贴", "2026-03-01", "2026-03-02")
    ask_for(village, last, "医保核对", "2026-02-01", "2026-02-05")
    view = workspace.buildings.view(village.building("3"))
    assert (view.task, door(view, "101").task, door(view, "102").task) == ("高龄津贴", "done", "")


def test_a_shared_door_is_to_do_until_it_is_done_for_all(workspace: Workspace, village: Village) -> None:
    owner = village.household("赵一", "3", "1", "101")
    tenant = Home(village.add("household", dwelling_id=owner.dwelling, status="active"), owner.dwelling, {})
    ask_for(village, owner, "医保核对", "2026-03-01", "2026-03-02")
    open_ = ask_for(village, tenant, "医保核对", "2026-03-01")
    assert door(workspace.buildings.view(village.building("3")), "101").task == "todo"
    village.change("service_request", open_, {"finished_on": "2026-03-03"})
    assert door(workspace.buildings.view(village.building("3")), "101").task == "done"


def test_what_is_not_recorded_is_counted_only_where_there_is_any(workspace: Workspace, village: Village) -> None:
    village.household("赵一", "3", "1", "101")
    view = workspace.buildings.view(village.building("3"))
    assert view.aside == "Households: 1, vacant: 0. Visited within 30 days: 0, overdue: 1"
