"""Numbers between a column of heads and one of names: whose they are, and that nobody is given those of another."""

from pathlib import Path

import pytest

from gridworker.sheets.mapping import Mapping
from tests.sheets.ledgers import Made, Rows, id_number, reading
from tests.sheets.test_turned import told

A, B, C, D = (id_number(*one) for one in (("19491231", 21), ("19520304", 32), ("19800526", 425), ("20101010", 18)))


def numbers(folder: Path, rows: Rows, mapping: Mapping | None = None) -> list[tuple[str, str | None]]:
    """Who is read, each with their number."""
    return [(person.name, person.id_number) for person in reading(folder, rows, mapping).residents]


@pytest.mark.parametrize(
    ("header", "first", "other"),
    [
        (["住址", "户主", "身份证号", "家庭成员"], [A, "江二"], [C, "江四"]),
        (["住址", "户主姓名", "身份证号", "成员姓名", "与户主关系"], [A, "江二", "妻"], [C, "江四", "女"]),
        (
            ["住址", "户主", "性别", "身份证号", "家庭成员姓名", "关系"],
            ["男", A, "江二", "妻"],
            ["男", C, "江四", "女"],
        ),
    ],
)
def test_the_number_before_the_members_is_that_of_the_head(
    tmp_path: Path, header: list[Made], first: list[Made], other: list[Made]
) -> None:
    rows: Rows = [header, ["3-2-501", "江一", *first], ["3-2-502", "江三", *other]]
    assert numbers(tmp_path, rows) == [("江一", A), ("江二", None), ("江三", C), ("江四", None)]
    assert [person.sex for person in reading(tmp_path, rows).residents if person.id_number is None] == [None, None]


def test_a_head_alone_behind_a_door_is_read_beside_others_with_members(tmp_path: Path) -> None:
    rows: Rows = [
        ["住址", "户主", "身份证号", "家庭成员", "联系电话"],
        ["3-2-501", "江一", A, "江二", "13800000001"],
        ["3-2-502", "江三", C, "", "13800000002"],
    ]
    people = reading(tmp_path, rows).residents
    assert [(one.name, one.phones) for one in people] == [
        ("江一", ("13800000001",)),
        ("江二", ()),
        ("江三", ("13800000002",)),
    ]


def test_people_in_columns_keep_their_heads_numbers_from_the_members(tmp_path: Path) -> None:
    rows: Rows = [["房号", "501", "502"], ["户主", "江一", "江三"], ["身份证号", A, C], ["家庭成员", "江二", "江四"]]
    assert numbers(tmp_path, rows) == [("江一", A), ("江二", None), ("江三", C), ("江四", None)]


def test_a_number_that_stands_beside_several_names_is_that_of_their_head(tmp_path: Path) -> None:
    rows: Rows = [
        ["住址", "户主", "身份证号", "姓名", "与户主关系", "出生日期"],
        ["3-2-501", "江一", A, "江二", "妻", "1952-03-04"],
        ["3-2-501", "江一", A, "江三", "女", "2010-10-10"],
    ]
    roster = reading(tmp_path, rows)
    assert [(one.name, one.id_number) for one in roster.residents] == [("江二", None), ("江三", None)]
    assert not roster.rejected


def test_both_have_numbers_under_one_word(tmp_path: Path) -> None:
    rows: Rows = [
        ["住址", "户主姓名", "身份证号", "成员姓名", "与户主关系", "身份证号"],
        ["3-2-501", "江一", A, "江二", "妻", B],
        ["3-2-502", "江三", C, "江四", "女", D],
    ]
    roster = reading(tmp_path, rows)
    assert told(roster) == [
        (2, "江一", "3|2|501", "户主"),
        (2, "江二", "3|2|501", "妻"),
        (3, "江三", "3|2|502", "户主"),
        (3, "江四", "3|2|502", "女"),
    ]
    assert [one.id_number for one in roster.residents] == [A, B, C, D]


@pytest.mark.parametrize(
    "rows",
    [
        [["江一", A, "江一"], ["江一", B, "江二"]],
        [["江一", A, "江一"], ["", B, "江二"]],
        [["江三", A, "江一"], ["江三", B, "江二"]],
        [["江一", A, "江一（户主）"], ["江二", B, "江二（户主）"]],
    ],
)
def test_numbers_of_those_named_stay_theirs(tmp_path: Path, rows: list[list[Made]]) -> None:
    whole: Rows = [["户主", "身份证号", "姓名", "住址"], *([*row, "3-2-501"] for row in rows)]
    assert numbers(tmp_path, whole) == [("江一", A), ("江二", B)]


def test_whose_a_number_is_may_be_said_by_hand(tmp_path: Path) -> None:
    rows: Rows = [["户主", "身份证号", "家庭成员", "住址"], ["江一", A, "江二", "3-2-501"]]
    chosen = Mapping({"身份证号": "id_number"})
    assert numbers(tmp_path, rows, chosen) == [("江二", A)]
