"""Headers in two languages, sheets for units, words for who is insured or rents: met in ledgers of other offices."""

from pathlib import Path

import pytest

from gridworker.sheets.roster import read_roster
from tests.sheets.ledgers import TODAY, Looks, Made, Rows, id_number, keys, reading, text, xlsx

A, B, C, D = (id_number(f"19{year}0526", order) for order, year in enumerate((60, 61, 82, 83), start=1))
ONE, TWO, THREE = "13800000141", "13800000142", "13800000143"


@pytest.mark.parametrize("building", ["Building 楼栋", "楼栋/Building", "Bldg. 楼号", "楼栋(Building No.)"])
@pytest.mark.parametrize("serial", ["No. 序号", "序号/No."])
def test_a_header_in_two_languages_is_the_word_that_both_say(tmp_path: Path, building: str, serial: str) -> None:
    header: list[Made] = [serial, building, "Unit 单元", "Room 房号", "Name 姓名", "ID No. 身份证号", "电话/Tel"]
    rows: Rows = [header, [1, 8, 2, 1103, "江一", A, ONE], [2, 9, 2, 1103, "江二", B, ""]]
    roster = reading(tmp_path, rows)
    assert keys(roster) == ["8|2|1103", "9|2|1103"]
    assert [one.phones for one in roster.residents] == [(ONE,), ()]


@pytest.mark.parametrize("header", ["EMAIL地址", "E-mail地址", "邮件地址"])
def test_where_letters_go_is_no_address(tmp_path: Path, header: str) -> None:
    rows: Rows = [["姓名", "身份证号", header, "住址"], ["江一", A, "a1@b.cn", "3-1-501"]]
    assert keys(reading(tmp_path, rows)) == ["3|1|501"]


@pytest.mark.parametrize("title", ["9号楼居民信息采集表", "9栋常住人口摸底调查表", "9幢入户走访核查登记表"])
def test_the_title_says_the_building_and_the_sheet_the_unit(tmp_path: Path, title: str) -> None:
    sheets: dict[str, Rows] = {
        unit: [[title], ["房号", "姓名", "身份证号"], ["101", name, number]]
        for unit, name, number in (("一单元", "江一", A), ("二单元", "江二", B))
    }
    assert keys(read_roster(xlsx(tmp_path / "a.xlsx", sheets), today=TODAY)) == ["9|1|101", "9|2|101"]


def test_sheets_of_units_are_no_buildings(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {
        unit: [["房号", "姓名", "身份证号"], ["101", name, number]]
        for unit, name, number in (("1单元", "江一", A), ("2单元", "江二", B))
    }
    roster = read_roster(xlsx(tmp_path / "a.xlsx", sheets), today=TODAY)
    assert keys(roster) == ["|1|101", "|2|101"]
    assert len(roster.households) == 2


def test_who_rents_is_a_person_and_who_lets_is_not(tmp_path: Path) -> None:
    header: list[Made] = ["楼栋", "房号", "出租屋主", "租住人员1", "身份证1", "电话1", "租住人员2", "身份证2", "电话2"]
    rows: Rows = [header, ["3", "101", "江一", "何一", A, ONE, "何二", B, ""], ["3", "102", "李一", "何三", C]]
    roster = reading(tmp_path, rows)
    assert [(one.name, one.id_number, one.phones) for one in roster.residents] == [
        ("何一", A, (ONE,)), ("何二", B, ()), ("何三", C, ()),
    ]  # fmt: skip


def test_of_names_without_a_known_word_those_next_to_the_numbers_are_the_people(tmp_path: Path) -> None:
    rows: Rows = [
        ["江一", "何一", A, "3-1-501"], ["江二", "何二", B, "3-1-502"], ["江三", "何三", C, "3-1-503"],
    ]  # fmt: skip
    roster = read_roster(text(tmp_path / "a.csv", rows, encoding="gb18030"), today=TODAY)
    assert [(one.name, one.id_number) for one in roster.residents] == [("何一", A), ("何二", B), ("何三", C)]


def test_who_is_insured_is_the_person_and_who_pays_is_not(tmp_path: Path) -> None:
    header: list[Made] = ["参保人姓名", "参保人身份证号", "缴费人姓名", "缴费人电话", "所属村组", "参保金额"]
    (person,) = reading(tmp_path, [header, ["江一", A, "江二", ONE, "三组", 380]]).residents
    assert (person.name, person.id_number, person.phones) == ("江一", A, ())


def test_of_two_phones_below_one_word_that_of_the_family_is_not_theirs(tmp_path: Path) -> None:
    rows: Rows = [
        ["住址", "姓名", "身份证号", "联系方式", ""],
        ["", "", "", "本人", "家属"],
        ["2-1-101", "江一", A, ONE, TWO],
        ["2-1-102", "江二", B, "", THREE],
    ]
    looks = Looks(merged={"台账": [(0, 3, 0, 4), *((0, at, 1, at) for at in range(3))]})
    roster = read_roster(xlsx(tmp_path / "a.xlsx", {"台账": rows}, looks), today=TODAY)
    assert [one.phones for one in roster.residents] == [(ONE,), ()]


@pytest.mark.parametrize("cell", ["1985年3月份", "1985年3月份出生"])
def test_a_month_called_so_is_one(tmp_path: Path, cell: str) -> None:
    rows: Rows = [["姓名", "出生年月", "住址"], ["江一", cell, "3-1-501"]]
    assert [one.birth_date for one in reading(tmp_path, rows).residents] == ["1985-03"]
