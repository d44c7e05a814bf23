"""What happens to households: each one act with one undo, and what it leaves on the books."""

from typing import Any

import pytest

from gridworker.app.household.view import MomentView
from gridworker.app.workspace import Workspace
from gridworker.errors import Invalid, Problem
from tests.village import Home, Village

DAY = "2026-03-10"
TODAY = "2026-03-18"


@pytest.fixture
def home(village: Village) -> Home:
    """Grandmother, her son, his wife and their child."""
    home = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01", usage="own")
    village.member(home, "李强", "20", "1974-01-01", sex="1")
    village.member(home, "王芳", "38", "1976-01-01", sex="2")
    village.member(home, "李小宝", "40", "2010-01-01", sex="1")
    return home


@pytest.fixture
def empty(village: Village) -> int:
    """A door nobody lives behind."""
    return village.add("dwelling", building_id=village.building("3"), unit_no="2", room_no="501", vacancy="vacant")


def people(workspace: Workspace, household: int) -> dict[str, str]:
    return {one.name: one.relation for one in workspace.households.file(household).home.members}


def former(workspace: Workspace, household: int) -> list[str]:
    return [one.name for one in workspace.households.file(household).former]


def stored(workspace: Workspace, kind: str, record: int) -> dict[str, Any]:
    return dict(workspace.records.show(kind, record).values)


def told(workspace: Workspace, household: int) -> list[tuple[str, str]]:
    return [(one.title, one.body) for one in workspace.households.file(household).moments if one.part == "change"]


def change_of(workspace: Workspace, household: int, title: str) -> MomentView:
    return next(one for one in workspace.households.file(household).moments if one.title == title)


def newest(workspace: Workspace, besides: int) -> int:
    return max(found.id for found in workspace.records.page("household") if found.id != besides)


def all_values(workspace: Workspace) -> dict[str, dict[int, Any]]:
    kinds = ("household", "household_member", "resident", "dwelling", "care_membership")
    return {kind: {found.id: dict(found.values) for found in workspace.records.page(kind)} for kind in kinds}


def test_death_of_the_head(workspace: Workspace, village: Village, home: Home) -> None:
    care = village.care(home, person="陈桂芳")
    before = all_values(workspace)
    commit = workspace.life.do(
        "died", home.id, {"one": str(home.people["陈桂芳"]), "day": DAY, "head": str(home.people["李强"])}
    )
    assert people(workspace, home.id) == {
        "李强": "Head of household", "王芳": "Spouse", "李小宝": "Son",
    }  # fmt: skip
    assert former(workspace, home.id) == ["陈桂芳"]
    assert stored(workspace, "resident", home.people["陈桂芳"])["status"] == "deceased"
    assert stored(workspace, "care_membership", care)["end_on"] == DAY
    assert ("Died", "陈桂芳·10 Mar") in told(workspace, home.id)
    assert change_of(workspace, home.id, "Head of household changed").change == ("陈桂芳", "李强")
    assert len(told(workspace, home.id)) == 2 + len(["File opened", "Care file opened", *home.people])
    workspace.records.undo_batch(commit.batch)
    assert all_values(workspace) == before
    assert ("Taken back: Died", "陈桂芳") in told(workspace, home.id)
    back = change_of(workspace, home.id, "Taken back: Head of household changed")
    assert back.change == ("李强", "陈桂芳")
    assert [title for title, _ in told(workspace, home.id)].count("Head of household changed") == 1
    assert not any(title.startswith(("Left by", "Ends on")) for title, _ in told(workspace, home.id))


def test_the_others_need_a_head(workspace: Workspace, home: Home) -> None:
    with pytest.raises(Invalid) as caught:
        workspace.life.do("died", home.id, {"one": str(home.people["陈桂芳"]), "day": DAY})
    assert str(caught.value.faults["head"]) == "Say who is head of the household now."
    assert len(people(workspace, home.id)) == 4


def test_the_last_one_leaves_a_vacant_door(workspace: Workspace, village: Village) -> None:
    home = village.household("钱二", "3", "1", "301")
    commit = workspace.life.do("moved_out", home.id, {"who": str(home.people["钱二"]), "day": DAY})
    values = stored(workspace, "household", home.id)
    assert (values["status"], values["status_date"]) == ("moved_out", DAY)
    assert stored(workspace, "dwelling", home.dwelling)["vacancy"] == "vacant"
    assert ("The household moved out", "钱二·10 Mar") in told(workspace, home.id)
    assert [act.name for act in workspace.life.acts(home.id)] == ["back"]
    workspace.records.undo_batch(commit.batch)
    assert ("Taken back: The household moved out", "钱二") in told(workspace, home.id)


def test_splitting_off(workspace: Workspace, home: Home, empty: int) -> None:
    before = all_values(workspace)
    goers = [home.people["李强"], home.people["王芳"], home.people["李小宝"]]
    commit = workspace.life.do("split", home.id, {
        "who": " ".join(map(str, goers)), "dwelling_id": empty, "day": DAY, "new_head": str(home.people["王芳"]),
    })  # fmt: skip
    new = newest(workspace, home.id)
    assert people(workspace, home.id) == {"陈桂芳": "Head of household"}
    assert people(workspace, new) == {"王芳": "Head of household", "李强": "Spouse", "李小宝": "Son"}
    assert workspace.households.file(new).home.door == "3栋2单元501"
    assert stored(workspace, "dwelling", empty)["vacancy"] == "occupied"
    assert ("Made a household of their own", "李强, 王芳, 李小宝·10 Mar·王芳, 3栋2单元501") in told(workspace, home.id)
    assert ("Made a household of their own", "李强, 王芳, 李小宝·10 Mar·陈桂芳, 3栋1单元202") in told(workspace, new)
    workspace.records.undo_batch(commit.batch)
    assert all_values(workspace) == before


def test_all_join_another_household(workspace: Workspace, village: Village, home: Home) -> None:
    other = village.household("钱二", "3", "1", "301")
    before = all_values(workspace)
    commit = workspace.life.do("join", other.id, {
        "who": str(other.people["钱二"]), "household_id": home.id, "day": DAY,
        f"relation_{other.people['钱二']}": "80",
    })  # fmt: skip
    assert people(workspace, home.id)["钱二"] == "Other relation"
    assert stored(workspace, "household", other.id)["status"] == "moved_out"
    assert stored(workspace, "resident", other.people["钱二"])["status"] == "in_place"
    assert ("Came from another household", "钱二, Other relation·10 Mar·钱二, 3栋1单元301") in told(workspace, home.id)
    workspace.records.undo_batch(commit.batch)
    assert all_values(workspace) == before


def test_moving_to_another_door(workspace: Workspace, home: Home, empty: int) -> None:
    before = all_values(workspace)
    commit = workspace.life.do("move", home.id, {"dwelling_id": empty, "day": DAY})
    assert workspace.households.file(home.id).home.door == "3栋2单元501"
    assert stored(workspace, "dwelling", home.dwelling)["vacancy"] == "vacant"
    assert change_of(workspace, home.id, "Moved to another door").change == ("3栋1单元202", "3栋2单元501")
    workspace.records.undo_batch(commit.batch)
    assert all_values(workspace) == before
    back = change_of(workspace, home.id, "Taken back: Moved to another door")
    assert back.change == ("3栋2单元501", "3栋1单元202")
    assert back.right.endswith(workspace.session.person)
    assert [title for title, _ in told(workspace, home.id)].count("Moved to another door") == 1


def test_a_door_of_another_grid_goes_by_the_office(
    workspace: Workspace, village: Village, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the laptop holds of other grids it may show, not move to (sync.md 6)."""
    grid = village.add("grid", name="第五网格")
    building = village.add("building", grid_id=grid, building_name="9")
    there = village.add("dwelling", building_id=building, unit_no="1", room_no="101")
    device = village.add("device", number=1, staff_id=village.session.who, state="active")
    village.add("device_grid", device_id=device, grid_id=village.grid)
    with pytest.raises(Invalid) as caught:
        workspace.life.do("move", home.id, {"dwelling_id": there, "day": DAY})
    assert "hand the household over" in str(caught.value.faults["dwelling_id"])


def test_another_head_with_the_relations_looked_at(workspace: Workspace, home: Home) -> None:
    values = dict(workspace.life.related(home.id, home.people["李强"]))
    assert values[f"relation_{home.people['陈桂芳']}"] == "50"
    values[f"relation_{home.people['陈桂芳']}"] = "52"
    commit = workspace.life.do("lead", home.id, {"head": str(home.people["李强"]), **values})
    assert people(workspace, home.id)["陈桂芳"] == "Mother"
    assert change_of(workspace, home.id, "Head of household changed").change == ("陈桂芳", "李强")
    workspace.records.undo_batch(commit.batch)
    assert people(workspace, home.id)["陈桂芳"] == "Head of household"


def test_two_of_one_name_are_told_apart_by_what_they_are(workspace: Workspace, home: Home) -> None:
    workspace.records.save("resident", {"name": "陈桂芳"}, home.people["李强"])
    codes = workspace.life.form("lead", home.id).specs[0].codes
    assert codes is not None
    told = {codes.label(str(one)) for one in home.people.values()}
    assert {"陈桂芳 (Head of household)", "陈桂芳 (Son)"} <= told
    assert "王芳" in told


def test_relations_that_nobody_looked_at_are_told_anew(workspace: Workspace, home: Home) -> None:
    form = workspace.life.form("lead", home.id)
    workspace.life.do("lead", home.id, {**form.values, "head": str(home.people["李强"])})
    assert list(people(workspace, home.id).values()).count("Head of household") == 1


def test_tenants_share_the_dwelling(workspace: Workspace, home: Home) -> None:
    workspace.life.do("share", home.id, {"name": "阿不都·热合曼", "day": DAY, "rented": 1})
    new = newest(workspace, home.id)
    assert people(workspace, new) == {"阿不都·热合曼": "Head of household"}
    assert stored(workspace, "household", new)["living_arrangement"] == "6"
    assert workspace.households.file(new).home.door == "3栋1单元202"
    assert stored(workspace, "dwelling", home.dwelling)["usage"] == "rented"


def test_who_let_a_room_reads_of_the_tenants_too(
    workspace: Workspace, village: Village, home: Home, empty: int
) -> None:
    commit = workspace.life.do("share", home.id, {"name": "阿不都·热合曼", "day": DAY, "rented": 1})
    tenants = newest(workspace, home.id)
    share = ("Tenants share the dwelling", "阿不都·热合曼·10 Mar")
    assert told(workspace, home.id)[0] == share
    assert share not in told(workspace, tenants)
    workspace.life.do("move", tenants, {"dwelling_id": empty, "day": TODAY})
    later = village.household("钱二", "5", "2", "301")
    workspace.life.do("move", later.id, {"dwelling_id": home.dwelling, "day": TODAY})
    assert share not in told(workspace, home.id), "they live elsewhere, and their file tells of that"
    workspace.life.do("move", tenants, {"dwelling_id": home.dwelling, "day": TODAY})
    assert share in told(workspace, home.id)
    assert share not in told(workspace, later.id), "that was before this household came here"
    workspace.records.undo_batch(commit.batch)
    assert share not in told(workspace, home.id)


def test_the_first_head_is_no_change_of_head(workspace: Workspace, village: Village, empty: int) -> None:
    household, _ = workspace.buildings.settle(empty)
    workspace.people.add(household, {"name": "𠮷田"})
    assert sorted(told(workspace, household)) == [("File opened", ""), ("Person added", "𠮷田, Head of household")]
    workspace.people.add(household, {"name": "王㐂", "relation": "10"})
    second = next(one for one in workspace.households.file(household).home.members if one.name == "王㐂")
    workspace.life.do("lead", household, {"head": str(second.resident)})
    assert "Head of household changed" in dict(told(workspace, household))


def test_where_tenants_stay_the_door_is_not_vacant(workspace: Workspace, home: Home, empty: int) -> None:
    workspace.life.do("share", home.id, {"name": "王㐂", "day": DAY, "rented": 0})
    workspace.life.do("move", home.id, {"dwelling_id": empty, "day": DAY})
    assert stored(workspace, "dwelling", home.dwelling)["vacancy"] == "occupied"


def test_a_birth_without_the_guardians_consent_is_a_year(workspace: Workspace, village: Village, home: Home) -> None:
    assert {spec.name for spec in workspace.life.form("born", home.id).specs} == {"name", "relation", "birth_year"}
    workspace.life.do("born", home.id, {"name": "李小贝", "relation": "40", "birth_year": 2026})
    assert ("Born", "李小贝, Grandchild") in told(workspace, home.id)
    village.add("consent", household_id=home.id, purpose="file", scope="birth_date", method="guardian",
                given_on="2026-03-01")  # fmt: skip
    assert "birth_date" in {spec.name for spec in workspace.life.form("born", home.id).specs}
    workspace.life.do("born", home.id, {"name": "李小年", "relation": "40", "birth_date": "2026-03-02", "sex": "2"})
    found = workspace.records.page("household_member", where={"valid_from": "2026-03-02"})
    assert [one.values["came_by"] for one in found] == ["born"]
    assert ("Born", "李小年, Grandchild·2 Mar") in told(workspace, home.id)


def test_moving_in_on_a_day(workspace: Workspace, home: Home) -> None:
    workspace.people.add(home.id, {"name": "赵𠮷", "relation": "L2", "valid_from": "2026-02-01"})
    assert ("Moved in", "赵𠮷, Flatmate·1 Feb") in told(workspace, home.id)


def test_a_day_still_to_come_is_refused(workspace: Workspace, home: Home) -> None:
    with pytest.raises(Invalid) as caught:
        workspace.life.do("moved_out", home.id, {"who": str(home.people["李强"]), "day": "2026-03-19"})
    assert list(caught.value.faults) == ["day"]


def test_who_came_and_went_on_one_day_stays_on_the_books_and_may_come_back(workspace: Workspace, home: Home) -> None:
    workspace.people.add(home.id, {"name": "赵六", "relation": "80"}, came_by="moved_in")
    resident = workspace.records.page("resident", where={"name": "赵六"})[0].id
    before = all_values(workspace)
    left = workspace.life.do("moved_out", home.id, {"who": str(resident), "day": TODAY})
    assert "赵六" not in people(workspace, home.id)
    assert former(workspace, home.id) == ["赵六"]
    assert workspace.households.rows([home.id])[0].people == "4 people"
    assert ("Moved out", "赵六") in told(workspace, home.id)
    workspace.life.do("back", home.id, {"who": str(resident), "day": TODAY})
    assert "赵六" in people(workspace, home.id)
    assert former(workspace, home.id) == []
    assert stored(workspace, "resident", resident)["status"] == "in_place"
    workspace.records.undo()
    workspace.records.undo_batch(left.batch)
    assert all_values(workspace) == before


def test_who_joined_and_left_on_one_day(workspace: Workspace, village: Village, home: Home) -> None:
    other = village.household("钱二", "3", "1", "301")
    village.member(other, "钱三", "20")
    goer, before = other.people["钱三"], all_values(workspace)
    acts = [workspace.life.do("join", other.id, {"who": str(goer), "household_id": home.id, "day": TODAY})]
    assert (former(workspace, other.id), len(people(workspace, home.id))) == (["钱三"], 5)
    acts.append(workspace.life.do("join", home.id, {"who": str(goer), "household_id": other.id, "day": TODAY}))
    assert (former(workspace, other.id), former(workspace, home.id)) == ([], ["钱三"])
    acts.append(workspace.life.do("join", other.id, {"who": str(goer), "household_id": home.id, "day": TODAY}))
    acts.append(workspace.life.do("moved_out", home.id, {"who": str(goer), "day": TODAY}))
    assert stored(workspace, "resident", goer)["status"] == "moved_out"
    assert former(workspace, home.id) == former(workspace, other.id) == ["钱三"]
    workspace.life.do("back", home.id, {"who": str(goer), "day": TODAY})
    assert (list(people(workspace, other.id)), "钱三" in people(workspace, home.id)) == (["钱二"], True)
    workspace.records.undo()
    for act in reversed(acts):
        workspace.records.undo_batch(act.batch)
    assert all_values(workspace) == before


def test_without_consent_the_door_and_a_number_are_enough(workspace: Workspace, village: Village, empty: int) -> None:
    household, _ = workspace.buildings.settle(empty)
    workspace.people.save_house(household, {"people_count": 3})
    assert workspace.households.file(household).people == "3 people"
    assert workspace.households.rows([household])[0].people == "3 people"
    view = workspace.buildings.view(village.building("3")).door_of(household)
    assert view is not None
    assert view.people == "3 p."
    workspace.people.add(household, {"name": "孙七", "relation": "02"})
    assert workspace.households.file(household).people == "1 person"


def test_who_belongs_to_two_households_leaves_one(workspace: Workspace, village: Village, home: Home) -> None:
    other = village.household("钱二", "3", "1", "301")
    village.add("household_member", household_id=other.id, resident_id=home.people["李强"], relation="80")
    workspace.life.do("moved_out", other.id, {"who": str(home.people["李强"]), "day": DAY})
    assert "李强" in people(workspace, home.id)
    assert "李强" not in people(workspace, other.id)
    assert stored(workspace, "resident", home.people["李强"])["status"] == "in_place"


def test_who_went_on_came_from_one_and_went_to_another(workspace: Workspace, village: Village, home: Home) -> None:
    second, third = village.household("钱二", "3", "1", "301"), village.household("孙七", "3", "1", "401")
    who = str(home.people["李强"])
    workspace.life.do("join", home.id, {"who": who, "household_id": second.id, "day": "2026-03-01"})
    workspace.life.do("join", second.id, {"who": who, "household_id": third.id, "day": DAY})
    assert [line for line in told(workspace, second.id) if "李强" in line[1]] == [
        ("Went to another household", "李强·10 Mar·孙七, 3栋1单元401"),
        ("Came from another household", "李强·1 Mar·陈桂芳, 3栋1单元202"),
    ]


def heads(workspace: Workspace, household: int) -> list[str]:
    """Whom the household names, and who says of himself to be its head."""
    named = stored(workspace, "household", household)["head_id"]
    return [
        one.name
        for one in workspace.households.file(household).home.members
        if one.relation == "Head of household" and one.resident == named
    ]


def membership(workspace: Workspace, household: int, name: str) -> int:
    return next(one.membership for one in workspace.households.file(household).home.members if one.name == name)


def test_no_household_is_left_without_a_head(workspace: Workspace, village: Village, home: Home) -> None:
    with pytest.raises(Problem, match="Say who is head"):
        workspace.life.let_go(home.id, membership(workspace, home.id, "陈桂芳"))
    assert workspace.life.asks_who_leads(home.id, home.people["陈桂芳"])
    assert not workspace.life.asks_who_leads(home.id, home.people["李强"])
    pair = village.household("钱二", "3", "1", "301")
    village.member(pair, "钱红", "30", "1990-01-01")
    workspace.life.let_go(pair.id, membership(workspace, pair.id, "钱二"))
    assert heads(workspace, pair.id) == ["钱红"]


def test_a_household_has_one_head_whatever_is_written_in_a_persons_form(workspace: Workspace, home: Home) -> None:
    with pytest.raises(Invalid, match="Life events"):
        workspace.people.add(home.id, {"name": "新来的", "relation": "02"})
    for name, relation in (("李强", "02"), ("陈桂芳", "50")):
        with pytest.raises(Invalid, match="Life events"):
            workspace.people.save(home.id, membership(workspace, home.id, name), {"relation": relation})
    workspace.people.save(home.id, membership(workspace, home.id, "陈桂芳"), {"name": "陈桂芬", "relation": "02"})
    assert heads(workspace, home.id) == ["陈桂芬"]


def test_who_joins_a_household_of_nobody_leads_it(
    workspace: Workspace, village: Village, home: Home, empty: int
) -> None:
    other = village.add("household", dwelling_id=empty, status="active", people_count=2)
    goers = [home.people["李强"], home.people["王芳"]]
    asked = {"who": " ".join(map(str, goers)), "household_id": other, "day": DAY}
    with pytest.raises(Invalid) as caught:
        workspace.life.do("join", home.id, {**asked, "household_id": home.id})
    assert "already" in str(caught.value.faults["household_id"])
    workspace.life.do("join", home.id, asked)
    assert heads(workspace, other) == ["李强"]
    more = {"who": str(home.people["李小宝"]), "household_id": other, "day": DAY}
    with pytest.raises(Invalid) as caught:
        workspace.life.do("join", home.id, {**more, f"relation_{home.people['李小宝']}": "02"})
    assert "one head" in str(caught.value.faults["household_id"])


def test_what_a_household_asked_for_goes_along_or_is_over(workspace: Workspace, village: Village, home: Home) -> None:
    other = village.household("钱二", "3", "1", "301")
    care = village.care(other)
    workspace.needs.raise_need(other.id, {"title": "装扶手", "need_kind": "housing"})
    need = workspace.records.page("need")[0].id
    joined = workspace.life.do(
        "join", other.id, {"who": str(other.people["钱二"]), "household_id": home.id, "day": DAY}
    )
    assert stored(workspace, "need", need)["household_id"] == home.id
    assert stored(workspace, "care_membership", care)["household_id"] == home.id
    workspace.records.undo_batch(joined.batch)
    workspace.life.do("moved_out", other.id, {"who": str(other.people["钱二"]), "day": DAY})
    assert stored(workspace, "care_membership", care)["end_on"] == DAY
    assert (stored(workspace, "need", need)["status"], stored(workspace, "need", need)["answer"]) == (
        "declined", "The household moved out.",
    )  # fmt: skip


def test_who_died_belongs_nowhere(workspace: Workspace, village: Village, home: Home) -> None:
    other = village.household("钱二", "3", "1", "301")
    son = home.people["李强"]
    village.add("household_member", household_id=other.id, resident_id=son, relation="80")
    before = all_values(workspace)
    told = {"one": str(son), "day": DAY}
    commit = workspace.life.do("died", home.id, told)
    assert "李强" not in people(workspace, other.id)
    workspace.records.undo_batch(commit.batch)
    assert all_values(workspace) == before
    village.member(other, "钱红", "30", "1990-01-01")
    village.change("household", other.id, {"head_id": son})
    with pytest.raises(Invalid) as caught:
        workspace.life.do("died", home.id, told)
    assert "another household too" in str(caught.value.faults["head"])


def test_nobody_leaves_before_they_came(workspace: Workspace, home: Home) -> None:
    workspace.people.add(home.id, {"name": "租客", "relation": "L2", "valid_from": "2026-02-01"})
    tenant = workspace.records.page("resident", where={"name": "租客"})[0].id
    with pytest.raises(Invalid) as caught:
        workspace.life.do("moved_out", home.id, {"who": str(tenant), "day": "2026-01-01"})
    assert "2026-02-01" in str(caught.value.faults["day"])
    assert "租客" in people(workspace, home.id)


def test_days_that_cannot_be(workspace: Workspace, home: Home) -> None:
    for field, value in (("valid_from", "2027-01-01"), ("birth_year", 2030)):
        with pytest.raises(Invalid, match="still to come"):
            workspace.people.add(home.id, {"name": "新来的", "relation": "80", field: value})
    with pytest.raises(Invalid) as caught:
        workspace.life.do("died", home.id, {"one": str(home.people["王芳"]), "day": "1975-12-31"})
    assert str(caught.value.faults["day"]) == "This lies before they were born."


def test_a_birth_that_was_taken_back_is_told_once_and_no_more_when_it_is_brought_back(
    workspace: Workspace, home: Home
) -> None:
    born = workspace.life.do("born", home.id, {"name": "李小妹", "relation": "41", "birth_year": 2026})
    undone = workspace.records.undo_batch(born.batch)
    assert "李小妹" not in people(workspace, home.id)
    assert ("Taken back: Born", "李小妹") in told(workspace, home.id)
    moments = workspace.households.file(home.id).moments
    assert next(one for one in moments if one.body == "李小妹").right.endswith("周敏")
    shown = workspace.households.file(home.id, sharing=True).moments
    assert not any("李小妹" in one.body for one in shown)
    workspace.records.undo_batch(undone.commit.batch)
    assert "李小妹" in people(workspace, home.id)
    assert ("Taken back: Born", "李小妹") not in told(workspace, home.id)


def test_of_another_household_nothing_is_told_that_was_taken_back(
    workspace: Workspace, village: Village, home: Home
) -> None:
    other = village.household("钱二", "3", "1", "301")
    added = workspace.people.add(other.id, {"name": "钱三", "relation": "20"})
    workspace.records.undo_batch(added.batch)
    assert ("Taken back: Person added", "钱三") in told(workspace, other.id)
    assert not any("钱三" in body for _, body in told(workspace, home.id))


def test_who_joined_today_is_not_taken_for_a_mistake(workspace: Workspace, village: Village, home: Home) -> None:
    other = village.household("钱二", "3", "1", "301")
    came = {"who": str(other.people["钱二"]), "household_id": home.id, "day": "2026-03-18"}
    workspace.life.do("join", other.id, came)
    workspace.life.let_go(home.id, membership(workspace, home.id, "钱二"))
    assert stored(workspace, "resident", other.people["钱二"])["status"] == "moved_out"


def test_moving_back_in(workspace: Workspace, village: Village, home: Home) -> None:
    everybody = " ".join(map(str, home.people.values()))
    workspace.life.do("moved_out", home.id, {"who": everybody, "day": DAY})
    with pytest.raises(Problem, match="moved out"):
        workspace.people.add(home.id, {"name": "陈桂芳", "relation": "02"})
    with pytest.raises(Problem, match="moved out"):
        workspace.needs.raise_need(home.id, {"title": "装扶手", "need_kind": "housing"})
    back = {"who": f"{home.people['李强']} {home.people['王芳']}", "day": "2026-03-15"}
    with pytest.raises(Invalid) as caught:
        workspace.life.do("back", home.id, back)
    assert str(caught.value.faults["head"]) == "Say who is head of the household now."
    workspace.life.do("back", home.id, {**back, "head": str(home.people["李强"])})
    assert people(workspace, home.id) == {"李强": "Head of household", "王芳": "Spouse"}
    assert stored(workspace, "household", home.id)["status"] == "active"
    assert stored(workspace, "dwelling", home.dwelling)["vacancy"] == "occupied"
    assert ("Moved in", "王芳, Spouse·15 Mar") in told(workspace, home.id)
    workspace.life.do("back", home.id, {"who": str(home.people["陈桂芳"]), "day": "2026-03-16"})
    assert heads(workspace, home.id) == ["李强"]
    assert former(workspace, home.id) == ["李小宝"]
    assert stored(workspace, "resident", home.people["陈桂芳"])["status"] == "in_place"


def test_new_households_have_numbers_to_quote(workspace: Workspace, home: Home, empty: int) -> None:
    workspace.life.do("split", home.id, {"who": str(home.people["李强"]), "dwelling_id": empty, "day": DAY})
    workspace.life.do("share", home.id, {"name": "租客", "day": DAY})
    numbers = [
        str(found.values["household_no"]) for found in workspace.records.page("household") if found.id != home.id
    ]
    assert sorted(numbers) == ["H01-260318-01", "H01-260318-02"]


def test_a_plain_membership_keeps_to_one_head(workspace: Workspace, village: Village, home: Home) -> None:
    def save(record: int | None = None, /, **values: Any) -> None:
        workspace.records.save("household_member", values, record)

    known = workspace.records.page("household_member", where={"household_id": home.id})
    head, son = (next(one.id for one in known if one.values["resident_id"] == home.people[name])
                 for name in ("陈桂芳", "李强"))  # fmt: skip
    stranger = village.add("resident", name="钱二", status="in_place")
    before = all_values(workspace)
    with pytest.raises(Invalid, match="has a head"):
        save(household_id=home.id, resident_id=stranger, relation="02")
    with pytest.raises(Invalid, match="has a head"):
        save(son, relation="02")
    with pytest.raises(Invalid, match="head of this household"):
        save(head, relation="80")
    assert all_values(workspace) == before
    save(household_id=home.id, resident_id=stranger, relation="02", valid_from="2020-01-01", valid_to="2020-12-31")
    empty = village.add("household", status="active")
    save(household_id=empty, resident_id=stranger, relation="02")
    assert stored(workspace, "household", empty)["head_id"] == stranger
    workspace.records.undo()
    assert stored(workspace, "household", empty)["head_id"] is None


def test_who_was_only_written_down_as_dead_leads_nobody_and_goes_nowhere(
    workspace: Workspace, village: Village, home: Home
) -> None:
    other = village.household("孙老", "3", "1", "501")
    son = village.member(other, "孙子", "20")
    dead = other.people["孙老"]
    village.change("resident", dead, {"status": "deceased"})
    for act, values in (
        ("join", {"who": f"{dead} {son}", "household_id": home.id}),
        ("split", {"who": str(dead), "new_head": str(dead), "dwelling_id": home.dwelling}),
    ):
        with pytest.raises(Invalid, match="One of them died"):
            workspace.life.do(act, other.id, {"day": DAY, **values})
    with pytest.raises(Invalid, match="Say who is head"):
        workspace.life.do("lead", other.id, {"head": str(dead)})
    before = all_values(workspace)
    commit = workspace.life.do("moved_out", other.id, {"who": str(son), "day": DAY})
    assert stored(workspace, "household", other.id)["status"] == "moved_out"
    assert people(workspace, other.id) == {}
    workspace.records.undo_batch(commit.batch)
    assert all_values(workspace) == before


def test_a_death_on_the_day_they_came_is_told_once(workspace: Workspace, village: Village, home: Home) -> None:
    today = workspace.session.today().isoformat()
    workspace.life.do("born", home.id, {"name": "早早", "relation": "40", "birth_year": 2026})
    child = next(one.id for one in workspace.records.page("resident") if one.values["name"] == "早早")
    workspace.life.do("died", home.id, {"one": str(child), "day": today})
    assert former(workspace, home.id) == ["早早"]
    assert "早早" not in people(workspace, home.id)
    with pytest.raises(Invalid):
        workspace.life.do("died", home.id, {"one": str(child), "day": today})


def test_what_cannot_be_is_said_beside_a_field_of_the_form(workspace: Workspace, village: Village, home: Home) -> None:
    """Who lives alone is not asked who leads them."""
    alone = village.household("钱二", "3", "1", "301")
    qian = alone.people["钱二"]
    village.add("household_member", household_id=home.id, resident_id=qian, relation="02")
    village.change("household", home.id, {"head_id": qian})
    with pytest.raises(Invalid) as caught:
        workspace.life.do("died", alone.id, {"one": str(qian), "day": DAY})
    assert (set(caught.value.faults), str(caught.value)) == (
        {"one"}, "Who: They are head of another household too: choose another head there first.")  # fmt: skip


def in_estate(village: Village, estate: str) -> int:
    """A door that is called as the one they live behind, in another estate."""
    building = village.add("building", grid_id=village.grid, estate_name=estate, building_name="3")
    return village.add("dwelling", building_id=building, unit_no="1", room_no="202")


def test_a_move_to_the_same_door_of_another_estate_names_the_estate(
    workspace: Workspace, village: Village, home: Home, empty: int
) -> None:
    village.change("building", village.building("3"), {"estate_name": "师院南苑"})
    workspace.life.do("move", home.id, {"dwelling_id": empty, "day": TODAY})
    assert change_of(workspace, home.id, "Moved to another door").change == ("3栋1单元202", "3栋2单元501")
    workspace.life.do("move", home.id, {"dwelling_id": in_estate(village, "湖滨花园"), "day": TODAY})
    moves = [one.change for one in workspace.households.file(home.id).moments if one.title == "Moved to another door"]
    assert ("师院南苑 3栋2单元501", "湖滨花园 3栋1单元202") in moves


def test_who_went_to_another_estate_is_told_with_it(workspace: Workspace, village: Village, home: Home) -> None:
    village.change("building", village.building("3"), {"estate_name": "师院南苑"})
    wang, far = home.people["王芳"], in_estate(village, "湖滨花园")
    workspace.life.do("split", home.id, {"who": str(wang), "dwelling_id": far, "day": TODAY})
    there = newest(workspace, home.id)
    assert ("Made a household of their own", "王芳·王芳, 湖滨花园 3栋1单元202") in told(workspace, home.id)
    assert any("陈桂芳, 师院南苑 3栋1单元202" in body for _, body in told(workspace, there))


@pytest.mark.parametrize(("act", "who"), [("moved_out", "who"), ("died", "one")])
def test_care_that_began_after_the_day_that_is_told_ends_on_its_first(
    workspace: Workspace, village: Village, home: Home, act: str, who: str
) -> None:
    """It is told today what happened last week: nothing ends before it began."""
    care = village.care(home, "C3", person="王芳", arrangement="2", start="2026-03-15")
    workspace.life.do(act, home.id, {who: str(home.people["王芳"]), "day": DAY})
    assert stored(workspace, "care_membership", care)["end_on"] == "2026-03-15"


def test_who_or_where_is_said_beside_what_was_chosen(workspace: Workspace, village: Village, home: Home) -> None:
    """Nobody looks for it beside the head of the household, which may not even be asked for."""
    everybody = " ".join(map(str, home.people.values()))
    wang, dead = home.people["王芳"], home.people["李强"]
    village.change("resident", dead, {"status": "deceased"})  # as another device may have told
    acts: dict[str, tuple[str, dict[str, object]]] = {
        "household_id": ("join", {"who": str(wang), "household_id": home.id}),
        "who": ("join", {"who": str(dead), "household_id": village.household("钱二", "3", "1", "301").id}),
    }
    for field, (act, values) in acts.items():
        with pytest.raises(Invalid) as caught:
            workspace.life.do(act, home.id, {**values, "day": TODAY})
        assert caught.value.faults.keys() == {field}, act
    with pytest.raises(Invalid) as caught:
        workspace.life.do("split", home.id, {"who": everybody, "dwelling_id": home.dwelling, "day": TODAY})
    assert caught.value.faults.keys() == {"who"}
