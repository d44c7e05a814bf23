"""Columns of integers, as they stand in a bundle's payload: read and checked by a few calls of C code, not by a loop.

An empty column is no byte. Else one byte of form, then planes: plane *k* holds the *k*-th least significant byte of
every number in two's complement, so that zstd finds the bytes that never change beside each other. The low four bits
of the form are the number of planes, 1 to 8; a number's sign is that of its last plane. Bit 0x40: all numbers are
equal and the planes hold that one. Bit 0x80: the numbers are differences, each to the one before it, the first to 0.
"""

import sys
from array import array
from collections.abc import Sequence
from itertools import accumulate
from operator import sub

import zstandard

from gridworker.record import MAX_INTEGER
from gridworker.sync.format.canonical import Damaged

PLANES, SAME, STEPS = 0x0F, 0x40, 0x80

_FORMS = PLANES | SAME | STEPS
_SIGN = bytes(0x00 if byte < 0x80 else 0xFF for byte in range(256))
_WORTH_TRYING = 16


def pack_ints(values: Sequence[int]) -> bytes:
    """A column of integers between -MAX_INTEGER and MAX_INTEGER. Raises OverflowError for others."""
    if not values:
        return b""
    low, high = min(values), max(values)
    if low == high:
        return _planes(values[:1], SAME)
    plain = _planes(values, 0)
    if len(values) < _WORTH_TRYING or len(plain) <= 2 * len(values) + 1:
        return plain
    steps = [values[0], *map(sub, values[1:], values)]
    if min(steps) < -MAX_INTEGER or max(steps) > MAX_INTEGER:
        return plain
    quick = zstandard.ZstdCompressor(level=1)
    return min(plain, _planes(steps, STEPS), key=lambda packed: len(quick.compress(packed)))


def unpack_ints(data: bytes | memoryview, count: int) -> list[int]:
    """The ``count`` integers of a column. Raises Damaged."""
    if not count and not len(data):
        return []
    form = data[0] if count and len(data) else 0
    planes, same = form & PLANES, form & SAME
    held = 1 if same else count
    if not 1 <= planes <= 8 or form & ~_FORMS or len(data) != 1 + planes * held:
        raise Damaged("column: form or length")
    values = _unplaned(bytes(data[1:]), planes, held) * (count if same else 1)
    if form & STEPS:
        values = list(accumulate(values))
    if min(values) < -MAX_INTEGER or max(values) > MAX_INTEGER:
        raise Damaged("column: a number out of range")
    return values


def unpack_ids(data: bytes | memoryview, count: int) -> list[int]:
    """A column whose numbers must be above 0. Raises Damaged."""
    values = unpack_ints(data, count)
    if values and min(values) <= 0:
        raise Damaged("column: a number that is no id")
    return values


def _planes(values: Sequence[int], form: int) -> bytes:
    wide = _native(array("q", values)).tobytes()
    low, high = min(values), max(values)
    bits = max(high.bit_length() if high >= 0 else 0, (~low).bit_length() if low < 0 else 0)
    planes = bits // 8 + 1
    return b"".join([bytes([form | planes]), *(wide[plane::8] for plane in range(planes))])


def _unplaned(data: bytes, planes: int, held: int) -> list[int]:
    wide = bytearray(8 * held)
    for plane in range(planes):
        wide[plane::8] = data[plane * held : (plane + 1) * held]
    sign = data[(planes - 1) * held :].translate(_SIGN)
    for plane in range(planes, 8):
        wide[plane::8] = sign
    return _native(array("q", bytes(wide))).tolist()


def _native(numbers: "array[int]") -> "array[int]":
    """Little-endian to this machine's order, or back."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
