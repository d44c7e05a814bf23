"""The sealed pages of a store file, as SQLCipher 4 writes them under a raw key: checking and opening single ones.

    page   = sealed content | IV (16) | HMAC-SHA512 (64)         the first one begins with the salt (16), in clear
    HMAC   = over sealed content, IV and the page's number (4 bytes, little-endian), under a key of its own
    that key = PBKDF2-HMAC-SHA512(raw key, salt with every byte xor 0x3a, 2 rounds)

The driver gives up a file at the first page that does not check; here every page stands for itself. So a copy is
checked page by page at the speed of the disk, and what is whole in a damaged file is still read.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.plainfile import open_handle
from gridworker.store.engine.checks import PAGE_SIZE
from gridworker.store.engine.filesafe import disk_problems

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.modes import CBC

SALT = 16
IV, MAC = 16, 64
RESERVED = IV + MAC
USABLE = PAGE_SIZE - RESERVED
LOCK_PAGE = (1 << 30) // PAGE_SIZE + 1
"""The page with the byte that locks are taken on; it never holds anything."""

_MASK, _INNER, _OUTER = 0x3A, 0x36, 0x5C
_ROUNDS = 2
_SHA512_BLOCK = 128
_CLEAR = b"SQLite format 3\0"
"""What stands where the salt is, in an open file."""


class Pages:
    """Checks and opens pages of the file with this ``salt`` under this raw key."""

    def __init__(self, dek: bytes, salt: bytes) -> None:
        self._dek = dek
        self._salt = salt
        masked = bytes(byte ^ _MASK for byte in salt)
        key = hashlib.pbkdf2_hmac("sha512", dek, masked, _ROUNDS, len(dek)).ljust(_SHA512_BLOCK, b"\0")
        self._inner = hashlib.sha512(bytes(byte ^ _INNER for byte in key))
        self._outer = hashlib.sha512(bytes(byte ^ _OUTER for byte in key))

    def is_whole(self, number: int, page: bytes | memoryview) -> bool:
        """Whether a page is what was written as the page of this number, counted from 1."""
        return self._code(number, page) == bytes(page[PAGE_SIZE - MAC : PAGE_SIZE])  # a view is compared byte by byte

    def _code(self, number: int, page: bytes | memoryview) -> bytes:
        """The two halves of an HMAC, each begun once: the module of that name takes a third longer for a page."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(page[SALT if number == 1 else 0 : PAGE_SIZE - MAC])
        inner.update(number.to_bytes(4, "little"))
        outer.update(inner.digest())
        return outer.digest()

    def checked_codes(self, first: int, block: bytes | memoryview) -> bytes | None:
        """``codes_in`` a block of which every page is whole; None of any other.

        The pages of a whole store go through here, so it is ``damaged`` without a call for each of them.
        """
        view, begun, finish = memoryview(block), self._inner.copy, self._outer.copy
        codes = codes_in(first, block)
        at = 0
        for number, page in enumerate(range(0, len(block), PAGE_SIZE), first):
            if number == LOCK_PAGE:
                at += PAGE_SIZE
                continue
            inner, outer = begun(), finish()
            inner.update(view[page + (SALT if number == 1 else 0) : page + PAGE_SIZE - MAC])
            inner.update(number.to_bytes(4, "little"))
            outer.update(inner.digest())
            if outer.digest() != codes[at : at + MAC]:
                return None
            at += MAC
        return codes

    def damaged(self, first: int, block: bytes) -> Iterator[int]:
        """The numbers of pages of a block that are not whole; its first page has the number ``first``."""
        view = memoryview(block)
        for at in range(0, len(block), PAGE_SIZE):
            number = first + at // PAGE_SIZE
            if number != LOCK_PAGE and not self.is_whole(number, view[at : at + PAGE_SIZE]):
                yield number

    def opened(self, number: int, page: bytes) -> bytes | None:
        """The content of a page in clear; None where it is not whole."""
        if len(page) != PAGE_SIZE or not self.is_whole(number, page):
            return None
        start = SALT if number == 1 else 0
        decryptor = self._cipher(page[USABLE : USABLE + IV]).decryptor()
        clear = decryptor.update(page[start:USABLE]) + decryptor.finalize()
        return (_CLEAR if number == 1 else b"") + clear

    def sealed(self, number: int, clear: bytes) -> bytes:
        """A page in clear, as ``opened`` gave it, sealed anew."""
        start = SALT if number == 1 else 0
        iv = os.urandom(IV)
        encryptor = self._cipher(iv).encryptor()
        page = (self._salt if number == 1 else b"") + encryptor.update(clear[start:]) + encryptor.finalize() + iv
        return page + self._code(number, page + bytes(MAC))

    def _cipher(self, iv: bytes) -> "Cipher[CBC]":
        from cryptography.hazmat.primitives.ciphers import Cipher
        from cryptography.hazmat.primitives.ciphers.algorithms import AES
        from cryptography.hazmat.primitives.ciphers.modes import CBC

        return Cipher(AES(self._dek), CBC(iv))


def fits(path: Path, dek: bytes) -> bool:
    """Whether a store file is under a raw key, by its first page; one that has none yet is under any.

    On POSIX the handle stays open as long as the process: a connection may have the file open too, and closing any
    handle to it drops SQLite's locks. So this is for what hardly ever happens.
    """
    if not path.exists():
        return True
    with disk_problems(path):
        handle = open_handle(path)
        page = os.read(handle, PAGE_SIZE)
        if os.name == "nt":
            os.close(handle)
    return len(page) < PAGE_SIZE or Pages(dek, page[:SALT]).is_whole(1, page)


def codes_in(first: int, block: bytes | memoryview) -> bytes:
    """The codes of the pages of a block as they stand there; its first page has the number ``first``.

    What they say of a page is all that is in it, once they are checked. The page of the locks has none, and stands
    whole.
    """
    codes = [block[at : at + MAC] for at in range(PAGE_SIZE - MAC, len(block), PAGE_SIZE)]
    if 0 <= LOCK_PAGE - first < len(codes):
        at = LOCK_PAGE - first
        codes[at] = block[at * PAGE_SIZE : (at + 1) * PAGE_SIZE]
    return b"".join(codes)
