"""Numbers that are kept in few bytes are the same when they are unpacked."""

from array import array

from hypothesis import given
from hypothesis import strategies as st

from gridworker.app.few_bytes import packed, packed_numbers, unpacked, unpacked_numbers


@given(st.binary(max_size=200))
def test_bytes_are_the_same_unpacked(body: bytes) -> None:
    assert unpacked(packed(body)) == body


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=40))
def test_ids_are_the_same_unpacked(ids: list[int]) -> None:
    assert unpacked_numbers(packed_numbers(array("q", ids)), "q") == array("q", ids)


@given(st.lists(st.integers(0, 2**32 - 1), max_size=40))
def test_places_are_the_same_unpacked(places: list[int]) -> None:
    assert unpacked_numbers(packed_numbers(array("I", places)), "I") == array("I", places)


def test_ids_of_one_import_take_a_third_of_the_room() -> None:
    ids = array("q", ((0xB76AABDBBA1 << 16 | 0x40) + (number << 20) for number in range(10_000)))
    assert len(packed_numbers(ids)) * 3 < len(ids.tobytes())
