"""Doors of one building and room in two places that no column of estates names."""

from pathlib import Path

import pytest

from tests.sheets.ledgers import Rows, id_number, keys, reading

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
