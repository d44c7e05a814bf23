"""ID numbers, credit codes, ages."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from gridworker.domain import identity
from gridworker.domain.identity import IdFault, birth_of, check_digit, id_fault, longer_form
from gridworker.errors import Problem

TODAY = date(2026, 3, 18)
KNOWN = ("11010519491231002X", "360426199101010071")
"""The examples of GB 11643 and of python-stdnum."""

regions = st.text("0123456789", min_size=6, max_size=6)
births = st.dates(date(1900, 1, 1), date(2026, 1, 1))
orders = st.integers(0, 999).map(lambda number: f"{number:03d}")


@st.composite
def numbers(draw: st.DrawFn) -> str:
    first = f"{draw(regions)}{draw(births):%Y%m%d}{draw(orders)}"
    return first + identity.check_digit(first)


@pytest.mark.parametrize("number", KNOWN)
def test_known_numbers_are_good(number: str) -> None:
    assert id_fault(number, TODAY) is None


@given(numbers())
def test_every_well_made_number_is_good_whatever_its_division(number: str) -> None:
    assert id_fault(number, TODAY) is None
    assert identity.clean_id_number(f" '{number.lower()} ") == number


WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""As GB 11643 lists them."""


@given(st.text("0123456789", min_size=17, max_size=17))
def test_the_check_character_is_that_of_the_standard(first: str) -> None:
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first, strict=True))
    assert identity.check_digit(first) == "10X98765432"[total % 11]


@given(numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_no_single_wrong_character_passes(number: str, at: int, other: str) -> None:
    wrong = number[:at] + other + number[at + 1 :]
    assert wrong == number or id_fault(wrong) is not None


@given(numbers(), st.integers(0, 16))
def test_no_two_neighbours_change_places(number: str, at: int) -> None:
    wrong = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert wrong == number or id_fault(wrong) is not None


@given(numbers())
def test_birth_and_sex_are_read_from_the_number(number: str) -> None:
    assert f"{identity.birth_of(number):%Y%m%d}" == number[6:14]
    assert identity.sex_of(number) == ("1" if int(number[16]) % 2 else "2")
    assert identity.last_four(number) == number[-4:]


@given(regions, st.dates(date(1900, 1, 1), date(1999, 12, 31)), orders)
def test_old_numbers_stand_for_their_longer_form(region: str, born: date, order: str) -> None:
    old = f"{region}{born:%y%m%d}{order}"
    longer = identity.upgraded(old)
    assert id_fault(old, TODAY) is None
    assert id_fault(longer, TODAY) is None
    assert identity.clean_id_number(old) == old
    assert identity.birth_of(old) == identity.birth_of(longer) == born
    assert identity.sex_of(old) == identity.sex_of(longer)
    assert identity.upgraded(longer) == longer


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("4.20202E+17", IdFault.PRECISION),
        ("420203197012178000.0", IdFault.PRECISION),
        ("42020519960905923", IdFault.LENGTH),
        ("4202051996090592312", IdFault.LENGTH),
        ("420202********1429", IdFault.FORMAT),
        ("1101051949123100XX", IdFault.FORMAT),
        ("11010519491231X", IdFault.FORMAT),
        ("没有", IdFault.FORMAT),
        ("", IdFault.FORMAT),
        ("420202199802300260", IdFault.DATE),
        ("110105494431002", IdFault.DATE),
        ("110105194912310021", IdFault.CHECKSUM),
        ("420203197203018880", IdFault.CHECKSUM),
    ],
)
def test_faults_are_told_apart(text: str, fault: IdFault) -> None:
    assert id_fault(text, TODAY) is fault
    with pytest.raises(Problem) as caught:
        identity.clean_id_number(text)
    assert text not in repr(caught.value) or not text


@pytest.mark.parametrize(
    "typed",
    [
        "１１０１０５１９４９１２３１００２ｘ",
        " 110105 19491231 002x",
        "\t11010519491231002X",
        '="11010519491231002X"',
        "‘11010519491231002X",
    ],
)
def test_typing_artefacts_disappear(typed: str) -> None:
    assert identity.clean_id_number(typed) == "11010519491231002X"


def test_birth_in_the_future_needs_to_know_the_day() -> None:
    first = "420202" + f"{TODAY + timedelta(days=1):%Y%m%d}" + "001"
    number = first + identity.check_digit(first)
    assert id_fault(number, TODAY) is IdFault.DATE
    assert id_fault(number, TODAY + timedelta(days=1)) is None


@pytest.mark.parametrize("text", ["002X", "002x", " 0024 "])
def test_last_four(text: str) -> None:
    assert identity.clean_last_four(text) == text.strip().upper()


@pytest.mark.parametrize("text", ["02X", "X002", "00245"])
def test_last_four_refused(text: str) -> None:
    with pytest.raises(Problem):
        identity.clean_last_four(text)


def test_credit_codes() -> None:
    assert identity.clean_credit_code("91110000600037341l") == "91110000600037341L"
    assert identity.clean_credit_code("9111 0000 6000 3734 1L") == "91110000600037341L"
    for wrong in ("91110000600037341K", "91110000600037341", "I1110000600037341L"):
        with pytest.raises(Problem):
            identity.clean_credit_code(wrong)


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17), st.integers(0, 16))
def test_credit_codes_of_any_registry(first: str, at: int) -> None:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    total = sum(alphabet.index(letter) * weight for letter, weight in zip(first, weights, strict=True))
    assert identity.clean_credit_code(first + alphabet[(31 - total) % 31]).startswith(first)


@pytest.mark.parametrize(
    ("born", "year", "age"),
    [
        ("1948-03-18", None, 78),
        ("1948-03-19", None, 77),
        (None, 1950, 76),
        (None, None, None),
        ("1948-03-18", 1950, 78),
    ],
)
def test_age(born: str | None, year: int | None, age: int | None) -> None:
    assert identity.age_on(TODAY, born, year) == age


@given(st.integers(110000, 659999), st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_an_old_number_is_offered_in_its_longer_form(region: int, born: date, order: int) -> None:
    old = f"{region}{born:%y%m%d}{order:03d}"
    longer = longer_form(f" {old} ")
    assert id_fault(longer) is None
    assert (longer[:6], birth_of(longer), longer[14:17]) == (str(region), born, f"{order:03d}")
    assert longer_form(longer) == ""


@pytest.mark.parametrize("number", ["810000199408230021", "820000199009170012", "830000199201300022"])
def test_permits_of_hong_kong_macau_and_taiwan_are_numbers_like_others(number: str) -> None:
    good = number[:17] + check_digit(number[:17])
    assert id_fault(good) is None


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17), st.integers(0, 17), st.data())
def test_no_single_wrong_character_of_a_credit_code_passes(body: str, at: int, data: st.DataObject) -> None:
    code = body + str(uscc.calc_check_digit(body))
    assert identity.clean_credit_code(f" {code[:8].lower()}-{code[8:]} ") == code
    other = data.draw(st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY").filter(lambda one: one != code[at]))
    with pytest.raises(Problem):
        identity.clean_credit_code(code[:at] + other + code[at + 1 :])
