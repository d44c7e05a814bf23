"""Names of people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.domain.names import clean_name, surname
from gridworker.errors import Problem


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张 三", "张三"),
        ("欧 阳 　娜娜", "欧阳娜娜"),
        ("买买提．吐尔逊", "买买提·吐尔逊"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("买买提.吐尔逊", "买买提·吐尔逊"),
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
