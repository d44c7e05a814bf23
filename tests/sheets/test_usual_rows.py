"""The quick way for usual rows: whoever goes it comes to the same, and nobody is kept for it."""

import gc
import weakref
from pathlib import Path

import pytest

from gridworker.sheets import sheet_reading
from gridworker.sheets.people import Roster
from gridworker.sheets.roster import read_roster
from gridworker.sheets.sheet_reading import SheetReading
from gridworker.sheets.usual_rows import Ahead, Reading, UsualRows
from tests.sheets.invented import invent
from tests.sheets.ledgers import TODAY, Made, Rows, id_number, xlsx


def read(path: Path) -> tuple[Roster, int]:
    """A ledger, and how many of its rows went the quick way."""
    taken = 0
    take_on = UsualRows.take_on

    def counted(self: UsualRows, reading: Reading, some: Ahead, at: int) -> int:
        nonlocal taken
        until = take_on(self, reading, some, at)
        taken += until - at
        return until

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(UsualRows, "take_on", counted)
        return read_roster(path, today=TODAY), taken


BORN = [id_number(f"19{year}0526", 421 + year) for year in range(60, 75)]
HEAD = ["楼栋", "单元", "房号", "姓名", "性别", "出生日期", "身份证号", "电话", "与户主关系", "标签", "备注"]
BLANK: list[Made] = ["", "", "", "", ""]
LEDGER: Rows = [
    HEAD,
    ["示例", "1", "501", "张三", "", "", BORN[0], *BLANK[1:]],
    ["3", "1", "501", "张伟", "", "", BORN[1], "13800000001", "户主", "", ""],
    *[["3", "1", "501", f"张{name}", "", "", BORN[2 + at], *BLANK[1:]] for at, name in enumerate("甲乙丙")],
    ["", "", "", "张芳", "男", "1965-05-26", BORN[5], "1380000", "妻", "独居老人 党员", "下午在家"],
    ["3", "1", "502", "李强", "女", "1966-05-27", BORN[6], "138 0000 0002、0714-6512345", "户主", "", ""],
    ["3", "1", "502", "李刚", "1", "19670526", BORN[7], "", "户主", "", "#N/A"],
    ["3", "1", "502", "李刚", "", "", BORN[7], "", "长子", "", ""],
    ["3", "1", "503", "", "", "", BORN[8], "", "户主", "", ""],
    ["4" * 40, "1", "503", "王五", "", "", BORN[9], "", "外甥", "吸毒", ""],
    ["3", "1", "503", "(under 14)", "", "", BORN[10], "", "其他", "", ""],
    ["3", "1", "503", "赵六", "", "", BORN[11][:17] + "Y", "", "太空人", "", "已去世"],
    ["3", "1", "503", "赵七", "女", "1972-05-26", BORN[12], "", "太空人", "", ""],
]
"""Rows with something to weigh among usual ones."""


def test_what_is_odd_in_a_row_is_said_on_the_quick_way_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"台账": LEDGER})
    roster, taken = read(path)
    monkeypatch.setattr(sheet_reading, "usual_rows", lambda _reading: None)
    assert read(path)[0] == roster
    assert taken == 6
    said = {finding.kind for finding in roster.findings}
    assert {
        "sex_mismatch",
        "birth_mismatch",
        "phone_invalid",
        "head_duplicate",
        "relation_unknown",
        "id_duplicate",
    } <= said


OTHER_HEAD = ["姓名", "身份证号", "楼栋", "单元", "房号", "电话", "是否户主", "第二电话", "年", "月", "日"]
PHONES: Rows = [
    ["楼栋", "单元", "房号", "姓名", "身份证号", "联系电话", "联系电话2", "是否户主"],
    ["3", "1", "501", "示范", "", "", "", ""],
    *[["3", "1", "501", f"张{name}", BORN[at], "", "", ""] for at, name in enumerate("甲乙丙")],
    ["3", "1", "502", "李强", BORN[4], "13800000004", "", ""],
    [],
    ["3", "1", "502", "李刚", BORN[5], "同上", "13900000005", ""],
    ["3", "1", "502", "李四", BORN[6], 13800000006, "〃", ""],
    OTHER_HEAD,
    ["王五", BORN[7], "3", "1", "601", "同上", "", "", "1967", "5", "26"],
    ["王六", BORN[8], "3", "1", "601", "13800000008"],
    ["王七", BORN[9], "3", "1", "602", "13800000009", "是", "", "", "", ""],
    ["王八", int(BORN[10][:9]), "3", "1", "602", "同上", "", "", "", "", ""],
    ["王九", BORN[11], "3", "1", "602", " 同上 ", "", "", "", "", ""],
]
"""Phones as above, also across blank rows, and a header in the middle after which the columns stand otherwise."""


@pytest.mark.parametrize("together", [1, 2, 3, 1000])
def test_rows_that_are_looked_at_together_say_what_each_says(
    together: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"台账": PHONES})
    monkeypatch.setattr("gridworker.sheets.usual_rows.TOGETHER", together)
    roster, taken = read(path)
    monkeypatch.setattr(sheet_reading, "usual_rows", lambda _reading: None)
    assert read(path)[0] == roster
    phones = {person.name: person.phones for person in roster.residents}
    assert phones["李刚"] == ("13800000004", "13900000005")
    assert phones["王五"] == ()
    assert phones["王九"] == ("13800000009",)
    assert taken == 5


def test_the_quick_way_comes_to_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledgers = [invent(tmp_path, seed).path for seed in range(12)]
    quickly = [read(path) for path in ledgers]
    monkeypatch.setattr(sheet_reading, "usual_rows", lambda _reading: None)
    for path, (roster, _taken) in zip(ledgers, quickly, strict=True):
        assert read(path)[0] == roster
    assert sum(taken for _roster, taken in quickly) > 40


def test_a_sheet_that_is_read_lets_its_people_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[weakref.ref[SheetReading]] = []
    run = SheetReading.run

    def noted(self: SheetReading) -> None:
        begun.append(weakref.ref(self))
        run(self)

    monkeypatch.setattr(SheetReading, "run", noted)
    path = xlsx(tmp_path / "a.xlsx", {"台账": LEDGER})
    gc.collect()
    gc.disable()  # as in an import
    try:
        read_roster(path, today=TODAY)
        assert [reading() for reading in begun] == [None] * len(begun)
    finally:
        gc.enable()
    assert begun
