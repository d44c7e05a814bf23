"""Who died or moved out by a column of changes: the one in the row, and nobody for what became of others."""

from pathlib import Path

import pytest

from tests.sheets.ledgers import reading

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
