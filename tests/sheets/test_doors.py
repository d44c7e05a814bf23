"""Addresses of rows: columns, strings, what stands above, sheets about one building."""

from itertools import product
from pathlib import Path
from random import Random

import pytest

from gridworker.domain.address import Door
from gridworker.sheets.doors import Doors, Place
from gridworker.sheets.roster import read_roster
from tests.sheets.ledgers import TODAY, Error, Looks, Made, Rows, id_number, keys, ods, problems, reading, xlsx

HEADER = ["楼栋", "单元", "室", "姓名", "身份证号"]


def columns(folder: Path, *doors: tuple[Made, Made, Made]) -> list[str | None]:
    rows: Rows = [HEADER, *[[*door, "张三", id_number(order=n)] for n, door in enumerate(doors)]]
    return keys(reading(folder, rows))


def strings(folder: Path, *addresses: str) -> list[str | None]:
    rows = [["姓名", "身份证号", "家庭住址"], *[["张三", id_number(order=n), text] for n, text in enumerate(addresses)]]
    return keys(reading(folder, rows))


@pytest.mark.parametrize(
    "building",
    [
        "3栋",
        "3幢",
        "3#",
        "3＃",
        "3号楼",
        "三栋",
        "３栋",
        "3 栋",
        "3座",
        "第3栋",
        "3#楼",
        "3",
        3,
        3.0,
        "03",
        "三号楼",
        "桂花苑3栋",
    ],
)
def test_buildings_lose_their_suffix(tmp_path: Path, building: Made) -> None:
    assert columns(tmp_path, (building, "2", "501")) == ["3|2|501"]


@pytest.mark.parametrize(
    ("building", "key"),
    [
        ("A座", "A|2|501"),
        ("综合楼", "综合楼|2|501"),
        ("a栋", "A|2|501"),
        ("十二栋", "12|2|501"),
        ("二十一幢", "21|2|501"),
    ],
)
def test_other_buildings_keep_their_name(tmp_path: Path, building: str, key: str) -> None:
    assert columns(tmp_path, (building, "2单元", "501室")) == [key]


@pytest.mark.parametrize("unit", ["2单元", "2门", "二单元", "２单元", 2.0, "02", "2门洞"])
def test_units_lose_their_suffix(tmp_path: Path, unit: Made) -> None:
    assert columns(tmp_path, ("3", unit, "501室")) == ["3|2|501"]


@pytest.mark.parametrize(
    "room", ["501室", "501号", "501房", "五〇一", "５０１", 501.0, "0501", "5楼501", "501户", " 501 室 "]
)
def test_rooms_lose_their_suffix(tmp_path: Path, room: Made) -> None:
    assert columns(tmp_path, ("3", "2", room)) == ["3|2|501"]


def test_room_alone_carries_building_and_unit_down(tmp_path: Path) -> None:
    assert columns(tmp_path, ("3", "2", "501"), ("", "", "502"), ("", "1", "101")) == ["3|2|501", "3|2|502", "3|1|101"]


def test_building_without_unit_has_no_unit(tmp_path: Path) -> None:
    assert columns(tmp_path, ("3", "2", "501"), ("5", "", "301"), ("5", "2", "301")) == ["3|2|501", "5||301", "5|2|301"]


def test_unit_that_says_none_is_none(tmp_path: Path) -> None:
    assert columns(tmp_path, ("3", "无", "501"), ("3", "/", "502"), ("3", "-", "503")) == ["3||501", "3||502", "3||503"]


def test_rows_without_a_door_belong_to_the_one_above(tmp_path: Path) -> None:
    rows: Rows = [
        HEADER,
        ["3", "2", "501", "张三", id_number(order=1)],
        [],
        ["", "", "", "李四", id_number(order=2)],
        [None, None, None, "", ""],
        ["", "", "", "王五", id_number(order=3)],
    ]
    roster = reading(tmp_path, rows)
    assert keys(roster) == ["3|2|501"] * 3
    assert [person.row for person in roster.residents] == [2, 4, 6]
    assert len(roster.households) == 1


def test_repeated_building_and_unit_without_room_is_the_door_above(tmp_path: Path) -> None:
    assert columns(tmp_path, ("3", "2", "501"), ("3", "2", ""), ("3", "1", "")) == ["3|2|501", "3|2|501", "3|1|"]


@pytest.mark.parametrize("ditto", ["同上", "〃", "″", '"', "同 上"])
def test_ditto_is_the_value_above(tmp_path: Path, ditto: str) -> None:
    assert columns(tmp_path, ("3", "2", "501"), (ditto, ditto, "502"), (ditto, ditto, ditto)) == [
        "3|2|501",
        "3|2|502",
        "3|2|502",
    ]
    assert strings(tmp_path, "3栋2单元501室", ditto) == ["3|2|501", "3|2|501"]


def test_merged_cells_hold_for_every_row_they_cover(tmp_path: Path) -> None:
    rows: Rows = [
        HEADER,
        ["3", "2", "501", "张三", id_number(order=1)],
        ["3", None, "502", "李四", id_number(order=2)],
        ["3", None, "503", "王五", id_number(order=3)],
    ]
    path = xlsx(tmp_path / "merged.xlsx", {"台账": rows}, Looks(merged={"台账": [(1, 1, 3, 1)]}))
    assert keys(read_roster(path, today=TODAY)) == ["3|2|501", "3|2|502", "3|2|503"]


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("桂花湾社区3栋2单元501室", "3|2|501"),
        ("3-2-501", "3|2|501"),
        ("3#2-601", "3|2|601"),
        ("3#-2-601", "3|2|601"),
        ("三栋二单元602", "3|2|602"),
        ("３栋２单元７０１", "3|2|701"),
        ("桂花湾路18号5栋1单元301室", "5|1|301"),
        ("5号楼1单元302", "5|1|302"),
        ("十二栋一单元三〇二室", "12|1|302"),
        ("A座1203", "A||1203"),
        ("6栋501", "6||501"),
        ("3—2—801", "3|2|801"),
        ("湖北省黄石市黄石港区桂花湾社区居委会7栋3单元402室", "7|3|402"),
        ("3栋 2单元 802 室", "3|2|802"),
        ("8栋3门202", "8|3|202"),
        ("3栋2单元5楼503室", "3|2|503"),
        ("综合楼302", "综合楼||302"),
        ("3栋", "3||"),
    ],
)
def test_addresses_in_one_string(tmp_path: Path, address: str, key: str) -> None:
    assert strings(tmp_path, address) == [key]


def test_spellings_of_one_address_are_one_household(tmp_path: Path) -> None:
    rows = [["姓名", "身份证号", "现住址"]] + [
        ["张三", id_number(order=n), text]
        for n, text in enumerate(["3栋2单元501室", "3-2-501", "三幢二单元501", "3#2-501"])
    ]
    assert len(reading(tmp_path, rows).households) == 1


def test_address_without_a_building_is_kept_as_written(tmp_path: Path) -> None:
    roster = reading(tmp_path, [["姓名", "身份证号", "家庭住址"], ["张三", id_number(), "老街巷12号"]])
    assert roster.households[0].address == "老街巷12号"
    assert keys(roster) == ["老街巷12号||"]


def test_the_present_address_counts(tmp_path: Path) -> None:
    rows = [["姓名", "身份证号", "户籍地址", "现住址"], ["张三", id_number(), "9栋9单元909", "3栋2单元501"]]
    assert keys(reading(tmp_path, rows)) == ["3|2|501"]
    rows = [["姓名", "身份证号", "与户主关系", "户籍地址"], ["张三", id_number(), "户主", "9栋9单元909"]]
    assert keys(reading(tmp_path, rows)) == [None]


@pytest.mark.parametrize(
    ("sheet", "key"),
    [
        ("3栋", "3|2|501"),
        ("A座", "A|2|501"),
        ("3号楼", "3|2|501"),
        ("3#", "3|2|501"),
        ("综合楼", "综合楼|2|501"),
        ("3", "3|2|501"),
        ("桂花苑3栋", "3|2|501"),
    ],
)
def test_sheet_name_says_the_building(tmp_path: Path, sheet: str, key: str) -> None:
    rows: Rows = [["单元", "室", "姓名", "身份证号"], ["2", "501", "张三", id_number()]]
    assert keys(read_roster(xlsx(tmp_path / "a.xlsx", {sheet: rows}), today=TODAY)) == [key]


def test_each_sheet_is_about_its_own_building(tmp_path: Path) -> None:
    header: Rows = [["房号", "姓名", "身份证号"]]
    path = xlsx(
        tmp_path / "a.xlsx",
        {
            "3栋": [*header, ["2-501", "张三", id_number(order=1)], ["", "李四", id_number(order=2)]],
            "5栋": [*header, ["", "王五", id_number(order=3)], ["2-501", "赵六", id_number(order=4)]],
        },
    )
    assert keys(read_roster(path, today=TODAY)) == ["3|2|501", "3|2|501", "5||", "5|2|501"]


def test_building_columns_win_over_the_sheet_name(tmp_path: Path) -> None:
    rows: Rows = [HEADER, ["5", "1", "301", "张三", id_number()]]
    assert keys(read_roster(xlsx(tmp_path / "a.xlsx", {"3栋": rows}), today=TODAY)) == ["5|1|301"]


def test_room_column_with_the_whole_door(tmp_path: Path) -> None:
    def read(*doors: str) -> list[str | None]:
        return keys(
            reading(
                tmp_path,
                [["门牌号", "姓名", "身份证号"], *[[d, "张三", id_number(order=n)] for n, d in enumerate(doors)]],
            )
        )

    assert read("3-2-501", "3栋2单元502", "", "同上") == ["3|2|501", "3|2|502", "3|2|502", "3|2|502"]


def test_unit_in_the_room_column(tmp_path: Path) -> None:
    rows: Rows = [
        ["楼栋", "房号", "姓名", "身份证号"],
        ["3栋", "2-501", "张三", id_number(order=1)],
        ["3栋", "2单元502", "李四", id_number(order=2)],
    ]
    assert keys(reading(tmp_path, rows)) == ["3|2|501", "3|2|502"]


def test_unit_in_the_building_column(tmp_path: Path) -> None:
    rows: Rows = [
        ["楼栋", "房号", "姓名", "身份证号"],
        ["3栋2单元", "501", "张三", id_number(order=1)],
        ["", "502", "李四", id_number(order=2)],
    ]
    assert keys(reading(tmp_path, rows)) == ["3|2|501", "3|2|502"]


def test_a_whole_door_in_the_building_column(tmp_path: Path) -> None:
    assert columns(tmp_path, ("1-2-301", "", ""), ("3#-1-502", "", ""), ("", "", "503")) == [
        "1|2|301",
        "3|1|502",
        "3|1|503",
    ]


def test_line_between_the_rows_says_the_building(tmp_path: Path) -> None:
    rows: Rows = [
        ["单元", "室", "姓名", "身份证号"],
        ["3栋"],
        ["2", "501", "张三", id_number(order=1)],
        ["5栋"],
        ["1", "301", "李四", id_number(order=2)],
        ["", "302", "王五", id_number(order=3)],
    ]
    assert keys(reading(tmp_path, rows)) == ["3|2|501", "5|1|301", "5|1|302"]


def test_two_estates_are_two_doors(tmp_path: Path) -> None:
    rows: Rows = [
        ["小区", "楼栋", "单元", "室", "姓名", "身份证号"],
        ["桂花苑", "3", "2", "501", "张三", id_number(order=1)],
        ["锦绣城", "3", "2", "501", "李四", id_number(order=2)],
        ["桂花苑", "3", "2", "501", "王五", id_number(order=3)],
    ]
    roster = reading(tmp_path, rows)
    assert keys(roster) == ["3|2|501"] * 3
    assert [home.estate for home in roster.households] == ["桂花苑", "锦绣城"]


def test_estate_and_building_in_one_column(tmp_path: Path) -> None:
    rows: Rows = [["姓名", "身份证号", "现住小区/建筑", "现住详细门牌"], ["张三", id_number(), "桂花苑3栋", "2单元501"]]
    roster = reading(tmp_path, rows)
    assert keys(roster) == ["3|2|501"]
    assert roster.households[0].estate == "桂花苑"


def test_an_error_in_the_address_is_no_address(tmp_path: Path) -> None:
    roster = reading(
        tmp_path,
        [HEADER, ["3", "2", "501", "张三", id_number(order=1)], [Error(), "2", "502", "李四", id_number(order=2)]],
    )
    assert keys(roster) == ["3|2|501", None]
    assert [(f.row, f.kind) for f in roster.findings if f.kind == "cell_error"] == [(3, "cell_error")]


def test_households_by_number_where_there_is_no_address(tmp_path: Path) -> None:
    rows: Rows = [
        ["户号", "姓名", "与户主关系", "身份证号"],
        ["001", "张三", "户主", id_number(order=1)],
        ["", "李四", "妻", id_number(order=2)],
        ["002", "王五", "户主", id_number(order=3)],
    ]
    roster = reading(tmp_path, rows)
    assert [person.household.number for person in roster.residents if person.household] == ["001", "001", "002"]
    assert [home.head for home in roster.households] == ["张三", "王五"]
    assert roster.to_neutral()["households"] == []


def test_numbers_do_not_part_a_household_where_doors_are_named(tmp_path: Path) -> None:
    rows: Rows = [
        ["户号", "楼栋", "单元", "室", "姓名", "身份证号"],
        ["001", "3", "2", "501", "张三", id_number(order=1)],
        ["002", "", "", "", "李四", id_number(order=2)],
        ["003", "3", "2", "502", "王五", id_number(order=3)],
        ["001", "", "", "", "赵六", id_number(order=4)],
    ]
    assert keys(reading(tmp_path, rows)) == ["3|2|501", "3|2|501", "3|2|502", "3|2|501"]


def test_address_that_points_to_another_column_is_unknown(tmp_path: Path) -> None:
    assert strings(tmp_path, "3栋2单元501", "同户籍地址", "3-2-502") == ["3|2|501", None, "3|2|502"]


def test_household_number_is_the_room_where_there_is_no_other(tmp_path: Path) -> None:
    rows: Rows = [["楼栋", "单元", "户号", "姓名", "身份证号"], ["3", "2", "501", "张三", id_number()]]
    assert keys(reading(tmp_path, rows)) == ["3|2|501"]


def test_households_in_order_where_nothing_else_tells(tmp_path: Path) -> None:
    rows: Rows = [
        ["姓名", "与户主关系", "身份证号"],
        ["张三", "户主", id_number(order=1)],
        ["李四", "妻", id_number(order=2)],
        ["王五", "户主", id_number(order=3)],
    ]
    assert [home.head for home in reading(tmp_path, rows).households] == ["张三", "王五"]


def test_vacant_doors_carry_their_building_down(tmp_path: Path) -> None:
    rows: Rows = [HEADER, ["3", "2", "501", "", ""], ["", "", "502", "张三", id_number()]]
    roster = reading(tmp_path, rows)
    assert keys(roster) == ["3|2|502"]
    assert len(roster.households) == 1


def test_doors_come_from_a_list_of_households_by_number(tmp_path: Path) -> None:
    homes: Rows = [
        ["楼栋", "单元", "室", "户编号", "户主姓名"],
        ["3", "2", "501", "G1-001", "张三"],
        ["3", "2", "502", "G1-002", "王五"],
    ]
    people: Rows = [
        ["户编号", "姓名", "与户主关系"],
        ["G1-002", "王五", "户主"],
        ["G1-001", "李四", "妻"],
        ["", "张小", "子"],
    ]
    roster = read_roster(xlsx(tmp_path / "a.xlsx", {"居民台账": people, "住户台账": homes}), today=TODAY)
    assert [person.name for person in roster.residents] == ["王五", "李四", "张小"]
    assert keys(roster) == ["3|2|502", "3|2|501", "3|2|501"]
    assert [home.head for home in roster.households] == ["张三", "王五"]


def test_what_is_too_long_for_a_door_is_left_out_with_a_word(tmp_path: Path) -> None:
    long = "1" * 2**20
    rows: Rows = [
        HEADER,
        ["3", "2", "501", "张三", id_number(order=1)],
        ["3", "2", long, "李四", id_number(order=2)],
        [long, "", "", "王五", id_number(order=3)],
        ["3", "2", "甲" * 21, "赵六", id_number(order=4)],
        ["3", "2", "502", "周敏", id_number(order=5)],
    ]
    roster = read_roster(ods(tmp_path / "a.ods", {"台账": rows}), today=TODAY)
    assert keys(roster) == ["3|2|501", None, None, None, "3|2|502"]
    assert [f.row for f in roster.findings if f.kind == "address_too_long"] == [3, 4, 5]


def test_a_long_text_that_is_no_door_is_kept_as_it_is(tmp_path: Path) -> None:
    where = "老供销社后面的平房里" * 4
    before = "湖北省黄石市下陆区团城山街道杭州西路社区居民委员会辖区内桂林北路百花园小区南门东侧第二排"
    rows: Rows = [
        ["姓名", "身份证号", "家庭住址"],
        ["张三", id_number(order=1), where], ["李四", id_number(order=2), where],
        ["王五", id_number(order=3), f"{before}3栋2单元501室"],
    ]  # fmt: skip
    roster = reading(tmp_path, rows)
    assert keys(roster) == [None, None, "3|2|501"]
    assert [home.address for home in roster.households] == [where, None]


def test_rooms_of_two_floors_are_two_doors(tmp_path: Path) -> None:
    header = ["楼栋", "单元", "楼层", "室", "姓名", "身份证号"]
    doors: list[tuple[Made, Made]] = [("1楼", "01"), ("5", "01"), (5.0, "502"), ("五楼", "左"), ("4层", "左")]
    rows: Rows = [header, *[["3", "1", *door, "张三", id_number(order=n)] for n, door in enumerate(doors)]]
    assert keys(reading(tmp_path, rows)) == ["3|1|101", "3|1|501", "3|1|502", "3|1|5楼左", "3|1|4楼左"]


def test_a_whole_address_needs_no_building_from_the_sheet(tmp_path: Path) -> None:
    rows: Rows = [
        ["姓名", "身份证号", "现住址"],
        ["张三", id_number(), "3-2-501"],
        ["张四", id_number(order=7), "2-502"],
    ]
    roster = read_roster(xlsx(tmp_path / "ledger.xlsx", {"5栋": rows}), today=TODAY)
    assert keys(roster) == ["3|2|501", "5|2|502"]


@pytest.mark.parametrize(("name", "key"), [("5", "5||501"), ("05", "5||501"), ("A", "A||501"), ("5-1", "5|1|501")])
def test_the_name_of_a_sheet_may_be_a_building_in_numbers(tmp_path: Path, name: str, key: str) -> None:
    rows: Rows = [["室", "姓名", "身份证号"], ["501", "张三", id_number()]]
    assert keys(read_roster(xlsx(tmp_path / "ledger.xlsx", {name: rows}), today=TODAY)) == [key]


def test_lines_between_the_rows_say_whose_household_they_are(tmp_path: Path) -> None:
    header = ["姓名", "与户主关系", "身份证号", "电话"]
    rows: Rows = [
        ["户主姓名：潘一", "", "住址：3栋1单元101", "联系电话：13800000001"],
        header,
        ["潘一", "户主", id_number(), ""],
        ["潘二", "子", id_number(order=7), ""],
        ["户主：葛一  住址：3栋1单元102  电话：13800000002"],
        header,
        ["葛二", "子", id_number(order=9), ""],
        ["户主姓名：方一", "", "", "联系电话：13800000003"],
        ["方二", "女", id_number(order=10), ""],
    ]
    roster = reading(tmp_path, rows)
    assert [one.name for one in roster.residents] == ["潘一", "潘二", "葛二", "方二"]
    assert keys(roster) == ["3|1|101", "3|1|101", "3|1|102", None]
    assert [home.head for home in roster.households] == ["潘一", "葛一", "方一"]
    assert roster.rejected == []


def test_rooms_of_two_sheets_that_name_no_building_are_two_doors(tmp_path: Path) -> None:
    sheets = {
        name: [["室", "姓名"], ["101", f"{name[0]}三"], ["3-102", f"{name[0]}四"]] for name in ("张片区", "李片区")
    }
    roster = read_roster(xlsx(tmp_path / "ledger.xlsx", sheets), today=TODAY)
    assert keys(roster) == ["张片区||101", "3||102", "李片区||101", "3||102"]
    unnamed = {f"Sheet{n}": rows for n, rows in enumerate(sheets.values())}
    assert keys(read_roster(xlsx(tmp_path / "unnamed.xlsx", unnamed), today=TODAY))[::2] == ["||101", "||101"]


def test_houses_of_two_hamlets_with_one_number_are_two_doors(tmp_path: Path) -> None:
    header = ["村民小组", "门牌号", "姓名", "身份证号"]
    rows: Rows = [header, ["1组", "12号", "张三", id_number()], ["2组", "12号", "李四", id_number(order=7)]]
    roster = reading(tmp_path, rows)
    assert [(home.estate, home.room) for home in roster.households] == [("1组", "12"), ("2组", "12")]
    rows = [["组", *HEADER], ["1组", "3", "1", "101", "张三", id_number()]]
    assert [home.estate for home in reading(tmp_path, rows).households] == [""]


WHOLE = [
    "3栋1单元-101", "3栋-1单元101", "3#1单元-101室", "3号1单元101", "3栋1单元/101", "3 1 101", "3栋[1单元]101",
    "桂花小区3栋1单元-101", "3楼1单元101",
]  # fmt: skip
COLUMNS: dict[str, tuple[str, ...]] = {
    "住址": ("",), "房号": ("",), "楼栋": ("",), "单元": ("",), "楼栋 室": ("3栋", ""), "楼栋 单元 室": ("3", "1", ""),
    "楼栋 单元": ("3栋", ""), "小区 室": ("桂花小区", ""),
}  # fmt: skip


@pytest.mark.parametrize("columns", COLUMNS)
def test_a_whole_door_is_read_whatever_column_it_stands_in(tmp_path: Path, columns: str) -> None:
    rows: Rows = [
        ["姓名", "身份证号", *columns.split()],
        *([f"张{door[:1]}", id_number(order=n), *(cell or door for cell in COLUMNS[columns])]
          for n, door in enumerate(WHOLE)),
    ]  # fmt: skip
    assert keys(reading(tmp_path, rows)) == ["3|1|101"] * len(WHOLE)


def test_building_and_unit_in_one_column_are_two(tmp_path: Path) -> None:
    header = ["姓名", "身份证号", "单元", "室"]
    rows: Rows = [header, ["张三", id_number(), "3栋1单元-", "101"], ["李四", id_number(order=1), "3栋2单元", "101"]]
    assert keys(reading(tmp_path, rows)) == ["3|1|101", "3|2|101"]


def test_a_number_of_a_household_may_be_its_door(tmp_path: Path) -> None:
    rows: Rows = [["户编号", "姓名", "身份证号"], ["3栋1单元-101", "张三", id_number()], ["01-02-0035", "李四", ""]]
    assert keys(reading(tmp_path, rows)) == ["3|1|101", None]


def test_a_room_whose_thousands_are_parted_is_a_room(tmp_path: Path) -> None:
    assert columns(tmp_path, ("A座", "", "1,203"), ("A座", "", "101,102")) == ["A||1203", "A||101,102"]
    assert strings(tmp_path, "A座1,203") == ["A||1203"]


@pytest.mark.parametrize(
    ("header", "text", "key"),
    [
        ("单元-房号", "1-101", "3|1|101"), ("单元-房号", "1单元101室", "3|1|101"), ("详细地址", "1单元101", "3|1|101"),
        ("详细地址", "3栋1单元-101", "3|1|101"), ("家庭住址", "101室", "3||101"), ("家庭住址", "桂花路18号", "3||"),
        ("家庭住址", "9栋1单元101", "3||"),
    ],
)  # fmt: skip
def test_unit_and_room_in_one_column_beside_the_building(tmp_path: Path, header: str, text: str, key: str) -> None:
    rows: Rows = [["姓名", "身份证号", "楼栋", header], ["张三", id_number(), "3幢", text]]
    assert keys(reading(tmp_path, rows)) == [key]


PARTS = (
    (
        "3",
        "3栋",
        "十二",
        "综合楼",
        "A",
        "3栋2单元",
        "3栋501",
        "同上",
        "无",
        "0",
        "",
        "桂花苑3栋",
        "栋",
        "9" * 31,
        "3 栋",
    ),
    ("1", "2单元", "二", "", "0", "同上", "无单元", "3栋", "1单元501", "东", "7" * 11, "单元"),
    ("501", "0101", "一楼", "地下室", "同上", "", "无", "3栋501", "2单元501", "501室", "8" * 21, "室", "东"),
)


def test_a_door_in_plain_words_is_the_one_of_the_long_way() -> None:
    random, told = Random(5), list(product(*PARTS))
    for default in (Door(""), Door("7")):
        quick, slow = Doors(), Doors()
        plain = 0
        for doors in (quick, slow):
            doors.start(default)
        for building, unit, room in random.sample(told, len(told)):
            place = Place("", building, unit, room)
            found = quick.plainly((building, unit, room))
            plain += found is not None
            assert (found or quick.household(place)) == slow.household(place)
            assert (quick.fault, quick._last, quick._above) == (slow.fault, slow._last, slow._above)
        assert quick.households == slow.households
        assert plain > 100


def test_two_estates_told_in_addresses_are_two_doors(tmp_path: Path) -> None:
    addresses = [
        "金色家园3栋2单元501", "阳光花园3栋2单元501", "沈家营街道金色家园小区3号楼2门501室", "3-2-501",
        "湖北省黄石市黄石港区沈家营街道阳光花园小区3-2-501", "幸福小区3栋2单元501", "湖滨大道88号幸福小区3栋501",
    ]  # fmt: skip
    rows: Rows = [
        ["姓名", "住址", "联系电话"],
        *[[f"何{n}", text, ""] for n, text in zip("一二三四五六七", addresses, strict=True)],
    ]
    roster = reading(tmp_path, rows)
    assert set(keys(roster)) == {"3|2|501", "3||501"}
    homes = [person.household for person in roster.residents]
    assert [home and home.estate for home in homes] == [
        "金色家园", "阳光花园", "金色家园", "金色家园", "阳光花园", "幸福小区", "幸福小区"
    ]  # fmt: skip
    assert homes[0] is homes[2] is homes[3]
    assert homes[1] is homes[4]


@pytest.mark.parametrize("before", ["沈家营社区", "胜阳港街道湖滨大道88号", "桂花苑二期", "南门东侧", ""])
def test_what_is_no_estate_before_a_building_does_not_tell_doors_apart(tmp_path: Path, before: str) -> None:
    rows: Rows = [["姓名", "住址"], ["何一", "3栋2单元501"], ["何二", f"{before}3栋2单元501"]]
    roster = reading(tmp_path, rows)
    assert [(home.key, home.estate) for home in roster.households] == [("3|2|501", "")]


def test_a_column_of_estates_goes_before_what_addresses_say(tmp_path: Path) -> None:
    rows: Rows = [
        ["姓名", "小区", "住址"],
        ["何一", "桂花苑", "桂花小区3栋2单元501"],
        ["何二", "桂花苑", "3栋2单元501"],
    ]
    assert [(home.key, home.estate) for home in reading(tmp_path, rows).households] == [("3|2|501", "桂花苑")]


@pytest.mark.parametrize(
    ("address", "estate"),
    [
        ("桂花苑3栋1单元101", "桂花苑"),
        ("黄石港区人民路8号桂花苑小区3栋1单元101", "桂花苑"),
        ("金色港湾3栋1单元101", "金色港湾"),
        ("阳光小区二期3栋1单元101", "阳光小区二期"),
        ("二期3栋1单元101", "阳光小区二期"),
        ("黄石港区阳光小区3栋1单元101", "阳光小区"),
        ("阳光3栋1单元101", "阳光小区"),
        ("人民路12号3栋1单元101", "阳光小区"),
        ("沈家营社区3栋1单元101", "阳光小区"),
        ("本小区3栋1单元101", "阳光小区"),
        ("3栋1单元101", "阳光小区"),
    ],
)
def test_an_address_that_names_its_estate_is_not_of_the_one_above(tmp_path: Path, address: str, estate: str) -> None:
    rows: Rows = [
        ["小区", "现住址", "姓名"],
        ["阳光小区", "3栋1单元101", "张一"], ["", address, "李二"], ["", "3栋1单元102", "王三"],
    ]  # fmt: skip
    homes = [one.household for one in reading(tmp_path, rows).residents]
    assert [(home.key, home.estate) for home in homes if home] == [
        ("3|1|101", "阳光小区"), ("3|1|101", estate), ("3|1|102", "阳光小区")
    ]  # fmt: skip


def test_an_address_beside_a_column_of_buildings_tells_its_estate_where_that_is_blank(tmp_path: Path) -> None:
    rows: Rows = [
        ["小区", "楼栋", "房号", "现住址", "姓名"],
        ["阳光小区", "3", "101", "", "张一"], ["", "3", "101", "桂花苑3栋101", "李二"], ["", "3", "102", "", "王三"],
    ]  # fmt: skip
    assert [home.estate for home in reading(tmp_path, rows).households] == ["阳光小区", "桂花苑", "阳光小区"]


@pytest.mark.parametrize("header", ["门牌", "门牌号", "房号", "室", "房间号"])
def test_a_column_of_rooms_that_names_the_building_in_each_names_it_anew(tmp_path: Path, header: str) -> None:
    """Where the building stands in the column of rooms alone, ``4-101`` below ``3-102`` is no unit of building 3."""
    rows: Rows = [
        [header, "姓名"],
        ["3-101", "张一"],
        ["3-102", "李二"],
        ["4-101", "王三"],
        ["", "何四"],
        ["102", "周五"],
    ]
    assert keys(reading(tmp_path, rows)) == ["3||101", "3||102", "4||101", "4||101", "4||102"]
    beside = [["楼栋", header, "姓名"], ["3", "1-101", "张一"], ["", "1-102", "李二"], ["4", "2-101", "王三"]]
    assert keys(reading(tmp_path, beside)) == ["3|1|101", "3|1|102", "4|2|101"]


@pytest.mark.parametrize(
    "names", [("桂花苑", "荷花苑"), ("一期", "二期"), ("1.桂花小区居民台账", "2.荷花小区居民台账")]
)
def test_a_sheet_for_each_estate_has_doors_of_its_own(tmp_path: Path, names: tuple[str, str]) -> None:
    """There is a 1栋 on every one of them, and two families behind its 101 are two."""
    header = ["楼栋", "室", "姓名", "与户主关系"]
    sheets: dict[str, Rows] = {
        names[0]: [header, ["1", "101", "张一", "户主"], ["", "", "张二", "儿子"]],
        names[1]: [header, ["1", "101", "王三", "户主"], ["1", "102", "何四", "户主"]],
    }
    roster = read_roster(xlsx(tmp_path / "ledger.xlsx", sheets), today=TODAY)
    assert [(home.key, home.head) for home in roster.households] == [
        ("1||101", "张一"), ("1||101", "王三"), ("1||102", "何四")
    ]  # fmt: skip
    assert roster.households[0].estate != roster.households[1].estate == roster.households[2].estate
    assert not problems(roster)


def test_a_sheet_of_an_estate_without_buildings_names_them(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {name: [["室", "姓名"], ["101", f"张{name[0]}"]] for name in ("桂花苑", "荷花苑")}
    roster = read_roster(xlsx(tmp_path / "ledger.xlsx", sheets), today=TODAY)
    assert keys(roster) == ["桂花苑||101", "荷花苑||101"]


def test_people_of_one_of_two_heads_of_a_name_are_told_to_have_no_door(tmp_path: Path) -> None:
    """Where a list of households says the doors, and the list of people only whose they are."""
    people = [
        ["张伟", "张伟", "户主", id_number("19700101", 1)], ["张伟", "王芳", "妻", id_number("19720101", 2)],
        ["张伟", "张伟", "户主", id_number("19750101", 3)], ["李四", "李四", "户主", id_number("19600101", 5)],
    ]  # fmt: skip
    sheets: dict[str, Rows] = {
        "户表": [
            ["户号", "户主", "楼栋", "室"],
            ["1", "张伟", "1", "101"],
            ["2", "张伟", "1", "102"],
            ["3", "李四", "1", "103"],
        ],
        "人员": [["户主", "姓名", "与户主关系", "身份证号"], *people],
    }
    roster = read_roster(xlsx(tmp_path / "ledger.xlsx", sheets), today=TODAY)
    assert keys(roster) == [None, None, None, "1||103"]
    assert [one.row for one in roster.findings if one.kind == "head_of_two"] == [2, 3, 4]
    assert roster.residents[0].household is roster.residents[1].household is not roster.residents[2].household


def test_ordinals_are_numbers(tmp_path: Path) -> None:
    assert (
        columns(tmp_path, ("第3栋", "第一单元", "第101室"), ("3", "1", "101"), ("第三栋", "第1单元", "第一〇一室"))
        == ["3|1|101"] * 3
    )


@pytest.mark.parametrize(
    ("address", "building"), [("综合楼3楼", "综合楼"), ("老办公楼二层", "老办公楼"), ("3号楼2楼", "3"), ("3号楼", "3")]
)
def test_a_floor_behind_a_building_is_no_building(tmp_path: Path, address: str, building: str) -> None:
    roster = reading(tmp_path, [["现住址", "姓名", "性别"], [address, "张一", "男"]])
    assert keys(roster) == [f"{building}||"]
