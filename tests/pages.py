"""What really stands in an encrypted store: every page of its file and of its write-ahead log, decrypted.

A deleted value may live on in a free page, in the slack of a page, in an old part of the index or in a frame of the
log; asking the engine does not show that. SQLCipher's page: AES-256-CBC, the last 80 bytes are its start vector (16)
and its code (64); the first page begins with 16 bytes of salt in clear.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.builders import DEK

PAGE, RESERVED, SALT = 4096, 80, 16
WAL_HEADER, FRAME_HEADER = 32, 24
CODES = ("utf-8", "utf-16-le", "gb18030")


def pages(store: Path, dek: bytes = DEK) -> Iterator[bytes]:
    """The pages of a store file and of its write-ahead log in clear."""
    data = store.read_bytes()
    for at in range(0, len(data), PAGE):
        yield _clear(data[at : at + PAGE], dek, first=at == 0)
    wal = store.with_name(f"{store.name}-wal")
    frames = wal.read_bytes()[WAL_HEADER:] if wal.exists() else b""
    for at in range(0, len(frames) - FRAME_HEADER, FRAME_HEADER + PAGE):
        number = int.from_bytes(frames[at : at + 4], "big")
        yield _clear(frames[at + FRAME_HEADER : at + FRAME_HEADER + PAGE], dek, first=number == 1)


def found_in(store: Path, words: Iterable[str], dek: bytes = DEK) -> set[str]:
    """Those of some words that stand anywhere in a store."""
    needles = {(word, word.encode(code, "ignore")) for word in words for code in CODES}
    whole = b"".join(pages(store, dek))
    return {word for word, needle in needles if needle and needle in whole}


def _clear(page: bytes, dek: bytes, *, first: bool) -> bytes:
    start = SALT if first else 0
    end = PAGE - RESERVED
    decryptor = Cipher(algorithms.AES(dek), modes.CBC(page[end : end + 16])).decryptor()
    return decryptor.update(page[start:end]) + decryptor.finalize()
