"""What stands beside a name is understood, or said to be there; it is no part of the name without a word."""

from datetime import date
from pathlib import Path

import pytest

from gridworker.sheets.clean import Cleaner, is_remark, names_several
from tests.sheets.ledgers import Made, id_number, only, problems, reading

HEADER = ["楼栋", "室", "姓名", "与户主关系", "性别", "身份证号", "联系电话", "人员类别"]
NUMBER = id_number("19800526", 425)


def row(name: Made, **cells: Made) -> list[Made]:
    return [{"楼栋": "3", "室": "501", "姓名": name, **cells}.get(header, "") for header in HEADER]


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("张三（已故）", {"status": "deceased"}),
        ("张三【2023年去世】", {"status": "deceased"}),
        ("张三（搬走）", {"status": "moved_out"}),
        ("张三(户主)", {"relation": "户主"}),
        ("（户主）张三", {"relation": "户主"}),
        ("张三户主", {"relation": "户主"}),
        ("张三 户主", {"relation": "户主"}),
        ("张三 （女）", {"sex": "女"}),
        ("张三（女，低保，13800000002）", {"sex": "女", "tags": ["低保"], "phones": ["13800000002"]}),
        ("张三（党员）", {"tags": []}),
        ("张三（）", {}),
        ("张三 13800000001", {"phones": ["13800000001"]}),
        ("张三13800000001", {"phones": ["13800000001"]}),
    ],
)
def test_what_stands_beside_a_name_is_said_of_the_person(tmp_path: Path, cell: str, told: dict[str, object]) -> None:
    roster = reading(tmp_path, [HEADER, row(cell)])
    assert {"name": "张三", **told}.items() <= only(roster).to_neutral().items()
    assert "name_remark" not in {one.kind for one in roster.findings}


def test_the_quick_way_for_good_rows_takes_none_of_these(tmp_path: Path) -> None:
    rows = [row(name, 身份证号=id_number(order=at)) for at, name in enumerate(["张一", "张二", "张三", "张四（已故）"])]
    assert [(one.name, one.status) for one in reading(tmp_path, [HEADER, *rows]).residents][2:] == [
        ("张三", "in_place"),
        ("张四", "deceased"),
    ]


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("张三（曾用名王六）", "张三（曾用名王六）"),
        ("张三（女、住院）", "张三（住院）"),
        ("张三（1号）", "张三（1号）"),
        ("李四（户", "李四（户"),
        ("张三 李四", "张三李四"),
    ],
)
def test_what_is_not_understood_is_to_be_looked_at(tmp_path: Path, cell: str, name: str) -> None:
    roster = reading(tmp_path, [HEADER, row(cell)])
    assert only(roster).name == name
    assert [(one.kind, one.is_to_check) for one in roster.findings if one.row == 2 and one.kind != "id_missing"] == [
        ("name_remark", True)
    ]


def test_what_does_not_fit_the_columns_is_to_be_looked_at(tmp_path: Path) -> None:
    roster = reading(tmp_path, [HEADER, row("张三（户主）", 与户主关系="子", 身份证号=NUMBER)])
    assert only(roster).relation == "子"
    assert "name_remark" in {one.kind for one in roster.findings}


@pytest.mark.parametrize(
    "cell", ["张三（户主）、李四（妻）", "张三\n李四", "张三（夫）李四（妻）", "张三(户主) 李四(妻子)"]
)
def test_several_names_are_several_with_what_is_beside_them(tmp_path: Path, cell: str) -> None:
    assert problems(reading(tmp_path, [HEADER, row("王五"), row(cell)])) >= {(3, "names_several")}


def test_marks_of_namesakes_and_names_in_two_words_stay(tmp_path: Path) -> None:
    rows = [
        row(name, 身份证号=id_number(order=at)) for at, name in enumerate(("张伟（大）", "张伟（小）", "欧阳 明月"))
    ]
    roster = reading(tmp_path, [HEADER, *rows])
    assert [one.name for one in roster.residents] == ["张伟（大）", "张伟（小）", "欧阳明月"]
    assert problems(roster) == set()


def test_a_number_that_stays_in_a_name_is_told_of(tmp_path: Path) -> None:
    roster = reading(tmp_path, [HEADER, row(f"张三 {NUMBER[:-1]}{'0' if NUMBER[-1] != '0' else '1'}")])
    assert (2, "name_remark") in {(one.row, one.kind) for one in roster.findings}


FATHER, MOTHER = id_number("19700101", 1), id_number("19720101", 2)


@pytest.mark.parametrize("beside", [" {}", "{}", "（{}）", "：{}", " 身份证号：{}", "，{}"])
def test_an_id_number_beside_a_name_is_theirs(tmp_path: Path, beside: str) -> None:
    """And stands in no name, where everybody would read it in clear."""
    rows = [["姓名", "楼栋", "室"], ["张伟" + beside.format(FATHER), "3", "101"], ["李芳", "3", "102"]]
    roster = reading(tmp_path, rows)
    assert [(one.name, one.id_number, one.birth_date) for one in roster.residents] == [
        ("张伟", FATHER, "1970-01-01"),
        ("李芳", None, None),
    ]
    again = [["姓名", "身份证号", "室"], ["张伟" + beside.format(FATHER), "", "101"], ["张伟", FATHER, "102"]]
    roster = reading(tmp_path, again)
    assert [one.row for one in roster.residents] == [2]
    assert ("id_duplicate", 3) in [(one.kind, one.row) for one in roster.findings]


def test_two_with_their_numbers_in_one_cell_are_no_person(tmp_path: Path) -> None:
    rows = [["姓名", "楼栋", "室"], [f"张伟 户主 {FATHER}\n李芳 妻 {MOTHER}", "3", "101"], ["何一", "3", "102"]]
    roster = reading(tmp_path, rows)
    assert [one.name for one in roster.residents] == ["何一"]
    assert [(one.kind, one.row) for one in roster.findings if one.rejects] == [("names_several", 2)]


def test_a_header_that_says_what_stands_there_of_others_is_told_as_one_of_others(tmp_path: Path) -> None:
    rows = [["房号", "户主", "家庭成员（姓名、关系）"], ["101", "张伟", "张伟、李芳"], ["102", "何一", "何一、何二"]]
    assert [one.kind for one in reading(tmp_path, rows).findings] == ["others_ignored"]


@pytest.mark.parametrize("cell", ["1" * 30_000 + "人", "张三" + " " * 30_000 + "李四", "张三、" * 10_000 + "李四"])
def test_what_is_longer_than_any_name_is_no_name_and_is_not_taken_apart(cell: str) -> None:
    """A cell of thirty thousand digits took ten seconds, one of blanks half a minute."""
    cleaner = Cleaner(date(2026, 3, 18))
    assert cleaner.name(cell) == ""
    assert not cleaner.remarks
    assert not is_remark(cell)
    assert not names_several(cell)


@pytest.mark.parametrize("cell", ["张三夫妇", "李四一家", "王五父子", "张三→李四", "王五？", "张三等人"])
def test_what_may_be_several_or_nobody_for_sure_is_to_be_looked_at(tmp_path: Path, cell: str) -> None:
    roster = reading(tmp_path, [["楼栋", "室", "姓名"], ["3", "501", cell]])
    assert [one.kind for one in roster.findings if one.is_to_check] == ["name_remark"]


@pytest.mark.parametrize(
    "cell",
    [
        "租户江一",
        "房东江一",
        "业主江一",
        "网格员江一",
        "江一母亲",
        "江一爱人",
        "江一之妻",
        "江一60岁",
        "江一，女",
        "江一待核实",
    ],
)
def test_more_than_a_name_or_somebody_elses_is_to_be_looked_at(tmp_path: Path, cell: str) -> None:
    roster = reading(tmp_path, [["姓名", "住址"], [cell, "3-1-501"]])
    assert [one.name for one in roster.residents] == [cell]
    assert [(one.row, one.kind) for one in roster.findings if one.is_to_check] == [(2, "name_remark")]


@pytest.mark.parametrize("cell", ["江一。", "江一、", "“江一”"])
def test_marks_around_a_name_are_no_part_of_it(tmp_path: Path, cell: str) -> None:
    assert [
        one.name for one in reading(tmp_path, [["姓名", "住址", "电话"], [cell, "3-1-501", "13800000141"]]).residents
    ] == ["江一"]


def test_a_sex_in_a_word_of_its_own_behind_a_name_is_no_part_of_it(tmp_path: Path) -> None:
    (person,) = reading(tmp_path, [["姓名", "住址"], ["江一 男", "3-1-501"]]).residents
    assert (person.name, person.sex) == ("江一", "男")
