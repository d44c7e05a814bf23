"""The exchange by which the office helps out a forgotten passphrase: arithmetic, and who learns what."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from gridworker.store.keys import escrow
from gridworker.store.keys.slots import Slot

DEK = bytes(range(32))
SEED = b"s" * 32
STORE = "ab" * 16
COMMUNITY = "420204001006"


def sealed(laptop: int = 3) -> Slot:
    key = escrow.key_for(SEED, COMMUNITY, laptop)
    return escrow.seal_to_escrow(DEK, key, laptop, id="cd" * 8, store=STORE)


def answered(asked: bytes, laptop: int = 3, seed: bytes = SEED) -> bytes:
    return escrow.answer(escrow.number_for(seed, COMMUNITY, laptop), asked)


def test_the_answer_opens_what_was_sealed() -> None:
    slot, blind = sealed(), escrow.new_blind()
    assert escrow.open_with_answer(slot, blind, answered(escrow.ask(slot, blind)), STORE) == DEK


@given(st.integers(1, escrow._ORDER - 1))
def test_any_number_can_be_taken_out_again(number: int) -> None:
    slot, blind = sealed(), number.to_bytes(32, "big")
    assert escrow.open_with_answer(slot, blind, answered(escrow.ask(slot, blind)), STORE) == DEK


def test_an_answer_is_good_for_its_question_alone() -> None:
    slot, first, second = sealed(), escrow.new_blind(), escrow.new_blind()
    of_first = answered(escrow.ask(slot, first))
    assert escrow.open_with_answer(slot, second, of_first, STORE) is None
    assert escrow.open_with_answer(sealed(), first, of_first, STORE) is None
    assert escrow.open_with_answer(slot, first, of_first, "ef" * 16) is None


def test_an_answer_for_another_laptop_or_by_another_office_opens_nothing() -> None:
    slot, blind = sealed(), escrow.new_blind()
    asked = escrow.ask(slot, blind)
    assert escrow.open_with_answer(slot, blind, answered(asked, laptop=4), STORE) is None
    assert escrow.open_with_answer(slot, blind, answered(asked, seed=b"t" * 32), STORE) is None


def test_a_listener_has_nothing_that_opens_the_slot() -> None:
    """What goes over the line is tried as the shared secret, as the answer, and without the number that hides it."""
    slot, blind = sealed(), escrow.new_blind()
    asked = escrow.ask(slot, blind)
    heard = answered(asked)
    one = (1).to_bytes(32, "big")
    for tried in (asked, heard, escrow.point_of(slot), escrow.key_for(SEED, COMMUNITY, 3)):
        assert escrow.open_with_answer(slot, one, tried, STORE) is None
    assert escrow.open_with_answer(slot, one, answered(escrow.point_of(slot)), STORE) == DEK, "the control: unhidden"


def test_two_questions_about_one_slot_have_nothing_in_common() -> None:
    slot = sealed()
    asked = {escrow.ask(slot, escrow.new_blind()) for _ in range(50)}
    assert len(asked) == 50
    assert escrow.point_of(slot) not in asked


def test_what_is_no_point_is_refused_or_opens_nothing() -> None:
    slot, blind = sealed(), escrow.new_blind()
    off = next(x.to_bytes(32, "big") for x in range(1, 50) if not _on_the_curve(x))
    with pytest.raises(ValueError, match=r".*"):
        escrow.answer(5, off)
    for wrong in (off, bytes(32), b"\xff" * 32):
        assert escrow.open_with_answer(slot, blind, wrong, STORE) is None


def test_the_order_is_that_of_the_curve() -> None:
    last = ec.derive_private_key(escrow._ORDER - 1, ec.SECP256R1()).public_key().public_numbers()
    first = ec.derive_private_key(1, ec.SECP256R1()).public_key().public_numbers()
    assert last.x == first.x, "n - 1 times the base point is the base point mirrored"


def _on_the_curve(x: int) -> bool:
    try:
        escrow._public(x.to_bytes(32, "big"))
    except ValueError:
        return False
    return True
