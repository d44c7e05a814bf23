"""Everything small has exactly one spelling, and only that one is read."""

import tracemalloc

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.sync.format import canonical
from gridworker.sync.format.canonical import MAX_DEPTH, Damaged, Thing

CAP = 10_000
THINGS = st.recursive(
    st.none() | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=5) | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


def depth(thing: object) -> int:
    inner = thing if isinstance(thing, list) else thing.values() if isinstance(thing, dict) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


@given(THINGS)
def test_things_come_back(thing: Thing) -> None:
    if depth(thing) <= MAX_DEPTH:
        assert canonical.unpack(canonical.pack(thing), CAP) == thing


def test_the_order_of_keys_does_not_matter_to_the_writer() -> None:
    assert canonical.pack({"b": 1, "a": {"d": 2, "c": 3}}) == canonical.pack({"a": {"c": 3, "d": 2}, "b": 1})


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xcc\x01",  # a long form of 1
        b"\xd9\x01a",  # and of "a"
        b"\xdc\x00\x00",  # and of []
        b"\x82\xa1b\x01\xa1a\x02",  # keys out of order
        b"\x82\xa1a\x01\xa1a\x02",  # one key twice
        b"\x81\x01\x02",
        b"\x81\xc4\x01a\x02",
        b"\xc3",
        b"\xcb\x3f\xf0" + bytes(6),
        b"\xca\x7f\xc0\0\0",
        b"\xd4\x05x",
        b"\xd6\xff\0\0\0\0",
        b"\xa1\xff",
        b"\xc1",
        b"\x01\x01",
        b"\x91" * 2000,
    ],
)
def test_no_other_spelling_is_read(data: bytes) -> None:
    with pytest.raises(Damaged):
        canonical.unpack(data, CAP)


def test_nothing_deep_and_nothing_large_is_read() -> None:
    deep: Thing = 1
    for _ in range(MAX_DEPTH):
        deep = [deep]
    assert canonical.unpack(canonical.pack(deep), CAP) == deep
    with pytest.raises(Damaged):
        canonical.pack([deep])
    with pytest.raises(Damaged):
        canonical.unpack(msgpack.packb([deep]), CAP)
    with pytest.raises(Damaged, match="large"):
        canonical.unpack(canonical.pack("x" * CAP), CAP)


def test_a_map_is_a_map() -> None:
    assert canonical.unpack_map(b"\x81\xa1a\x01", CAP) == {"a": 1}
    with pytest.raises(Damaged):
        canonical.unpack_map(b"\x90", CAP)


def test_things_are_counted_while_they_are_read() -> None:
    most = 40
    fits: list[list[Thing]] = [[None] * 38 + [[]], [[0] * 18, [0] * 18], [{"a": [0] * 34}]]
    assert all(canonical.unpack(canonical.pack(one), CAP, most + 1) == one for one in fits)
    for one in fits:
        with pytest.raises(Damaged):
            canonical.unpack(canonical.pack([*one, 0, 0]), CAP, most)


@pytest.mark.parametrize("bomb", [b"\x90", b"\x80", b"\xc0", b"\x91\xc0"])
def test_a_bomb_is_not_built(bomb: bytes) -> None:
    size = 1_000_000
    data = b"\xdd" + size.to_bytes(4, "big") + bomb * size
    tracemalloc.start()
    try:
        with pytest.raises(Damaged):
            canonical.unpack(data, len(data))
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()
