"""Ledgers as offices really keep them: groups of guardians, children beside heads, sums and titles in the middle."""

from datetime import date
from pathlib import Path

import pytest

from gridworker.sheets.people import Roster
from gridworker.sheets.roster import read_roster
from tests.sheets.ledgers import TODAY, Looks, Made, Rows, id_number, keys, only, problems, reading, xlsx

A, B, C, D = (id_number("19620304", order) for order in (12, 21, 33, 46))


def people(roster: Roster) -> list[tuple[str, str | None, str | None]]:
    return [(one.name, one.household.key if one.household else None, one.id_number) for one in roster.residents]


def test_spouses_and_children_beside_heads_are_people(tmp_path: Path) -> None:
    rows: Rows = [
        ["楼栋", "房号", "户主姓名", "户主身份证号", "配偶姓名", "配偶身份证号", "子女1姓名", "子女1身份证号"],
        ["1", "101", "江一", A, "江二", B, "江三", C],
        ["1", "102", "河一", D, "丧偶", "", "无", ""],
    ]
    roster = reading(tmp_path, rows)
    assert people(roster) == [
        ("江一", "1||101", A),
        ("江二", "1||101", B),
        ("江三", "1||101", C),
        ("河一", "1||102", D),
    ]
    assert [one.relation for one in roster.residents] == ["户主", "配偶", "子", "户主"]
    assert not roster.passed_over


@pytest.mark.parametrize("rest", [["子女1姓名"], ["子女1姓名", "子女1电话"]])
def test_children_with_nothing_but_a_name_are_said_not_to_be_read(tmp_path: Path, rest: list[str]) -> None:
    rows: Rows = [["楼栋", "房号", "户主姓名", "户主身份证号", *rest], ["1", "101", "江一", A, "江三", "13800000001"]]
    roster = reading(tmp_path, rows)
    assert [one.name for one in roster.residents] == ["江一"]
    assert {one.values["detail"] for one in roster.findings if one.kind.endswith("_ignored")} == set(rest)


def test_who_a_group_is_about_is_not_the_person(tmp_path: Path) -> None:
    rows: Rows = [
        ["残疾人基本信息表"],
        ["编号", "姓名", "残疾等级", "身份证号", "监护人", "", "", "居住地址"],
        ["", "", "", "", "姓名", "关系", "电话", ""],
        ["001", "冷锋", "二级", A, "冷父", "父", "13800000001", "4栋3单元203"],
    ]
    merged = [(1, 4, 1, 6), *((1, column, 2, column) for column in (0, 1, 2, 3, 7))]
    roster = read_roster(xlsx(tmp_path / "a.xlsx", {"名册": rows}, Looks(merged={"名册": merged})), today=TODAY)
    assert people(roster) == [("冷锋", "4|3|203", A)]
    assert roster.residents[0].phones == ()


def test_a_sum_of_a_unit_is_no_building(tmp_path: Path) -> None:
    rows: Rows = [
        ["楼栋", "单元", "室", "姓名", "身份证号"],
        ["6", "1", "101", "周一", A],
        ["1单元小计", "", "", "1人", ""],
        ["", "2", "101", "郑一", B],
    ]
    roster = reading(tmp_path, rows)
    assert people(roster) == [("周一", "6|1|101", A), ("郑一", "6|2|101", B)]
    assert not roster.passed_over


def test_a_header_with_unknown_words_is_nobody(tmp_path: Path) -> None:
    rows: Rows = [
        ["序号", "姓名", "身份证号", "住址"],
        ["1", "卢一", A, "9栋1单元101"],
        ["2", "卢二", C, "9栋1单元101"],
        ["3", "卢三", D, "9栋1单元101"],
        ["三、空挂户"],
        ["姓名", "户籍地址", "身份证号", "现住址"],
        ["石秀", "9栋1单元104", B, "9栋1单元105"],
        ["家庭情况登记卡"],
    ]
    assert people(reading(tmp_path, rows))[3:] == [("石秀", "9|1|105", B)]


@pytest.mark.parametrize(
    ("header", "row", "key"),
    [
        (["栋", "门", "号"], ["3栋", "2门", "501"], "3|2|501"),
        (["栋", "号"], ["3栋", "501"], "3||501"),
        (["房屋编号", "房屋地址"], ["F001", "6栋1单元301"], "6|1|301"),
        (["楼栋单元", "房间"], ["3-2", "503"], "3|2|503"),
        (["楼栋单元", "房间"], ["叁号楼贰单元", "503"], "3|2|503"),
    ],
)
def test_doors_in_columns_of_their_own(tmp_path: Path, header: list[Made], row: list[Made], key: str) -> None:
    roster = reading(tmp_path, [[*header, "住户", "身份证号"], [*row, "曹一", A]])
    assert keys(roster) == [key]


def test_units_above_tables_side_by_side_are_theirs(tmp_path: Path) -> None:
    rows: Rows = [
        ["1单元", "", "", "2单元", "", ""],
        ["房号", "户主", "人口", "房号", "户主", "人口"],
        ["101", "尤一", 3, "101", "尤二", 2],
    ]
    looks = Looks(merged={"6栋": [(0, 0, 0, 2), (0, 3, 0, 5)]})
    assert keys(read_roster(xlsx(tmp_path / "6栋.xlsx", {"6栋": rows}, looks), today=TODAY)) == ["6|1|101", "6|2|101"]


def test_a_permit_is_no_id_card_and_a_remark_no_part_of_a_number(tmp_path: Path) -> None:
    rows: Rows = [
        ["姓名", "证件类型", "证件号码", "住址"],
        ["陈一", "港澳居民来往内地通行证", "H00000001", "5栋1单元103"],
        ["陈二", "身份证", f"{A}（补办）", "5栋1单元104"],
    ]
    roster = reading(tmp_path, rows)
    assert people(roster) == [("陈一", "5|1|103", None), ("陈二", "5|1|104", A)]
    assert problems(roster) == set()


def test_a_head_without_a_row_is_told_of(tmp_path: Path) -> None:
    rows: Rows = [
        ["楼栋", "室", "户主姓名", "姓名", "身份证号"],
        ["3", "501", "冯浩", "冯强", A],
        ["3", "501", "冯浩", "金茜", B],
        ["3", "502", "石一", "石一", C],
    ]
    roster = reading(tmp_path, rows)
    assert [one.name for one in roster.residents] == ["冯强", "金茜", "石一"]
    assert [(one.row, one.kind) for one in roster.findings] == [(2, "head_unlisted")]


def test_a_line_that_says_a_unit_is_for_the_rows_below_it(tmp_path: Path) -> None:
    rows: Rows = [
        ["1栋"], ["一单元"], ["楼层", "房号", "姓名", "身份证号"], ["1", "01", "滕一", A],
        ["二单元"], ["楼层", "房号", "姓名", "身份证号"], ["1", "01", "滕二", B],
    ]  # fmt: skip
    assert keys(reading(tmp_path, rows)) == ["1|1|101", "1|2|101"]


def test_who_fetches_the_money_has_another_phone(tmp_path: Path) -> None:
    rows: Rows = [["姓名", "身份证号", "现住址", "代领人", "代领人电话"], ["卞一", A, "1-1-101", "卞小", "13800000001"]]
    assert reading(tmp_path, rows).residents[0].phones == ()


def test_a_table_with_more_columns_below_takes_nobody_above(tmp_path: Path) -> None:
    rows: Rows = [
        ["一、常住户"], ["楼栋", "室", "姓名", "身份证号"], ["3", "501", "江一", A],
        ["二、租住户"], ["姓名", "身份证号", "与户主关系", "联系电话", "楼栋", "单元", "室", "备注"],
        ["江二", B, "户主", "13800000001", "3", "1", "502", ""],
    ]  # fmt: skip
    assert people(reading(tmp_path, rows)) == [("江一", "3||501", A), ("江二", "3|1|502", B)]


def test_a_name_that_is_an_example_is_nobody(tmp_path: Path) -> None:
    rows: Rows = [
        ["楼栋", "室", "姓名", "身份证号"], ["1", "101", "张三（示例）", D], ["3", "501", "江一", A],
    ]  # fmt: skip
    assert people(reading(tmp_path, rows)) == [("江一", "3||501", A)]


def test_a_ledger_in_english(tmp_path: Path) -> None:
    rows: Rows = [
        ["Name", "ID card no.", "Relationship to head", "Address", "Mobile"],
        ["江一", A, "Head", "Room 501, Unit 2, Building 3", "13800000001"],
        ["江二", B, "Wife", "Building A, Room 1203", ""],
    ]
    roster = reading(tmp_path, rows)
    assert people(roster) == [("江一", "3|2|501", A), ("江二", "A||1203", B)]
    assert [one.relation_code for one in roster.residents] == ["02", "12"]


@pytest.mark.parametrize(
    ("header", "key"),
    [(["【楼栋】", "〔单元〕", "房号"], "3|2|501"), (["楼栋", "门栋", "门面号"], "3|2|501")],
)
def test_doors_under_words_of_an_office(tmp_path: Path, header: list[Made], key: str) -> None:
    assert keys(reading(tmp_path, [[*header, "姓名", "身份证号"], ["3", "2", "501", "江一", A]])) == [key]


def test_the_title_says_the_building(tmp_path: Path) -> None:
    rows: Rows = [["5栋1单元居民基本情况表"], ["房号", "姓名", "身份证号"], ["101", "江一", A]]
    assert keys(reading(tmp_path, rows)) == ["5|1|101"]


def test_main_members_are_people_where_no_others_are(tmp_path: Path) -> None:
    roster = reading(tmp_path, [["门牌号", "户主", "家庭主要成员", "身份证号"], ["3-1-501", "江一", "江二", A]])
    assert people(roster) == [("江二", "3|1|501", A)]
    rows: Rows = [["姓名", "身份证号", "住址", "家庭主要成员联系方式"], ["江一", A, "3-1-501", "13800000009"]]
    assert reading(tmp_path, rows).residents[0].phones == ()


def test_a_degree_ticks_its_column(tmp_path: Path) -> None:
    rows: Rows = [["姓名", "身份证号", "住址", "残疾类别及等级"], ["江一", A, "3-1-501", "肢体二级"]]
    assert reading(tmp_path, rows).residents[0].tags == ("残疾",)


@pytest.mark.parametrize(
    ("cell", "relation"), [("1.江二", None), ("（2）江二", None), ("妻：江二", "妻"), ("户主: 江二", "户主")]
)
def test_names_with_a_number_or_a_relation_before_them(tmp_path: Path, cell: str, relation: str | None) -> None:
    person = only(reading(tmp_path, [["住址", "姓名", "身份证号"], ["3-1-501", cell, A]]))
    assert (person.name, person.relation) == ("江二", relation)


def test_numbers_in_parts_and_tags_with_numbers(tmp_path: Path) -> None:
    parted = f"{A[:6]}-{A[6:14]}-{A[14:]}"
    rows: Rows = [["住址", "姓名", "身份证号", "人员类别"], ["3-1-501", "江一", parted, "1.低保 2、残疾"]]
    person = only(reading(tmp_path, rows))
    assert (person.id_number, person.tags) == (A, ("低保", "残疾"))


@pytest.mark.parametrize(
    "line",
    [
        ["楼栋：3栋", "单元：2单元"],
        ["楼栋", "3栋", "单元", "2单元", "楼长", "陈某"],
        ["楼栋：3   单元：2   填报人：陈某"],
    ],
)
def test_a_line_above_says_building_and_unit(tmp_path: Path, line: list[Made]) -> None:
    rows: Rows = [line, ["房号", "姓名", "身份证号"], ["101", "江一", A]]
    assert keys(reading(tmp_path, rows)) == ["3|2|101"]


def test_heads_in_a_column_of_their_own_are_people(tmp_path: Path) -> None:
    rows: Rows = [
        ["住址", "户主", "成员", "身份证号"],
        ["3-1-501", "江一", "", A], ["", "", "江二", B], ["3-1-502", "何一", "", C], ["", "", "何二", D],
    ]  # fmt: skip
    roster = reading(tmp_path, rows)
    assert people(roster) == [
        ("江一", "3|1|501", A), ("江二", "3|1|501", B), ("何一", "3|1|502", C), ("何二", "3|1|502", D),
    ]  # fmt: skip
    assert [one.relation for one in roster.residents] == ["户主", None, "户主", None]


@pytest.mark.parametrize(
    ("above", "header"),
    [
        ([], ["户主姓名", "身份证号", "住址", "姓名", "与户主关系", "身份证号"]),
        ([["户主姓名", "身份证号", "住址", "家庭成员", "", ""]], ["", "", "", "姓名", "关系", "身份证号"]),
    ],
)
def test_the_number_of_the_head_is_not_that_of_a_member(tmp_path: Path, above: Rows, header: list[Made]) -> None:
    rows: Rows = [*above, header, ["江一", A, "3-1-501", "江一", "户主", A], ["江一", A, "", "江二", "妻", B]]
    looks = Looks(merged={"台账": [(0, 3, 0, 5)]} if above else {})
    roster = read_roster(xlsx(tmp_path / "a.xlsx", {"台账": rows}, looks), today=TODAY)
    assert people(roster) == [("江一", "3|1|501", A), ("江二", "3|1|501", B)]


def test_a_door_that_became_a_date_is_left_out_and_told(tmp_path: Path) -> None:
    roster = reading(tmp_path, [["楼栋单元", "房号", "姓名", "身份证号"], [date(2025, 3, 2), "501", "江一", A]])
    assert keys(roster) == [None]
    assert [one.kind for one in roster.findings] == ["door_dated"]


def test_where_a_tenant_lives_is_an_address(tmp_path: Path) -> None:
    rows: Rows = [["出租屋地址", "房东姓名", "承租人", "身份证号"], ["3-1-501", "何一", "江一", A]]
    assert people(reading(tmp_path, rows)) == [("江一", "3|1|501", A)]


def test_who_signs_below_a_list_is_nobody(tmp_path: Path) -> None:
    rows: Rows = [
        ["住址", "姓名", "与户主关系", "身份证号"],
        *(["3-1-501", "江一", "户主", number] for number in (A, B, C)),
        ["填表人", "陈某某", "审核人", "李某某"], ["联系电话", "陈某某", "日期", "2025-9-1"],
    ]  # fmt: skip
    roster = reading(tmp_path, rows)
    assert [one.row for one in roster.residents] == [2, 3, 4]
    assert not problems(roster)


def test_the_plainest_header_of_names_is_that_of_people(tmp_path: Path) -> None:
    rows: Rows = [["住址", "家庭成员", "姓名", "身份证号"], ["3-1-501", "", "江一", A]]
    assert people(reading(tmp_path, rows)) == [("江一", "3|1|501", A)]
