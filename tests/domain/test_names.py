"""Names of people."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.domain.names import HAN, clean_name, surname
from gridworker.errors import Problem


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张 三", "张三"),
        ("欧 阳 　娜娜", "欧阳娜娜"),
        ("买买提．吐尔逊", "买买提·吐尔逊"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("买买提.吐尔逊", "买买提·吐尔逊"),
        ("尼玛﹒扎西", "尼玛·扎西"),
        ("尼玛˙扎西", "尼玛·扎西"),
        ("买买提 · 吐尔逊", "买买提·吐尔逊"),
        ("John  Smith", "John Smith"),
        ("Ｊｏｈｎ　Smith", "John Smith"),
        ("J. Smith", "J. Smith"),
        ("王𠮷祥", "王𠮷祥"),
        ("陈 䶮", "陈䶮"),
        ("张\ue123", "张\ue123"),
        ("李〇", "李〇"),
    ],
)
def test_names_as_kept(typed: str, name: str) -> None:
    assert clean_name(typed) == name
    assert clean_name(name) == name


@pytest.mark.parametrize("typed", ["123", "··", "-", "/"])
def test_names_need_letters(typed: str) -> None:
    with pytest.raises(Problem):
        clean_name(typed)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=6), st.integers(0, 5))
def test_han_names_keep_every_character_and_no_space(name: str, at: int) -> None:
    assert clean_name(f"{name[:at]} {name[at:]}") == name


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_is_taken_once_and_loses_no_character(typed: str) -> None:
    han = re.compile(f"[{HAN}]")
    try:
        name = clean_name(typed)
    except Problem:
        return
    assert clean_name(name) == name
    assert han.findall(name) == han.findall(typed)


@given(
    st.lists(st.sampled_from(["𠮷", "䶮", "㐂", "𪚥", "𫖯", "𬱖", "𰻝", "\ue815", "〇"]), min_size=1, max_size=6),
    st.sampled_from("·•・．‧∙⋅･﹒˙."),
)
def test_rare_characters_stay_and_one_dot_parts_names(rare: list[str], dot: str) -> None:
    name = "李" + "".join(rare)
    assert clean_name(f" {name} {dot} {name}") == f"{name}·{name}"


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("陈桂芳", "陈"),
        ("令狐峰平", "令狐"),
        ("欧阳", "欧"),
        ("司马琦", "司马"),
        ("买买提·吐尔逊", "买买提"),
        ("John Smith", "John"),
    ],
)
def test_surnames(name: str, first: str) -> None:
    assert surname(name) == first
