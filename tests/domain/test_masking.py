"""What stands on screen in place of a personal value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker import discover
from gridworker.domain import masking
from gridworker.record import Privacy, Type


def test_forms() -> None:
    assert masking.mask_id("420202194803180024") == "420202********0024"
    assert masking.mask_id("420202480318002") == "420202*****8002"
    assert masking.mask_phone("13800005678") == "138****5678"
    assert masking.mask_phone("0714-6512345") == "0714-****2345"
    assert masking.mask_phones("13800005678 0714-6512345-80") == "138****5678 0714-****2345"
    assert [masking.mask_name(name) for name in ("张三", "张小三", "张", "欧阳娜娜")] == ["张*", "张*三", "*", "欧**娜"]
    assert [masking.share_name(name) for name in ("陈桂芳", "李红", "令狐峰平", "王")] == [
        "陈**",
        "李*",
        "令狐**",
        "王*",
    ]
    assert masking.share_phone("13800005678") == "*" * 11
    assert masking.decade(78) == 70


@given(st.text("0123456789X", max_size=20))
def test_no_more_than_ten_characters_of_an_id_number_show(number: str) -> None:
    shown = masking.mask_id(number)
    assert len(shown.replace("*", "")) <= 10
    assert number not in shown or not number


@pytest.mark.parametrize("kind", discover.kinds())
def test_a_view_shows_no_number_and_nothing_sensitive(kind: str) -> None:
    for spec in discover.kinds()[kind].kind.specs.values():
        number = {Type.ID_NUMBER: "420202194803180024", Type.PHONES: "13800005678"}.get(spec.type, "plain")
        hidden = spec.type in {Type.ID_NUMBER, Type.PHONES} or spec.privacy is Privacy.SENSITIVE
        assert (masking.masked(spec, number) != number) is hidden is masking.is_masked(spec), spec.name
        assert masking.masked(spec, None) == ""
