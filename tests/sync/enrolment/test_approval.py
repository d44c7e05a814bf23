"""The code for one export: nothing forged, replayed, of another laptop or altered is ever accepted."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.errors import Problem
from gridworker.sync.enrolment.approval import ANSWER_BYTES, ASK_BYTES, Ask, answer, approves
from gridworker.sync.format.keys import DeviceKeys
from gridworker.sync.format.spoken import heard, spoken
from tests.sync.forged import forged_accepted

FORGED = int(os.environ.get("GRIDWORKER_FORGED", "300"))
SEED = int(os.environ.get("GRIDWORKER_SEED", "4"))
OFFICE, LAPTOP, OTHER = DeviceKeys.generate(), DeviceKeys.generate(), DeviceKeys.generate()


def test_what_the_office_answers_opens_on_the_laptop_alone() -> None:
    ask = Ask.new(3, 77, 1200, minors=False)
    code = answer(Ask.read(ask.text), OFFICE, LAPTOP.public)
    assert approves(code, ask, LAPTOP, OFFICE.public)
    assert not approves(code, ask, OTHER, OFFICE.public)
    assert not approves(code, ask, LAPTOP, OTHER.public)
    assert len(code.split("-")) == 26


def test_who_holds_the_laptop_and_its_keys_makes_no_code() -> None:
    ask = Ask.new(3, 77, 1200, minors=False)
    for made in (answer(ask, LAPTOP, OFFICE.public), answer(ask, LAPTOP, LAPTOP.public)):
        assert not approves(made, ask, LAPTOP, OFFICE.public)
    other = spoken(b"\x02" + heard(answer(ask, OFFICE, LAPTOP.public), ANSWER_BYTES)[1:])
    assert not approves(other, ask, LAPTOP, OFFICE.public)


def test_an_ask_says_what_is_wanted_and_no_more_is_covered() -> None:
    ask = Ask.read(Ask.new(3, 77, 1200, minors=False).text)
    assert (ask.laptop, ask.count, ask.minors) == (3, 1200, False)
    assert ask.covers(77, 1200, minors=False)
    assert ask.covers(77, 5, minors=False)
    assert not ask.covers(77, 1201, minors=False)
    assert not ask.covers(78, 5, minors=False)
    assert not ask.covers(None, 5, minors=False)
    assert not ask.covers(77, 5, minors=True)
    assert Ask.new(3, None, 9, minors=True).covers(None, 9, minors=True)


def test_no_two_asks_have_the_same_answer() -> None:
    asks = [Ask.new(3, 77, 1200, minors=False) for _ in range(50)]
    codes = {answer(ask, OFFICE, LAPTOP.public) for ask in asks}
    assert len(codes) == len(asks)


def test_a_sample_of_forged_codes_is_refused() -> None:
    assert forged_accepted(FORGED, seed=SEED) == 0


@given(st.binary(min_size=ASK_BYTES, max_size=ASK_BYTES))
def test_codes_survive_being_typed(data: bytes) -> None:
    said = spoken(data)
    assert heard(said.lower().replace("-", " ").replace("0", "o"), ASK_BYTES) == data


@given(st.binary(min_size=ANSWER_BYTES, max_size=ANSWER_BYTES), st.integers(0, 19), st.integers(1, 30))
def test_a_single_slip_is_found_or_is_none(data: bytes, place: int, step: int) -> None:
    signs = list(spoken(data).replace("-", ""))
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    at = (alphabet.index(signs[place]) + step) % 31
    if alphabet[at] == signs[place] or signs[place] == "Z":
        return
    signs[place] = alphabet[at]
    with pytest.raises(Problem, match=f"group {place // 5 + 1}"):
        heard("".join(signs), ANSWER_BYTES)


@pytest.mark.parametrize("typed", ["", "7K2MX", "7K2MX-QF9XR-3D8AW", "口令" * 10, "U" * 30])
def test_what_is_no_code_is_one_sentence(typed: str) -> None:
    with pytest.raises(Problem):
        Ask.read(typed)


def test_unknown_flags_are_refused() -> None:
    ask = bytearray(Ask.new(3, None, 9, minors=False).pack())
    ask[2] = 0x82
    with pytest.raises(Problem, match="no code that asks"):
        Ask.parse(bytes(ask))
