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
from gridworker.sync.format import seal
from gridworker.sync.format.bundle import MAGIC, Contents, pack_inner, read_bundle, sections_of
from gridworker.sync.format.canonical import Damaged
from gridworker.sync.format.frame import compressed, decompressed
from gridworker.sync.format.keys import DeviceKeys
from gridworker.sync.format.payload import MAX_PAYLOAD, unpack_ops
from gridworker.sync.format.sections import Chunk, ScopeChange
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


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured through /proc")
def test_hostile_content_costs_little_time_and_memory() -> None:
    """At most 5 s of computing and 256 MiB, the test's own making of the bundles included.

    Computing, not the clock on the wall: a busy machine is no fault of the reader.
    """
    done = subprocess.run(
        [sys.executable, "-m", "tests.sync.bombs"], capture_output=True, text=True, check=False,
        cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    seconds, mebibytes = map(float, done.stdout.split())
    assert seconds <= 5
    assert mebibytes <= 256
