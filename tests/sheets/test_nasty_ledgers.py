"""Ledgers with the habits of real offices that were read otherwise than a careful clerk would write them down."""

from pathlib import Path

import pytest

from gridworker.sheets.people import Roster
from gridworker.sheets.roster import read_roster
from tests.sheets.ledgers import TODAY, Looks, Rows, id_number, keys, reading, xlsx

A, B, C = (id_number("19620304", order) for order in (12, 21, 33))


def phones(roster: Roster) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.name, one.phones) for one in roster.residents]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("【3栋】", "3||101"),
        ("（3栋）", "3||101"),
        ("[3#楼]", "3||101"),
        ("4号楼：", "4||101"),
        ("3栋居民：", "3||101"),
        ("——3栋——", "3||101"),
        ("※3栋※", "3||101"),
        ("三号楼2单元：", "3|2|101"),
        ("3栋楼长：张三 13800000001", "3||101"),
    ],
)
def test_a_line_between_rows_says_the_building_whatever_stands_around_it(tmp_path: Path, line: str, key: str) -> None:
    rows: Rows = [["房号", "姓名", "电话"], ["9栋"], ["101", "江一", ""], [line], ["101", "江二", ""]]
    assert keys(reading(tmp_path, rows)) == ["9||101", key]


def test_framed_lines_say_buildings_and_units(tmp_path: Path) -> None:
    rows: Rows = [
        ["房号", "姓名"], ["【3栋】"], ["【一单元】"], ["101", "江一"], ["二单元："], ["101", "江二"], ["4号楼："],
        ["101", "江三"],
    ]  # fmt: skip
    assert keys(reading(tmp_path, rows)) == ["3|1|101", "3|2|101", "4||101"]


@pytest.mark.parametrize("between", ["", " ", "：", "/", "，", " 电话："])
@pytest.mark.parametrize("header", ["姓名", "姓名及电话", "姓名/联系电话", "户主及电话"])
def test_a_phone_behind_a_name_is_no_part_of_it(tmp_path: Path, header: str, between: str) -> None:
    rows: Rows = [["楼栋", "房号", header, "备注"], ["3", "101", f"张大山{between}13800000001", ""]]
    roster = reading(tmp_path, rows)
    assert phones(roster) == [("张大山", ("13800000001",))]


def test_two_names_each_with_a_phone_are_two_people_in_one_cell(tmp_path: Path) -> None:
    roster = reading(tmp_path, [["房号", "姓名"], ["101", "江一"], ["102", "赵六13800000003、钱七13800000004"]])
    assert [one.name for one in roster.residents] == ["江一"]
    assert [(one.row, one.kind) for one in roster.findings if one.rejects] == [(3, "names_several")]


def test_heads_and_members_in_the_one_column_of_names(tmp_path: Path) -> None:
    rows: Rows = [
        ["门牌", "户主/成员", "身份证号"], ["3-2-501", "张大山", A], ["", "　李小花", B], ["3-2-502", "王 五", C],
    ]  # fmt: skip
    roster = reading(tmp_path, rows)
    assert [one.name for one in roster.residents] == ["张大山", "李小花", "王五"]
    assert keys(roster) == ["3|2|501", "3|2|501", "3|2|502"]


@pytest.mark.parametrize("cuts", [range(1, 18), (6, 14)], ids=["a digit in each", "region, birth, the rest"])
@pytest.mark.parametrize("merged", [True, False])
def test_numbers_split_over_cells_are_whole(tmp_path: Path, cuts: range | tuple[int, ...], *, merged: bool) -> None:
    def split(number: str) -> list[str]:
        ends = [*cuts, 18]
        return [number[start:end] for start, end in zip([0, *ends], ends, strict=False)]

    width = len(split(A))
    rows: Rows = [
        ["楼栋", "房号", "姓名", "身份证号", *[""] * (width - 1), "电话"],
        ["3", "501", "张大山", *split(A), "13800000001"],
        ["3", "502", "李小花", *split(B), ""],
        ["3", "503", "王五", *[""] * width, ""],
    ]
    looks = Looks(merged={"名册": [(0, 3, 0, 2 + width)]} if merged else {})
    roster = read_roster(xlsx(tmp_path / "a.xlsx", {"名册": rows}, looks), today=TODAY)
    assert [(one.name, one.id_number, one.phones) for one in roster.residents] == [
        ("张大山", A, ("13800000001",)), ("李小花", B, ()), ("王五", None, ())
    ]  # fmt: skip
    assert not [one for one in roster.findings if one.row is None]


@pytest.mark.parametrize("remark", ["13800000002", "电话13800000002", "联系电话：13800000002"])
def test_a_remark_that_is_a_phone_is_theirs_where_no_other_is_known(tmp_path: Path, remark: str) -> None:
    rows: Rows = [
        ["楼栋", "房号", "姓名", "电话", "备注"],
        ["3", "501", "张大山", "", remark], ["3", "502", "王五", "13800000001", remark],
        ["3", "503", "赵六", "", f"儿子{remark}"],
    ]  # fmt: skip
    roster = reading(tmp_path, rows)
    assert phones(roster) == [("张大山", ("13800000002",)), ("王五", ("13800000001",)), ("赵六", ())]
    assert [one.note for one in roster.residents] == [remark, remark, f"儿子{remark}"]


@pytest.mark.parametrize(
    ("remark", "asked"),
    [
        ("已故", True),
        ("2024年搬走", True),
        ("已迁出。", True),
        ("妻子去世", False),
        ("户在人不在", False),
        ("拟搬", False),
    ],
)
def test_somebody_who_is_gone_by_the_remark_is_to_be_looked_at(tmp_path: Path, remark: str, *, asked: bool) -> None:
    roster = reading(tmp_path, [["楼栋", "房号", "姓名", "备注"], ["3", "501", "张大山", remark]])
    assert [(one.status, one.note) for one in roster.residents] == [("in_place", remark)]
    assert [one.kind for one in roster.findings if one.is_to_check] == ["remark_gone"] * asked


@pytest.mark.parametrize("named", ["姓名", "户主", "户主姓名"])
@pytest.mark.parametrize("tenant", [["租户姓名", "租户电话"], ["租户", "租户联系电话"], ["租客姓名", "租客电话"]])
def test_tenants_beside_others_live_behind_the_same_door(tmp_path: Path, named: str, tenant: list[str]) -> None:
    rows: Rows = [
        ["房号", named, "电话", *tenant],
        ["3-1-101", "张大山", "13800000001", "刘租", "13800000002"], ["3-1-102", "王五", "", "无", ""],
    ]  # fmt: skip
    roster = reading(tmp_path, rows)
    assert phones(roster) == [("张大山", ("13800000001",)), ("刘租", ("13800000002",)), ("王五", ())]
    assert keys(roster) == ["3|1|101", "3|1|101", "3|1|102"]
    assert roster.residents[1].relation == "租户"
    assert roster.residents[0].relation == ("户主" if named.startswith("户主") else None)


def test_a_list_of_tenants_says_nothing_of_who_leads(tmp_path: Path) -> None:
    rows: Rows = [["房号", "租户姓名", "电话"], ["3-1-101", "刘租", "13800000001"]]
    assert [(one.name, one.relation) for one in reading(tmp_path, rows).residents] == [("刘租", None)]


def test_stairs_side_by_side_are_behind_the_doors_of_one_column(tmp_path: Path) -> None:
    rows: Rows = [
        ["3栋住户表"],
        ["房号", "1单元", "", "2单元", ""],
        ["", "姓名", "电话", "姓名", "电话"],
        ["101", "张大山", "13800000001", "王五", "13800000002"],
        ["102", "李四", "", "", ""],
        ["", "李妻", "", "", ""],
    ]
    looks = Looks(merged={"名册": [(1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 1, 4)]})
    roster = read_roster(xlsx(tmp_path / "a.xlsx", {"名册": rows}, looks), today=TODAY)
    told = {(one.name, one.household.key if one.household else None, one.phones) for one in roster.residents}
    assert told == {
        ("张大山", "3|1|101", ("13800000001",)), ("李四", "3|1|102", ()), ("李妻", "3|1|102", ()),
        ("王五", "3|2|101", ("13800000002",)),
    }  # fmt: skip
    assert not [one for one in roster.findings if one.kind.endswith("_ignored")]


@pytest.mark.parametrize("header", ["户籍地址", "户籍所在地", "户口所在地"])
def test_a_present_address_may_be_that_of_the_register(tmp_path: Path, header: str) -> None:
    rows: Rows = [
        ["姓名", header, "现住址"],
        ["张大山", "黄石市某街5号", "3栋1单元101"], ["王五", "3栋1单元102", "同户籍地址"], ["赵六", "", "同户籍"],
    ]  # fmt: skip
    assert [one.household and one.household.key for one in reading(tmp_path, rows).residents] == [
        "3|1|101", "3|1|102", None
    ]  # fmt: skip


def test_an_apostrophe_before_a_part_of_a_door_is_none_of_it(tmp_path: Path) -> None:
    rows: Rows = [["楼栋", "房号", "姓名"], ["'3", "'101", "张大山"], ["3", "101", "李小花"]]
    assert keys(reading(tmp_path, rows)) == ["3||101", "3||101"]


@pytest.mark.parametrize(("cell", "name", "relation"), [("张强 子", "张强", "子"), ("李小花　妻", "李小花", "妻")])
def test_a_relation_of_one_character_behind_a_name_is_to_be_looked_at(
    tmp_path: Path, cell: str, name: str, relation: str
) -> None:
    roster = reading(tmp_path, [["楼栋", "房号", "姓名"], ["3", "101", "张大山"], ["", "", cell]])
    assert [(one.name, one.relation) for one in roster.residents][1:] == [(name, relation)]
    assert [(one.row, one.kind) for one in roster.findings if one.is_to_check] == [(3, "name_remark")]


@pytest.mark.parametrize("cell", ["张 子", "欧阳 子", "王 小 女", "张大 山"])
def test_a_name_in_two_words_is_one_name(tmp_path: Path, cell: str) -> None:
    roster = reading(tmp_path, [["楼栋", "房号", "姓名"], ["3", "101", cell]])
    assert [(one.name, one.relation) for one in roster.residents] == [(cell.replace(" ", ""), None)]


@pytest.mark.parametrize("cell", ["护照E12345678", "护照：E12345678", "港澳通行证H1234567", "往来大陆通行证01234567"])
def test_another_paper_in_the_column_of_id_numbers_keeps_nobody_out(tmp_path: Path, cell: str) -> None:
    roster = reading(
        tmp_path, [["房号", "姓名", "身份证号"], ["3-1-101", "张大山", A], ["3-1-102", "John Smith", cell]]
    )
    assert [(one.name, one.id_number) for one in roster.residents] == [("张大山", A), ("John Smith", None)]


def test_born_behind_a_day_is_no_part_of_it(tmp_path: Path) -> None:
    rows: Rows = [
        ["房号", "姓名", "出生日期"],
        ["3-1-101", "张大山", "19500815出生"],
        ["3-1-102", "王五", "1950年8月生"],
    ]
    assert [one.birth_date for one in reading(tmp_path, rows).residents] == ["1950-08-15", "1950-08"]
