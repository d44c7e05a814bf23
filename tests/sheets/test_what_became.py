"""Who died or moved out by a column of changes: the one in the row, and nobody for what became of others."""

from pathlib import Path

import pytest

from gridworker.sheets.roster import read_roster
from tests.sheets.ledgers import TODAY, Rows, id_number, only, reading, xlsx

HEADERS = ["姓名", "与户主关系", "楼栋", "室", "变动情况"]
ALIVE = [
    "老伴去世", "丈夫已故", "配偶死亡", "大儿子病故", "户主变更（原户主去世）", "原户主死亡，变更户主",
    "因丈夫去世，户主变更", "其父2023年去世", "其父于2023.5.1去世", "减少1人（去世1人）", "女儿迁出", "未迁出",
    "户口迁出，人还住", "户口已迁出，人仍居住", "搬走又搬回", "新增", "在世",
]  # fmt: skip


def became(folder: Path, change: str, relation: str = "户主") -> tuple[str, bool]:
    roster = reading(folder, [HEADERS, ["陈桂芳", relation, "3", "202", change]])
    return roster.residents[0].status, any(one.kind == "remark_gone" for one in roster.findings)


@pytest.mark.parametrize("change", ALIVE)
def test_what_became_of_others_ends_nobody(tmp_path: Path, change: str) -> None:
    assert became(tmp_path, change)[0] == "in_place"


@pytest.mark.parametrize("change", ["户主死亡", "户主已迁出"])
def test_what_became_of_the_head_is_about_the_head(tmp_path: Path, change: str) -> None:
    assert became(tmp_path, change)[0] != "in_place"
    assert became(tmp_path, change, "妻子")[0] == "in_place"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ("去世", "deceased"), ("2024年3月病逝", "deceased"), ("死亡注销", "deceased"), ("故", "deceased"),
        ("随父母迁出", "moved_out"), ("随大儿子迁出", "moved_out"), ("与妻子一起搬走", "moved_out"),
        ("迁出至儿子处", "moved_out"),
        ("因父亲去世迁出", "moved_out"), ("2024年3月迁出至武汉", "moved_out"), ("从女儿家搬走", "moved_out"),
    ],
)  # fmt: skip
def test_who_is_gone_is(tmp_path: Path, change: str, status: str) -> None:
    assert became(tmp_path, change, "儿子") == (status, False)


@pytest.mark.parametrize("change", ["搬家了", "租户已退租", "外嫁", "房子已卖", "户口迁出，人还住", "失联"])
def test_who_may_be_gone_is_to_be_looked_at(tmp_path: Path, change: str) -> None:
    assert became(tmp_path, change) == ("in_place", True)


LISTED = ["姓名", "身份证号", "住址"]
GOING = [
    ("注销人员", "注销原因", "死亡", "deceased"), ("注销人员", "注销原因", "迁往武汉", "moved_out"),
    ("台账", "是否健在", "否", "deceased"), ("台账", "是否健在", "是", "in_place"),
    ("台账", "迁出原因", "购房", "moved_out"), ("台账", "迁出原因", "", "in_place"),
    ("已迁出", "备注", "", "moved_out"), ("去世", "备注", "", "deceased"),
    ("2026年死亡人员", "备注", "", "deceased"),
    ("迁入迁出", "备注", "", "in_place"), ("已故人员家属", "备注", "", "in_place"),
    ("拟迁出人员", "备注", "", "in_place"),
    ("死亡", "人员状态", "正常", "in_place"),
]  # fmt: skip


@pytest.mark.parametrize(("sheet", "header", "cell", "status"), GOING)
def test_a_list_of_those_who_went_brings_in_nobody_as_living_here(
    tmp_path: Path, sheet: str, header: str, cell: str, status: str
) -> None:
    rows: Rows = [[*LISTED, header], ["陈桂芳", id_number("19491231", 2), "3-2-501", cell]]
    assert only(read_roster(xlsx(tmp_path / "a.xlsx", {sheet: rows}), today=TODAY)).status == status


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("桂花湾社区2026年死亡人员花名册", "deceased"),
        ("桂花湾社区迁出户登记表", "moved_out"),
        ("桂花湾社区迁入迁出人员登记表", "in_place"),
        ("桂花湾社区出生死亡人员登记表", "in_place"),
    ],
)
def test_the_title_of_a_list_says_that_they_went(tmp_path: Path, title: str, status: str) -> None:
    rows: Rows = [[title], LISTED, ["陈桂芳", id_number("19491231", 2), "3-2-501"]]
    assert only(reading(tmp_path, rows)).status == status


def test_most_of_a_long_list_of_those_who_went_are_gone_too(tmp_path: Path) -> None:
    """Below the first rows most are read a thousand at a time."""
    people: Rows = [[f"陈{'桂建国芳'[at % 4]}", id_number("19491231", at), f"3-2-{101 + at}"] for at in range(40)]
    path = xlsx(tmp_path / "a.xlsx", {"迁出人员": [LISTED, *people]})
    assert {one.status for one in read_roster(path, today=TODAY).residents} == {"moved_out"}


@pytest.mark.parametrize(("header", "cell"), [("注销原因", "重户"), ("增/减", "减")])
def test_who_may_be_off_the_list_is_to_be_looked_at(tmp_path: Path, header: str, cell: str) -> None:
    roster = reading(tmp_path, [[*LISTED, header], ["陈桂芳", id_number("19491231", 2), "3-2-501", cell]])
    assert [one.kind for one in roster.findings if one.is_to_check] == ["remark_gone"]


def test_who_leads_after_a_head_who_died_is_no_second_head(tmp_path: Path) -> None:
    rows: Rows = [HEADERS, ["陈建国", "户主", "3", "202", "死亡"], ["陈桂芳", "户主", "3", "202", ""]]
    roster = reading(tmp_path, rows)
    assert [home.head for home in roster.households] == ["陈桂芳"]
    assert "head_duplicate" not in {one.kind for one in roster.findings}
