"""Ops in their packed form: what comes out is what went in, and what this program would not write is refused."""

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.domain.resident import Resident
from gridworker.record import MAX_INTEGER, Value
from gridworker.store.log.op import (
    MAX_FIELD,
    MAX_TEXT,
    BadOp,
    CreatePacker,
    Edit,
    What,
    pack_create,
    pack_edits,
    require_canonical,
    seen_in,
    unpack_all,
    unpack_create,
    unpack_edits,
    value_of,
)

VALUES = (
    st.none() | st.integers(-MAX_INTEGER, MAX_INTEGER) | st.text(st.characters(exclude_characters="\0", codec="utf-8"))
)
NUMBERS = st.integers(0, MAX_FIELD)
CLKS = st.integers(1, MAX_INTEGER)


@given(st.dictionaries(NUMBERS, VALUES))
def test_a_creation_comes_back_without_its_nulls(values: dict[int, Value]) -> None:
    vals = pack_create(values)
    require_canonical(What.CREATE, vals)
    assert unpack_create(vals) == {number: value for number, value in values.items() if value is not None}
    assert all(value_of(What.CREATE, 5, vals, number) == value for number, value in values.items() if number)


FIELDS = tuple(Resident.kind.specs)


@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), VALUES)))
def test_many_creations_are_packed_like_one(listed: list[dict[str, Value]]) -> None:
    packer = CreatePacker(Resident.kind)
    for values in listed:
        numbered = {Resident.kind.specs[name].number: value for name, value in values.items()}
        assert packer.pack(values) == pack_create(numbered)


@given(CLKS, st.dictionaries(NUMBERS, st.tuples(VALUES, st.sets(CLKS)), min_size=1), st.none() | st.sets(CLKS))
def test_edits_come_back(record: int, fields: dict[int, tuple[Value, set[int]]], seen: set[int] | None) -> None:
    edits = [Edit(number, value, tuple(sorted(over))) for number, (value, over) in sorted(fields.items())]
    vals = pack_edits(record, edits, seen)
    require_canonical(What.EDIT if seen is None else What.DELETE, vals)
    back = unpack_edits(record, vals)
    assert [(edit.field, edit.value, set(edit.over)) for edit in back] == [
        (*edit[:2], set(edit.over)) for edit in edits
    ]
    if seen is not None and fields and min(fields) == 0:
        assert set(seen_in(*unpack_all([vals]))) == seen


def test_the_creating_op_is_named_by_a_nought() -> None:
    assert pack_edits(7, [Edit(1, "x", (7,))]) == msgpack.packb([1, "x", 0])
    assert unpack_edits(7, pack_edits(7, [Edit(1, "x", (7, 9))]))[0].over == (7, 9)


@pytest.mark.parametrize(
    ("what", "flat"),
    [
        (What.CREATE, [1]),
        (What.CREATE, [2, "x", 1, "x"]),
        (What.CREATE, [1, "x", 1, "x"]),
        (What.CREATE, [-1, "x"]),
        (What.CREATE, [MAX_FIELD + 1, "x"]),
        (What.CREATE, ["1", "x"]),
        (What.CREATE, [True, "x"]),
        (What.CREATE, [1, 1.5]),
        (What.CREATE, [1, float("nan")]),
        (What.CREATE, [1, True]),
        (What.CREATE, [1, b"x"]),
        (What.CREATE, [1, ["x"]]),
        (What.CREATE, [1, 2**63]),
        (What.CREATE, [1, "x" * (MAX_TEXT + 1)]),
        (What.CREATE, [1, "a\0b"]),
        (What.EDIT, [1, "x"]),
        (What.EDIT, [1, "x", -1]),
        (What.EDIT, [1, "x", "0"]),
        (What.EDIT, [1, "x", [1, "2"]]),
        (What.EDIT, [1, "x", [2**63]]),
        (What.EDIT, [1, "x", list(range(5000))]),
        (What.EDIT, [1, "x", 0, [3]]),
        (What.DELETE, [0, 0, 0, ["x"]]),
        (What.EDIT, []),
        (What.DELETE, [[7]]),
        (What.EDIT, {1: "x"}),
        (What.EDIT, "x"),
    ],
)
def test_what_no_program_of_ours_writes_is_refused(what: What, flat: object) -> None:
    with pytest.raises(BadOp):
        require_canonical(what, msgpack.packb(flat))


@pytest.mark.parametrize(
    "vals", [b"", b"\xc1", b"\x92\x01", b"\x92\x01\xa1x\x00", b"\x92\x01\xd9\x01x", b"\x92\x01\xa2\xed\xa0"]
)
def test_bytes_that_are_not_canonical_are_refused(vals: bytes) -> None:
    with pytest.raises(BadOp):
        require_canonical(What.CREATE, vals)


@given(st.lists(st.dictionaries(NUMBERS, VALUES)))
def test_many_are_decoded_at_once(listed: list[dict[int, Value]]) -> None:
    packed = [pack_create(values) for values in listed]
    assert unpack_all(packed) == [tuple(msgpack.unpackb(vals)) for vals in packed]


def test_decoding_many_refuses_two_in_one() -> None:
    with pytest.raises(BadOp):
        unpack_all([b"\x90\x90"])


@pytest.mark.parametrize("vals", [[b"\x90", b""], [b""], [b"\x90", b"\xc1"]])
def test_decoding_many_refuses_what_is_no_array(vals: list[bytes]) -> None:
    with pytest.raises(BadOp):
        unpack_all(vals)
