"""One-time codes survive being read aloud, typed and mistyped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.errors import Problem
from gridworker.sync.format.code import ALPHABET, Code

CODES = st.builds(Code.new)


def test_codes_are_random_and_long_enough() -> None:
    codes = {Code.new().text for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 23 and set(code) <= {*ALPHABET, "-"} for code in codes)
    assert 5 * 4 * 4 >= 80


def test_a_code_is_not_shown_by_accident() -> None:
    code = Code.new()
    assert code.text not in f"{code} {code!r} {[code]}"


@given(CODES)
def test_typing_may_be_sloppy(code: Code) -> None:
    typed = f"  {code.text.lower().replace('-', ' – ').replace('0', 'o').replace('1', 'l')}\n"
    assert Code.read(typed) == code
    assert Code.read(code.text.translate({ord(sign): ord(sign) + 0xFEE0 for sign in ALPHABET})) == code


@given(CODES, st.integers(0, 19), st.sampled_from(ALPHABET))
def test_a_slip_names_its_group(code: Code, at: int, sign: str) -> None:
    signs = list(code.text.replace("-", ""))
    if sign == signs[at] or {sign, signs[at]} == {"0", "Z"}:
        return
    signs[at] = sign
    with pytest.raises(Problem, match=f"group {at // 5 + 1} "):
        Code.read("".join(signs))


@given(CODES, st.integers(0, 3), st.integers(0, 2))
def test_swapped_neighbours_are_found(code: Code, group: int, at: int) -> None:
    groups = [list(part) for part in code.text.split("-")]
    one, other = groups[group][at : at + 2]
    if one == other or {one, other} == {"0", "Z"}:
        return
    groups[group][at : at + 2] = other, one
    with pytest.raises(Problem, match=f"group {group + 1} "):
        Code.read("".join(map("".join, groups)))


@given(CODES)
def test_groups_in_the_wrong_order_are_found(code: Code) -> None:
    first, second, *rest = code.text.split("-")
    with pytest.raises(Problem, match="group 1"):
        Code.read("-".join([second, first, *rest]))


@pytest.mark.parametrize("typed", ["", "7K2M", "7K2MX-QF9XR-3D8AW", "U" * 20, "七" * 20, "7K2MX-QF9XR-3D8AW-PW4C0-X"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    with pytest.raises(Problem):
        Code.read(typed)
