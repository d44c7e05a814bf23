"""Scope changes and pieces of attachments come back whole; other bytes are damage."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.sync.format import canonical
from gridworker.sync.format.canonical import Damaged, Thing
from gridworker.sync.format.columns import pack_ints
from gridworker.sync.format.frame import compressed
from gridworker.sync.format.sections import Chunk, ScopeChange, pack_chunks, pack_scope, unpack_chunks, unpack_scope
from tests.sync.samples import CLKS

IDS = st.lists(CLKS, max_size=20).map(tuple)
PHOTO = bytes(range(256)) * 20
SHA = hashlib.sha256(PHOTO).digest()


@given(st.builds(ScopeChange, st.integers(0, 10**6), st.lists(CLKS, max_size=3).map(tuple), IDS, IDS))
def test_scope_changes_come_back(scope: ScopeChange) -> None:
    assert unpack_scope(pack_scope(scope)) == scope


def test_entries_may_be_numbered() -> None:
    scope = ScopeChange(4, (7,), (11, 12), (13,), (101, 102, 103))
    assert unpack_scope(pack_scope(scope)) == scope


def test_what_is_new_in_a_scope_is_no_obstacle() -> None:
    things: Thing = {"number": 1, "grids": [], "enter": [0, b""], "leave": [0, b""], "why": "moved"}
    assert unpack_scope(compressed(canonical.pack(things))) == ScopeChange(1, ())


@pytest.mark.parametrize(
    "changed",
    [
        {"number": -1}, {"number": "1"}, {"grids": [0]}, {"grids": ["x"]}, {"grids": 5}, {"grids": [1] * 2000},
        {"enter": 5}, {"enter": [1, b""]}, {"enter": [-1, b""]}, {"enter": [1, pack_ints([0])]}, {"leave": ["x", b""]},
        {"leave": [10**9, b"\x41\x05"]}, {"numbers": [1]},
        {"numbers": pack_ints([1, 2, 3])}, {"numbers": pack_ints([-1, 2])},
    ],
)  # fmt: skip
def test_broken_scopes_are_damage(changed: dict[str, Thing]) -> None:
    things: dict[str, Thing] = {"number": 1, "grids": [5], "enter": [1, b"\x41\x05"], "leave": [1, b"\x41\x06"]}
    assert unpack_scope(compressed(canonical.pack({**things}))).enter == (5,)
    with pytest.raises(Damaged):
        unpack_scope(compressed(canonical.pack({**things, **changed})))


@pytest.mark.parametrize("data", [b"", b"x", compressed(b""), compressed(b"\x90"), compressed(bytes(2**24))])
def test_other_bytes_are_no_scope(data: bytes) -> None:
    with pytest.raises(Damaged):
        unpack_scope(data)


@given(st.lists(st.integers(0, len(PHOTO)), max_size=6))
def test_chunks_come_back(cuts: list[int]) -> None:
    marks = [0, *sorted(cuts), len(PHOTO)]
    chunks = [Chunk(SHA, len(PHOTO), at, PHOTO[at:to]) for at, to in pairwise(marks)]
    came = unpack_chunks(pack_chunks(chunks))
    assert list(came) == chunks
    assert hashlib.sha256(b"".join(chunk.data for chunk in came)).digest() == SHA


def test_no_chunks() -> None:
    assert unpack_chunks(pack_chunks([])) == ()


@pytest.mark.parametrize(
    "entry",
    [
        5, [], [SHA, 10, 0], [SHA[:-1], 10, 0, 4], [SHA, 10, -1, 4], [SHA, 10, 0, -4], [SHA, 10, 8, 4], [SHA, 10, 0, 5],
        [SHA, "10", 0, 4], [SHA, 2**63, 0, 4], [SHA, 10, 0, 3],
    ],
)  # fmt: skip
def test_broken_chunks_are_damage(entry: Thing) -> None:
    directory = canonical.pack([entry])
    with pytest.raises(Damaged):
        unpack_chunks(len(directory).to_bytes(4, "big") + directory + b"data")


@pytest.mark.parametrize(
    "data", [b"", b"\0\0\0", b"\0\0\0\0", b"\xff\xff\xff\xff", b"\0\0\0\1\x80", b"\0\0\0\1\x90more"]
)
def test_other_bytes_are_no_chunks(data: bytes) -> None:
    with pytest.raises(Damaged):
        unpack_chunks(data)
