"""People above the header of their table, and cells that look blank and are not."""

from pathlib import Path

import openpyxl
import pytest

from gridworker.sheets.people import Roster
from gridworker.sheets.roster import read_roster
from tests.sheets.ledgers import TODAY, Made, Rows, id_number, keys, problems, reading

A, B, C = id_number("19700526", 1), id_number("19710526", 2), id_number("19720526", 3)
HEADER = ["姓名", "身份证号", "住址", "电话"]


def said(roster: Roster, kind: str) -> list[int | None]:
    return [one.row for one in roster.findings if one.kind == kind]


@pytest.mark.parametrize(
    "row",
    [["江二", B, "", ""], ["江二", "", "3-1-502", "13800000142"], ["江二", "", "3栋1单元502", "空巢"]],
)
def test_who_stands_above_the_header_is_not_read_and_not_lost_without_a_word(tmp_path: Path, row: list[Made]) -> None:
    rows: Rows = [["阳光社区居民台账"], row, HEADER, ["江一", A, "3-1-501", ""]]
    roster = reading(tmp_path, rows)
    assert [one.name for one in roster.residents] == ["江一"]
    assert said(roster, "row_above") == [2]
    assert [(one.row, one.name) for one in roster.passed_over] == [(2, "江二")]
    assert not problems(roster)


@pytest.mark.parametrize(
    "line",
    [
        ["填报单位", "阳光社区", "3-1-101", "13800000142"],
        ["阳光社区", "", "", "13800000142"],
        ["网格员", "何一", "3号楼", "13800000142"],
        ["何一", "", "", "2025年9月"],
    ],
)
def test_a_title_is_nobody(tmp_path: Path, line: list[Made]) -> None:
    roster = reading(tmp_path, [line, HEADER, ["江一", A, "3-1-501", ""]])
    assert said(roster, "row_above") == []
    assert not roster.passed_over


@pytest.mark.parametrize("who", ["楼栋长", "网格员", "包保干部", "物业负责人"])
def test_who_is_in_charge_above_a_list_is_nobody(tmp_path: Path, who: str) -> None:
    rows: Rows = [[who, "何一", "", "13800000142"], ["序号", "姓名", "身份证号", "电话", "住址"]]
    roster = reading(tmp_path, [*rows, ["1", "江一", A, "", "3-1-501"]])
    assert said(roster, "row_above") == []
    assert not roster.passed_over


def worked_out_by_nobody(path: Path, rows: list[list[str | None]]) -> Roster:
    """What is read of a workbook written by a program that keeps formulas and works none of them out."""
    book = openpyxl.Workbook()
    for at, row in enumerate(rows, start=1):
        for column, cell in enumerate(row, start=1):
            book.worksheets[0].cell(at, column, cell)
    book.save(path)
    return read_roster(path, today=TODAY)


def test_a_formula_without_a_value_is_no_blank(tmp_path: Path) -> None:
    roster = worked_out_by_nobody(
        tmp_path / "a.xlsx",
        [
            ["序号", *HEADER],
            ["=ROW()-1", "江一", A, "3-1-501", "=VLOOKUP(B2,X!A:B,2,0)"],
            ["=ROW()-1", "江二", "", '="3-1-"&"502"', "13800000142"],
            ["=ROW()-1", None, None, None, None],
        ],
    )
    assert keys(roster) == ["3|1|501", None], "a door that nobody worked out is not that of the row above"
    assert [(one.row, one.values["cell"]) for one in roster.findings if one.kind == "formula_blank"] == [
        (2, "E2"), (3, "D3"),
    ]  # fmt: skip
    assert not problems(roster)


def test_formulas_for_what_the_number_says_are_nothing_to_ask_about(tmp_path: Path) -> None:
    rows: list[list[str | None]] = [
        ["姓名", "性别", "出生日期", "身份证号", "住址"],
        ["江一", '=IF(MOD(MID(D2,17,1),2),"男","女")', "=MID(D2,7,8)", A, "3-1-501"],
        [None, '=IF(D3="","",MID(D3,17,1))', '=IF(D3="","",MID(D3,7,8))', None, None],
    ]
    roster = worked_out_by_nobody(tmp_path / "a.xlsx", rows)
    assert [(one.name, one.sex, one.birth_date) for one in roster.residents] == [("江一", "男", "1970-05-26")]
    assert roster.findings == []


@pytest.mark.parametrize("beside", ["同左", "一致", "同户籍地址"])
def test_a_present_address_may_point_at_the_registered_one_beside_it(tmp_path: Path, beside: str) -> None:
    header = ["姓名", "户籍地址", "现住址"]
    rows: Rows = [header, ["江一", "9栋9单元901", "3栋1单元501"], ["江二", "3栋1单元502", beside]]
    assert keys(reading(tmp_path, rows)) == ["3|1|501", "3|1|502"]
