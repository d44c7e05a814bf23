"""Run by test_bundle_fuzz: what a device that signs what it likes makes small files explode with, in every place.

Each is read as a bundle that came is. Prints the most seconds of computing one took and the peak of memory in MiB;
exits 1, naming it, at the first that goes beyond ``MEMORY`` MiB.
"""

import re
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgpack
import zstandard

from gridworker.errors import BundleProblem
from gridworker.sync.files.filenotes import MAX_NOTES, FileNotes
from gridworker.sync.format import canonical, seal
from gridworker.sync.format.bundle import MAGIC, pack_inner, read_bundle
from gridworker.sync.format.canonical import Damaged
from gridworker.sync.format.columns import pack_ints
from gridworker.sync.format.frame import compressed
from gridworker.sync.format.header import MAX_HEADER, pack_header
from gridworker.sync.format.payload import MAX_OPS
from gridworker.sync.format.sections import MAX_DIRECTORY, MAX_SCOPE
from gridworker.sync.kit import Kit
from gridworker.sync.returning.returns import unpack_inners
from tests.sync.samples import contents, header, laptop, office

MEMORY = 256
MIB = 2**20
SECTIONS = ("ops", "scope", "chunks", "files", "kit", "returns", "later")
CAPS = {"ops": 4096, "scope": MAX_SCOPE, "files": MAX_NOTES, "chunks": MAX_DIRECTORY}
"""Bytes of a structure that are looked at; elsewhere 64 KiB."""
LISTS = ("recent", "came", "reissued", "got", "asks", "returns", "refused", "sections", "have", "certificate", "zz")
"""Keys of the header that hold more than one thing, and one that nobody knows."""


def structures(size: int) -> Iterator[tuple[str, bytes]]:
    """Structures of about ``size`` bytes that would be many times that in memory, or never end."""
    many = (size - 5).to_bytes(4, "big")
    yield "wide", b"\xdd" + many + b"\x90" * (size - 5)
    yield "wide maps", b"\xdd" + many + b"\x80" * (size - 5)
    yield "wide nulls", b"\xdd" + many + b"\xc0" * (size - 5)
    yield "wide numbers", b"\xdd" + (size // 3 - 2).to_bytes(4, "big") + b"\xcd\x7f\xff" * (size // 3 - 2)
    yield "deep", b"\x91" * (size - 1) + b"\xc0"
    yield "deep and wide", (b"\x9f" + b"\x90" * 14) * (size // 15)
    yield "claims", (b"\xdd" + (size - 5).to_bytes(4, "big")) * (size // 5)
    yield "a key many times", b"\xdf" + (size // 3 - 2).to_bytes(4, "big") + b"\xa1a\x90" * (size // 3 - 2)
    keys = b"".join(b"\xa4%04d\x90" % key for key in range(10_000))
    yield (
        "many keys",
        b"\xdf" + (size // 6 - 2).to_bytes(4, "big") + (keys * (size // len(keys) + 1))[: size // 6 * 6 - 12],
    )
    yield "a huge number", b"\x91\xcf" + b"\xff" * 8
    yield "not a number", b"\x91\xcb\x7f\xf8" + bytes(6)


def payload(ops: int, vals: bytes, lengths: list[int], what: int = 0) -> bytes:
    """A section ``ops`` around any values."""
    parts = {
        "author": pack_ints([0] * ops), "clk": pack_ints(range(1, ops + 1)), "kind": pack_ints([1] * ops),
        "lengths": pack_ints(lengths), "record": pack_ints([MAX_OPS + 1] * ops if what else []),
        "scope": pack_ints([1]), "vals": vals, "what": pack_ints([what] * ops), "who": pack_ints([1]),
    }  # fmt: skip
    directory = canonical.pack({"ops": ops, "authors": 1, "columns": {name: len(part) for name, part in parts.items()}})
    return compressed(b"".join([len(directory).to_bytes(4, "big"), directory, *parts.values()]))


def payloads() -> Iterator[tuple[str, bytes]]:
    """Sections ``ops`` whose ops explode."""

    def bomb(ops: int, vals: bytes, what: int = 0) -> bytes:
        return payload(ops, vals * ops, [len(vals)] * ops, what)

    yield "lists", bomb(159, b"\xdd\x00\x02\x00\x00" + b"\x90" * 0x20000)
    yield "nulls", bomb(200, b"\xdd\x00\x01\x00\x00" + b"\xc0" * 0x10000)
    yield "many ops", bomb(MAX_OPS, msgpack.packb([1, "a" * 80]))
    yield "many bad ops", bomb(MAX_OPS, b"\x92\x01\xa1\x07")
    yield "many ops of nothing", bomb(MAX_OPS, b"", 1)
    yield "many ops without a field", bomb(MAX_OPS, b"\x90", 1)
    yield "many empty overs", bomb(MAX_OPS, msgpack.packb([1, []]))
    yield "one deep op", bomb(1, b"\x91" * 200_000)
    yield "many deep ops", bomb(300, b"\x91" * 60_000)
    yield "long texts", bomb(300, b"\x92\x01\xda\xfa\x00" + b"x" * 64_000)


def frames() -> Iterator[tuple[str, bytes]]:
    """Frames that unpack to more than their section may hold."""
    yield "zeros", compressed(bytes(31 * MIB))
    yield "a long frame", zstandard.ZstdCompressor().compress(bytes(256 * MIB))
    yield "an endless frame", zstandard.ZstdCompressor(write_content_size=False).compress(bytes(64 * MIB))


def section_bombs() -> Iterator[tuple[str, str, bytes]]:
    """(place, name, section)."""
    yield from (("ops", name, section) for name, section in payloads())
    large = list(frames())
    for place in SECTIONS:
        yield from ((place, name, frame) for name, frame in large)
        for name, thing in structures(CAPS.get(place, 64 * 1024)):
            with_directory = len(thing).to_bytes(4, "big") + thing
            if place in {"scope", "files"}:
                yield place, name, compressed(thing)
            elif place == "ops":
                yield place, name, compressed(with_directory)
            else:
                yield place, name, thing if place == "kit" else with_directory


def header_bombs(things: Mapping[str, canonical.Thing]) -> Iterator[tuple[str, str, bytes]]:
    """(key, name, header): one key of a good header holds a bomb, or the header is one."""
    for name, thing in structures(MAX_HEADER - 1024):
        yield "header", name, thing
        for key in LISTS:
            parts = {**{name: canonical.pack(one) for name, one in things.items()}, key: thing}
            whole = b"".join(canonical.pack(name) + parts[name] for name in sorted(parts))
            yield key, name, b"\xde" + len(parts).to_bytes(2, "big") + whole


def bombs() -> Iterator[tuple[str, bytes]]:
    """What is in each, and the inner bundle."""
    for place, name, section in section_bombs():
        yield f"{place}: {name}", pack_inner(contents([], other={place: section}), laptop())
    for key, name, head in header_bombs(msgpack.unpackb(pack_header(header()))):
        yield f"{key}: {name}", seal.sign(MAGIC + len(head).to_bytes(4, "big") + head, laptop())


def swallow(data: bytes) -> None:
    """Read a file as it is read that comes: bundle, notes of files, replies given back, kit."""
    try:
        bundle = read_bundle(data, [office().identity], known=lambda _: laptop().public)
        other = bundle.other
        for name, parse in (("files", FileNotes.parse), ("returns", unpack_inners), ("kit", Kit.parse)):
            if name in other:
                parse(other[name])
    except (BundleProblem, Damaged):
        return


def peak() -> float:
    """Most memory this process ever had, in MiB. Not ru_maxrss: a child begins with that of its parent."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0


def main() -> None:
    """All of them."""
    slowest = 0.0
    for name, inner in bombs():
        data = seal.seal(inner, [office().public.recipient])
        began = time.process_time()
        swallow(data)
        slowest = max(slowest, time.process_time() - began)
        if peak() > MEMORY:
            sys.exit(f"{name}: {peak():.0f} MiB")
    sys.stdout.write(f"{slowest} {peak()}\n")


if __name__ == "__main__":
    main()
