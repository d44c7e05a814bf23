"""Rows out of a damaged store file, page by page: what is on a page that checks is read, whatever became of others.

The driver gives up a file at the first bad page, and a tree whose root is gone leads nowhere. So the tree is not
followed: every page is opened by itself (pages.py), and what is a leaf of a table gives its rows. Which table a row is
of is told by its shape. Committed pages of the write-ahead log stand for those of the file. Nothing is written, and the
file must be open nowhere: it is a copy, or one kept aside.

The formats: https://www.sqlite.org/fileformat2.html, sections 1.6 (pages), 2.1 (records) and 4 (the log).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from gridworker.plainfile import open_plain
from gridworker.store.engine.database import PAGE_SIZE
from gridworker.store.engine.pages import LOCK_PAGE, SALT, USABLE, Pages

Cell: TypeAlias = int | float | str | bytes | None
Row: TypeAlias = tuple[Cell, ...]

LEAF = 0x0D
_HEADER, _FRAME = 32, 24
_FIRST = 100
"""Bytes of the file's own header, before the first page's."""
_MOST_LOCAL = USABLE - 35
_MOST_IN_INDEX = (USABLE - 12) * 64 // 255 - 23
_LEAST_LOCAL = (USABLE - 12) * 32 // 255 - 23
_WIDTHS = (0, 1, 2, 3, 4, 6, 8)
_TRIED = 64
"""Pages that are asked whether a salt is theirs."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf of a table: its rows, each with its number (the rowid) in front; ``lost``: cells that cannot be read."""

    page: int
    rows: tuple[Row, ...]
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Carved:
    """What is in a file: the leaves that are whole, and the numbers of the pages that are not."""

    leaves: tuple[Leaf, ...]
    damaged: tuple[int, ...]
    pages: Mapping[int, bytes]
    """Those that are whole, in clear."""


def carve(path: Path, dek: bytes, salts: Iterable[bytes] = ()) -> Carved:
    """Read all leaves of tables.

    No page opens without the salt, the first bytes of the file: the one part of it that stands there once. Where it is
    gone, the log beside the file may have it, or one of ``salts``: copies of the file begin with the same.
    """
    logged = _logged(path.with_name(f"{path.name}-wal"))
    with open_plain(path) as file:
        found = [file.read(SALT), logged.get(1, b"")[:SALT], *salts]
    opened, damaged = _opened(path, _under(path, dek, found), logged)
    leaves = [leaf for number, page in opened.items() if (leaf := _leaf(number, page, opened))]
    return Carved(tuple(leaves), tuple(damaged), opened)


def _under(path: Path, dek: bytes, salts: Sequence[bytes]) -> Pages:
    """The pages under the first salt under which one of the first is whole; where none is, under the file's own."""
    with open_plain(path) as file:
        file.seek(PAGE_SIZE)
        first = [file.read(PAGE_SIZE) for _ in range(_TRIED)]
    for salt in salts:
        pages = Pages(dek, salt)
        if any(pages.is_whole(number, page) for number, page in enumerate(first, start=2) if len(page) == PAGE_SIZE):
            return pages
    return Pages(dek, salts[0])


def _opened(path: Path, pages: Pages, logged: dict[int, bytes]) -> tuple[dict[int, bytes], list[int]]:
    """Pages in clear by number, those ``logged`` in the place of the file's; and the numbers of bad ones."""
    opened: dict[int, bytes] = {}
    damaged = []
    number = 0
    with open_plain(path) as file:
        while sealed := file.read(PAGE_SIZE):
            number += 1
            page = pages.opened(number, logged.pop(number, sealed))
            if page is not None:
                opened[number] = page
            elif number != LOCK_PAGE:
                damaged.append(number)
    for beyond, sealed in logged.items():
        page = pages.opened(beyond, sealed)
        if page is not None:
            opened[beyond] = page
    return opened, damaged


def _logged(path: Path) -> dict[int, bytes]:
    """The newest committed page of each number in a write-ahead log, still sealed."""
    committed: dict[int, bytes] = {}
    waiting: dict[int, bytes] = {}
    if not path.is_file():
        return committed
    with open_plain(path) as file:
        salts = file.read(_HEADER)[16:24]
        while len(frame := file.read(_FRAME + PAGE_SIZE)) == _FRAME + PAGE_SIZE and frame[8:16] == salts:
            waiting[int.from_bytes(frame[:4], "big")] = frame[_FRAME:]
            if any(frame[4:8]):
                committed |= waiting
                waiting = {}
    return committed


def _leaf(number: int, page: bytes, opened: Mapping[int, bytes]) -> Leaf | None:
    start = _FIRST if number == 1 else 0
    if page[start] != LEAF:
        return None
    rows, lost = [], 0
    for at in range(int.from_bytes(page[start + 3 : start + 5], "big")):
        place = start + 8 + 2 * at
        try:
            rows.append(_cell(page, int.from_bytes(page[place : place + 2], "big"), opened))
        except (LookupError, ValueError):
            lost += 1
    return Leaf(number, tuple(rows), lost)


def _cell(page: bytes, at: int, opened: Mapping[int, bytes]) -> Row:
    """A row. Raises LookupError, ValueError where it goes on on a page that is not whole."""
    size, at = _varint(page, at)
    rowid, at = _varint(page, at)
    return (rowid, *_record(_payload((page, at), size, _MOST_LOCAL, opened)))


def keyed_row(page: bytes, at: int, opened: Mapping[int, bytes]) -> Row:
    """A row of a table without numbers, which stands as in an index. Raises as ``_cell`` does."""
    size, at = _varint(page, at)
    return tuple(_record(_payload((page, at), size, _MOST_IN_INDEX, opened)))


def _payload(begins: tuple[bytes, int], size: int, most: int, opened: Mapping[int, bytes]) -> bytes:
    """What a row says: as much of it as is on its own page, and what it goes on on."""
    page, at = begins
    local = _local(size, most)
    payload = page[at : at + local]
    following = int.from_bytes(page[at + local : at + local + 4], "big") if size > local else 0
    while len(payload) < size:
        more = opened[following]
        following = int.from_bytes(more[:4], "big")
        payload += more[4 : 4 + min(size - len(payload), USABLE - 4)]
    return payload


def _local(size: int, most: int = _MOST_LOCAL) -> int:
    """How much of a row is on its own page."""
    if size <= most:
        return size
    least = _LEAST_LOCAL + (size - _LEAST_LOCAL) % (USABLE - 4)
    return least if least <= most else _LEAST_LOCAL


def _record(payload: bytes) -> Iterator[Cell]:
    end, at = _varint(payload, 0)
    types = []
    while at < end:
        kind, at = _varint(payload, at)
        types.append(kind)
    at = end
    for kind in types:
        size = _width(kind)
        yield _value(kind, payload[at : at + size])
        at += size
    if at != len(payload):
        raise ValueError("a row is longer than its cells")


def _width(kind: int) -> int:
    if kind >= 12:
        return (kind - 12) // 2
    return _WIDTHS[kind] if kind < len(_WIDTHS) else 8 if kind == 7 else 0


def _value(kind: int, data: bytes) -> Cell:
    if kind >= 12:
        return data.decode() if kind % 2 else data
    if kind in {8, 9}:
        return kind - 8
    if kind == 0 or kind > 7:
        return None
    return float.fromhex("nan") if kind == 7 else int.from_bytes(data, "big", signed=True)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for count in range(9):
        byte = data[at + count]
        if count == 8:
            value = value << 8 | byte
            return value - (1 << 64) if value >= 1 << 63 else value, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + count + 1
    raise ValueError("a number is too long")
