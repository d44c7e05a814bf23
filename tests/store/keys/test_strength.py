import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.store.keys.strength import Strength, passphrase_strength


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("", Strength.TOO_SHORT),
        ("abc123", Strength.TOO_SHORT),
        ("红灯大桥", Strength.TOO_SHORT),
        ("1234567890", Strength.WEAK),
        ("aaaaaaaaaaaaaaa", Strength.WEAK),
        ("qwertyuiop12", Strength.WEAK),
        ("password123", Strength.WEAK),
        ("13800001234", Strength.WEAK),
        ("１２３４５６７８９０", Strength.WEAK),
        ("一二三四五六七八九十", Strength.WEAK),
        ("          ", Strength.TOO_SHORT),
        ("zhangwei19850312", Strength.WEAK),
        ("woaini1314520", Strength.WEAK),
        ("梧桐梧桐梧桐梧桐", Strength.WEAK),
        ("abcabcabcabc", Strength.WEAK),
        ("红灯大桥梧桐小鸟", Strength.FAIR),
        ("tree lamp soup fish", Strength.FAIR),
        ("7f3k9d2m1x", Strength.FAIR),
        ("春天 梧桐 面条 火车", Strength.GOOD),
        ("correct horse battery staple", Strength.GOOD),
        ("Xk7#pQ2v!r8&Lm", Strength.GOOD),
    ],
)
def test_passphrase_strength(text: str, strength: Strength) -> None:
    assert passphrase_strength(text) is strength


@given(st.text(max_size=60))
def test_every_text_has_a_strength(text: str) -> None:
    assert str(passphrase_strength(text).label)
