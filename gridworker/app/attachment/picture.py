"""What may be attached: JPEG, PNG and PDF, and of pictures only what is needed to show them.

Cameras write the place, the time, the owner and a small second picture into a photo. Here everything goes that is not
on a list of what a viewer needs, so what nobody thought of goes too; and whatever stands behind the end of the picture.
A file that is not built as the format says is refused, not guessed at. The window makes photos smaller before.
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from gridworker.domain.attachment import JPEG, MAX_SIZE, PDF, PNG
from gridworker.errors import Problem

_MEGABYTE = 1024 * 1024

_PNG_START = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD"})

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_JPEG_KEPT = frozenset(
    {0xC4, 0xDB, 0xDD, 0xEE, *(code for code in range(0xC0, 0xD0) if code not in {0xC4, 0xC8, 0xCC})}
)
"""Tables, frames, restart interval, and Adobe's note on the colours."""

_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_ADOBE = b"Adobe"
_ADOBE_LENGTH = 12


class Broken(ValueError):
    """A file that is not built as its format says."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file as it is kept."""

    data: bytes = field(repr=False)
    media_type: str


def prepared(data: bytes) -> Prepared:
    """``data`` without what cameras and programs write into it. Raises Problem for what cannot be attached."""
    for start, media_type, clean in _FORMATS:
        if data.startswith(start):
            try:
                kept = clean(data)
            except Broken as fault:
                raise Problem("This file is damaged. Choose another one.") from fault
            if len(kept) > MAX_SIZE:
                raise Problem(
                    "This file has {size} MB; at most {most} MB can be attached.",
                    size=-(-len(kept) // _MEGABYTE), most=MAX_SIZE // _MEGABYTE,
                )  # fmt: skip
            return Prepared(kept, media_type)
    raise Problem("Only photos (JPEG, PNG) and PDF can be attached.")


# ----------------------------------------------------------------------------------------------------------------- JPEG


def _jpeg(data: bytes) -> bytes:
    out = [data[:2]]
    at, scans = 2, 0
    while True:
        code, at = _marker(data, at)
        if code == _EOI:
            break
        end = _segment_end(data, at)
        if code == _SOS:
            end = _scan_end(data, end)
            scans += 1
        if code == _SOS or (code in _JPEG_KEPT and (code != 0xEE or _is_adobe(data[at:end]))):
            out += (bytes((0xFF, code)), data[at:end])
        at = end
    if not scans:
        raise Broken("no picture")
    out.append(bytes((0xFF, _EOI)))
    return b"".join(out)


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """The code of the marker at ``at``, and what follows it. Fill bytes are skipped."""
    if data[at : at + 1] != b"\xff":
        raise Broken("no marker")
    while data[at : at + 1] == b"\xff":
        at += 1
    if at >= len(data) or data[at] in {0x00, _SOI, *_STANDALONE}:
        raise Broken("a marker out of place")
    return data[at], at + 1


def _segment_end(data: bytes, at: int) -> int:
    length = int.from_bytes(data[at : at + 2], "big")
    if length < 2 or at + length > len(data):
        raise Broken("a segment that is cut off")
    return at + length


def _scan_end(data: bytes, at: int) -> int:
    """Where the entropy-coded data end: at a marker that is neither stuffing nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise Broken("a scan without end")
        if data[at + 1] != 0x00 and data[at + 1] not in _STANDALONE:
            return at
        at += 2


def _is_adobe(segment: bytes) -> bool:
    return segment[2:7] == _ADOBE and len(segment) == 2 + _ADOBE_LENGTH


# ------------------------------------------------------------------------------------------------------------------ PNG


def _png(data: bytes) -> bytes:
    out, kinds = [_PNG_START], []
    for kind, chunk in _png_chunks(data):
        kinds.append(kind)
        if kind in _PNG_KEPT:
            out.append(chunk)
        elif not kind[0] & 0x20:  # an upper-case first letter: no viewer may leave it out
            raise Broken("an unknown part")
    if kinds[:1] != [b"IHDR"] or b"IDAT" not in kinds:
        raise Broken("no picture")
    return b"".join(out)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, kind = len(_PNG_START), b""
    while kind != b"IEND":
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(data) or zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            raise Broken("a part that is cut off")
        yield kind, data[at:end]
        at = end


def _pdf(data: bytes) -> bytes:
    """A paper loses what programs wrote about it, see paper.py; its pages stay as they are."""
    from gridworker.app.files.paper import NotReadable, without_metadata

    if b"%%EOF" not in data[-1024:]:
        raise Broken("no end")
    try:
        return without_metadata(data)
    except NotReadable as fault:
        raise Broken("no paper") from fault


_FORMATS: tuple[tuple[bytes, str, Callable[[bytes], bytes]], ...] = (
    (b"\xff\xd8\xff", JPEG, _jpeg),
    (_PNG_START, PNG, _png),
    (b"%PDF-1.", PDF, _pdf),
)
