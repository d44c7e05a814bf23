"""Doors of one building and room in two places that no column of estates names."""

from pathlib import Path

import pytest

from tests.sheets.ledgers import Made, Rows, id_number, keys, reading

A, B, C = (id_number(f"19{year}0526", order) for order, year in enumerate((60, 61, 82), start=1))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A区", "B区"),
        ("东区", "西区"),
        ("一期", "二期"),
        ("桂花苑一期", "桂花苑二期"),
        ("南院", "北院"),
        ("和平街坊", "胜利街坊"),
        ("第一宿舍", "第二宿舍"),
        ("3区", "13区"),
        ("桂花路12号", "桂花路14号"),
        ("黄石港区桂花路12号院", "黄石港区桂花路14号院"),
        ("金色港湾", "银色港湾"),
    ],
)
def test_one_number_in_two_places_is_two_doors(tmp_path: Path, one: str, other: str) -> None:
    rows: Rows = [["姓名", "住址"], ["江一", f"{one}3栋1单元101"], ["何一", f"{other}3栋1单元101"]]
    rows = [*rows, ["江二", f"{one}3栋1单元101"], ["江三", f"{one}3栋1单元102"]]
    homes = [one.household for one in reading(tmp_path, rows).residents]
    assert keys(reading(tmp_path, rows)) == ["3|1|101"] * 3 + ["3|1|102"]
    assert homes[0] is homes[2]
    assert homes[1] is not homes[0]
    assert homes[0] is not None
    assert homes[3] is not None
    assert homes[0].estate == homes[3].estate


@pytest.mark.parametrize(
    "before",
    [
        ("桂花路12号", "湖北省黄石市桂花路12号"),
        ("新村路12号", "大屋湾村新村路12号"),
        ("桂花路12号", "沈家营社区"),
        ("桂花苑一期", "一期"),
        ("金色港湾", "黄石港区金色港湾"),
        ("桂花路12号", "桂花路12号院"),
    ],
)
def test_one_place_in_other_words_is_one_door(tmp_path: Path, before: tuple[str, str]) -> None:
    rows: Rows = [
        ["姓名", "住址"],
        *([f"江{at}", f"{text}3栋1单元101"] for text, at in zip(before, "一二", strict=True)),
    ]
    assert len(reading(tmp_path, rows).households) == 1


def test_where_nothing_stands_twice_a_street_is_no_estate(tmp_path: Path) -> None:
    rows: Rows = [["姓名", "住址"], ["江一", "桂花路12号3栋101"], ["江二", "桂花路14号4栋101"]]
    assert [home.estate for home in reading(tmp_path, rows).households] == ["", ""]


@pytest.mark.parametrize(
    ("header", "one", "other"),
    [
        (["期数", "楼栋", "单元", "室"], ["一期", "3", "1", "101"], ["二期", "3", "1", "101"]),
        (["片区", "楼栋", "单元", "室"], ["东区", "3", "1", "101"], ["西区", "3", "1", "101"]),
        (["所在街道", "楼栋", "房号"], ["桂花街", "3", "101"], ["菊花街", "3", "101"]),
        (["小区", "期", "楼栋", "房号"], ["桂花苑", "一期", "3", "101"], ["桂花苑", "二期", "3", "101"]),
        (["村", "组", "门牌号"], ["李湾", "三组", "12"], ["张湾", "三组", "12"]),
        (["街巷", "门牌号"], ["桂花巷", "12"], ["菊花巷", "12"]),
        (["路名", "门牌号", "室号"], ["桂花路", "12", "501"], ["菊花路", "12", "501"]),
        (["路名", "门牌号", "室号"], ["桂花路", "12", "501"], ["桂花路", "12", "502"]),
        (["弄", "号", "室"], ["123", "5", "301"], ["124", "5", "301"]),
        (["弄", "号", "室"], ["123", "5", "301"], ["123", "6", "301"]),
    ],
)
def test_one_number_under_two_places_is_two_doors(
    tmp_path: Path, header: list[Made], one: list[Made], other: list[Made]
) -> None:
    blank: list[Made] = [""] * len(header)
    rows: Rows = [[*header, "姓名", "身份证号"], [*one, "江一", A], [*blank, "江二", C], [*other, "何一", B]]
    homes = [person.household for person in reading(tmp_path, rows).residents]
    assert homes[0] is homes[1]
    assert homes[2] is not homes[0]


@pytest.mark.parametrize("zones", [("东片", "东片"), ("东片", "西片")])
def test_a_part_that_tells_no_doors_apart_is_no_estate(tmp_path: Path, zones: tuple[str, str]) -> None:
    rows: Rows = [["片区", "楼栋", "房号", "姓名"], [zones[0], "3", "101", "江一"], [zones[1], "4", "101", "何一"]]
    assert [home.estate for home in reading(tmp_path, rows).households] == ["", ""]


def test_the_number_of_a_house_with_rooms_is_that_of_a_building(tmp_path: Path) -> None:
    rows: Rows = [["门牌号", "室号", "姓名"], ["12号", "501", "江一"], ["12号", "502", "何一"]]
    assert keys(reading(tmp_path, rows)) == ["12||501", "12||502"]
