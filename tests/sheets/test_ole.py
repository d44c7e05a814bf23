"""Streams out of OLE containers: small ones in the stream of small ones, and containers that lie."""

import struct

import pytest

from gridworker.sheets.ole import stream

END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def entry(name: str, kind: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le")
    return (
        (raw + b"\0\0").ljust(64, b"\0")
        + struct.pack("<HB", len(raw) + 2, kind)
        + bytes(49)
        + struct.pack("<IQ", start, size)
    )


def container(content: bytes = b"hello", *, chain: int = END, size: int | None = None, shift: int = 9) -> bytes:
    """Header, then sectors: 0 the table, 1 the directory, 2 the table of small sectors, 3 the small sectors."""
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, shift, 6) + bytes(6)
    )
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 2, 1, END, 0) + struct.pack("<109I", 0, *[FREE] * 108)
    sectors = [
        struct.pack("<128I", TABLE, END, END, chain, *[FREE] * 124),
        (entry("Root Entry", 5, 3, 512) + entry("Workbook", 2, 0, len(content) if size is None else size)).ljust(
            512, b"\0"
        ),
        struct.pack("<128I", END, *[FREE] * 127),
        content.ljust(512, b"\0"),
    ]
    return header + b"".join(sectors)


def test_small_stream() -> None:
    assert stream(container(), ("WORKBOOK",)) == b"hello"


@pytest.mark.parametrize(
    "data",
    [
        container(chain=3), container(size=10**9), container(shift=15), container()[:700], b"", bytes(600),
        container()[:44] + struct.pack("<I", 10**6) + container()[48:],
    ],
    ids=["circle", "size", "sectors", "cut", "nothing", "zeros", "count"],
)  # fmt: skip
def test_containers_that_lie(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the reader turns every fault into one sentence
        stream(data, ("Workbook",))


def test_stream_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="no such stream"):
        stream(container(), ("Other",))
