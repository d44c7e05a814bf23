"""Every row of a ledger is told of once: somebody comes in, is refused, or nobody is named; none is lost."""

from collections import Counter
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridworker.app.workspace import Workspace
from gridworker.sheets.people import Roster
from gridworker.sheets.roster import read_roster
from tests.sheets.ledgers import Error, Looks, Made, Rows, id_number, problems, reading, xlsx

HEADER = [
    "序号",
    "楼栋",
    "单元",
    "室",
    "姓名",
    "与户主关系",
    "性别",
    "出生日期",
    "身份证号",
    "联系电话",
    "人员类别",
    "备注",
]
NAMES = [
    "张三", "李四", "=1+1", "'=1+1", "+86", "-@", "@SUM(A1)", "=cmd|'/c'!A0", "123", "张三1人", "空户", "待核实", "？",
    "张三、李四", "x" * 60, "1980-05-26", "$$", "户主", "同上", "12月", "阿依古丽．买买提", "", 17, True, Error(),
]  # fmt: skip
CELLS: dict[str, list[Made]] = {
    "序号": ["", 1, 2],
    "楼栋": ["3", "", "同上"],
    "单元": ["2", ""],
    "室": ["501", "502", ""],
    "姓名": cast("list[Made]", NAMES),
    "与户主关系": ["", "户主", "子", "不认识", "=1+1"],
    "性别": ["", "男", "="],
    "出生日期": ["", "1980-05-26", "=1+1"],
    "身份证号": ["", "", id_number("19800526", 1), id_number("19800526", 2), "4.20202E+17", "1"],
    "联系电话": ["", "13800000001", "12"],
    "人员类别": ["", "低保", "无"],
    "备注": ["", "", "白天在家", "=1+1"],
}
ROWS = st.lists(st.tuples(*(st.sampled_from(CELLS[name]) for name in HEADER)), min_size=1, max_size=6)
GOOD: list[Made] = ["", "9", "1", "101", "王五", "户主", "男", "1970-01-01", "", "", "", ""]


def told(roster: Roster) -> Counter[int]:
    return Counter(one.row for one in (*roster.residents, *roster.rejected, *roster.passed_over))


def says_something(row: tuple[Made, ...]) -> bool:
    """Whether a row says anything that sums, blank forms and formulas that stand ready do not."""
    cells = dict(zip(HEADER, row, strict=True))
    return any(cells[name] not in {"", "无", "不认识"} for name in ("姓名", "与户主关系", "人员类别", "备注"))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_no_row_is_lost_without_a_word(tmp_path: Path, rows: list[tuple[Made, ...]]) -> None:
    found = told(reading(tmp_path, [HEADER, GOOD, GOOD, GOOD, *rows]))
    assert set(found.values()) == {1}
    first = 5
    lost = [row for at, row in enumerate(rows, first) if says_something(row) and at not in found]
    assert lost == []


@pytest.mark.parametrize("relation", ["=1+1", "不认识", "子"])
def test_a_row_with_nothing_but_a_relation_is_told_of(tmp_path: Path, relation: str) -> None:
    row: list[Made] = ["", "3", "2", "501", "", relation, "", "", "", "", "", ""]
    assert told(reading(tmp_path, [HEADER, GOOD, row]))[3] == 1


@pytest.mark.parametrize("name", ["=1+1", "'+86", "-@", "$$", "123", "x" * 60])
def test_a_name_that_is_none_is_a_missing_name(tmp_path: Path, name: str) -> None:
    row: list[Made] = ["", "3", "2", "501", name, "子", "", "", "", "", "", ""]
    assert problems(reading(tmp_path, [HEADER, GOOD, row])) == {(3, "name_missing")}


def test_rows_that_name_nobody_stand_in_the_preview(office: Workspace, tmp_path: Path) -> None:
    rows: Rows = [
        ["姓名", "楼栋", "室", "备注"],
        ["李四", "3", "101", ""],
        ["空户", "3", "102", ""],
        ["", "3", "103", "租"],
    ]
    path = xlsx(tmp_path / "ledger.xlsx", {"台账": [*rows, ["", "3", "104", ""], ["合计", "", "", "1"]]})
    preview = office.rosters.preview(path, office.devices.add_grid("第三网格"))
    assert [(row.row, row.state.value, row.door) for row in preview.rows] == [
        (2, "new", "3栋101"),
        (3, "rejected", "3栋102"),
        (4, "rejected", "3栋103"),
    ]
    assert all(row.reasons for row in preview.rows if row.state.value == "rejected")


def test_blank_rows_under_a_merged_head_are_nobody(tmp_path: Path) -> None:
    rows: Rows = [
        ["户主", "姓名", "楼栋", "室"],
        ["张三", "张三", "3", "101"],
        ["", "张四", "3", "101"],
        ["", "", "", ""],
    ]
    rows = [*rows, ["李四", "", "3", "102"], ["王五", "王五", "3", "103"]]
    path = xlsx(tmp_path / "ledger.xlsx", {"台账": rows}, Looks(merged={"台账": [(1, 0, 3, 0)]}))
    assert told(read_roster(path)) == {2: 1, 3: 1, 5: 1, 6: 1}
