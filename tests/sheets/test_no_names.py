"""Words that stand where names do and are nobody's: sums of a household, doors nobody opens, what ends a page."""

from pathlib import Path

import pytest

from tests.sheets.ledgers import Made, id_number, problems, reading

HEADER: list[Made] = ["楼栋", "单元", "房号", "姓名", "与户主关系", "身份证号", "联系电话"]
HEAD: list[Made] = ["3栋", "2单元", "501", "江一", "户主", id_number("19491231", 21), "13800000001"]
WIFE: list[Made] = ["", "", "", "江二", "妻", id_number("19520304", 32), ""]


@pytest.mark.parametrize("word", ["小计", "小 计", "本户合计", "本单元小计", "人数", "总户数", "小计（人）", "平均"])
def test_a_sum_behind_a_door_is_nobody(tmp_path: Path, word: str) -> None:
    roster = reading(tmp_path, [HEADER, HEAD, WIFE, ["3栋", "2单元", "501", word, "2人", "", ""]])
    assert [person.name for person in roster.residents] == ["江一", "江二"]
    assert not problems(roster)


@pytest.mark.parametrize(
    "word",
    ["敲门无人", "不配合", "锁门", "未交房", "样板间", "空置（产权人：江三）", "长期无人居住", "妻子", "xx", "某某"],
)
def test_a_word_about_a_door_is_nobody_and_is_told_of(tmp_path: Path, word: str) -> None:
    roster = reading(tmp_path, [HEADER, HEAD, WIFE, ["3栋", "2单元", "502", word, "", "", ""]])
    assert [person.name for person in roster.residents] == ["江一", "江二"]
    assert [(passed.row, passed.household and passed.household.key) for passed in roster.passed_over] == [
        (4, "3|2|502")
    ]


@pytest.mark.parametrize("line", ["以下空白", "—— 以下空白 ——", "此页完"])
def test_what_ends_a_page_is_nobody_whatever_door_stands_beside_it(tmp_path: Path, line: str) -> None:
    roster = reading(tmp_path, [HEADER, HEAD, WIFE, ["3栋", "2单元", "503", line, "", "", ""]])
    assert [person.name for person in roster.residents] == ["江一", "江二"]


@pytest.mark.parametrize("name", ["江小计划", "平均和", "户小明", "单小平", "车小库", "外婆桥", "毛小坯"])
def test_a_name_that_only_holds_such_a_word_is_somebody(tmp_path: Path, name: str) -> None:
    roster = reading(tmp_path, [HEADER, HEAD, ["3栋", "2单元", "502", name, "户主", id_number("19520304", 32), ""]])
    assert [person.name for person in roster.residents] == ["江一", name]


@pytest.mark.parametrize(
    "word", ["搬走", "已搬", "出售", "待定", "男", "妻", "汉族", "N/A", "TRUE", "停机", "社区", "养老院"]
)
def test_a_word_about_somebody_is_nobodys_name(tmp_path: Path, word: str) -> None:
    first: list[Made] = ["3", "101", "江一", ""]
    roster = reading(tmp_path, [["楼栋", "室", "姓名", "电话"], first, ["3", "102", word, "13800000141"]])
    assert [one.name for one in roster.residents] == ["江一"]
    assert [one.row for one in roster.rejected] == [3]
