"""Two tables in one sheet: whoever stands in the smaller one is read, or said not to be, row by row."""

from pathlib import Path

import pytest

from gridworker.sheets.people import Roster
from tests.sheets.ledgers import Made, Rows, id_number, keys, reading

A, B = (id_number("19620304", order) for order in (12, 21))
FULL: Rows = [
    ["楼栋", "单元", "室", "姓名", "身份证号", "联系电话"],
    ["1", "1", "101", "张一", A, "13800000001"],
    ["1", "1", "102", "李二", B, "13800000002"],
]


def beside(left: Rows, right: Rows) -> Rows:
    """Two tables side by side, with a blank column between them."""
    filled = [*right, *[["", ""]] * (len(left) - len(right))]
    return [[*row, "", *more] for row, more in zip(left, filled, strict=True)]


def names(roster: Roster) -> list[str]:
    return [one.name for one in roster.residents]


def left_apart(roster: Roster) -> list[tuple[int | None, str]]:
    """The rows that are said not to be read, and who stands in them."""
    said = [one for one in roster.findings if one.kind == "table_apart"]
    assert [(one.sheet, one.row, one.member) for one in said] == [
        (one.sheet, one.row, one.member) for one in roster.passed_over
    ]
    return [(one.row, one.name) for one in roster.passed_over]


@pytest.mark.parametrize("people", [["其其格", "扎西顿珠"], ["John Smith", "Maria"], ["张三", "李四"]])
def test_people_with_doors_are_read_above_below_and_beside_a_fuller_table(tmp_path: Path, people: list[str]) -> None:
    small: Rows = [["姓名", "房号"], [people[0], "3-1-101"], [people[1], "3-1-102"]]
    for rows in ([*small, [], *FULL], [*FULL, [], *small], [*FULL, [], ["特殊人员"], *small], beside(FULL, small)):
        roster = reading(tmp_path, rows)
        assert sorted(names(roster)) == sorted(["张一", "李二", *people])
        assert {"3|1|101", "3|1|102"} <= set(keys(roster))
        assert not left_apart(roster)


@pytest.mark.parametrize(
    "small",
    [
        [["姓名", "备注"], ["其其格", "独居"], ["张三", "孤寡"]],
        [["户主", "人口"], ["其其格", "3"], ["张三", "2"]],
        [["职务", "姓名", "电话"], ["书记", "其其格", "13800000101"], ["网格员", "张三", "13800000102"]],
        [["序号", "姓名", "住址"], ["1", "其其格", "牧民新村"], ["2", "张三", "牧民新村"]],
    ],
    ids=["a remark", "heads with a count", "staff", "an address nobody can read"],
)
def test_every_row_of_a_table_above_that_is_not_read_says_so(tmp_path: Path, small: Rows) -> None:
    roster = reading(tmp_path, [["名册"], *small, [], *FULL])
    assert names(roster) == ["张一", "李二"]
    assert left_apart(roster) == [(3, "其其格"), (4, "张三")]
    told = {str(one) for one in roster.findings if one.kind == "table_apart"}
    assert len(told) == 1
    assert "3" in told.pop()


@pytest.mark.parametrize(
    "small",
    [
        [["姓名", "备注"], ["其其格", "独居"], ["张三", "孤寡"]],
        [["职务", "姓名", "电话"], ["书记", "其其格", "13800000101"], ["网格员", "张三", "13800000102"]],
    ],
    ids=["a remark", "staff"],
)
def test_every_row_of_a_table_below_that_is_not_read_says_so(tmp_path: Path, small: Rows) -> None:
    for first in (FULL, [["姓名", "房号", "电话"], ["张一", "101", "13800000001"], ["李二", "102", ""]]):
        roster = reading(tmp_path, [*first, [], *small, [], *FULL[:1], ["1", "1", "103", "王五", "", ""]])
        assert names(roster) == ["张一", "李二", "王五"]
        assert left_apart(roster) == [(6, "其其格"), (7, "张三")]


def test_a_remark_in_a_table_beside_is_about_nobody_of_the_first_one(tmp_path: Path) -> None:
    roster = reading(tmp_path, beside(FULL, [["姓名", "备注"], ["其其格", "独居"], ["扎西", "孤寡"]]))
    assert [(one.name, one.note) for one in roster.residents] == [("张一", None), ("李二", None)]
    assert left_apart(roster) == [(2, "其其格"), (3, "扎西")]


def test_sums_below_people_are_no_people(tmp_path: Path) -> None:
    rows: Rows = [
        ["姓名", "房号", "电话"], ["张一", "101", "13800000001"], [],
        ["类别", "户数", "人数"], ["常住", "30", "90"], ["流动", "10", "20"], [], ["李二", "102", ""],
    ]  # fmt: skip
    roster = reading(tmp_path, rows)
    assert [(one.name, one.household and one.household.room) for one in roster.residents] == [
        ("张一", "101"), ("李二", "102")
    ]  # fmt: skip
    assert not [one for one in roster.findings if one.is_to_check or one.rejects]


@pytest.mark.parametrize(
    "theirs",
    [
        ["网格员", "电话"],
        ["邻居", "与本人关系", "联系电话"],
        ["监护人", "电话"],
    ],
)
def test_a_phone_behind_the_name_of_somebody_else_is_theirs(tmp_path: Path, theirs: list[str]) -> None:
    rows: Rows = [["姓名", "房号", "电话", *theirs], ["张一", "101", "13800000001", "李二", *["13800000002"] * 2]]
    roster = reading(tmp_path, [row[: 3 + len(theirs)] for row in rows])
    assert [(one.name, one.phones) for one in roster.residents] == [("张一", ("13800000001",))]
    assert {one.values["detail"] for one in roster.findings if one.kind.endswith("_ignored")} == set(theirs)
    assert [one.kind for one in roster.findings if one.values.get("detail") == theirs[0]] == ["others_ignored"]


@pytest.mark.parametrize("theirs", [["紧急联系人", "电话"], ["紧急联系人", "与本人关系", "联系电话"]])
def test_a_phone_behind_whom_to_ring_is_theirs(tmp_path: Path, theirs: list[str]) -> None:
    rows: Rows = [["姓名", "房号", "电话", *theirs], ["张一", "101", "13800000001", "李二", *["13800000002"] * 2]]
    (person,) = reading(tmp_path, [row[: 3 + len(theirs)] for row in rows]).residents
    assert person.phones == ("13800000001",)
    assert person.contact is not None
    assert (person.contact.name, person.contact.phones) == ("李二", ("13800000002",))


@pytest.mark.parametrize("behind", [["监护人", "联系电话"], ["备注", "电话"], ["监护人电话", "手机"]])
def test_a_phone_that_nobody_else_is_named_for_is_their_own(tmp_path: Path, behind: list[str]) -> None:
    rows: Rows = [["姓名", "房号", *behind], ["张一", "101", "13800000003", "13800000002"]]
    assert "13800000002" in reading(tmp_path, rows).residents[0].phones


@pytest.mark.parametrize("other", ["监护人", "子女姓名", "配偶姓名"])
def test_a_phone_behind_the_number_of_somebody_else_is_theirs(tmp_path: Path, other: str) -> None:
    header: list[Made] = ["房号", "姓名", "身份证号", other, "身份证号", "电话"]
    rows: Rows = [header, ["101", "张一", id_number("20101010", 18), "李二", id_number(), "13800000002"]]
    (person,) = reading(tmp_path, rows).residents
    assert (person.name, person.id_number, person.phones) == ("张一", id_number("20101010", 18), ())
