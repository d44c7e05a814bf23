"""One stream out of an OLE container ([MS-CFB]): the workbook inside an old .xls file.

The reader of spreadsheets hides the error cells, so they are looked up in the stream itself (``rawlook_xls``). It also
believes every size and every chain a damaged container states, and would ask for all memory: they are checked here.
"""

import struct
from collections.abc import Iterator

_FREE = 0xFFFFFFFA
_ENTRY = 128
_ROOT, _STREAM = 5, 2
_SECTOR_SHIFTS = {9, 12}
_SMALL_SHIFT = 6


def stream(data: bytes, names: tuple[str, ...]) -> bytes:
    """The first stream called by one of ``names``. Raises ValueError where the container does not hold together."""
    try:
        return _Container(data).stream(frozenset(name.upper() for name in names))
    except (struct.error, IndexError) as fault:
        raise ValueError("not a whole container") from fault


class _Container:
    """The header, the table of sectors and the directory of a container."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        shift, small_shift = struct.unpack_from("<HH", data, 30)
        if shift not in _SECTOR_SHIFTS or small_shift != _SMALL_SHIFT:
            raise ValueError("no such sector size")
        self._size = 1 << shift
        counts = (struct.unpack_from("<I", data, at)[0] for at in (40, 44, 64, 72))
        if max(counts) * self._size > len(data):
            raise ValueError("more sectors than there are")
        self._cutoff, self._small_start = struct.unpack_from("<II", data, 56)
        self._table = self._sector_table()
        directory = self._chain(struct.unpack_from("<I", data, 48)[0])
        self._entries = [directory[at : at + _ENTRY] for at in range(0, len(directory) - _ENTRY + 1, _ENTRY)]
        for entry in self._entries:
            if entry[66] in {_ROOT, _STREAM} and _place(entry)[1] > len(data):
                raise ValueError("a stream longer than the file")

    def stream(self, names: frozenset[str]) -> bytes:
        """The first stream called by one of ``names``."""
        for entry in self._entries:
            length = struct.unpack_from("<H", entry, 64)[0]
            name = entry[: max(length - 2, 0)].decode("utf-16-le", "replace").upper()
            if entry[66] == _STREAM and name in names:
                return self._content(*_place(entry))
        raise ValueError("no such stream")

    def _content(self, start: int, total: int) -> bytes:
        inner = self._chain(_place(self._entries[0])[0])
        index = self._chain(self._small_start)
        if total >= self._cutoff:
            return self._chain(start)[:total]
        small_table = list(struct.unpack(f"<{len(index) // 4}I", index[: len(index) // 4 * 4]))
        size = 1 << _SMALL_SHIFT
        return b"".join(inner[at * size : (at + 1) * size] for at in _sectors(small_table, start))[:total]

    def _sector_table(self) -> list[int]:
        places = [at for at in struct.unpack_from("<109I", self._data, 76) if at < _FREE]
        width = self._size // 4
        following = struct.unpack_from("<I", self._data, 68)[0]
        for _ in range(len(self._data) // self._size):
            if following >= _FREE:
                break
            block = struct.unpack_from(f"<{width}I", self._data, (following + 1) * self._size)
            places += [at for at in block[:-1] if at < _FREE]
            following = block[-1]
        else:
            raise ValueError("a table that runs in a circle")
        table: list[int] = []
        for at in places:
            table += struct.unpack_from(f"<{width}I", self._data, (at + 1) * self._size)
        return table

    def _chain(self, start: int) -> bytes:
        size = self._size
        return b"".join(self._data[(at + 1) * size : (at + 2) * size] for at in _sectors(self._table, start))


def _place(entry: bytes) -> tuple[int, int]:
    """Where a stream begins, and its length."""
    start, length = struct.unpack_from("<II", entry, 116)
    return start, length


def _sectors(table: list[int], start: int) -> Iterator[int]:
    """The sectors of a chain."""
    for _ in range(len(table) + 1):
        if start >= _FREE:
            return
        yield start
        start = table[start]
    raise ValueError("a chain that runs in a circle")
