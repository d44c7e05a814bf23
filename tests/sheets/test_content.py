"""Ledgers without a header, or with one of words nobody knows: what their columns hold is told by the values."""

from pathlib import Path

import pytest

from gridworker.errors import NobodyFound
from gridworker.sheets.mapping import Mapping
from gridworker.sheets.mapping_file import to_json
from gridworker.sheets.roster import read_roster
from gridworker.sheets.words import Field
from tests.sheets.ledgers import TODAY, Rows, id_number, keys, problems, reading, xlsx

IDS = [id_number("19800526", 425), id_number("19800526", 427), id_number("19800526", 429)]
PEOPLE: Rows = [
    ["3栋1单元501", "张伟", "男", IDS[0], "13800000001", "户主"],
    ["同上", "张小明", "男", IDS[1], "", "长子"],
    ["3栋1单元502", "李强", "男", IDS[2][:17], "13800000003", "户主"],
]


@pytest.mark.parametrize("title", [0, 2])
def test_a_ledger_without_a_header_is_read_from_its_first_person_on(tmp_path: Path, title: int) -> None:
    roster = reading(tmp_path, [*[["桂花湾社区居民台账"]] * title, *PEOPLE])
    assert [(one.name, one.id_number, one.relation) for one in roster.residents] == [
        ("张伟", IDS[0], "户主"),
        ("张小明", IDS[1], "长子"),
    ]
    assert keys(roster) == ["3|1|501", "3|1|501"]
    assert problems(roster) == {(3 + title, "id_length")}
    assert roster.residents[0].phones == ("13800000001",)


def test_words_nobody_knows_are_kept_as_the_header(tmp_path: Path) -> None:
    roster = reading(tmp_path, [["现在住哪里", "叫什么", "", "证件", "怎么找", "什么人"], *PEOPLE])
    assert [one.row for one in roster.residents] == [2, 3]
    (layout,) = roster.layouts
    assert {column.header: column.field for column in layout.columns}["叫什么"] is Field.NAME


def test_columns_chosen_for_a_ledger_without_a_header_cost_it_nobody(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "ledger.xlsx", {"台账": PEOPLE})
    first = read_roster(path, today=TODAY)
    told = to_json(first)
    again = read_roster(path, today=TODAY, mapping=Mapping({"#E": "note"}, {"台账": tuple(told["headers"]["台账"])}))
    assert [one.name for one in again.residents] == ["张伟", "张小明"]
    assert again.residents[0].note == "13800000001"


@pytest.mark.parametrize(
    "rows",
    [
        [["王敏", "13800000001"], ["李强", "13800000002"], ["张伟", "13800000003"]],
        [["王敏", "301", "13800000001"], ["李强", "302", "13800000002"], ["张伟", "303", "13800000003"]],
        [["一、姓名必填。"], ["二、身份证号18位。"], ["三、住址写明楼栋。"]],
    ],
    ids=["phones", "offices", "words"],
)
def test_what_is_no_ledger_is_none(tmp_path: Path, rows: Rows) -> None:
    with pytest.raises(NobodyFound):
        reading(tmp_path, rows)
