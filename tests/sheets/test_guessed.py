"""Columns with the word for a room or a birth in their header which say neither, and sums beside a list."""

from pathlib import Path

import pytest

from tests.sheets.ledgers import Made, Rows, id_number, keys, reading

A, B = (id_number(f"19{year}0526", order) for order, year in enumerate((60, 61), start=1))


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("危房", ["√", ""]),
        ("是否有房", ["是", "否"]),
        ("住房证号", ["20010034", ""]),
        ("购房时间", ["2008.5", "2010.11"]),
        ("电费户号", ["88012345", "88012346"]),
        ("上楼困难", ["√", ""]),
        ("住房来源", ["购买", "房改"]),
        ("几室几厅", ["三室一厅", "两室"]),
        ("房屋编码", ["4202020001234", "4202020001235"]),
        ("储藏室", ["12", "13"]),
        ("仓房", ["1", "2"]),
        ("楼道灯", ["好", "坏"]),
    ],
)
def test_what_only_sounds_like_a_room_is_none_beside_whole_addresses(
    tmp_path: Path, header: str, cells: list[Made]
) -> None:
    rows: Rows = [["姓名", "身份证号", "住址", header], ["江一", A, "3-1-501", cells[0]]]
    assert keys(reading(tmp_path, [*rows, ["江二", B, "3-1-502", cells[1]]])) == ["3|1|501", "3|1|502"]


@pytest.mark.parametrize("cells", [["√", ""], ["是", "否"], ["2008.5", "2010.11"], ["88012345", "88012346"]])
def test_nor_is_it_one_where_no_room_could_be_called_so(tmp_path: Path, cells: list[Made]) -> None:
    rows: Rows = [
        ["姓名", "身份证号", "小区", "自有房"],
        ["江一", A, "桂花苑", cells[0]],
        ["江二", B, "桂花苑", cells[1]],
    ]
    assert not any((key or "").split("|")[-1] for key in keys(reading(tmp_path, rows)))


def test_a_word_nobody_listed_names_the_room_where_rooms_stand(tmp_path: Path) -> None:
    rows: Rows = [["姓名", "身份证号", "所在楼栋号", "所在房号"], ["江一", A, "3", "501"], ["江二", B, "3", "1901"]]
    assert keys(reading(tmp_path, rows)) == ["3||501", "3||1901"]


@pytest.mark.parametrize("header", ["出生医院", "出生医学证明编号", "出生胎次"])
def test_what_else_is_said_of_a_birth_is_no_day(tmp_path: Path, header: str) -> None:
    rows: Rows = [["姓名", "住址", header, "出生日期"], ["江一", "3-1-501", "2", "1980-05-26"]]
    assert [one.birth_date for one in reading(tmp_path, rows).residents] == ["1980-05-26"]


SUMS: Rows = [["3栋", "24", "66"], ["4栋", "30", "81"]]
COUNTED: list[Made] = ["楼栋", "户数", "人数"]


@pytest.mark.parametrize("above", [0, 1], ids=["beside the header", "beside the title"])
def test_sums_beside_a_list_say_no_building(tmp_path: Path, above: int) -> None:
    rows: list[list[Made]] = [["3栋居民名册", *[""] * 4], ["房号", "姓名", "身份证号", "电话", ""]]
    rows += [["1-101", "江一", A, "", ""], ["2-301", "江二", B, "", ""], ["", "", "", "", ""]]
    for at, sums in enumerate([COUNTED, *SUMS]):
        rows[at + 1 - above] += sums
    assert keys(reading(tmp_path, rows)) == ["3|1|101", "3|2|301"]
