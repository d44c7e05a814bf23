"""What is kept beside the books, in few bytes: to decrypt a page takes ten times as long as to unpack it."""

from array import array

import zstandard

_QUICK = 1


def packed(body: bytes | bytearray) -> bytes:
    """Bytes in fewer."""
    return zstandard.ZstdCompressor(level=_QUICK).compress(body)


def unpacked(body: bytes) -> bytes:
    """What ``packed`` was given. For what is known to be whole."""
    return zstandard.ZstdDecompressor().decompress(body)


def packed_numbers(numbers: "array[int]") -> bytes:
    """The first byte of all, then the second, and so on: ids hardly differ but for two of their eight."""
    body, size = numbers.tobytes(), numbers.itemsize
    return packed(b"".join(body[at::size] for at in range(size)))


def unpacked_numbers(body: bytes, typecode: str) -> "array[int]":
    """What ``packed_numbers`` was given."""
    numbers, by_byte = array(typecode), unpacked(body)
    found, size = bytearray(len(by_byte)), numbers.itemsize
    count = len(by_byte) // size
    for at in range(size):
        found[at::size] = by_byte[at * count : (at + 1) * count]
    numbers.frombytes(found)
    return numbers
