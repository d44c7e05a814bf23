"""The payload keeps every op to the byte, is small, sets single bad ops aside and refuses what is no payload."""

import gc
from collections.abc import Mapping
from itertools import count

import msgpack
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from gridworker.errors import Problem
from gridworker.record import MAX_INTEGER, clean_text
from gridworker.store.intake.transaction import collecting_paused
from gridworker.store.log.op import Author, OpRow, What, pack_create
from gridworker.sync.format import canonical, payload
from gridworker.sync.format.canonical import Damaged, Thing
from gridworker.sync.format.columns import pack_ints
from gridworker.sync.format.frame import compressed, decompressed
from gridworker.sync.format.payload import MAX_BROKEN, MAX_PAYLOAD, MAX_VALS, Reason, pack_ops, portions, unpack_ops
from tests.sync.samples import AUTHORS, OPS, clk, creations, edits, mixed


def create(values: object, at: int = 1) -> OpRow:
    """A creation with any values."""
    return OpRow(clk(at), 3, clk(at), What.CREATE, 0, values if isinstance(values, bytes) else msgpack.packb(values))


def edit(flat: object, at: int = 1, what: int = What.EDIT) -> OpRow:
    """Any other op, likewise."""
    return OpRow(clk(at), 3, clk(900), what, 0, flat if isinstance(flat, bytes) else msgpack.packb(flat))


@given(OPS)
def test_ops_come_back_as_they_were(rows: list[OpRow]) -> None:
    ops = unpack_ops(pack_ops(rows, AUTHORS))
    assert ops.rows == rows
    assert ops.authors == AUTHORS
    assert not ops.bad


def test_every_sort_of_op_comes_back() -> None:
    ops = unpack_ops(pack_ops(mixed(), AUTHORS))
    assert ops.rows == mixed()
    assert {type(row) for row in ops.rows} == {OpRow}
    assert {type(author) for author in ops.authors} == {Author}


def test_a_long_payload_comes_back_lump_by_lump() -> None:
    rows = creations(3000)
    assert sum(len(row.vals) for row in rows) > 3 * payload.LUMP
    assert unpack_ops(pack_ops(rows, AUTHORS)).rows == rows


def test_an_empty_payload() -> None:
    assert unpack_ops(pack_ops([], [])) == payload.Ops([], [], [])


def test_the_garbage_collector_runs_on_as_it_did() -> None:
    unpack_ops(pack_ops(mixed(), AUTHORS))
    assert gc.isenabled()
    with collecting_paused(), collecting_paused():
        assert not gc.isenabled()
    assert gc.isenabled()


# ----------------------------------------------------------------------------------------------------------------- size


def test_an_edit_costs_little() -> None:
    """One laptop's share of sync.md's J1: 4,646 field changes on 3,000 of 100,000 residents."""
    records = [clk(200_000_000_000 + at // 64, at % 64, device=0) for at in range(0, 100_000, 33)][:3000]
    changes = edits(records, 4646)
    assert len(pack_ops(changes, AUTHORS)) / 4646 <= 12


def test_a_new_row_costs_little() -> None:
    """A fifth of J2: new residents with twelve fields each."""
    assert len(pack_ops(creations(20_000), AUTHORS)) / 20_000 <= 40


def test_portions_fit_a_bundle_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payload, "MAX_OPS", 10)
    monkeypatch.setattr(payload, "MAX_ALL_VALS", 1500)
    rows = creations(40)
    parts = list(portions(rows))
    assert [row for part in parts for row in part] == rows
    assert len(parts) > 4
    for part in parts:
        assert unpack_ops(pack_ops(part, AUTHORS)).rows == part
    with pytest.raises(ValueError, match="too much"):
        pack_ops(rows, AUTHORS)
    assert list(portions([])) == []


# ------------------------------------------------------------------------------------------------------- single bad ops


MALFORMED: Mapping[str, OpRow] = {
    "no msgpack": create(b"\xc1"),
    "nothing": create(b""),
    "two things": create(b"\x90\x90"),
    "cut short": create(b"\x92\x01"),
    "no array": create(5),
    "a map": create({1: 2}),
    "a map inside": create([1, {"a": 1}]),
    "bytes": create([1, b"x"]),
    "a float": create([1, 1.5]),
    "NaN": create([1, float("nan")]),
    "infinity": create([1, float("inf")]),
    "true": create([1, True]),
    "an extension": create([1, msgpack.ExtType(5, b"x")]),
    "a time": create(b"\x92\x01\xd6\xff\0\0\0\0"),
    "too large": create(b"\x92\x01\xcf\x80" + bytes(7)),
    "too small": create(b"\x92\x01\xd3\x80" + bytes(7)),
    "a long form": create(b"\x92\x01\xcc\x05"),
    "a lone surrogate": create(b"\x92\x01\xa3\xed\xa0\x80"),
    "no UTF-8": create(b"\x92\x01\xa1\xff"),
    "odd": create([1, "a", 2]),
    "a field twice": create([1, "a", 1, "b"]),
    "fields out of order": create([2, "a", 1, "b"]),
    "a field too high": create([4096, "a"]),
    "a field below zero": create([-1, "a"]),
    "a field that is text": create(["1", "a"]),
    "a field that is a list": create([[1], "a"]),
    "a list as value": create([1, [2]]),
    "too long": create([1, "x" * 64_001]),
    "too many bytes": create([number if not at % 2 else "x" * 60_000 for at, number in enumerate(range(12))]),
    "deep": create(b"\x91" * 600 + b"\x01"),
    "deeper": create(b"\x91" * 5000 + b"\x01"),
    "a bomb of lists": create(b"\xdd\x00\x03\x00\x00" + b"\x90" * 0x30000),
    "an array that says it is long": create(b"\xdd\xff\xff\xff\xff"),
    "a text that says it is long": create(b"\x92\x01\xdb\xff\xff\xff\xff"),
    "no over": edit([1, "a"]),
    "text as over": edit([1, "a", "b"]),
    "null as over": edit([1, "a", None]),
    "over below zero": edit([1, "a", -1]),
    "over too large": edit([1, "a", 2**63]),
    "a bad list of over": edit([1, "a", [1, -1]]),
    "lists in lists of over": edit([1, "a", [[1]]]),
    "too long a list of over": edit([1, "a", [5] * 5000]),
    "seen where nothing is deleted": edit([0, 0, 0, []]),
    "no field": edit([]),
    "no field of what is deleted": edit([[7]], what=What.DELETE),
    "seen that is no list": edit([0, 0, 0, "x"], what=What.DELETE),
    "seen that is one clk": edit([0, 0, 0, 5], what=What.DELETE),
    "a bad list of seen": edit([0, 0, 0, [5, -1]], what=What.DELETE),
    "nothing seen and nothing deleted": edit([0, 0], what=What.DELETE),
}

TEXTS = {
    "NUL": "a\0b",
    "control": "a\x07",
    "C1 control": "a\x85",
    "zero width": "a\u200bb",
    "bidi": "\u202eabc",
    "byte order mark": "\ufeffabc",
    "not NFC": "e\u0301",
    "compatibility ideograph": "\uf90a",
}


@pytest.mark.parametrize("bad", MALFORMED.values(), ids=MALFORMED)
@pytest.mark.parametrize("company", [creations(3), []], ids=["in company", "alone"])
def test_a_malformed_op_is_set_aside_alone(bad: OpRow, company: list[OpRow]) -> None:
    rows = [*company[:2], bad, *company[2:]]
    ops = unpack_ops(pack_ops(rows, AUTHORS))
    assert ops.rows == company
    assert [tuple(row) for row in ops.bad] == [(min(2, len(company)), bad, Reason.MALFORMED)]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_text_that_hides_something_is_set_aside(text: str) -> None:
    rows = [create([1, "好"], 1), create([1, text], 2), edit([1, text, 0], 3), edit([1, "好", 0], 4)]
    ops = unpack_ops(pack_ops(rows, AUTHORS))
    assert ops.rows == [rows[0], rows[3]]
    expected = Reason.MALFORMED if "\0" in text else Reason.TEXT
    assert [(bad.at, bad.reason) for bad in ops.bad] == [(1, expected), (2, expected)]


def test_deletions_take_no_longer_to_check_than_edits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Among others too: none of them is looked at by itself."""
    monkeypatch.setattr(payload, "_fault_of", lambda *_: pytest.fail("looked at slowly"))
    rows = [
        edit([0, 0, 0, [5, 7]], 1, what=What.DELETE),
        edit([0, 0, 0, []], 2, what=What.DELETE),
        edit([0, 0, [0, 7]], 3, what=What.DELETE),
        edit([1, "甲", 0], 4),
        create([1, "乙"], 5),
    ]
    assert unpack_ops(pack_ops(rows, AUTHORS)).rows == rows


@pytest.mark.parametrize("bad", [edit(b""), edit([]), create([0.5])], ids=["nothing", "no field", "no value"])
def test_what_no_slip_explains_damages_the_payload(bad: OpRow) -> None:
    def many(count: int) -> bytes:
        return pack_ops(
            [bad._replace(clk=clk(at), record=clk(at if not bad.what else 9999)) for at in range(count)], AUTHORS
        )

    assert len(unpack_ops(many(MAX_BROKEN)).bad) == MAX_BROKEN
    with pytest.raises(Damaged):
        unpack_ops(many(MAX_BROKEN + 1))


def test_one_slip_in_many_texts_damages_nothing() -> None:
    rows = [create([1, "a\u200bb"], at) for at in range(2 * MAX_BROKEN)]
    assert {bad.reason for bad in unpack_ops(pack_ops(rows, AUTHORS)).bad} == {Reason.TEXT}


@given(st.text(max_size=30))
def test_what_can_be_typed_is_never_set_aside(typed: str) -> None:
    try:
        kept = clean_text(typed, lines=True)
    except Problem:
        return
    # Before what comes first in a remark there is nothing it could compose with.
    rows = [create([1, kept, 2, "。"]), create([1, clean_text(typed)], 2)]
    assert unpack_ops(pack_ops(rows, AUTHORS)).rows == rows


def test_the_same_clk_twice_is_taken_once() -> None:
    rows = [create([1, "a"]), create([1, "b"]), create([1, "c"], 2)]
    ops = unpack_ops(pack_ops(rows, AUTHORS))
    assert ops.rows == [rows[0], rows[2]]
    assert [(bad.at, bad.reason) for bad in ops.bad] == [(1, Reason.TWICE)]


def test_an_edit_cannot_have_made_its_record() -> None:
    bad = OpRow(clk(5), 3, clk(5), What.EDIT, 0, msgpack.packb([1, "a", 0]))
    ops = unpack_ops(pack_ops([bad, *mixed()], AUTHORS))
    assert ops.rows == mixed()
    assert [(row.at, row.row, row.reason) for row in ops.bad] == [(0, bad, Reason.WRONG_KIND)]


@given(st.lists(st.binary(max_size=12), max_size=6), st.lists(st.sampled_from([*What, 77]), min_size=6, max_size=6))
def test_no_values_break_the_reader(vals: list[bytes], whats: list[int]) -> None:
    new = count(5)
    rows = [OpRow(clk(at := next(new)), 3, clk(at) if not what else clk(1), what, 0, raw)
            for raw, what in zip(vals, whats, strict=False)]  # fmt: skip
    ops = unpack_ops(pack_ops(rows, AUTHORS))
    assert sorted([*ops.rows, *(bad.row for bad in ops.bad)]) == sorted(rows)


# ------------------------------------------------------------------------------------------------------- whole payloads


def columns(**changes: bytes) -> dict[str, bytes]:
    """The columns of two ops, with changes."""
    vals = pack_create({1: "甲"})
    basis = {
        "author": pack_ints([0, 0]),
        "clk": pack_ints([clk(1), clk(2)]),
        "kind": pack_ints([3, 3]),
        "lengths": pack_ints([len(vals), len(vals)]),
        "record": b"",
        "scope": pack_ints([1]),
        "vals": vals + vals,
        "what": pack_ints([0, 0]),
        "who": pack_ints([clk(9)]),
    }
    return {**basis, **changes}


def section(parts: Mapping[str, bytes], **changes: Thing) -> bytes:
    lengths: Thing = {name: len(part) for name, part in parts.items()}
    directory = canonical.pack({"ops": 2, "authors": 1, "columns": lengths, **changes})
    whole = b"".join([len(directory).to_bytes(4, "big"), directory, *(parts[name] for name in sorted(parts))])
    return compressed(whole)


def test_the_payload_as_it_is_documented_is_read() -> None:
    ops = unpack_ops(section(columns()))
    assert [row.clk for row in ops.rows] == [row.record for row in ops.rows] == [clk(1), clk(2)]


def test_unknown_columns_are_skipped() -> None:
    assert len(unpack_ops(section(columns(mood=b"fine", zebra=b"striped"))).rows) == 2


BROKEN: Mapping[str, dict[str, bytes]] = {
    "a clk of zero": {"clk": pack_ints([0, 5])},
    "a clk below zero": {"clk": pack_ints([-5, 5])},
    "too few clks": {"clk": b"\x01\x05"},
    "no clks": {"clk": b""},
    "an author nobody names": {"author": pack_ints([0, 1])},
    "an author below zero": {"author": pack_ints([-1, 0])},
    "a kind too high": {"kind": pack_ints([3, 65_536])},
    "a kind below zero": {"kind": pack_ints([-3, 3])},
    "a what too high": {"what": pack_ints([0, 256])},
    "edits without records": {"what": pack_ints([1, 1])},
    "records without edits": {"record": pack_ints([clk(9)])},
    "lengths below zero": {"lengths": pack_ints([-1, 15])},
    "lengths too long": {"lengths": pack_ints([7, 8])},
    "lengths too short": {"lengths": pack_ints([1, 2])},
    "too many authors": {"who": pack_ints([5, 6])},
    "a scope that is no number": {"scope": b"\x09" * 10},
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_broken_columns_damage_the_payload(broken: dict[str, bytes]) -> None:
    with pytest.raises(Damaged):
        unpack_ops(section(columns(**broken)))


@pytest.mark.parametrize(
    "changed",
    [
        {"ops": -1}, {"ops": 1}, {"ops": 200_001}, {"ops": "2"}, {"ops": None}, {"authors": 0}, {"authors": 70_000},
        {"columns": {}}, {"columns": []}, {"columns": dict.fromkeys(columns(), 0)},
        {"columns": {**{name: len(part) for name, part in columns().items()}, "vals": -1}},
        {"columns": {**{name: len(part) for name, part in columns().items()}, "vals": 2**62}},
        {"columns": {**{name: len(part) for name, part in columns().items()}, "vals": "6"}},
    ],
)  # fmt: skip
def test_broken_directories_damage_the_payload(changed: dict[str, Thing]) -> None:
    with pytest.raises(Damaged):
        unpack_ops(section(columns(), **changed))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        b"PK\3\4",
        compressed(b""),
        compressed(b"\xff\xff\xff\xff"),
        compressed(b"\0\0\0\1\x80"),
        compressed(b"\0\0\0\0"),
        compressed(b"\0\0\x20\0" + b"\x91" * 8192),
        compressed(bytes(MAX_PAYLOAD + 1)),  # a bomb of a kilobyte
        section(columns()) + b"more",
        section(columns()) + section(columns()),
        section(columns())[:-1],
        zstandard.ZstdCompressor(write_content_size=False).compress(b"\0\0\0\1\x80"),
    ],
)
def test_other_bytes_are_no_payload(data: bytes) -> None:
    with pytest.raises(Damaged):
        unpack_ops(data)


def test_a_frame_that_lies_about_its_size_is_damage() -> None:
    honest = zstandard.ZstdCompressor(write_checksum=False).compress(bytes(300))
    lying = honest[:5] + (50).to_bytes(2, "little") + honest[7:]  # content sizes from 256 stand in two bytes, less 256
    assert zstandard.frame_content_size(lying) == 306
    with pytest.raises(Damaged):
        decompressed(lying, MAX_PAYLOAD)


def test_a_frame_that_does_not_say_how_long_it_is_is_damage_however_short() -> None:
    """Nobody could tell before it is unpacked how much memory it takes."""
    silent = zstandard.ZstdCompressor(write_content_size=False).compress(bytes(300))
    with pytest.raises(Damaged):
        decompressed(silent, MAX_PAYLOAD)


def test_numbers_at_their_limits() -> None:
    vals = msgpack.packb([1, MAX_INTEGER, 2, -MAX_INTEGER])
    rows = [OpRow(MAX_INTEGER, 65_535, MAX_INTEGER, 0, 0, vals), OpRow(1, 0, MAX_INTEGER, 255, 0, msgpack.packb([]))]
    assert unpack_ops(pack_ops(rows, [Author(MAX_INTEGER, MAX_INTEGER)])).rows == rows
    assert len(vals) < MAX_VALS
