"""Ledgers that were lost in part or read wrongly when they were first met."""

from pathlib import Path

import pytest

from gridworker.sheets.people import Roster
from gridworker.sheets.roster import read_roster
from tests.sheets.ledgers import TODAY, Looks, Made, Rows, id_number, keys, problems, reading, xlsx

A, B, C, D = (id_number(f"19{year}0526", order) for order, year in enumerate((70, 71, 92, 53), start=1))


def people(roster: Roster) -> list[tuple[str, str | None, str | None]]:
    return [(one.name, one.household.key if one.household else None, one.relation) for one in roster.residents]


def test_heads_with_numbers_beside_the_first_of_their_members_are_people(tmp_path: Path) -> None:
    rows: Rows = [
        ["住址", "户主信息", "", "", "家庭成员信息", "", ""],
        ["", "姓名", "身份证号", "联系电话", "姓名", "与户主关系", "身份证号"],
        ["3-1-501", "江一", A, "13800000142", "何一", "妻子", B],
        ["", "", "", "", "江二", "儿子", C],
        ["3-1-502", "李一", D, "", "", "", ""],
    ]
    looks = Looks(merged={"台账": [(0, 1, 0, 3), (0, 4, 0, 6), (2, 0, 3, 0), (2, 1, 3, 1)]})
    roster = read_roster(xlsx(tmp_path / "a.xlsx", {"台账": rows}, looks), today=TODAY)
    assert people(roster) == [
        ("江一", "3|1|501", "户主"), ("何一", "3|1|501", "妻子"),
        ("江二", "3|1|501", "儿子"), ("李一", "3|1|502", "户主"),
    ]  # fmt: skip
    assert [one.id_number for one in roster.residents] == [A, B, C, D]
    assert [one.phones for one in roster.residents] == [("13800000142",), (), (), ()]
    assert not problems(roster)
    assert not roster.passed_over


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (["户主姓名", "户主身份证号", "家庭成员", "身份证", "关系", "住址"], ["江一", A, "江一", A, "户主", ""]),
        (["户主姓名", "户主身份证号", "姓名", "身份证号", "类别", "住址"], ["江一", A, "江二", B, "残疾", "3-1-501"]),
    ],
    ids=["the head is a member", "a list of somebody else"],
)  # fmt: skip
def test_heads_beside_others_are_no_more_people_than_before(
    tmp_path: Path, header: list[Made], row: list[Made]
) -> None:
    assert [one.name for one in reading(tmp_path, [header, row]).residents] == [row[2]]


@pytest.mark.parametrize("who", ["房主", "业主"])
def test_who_owns_a_door_that_is_not_let_lives_there(tmp_path: Path, who: str) -> None:
    rows: Rows = [
        ["楼栋", "单元", "房号", f"{who}姓名", f"{who}电话", "租户姓名", "租户电话"],
        ["6", "1", "101", "江一", "13800000141", "何一", "13800000142"],
        ["6", "1", "102", "江二", "13800000143", "", ""],
    ]
    roster = reading(tmp_path, rows)
    assert people(roster) == [("何一", "6|1|101", "租户"), ("江二", "6|1|102", None)]
    assert [one.phones for one in roster.residents] == [("13800000142",), ("13800000143",)]


@pytest.mark.parametrize("other", ["房东姓名", "配偶姓名", "监护人"])
def test_a_row_that_names_only_somebody_else_is_not_lost_without_a_word(tmp_path: Path, other: str) -> None:
    rows: Rows = [
        ["住址", "姓名", other, "网格员"],
        ["3-1-501", "江一", "何一", "李四"],
        ["3-1-502", "", "何二", "李四"],
    ]
    roster = reading(tmp_path, [*rows, ["3-1-503", "", "", "李四"], ["3-1-504", "", "无", "李四"]])
    assert [one.name for one in roster.residents] == ["江一"]
    assert [one.row for one in roster.passed_over] == [3]


@pytest.mark.parametrize("header", ["2024年", "2024年度", "2024年3月", "3月", "一季度", "上半年", "2024.3"])
def test_a_tick_under_a_year_says_nothing_of_the_person(tmp_path: Path, header: str) -> None:
    rows: Rows = [["姓名", "住址", header, "低保"], ["江一", "3-1-501", "√", "√"], ["江二", "3-1-502", "√", ""]]
    assert [one.tags for one in reading(tmp_path, rows).residents] == [("低保",), ()]


def test_beside_members_behind_their_relations_the_heads_are_the_people(tmp_path: Path) -> None:
    rows: Rows = [["住址", "户主", "家庭成员", "联系电话"], ["3-1-501", "江一", "妻：何一 子：江二", "13800000142"]]
    roster = reading(tmp_path, [*rows, ["3-1-502", "李一", "", ""]])
    assert people(roster) == [("江一", "3|1|501", "户主"), ("李一", "3|1|502", "户主")]
    assert [one.values["detail"] for one in roster.findings if one.kind == "others_ignored"] == ["家庭成员"]


def test_columns_that_name_the_family_say_so(tmp_path: Path) -> None:
    rows: Rows = [["户主", "住址", "子女1", "家庭成员情况", "父母"], ["江一", "3-1-501", "江二", "妻何一", "江老"]]
    roster = reading(tmp_path, rows)
    told = [one.values["detail"] for one in roster.findings if one.kind == "others_ignored"]
    assert (keys(roster), told) == (["3|1|501"], ["子女1", "家庭成员情况", "父母"])


@pytest.mark.parametrize(
    ("cell", "phones"),
    [("江一：0714-6350001", ("0714-6350001",)), ("江一13800000141/13800000142", ("13800000141", "13800000142"))],
)
def test_any_phones_behind_a_name_are_no_part_of_it(tmp_path: Path, cell: str, phones: tuple[str, ...]) -> None:
    (person,) = reading(tmp_path, [["门牌", "姓名/电话"], ["3-1-501", cell]]).residents
    assert (person.name, person.phones) == ("江一", phones)


@pytest.mark.parametrize("cell", ["3栋1单元501江一", "3-1-501 江一", "5号楼501室江一"])
def test_a_door_with_a_name_in_one_cell_is_nobodys_name(tmp_path: Path, cell: str) -> None:
    roster = reading(tmp_path, [["住址及姓名", "身份证号"], [cell, A]])
    assert roster.residents == []
    assert problems(roster) == {(2, "name_missing")}


def test_tags_with_numbers_between_are_several(tmp_path: Path) -> None:
    rows: Rows = [["姓名", "住址", "人员类别"], ["江一", "3-1-501", "1.低保2.残疾"], ["江二", "3-1-502", "肢体2级"]]
    assert [one.tags for one in reading(tmp_path, rows).residents] == [("低保", "残疾"), ("肢体2级",)]


@pytest.mark.parametrize("line", [["联系人", "江二", "13800000142"], ["", "联系人", "13800000142"]])
def test_whom_to_ask_below_a_list_is_nobody(tmp_path: Path, line: list[Made]) -> None:
    rows: Rows = [["姓名", "住址", "电话"], ["江一", "3-1-501", ""], ["何一", "3-1-502", ""], [], line]
    assert [one.name for one in reading(tmp_path, rows).residents] == ["江一", "何一"]


def test_the_word_of_the_standard_for_heads_is_known(tmp_path: Path) -> None:
    roster = reading(tmp_path, [["姓名", "与户主关系", "住址"], ["江一", "本人或户主", "3-1-501"]])
    assert not problems(roster)
    assert roster.households[0].head == "江一"


@pytest.mark.parametrize(
    ("other", "asked"),
    [
        ({}, True),
        ({"性别": "女"}, True),
        ({"性别": "男"}, True),
        ({"出生日期": "1980-05-27"}, False),
        ({"出生日期": "1980年5月"}, False),
        ({"变动情况": "迁出"}, False),
        ({"姓名": "江某"}, False),
        ({"住址": "3-1-501"}, False),
    ],
)  # fmt: skip
def test_one_name_and_birth_date_behind_two_doors_is_asked_about(
    tmp_path: Path, other: dict[str, str], *, asked: bool
) -> None:
    one = {"姓名": "江一", "性别": "", "出生日期": "1980-05-26", "住址": "3-1-501", "变动情况": ""}
    rows: Rows = [list(one), list(one.values()), list((one | {"住址": "3-1-502"} | other).values())]
    roster = reading(tmp_path, rows)
    assert [found.row for found in roster.findings if found.kind == "name_elsewhere"] == [3] * asked


def test_namesakes_with_numbers_of_their_own_are_not_asked_about(tmp_path: Path) -> None:
    rows: Rows = [["姓名", "身份证号", "住址"], ["江一", A, "3-1-501"]]
    rows = [*rows, ["江一", id_number("19700526", 9), "3-1-502"]]
    assert reading(tmp_path, rows).findings == []


@pytest.mark.parametrize("cell", ["（示例，请删除）", "【以下为租户】"])
def test_a_remark_in_brackets_is_nobody(tmp_path: Path, cell: str) -> None:
    rows: Rows = [["姓名", "住址", "电话"], ["江一", "3-1-501", ""], [cell, "", ""], ["(江二)", "3-1-502", ""]]
    assert [one.name for one in reading(tmp_path, rows).residents] == ["江一", "(江二)"]


@pytest.mark.parametrize(
    ("door", "key"),
    [
        (["3", "2", "2-502"], "3|2|502"),
        (["3", "2", "5-502"], "3|2|502"),
        (["3", "2", "502-1"], "3|2|502-1"),
        (["3", "2", "4-502"], "3|2|4-502"),
        (["3", "", "2-502"], "3|2|502"),
    ],
)
def test_a_room_that_says_unit_or_floor_once_more_is_the_room(tmp_path: Path, door: list[Made], key: str) -> None:
    rows: Rows = [["楼栋", "单元", "室", "姓名"], ["3", "1", "101", "何一"], [*door, "江一"]]
    assert keys(reading(tmp_path, rows))[-1] == key


def test_a_floor_before_a_room_is_no_part_of_it(tmp_path: Path) -> None:
    assert keys(reading(tmp_path, [["姓名", "现住址"], ["江一", "3栋二单元5-502"]])) == ["3|2|502"]


def test_two_numbers_of_households_behind_one_door_are_behind_it_both(tmp_path: Path) -> None:
    rows: Rows = [["户号", "姓名", "住址"], ["A", "江一", "3-1-501"], ["A", "江二", ""], ["B", "李一", "3-1-501"]]
    assert keys(reading(tmp_path, [*rows, ["B", "李二", ""]])) == ["3|1|501"] * 4


def test_the_phone_behind_the_head_is_not_that_of_a_member(tmp_path: Path) -> None:
    header: list[Made] = ["户主", "电话", "姓名", "与户主关系", "电话", "住址"]
    rows: Rows = [header, ["江一", "13800000141", "何一", "妻", "13800000142", "3-1-501"]]
    rows = [*rows, ["李一", "13800000143", "李一", "户主", "", "3-1-502"], ["", "", "李二", "子", "", ""]]
    roster = reading(tmp_path, rows)
    assert [one.phones for one in roster.residents] == [("13800000142",), ("13800000143",), ()]
    assert [home.phone for home in roster.households] == ["13800000141", "13800000143"]


@pytest.mark.parametrize("cell", ["①江一", "⑴江一", "1、江一", "（1）江一"])
def test_a_number_before_a_name_is_no_part_of_it(tmp_path: Path, cell: str) -> None:
    assert [one.name for one in reading(tmp_path, [["姓名", "住址"], [cell, "3-1-501"]]).residents] == ["江一"]


@pytest.mark.parametrize("cell", ["公元1968年2月26日", "公历1968年2月26日", "阳历1968.2.26"])
def test_a_day_by_the_usual_calendar_is_one_whatever_that_is_called(tmp_path: Path, cell: str) -> None:
    rows: Rows = [["姓名", "出生日期", "住址"], ["江一", cell, "3-1-501"]]
    assert [one.birth_date for one in reading(tmp_path, rows).residents] == ["1968-02-26"]


@pytest.mark.parametrize(
    ("name", "number", "read"),
    [("空挂户", C, True), ("户主表", A, False), ("填写示例", C, False), ("空挂户", "", False)],
)
def test_a_list_of_heads_beside_people_is_read_where_it_is_of_others(
    tmp_path: Path, name: str, number: str, *, read: bool
) -> None:
    people: Rows = [["姓名", "身份证号", "与户主关系", "住址"], ["江一", A, "户主", "3-1-501"], ["何一", B, "妻", ""]]
    heads: Rows = [["户主", "户籍地址", "身份证号"], ["李一" if read else "江一", "3-1-502", number]]
    path = xlsx(tmp_path / "a.xlsx", {"常住": people, name: heads})
    roster = read_roster(path, today=TODAY)
    assert [one.name for one in roster.residents] == ["江一", "何一", *["李一"] * read]
    assert [one.sheet for one in roster.findings if one.kind == "sheet_ignored"] == [name] * (not read)
    assert not problems(roster)


def test_husband_and_wife_beside_each_other_are_two_people(tmp_path: Path) -> None:
    header: list[Made] = ["住址", "男方姓名", "男方身份证号", "女方姓名", "女方身份证号"]
    roster = reading(tmp_path, [header, ["3-1-501", "江一", A, "何一", B], ["3-1-502", "", "", "李一", C]])
    assert [(one.name, one.id_number) for one in roster.residents] == [("江一", A), ("何一", B), ("李一", C)]
    assert keys(roster) == ["3|1|501", "3|1|501", "3|1|502"]


def test_wives_alone_are_the_people(tmp_path: Path) -> None:
    rows: Rows = [["女方姓名", "身份证号", "住址"], ["何一", B, "3-1-501"]]
    assert [(one.name, one.id_number) for one in reading(tmp_path, rows).residents] == [("何一", B)]


def test_people_headed_so_stand_behind_their_relations(tmp_path: Path) -> None:
    rows: Rows = [
        ["门牌号", "人员", "身份证号"],
        ["3-1-501", "户主江一", A],
        ["", "妻子：何一", B],
        ["", "长女江红", C],
    ]
    assert people(reading(tmp_path, [*rows, ["", "孙子涵", D]])) == [
        ("江一", "3|1|501", "户主"), ("何一", "3|1|501", "妻子"),
        ("江红", "3|1|501", "长女"), ("孙子涵", "3|1|501", None),
    ]  # fmt: skip


def test_a_count_of_people_is_none_of_their_names(tmp_path: Path) -> None:
    listed: Rows = [["姓名", "身份证号", "住址"], ["江一", A, "3-1-501"]]
    sums: Rows = [["楼栋", "户数", "人员"], ["3栋", 30, 90], ["4栋", 20, 60]]
    roster = read_roster(xlsx(tmp_path / "a.xlsx", {"台账": listed, "汇总": sums}), today=TODAY)
    assert [one.name for one in roster.residents] == ["江一"]
    assert not problems(roster)
