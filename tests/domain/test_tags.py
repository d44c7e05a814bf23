"""Tags of ledgers: one word per meaning, blocked classes left out, care groups proposed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.domain import tags
from gridworker.domain.tags import CareProposal, care_groups_of, says_only
from gridworker.errors import Problem


@pytest.mark.parametrize(
    ("word", "tag"),
    [
        ("低保户", "低保"), ("五保", "特困"), ("残疾（肢体二级）", "残疾"), ("残疾人", "残疾"),
        ("独居", "独居老人"), ("空巢", "空巢老人"), ("80岁以上老人", "高龄老人"), ("退伍军人", "退役军人"),
        ("下岗失业人员", "下岗失业"), ("困难户", "困难家庭"), ("楼栋热心人", "楼栋热心人"),
        ("无", ""), ("正常", ""), ("—", ""), (" ", ""),
    ],
)  # fmt: skip
def test_canonical_words(word: str, tag: str) -> None:
    assert tags.canonical_tag(word) == tag
    assert tags.canonical_tag(tag) == tag


BLOCKED = (
    "社区矫正 刑满释放人员 精神障碍 吸毒人员 信访人员 孕产妇 失独家庭 党员 中共党员 "
    "艾滋病 邪教 重点青少年 境外人员 高血压 癌症 宗教信仰 少数民族"
)


@pytest.mark.parametrize("word", BLOCKED.split())
def test_blocked_classes_are_never_kept(word: str) -> None:
    assert tags.is_blocked(word)
    assert tags.sort_tags([word, "低保"]) == (("低保",), 1)
    with pytest.raises(Problem) as caught:
        tags.clean_tags(f"低保 {word}")
    assert word not in str(caught.value)


@pytest.mark.parametrize("word", ["低保", "退役军人", "困境儿童", "精神慰藉"])
def test_others_are_kept(word: str) -> None:
    assert not tags.is_blocked(word)


def test_tags_of_a_person() -> None:
    assert tags.sort_tags(["低保", " 低保户", "残疾（精神二级）", "无"]) == (("低保", "残疾"), 0)
    assert tags.clean_tags("低保户、残疾人；独居") == "低保 残疾 独居老人"
    assert tags.clean_tags("无") == ""


@given(st.lists(st.sampled_from(sorted(tags.SYNONYM)), max_size=6))
def test_a_cleaned_field_stays_as_it_is(words: list[str]) -> None:
    once = tags.clean_tags(" ".join(words))
    assert tags.clean_tags(once) == once
    assert set(once.split()) <= set(tags.SYNONYM.values())


@pytest.mark.parametrize(
    ("words", "proposals"),
    [
        (["低保", "特困"], [("C5", None, "V2")]),
        (["残疾人"], [("C4", None, "V2")]),
        (["独居老人"], [("C3", "2", "V2")]),
        (["空巢老人", "低保"], [("C3", "4", "V2"), ("C5", None, "V2")]),
        (["高龄老人", "独居老人", "残疾"], [("C3", "2", "V1"), ("C4", None, "V2")]),
        (["高龄老人", "退役军人"], []),
        (["留守儿童", "困境儿童"], [("C2", None, "V2"), ("L1", None, "V2")]),
        (["下岗失业人员"], [("C1", None, "V2")]),
        ([], []),
    ],
)
def test_care_groups(words: list[str], proposals: list[tuple[str, str | None, str]]) -> None:
    assert care_groups_of(words) == tuple(CareProposal(*proposal) for proposal in proposals)


def test_great_age_alone_is_weekly() -> None:
    assert [care_groups_of(["独居"], age)[0].cadence for age in (None, 79, 80)] == ["V2", "V2", "V1"]
    assert care_groups_of(["空巢"], 85)[0].cadence == "V2"


@pytest.mark.parametrize(
    ("tag", "group", "arrangement", "said"),
    [
        ("独居老人", "C3", "2", True),
        ("独居", "C3", "2", True),
        ("独居老人", "C3", "4", False),
        ("独居老人", "C3", None, False),
        ("空巢老人", "C3", "4", True),
        ("留守老人", "C3", "4", False),
        ("残疾", "C4", None, True),
        ("残疾", "C4", "2", True),
        ("低保", "C5", None, False),
        ("退役军人", "C1", None, False),
    ],
)
def test_a_tag_that_care_beside_it_says_already(tag: str, group: str, arrangement: str | None, said: bool) -> None:
    assert says_only(tag, group, arrangement) is said
