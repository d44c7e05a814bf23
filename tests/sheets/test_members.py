"""Several people in one row, and tables side by side."""

from pathlib import Path

import pytest

from tests.sheets.ledgers import Error, Made, Rows, id_number, problems, reading

HEAD, WIFE, SON = (id_number(born, order) for born, order in (("19600102", 1), ("19620304", 2), ("19900506", 3)))
FAMILY = [("李强", HEAD, "户主", "3|1|501"), ("王芳", WIFE, "妻", "3|1|501"), ("李明", SON, "子", "3|1|501")]


def people(folder: Path, rows: Rows) -> list[tuple[str, str | None, str | None, str | None]]:
    roster = reading(folder, rows)
    return [
        (one.name, one.id_number, one.relation, one.household.key if one.household else None)
        for one in roster.residents
    ]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (
            ["户主姓名 户主身份证号 成员1姓名 成员1关系 成员1身份证号 成员2姓名 成员2关系 成员2身份证号 备注"],
            ["李强", HEAD, "王芳", "妻", WIFE, "李明", "子", SON, "租户"],
        ),
        (
            ["户主 - 家庭成员一 - - 家庭成员二", "姓名 身份证号 姓名 关系 身份证号 姓名 关系 身份证号"],
            ["李强", HEAD, "王芳", "妻", WIFE, "李明", "子", SON],
        ),
        (
            ["姓名 关系 身份证号 姓名 关系 身份证号 姓名 关系 身份证号"],
            ["李强", "户主", HEAD, "王芳", "妻", WIFE, "李明", "子", SON],
        ),
        (
            ["姓名1 姓名2 姓名3 关系1 关系2 关系3 身份证1 身份证2 身份证3"],
            ["李强", "王芳", "李明", "户主", "妻", "子", HEAD, WIFE, SON],
        ),
        (
            ["户主 身份证号 成员1 与户主关系 身份证号 成员2 与户主关系 身份证号 联系电话"],
            ["李强", HEAD, "王芳", "妻", WIFE, "李明", "子", SON, "13800000001"],
        ),
    ],
    ids=["numbered", "in groups", "the same again", "by field", "numbered names"],
)
def test_everybody_of_a_row_is_read(tmp_path: Path, header: list[str], row: list[Made]) -> None:
    places = ["楼栋 单元 室", "- - -"]
    rows = [
        ["" if word == "-" else word for word in f"{place} {line}".split()]
        for place, line in zip(places, header, strict=False)
    ]
    found = people(tmp_path, [*rows, ["3", "1", "501", *row], ["合计", "", "", "3人"]])
    assert found == FAMILY


def test_one_of_a_row_is_rejected_and_the_others_are_taken(tmp_path: Path) -> None:
    header = [
        "楼栋",
        "室",
        "户主",
        "户主身份证",
        "成员1",
        "成员1关系",
        "成员1身份证",
        "成员2",
        "成员2关系",
        "成员2电话",
    ]
    row: list[Made] = ["3", "501", "李强", HEAD, "王芳", "妻", WIFE[:17], "李明", "子", Error()]
    roster = reading(tmp_path, [header, row, ["3", "502", "", "", "周敏", "女", SON, "", "", ""]])
    assert [(one.name, one.member) for one in roster.residents] == [("李强", 0), ("李明", 2), ("周敏", 1)]
    assert [(one.name, one.member) for one in roster.rejected] == [("王芳", 1)]
    assert problems(roster) == {(2, "id_length"), (2, "cell_error")}
    assert {(one.kind, one.member) for one in roster.findings if one.row == 2} >= {("id_length", 1), ("cell_error", 2)}


def test_tables_side_by_side_have_doors_of_their_own(tmp_path: Path) -> None:
    header = ["楼栋", "室", "姓名", "身份证号", "", "楼栋", "室", "姓名", "身份证号"]
    rows: Rows = [
        header,
        ["3", "101", "李强", HEAD, "", "4", "201", "王芳", WIFE],
        ["", "102", "", "", "", "", "202", "李明", SON],
    ]
    found = people(tmp_path, rows)
    assert [(name, door) for name, _number, _relation, door in found] == [
        ("李强", "3||101"),
        ("王芳", "4||201"),
        ("李明", "4||202"),
    ]


def test_one_name_with_several_phones_is_one_person(tmp_path: Path) -> None:
    header = ["楼栋", "室", "姓名", "身份证号", "电话1", "电话2", "姓名拼音"]
    roster = reading(tmp_path, [header, ["3", "101", "李强", HEAD, "13800000001", "13800000002", "li qiang"]])
    assert [(one.name, one.phones) for one in roster.residents] == [("李强", ("13800000001", "13800000002"))]


def test_a_head_who_stands_among_the_members_is_one_person(tmp_path: Path) -> None:
    header = ["楼栋", "室", "户主姓名", "户主电话", "成员1姓名", "成员1关系", "成员1身份证号", "成员2姓名", "成员2关系"]
    rows: Rows = [
        header,
        ["3", "501", "李强", "13800000003", "李强", "户主", HEAD, "王芳", "妻"],
        ["3", "502", "李明", "13800000004", "", "", "", "", ""],
    ]
    roster = reading(tmp_path, rows)
    found = [(one.name, one.id_number, one.phones) for one in roster.residents]
    assert found == [("李强", HEAD, ("13800000003",)), ("王芳", None, ()), ("李明", None, ("13800000004",))]
    assert [home.head for home in roster.households] == ["李强", "李明"]


def test_tenants_numbered_in_a_row_are_people_and_the_landlord_is_not(tmp_path: Path) -> None:
    header = ["楼栋", "室", "业主姓名", "业主电话", "租户1姓名", "租户1身份证号", "租户1电话", "租户2姓名", "租户2电话"]
    row: list[Made] = ["3", "501", "房东", "13900000000", "李强", HEAD, "13800000001", "王芳", "13800000002"]
    found = [(one.name, one.phones) for one in reading(tmp_path, [header, row]).residents]
    assert found == [("李强", ("13800000001",)), ("王芳", ("13800000002",))]


def test_spouses_beside_heads_are_people_and_beside_others_only_somebody_to_ask_for(tmp_path: Path) -> None:
    beside = ["身份证号", "联系电话", "配偶姓名", "配偶身份证号", "配偶联系电话"]
    rows: Rows = [["李强", HEAD, "13800000001", "王芳", WIFE, "13800000002"], ["李明", SON, "", "", "", ""]]
    rows = [["楼栋", "单元", "室", "户主姓名", *beside], *(["3", "1", "501", *row] for row in rows)]
    roster = reading(tmp_path, rows)
    assert [(one.name, one.relation, one.phones) for one in roster.residents] == [
        ("李强", "户主", ("13800000001",)),
        ("王芳", "配偶", ("13800000002",)),
        ("李明", "户主", ()),
    ]
    assert problems(roster) == set()
    rows = [["楼栋", "单元", "室", "姓名", *beside], *rows[1:]]
    assert [one.name for one in reading(tmp_path, rows).residents] == ["李强", "李明"]


@pytest.mark.parametrize("blank", ["", "无", "—"])
@pytest.mark.parametrize("group", ["户主", "户主信息", "户主基本情况"])
def test_below_a_group_of_heads_they_are_heads_and_beside_nobody_no_row_is_passed_over(
    tmp_path: Path, group: str, blank: str
) -> None:
    header = [["楼栋", "室", group, "", "配偶信息", ""], ["", "", "姓名", "身份证号", "姓名", "身份证号"]]
    rows: Rows = [*header, ["3", "501", "李强", HEAD, "王芳", WIFE], ["3", "502", "李明", SON, blank, ""]]
    roster = reading(tmp_path, rows)
    relations = [(one.name, one.relation) for one in roster.residents]
    assert relations == [("李强", "户主"), ("王芳", "配偶"), ("李明", "户主")]
    assert [home.head for home in roster.households] == ["李强", "李明"]
    assert (roster.passed_over, roster.rejected) == ([], [])


@pytest.mark.parametrize("group", ["户主", "户主信息"])
def test_beside_a_group_of_heads_a_header_of_the_upper_row_alone_is_read(tmp_path: Path, group: str) -> None:
    rows: Rows = [[group, "", "住址"], ["姓名", "身份证号", ""], ["李强", HEAD, "3-1-501"]]
    assert people(tmp_path, rows) == [("李强", HEAD, "户主", "3|1|501")]


@pytest.mark.parametrize(
    ("headers", "relation"),
    [
        ("姓名 房号 电话 姓名 房号 电话 姓名 房号 电话", None),
        ("户主 房号 联系电话 户主 房号 联系电话 户主 房号 联系电话", "户主"),
        ("姓名 房号 电话 住户姓名 门牌 手机 居民姓名 室号 联系方式", None),
    ],
    ids=["people", "heads", "other words"],
)
def test_of_three_tables_side_by_side_nobody_is_lost_and_nobody_has_a_phone_of_another(
    tmp_path: Path, headers: str, relation: str | None
) -> None:
    told = [("李强", "3-1-501", "13800000001"), ("王芳", "3-1-502", "13800000002"), ("李明", "3-1-503", "13800000003")]
    rows: Rows = [headers.split(), [cell for one in told for cell in one], ["周敏", "3-1-504", "", *[""] * 6]]
    found = [
        (one.name, one.household.key if one.household else None, one.phones, one.relation)
        for one in reading(tmp_path, rows).residents
    ]
    assert sorted(found) == sorted([
        *((name, door.replace("-", "|"), (phone,), relation) for name, door, phone in told),
        ("周敏", "3|1|504", (), relation),
    ])  # fmt: skip


def test_tables_side_by_side_have_the_building_that_stands_above_each(tmp_path: Path) -> None:
    header = ["房号", "姓名", "电话"]
    rows: Rows = [["3栋", "", "", "4栋", "", ""], [*header, *header], ["101", "李强", "", "101", "王芳", ""]]
    found = [(name, key) for name, _number, _relation, key in people(tmp_path, rows)]
    assert found == [("李强", "3||101"), ("王芳", "4||101")]


def test_a_relation_behind_the_second_name_is_that_ones(tmp_path: Path) -> None:
    rows: Rows = [["住址", "姓名", "身份证号", "姓名", "身份证号", "与户主关系"]]
    found = people(tmp_path, [*rows, ["3栋1单元501", "李强", HEAD, "李明", SON, "子"]])
    assert [(name, relation) for name, _number, relation, _key in found] == [("李强", None), ("李明", "子")]


def test_tables_side_by_side_with_doors_and_phones_alone_are_two(tmp_path: Path) -> None:
    header = ["姓名", "房号", "电话"]
    rows: Rows = [[*header, "", *header], ["李强", "1-1-101", "13800000001", "", "王芳", "1-1-103", "13800000003"]]
    roster = reading(tmp_path, rows)
    assert [(one.name, one.household.key if one.household else None, one.phones) for one in roster.residents] == [
        ("李强", "1|1|101", ("13800000001",)),
        ("王芳", "1|1|103", ("13800000003",)),
    ]


def test_beside_a_column_of_whole_families_the_heads_are_the_people(tmp_path: Path) -> None:
    rows: Rows = [["户主姓名", "身份证号", "家庭成员", "住址"], ["李强", HEAD, "李强、王芳、李明", "3-1-501"]]
    assert [name for name, *_rest in people(tmp_path, [*rows, ["周敏", "", "", "3-1-502"]])] == ["李强", "周敏"]
