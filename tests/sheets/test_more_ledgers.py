"""Ledgers of offices that write in their own way: traditional characters, floors said once, marks before a building."""

from pathlib import Path

import pytest

from gridworker.sheets.people import Roster
from tests.sheets.ledgers import Rows, id_number, keys, problems, reading

A, B, C = (id_number("19620304", order) for order in (12, 21, 33))


def told(roster: Roster) -> list[tuple[str, str | None, str | None, tuple[str, ...]]]:
    people = roster.residents
    return [(one.name, one.household.key if one.household else None, one.relation, one.phones) for one in people]


def test_a_ledger_in_traditional_characters(tmp_path: Path) -> None:
    rows: Rows = [
        ["師院社區居民名冊"],
        ["序號", "姓名", "性別", "身份證號", "聯繫電話", "與戶主關係", "住址"],
        [1, "江一", "男", "", "13800000001", "戶主", "3棟2單元501"],
        [2, "江二", "女", B, "", "女兒", "同上"],
        [3, "何一", "", C, "", "戶主", "3號樓2單元502室"],
    ]
    roster = reading(tmp_path, rows)
    assert told(roster) == [
        ("江一", "3|2|501", "户主", ("13800000001",)),
        ("江二", "3|2|501", "女儿", ()),
        ("何一", "3|2|502", "户主", ()),
    ]
    assert not [one for one in roster.findings if one.kind in {"relation_unknown", "column_ignored", "others_ignored"}]


@pytest.mark.parametrize("line", ["▲3栋（楼长：周某 13800000099）", "※3号楼 (楼长：周某)", "3栋（楼长：周某）"])
def test_a_building_with_a_mark_before_it_and_its_warden_behind(tmp_path: Path, line: str) -> None:
    header = ["房号", "姓名", "身份证号码", "电话"]
    rows: Rows = [
        ["2025年度居民入户登记"], [line], header, ["2-501", "江一", A, "13800000001"],
        [line.replace("3", "5", 1)], header, ["1-101", "何一", C, ""],
    ]  # fmt: skip
    roster = reading(tmp_path, rows)
    assert keys(roster) == ["3|2|501", "5|1|101"]
    assert not problems(roster)


def test_a_floor_that_is_said_once_is_that_of_the_rooms_below_it(tmp_path: Path) -> None:
    rows: Rows = [
        ["楼栋", "楼层", "门号", "姓名", "身份证号码"],
        ["5栋", "3楼", "01", "江一", A], ["", "", "02", "江二", B], ["", "四层", "01", "何一", C],
        ["", "", "402", "何二", ""], ["6栋", "", "01", "何三", ""],
    ]  # fmt: skip
    assert keys(reading(tmp_path, rows)) == ["5||301", "5||302", "5||401", "5||402", "6||1"]


@pytest.mark.parametrize(("first", "other"), [("甲", "乙"), ("东", "西"), ("A", "B")])
def test_buildings_called_by_a_word_above_their_rows_are_two(tmp_path: Path, first: str, other: str) -> None:
    rows: Rows = [
        [f"{first}栋住户"], ["门牌", "姓名", "身份证号"], ["101", "江一", A], [f"{other}栋住户"], ["101", "江二", B],
    ]  # fmt: skip
    roster = reading(tmp_path, rows)
    assert keys(roster) == [f"{first}||101", f"{other}||101"]
    assert len(roster.households) == 2


def test_marks_beside_a_name_are_no_part_of_it(tmp_path: Path) -> None:
    cells = ["★江一", "江二※", "*江三", "江四*", "陈**"]
    rows: Rows = [["楼栋", "房号", "姓名"], *(["3", f"{at + 1}01", cell] for at, cell in enumerate(cells))]
    roster = reading(tmp_path, rows)
    assert [one.name for one in roster.residents] == ["江一", "江二", "江三", "江四*", "陈**"]
    assert [(one.row, one.kind) for one in roster.findings if one.is_to_check] == [(5, "name_remark")]


@pytest.mark.parametrize(
    "line",
    [
        "流动人口",
        "二、流动人口",
        "（二）租户",
        "商户名单",
        "出租户",
        "外来人员",
        "续表",
        "附件2",
        "第二部分",
        "租户信息",
    ],
)
@pytest.mark.parametrize("again", [["姓名", "房号", "电话"], []], ids=["a header below", "people below"])
def test_a_line_that_says_who_stands_below_it_is_nobody(tmp_path: Path, line: str, again: list[str]) -> None:
    header = ["姓名", "房号", "电话"]
    rows: Rows = [header, ["江一", "101", "13800000001"], ["江二", "102", ""], [line], again, ["何一", "201", ""]]
    roster = reading(tmp_path, rows)
    assert [one.name for one in roster.residents] == ["江一", "江二", "何一"]
    assert (4, "row_skipped") in [(one.row, one.kind) for one in roster.findings]


@pytest.mark.parametrize("name", ["欧阳娜娜", "何户一", "江家庭芳", "买买提"])
def test_a_name_alone_in_its_row_is_somebody(tmp_path: Path, name: str) -> None:
    rows: Rows = [["姓名", "房号", "电话"], ["江一", "101", "13800000001"], [name], ["何一", "201", ""]]
    assert [one.name for one in reading(tmp_path, rows).residents] == ["江一", name, "何一"]


@pytest.mark.parametrize("header", ["户主及家庭成员", "户主及成员姓名", "户主 及 家庭成员姓名", "户主/成员姓名"])
def test_heads_and_members_in_one_column_are_people(tmp_path: Path, header: str) -> None:
    rows: Rows = [["门牌号", header, "身份证号码"], ["3-2-501", "江一", A], ["", "  江二", B], ["3-2-502", "何一", C]]
    assert [(name, key) for name, key, *_ in told(reading(tmp_path, rows))] == [
        ("江一", "3|2|501"), ("江二", "3|2|501"), ("何一", "3|2|502")
    ]  # fmt: skip


def test_a_first_table_of_unusual_names_is_not_lost_above_a_fuller_one(tmp_path: Path) -> None:
    rows: Rows = [
        ["姓名", "房号", "电话"], ["其其格", "101", "13800000001"], ["扎西", "102", ""], [],
        ["房号", "联系电话", "姓名", "身份证号"], ["201", "13800000004", "江一", A],
    ]  # fmt: skip
    assert [one.name for one in reading(tmp_path, rows).residents] == ["其其格", "扎西", "江一"]


@pytest.mark.parametrize("other", ["二层", "2层", "第二层"])
def test_a_line_that_names_a_floor_is_for_the_rooms_below_it(tmp_path: Path, other: str) -> None:
    rows: Rows = [
        ["5号楼入户登记"], ["房号", "姓名", "电话"], ["一层"], ["01", "江一", ""], ["02", "江二", ""],
        [other], ["01", "何一", ""], ["203", "何二", ""], ["负一层"], ["01", "何三", ""],
    ]  # fmt: skip
    assert keys(reading(tmp_path, rows)) == ["5||101", "5||102", "5||201", "5||203", "5||1"]


def test_a_floor_ends_where_another_building_begins(tmp_path: Path) -> None:
    rows: Rows = [["房号", "姓名", "电话"], ["3栋"], ["二层"], ["01", "江一", ""], ["4栋"], ["01", "江二", ""]]
    assert keys(reading(tmp_path, rows)) == ["3||201", "4||1"]
