"""Columns mapped by hand: taken, remembered by their headers, applied to the next ledger."""

from pathlib import Path

import pytest

from gridworker.errors import NobodyFound, RosterProblem
from gridworker.sheets.mapping import Column, Mapping, letter
from gridworker.sheets.mapping_file import to_json
from gridworker.sheets.roster import Choices, read_ledger, read_roster
from gridworker.sheets.words import Field
from tests.sheets.ledgers import TODAY, Rows, id_number, keys, only, reading, xlsx

GOOD = id_number()


def test_letters_of_columns() -> None:
    assert [letter(n) for n in (0, 25, 26, 27, 701, 702, 16383)] == ["A", "Z", "AA", "AB", "ZZ", "AAA", "XFD"]


def test_a_column_can_be_given_another_field(tmp_path: Path) -> None:
    rows: Rows = [["姓名", "乳名", "身份证号", "楼栋", "室"], ["小三", "张三", GOOD, "3", "501"]]
    first = reading(tmp_path, rows)
    column = next(column for column in first.layouts[0].columns if column.header == "乳名")
    mapping = Mapping().changed(column, "name")
    assert mapping.fields == {"乳名": "name"}
    again = reading(tmp_path, rows, mapping)
    assert only(again).name == "张三"
    assert {column.header: column.field for column in again.layouts[0].columns}["姓名"] is Field.IGNORED


def test_a_column_can_be_left_out_or_made_a_tag(tmp_path: Path) -> None:
    rows: Rows = [["姓名", "身份证号", "备注", "签约"], ["张三", GOOD, "不要", "是"]]
    person = only(reading(tmp_path, rows, Mapping({"备注": "ignored", "签约": "tag:家庭医生"})))
    assert (person.note, person.tags) == (None, ("家庭医生",))


def test_a_column_without_a_header_is_mapped_by_its_letter(tmp_path: Path) -> None:
    rows: Rows = [["姓名", "", "身份证号"], ["张三", "3-2-501", GOOD]]
    assert keys(reading(tmp_path, rows, Mapping({"#B": "address"}))) == ["3|2|501"]


def test_the_header_can_be_pointed_out(tmp_path: Path) -> None:
    rows: Rows = [["甲"], ["乙", "丙", "丁"], ["阿芳", GOOD, "3-2-501"]]
    path = xlsx(tmp_path / "a.xlsx", {"表": rows})
    with pytest.raises(RosterProblem):
        read_roster(path, today=TODAY)
    mapping = Mapping({"乙": "name", "丙": "id_number", "丁": "address"}, {"表": (2, 1)})
    roster = read_roster(path, mapping=mapping, today=TODAY)
    assert (only(roster).name, keys(roster)) == ("阿芳", ["3|2|501"])


def test_headers_mapped_by_hand_are_enough_to_find_them(tmp_path: Path) -> None:
    rows: Rows = [["某社区"], ["人", "证", "处"], ["张三", GOOD, "3-2-501"]]
    mapping = Mapping({"人": "name", "证": "id_number", "处": "address"})
    assert keys(reading(tmp_path, rows, mapping)) == ["3|2|501"]


def test_only_the_sheets_named_are_read(tmp_path: Path) -> None:
    rows: Rows = [["姓名", "身份证号", "室"], ["张三", GOOD, "501"]]
    other: Rows = [["姓名", "身份证号", "室"], ["李四", id_number(order=9), "502"]]
    path = xlsx(tmp_path / "a.xlsx", {"3栋": rows, "5栋": other})
    assert only(read_roster(path, mapping=Mapping(sheets=("5栋",)), today=TODAY)).name == "李四"


def test_words_of_a_newer_version_are_no_choice() -> None:
    assert Mapping({"姓名": "soul"}).meaning("姓名") is None
    assert Column(2, "").key == "#C"


@pytest.mark.parametrize("row", [0, 99])
def test_a_header_row_that_is_not_there(tmp_path: Path, row: int) -> None:
    rows: Rows = [["姓名", "身份证号"], ["张三", GOOD]]
    with pytest.raises(RosterProblem):
        reading(tmp_path, rows, Mapping(headers={"台账": (row, 1)}))


def test_what_is_not_kept_is_not_kept_under_another_name(tmp_path: Path) -> None:
    rows: Rows = [["姓名", "身份证号", "宗教信仰"], ["张三", GOOD, "无"]]
    roster = reading(tmp_path, rows, Mapping({"宗教信仰": "note"}))
    assert only(roster).note is None
    assert "sensitive_dropped" in {finding.kind for finding in roster.findings}


def test_a_ledger_of_nobody_shows_its_columns_where_that_is_asked_for(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"表": [["某社区", ""], ["人", "证", "处"], ["阿芳", GOOD, "3-2-501"]], "空": []})
    with pytest.raises(NobodyFound):
        read_ledger(path, Choices(), TODAY)
    (layout,) = read_ledger(path, Choices(bare=True), TODAY).layouts
    assert [column.header for column in layout.columns] == ["人", "证", "处"]
    one = read_ledger(path, Choices(Mapping({"人": "name"}), bare=True), TODAY)
    assert [column.field for column in one.layouts[0].columns] == [Field.NAME, Field.IGNORED, Field.IGNORED]
    both = read_ledger(path, Choices(Mapping({"人": "name", "处": "address"}), bare=True), TODAY)
    assert keys(both) == ["3|2|501"]
    with pytest.raises(NobodyFound):
        read_ledger(xlsx(tmp_path / "b.xlsx", {"表": [["某社区"], [1, 2]]}), Choices(bare=True), TODAY)


def test_columns_written_down_and_given_back_are_read_the_same(tmp_path: Path) -> None:
    other = id_number("19800526", 427)
    sheets: dict[str, Rows] = {
        "户": [["户号", "楼栋", "室", "户主姓名"], ["001", "3", "101", "张三"]],
        "人": [["户号", "姓名", "身份证号", "与户主关系"], ["001", "张三", GOOD, "户主"], ["001", "张四", other, "子"]],
    }
    path = xlsx(tmp_path / "a.xlsx", sheets)
    first = read_roster(path, today=TODAY)
    told = to_json(first)
    headers = {sheet: (row, depth) for sheet, (row, depth) in told["headers"].items()}
    again = read_roster(path, mapping=Mapping(told["fields"], headers), today=TODAY)
    assert [person.name for person in again.residents] == [person.name for person in first.residents]
    assert keys(again) == keys(first) == ["3||101", "3||101"]


def test_columns_without_a_header_are_told_of_and_can_be_used_by_hand(tmp_path: Path) -> None:
    rows: Rows = [["楼栋", "室", "姓名", "", "身份证号"]]
    rows = [*rows, *(["3", "501", "张三", "", id_number(order=at), "", "13800000001"] for at in range(1, 4))]
    roster = reading(tmp_path, rows)
    assert [(one.kind, one.values["detail"]) for one in roster.findings if one.row is None] == [
        ("column_nameless", "G")
    ]
    assert to_json(roster)["fields"]["#G"] == "ignored"
    read = reading(tmp_path, rows, Mapping({"#G": "phone"}))
    assert {one.phones for one in read.residents} == {("13800000001",)}
    assert "column_nameless" not in {one.kind for one in read.findings}
