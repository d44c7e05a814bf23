"""Columns of integers keep every number, stay small, and refuse what no writer writes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.record import MAX_INTEGER
from gridworker.sync.format.canonical import Damaged
from gridworker.sync.format.columns import SAME, STEPS, pack_ints, unpack_ids, unpack_ints
from tests.sync.samples import CLKS

NUMBERS = st.integers(-MAX_INTEGER, MAX_INTEGER)


@given(st.lists(NUMBERS, max_size=40) | st.lists(CLKS, min_size=16).map(sorted) | st.lists(st.integers(-300, 300)))
def test_columns_keep_their_numbers(numbers: list[int]) -> None:
    assert unpack_ints(pack_ints(numbers), len(numbers)) == numbers


@pytest.mark.parametrize("number", [0, 1, -1, 127, 128, -128, -129, 255, 256, MAX_INTEGER, -MAX_INTEGER])
def test_edges_keep_their_sign(number: int) -> None:
    assert unpack_ints(pack_ints([number, 0]), 2) == [number, 0]
    assert unpack_ints(pack_ints([number] * 5), 5) == [number] * 5


def test_equal_numbers_cost_one() -> None:
    assert len(pack_ints([7] * 100_000)) == 2


def test_a_steady_clock_is_kept_as_steps() -> None:
    packed = pack_ints([10**18 + at * 1000 for at in range(1000)])
    assert packed[0] & STEPS


def test_too_large_numbers_are_not_packed() -> None:
    with pytest.raises(OverflowError):
        pack_ints([2**63])


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\x00", b"\x01", b"\x01a", b"\x01abc", b"\x09" + b"a" * 18, b"\x11ab", b"\x21ab", b"\x41", b"\x41ab",
        b"\x48" + bytes([0, 0, 0, 0, 0, 0, 0, 0x80]),  # -2^63
        b"\x88" + b"\xff" * 14 + b"\x7f\x7f",  # steps beyond 2^63
    ],
)  # fmt: skip
def test_other_bytes_are_damage(data: bytes) -> None:
    with pytest.raises(Damaged):
        unpack_ints(data, 2)


def test_a_column_of_none_is_empty() -> None:
    assert unpack_ints(b"", 0) == []
    with pytest.raises(Damaged):
        unpack_ints(b"\x41\x01", 0)


def test_ids_are_above_zero() -> None:
    with pytest.raises(Damaged):
        unpack_ids(pack_ints([5, 0]), 2)
    assert unpack_ids(bytes([SAME | 1, 5]), 3) == [5, 5, 5]
