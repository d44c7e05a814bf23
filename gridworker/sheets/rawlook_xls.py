"""The raw look at .xls files: records in the stream of an OLE container (BIFF8, [MS-XLS])."""

import struct
from collections.abc import Iterator

from gridworker.sheets.container import locked
from gridworker.sheets.ole import stream
from gridworker.sheets.rawlook import Look

_ERROR_CODES = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_EOF, _SHEET, _FORMULA, _BOOLEAN, _SEVERAL = 0x0A, 0x85, 0x06, 0x0205, 0xBD
_STRINGS, _DIMENSIONS, _PASSWORD = 0xFC, 0x0200, 0x2F
_MOST_ROWS, _MOST_COLUMNS = 65_536, 256
_SINGLE = frozenset({0xFD, 0x0203, 0x027E, 0x0204, 0xD6, _FORMULA, _BOOLEAN})


def xls_looks(data: bytes) -> dict[str, Look]:
    """The looks of the sheets of an .xls file by name. Raises ValueError where they do not hold together."""
    workbook = stream(data, ("Workbook", "Book"))
    looks: dict[str, Look] = {}
    for kind, at, length in _records(workbook, 0):
        if kind == _PASSWORD:
            raise locked()
        if kind == _STRINGS and length >= 8 and struct.unpack_from("<I", workbook, at + 4)[0] > len(workbook):
            raise ValueError("more strings than there is text")
        if kind == _SHEET and length > 8:
            name, start = _xls_sheet(workbook[at : at + length])
            looks[name] = _xls_look(workbook, start)
    return looks


def _records(workbook: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """The records from ``at`` to the end of that part: kind, place of the content, its length."""
    while at + 4 <= len(workbook):
        kind, length = struct.unpack_from("<HH", workbook, at)
        if kind == _EOF or at + 4 + length > len(workbook):
            return
        yield kind, at + 4, length
        at += 4 + length


def _xls_sheet(record: bytes) -> tuple[str, int]:
    start: int = struct.unpack_from("<I", record)[0]
    count, wide = record[6], record[7] & 1
    raw = record[8 : 8 + count * (1 + wide)]
    return raw.decode("utf-16-le" if wide else "latin-1", "replace"), start


def _xls_look(workbook: bytes, start: int) -> Look:
    look = Look()
    for kind, at, length in _records(workbook, start):
        if kind == _DIMENSIONS:
            _check_dimensions(workbook[at : at + length])
        elif kind == _SEVERAL and length >= 6:
            last = struct.unpack_from("<H", workbook, at + length - 2)[0]
            look.reach(struct.unpack_from("<H", workbook, at)[0], last)
        elif kind in _SINGLE and length >= 8:
            row, column = struct.unpack_from("<HH", workbook, at)
            look.reach(row, column)
            code = _xls_error(workbook[at : at + length], kind)
            if code is not None:
                look.errors[row, column] = _ERROR_CODES.get(code, "#N/A")
    return look


def _check_dimensions(record: bytes) -> None:
    """The reader makes room for as many cells as a sheet says it has: there must be some such sheet."""
    top, bottom, left, right = struct.unpack_from("<IIHH" if len(record) > 10 else "<HHHH", record)
    if bottom > _MOST_ROWS or right > _MOST_COLUMNS or (bottom and right and (top >= bottom or left >= right)):
        raise ValueError("a sheet that cannot be")


def _xls_error(record: bytes, kind: int) -> int | None:
    if kind == _BOOLEAN and record[7]:
        return record[6]
    if kind == _FORMULA and len(record) >= 14 and record[12:14] == b"\xff\xff" and record[6] == 2:
        return record[8]
    return None
