"""Small pictures for tests, made by hand: a JPEG and a PNG with what cameras and programs write into them."""

import random
import zlib

CANARY = b"SECRET-PLACE-30.2N-115.0E"
"""What must be nowhere but in what a camera wrote."""


def jpeg(content: bytes, *, canary: bytes = CANARY) -> bytes:
    """A JPEG as far as its segments go, with place, owner, comment and a second picture behind the end."""
    scan = content.replace(b"\xff", b"\xff\x00")
    return b"".join([
        b"\xff\xd8",
        _segment(0xE0, b"JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"),
        _segment(0xE1, b"Exif\x00\x00" + canary),
        _segment(0xE2, b"ICC_PROFILE\x00" + canary),
        _segment(0xED, b"Photoshop 3.0\x00" + canary),
        _segment(0xFE, canary),
        _segment(0xDB, bytes(65)),
        _segment(0xC0, b"\x08\x00\x01\x00\x01\x01\x01\x11\x00"),
        _segment(0xC4, bytes(20)),
        _segment(0xDA, b"\x01\x01\x00\x00\x3f\x00"),
        scan[: len(scan) // 2], b"\xff\xd0", scan[len(scan) // 2 :],
        _segment(0xFE, canary),
        b"\xff\xd9",
        canary,
    ])  # fmt: skip


def photo(seed: int, size: int) -> bytes:
    """A JPEG of about ``size`` bytes that nothing compresses."""
    return jpeg(random.Random(seed).randbytes(size).replace(b"\xff", b"\xfe"))


def png(*, canary: bytes = CANARY) -> bytes:
    """A PNG of one pixel, with texts, a time, and what stands behind the end."""
    return b"".join([
        b"\x89PNG\r\n\x1a\n",
        _chunk(b"IHDR", b"\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00"),
        _chunk(b"tEXt", b"Author\x00" + canary),
        _chunk(b"iTXt", b"XML:com.adobe.xmp\x00" + canary),
        _chunk(b"eXIf", canary),
        _chunk(b"tIME", bytes(7)),
        _chunk(b"IDAT", zlib.compress(b"\x00\x7f")),
        _chunk(b"IEND", b""),
        canary,
    ])  # fmt: skip


def pdf(*, canary: bytes = CANARY, words: bytes = b"(hello) Tj") -> bytes:
    """A PDF of one page with words on it; its information, XMP and a program's own data quote more."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R /Metadata 6 0 R /Lang (zh) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Metadata 6 0 R /LastModified (D:2026) "
        b"/PieceInfo << /Word << /Private (" + canary + b") >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(words), words),
        b"<< /Author (" + canary + b") /Title (" + canary + b") /Producer (Word) >>",
        b"<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n%b\nendstream" % (len(canary), canary),
    ]
    out, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size 7 /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(out)
    return out + b"xref\n0 7\n0000000000 65535 f \n" + table + trailer


def _segment(code: int, body: bytes) -> bytes:
    return bytes((0xFF, code)) + (len(body) + 2).to_bytes(2, "big") + body


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")
