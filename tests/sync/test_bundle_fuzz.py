"""Nothing that comes in does anything but be read or be refused with one of the four sentences: not by accident, not by
design, not by an enrolled device that signs what it likes; and none of it takes long or much memory.

``GRIDWORKER_MUTATIONS`` sets how many bundles are bent in each way (2,000; 100,000 in a soak).
"""

import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridworker.errors import BundleAltered, BundleProblem, NewerFormat, NotForUs, UnknownSender
from gridworker.sync import seal
from gridworker.sync.bundle import MAGIC, Contents, pack_inner, read_bundle, sections_of
from gridworker.sync.canonical import Damaged
from gridworker.sync.frame import compressed, decompressed
from gridworker.sync.keys import DeviceKeys
from gridworker.sync.payload import MAX_PAYLOAD, unpack_ops
from gridworker.sync.sections import Chunk, ScopeChange
from tests.sync.bent import bend
from tests.sync.samples import COMMUNITY, contents, creations, header, laptop, mixed, office, open_inner, read

MUTATIONS = int(os.environ.get("GRIDWORKER_MUTATIONS", "2000"))
OURS = (NotForUs, BundleAltered, UnknownSender, NewerFormat)


def rich() -> bytes:
    """An inner bundle with one of everything."""
    given = contents(
        [*mixed(), *creations(20)],
        scope=ScopeChange(3, (11,), (21, 22), (23,)),
        chunks=[Chunk(bytes(32), 5, 0, b"photo")],
        other={"later": b"more"},
    )
    return pack_inner(given, laptop())


def test_no_bent_file_is_taken() -> None:
    chance = random.Random(1)
    whole = seal.seal(rich(), [office().public.recipient])
    for _ in range(MUTATIONS):
        bent = bend(whole, chance)
        if bent != whole:
            with pytest.raises((NotForUs, BundleAltered)):
                read(bent)


def test_nothing_bent_inside_and_sealed_again_is_taken() -> None:
    """As who knows the office's public key, but no device's secret one, would try it."""
    chance = random.Random(2)
    inner = rich()
    met: Counter[type] = Counter()
    for _ in range(MUTATIONS):
        bent = bend(inner, chance)
        if bent != inner:
            with pytest.raises(OURS) as caught:
                read_bundle(
                    seal.seal(bent, [office().public.recipient]),
                    [office().identity],
                    known=lambda _: laptop().public,
                    community=COMMUNITY,
                    device=0,
                )
            met[caught.type] += 1
    assert met[BundleAltered] > MUTATIONS / 2


def test_what_an_enrolled_device_bends_and_signs_is_read_or_refused() -> None:
    chance = random.Random(3)
    body = rich()[: -seal.SIGNATURE]
    start = body.index(b"\xa8sections")
    read_whole = 0
    for _ in range(MUTATIONS):
        at = chance.choice((0, start))
        try:
            open_inner(seal.sign(body[:at] + bend(body[at:], chance), laptop()))
            read_whole += 1
        except OURS:
            continue
    assert read_whole < MUTATIONS / 2


def test_bent_payloads_are_read_or_damage() -> None:
    """Past signature and hashes, where only a device that lies about its own data gets."""
    chance = random.Random(4)
    payload = bytes(decompressed(sections_of(rich())["ops"], MAX_PAYLOAD))
    aside = 0
    for _ in range(MUTATIONS):
        try:
            ops = unpack_ops(compressed(bend(payload, chance)))
        except Damaged:
            continue
        aside += bool(ops.bad)
        assert {type(row.clk) for row in ops.rows} <= {int}
    assert aside


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    for attempt in (data, b"age-encryption.org/v1\n" + data):
        with pytest.raises(NotForUs):
            read(attempt)
    for attempt in (data, MAGIC + data, MAGIC + b"\0\0\0\x05" + data, seal.sign(MAGIC + data, laptop())):
        with pytest.raises(BundleProblem):
            open_inner(attempt)


def test_no_wrong_key_opens_a_bundle() -> None:
    whole = seal.seal(pack_inner(Contents(header()), laptop()), [office().public.recipient])
    for _ in range(min(MUTATIONS, 300)):
        with pytest.raises(NotForUs):
            read_bundle(whole, [DeviceKeys.generate().identity], known=lambda _: laptop().public)


HOSTILE = """
import re, sys, time
from pathlib import Path
from dataclasses import replace
import msgpack, zstandard
from gridworker.errors import BundleProblem
from gridworker.store.op import OpRow
from gridworker.sync import bundle, canonical, seal
from gridworker.sync.columns import pack_ints
from gridworker.sync.frame import compressed
from tests.sync.samples import header, laptop, office, contents

def payload(ops, vals, lengths):
    parts = {
        "author": pack_ints([0] * ops), "clk": pack_ints(range(1, ops + 1)), "kind": pack_ints([1] * ops),
        "lengths": pack_ints(lengths), "record": b"", "scope": pack_ints([1]), "vals": vals,
        "what": pack_ints([0] * ops), "who": pack_ints([1]),
    }
    directory = canonical.pack({"ops": ops, "authors": 1, "columns": {name: len(part) for name, part in parts.items()}})
    return compressed(b"".join([len(directory).to_bytes(4, "big"), directory, *parts.values()]))

def bomb(ops, vals):
    return payload(ops, vals * ops, [len(vals)] * ops)

def hostile():
    yield "zeros", compressed(bytes(31 * 2**20))
    yield "a long frame", zstandard.ZstdCompressor().compress(bytes(2**28))
    yield "lists", bomb(159, b"\\xdd\\x00\\x02\\x00\\x00" + b"\\x90" * 0x20000)
    yield "nulls", bomb(200, b"\\xdd\\x00\\x01\\x00\\x00" + b"\\xc0" * 0x10000)
    yield "many ops", bomb(200_000, msgpack.packb([1, "a" * 80]))
    yield "many bad ops", bomb(200_000, b"\\x92\\x01\\xa1\\x07")
    yield "many empty overs", bomb(200_000, msgpack.packb([1, []]))
    yield "one deep op", bomb(1, b"\\x91" * 200_000)
    yield "many deep ops", bomb(300, b"\\x91" * 60_000)
    yield "long texts", bomb(300, b"\\x92\\x01\\xda\\xfa\\x00" + b"x" * 64_000)

slowest = 0.0
for name, section in hostile():
    for place in ("ops", "scope", "chunks"):
        inner = bundle.pack_inner(contents([], other={place: section}), laptop())
        data = seal.seal(inner, [office().public.recipient])
        del inner
        began = time.process_time()
        try:
            bundle.read_bundle(data, [office().identity], known=lambda _: laptop().public)
        except BundleProblem:
            pass
        slowest = max(slowest, time.process_time() - began)
# Not ru_maxrss: a child begins with that of its parent, and pytest may have grown.
print(slowest, int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured through /proc")
def test_hostile_content_costs_little_time_and_memory() -> None:
    """At most 5 s of computing and 256 MiB, the test's own making of the bundles included.

    Computing, not the clock on the wall: a busy machine is no fault of the reader.
    """
    done = subprocess.run(
        [sys.executable, "-c", HOSTILE], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    seconds, mebibytes = map(float, done.stdout.split())
    assert seconds <= 5
    assert mebibytes <= 256
