"""Tables that spreadsheets take for what they are: text stays text, nothing is a formula, nothing is lost."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.errors import Problem
from gridworker.sheets.cells import unescaped
from gridworker.sheets.read import read_book
from gridworker.sheets.roster import read_roster
from gridworker.sheets.write import Plain, Table, neutralised, write_table
from tests.sheets.ledgers import TODAY, id_number, keys

SCORE = Path(__file__).parents[1] / "data" / "rosters" / "score.py"
HOSTILE = [
    "=1+1", "+86 13800000001", "-2+3", "@SUM(A1)", "＝1+1", "＋86", "－2", "＠x", "\t=1", "\r=1", " =1",
    "=HYPERLINK(\"http://x\",\"y\")",
    "张三", "'=1", "00123", "420202198005264253", "a,b;c\td", 'say "hi"', "一\n二", "https://x.example", "-5", "1e5",
    "2025-01-01", "—",
]  # fmt: skip
HEADER = ["楼栋", "单元", "室", "姓名", "与户主关系", "身份证号", "备注"]


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_no_cell_is_a_formula_and_none_is_lost(tmp_path: Path, name: str) -> None:
    write_table(tmp_path / name, Table("台账", ["姓名", "备注"], [["张三", text] for text in HOSTILE]))
    expected = tmp_path / "expected.json"
    values = [
        {"value": text.strip("\t\r ").lstrip("'"), "name": "张三", "field": "note"}
        for text in HOSTILE
        if "\n" not in text
    ]
    values = [value for value in values if "\t" not in value["value"]]
    expected.write_text(json.dumps({"export_neutralise": values}), "utf-8")
    done = subprocess.run(
        [sys.executable, SCORE, "--export", tmp_path / name, expected], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "export ok\n")


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_what_was_written_is_read_again(tmp_path: Path, name: str) -> None:
    numbers = [id_number(order=n) for n in range(1, 4)]
    rows: list[list[Plain]] = [
        ["3", "2", "501", "张三", "户主", numbers[0], "=1+1"],
        ["3", "2", "501", "李四", "妻", numbers[1], None],
        ["A", None, "1203", "阿布都·买买提", "户主", numbers[2], "+86"],
    ]
    write_table(
        tmp_path / name, Table("桂花湾社区居民台账", HEADER, rows, note="填报单位：桂花湾社区    日期：2025-11-23")
    )
    roster = read_roster(tmp_path / name, today=TODAY)
    assert keys(roster) == ["3|2|501", "3|2|501", "A||1203"]
    assert [person.id_number for person in roster.residents] == numbers
    assert [person.note for person in roster.residents] == ["=1+1", None, "+86"]


def test_sheets_have_a_title_and_text_cells(tmp_path: Path) -> None:
    write_table(tmp_path / "a.xlsx", Table("台账[1]: 甲/乙", ["号", "数"], [["007", 7], ["3-2", None]], note="日期"))
    sheet = read_book(tmp_path / "a.xlsx").sheets[0]
    assert sheet.name == "台账 1   甲 乙"
    assert sheet.rows() == [["台账[1]: 甲/乙", ""], ["日期", ""], ["号", "数"], ["007", 7.0], ["3-2", ""]]


def test_columns_are_as_wide_as_what_stands_in_them(tmp_path: Path) -> None:
    """Headers and cells are read whole, Han characters twice as wide; nobody scrolls past one long remark."""
    rows: list[list[Plain]] = [["张三", 3, "买买提·艾力江", "长" * 90], ["李四", None, "x\ny", ""]]
    write_table(tmp_path / "a.xlsx", Table("台账", ["姓名", "人口数", "a", "备注"], rows))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    widths = [round(sheet.column_dimensions[letter].width) for letter in "ABCD"]
    assert [low <= width <= low + 2 for width, low in zip(widths, (6, 8, 15, 40), strict=True)] == [True] * 4, widths


def test_csv_is_known_as_utf8_by_excel(tmp_path: Path) -> None:
    write_table(tmp_path / "a.csv", Table("台账", ["姓名"], [["王𠮷祥"]]))
    assert (tmp_path / "a.csv").read_bytes() == '\ufeff"姓名"\r\n"王𠮷祥"\r\n'.encode()


def test_other_endings_and_too_long_cells_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="xlsx"):
        write_table(tmp_path / "a.pdf", Table("台账", ["姓名"], []))
    with pytest.raises(Problem, match="32,767"):
        write_table(tmp_path / "a.xlsx", Table("台账", ["姓名"], [["长" * 40_000]]))
    assert list(tmp_path.iterdir()) == []


def test_table_without_columns_or_rows(tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.csv"):
        write_table(tmp_path / name, Table("", ["姓名"], []))
        assert read_book(tmp_path / name).sheets[0].rows() == [["姓名"]]


def test_long_numbers_are_not_rounded_by_who_opens_the_csv() -> None:
    assert neutralised("420202198005264253") == "'420202198005264253"
    assert neutralised("13800000001") == "13800000001"


@given(st.text())
def test_neutral_text_is_never_a_formula_and_comes_back(text: str) -> None:
    cell = neutralised(text)
    assert not cell or cell[0] not in "=+-@\t\r\n＝＋－＠" or cell.lstrip("+-").replace(".", "").isdecimal()
    kept = "".join(c for c in text if c >= " " or c in "\t\r\n").replace("\ufffe", "").replace("\uffff", "")
    kept = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in kept)
    assert cell == kept or unescaped(cell) == kept


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=2, max_size=2), max_size=5))
def test_any_text_survives_the_csv(rows: list[list[str]]) -> None:
    from gridworker.sheets.write import _csv

    file = io.BytesIO()
    _csv(Table("", ["a", "b"], rows), file)
    read = list(csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline="")))
    assert [[unescaped(cell) for cell in row] for row in read[1:]] == [
        [unescaped(neutralised(cell)) for cell in row] for row in rows
    ]


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_many_rows_are_written_as_they_come(tmp_path: Path, ending: str) -> None:
    class Met(list[Plain]):
        alive, most = 0, 0

        def __init__(self, number: int) -> None:
            super().__init__([f"第{number}户 & <_x0041_>\n", number, None])
            Met.alive += 1
            Met.most = max(Met.most, Met.alive)

        def __del__(self) -> None:
            Met.alive -= 1

    count, path = 5000, tmp_path / f"many{ending}"
    write_table(path, Table("住户", ["户", "数", "空"], map(Met, range(count)), "说明", {0: ["甲", "乙"]}, size=count))
    assert Met.most < 1000
    if ending == ".csv":
        assert path.read_text("utf-8-sig").count("户 & <") == count
        return
    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = read_book(path).sheets[0].rows()[3:]
    assert [row[0] for row in rows] == [f"第{n}户 & <_x0041_>\n" for n in range(count)]
    assert [row[1] for row in rows] == [*range(count)]
    assert {cell.number_format for cell in next(zip(*sheet.iter_rows(min_row=4), strict=True))} == {"@"}
    assert [str(one.sqref) for one in sheet.data_validations.dataValidation] == [f"A4:A{count + 3}"]
