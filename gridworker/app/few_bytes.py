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
    """What ``packed_numbers`` was given. Bytes that are the same in all numbers are not put in one by one."""
    numbers, by_byte = array(typecode), unpacked(body)
    size, count = numbers.itemsize, len(by_byte) // numbers.itemsize
    found = bytearray(by_byte[::count] if count else b"") * count
    for at in range(size):
        column = by_byte[at * count : (at + 1) * count]
        if column != column[:1] * count:
            found[at::size] = column
    del by_byte  # the room of one is enough for what comes next
    numbers.frombytes(found)
    return numbers
