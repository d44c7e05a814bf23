"""What is written below a list to those who fill it in, and who signs it, is nobody of it."""

from pathlib import Path

import pytest

from tests.sheets.ledgers import Made, Rows, id_number, reading

A, B, C = (id_number(f"19{year}0526", order) for order, year in enumerate((60, 61, 82), start=1))
LISTED: Rows = [
    ["序号", "姓名", "住址", "身份证号", "电话"],
    [1, "江一", "3-1-501", A, ""],
    [2, "江二", "3-1-502", B, ""],
]


@pytest.mark.parametrize("above", ["注：", "填表说明：", "说明：本表一式两份", "备注: "])
@pytest.mark.parametrize("serial", [True, False])
def test_notes_below_a_list_are_nobody_and_are_told(tmp_path: Path, above: str, *, serial: bool) -> None:
    notes = ["各网格员每月底前交社区", "户主排第一位", "电话以本人手机为准"]
    first = 0 if serial else 1
    numbered: list[list[Made]] = [[str(at), note] for at, note in enumerate(notes, start=1)]
    below = [row[first:] for row in numbered]
    roster = reading(tmp_path, [*(row[first:] for row in LISTED), [], [above], *below])
    assert [one.name for one in roster.residents] == ["江一", "江二"]
    assert [one.row for one in roster.passed_over] == [6, 7, 8]


@pytest.mark.parametrize(
    "note", ["请各网格员于每月25日前报送", "电话请填手机号", "务必核对后再报送社区", "每月5日上报"]
)
def test_a_request_where_names_stand_is_nobody(tmp_path: Path, note: str) -> None:
    assert [one.name for one in reading(tmp_path, [*LISTED, [3, note]]).residents] == ["江一", "江二"]


@pytest.mark.parametrize("person", [[3, "何一"], [3, "古丽娜尔·艾合买提"], [3, "何一", "3-1-503"], [3, "何一", "", C]])
def test_who_stands_below_a_remark_is_somebody(tmp_path: Path, person: list[Made]) -> None:
    roster = reading(tmp_path, [*LISTED, ["备注：以下为租户"], person])
    assert [one.name for one in roster.residents] == ["江一", "江二", person[1]]


@pytest.mark.parametrize("label", ["登记人：", "填表人:", "审核人", "网格员："])
def test_who_signs_in_a_cell_beside_the_word_is_nobody(tmp_path: Path, label: str) -> None:
    rows: Rows = [*LISTED, [label, "何敏", "", "日期：", "2025.11.3"]]
    roster = reading(tmp_path, rows)
    assert [one.name for one in roster.residents] == ["江一", "江二"]
    assert not [one for one in roster.findings if one.kind == "phone_invalid"]
