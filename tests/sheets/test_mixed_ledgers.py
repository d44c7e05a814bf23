"""Ledgers in which two oddities met that were each read well alone: found by mixing them at random."""

from pathlib import Path

import pytest

from gridworker.sheets.people import Roster
from tests.sheets.ledgers import Rows, id_number, keys, reading

A, B, C, D = (id_number(f"19{year}0526", order) for order, year in enumerate((60, 61, 82, 43), start=1))

ONE, TWO, THREE, FOUR = "13800000141", "13800000142", "13800000143", "13800000144"


def names(roster: Roster) -> list[str]:
    return [one.name for one in roster.residents]


@pytest.mark.parametrize("headed", [True, False])
def test_owner_or_not_is_one_column_of_names(tmp_path: Path, *, headed: bool) -> None:
    rows: Rows = [["栋", "室", "户主姓名", "业主/住户姓名", "身份证号"], ["3", "501", "江一", "江一", A]]
    rows = [*rows, ["3", "501", "江一", "江　　二", B]]
    roster = reading(tmp_path, rows if headed else [[*row[:2], *row[3:]] for row in rows])
    assert names(roster) == ["江一", "江二"]


def test_the_spaces_in_the_name_of_an_owner_part_nobody(tmp_path: Path) -> None:
    rows: Rows = [["栋", "室", "业主姓名", "电话"], ["3", "501", "江　　二", ONE], ["3", "502", "何一  何二", ""]]
    assert names(reading(tmp_path, rows)) == ["江二", "何一", "何二"]


@pytest.mark.parametrize("header", ["通讯方式", "联络方式", "通信号码"])
def test_more_words_for_phones(tmp_path: Path, header: str) -> None:
    assert reading(tmp_path, [["姓名", "住址", header], ["江一", "3-1-501", ONE]]).residents[0].phones == (ONE,)


def test_whoever_is_registered_is_the_person(tmp_path: Path) -> None:
    assert names(reading(tmp_path, [["被登记人姓名", "住址"], ["江一", "3-1-501"]])) == ["江一"]


@pytest.mark.parametrize("aside", ["身份证地址", "身份证有效期", "身份证签发机关"])
@pytest.mark.parametrize("header", ["身份證號碼", "有效证件号码", "身分证号码"])
def test_what_else_a_card_says_is_no_number(tmp_path: Path, aside: str, header: str) -> None:
    roster = reading(tmp_path, [["住址", aside, "姓名", header], ["3-1-501", "9栋9单元909", "江一", A]])
    assert [one.id_number for one in roster.residents] == [A]
    assert keys(roster) == ["3|1|501"]


@pytest.mark.parametrize("cell", ["暂无", "不详", "N/A", "n/a", "未知"])
def test_nothing_said_of_care_is_no_tag(tmp_path: Path, cell: str) -> None:
    rows: Rows = [["姓名", "住址", "人员类别"], ["江一", "3-1-501", cell], ["江二", "3-1-501", "低保"]]
    assert [one.tags for one in reading(tmp_path, rows).residents] == [(), ("低保",)]


def test_rooms_may_be_called_by_two_words(tmp_path: Path) -> None:
    rows: Rows = [["姓名", "住址"], ["江一", "1号栋1单元101号房"], ["江二", "1栋1单元101"]]
    assert keys(reading(tmp_path, rows)) == ["1|1|101", "1|1|101"]
    assert keys(reading(tmp_path, [["栋", "室", "姓名"], ["1", "101号房", "江一"]])) == ["1||101"]


@pytest.mark.parametrize(
    ("address", "key"), [("3--2--501", "3|2|501"), ("3--101", "3||-101"), ("3-2--101", "3|2|-101")]
)
def test_dashes_that_stand_twice_are_signs_of_nothing(tmp_path: Path, address: str, key: str) -> None:
    assert keys(reading(tmp_path, [["姓名", "住址"], ["江一", address]])) == [key]
