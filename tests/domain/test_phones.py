"""Telephone numbers out of cells and fields."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.domain.phones import clean_phones, read_phones
from gridworker.errors import Problem

mobiles = st.builds(lambda second, rest: f"1{second}{rest:09d}", st.integers(3, 9), st.integers(0, 10**9 - 1))
landlines = st.builds(
    lambda area, number: f"{area}-{number}",
    st.sampled_from(["010", "021", "027", "0714", "0755"]),
    st.integers(10**6, 10**8 - 1),
)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("+86 15200007968", "15200007968"),
        ("+86-153-0000-4744", "15300004744"),
        ("008613000005065", "13000005065"),
        ("8613800001234", "13800001234"),
        ("13200001308、0714-6000603", "13200001308 0714-6000603"),
        ("17700005946/17700006977", "17700005946 17700006977"),
        ("13700007401（单位）", "13700007401"),
        ("189 0000 3101", "18900003101"),
        ("（0714）6000326", "0714-6000326"),
        ("0714 6000555", "0714-6000555"),
        ("0714-600 0555", "0714-6000555"),
        ("07146000555", "0714-6000555"),
        ("010-80001234", "010-80001234"),
        ("02780001234", "027-80001234"),
        ("0714-6512345转801", "0714-6512345-801"),
        ("０７１４－６０００６０３", "0714-6000603"),
        ("13800001234.0", "13800001234"),
        ("1.3800001113E+10", "13800001113"),
        ("电话：13800001234", "13800001234"),
        ("138 0000 1234 139 0000 1234", "13800001234 13900001234"),
        ("13800001234\n13800001234", "13800001234"),
        ("13800001234(李红) 13800001235(女儿)", "13800001234 13800001235"),
    ],
)
def test_ways_of_writing(text: str, valid: str) -> None:
    assert read_phones(text) == (tuple(valid.split()), ())
    assert clean_phones(text) == valid


@pytest.mark.parametrize("text", ["无", "-", "/", "", "见户主"])
def test_nothing_is_nothing(text: str) -> None:
    assert read_phones(text) == ((), ())


@pytest.mark.parametrize("text", ["1890000215", "138000012345", "12800001234", "6512346", "0714-12", "400-800-1234"])
def test_wrong_numbers_are_named(text: str) -> None:
    found = read_phones(text)
    assert not found.valid
    assert found.invalid
    with pytest.raises(Problem) as caught:
        clean_phones(text)
    assert text not in repr(caught.value)


def test_one_wrong_number_does_not_lose_the_good_one() -> None:
    assert read_phones("13800001234、1380000123") == (("13800001234",), ("1380000123",))


@given(
    st.lists(st.one_of(mobiles, landlines), min_size=1, max_size=4), st.sampled_from(["、", "；", " ", "/", ",", "\n"])
)
def test_numbers_survive_joining_and_stay_as_they_are(numbers: list[str], mark: str) -> None:
    wanted = " ".join(dict.fromkeys(numbers))
    assert clean_phones(mark.join(numbers)) == wanted
    assert clean_phones(wanted) == wanted


@given(mobiles, st.sampled_from(["{0}{1}{2}", "{0} {1} {2}", "{0}-{1}-{2}", "+86{0}{1}{2}", "0086 {0}{1}{2}"]))
def test_mobiles_in_every_spelling(number: str, form: str) -> None:
    assert clean_phones(form.format(number[:3], number[3:7], number[7:])) == number


@given(st.text(max_size=30))
def test_any_text_is_taken_and_results_are_stable(text: str) -> None:
    found = read_phones(text)
    assert read_phones(" ".join(found.valid)).valid == found.valid


def test_a_number_that_lost_digits_is_none() -> None:
    assert read_phones("1.38E+10").valid == ()
