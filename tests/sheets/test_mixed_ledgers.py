"""Ledgers in which two oddities met that were each read well alone: found by mixing them at random."""

import tracemalloc
from pathlib import Path

import pytest

from gridworker.sheets.people import Roster
from gridworker.sheets.roster import read_roster
from tests.sheets.ledgers import TODAY, Looks, Made, Rows, id_number, keys, problems, reading, xlsx
from tests.sheets.test_never_seen import people

A, B, C, D = (id_number(f"19{year}0526", order) for order, year in enumerate((60, 61, 82, 43), start=1))
ONE, TWO, THREE, FOUR = "13800000141", "13800000142", "13800000143", "13800000144"


def names(roster: Roster) -> list[str]:
    return [one.name for one in roster.residents]


@pytest.mark.parametrize("line", ["3栋", "综合楼", "综合楼（2户）"])
def test_a_building_where_numbers_stand_is_no_second_row_of_the_header(tmp_path: Path, line: str) -> None:
    rows: Rows = [["序号", "单元", "室", "姓名", "身份证号"], [line], [1, "1", "101", "江一", A]]
    roster = reading(tmp_path, [*rows, [2, "1", "102", "江二", B]])
    building = line[:3].removesuffix("栋")
    assert keys(roster) == [f"{building}|1|101", f"{building}|1|102"]


def test_a_building_with_a_name_and_a_unit_stand_in_one_line(tmp_path: Path) -> None:
    rows: Rows = [["序号", "室", "姓名"], ["综合楼1单元"], [1, "101", "江一"], ["综合楼二单元"], [2, "101", "江二"]]
    assert keys(reading(tmp_path, rows)) == ["综合楼|1|101", "综合楼|2|101"]


@pytest.mark.parametrize("header", ["Date of Birth", "出生日期（YYYY-MM-DD）"])
def test_a_long_word_in_the_second_row_of_a_header_is_known(tmp_path: Path, header: str) -> None:
    rows: Rows = [["住址", "", "", "姓名", "基本信息", ""], ["栋", "单元", "室", "", header, "电话"]]
    roster = reading(tmp_path, [*rows, ["3", "1", "501", "江一", "1980-05-26", ONE]])
    assert keys(roster) == ["3|1|501"]
    assert (roster.residents[0].birth_date, roster.residents[0].phones) == ("1980-05-26", (ONE,))


def test_both_rows_of_a_header_are_printed_again(tmp_path: Path) -> None:
    header: Rows = [
        ["住址", "", "", "户主姓名", "姓名", "与户主关系", "基本信息", "", "备注"],
        ["栋", "单元", "室", "", "", "", "性别", "身份证号", ""],
    ]
    first: list[Made] = ["3", "1", "501", "江一", "江一", "户主", "男", A, "轮椅"]
    second: list[Made] = ["3", "1", "502", "何一", "何二", "女", "女", B, "独居"]
    spans = [(top, left, bottom, right) for row in (0, 3) for top, left, bottom, right in (
        (row, 0, row, 2), (row, 3, row + 1, 3), (row, 4, row + 1, 4), (row, 5, row + 1, 5), (row, 6, row, 7),
        (row, 8, row + 1, 8),
    )]  # fmt: skip
    path = xlsx(tmp_path / "a.xlsx", {"台账": [*header, first, *header, second]}, Looks(merged={"台账": spans}))
    roster = read_roster(path)
    assert people(roster) == [("江一", "3|1|501", "户主"), ("何二", "3|1|502", "女")]
    assert [one.note for one in roster.residents] == ["轮椅", "独居"]
    assert not problems(roster)


def test_the_numbers_of_columns_are_printed_again(tmp_path: Path) -> None:
    header: Rows = [
        ["序号", "栋", "单元", "室", "姓名", "与户主关系", "性别", "身份证号", "出生日期"],
        ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
    ]
    first: Rows = [
        [at, "3", "1", f"50{at}", name, "户主", "", ""] for at, name in enumerate(["江一", "江二", "江三"], 1)
    ]
    roster = reading(tmp_path, [*header, *first, *header, [4, "3", "1", "504", "江四", "户主", "", D, ""]])
    assert names(roster) == ["江一", "江二", "江三", "江四"]
    assert not problems(roster)


BESIDE: list[Made] = ["序号", "栋", "单元", "室", "户主", "姓名", "与户主关系", "电话"]


def test_tables_side_by_side_may_each_say_who_the_heads_are(tmp_path: Path) -> None:
    rows: Rows = [
        [*BESIDE, "", *BESIDE],
        [1, "3", "1", "501", "江一", "江一", "户主", ONE, "", 3, "4", "1", "501", "何一", "何一", "户主", THREE],
        [2, "3", "1", "501", "江一", "江二", "子", TWO, "", 4, "4", "1", "501", "何一", "何二", "女", FOUR],
    ]
    roster = reading(tmp_path, rows)
    assert people(roster) == [
        ("江一", "3|1|501", "户主"), ("江二", "3|1|501", "子"), ("何一", "4|1|501", "户主"), ("何二", "4|1|501", "女"),
    ]  # fmt: skip
    assert [home.head for home in roster.households] == ["江一", "何一"]
    assert [one.phones for one in roster.residents] == [(ONE,), (TWO,), (THREE,), (FOUR,)]


SHORT: list[Made] = ["序号", "栋", "室", "姓名", "电话"]
LEFT: list[Made] = [1, "3", "501", "江一", ONE, ""]
RIGHT: list[Made] = [2, "4", "601", "何一", THREE]


@pytest.mark.parametrize(
    "line",
    [
        ["小计", "", "1户", "", "", "", 3, "4", "602", "何二", FOUR],
        [*SHORT, "", 3, "4", "602", "何二", FOUR],
        ["（以上为集体宿舍）", "", "", "", "", "", 3, "4", "602", "何二", FOUR],
    ],
    ids=["sum", "header", "remark"],
)
def test_a_line_of_one_table_takes_nobody_from_that_beside_it(tmp_path: Path, line: list[Made]) -> None:
    last: list[Made] = ["", "", "", "", "", "", 4, "4", "603", "何三", ""]
    right: list[Made] = [*line[6:], "", *line[:5]]
    for at, row in enumerate(([*LEFT, *RIGHT], [*RIGHT, "", *LEFT[:5]])):
        rows: Rows = [[*SHORT, "", *SHORT], row, right if at else line, last]
        roster = reading(tmp_path, rows)
        assert sorted(names(roster)) == ["何一", "何三", "何二", "江一"]
        assert not problems(roster)


def test_sums_of_both_tables_in_one_row_are_no_header(tmp_path: Path) -> None:
    sums: list[Made] = ["小计", "", "1户", "", "", "", "小计", "", "1户", "", ""]
    rows: Rows = [[*SHORT, "", *SHORT], [*LEFT, *RIGHT], sums, [3, "3", "502", "江二", TWO, "", 4, "4", "602", "何二"]]
    assert names(reading(tmp_path, rows)) == ["江一", "江二", "何一", "何二"]


def test_what_stands_before_the_name_is_of_the_table_it_stands_in(tmp_path: Path) -> None:
    header: list[Made] = ["变动情况", "电话", "姓名", "身份证号", "栋", "室"]
    rows: Rows = [
        [*header, "", *header],
        ["", ONE, "江一", A, "3", "501", "", "迁出", TWO, "何一", B, "4", "601"],
        ["", "", "江二", C, "3", "501", "", "", "", "何二", D, "4", "601"],
    ]
    roster = reading(tmp_path, rows)
    told = {one.name: (one.phones, one.status) for one in roster.residents}
    assert told["江一"] == ((ONE,), "in_place")
    assert told["何一"] == ((TWO,), "moved_out")


def test_a_line_that_says_who_made_the_list_is_no_part_of_its_header(tmp_path: Path) -> None:
    line: list[Made] = ["单位（盖章）：桂花湾社区", "", "", "审核人：李审核", ""]
    roster = reading(tmp_path, [line, [*SHORT, "", *SHORT], [*LEFT, *RIGHT]])
    assert keys(roster) == ["3||501", "4||601"]
    assert [one.phones for one in roster.residents] == [(ONE,), (THREE,)]


@pytest.mark.parametrize("headed", [True, False])
def test_owner_or_not_is_one_column_of_names(tmp_path: Path, *, headed: bool) -> None:
    rows: Rows = [["栋", "室", "户主姓名", "业主/住户姓名", "身份证号"], ["3", "501", "江一", "江一", A]]
    rows = [*rows, ["3", "501", "江一", "江　　二", B]]
    roster = reading(tmp_path, rows if headed else [[*row[:2], *row[3:]] for row in rows])
    assert names(roster) == ["江一", "江二"]


def test_the_spaces_in_the_name_of_an_owner_part_nobody(tmp_path: Path) -> None:
    rows: Rows = [["栋", "室", "业主姓名", "电话"], ["3", "501", "江　　二", ONE], ["3", "502", "何一  何二", ""]]
    assert names(reading(tmp_path, rows)) == ["江二", "何一", "何二"]


@pytest.mark.parametrize("header", ["通讯方式", "联络方式", "通信号码", "常用电话", "家用电话"])
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


@pytest.mark.parametrize("numbers", [(A, B, C, D), ("", B, C, ""), ("", "", "", "")])
@pytest.mark.parametrize("last", [["合计", "4人"], ["填表人：李四", "审核人：王五"]])
def test_heads_in_a_column_of_their_own_need_no_numbers(
    tmp_path: Path, numbers: tuple[str, ...], last: list[Made]
) -> None:
    a, b, c, d = numbers
    rows: Rows = [
        ["住址", "户主", "家庭成员", "与户主关系", "性别", "身份证号"],
        ["3-1-501", "江一", "", "户主", "男", a],
        ["", "", "江二", "女", "女", b],
        ["3-1-502", "何一", "", "户主", "男", c],
        ["", "", "何二", "妻", "女", d],
        last,
    ]
    roster = reading(tmp_path, rows)
    assert people(roster) == [
        ("江一", "3|1|501", "户主"), ("江二", "3|1|501", "女"), ("何一", "3|1|502", "户主"), ("何二", "3|1|502", "妻"),
    ]  # fmt: skip
    assert not {kind for _row, kind in problems(roster)} - {"id_missing"}


def test_heads_alone_in_their_rows_are_told_and_not_taken_in(tmp_path: Path) -> None:
    header: list[Made] = ["住址", "户主", "家庭成员", "与户主关系", "性别", "身份证号"]
    rows: Rows = [header, ["3-1-501", "江一"], ["", "", "江一", "户主", "男", A], ["", "", "江二", "女", "女", B]]
    rows = [*rows, ["3-1-502", "何一"], ["", "", "何一", "户主", "男", C], ["", "", "何二", "妻", "女", D]]
    assert names(reading(tmp_path, rows)) == ["江一", "江二", "何一", "何二"]


def test_what_stands_under_the_heads_is_said_of_them(tmp_path: Path) -> None:
    rows: Rows = [
        ["住址", "户主信息", "", "", "家庭成员信息", "", "", ""],
        ["", "姓名", "性别", "身份证号", "姓名", "与户主关系", "性别", "身份证号"],
        ["3-1-501", "江一", "男", "", "何一", "妻", "女", ""],
        ["3-1-502", "李一", "女", "", "李二", "子", "男", ""],
    ]
    roster = reading(tmp_path, rows)
    assert [(one.name, one.sex) for one in roster.residents] == [
        ("江一", "男"), ("何一", "女"), ("李一", "女"), ("李二", "男"),
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["{door}", "{door} 户主：{head}", "户主：{head} 住址：{door}"])
def test_a_line_with_a_door_is_the_household_of_the_rows_below_it(tmp_path: Path, line: str) -> None:
    rows: Rows = [["姓名", "与户主关系", "身份证号"], [line.format(door="3栋1单元501室", head="江一")]]
    rows = [*rows, ["江一", "户主", A], ["江二", "子", B], [line.format(door="3-1-502", head="何一")]]
    roster = reading(tmp_path, [*rows, ["何一", "户主", C]])
    assert keys(roster) == ["3|1|501", "3|1|501", "3|1|502"]
    assert [home.head for home in roster.households] == ["江一", "何一"]


def test_a_card_over_a_table_says_the_door_whatever_the_head_is_called(tmp_path: Path) -> None:
    rows: Rows = []
    for head, door, number in (("江一", "3栋1单元501室", A), ("单于", "3栋1单元502室", B)):
        rows = [*rows, ["户主", head, "住址", door], ["姓名", "与户主关系", "身份证号"], [head, "户主", number], []]
    assert keys(reading(tmp_path, rows)) == ["3|1|501", "3|1|502"]


@pytest.mark.parametrize(
    ("address", "key"),
    [("3--2--501", "3|2|501"), ("3--101", "3||-101"), ("3-2--101", "3|2|-101"), ("1A/2/202", "1A|2|202")],
)
def test_dashes_that_stand_twice_are_signs_of_nothing(tmp_path: Path, address: str, key: str) -> None:
    assert keys(reading(tmp_path, [["姓名", "住址"], ["江一", address]])) == [key]


@pytest.mark.parametrize("above", [[], ["社区台账"]], ids=["first", "below a title"])
@pytest.mark.parametrize("headed", [True, False])
def test_names_under_a_word_nobody_knows_leave_all_other_words_what_they_are(
    tmp_path: Path, above: list[Made], *, headed: bool
) -> None:
    header: list[Made] = ["栋", "室", "户主姓名", "何许人也", "与户主关系", "身份证号", "网格员", "备注"]
    rows: Rows = [
        header,
        ["3", "501", "江一", "江一", "户主", A, "李四", ""],
        ["3", "501", "江一", "江二", "女", B, "李四", "轮椅"],
        ["3", "502", "何一", "何一", "户主", C, "李四", ""],
    ]
    rows = [above, *(row if headed else [*row[:2], *row[3:]] for row in rows)]
    roster = reading(tmp_path, rows)
    assert people(roster) == [("江一", "3||501", "户主"), ("江二", "3||501", "女"), ("何一", "3||502", "户主")]
    assert [home.head for home in roster.households] == ["江一", "何一"]
    assert [one.note for one in roster.residents] == [None, "轮椅", None]


@pytest.mark.parametrize(
    ("header", "cell", "told"),
    [
        ("户籍人员姓名", "江一", ("江一", None, None, (), "in_place")),
        ("实际居住人", "江一", ("江一", None, None, (), "in_place")),
        ("特殊情况说明", "轮椅", ("何一", None, "轮椅", (), "in_place")),
        ("需要说明的情况", "轮椅", ("何一", None, "轮椅", (), "in_place")),
        ("户内关系", "女", ("何一", "女", None, (), "in_place")),
        ("重点服务对象", "低保", ("何一", None, None, ("低保",), "in_place")),
        ("变动情况说明", "迁出", ("何一", None, None, (), "moved_out")),
    ],
)
def test_more_words_of_offices(
    tmp_path: Path, header: str, cell: str, told: tuple[str, str | None, str | None, tuple[str, ...], str]
) -> None:
    rows: Rows = [[header, "身份证号", "楼栋", "房号"], [cell, A, "3", "501"]]
    if told[0] != cell:
        rows = [["姓名", *rows[0]], ["何一", *rows[1]]]
    (person,) = reading(tmp_path, rows).residents
    assert (person.name, person.relation, person.note, person.tags, person.status) == told


def test_a_whole_address_may_be_called_by_the_estate_and_the_door(tmp_path: Path) -> None:
    rows: Rows = [["姓名", "户籍地址", "居住小区及门牌", "本户户主"], ["江一", "9栋9单元909", "3栋1单元501", "江老"]]
    roster = reading(tmp_path, rows)
    assert keys(roster) == ["3|1|501"]
    assert roster.households[0].head == "江老"


@pytest.mark.parametrize("header", ["户主姓名①", "家庭户主姓名", "户主姓名（全称）①", "现户主姓名"])
def test_heads_are_heads_whatever_stands_around_the_word(tmp_path: Path, header: str) -> None:
    rows: Rows = [["楼栋①", "房号②", header, "姓名①", "身份证号②"], ["3", "501", "江一", "江二", A]]
    roster = reading(tmp_path, rows)
    assert (names(roster), keys(roster), roster.households[0].head) == (["江二"], ["3||501"], "江一")


def test_marks_behind_members_tell_them_apart(tmp_path: Path) -> None:
    rows: Rows = [
        ["住址", "成员①姓名", "成员①身份证号", "成员②姓名", "成员②身份证号"],
        ["3-1-501", "江一", A, "江二", B],
    ]
    assert names(reading(tmp_path, rows)) == ["江一", "江二"]
    assert names(reading(tmp_path, [["住址", "姓名①", "身份证号①", "姓名②", "身份证号②"], *rows[1:]])) == [
        "江一",
        "江二",
    ]


def test_the_number_of_a_meter_is_on_no_door(tmp_path: Path) -> None:
    rows: Rows = [["电表户号", "姓名", "楼栋", "单元", "具体房号"], ["88012345", "江一", "3", "1", "501"]]
    assert keys(reading(tmp_path, rows)) == ["3|1|501"]


def test_above_a_better_header_the_deeper_of_two_is_read_whole(tmp_path: Path) -> None:
    header: Rows = [["现住址", "", "", "姓名", "身份证号", "联系", ""], ["栋", "单元", "室", "", "", "手机", "电话"]]
    rows: Rows = [*header, ["3", "1", "501", "江一", A, ONE, ""], []]
    rows = [*rows, ["姓名", "身份证号", "栋", "单元", "室", "电话", "与户主关系", "性别", "备注", "人员类别"]]
    rows = [*rows, ["何一", B, "4", "1", "601", TWO, "户主", "女", "轮椅", "低保"]]
    roster = reading(tmp_path, rows)
    assert people(roster) == [("江一", "3|1|501", None), ("何一", "4|1|601", "户主")]


def test_the_title_of_a_part_of_one_table_is_nobody(tmp_path: Path) -> None:
    rows: Rows = [["姓名", *SHORT[1:3], "", "姓名", *SHORT[1:3]], ["江一", "3", "501", "", "何一", "4", "601"]]
    roster = reading(tmp_path, [*rows, ["居民基本情况", "", "", "", "何二", "4", "602"]])
    assert names(roster) == ["江一", "何一", "何二"]


def test_the_numbers_of_columns_stand_under_a_sign_too(tmp_path: Path) -> None:
    header: list[Made] = ["#", "栋", "单元", "室", "姓名", "与户主关系", "性别", "身份证号", "出生日期"]
    numbers: list[Made] = [str(number) for number in range(1, 10)]
    person: list[Made] = [1, "3", "1", "501", "江一", "户主", "男", A, ""]
    other: list[Made] = [2, "4", "1", "601", "何一", "户主", "女", B, ""]
    roster = reading(tmp_path, [[*header, "", *header], [*numbers, "", *numbers], [*person, "", *other]])
    assert keys(roster) == ["3|1|501", "4|1|601"]
    assert not problems(roster)


def test_a_name_that_begins_like_a_place_is_no_label_of_a_card(tmp_path: Path) -> None:
    rows: Rows = []
    for head, door, number, other in (("江一", "3栋1单元501室", A, B), ("何一", "3栋1单元502室", C, D)):
        rows = [*rows, ["户主", head, "住址", door], ["姓名", "与户主关系", "身份证号"], [head, "户主", number]]
        rows = [*rows, ["楼小明", "女婿（已婚）", other], []]
    roster = reading(tmp_path, rows)
    assert names(roster) == ["江一", "楼小明", "何一", "楼小明"]
    assert keys(roster) == ["3|1|501", "3|1|501", "3|1|502", "3|1|502"]


def test_a_room_of_one_digit_is_one_where_it_is_called_so(tmp_path: Path) -> None:
    rows: Rows = [["姓名", "住址"], ["江一", "桂花苑1栋2室"], ["江二", "磁湖路18号1栋2室"], ["江三", "磁湖路18号"]]
    assert keys(reading(tmp_path, rows))[:2] == ["1||2", "1||2"]


def test_a_header_with_line_breaks_is_nobody_where_it_is_printed_again(tmp_path: Path) -> None:
    header: list[Made] = ["楼栋\n", "室\n", "家庭人员姓名\n", "与户主关系\n", "电话\n"]
    rows: Rows = [
        header,
        ["3", "501", "江一", "户主", ONE],
        ["3", "501", "江二", "子", ""],
        ["3", "502", "江三", "户主", ""],
    ]
    roster = reading(tmp_path, [*rows, header, ["3", "503", "江四", "户主", TWO]])
    assert names(roster) == ["江一", "江二", "江三", "江四"]


@pytest.mark.parametrize("number", ["", A[:17], A[:16] + "00"])
def test_somebody_of_whom_words_of_headers_are_said_begins_no_other_table(tmp_path: Path, number: str) -> None:
    header: list[Made] = ["楼栋", "单元", "室", "户主姓名", "姓名", "与户主关系", "证件类型", "证件号码", "电话"]
    rows: Rows = [
        header,
        ["3", "一单元", "501", "江一", "江一", "户主", "居民身份证", number, ONE],
        ["3", "一单元", "501", "江一", "江二", "子", "居民身份证", C, ""],
        ["3", "一单元", "502", "何一", "何一", "户主", "居民身份证", D, ""],
    ]
    roster = reading(tmp_path, rows)
    assert names(roster)[-2:] == ["江二", "何一"]
    assert keys(roster)[-1] == "3|1|502"
    assert len(roster.residents) + len(roster.rejected) == 3


def test_beside_names_owners_are_no_list_of_their_own_whatever_stands_below_the_header(tmp_path: Path) -> None:
    rows: Rows = [["居民", "身份证号", "单元", "室号", "产权人"], ["1栋"], ["江一", A, "1", "101", "何产"]]
    looks = Looks(merged={"台账": [(1, 0, 1, 4)]})
    roster = read_roster(xlsx(tmp_path / "a.xlsx", {"台账": rows}, looks), today=TODAY)
    assert people(roster) == [("江一", "1|1|101", None)]


@pytest.mark.parametrize("word", ["户主\n及家庭成员姓名", "户主及家庭成员姓名\u3000"])
def test_a_header_that_begins_with_heads_is_nobody_where_it_is_printed_again(tmp_path: Path, word: str) -> None:
    header: list[Made] = ["楼\n栋", "室\n", word, "与户主\n关系", "电\n话"]
    rows: Rows = [
        header,
        ["3", "501", "江一", "户主", ONE],
        ["3", "501", "江二", "子", ""],
        ["3", "502", "江三", "户主", ""],
    ]
    roster = reading(tmp_path, [*rows, header, ["3", "503", "江四", "户主", TWO]])
    assert names(roster) == ["江一", "江二", "江三", "江四"]


@pytest.mark.parametrize("form", ["{0}", "{1}\n{2}", "【{0}】", "*{0}"])
def test_a_header_of_two_rows_is_read_whole_again_whatever_its_words_wear(tmp_path: Path, form: str) -> None:
    words = [
        ["序号", "现住址", "", "", "姓名", "与户主关系", "基本信息", "", "", "人员类别", "备注"],
        ["", "楼栋", "单元", "室", "", "", "性别", "身份证号", "联系电话（必填，11位）", "", ""],
    ]
    header: Rows = [[form.format(word, word[:1], word[1:]) if word else "" for word in row] for row in words]
    rows: Rows = [
        ["1", "1", "1", "101", "江一", "户主", "女", A, ONE, "", ""],
        ["2", "1", "1", "101", "江二", "子", "男", B, "", "", "住院"],
        ["3", "1", "2", "201", "江三", "户主", "女", C, "", "", ""],
    ]
    below: Rows = [["4", "2", "1", "502", "何一", "户主", "男", D, TWO, "", ""]]
    roster = reading(tmp_path, [*header, *rows, ["居民台账（续）"], *header, *below])
    assert names(roster) == ["江一", "江二", "江三", "何一"]
    assert keys(roster)[-1] == "2|1|502"
    assert roster.residents[-1].phones == (TWO,)


@pytest.mark.parametrize("head", ["江一", "区一明"])
def test_cards_of_heads_with_rare_surnames_say_their_doors(tmp_path: Path, head: str) -> None:
    header: list[Made] = ["姓名", "与户主关系", "身份证号"]
    rows: Rows = [["户主", head, "住址", "桂花苑1栋1单元101室"], header, [head, "户主", A], ["江二", "子", B], []]
    below: Rows = [["户主", "何一", "住址", "桂花苑1栋1单元202室"], header, ["何一", "户主", C]]
    roster = reading(tmp_path, [["家庭情况登记卡"], *rows, ["家庭情况登记卡"], *below])
    assert names(roster) == [head, "江二", "何一"]
    assert keys(roster) == ["1|1|101", "1|1|101", "1|1|202"]
    assert [home.head for home in roster.households] == [head, "何一"]


def test_doors_on_a_sheet_of_households_are_found_by_the_head(tmp_path: Path) -> None:
    ledger: Rows = [
        ["户主姓名", "姓名", "与户主关系", "身份证号"],
        ["江一", "江一", "户主", A],
        ["江一", "江二", "子", B],
        ["何一", "何一", "户主", C],
        ["王一", "王一", "户主", D],
    ]
    homes: Rows = [
        ["户号", "户主姓名", "楼栋", "单元", "房号"],
        ["H1", "江一", "1", "1", "101"],
        ["H2", "何一", "1", "2", "202"],
        ["H3", "王一", "2", "1", "301"],
        ["H4", "王一", "2", "1", "302"],
    ]
    roster = read_roster(xlsx(tmp_path / "a.xlsx", {"人员": ledger, "户信息": homes}), today=TODAY)
    told = [one.household and (one.household.building, one.household.room) for one in roster.residents]
    assert names(roster) == ["江一", "江二", "何一", "王一"]
    assert told[:3] == [("1", "101"), ("1", "101"), ("1", "202")]
    assert told[3] == ("", "")
    assert "sheet_ignored" not in {finding.kind for finding in roster.findings}


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("古丽\uff0e阿依 13800000141", "古丽·阿依"),
        ("古丽•阿依：13800000141", "古丽·阿依"),
        ("古丽.阿依13800000141", "古丽·阿依"),
        ("John Smith 13800000141", "John Smith"),
    ],
)
def test_phones_behind_names_of_several_parts_are_none_of_them(tmp_path: Path, cell: str, name: str) -> None:
    rows: Rows = [["住址", "姓名及电话", "身份证号"], ["1栋1单元101", cell, A], ["1栋1单元102", "江二", B]]
    person = reading(tmp_path, rows).residents[0]
    assert (person.name, person.phones) == (name, (ONE,))


@pytest.mark.parametrize(("cell", "status"), [("古丽\uff0e阿依 已故", "deceased"), ("古丽.阿依 已迁出", "moved_out")])
def test_words_behind_names_of_several_parts_are_none_of_them(tmp_path: Path, cell: str, status: str) -> None:
    person = reading(tmp_path, [["住址", "姓名", "身份证号"], ["1栋1单元101", cell, A]]).residents[0]
    assert (person.name, person.status) == ("古丽·阿依", status)


def test_what_is_made_long_on_purpose_takes_no_memory_and_no_time(tmp_path: Path) -> None:
    """A header of a thousand characters over the names, and a name that goes on in dashes: read, or told."""
    long = "A" + "-" * 30_000
    people_in = [["3", f"50{at}", name, "户主", ""] for at, name in enumerate(("江一", "何一", "江三", long))]
    rows: Rows = [["楼栋", "室", "甲" * 1000, "与户主关系", "电话"], *people_in]
    tracemalloc.start()
    try:
        roster = reading(tmp_path, rows)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert names(roster)[:3] == ["江一", "何一", "江三"]
    assert peak < 64 * 2**20
