"""Headers are read back whole, refuse what cannot be, keep what is unknown, and say which version is needed."""

from collections.abc import Mapping
from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.record import MAX_INTEGER
from gridworker.sync.format import canonical
from gridworker.sync.format.asks import Ask, Reach, Vouch
from gridworker.sync.format.canonical import Damaged, Thing
from gridworker.sync.format.header import MAX_HEADER, Header, Newer, pack_header, unpack_header
from gridworker.sync.format.keys import Certificate
from gridworker.sync.format.parts import Agreement, Marks, Purpose, Redaction, Section
from gridworker.sync.format.recovering import Renewed
from gridworker.sync.format.tickets import Ticket
from gridworker.sync.format.traces import Came, Handed, Reissued
from tests.sync.samples import COMMUNITY, header, laptop, office

HEX = "ab" * 32


def full() -> Header:
    return header(
        purpose=Purpose.REPLY,
        sender=3,
        recipient=7 << 6 | 2,
        n=14,
        prev=HEX,
        since=5,
        upto=MAX_INTEGER,
        have=Marks(12, 13, (4, 5)),
        backed_up_to=Marks(11),
        scope=9,
        refused=(12, 13),
        keys=laptop().public,
        proof=b"p" * 32,
        certificate=Certificate.issue(COMMUNITY, 0, 2, laptop().public, by=office()),
        redacts=Redaction(HEX, 3, 64, "cd" * 32),
        digest=Agreement(HEX, 13, 9),
        recent=(Handed(12, "2026-03-15T09:42:00Z"), Handed(13, "2026-03-16T09:42:00Z")),
        came=(Came(3, 8, HEX), Came(4, 9, HEX)),
        reissued=(Reissued(5, b"h" * 32, 6),),
        got=(HEX, "cd" * 32),
        asks=(Ask(0, 12, 7), Ask(1, 30)),
        returns=(Reach(0, 19),),
        vouch=Vouch.issue(COMMUNITY, 7, b"k" * 16, office()),
        escrow=b"e" * 32,
        escrow_serial=63,
        recovery=Renewed(2, office().public),
        lives_left=3,
        ticket=b"t" * 24,
        tickets=(Ticket(12, b"t" * 24), Ticket(13, b"u" * 24)),
        ops=3,
        seed=b"s" * 16,
        sections=(Section("ops", 100, b"d" * 32), Section("photo_2", 0, b"e" * 32)),
        schema=44,
        program="1.2.3",
        extra={"weather": ["fine", {"wind": 3}]},
    )


def things(**changes: Thing) -> dict[str, Thing]:
    """A small header as a map, with changes."""
    return {**canonical.unpack_map(pack_header(header()), MAX_HEADER), **changes}


@pytest.mark.parametrize("one", [header(), full()])
def test_headers_are_read_back(one: Header) -> None:
    packed = pack_header(one)
    assert unpack_header(packed) == one
    assert pack_header(unpack_header(packed)) == packed


@given(
    st.builds(
        header,
        n=st.integers(1, MAX_INTEGER),
        since=st.integers(0, 10**6),
        upto=st.integers(10**6, MAX_INTEGER),
        have=st.builds(Marks, st.integers(0, MAX_INTEGER), st.integers(0, MAX_INTEGER)),
        refused=st.lists(st.integers(0, MAX_INTEGER), max_size=5).map(tuple),
        prev=st.none() | st.binary(min_size=32, max_size=32).map(bytes.hex),
    )
)
def test_any_header_is_read_back(one: Header) -> None:
    assert unpack_header(pack_header(one)) == one


def test_what_is_not_set_takes_no_room() -> None:
    assert {"prev", "keys", "proof", "refused", "have"}.isdisjoint(things())


def test_unknown_keys_are_kept() -> None:
    read = unpack_header(canonical.pack(things(colour="red", count=[1, 2])))
    assert read.extra == {"colour": "red", "count": [1, 2]}


def test_unknown_keys_inside_are_no_obstacle() -> None:
    read = unpack_header(canonical.pack(things(have={"clk": 1, "n": 2, "soon": "more"})))
    assert read.have == Marks(1, 2)


@pytest.mark.parametrize("name", sorted(set(things()) - {"ops", "since", "upto", "scope"}))
def test_what_is_needed_is_needed(name: str) -> None:
    less = {key: thing for key, thing in things().items() if key != name}
    with pytest.raises(Damaged):
        unpack_header(canonical.pack(less))


WRONG: Mapping[str, list[Any]] = {
    "format": [0, -1, "1", None, [1]],
    "suite": [0, "x"],
    "schema": [0, "1", 2**64 - 1],
    "program": ["", "1.x", "1" * 50, 1, "1.2.3\n", "１.2"],
    "purpose": ["", "Bundle", 3, "x" * 30, None],
    "community": ["", "黄石", "a b", 7, "x" * 41],
    "sender": [-1, 65_536, "0", None, b"\0"],
    "recipient": [-1, 65_536],
    "n": [0, -1, 2**63, "1"],
    "time": ["", "2026-03-15", "2026-03-15T09:42:00+08:00", 0, "２026-03-15T09:42:00Z", "2026-13-15T09:42:00Z"],
    "prev": ["ab" * 32, b"short", 5],
    "since": [-1, 5],
    "have": [5, {}, {"clk": -1, "n": 0}, {"clk": 0, "n": "0"}, {"clk": 0, "n": 0, "older": [-1]}, [1, 2]],
    "refused": [5, [-1], ["1"], [0] * 2000],
    "ops": [-1, "3"],
    "seed": [b"", b"x" * 15, "x" * 16],
    "keys": [b"", [1, bytes(32), "age1x"], [1]],
    "proof": [b"x" * 32, b"x"],
    "certificate": [b"", [1, 2]],
    "redacts": [{}, {"hash": b"x", "n": 1, "sender": 0}, {"hash": b"x" * 32, "n": -1, "sender": 0}],
    "digest": [{}, {"hash": b"x" * 32, "n": 1, "scope": -1}, 5],
    "recent": [5, [5], [[0, "2026-03-15T09:42:00Z"]], [[1, "soon"]], [[1, "2026-03-15T09:42:00Z"]] * 33],
    "came": [{}, [1], [{"device": 65_536, "hash": b"x" * 32, "n": 1}], [{"device": 1, "hash": b"x", "n": 1}]],
    "reissued": [5, [[1, b"x", 2]], [[1, b"x" * 32, -1]], [[1, b"x" * 32, 2]] * 257],
    "got": [5, [5], [b"short"], [b"x" * 32] * 17],
    "asks": [5, [[1, 2]], [[-1, 2, 3]], [[0, -1, 0]], [[0, 0, "1"]], [[0, 1, 0]] * 65],
    "returns": [5, [[1]], [[0, -1]], [[70_000, 1]]],
    "vouch": [5, [b"x"], [b"x" * 16, b"short"], [b"x" * 15, b"x" * 64]],
    "escrow": [5, b"short", b"x" * 33],
    "escrow_serial": [0, -1, 64, "1", [1]],
    "lives_left": [-1, 65, "1", [1]],
    "recovery": [5, [1], [-1, [1, b"x" * 32, "age1x"]], [1, [1, b"x" * 32, "age1x"]], ["1", [1]]],
    "sections": [5, [1], [["ops", 1]], [["OPS", 1, b"x" * 32]], [["ops", -1, b"x" * 32]], [["a", 1, b"x" * 32]] * 2],
}


@pytest.mark.parametrize(("name", "wrong"), [(name, wrong) for name, each in WRONG.items() for wrong in each])
def test_what_cannot_be_is_damage(name: str, wrong: Thing) -> None:
    with pytest.raises(Damaged):
        unpack_header(msgpack.packb(dict(sorted(things(**{name: wrong}).items()))))


def test_a_writer_cannot_write_it_either() -> None:
    for wrong in ({"n": 0}, {"prev": "x"}, {"time": "now"}, {"since": 5}, {"proof": b"x" * 32}, {"extra": {"n": 1}}):
        with pytest.raises(Damaged):
            header(**wrong)


@pytest.mark.parametrize("changed", [{"format": 2}, {"suite": 2}, {"purpose": "archive"}])
def test_what_is_newer_names_the_version_needed(changed: dict[str, Thing]) -> None:
    with pytest.raises(Newer) as caught:
        unpack_header(canonical.pack(things(program="3.1", **changed)))
    assert caught.value.program == "3.1"


def test_a_newer_schema_is_no_obstacle() -> None:
    assert unpack_header(canonical.pack(things(schema=1000))).schema == 1000


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80",
        b"\x90",
        b"\xc1",
        b"\x81",
        b"\xc7\x01\x05x",  # an extension
        b"\xd6\xff\0\0\0\0",  # a timestamp
        b"\x81\xa1a\xcb\x7f\xf8\0\0\0\0\0\0",  # NaN
        b"\x81\xa1a\xc3",  # true
        b"\x82\xa1a\x01\xa1a\x02",  # one key twice
        b"\x82\xa1b\x01\xa1a\x02",  # keys out of order
        b"\x81\xa1a\xcc\x01",  # not the shortest form
        b"\x81\x01\x02",  # a key that is no text
        b"\x81\xa1\xff\x01",  # no UTF-8
        b"\x81\xa3\xed\xa0\x80\x01",  # a lone surrogate
        b"\x81\xa1a" + b"\x91" * 8 + b"\x01",  # deep
        b"\x91" * 100_000,
        b"\x81" * 3000,
        b"\xdd\xff\xff\xff\xff",
        b"\xdf\xff\xff\xff\xff",
        b"\xdb\xff\xff\xff\xff",
        b"\x81\xa1a\x01\x00",  # more behind it
        b"\xa1a" * (MAX_HEADER // 2 + 1),
    ],
)
def test_only_canonical_maps_are_headers(data: bytes) -> None:
    with pytest.raises(Damaged):
        unpack_header(data)
