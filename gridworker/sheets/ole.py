"""One stream out of an OLE container ([MS-CFB]): the workbook inside an old .xls file.

The reader of spreadsheets hides the error cells, so they are looked up in the stream itself (``errors_xls``).
"""

import struct
from collections.abc import Iterator

_FREE = 0xFFFFFFFA
_ENTRY = 128
_STREAM = 2


def stream(data: bytes, names: tuple[str, ...]) -> bytes:
    """The first stream called by one of ``names``, or nothing where the container does not hold together."""
    try:
        return _stream(data, frozenset(name.upper() for name in names))
    except (struct.error, IndexError):
        return b""


def _stream(data: bytes, names: frozenset[str]) -> bytes:
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    small = 1 << struct.unpack_from("<H", data, 32)[0]
    directory_start, cutoff, small_start = (struct.unpack_from("<I", data, at)[0] for at in (48, 56, 60))
    table = _sector_table(data, size)
    directory = _chain(data, size, table, directory_start)
    root = directory[:_ENTRY]
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        entry = directory[at : at + _ENTRY]
        length = struct.unpack_from("<H", entry, 64)[0]
        if entry[66] != _STREAM or entry[: max(length - 2, 0)].decode("utf-16-le", "replace").upper() not in names:
            continue
        start, total = struct.unpack_from("<II", entry, 116)
        if total >= cutoff:
            return _chain(data, size, table, start)[:total]
        inner = _chain(data, size, table, struct.unpack_from("<I", root, 116)[0])
        index = _chain(data, size, table, small_start)
        small_table = list(struct.unpack(f"<{len(index) // 4}I", index[: len(index) // 4 * 4]))
        return _joined(inner, small, 0, _sectors(small_table, start))[:total]
    return b""


def _sector_table(data: bytes, size: int) -> list[int]:
    places = [at for at in struct.unpack_from("<109I", data, 76) if at < _FREE]
    following = struct.unpack_from("<I", data, 68)[0]
    for _ in range(len(data) // size):
        if following >= _FREE:
            break
        block = struct.unpack_from(f"<{size // 4}I", data, (following + 1) * size)
        places += [at for at in block[:-1] if at < _FREE]
        following = block[-1]
    table: list[int] = []
    for at in places:
        table += struct.unpack_from(f"<{size // 4}I", data, (at + 1) * size)
    return table


def _sectors(table: list[int], start: int) -> Iterator[int]:
    """The sectors of a chain; one that runs in a circle ends when it has been through the whole table."""
    for _ in range(len(table)):
        if start >= _FREE:
            return
        yield start
        start = table[start]


def _chain(data: bytes, size: int, table: list[int], start: int) -> bytes:
    return _joined(data, size, 1, _sectors(table, start))


def _joined(data: bytes, size: int, skip: int, sectors: Iterator[int]) -> bytes:
    return b"".join(data[(at + skip) * size : (at + skip + 1) * size] for at in sectors)
