"""What really stands in an encrypted store: every page of its file and of its write-ahead log, decrypted.

And decompressed, where a sheaf (store/log/sheaves.py) begins: no word is found in its bytes as they are.

A deleted value may live on in a free page, in the slack of a page, in an old part of the index or in a frame of the
log; asking the engine does not show that. SQLCipher's page: AES-256-CBC, the last 80 bytes are its start vector (16)
and its code (64); the first page begins with 16 bytes of salt in clear.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import product
from pathlib import Path

import zstandard
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from gridworker.store.backup.carving import _local
from tests.builders import DEK

PAGE, RESERVED, SALT = 4096, 80, 16
WAL_HEADER, FRAME_HEADER = 32, 24
CODES = ("utf-8", "utf-16-le", "gb18030")
FRAME = b"\x28\xb5\x2f\xfd"
"""What compressed values begin with."""
HEADERS = (3, 4, 5)
"""Bytes before them that say how many there are: of a row of a sheaf, or of one that was."""


def pages(store: Path, dek: bytes = DEK) -> Iterator[bytes]:
    """The pages of a store file and of its write-ahead log in clear."""
    for _, page in _numbered(store, dek):
        yield page


def found_in(store: Path, words: Iterable[str], dek: bytes = DEK) -> set[str]:
    """Those of some words that stand anywhere in a store, be it compressed."""
    needles = {(word, word.encode(code, "ignore")) for word in words for code in CODES}
    numbered = list(_numbered(store, dek))
    whole = b"".join(page for _, page in numbered)
    if FRAME in whole:
        whole += b"".join(_bound(numbered))
    return {word for word, needle in needles if needle and needle in whole}


def decompressed(data: bytes) -> Iterator[bytes]:
    """What is in all that is compressed anywhere in some bytes, as far as it is whole."""
    for found in re.finditer(re.escape(FRAME), data):
        with suppress(zstandard.ZstdError):  # four bytes by chance, or not all of it
            yield zstandard.ZstdDecompressor().decompressobj().decompress(data[found.start() :])


def _numbered(store: Path, dek: bytes) -> Iterator[tuple[int, bytes]]:
    data = store.read_bytes()
    for at in range(0, len(data), PAGE):
        yield at // PAGE + 1, _clear(data[at : at + PAGE], dek, first=at == 0)
    wal = store.with_name(f"{store.name}-wal")
    frames = wal.read_bytes()[WAL_HEADER:] if wal.exists() else b""
    for at in range(0, len(frames) - FRAME_HEADER, FRAME_HEADER + PAGE):
        number = int.from_bytes(frames[at : at + 4], "big")
        yield number, _clear(frames[at + FRAME_HEADER : at + FRAME_HEADER + PAGE], dek, first=number == 1)


def _bound(numbered: Sequence[tuple[int, bytes]]) -> Iterator[bytes]:
    """What is in sheaves, those that were taken out of use too; they may go on on pages of the file or of the log."""
    oldest, newest = dict(reversed(numbered)), dict(numbered)
    for _, page in numbered:
        yield from decompressed(page)
        for at in (found.start() for found in re.finditer(re.escape(FRAME), page)):
            for length, following in product(HEADERS, (oldest, newest)):
                yield from decompressed(_whole(page, at, length, following))


def _whole(page: bytes, at: int, length: int, following: Mapping[int, bytes]) -> bytes:
    """A sheaf of which ``at`` is the beginning, if its row has a header of this length; nothing if it has not."""
    if page[at - length : at - length + 2] != bytes((length, 0)):
        return b""
    kind = 0
    for byte in page[at - length + 2 : at]:
        kind = kind << 7 | byte & 0x7F
    size = length + (kind - 12) // 2
    end = at - length + _local(size)
    found, left = page[at:end], size - _local(size)
    number = int.from_bytes(page[end : end + 4], "big")
    while left > 0 and number in following:
        more = following[number]
        found, left, number = found + more[4 : 4 + left], left - len(more) + 4, int.from_bytes(more[:4], "big")
    return found


def _clear(page: bytes, dek: bytes, *, first: bool) -> bytes:
    start = SALT if first else 0
    end = PAGE - RESERVED
    decryptor = Cipher(algorithms.AES(dek), modes.CBC(page[end : end + 16])).decryptor()
    return decryptor.update(page[start:end]) + decryptor.finalize()
