"""Rows about one person: the very same twice is taken in once and said; a name twice at a door is to be looked at."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from gridworker.sheets.people import Roster
from tests.sheets.ledgers import Rows, id_number, reading

HEADER = ["楼栋", "房号", "姓名", "性别", "与户主关系", "出生日期", "身份证号", "备注"]
A, B = id_number("19620304", 13), id_number("19850304", 21)


def found(roster: Roster) -> list[tuple[int | None, str]]:
    return [(one.row, one.kind) for one in roster.findings if one.kind.endswith("_again")]


def read(tmp_path: Path, *rows: Sequence[str]) -> Roster:
    return reading(tmp_path, [HEADER, *rows])


def test_the_very_same_row_again_is_taken_in_once_and_said(tmp_path: Path) -> None:
    one, other = ["3", "501", "江一", "男", "户主", "1962-03-04", "", ""], ["3", "501", "江二", "女", "妻", "", "", ""]
    roster = read(tmp_path, one, other, one, other)
    assert [(person.name, person.row) for person in roster.residents] == [("江一", 2), ("江二", 3)]
    assert [(person.name, person.row) for person in roster.rejected] == [("江一", 4), ("江二", 5)]
    assert found(roster) == [(4, "row_again"), (5, "row_again")]
    assert "Row 2" in str(next(one for one in roster.findings if one.kind == "row_again"))
    told = [one.to_neutral() for one in roster.findings if one.kind == "row_again"]
    assert {one["kind"] for one in told} == {"info"}


@pytest.mark.parametrize(
    "again",
    [
        ["3", "501", "江一", "男", "", "", "", ""],
        ["3", "501", "江一", "男", "户主", "1962-03", "", "低保"],
        ["3", "501", "江一", "男", "户主", "", A, ""],
    ],
)
def test_a_row_that_says_more_or_less_is_taken_in_to_be_looked_at(tmp_path: Path, again: list[str]) -> None:
    roster = read(tmp_path, ["3", "501", "江一", "男", "户主", "1962-03-04", "", ""], again)
    assert [person.row for person in roster.residents] == [2, 3]
    assert found(roster) == [(3, "name_again")]
    assert all(one.is_to_check for one in roster.findings if one.kind == "name_again")


@pytest.mark.parametrize(
    "other",
    [
        ["3", "501", "江一", "男", "子", "1985-03-04", "", ""],
        ["3", "502", "江一", "男", "户主", "1962-03-04", "", ""],
        ["3", "501", "江二", "男", "户主", "1962-03-04", "", ""],
    ],
)
def test_namesakes_who_are_told_apart_are_two_people(tmp_path: Path, other: list[str]) -> None:
    roster = read(tmp_path, ["3", "501", "江一", "男", "户主", "1962-03-04", "", ""], other)
    assert [person.row for person in roster.residents] == [2, 3]
    assert found(roster) == []


def test_numbers_of_their_own_tell_people_apart(tmp_path: Path) -> None:
    rows = [["3", "501", "江一", "", "", "", number, ""] for number in (A, B)]
    assert found(read(tmp_path, *rows, ["3", "502", "何一", "", "", "", "", ""])) == []


@pytest.mark.parametrize("name", ["张**", "张某", "新生儿", "未取名"])
def test_names_that_say_too_little_are_taken_as_they_stand(tmp_path: Path, name: str) -> None:
    row = ["3", "501", name, "男", "子", "2024-03-04", "", ""]
    roster = read(tmp_path, row, row)
    assert len(roster.residents) == 2
    assert found(roster) == []


def test_words_of_a_class_of_people_are_nobodys_name(tmp_path: Path) -> None:
    rows = [["3", "501", word, "", "", "", "", ""] for word in ("孕妇", "低保户", "残疾人", "党员")]
    roster = read(tmp_path, ["3", "501", "江一", "", "", "", A, ""], *rows, ["3", "501", "孕妇", "", "", "", B, ""])
    assert [person.name for person in roster.residents] == ["江一"]
    assert [(one.row, one.kind) for one in roster.findings if one.rejects] == [(7, "name_missing")]
    assert [one.row for one in roster.findings if one.kind == "row_skipped"] == [3, 4, 5, 6]


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("住址", "3-1-501 13800000001"),
        ("住址", "3栋1单元501室（户主13800000001）"),
        ("住址", "3-1-501，联系电话：13800000001"),
        ("住址", "3栋1单元501室13800000001"),
        ("住址", "3-1-501 0714-6200001"),
        ("户主电话及住址", "3栋1单元501 13800000001"),
        ("门牌及联系方式", "3-1-501 13800000001"),
    ],
)
def test_a_phone_behind_a_door_reaches_the_household_and_is_said(tmp_path: Path, header: str, cell: str) -> None:
    rows: Rows = [[header, "姓名", "身份证号"], [cell, "江一", A]]
    roster = reading(tmp_path, rows)
    (person,) = roster.residents
    assert person.household is not None
    assert (person.household.key, person.phones) == ("3|1|501", ())
    assert person.household.phone in {"13800000001", "0714-6200001"}
    assert [one.kind for one in roster.findings if one.is_to_check] == ["door_phone"]


def test_a_thousand_of_one_name_behind_one_door_are_each_told_of(tmp_path: Path) -> None:
    row = ["3", "501", "江一", "男", "子", "", "", ""]
    rows = [[*row[:-1], str(number)] for number in range(500)]
    roster = read(tmp_path, *rows, *rows)
    assert len(roster.residents) == len(roster.rejected) == 500
    assert [kind for _row, kind in found(roster)] == ["name_again"] * 499 + ["row_again"] * 500
