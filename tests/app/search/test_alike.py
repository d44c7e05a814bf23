"""While a person is typed, whoever they may be already is shown with the facts, and nothing is held up."""

import pytest

from gridworker.app.workspace import Workspace
from tests.village import Home, Village

NUMBER = "11010519491231002X"


@pytest.fixture
def chen(village: Village) -> Home:
    home = village.household("陈桂芳", "3", "1", "202", birth="1948-02-01")
    village.change("resident", home.people["陈桂芳"], {"phones": "13800000142"})
    return home


@pytest.fixture
def elsewhere(village: Village, chen: Home) -> Home:
    return village.household("钱二", "5", "2", "301")


def found(workspace: Workspace, household: int, **values: object) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.name, one.facts) for one in workspace.alike.to(household, values)]


def test_same_sound_and_birth(workspace: Workspace, elsewhere: Home) -> None:
    assert found(workspace, elsewhere.id, name="陈贵芳", birth_date="1948-02-01") == [
        ("陈桂芳", ("Name sounds the same", "Born on the same day"))
    ]


def test_same_sound_and_phone_written_with_spaces(workspace: Workspace, elsewhere: Home) -> None:
    assert found(workspace, elsewhere.id, name="陈贵房", phones="138 0000 0142") == [
        ("陈桂芳", ("Name sounds the same", "Same phone"))
    ]


def test_the_household_at_hand(workspace: Workspace, chen: Home) -> None:
    view = workspace.alike.to(chen.id, {"name": "陈桂芳"})[0]
    assert view.here
    assert view.facts == ("Same name", "In this household")
    assert view.about == "78 y·3栋1单元202"


def test_a_name_alone_is_not_shown(workspace: Workspace, elsewhere: Home) -> None:
    assert found(workspace, elsewhere.id, name="陈桂芳") == []
    assert found(workspace, elsewhere.id, name="陈桂芳", birth_date="1990-11-23") == []


def test_the_id_number_in_either_form(workspace: Workspace, village: Village, elsewhere: Home) -> None:
    village.member(elsewhere, "周六", "80", id_number="110105491231002")
    assert found(workspace, elsewhere.id, id_number=NUMBER)[0][1][0] == "Same ID number"
    village.member(elsewhere, "吴七", "80", id_number="420202197001010010")
    assert found(workspace, elsewhere.id, name="吴七", id_number="420202197001010010")[0][0] == "吴七"


def test_who_left_is_told_apart(workspace: Workspace, village: Village, chen: Home, elsewhere: Home) -> None:
    village.change("resident", chen.people["陈桂芳"], {"status": "deceased"})
    view = workspace.alike.to(elsewhere.id, {"name": "陈桂芳", "birth_year": 1948})[0]
    assert view.gone
    assert view.about == "78 y·3栋1单元202·Deceased"


def test_half_typed_and_wrong_values_are_passed_over(workspace: Workspace, elsewhere: Home) -> None:
    assert found(workspace, elsewhere.id, name="", id_number="42020") == []
    assert found(workspace, elsewhere.id, name="...", birth_date="1948-13-40", birth_year="x", phones="1") == []


def test_it_never_stands_in_the_way(workspace: Workspace, elsewhere: Home) -> None:
    workspace.people.add(elsewhere.id, {"name": "陈桂芳", "relation": "80", "birth_year": 1948})
    assert len(workspace.records.page("resident", where={"name": "陈桂芳"})) == 2


def test_while_others_look_on(workspace: Workspace, elsewhere: Home) -> None:
    view = workspace.alike.to(elsewhere.id, {"name": "陈桂芳", "birth_year": 1948}, sharing=True)[0]
    assert (view.name, view.about) == ("陈**", "3栋1单元202")


def test_of_a_common_name_the_year_alone_says_nothing(workspace: Workspace, village: Village, elsewhere: Home) -> None:
    for number in range(7):
        village.household("张伟", "7", "1", f"{number + 1}01", birth=f"{1950 + number}-04-05")
    assert found(workspace, elsewhere.id, name="章威", birth_year=1953) == []
    assert found(workspace, elsewhere.id, name="章威", birth_date="1953-04-05")[0] == (
        "张伟",
        ("Name sounds the same", "Born on the same day"),
    )
    village.household("欧阳朔", "8", "1", "101", birth="1953-04-05")
    assert [name for name, _ in found(workspace, elsewhere.id, name="欧阳硕", birth_year=1953)] == ["欧阳朔"]


def test_only_who_is_found_by_the_id_number_is_so(workspace: Workspace, village: Village, elsewhere: Home) -> None:
    village.member(elsewhere, "周六", "80", id_number=NUMBER, birth="1949-12-31")
    by_number = workspace.alike.to(elsewhere.id, {"name": "吴九", "id_number": NUMBER})
    by_name = workspace.alike.to(elsewhere.id, {"name": "周六", "birth_date": "1949-12-31"})
    assert [one.by_number for one in (*by_number, *by_name)] == [True, False]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("曾国强", "增国强"), ("单雄信", "善雄信"), ("仇英", "求英"), ("解珍", "谢珍"), ("查良", "扎良"),
        ("阿不都·热合曼", "阿不都热合曼"), ("阿不都·热合曼", "阿不都．热合曼"), ("王㐂", "王㐂"), ("李𠮷", "李𠮷"),
        ("陈桂芬", "陳桂芬"), ("李明", "李 明"),
    ],
)  # fmt: skip
def test_the_same_person_written_otherwise(workspace: Workspace, village: Village, name: str, typed: str) -> None:
    village.household(name, "6", "1", "101", birth="1955-06-07")
    home = village.household("钱二", "5", "2", "301")
    assert [one[0] for one in found(workspace, home.id, name=typed, birth_date="1955-06-07")] == [name]
    assert [one[0] for one in found(workspace, home.id, name=typed, birth_date="1955-06-09")] == [name]
    assert found(workspace, home.id, name=typed, birth_date="1983-11-23") == []


def test_twins_and_father_and_son_are_not_taken_for_one(workspace: Workspace, village: Village) -> None:
    home = village.household("李大山", "6", "1", "101", birth="1955-06-07")
    village.change("resident", home.people["李大山"], {"phones": "13800000177"})
    village.member(home, "李明亮", "20", birth="2001-02-03")
    assert found(workspace, home.id, name="李明辉", birth_date="2001-02-03", phones="13800000177") == []
    assert found(workspace, home.id, name="李大川", birth_date="1980-02-03", phones="13800000177") == []


@pytest.mark.parametrize(
    ("name", "typed"), [("陈桂芳", "程桂房"), ("林玲", "宁林"), ("黄诗", "方思"), ("冯辉", "洪飞"), ("张明", "臧敏")]
)
def test_as_who_mixes_sounds_hears_a_name(workspace: Workspace, village: Village, name: str, typed: str) -> None:
    village.household(name, "6", "1", "101", birth="1955-06-07")
    village.household("钱二", "6", "1", "102")
    beside, elsewhere = village.household("孙三", "6", "1", "201"), village.household("李四", "5", "2", "301")
    assert found(workspace, beside.id, name=typed, birth_date="1955-06-07") == [
        (name, ("Name sounds nearly the same", "Born on the same day", "In the same building"))
    ]
    assert found(workspace, beside.id, name=typed, birth_date="1983-11-23") == []
    assert found(workspace, elsewhere.id, name=typed, birth_date="1955-06-07") == []


def test_brother_and_sister_of_near_names_are_not_taken_for_one(workspace: Workspace, village: Village) -> None:
    home = village.household("李林", "6", "1", "101", birth="1998-06-07")
    village.change("resident", home.people["李林"], {"phones": "13800000177"})
    assert found(workspace, home.id, name="李玲", birth_date="2001-02-03", phones="13800000177") == []
    assert found(workspace, home.id, name="李玲", phones="13800000177") == []


def test_who_sounds_the_same_comes_before_who_sounds_nearly_so(workspace: Workspace, village: Village) -> None:
    home = village.household("程桂房", "6", "1", "101", birth="1948-02-01")
    village.household("陈贵芳", "7", "1", "101", birth="1948-02-01")
    assert [name for name, _ in found(workspace, home.id, name="陈桂芳", birth_date="1948-02-01")] == [
        "陈贵芳",
        "程桂房",
    ]


def test_the_same_door_in_another_estate_is_told_apart(workspace: Workspace, village: Village, chen: Home) -> None:
    building = village.add("building", grid_id=village.grid, estate_name="湖滨花园", building_name="3")
    door = village.add("dwelling", building_id=building, unit_no="1", room_no="202")
    there = village.add("household", dwelling_id=door, status="active")
    typed = {"name": "陈桂芳", "birth_date": "1948-02-01"}
    village.change("building", village.building("3"), {"estate_name": "师院南苑"})
    assert [one.about for one in workspace.alike.to(there, typed)] == ["78 y·师院南苑·3栋1单元202"]
    assert [one.about for one in workspace.alike.to(chen.id, typed)] == ["78 y·3栋1单元202"]
